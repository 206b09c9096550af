namespace LiquidityBridge.Sandbox.Control;

/// <summary>What a fault is, for whoever picks one.</summary>
internal enum FaultForm
{
    /// <summary>Armed for the next occasions, and used up by them.</summary>
    Armed,
    /// <summary>On until it is switched off.</summary>
    Switch,
    /// <summary>Happens at once.</summary>
    Act,
}

/// <summary>One line of the menu.</summary>
/// <param name="Name">As in the control port's fault verb.</param>
/// <param name="Form">What it is.</param>
/// <param name="Kind">The kind that is armed; without meaning for the other forms.</param>
/// <param name="About">What it does, for people.</param>
internal sealed record FaultItem(string Name, FaultForm Form, FaultKind Kind, string About);

/// <summary>All faults by name: what the control port takes and its page shows.</summary>
internal static class FaultMenu
{
    /// <summary>In the order of the page.</summary>
    public static IReadOnlyList<FaultItem> Items { get; } =
    [
        Armed("book-gap", FaultKind.BookGap, "the next book update is lost"),
        Armed("book-duplicate", FaultKind.BookDuplicate, "the next book update comes twice"),
        Armed("book-reorder", FaultKind.BookReorder, "the next book update comes after the one that follows it"),
        Armed("book-crossed", FaultKind.BookCrossed, "the next book update bids above the best ask"),
        Armed("wrong-checksum", FaultKind.WrongChecksum, "the next book update has a wrong checksum"),
        Armed("old-snapshot", FaultKind.OldSnapshot, "the next snapshot is older than the stream"),
        Armed("execution-gap", FaultKind.ExecutionGap, "the next report about an order is lost"),
        Armed("ack-lost", FaultKind.AckLost, "the next order is taken and never acknowledged"),
        Armed("fill-before-ack", FaultKind.FillBeforeAck, "the next order's fills come before its acknowledgement"),
        Armed("duplicate-fill", FaultKind.DuplicateFill, "the next fill is told twice"),
        Armed("slow-ack", FaultKind.SlowAck, "the next request waits for a second"),
        Armed("reject", FaultKind.Reject, "the next order is refused"),
        Armed("rate-limit", FaultKind.RateLimit, "the next order is refused for its rate"),
        Armed("last-look", FaultKind.LastLook, "the next order is taken, and then refused by the maker"),
        Armed("drop-after-order", FaultKind.DropAfterOrder, "the connection breaks behind the next order"),
        Switch("freeze", "the feed stands still, heartbeats go on"),
        Switch("no-heartbeats", "heartbeats and pongs do not come, everything else goes on"),
        Switch("fragments", "messages go out in frames of 7 bytes"),
        Switch("clock-skew", "its clock is a minute ahead"),
        Switch("decimals", "the price step is announced with three decimals more"),
        Act("disconnect", "all connections break"),
        Act("half-open", "all connections stay up, and nothing passes any more"),
        Act("slow-consumer", "all connections are closed as too slow"),
        Act("shutdown", "the end of all connections is announced, then comes"),
        Act("expire-tokens", "tokens and logins are not good any more"),
        Act("none", "everything is as it should be again"),
    ];

    /// <summary>The kind of an armed fault; null when there is none of this name.</summary>
    public static FaultKind? Kind(string name) => Items.FirstOrDefault(i => i.Name == name && i.Form == FaultForm.Armed)?.Kind;

    private static FaultItem Armed(string name, FaultKind kind, string about) => new(name, FaultForm.Armed, kind, about);

    private static FaultItem Switch(string name, string about) => new(name, FaultForm.Switch, default, about);

    private static FaultItem Act(string name, string about) => new(name, FaultForm.Act, default, about);
}
