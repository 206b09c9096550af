using LiquidityBridge.Sandbox.Market;
using Venue.Fix;

namespace LiquidityBridge.Sandbox.Fix;

/// <summary>One session that may log on: whose account it trades for, and what it has asked for.</summary>
internal sealed class FixMember(string ourCompID, string theirCompID, Account account, string? password, FixStyle? style = null)
{
    /// <summary>Names used on this session, each with the order it last stood for; kept for as long as the sandbox runs.</summary>
    public Dictionary<string, Order> Orders { get; } = [];

    /// <summary>TargetCompID(56) of what the client sends.</summary>
    public string OurCompID { get; } = ourCompID;

    /// <summary>SenderCompID(49) of what the client sends.</summary>
    public string TheirCompID { get; } = theirCompID;

    /// <summary>Whose balances its orders use.</summary>
    public Account Account { get; } = account;

    /// <summary>Password(554) that its Logon must bring; null for none.</summary>
    public string? Password { get; } = password;

    /// <summary>What its Logon and its orders must have besides; null for nothing.</summary>
    public FixStyle? Style { get; } = style;

    /// <summary>Quotes that it is streamed.</summary>
    public List<FixStream> Streams { get; } = [];

    /// <summary>The session, made when the exchange starts.</summary>
    public Session Session { get; set; } = null!;

    /// <summary>Its connection; null while there is none.</summary>
    public FixLine? Line { get; set; }

    /// <summary>How far the exchange's clock is ahead on this session, nanoseconds: as it was when it was last heard, so that a change does not look like silence.</summary>
    public long SkewNs { get; set; }

    /// <summary>Market data that it watches.</summary>
    public List<FixSubscription> Subscriptions { get; } = [];

    /// <summary>A moment by the exchange's clock.</summary>
    public long ByItsClock(long nowNs) => nowNs + SkewNs;

    /// <summary>Begins a message to it.</summary>
    public ref MessageWriter Begin(ReadOnlySpan<byte> msgType, long nowNs) => ref Session.Begin(msgType, ByItsClock(nowNs));
}

/// <summary>One MarketDataRequest(V) with 263=1, for one instrument.</summary>
internal sealed class FixSubscription(byte[] requestID, DepthView view, bool bids, bool asks, bool trades)
{
    /// <summary>MDReqID(262).</summary>
    public byte[] RequestID { get; } = requestID;

    /// <summary>What of the book it sees.</summary>
    public DepthView View { get; } = view;

    /// <summary>269=0 was asked for.</summary>
    public bool Bids { get; } = bids;

    /// <summary>269=1 was asked for.</summary>
    public bool Asks { get; } = asks;

    /// <summary>269=2 was asked for.</summary>
    public bool Trades { get; } = trades;

    /// <summary>Changes that go out behind the next ones, and the RptSeq(83) of the first; null for none.</summary>
    public (List<LevelChange> Changes, int RptSeq)? HeldBack { get; set; }

    /// <summary>RptSeq(83) of the last entry: counts the entries of this subscription without a gap.</summary>
    public int RptSeq { get; set; }
}
