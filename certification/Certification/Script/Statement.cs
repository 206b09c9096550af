namespace Certification;

/// <summary>Which of the two scripted sessions acts; the second exists only when a venue is certified.</summary>
internal enum PeerName { First, Second }

/// <summary>Who is certified.</summary>
internal enum Role
{
    /// <summary>The scripts are its clients.</summary>
    Venue,
    /// <summary>The script is its venue.</summary>
    Client,
}

/// <summary>How the next message that is sent is damaged.</summary>
internal enum Damage { None, CheckSum, BodyLength }

/// <summary>A time of the script: milliseconds, or thousandths of the agreed HeartBtInt(108).</summary>
internal readonly record struct Duration(long Thousandths, bool OfHeartbeat)
{
    public override string ToString() => OfHeartbeat ? $"{Thousandths / 1000m:0.###} heartbeats" : $"{Thousandths / 1000m:0.###} s";
}

/// <summary>Where a statement stands and what it says there.</summary>
internal readonly record struct Place(string File, int Line, string Text)
{
    public override string ToString() => $"{File}:{Line}";
}

/// <summary>One step of a script.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Peer">Who does it.</param>
/// <param name="Given">True when its failure says nothing about what the case is about: INCONCLUSIVE, not FAIL.</param>
internal abstract record Statement(Place Place, PeerName Peer, bool Given);

/// <summary>Opens the connection, or waits for the client's.</summary>
internal sealed record Connect(Place Place, PeerName Peer, bool Given, Duration Within) : Statement(Place, Peer, Given);

/// <summary>Sends a message; header and trailer are added unless given.</summary>
internal sealed record Send(Place Place, PeerName Peer, string MsgType, IReadOnlyList<(int Tag, Template Value)> Fields) : Statement(Place, Peer, false);

/// <summary>Sends bytes as they stand, | for the delimiter.</summary>
internal sealed record SendRaw(Place Place, PeerName Peer, Template Bytes) : Statement(Place, Peer, false);

/// <summary>Sends again what was sent: application messages with PossDupFlag=Y, gap fills for the others.</summary>
internal sealed record Resend(Place Place, PeerName Peer, Template From, Template To) : Statement(Place, Peer, false);

/// <summary>The next message must be this one. Heartbeats and TestRequests that are not asked for do not count.</summary>
internal sealed record Expect(Place Place, PeerName Peer, bool Given, Pattern Pattern, Duration Within) : Statement(Place, Peer, Given);

/// <summary>The other side must close the connection.</summary>
internal sealed record ExpectDisconnect(Place Place, PeerName Peer, bool Given, Duration Within) : Statement(Place, Peer, Given);

/// <summary>No such message may come for a while.</summary>
internal sealed record Forbid(Place Place, PeerName Peer, Pattern Pattern, Duration For) : Statement(Place, Peer, false);

/// <summary>All of these must come, in whatever order.</summary>
internal sealed record AnyOrder(Place Place, PeerName Peer, bool Given, IReadOnlyList<Expect> Expected) : Statement(Place, Peer, Given);

/// <summary>The next message decides how the script goes on.</summary>
internal sealed record Either(Place Place, PeerName Peer, bool Given, IReadOnlyList<IReadOnlyList<Statement>> Branches) : Statement(Place, Peer, Given);

/// <summary>The same steps several times, counted from 1.</summary>
internal sealed record Repeat(Place Place, PeerName Peer, Template Count, string Variable, IReadOnlyList<Statement> Body) : Statement(Place, Peer, false);

/// <summary>Gives a variable its value.</summary>
internal sealed record Let(Place Place, PeerName Peer, string Variable, Template Value) : Statement(Place, Peer, false);

/// <summary>Asks the person or program on the other side for something.</summary>
internal sealed record Hint(Place Place, PeerName Peer, Template Text, Template? Command) : Statement(Place, Peer, false);

/// <summary>Closes the connection without a word.</summary>
internal sealed record Drop(Place Place, PeerName Peer) : Statement(Place, Peer, false);

/// <summary>Stops (or starts again) heartbeats and answers to TestRequest.</summary>
internal sealed record Mute(Place Place, PeerName Peer, bool On) : Statement(Place, Peer, false);

/// <summary>Leaves out sequence numbers, as if so many messages were lost.</summary>
internal sealed record Skip(Place Place, PeerName Peer, int Count) : Statement(Place, Peer, false);

/// <summary>Damages the next message.</summary>
internal sealed record Corrupt(Place Place, PeerName Peer, Damage Damage) : Statement(Place, Peer, false);

/// <summary>Lets time pass.</summary>
internal sealed record Wait(Place Place, PeerName Peer, Duration For) : Statement(Place, Peer, false);
