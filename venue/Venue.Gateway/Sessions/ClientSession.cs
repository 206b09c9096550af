using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>One defined FIX session: who it is, whose it is, and its state machine, connected or not.</summary>
public sealed class ClientSession
{
    internal ClientSession(int id, in DefineSession definition, long definedNs, ISessionJournal journal)
    {
        Id = id;
        Firm = definition.Firm;
        ClientCompID = definition.ClientCompID.ToString();
        VenueCompID = definition.VenueCompID.ToString();
        Log = new SessionLog(id, journal, definedNs);
    }

    /// <summary>The same session with a memory of its own.</summary>
    internal ClientSession(ClientSession other, ISessionJournal journal)
    {
        (Id, Firm, ClientCompID, VenueCompID) = (other.Id, other.Firm, other.ClientCompID, other.VenueCompID);
        Log = new SessionLog(Id, journal, other.Log.ResetNs);
    }

    /// <summary>Number of the session, from 1: what commands and events carry.</summary>
    public int Id { get; }

    /// <summary>Firm whose money its orders use.</summary>
    public int Firm { get; internal set; }

    /// <summary>Account(1) of its orders: the firm's name.</summary>
    internal byte[] Account { get; set; } = [];

    /// <summary>The client's SenderCompID(49).</summary>
    public string ClientCompID { get; }

    /// <summary>The client's TargetCompID(56).</summary>
    public string VenueCompID { get; }

    /// <summary>The state machine; null while the journal is being replayed.</summary>
    public Session? Fix { get; internal set; }

    /// <summary>The connection it talks over; null while it is not connected.</summary>
    public Connection? Connection { get; internal set; }

    /// <summary>True when it is given a copy of each ExecutionReport of its firm's sessions.</summary>
    public bool ReadsCopies { get; internal set; }

    /// <summary>False when the settings no longer name it: it may not log on, its reports are still kept.</summary>
    public bool IsConfigured { get; internal set; }

    /// <summary>Messages kept for resend since the last reset.</summary>
    public long SentMessages => Log.Kept;

    /// <summary>MsgSeqNum(34) of the next message to send.</summary>
    public int NextOut => Log.NextOut;

    /// <summary>MsgSeqNum(34) expected of the client next.</summary>
    public int NextIn => Log.NextIn;

    /// <summary>What is agreed beyond FIX.</summary>
    public SessionProfile Profile { get; internal set; } = new();

    /// <summary>True when it may ask about any firm.</summary>
    internal bool IsOperator => Profile.Kind == SessionKind.Operator;

    /// <summary>True when it may trade and watch this instrument.</summary>
    internal bool May(Instrument instrument) => Profile.Symbols is not { } symbols || symbols.Contains(instrument.Name);

    /// <summary>True between the engine's SessionConnected and SessionDisconnected.</summary>
    public bool IsPresent { get; internal set; }

    /// <summary>Which orders go when the session is lost: as its last Logon said.</summary>
    public CancelOnDisconnect CancelOnDisconnect { get; internal set; }

    /// <summary>Group and mode of its orders that name none, as its Logon said; the engine has it from the Connect.</summary>
    internal (int Group, SelfTradeMode Mode) SelfTrade { get; set; }

    /// <summary>After a start: when the session counts as lost unless it has come back; else never.</summary>
    internal long PullAtNs { get; set; } = long.MaxValue;

    /// <summary>When a walk last went on for it.</summary>
    internal long WalkedNs { get; set; }

    /// <summary>Its own rate; null for no limit.</summary>
    internal Throttle? Throttle { get; set; }

    /// <summary>Its firm's; null for no limit.</summary>
    internal Throttle? FirmThrottle { get; set; }

    /// <summary>How often it may ask how much of its rate is left.</summary>
    internal Throttle UsageThrottle { get; } = new(ThrottleReport.Rate);

    /// <summary>No Logon is taken before, nanoseconds since 1970-01-01 UTC.</summary>
    internal long BlockedUntilNs { get; set; }

    /// <summary>True while market data has been written for it that the transport has not been told of.</summary>
    internal bool HasNews { get; set; }

    /// <summary>What the entries of its MassQuote (i) that is being carried out have come to.</summary>
    internal QuoteAnswer QuoteAnswer { get; } = new();

    internal SessionLog Log { get; }
    internal SendBuffer? Output { get; set; }
    internal bool IsInResends { get; set; }
    internal List<Subscription> Subscriptions { get; } = [];
    internal List<Subscription> Owed { get; } = [];
    internal List<StatusWatch> Watches { get; } = [];
    internal TradeReader Trades { get; } = new();
}
