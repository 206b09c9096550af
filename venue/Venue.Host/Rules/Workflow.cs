namespace Venue.Host;

/// <summary>How a session and an order go on, and what each request is answered with: for the Orchestra file.</summary>
internal static class Workflow
{
    /// <summary>Where an order is before the venue has said anything of it.</summary>
    public const string NotEntered = "NotEntered";

    /// <summary>Moves of a FIX session at the venue, as its state machine makes them.</summary>
    public static IReadOnlyList<(string From, string On, string To)> Session { get; } =
    [
        ("Disconnected", "Connected", "AwaitingLogon"),
        ("AwaitingLogon", "LogonAccepted", "Active"),
        ("AwaitingLogon", "Closed", "Disconnected"),
        ("Active", "ResetBegun", "ResetSent"),
        ("Active", "LogoutBegun", "LogoutSent"),
        ("Active", "Closed", "Disconnected"),
        ("ResetSent", "ResetAnswered", "Active"),
        ("ResetSent", "LogoutBegun", "LogoutSent"),
        ("ResetSent", "Closed", "Disconnected"),
        ("LogoutSent", "Closed", "Disconnected"),
    ];

    /// <summary>Moves of an order: OrdStatus(39) of its last ExecutionReport, on ExecType(150), to OrdStatus(39).</summary>
    public static IReadOnlyList<(string From, string On, string To)> Order { get; } =
    [
        (NotEntered, "New", "New"), (NotEntered, "Rejected", "Rejected"),
        // A hit that its provider looks at.
        (NotEntered, "PendingNew", "PendingNew"), ("PendingNew", "Trade", "Filled"), ("PendingNew", "Rejected", "Rejected"),
        ("New", "Trade", "PartiallyFilled"), ("New", "Trade", "Filled"), ("New", "Replaced", "New"), ("New", "Restated", "New"),
        ("New", "Triggered", "New"), ("New", "Canceled", "Canceled"), ("New", "Expired", "Expired"),
        ("PartiallyFilled", "Trade", "PartiallyFilled"), ("PartiallyFilled", "Trade", "Filled"), ("PartiallyFilled", "Replaced", "PartiallyFilled"),
        ("PartiallyFilled", "Replaced", "Filled"), ("PartiallyFilled", "Restated", "PartiallyFilled"), ("PartiallyFilled", "Canceled", "Canceled"), ("PartiallyFilled", "Expired", "Expired"),
        ("PartiallyFilled", "TradeCancel", "New"), ("PartiallyFilled", "TradeCancel", "PartiallyFilled"), ("PartiallyFilled", "TradeCorrect", "PartiallyFilled"),
        ("Filled", "TradeCorrect", "Filled"), ("Canceled", "TradeCancel", "Canceled"), ("Canceled", "TradeCorrect", "Canceled"),
        // Less than was ordered, and nothing works any more.
        ("Filled", "TradeCancel", "Canceled"), ("Filled", "TradeCorrect", "Canceled"),
        ("Expired", "TradeCancel", "Expired"), ("Expired", "TradeCorrect", "Expired"),
    ];

    /// <summary>An ExecutionReport for each ExecType(150): its value and the tags that it then has beyond those of every report.</summary>
    public static IReadOnlyList<(string Scenario, string ExecType, int[] Required)> Reports { get; } =
    [
        ("New", "0", [11, 1, 38, 40]),
        ("Canceled", "4", [1, 38]),
        ("Replaced", "5", [11, 41, 1, 38]),
        ("Rejected", "8", [11, 103, 58]),
        ("PendingNew", "A", [11, 1, 38, 40, 44]),
        ("Expired", "C", [1, 38]),
        ("Restated", "D", [1, 38, 378]),
        ("Trade", "F", [1, 31, 32, 527, 880]),
        ("TradeCorrect", "G", [1, 19, 31, 32, 527, 880]),
        ("TradeCancel", "H", [1, 19, 31, 32, 527, 880]),
        ("OrderStatus", "I", [1]),
        ("Triggered", "L", [1, 38]),
    ];

    /// <summary>What requests are answered with: MsgType, and of ExecutionReports the scenario.</summary>
    public static IReadOnlyList<(string Request, string Name, string Answer, string Scenario, int Correlate)> Answers { get; } =
    [
        ("D", "Accepted", "8", "New", 11), ("D", "Refused", "8", "Rejected", 11), ("D", "NotTaken", "j", "base", 0),
        ("F", "Canceled", "8", "Canceled", 11), ("F", "Refused", "9", "base", 11),
        ("G", "Replaced", "8", "Replaced", 11), ("G", "Refused", "9", "base", 11),
        ("H", "Status", "8", "OrderStatus", 0), ("q", "Report", "r", "base", 11), ("AF", "Status", "8", "OrderStatus", 584),
        ("V", "Snapshot", "W", "base", 262), ("V", "Increment", "X", "base", 262), ("V", "Refused", "Y", "base", 262),
        ("x", "List", "y", "base", 320), ("c", "Definition", "d", "base", 320), ("e", "Status", "f", "base", 324), ("g", "Status", "h", "base", 335),
        ("AD", "Acknowledged", "AQ", "base", 568), ("AD", "Report", "AE", "base", 568),
        ("AN", "Acknowledged", "AO", "base", 710), ("AN", "Report", "AP", "base", 710), ("BB", "Report", "BA", "base", 909), ("BE", "Usage", "BF", "base", 923),
        ("i", "Acknowledged", "b", "base", 117), ("S", "Status", "AI", "base", 117), ("Z", "Status", "AI", "base", 117), ("a", "Status", "AI", "base", 117),
        ("AH", "Asked", "R", "base", 0), ("R", "Answer", "S", "base", 131), ("R", "Refused", "AG", "base", 131), ("R", "Ended", "Z", "base", 131),
        ("AJ", "Traded", "8", "Trade", 117), ("AJ", "Pending", "8", "PendingNew", 117), ("AJ", "Refused", "8", "Rejected", 117),
        ("AI", "Traded", "8", "Trade", 117), ("AI", "Refused", "AI", "base", 117), ("AG", "Removed", "AI", "base", 131),
    ];
}
