using Venue.Fix;

namespace Venue.Gateway;

/// <summary>What the gateway is told at the start.</summary>
public sealed record GatewayOptions
{
    /// <summary>The published dictionary; null for a gateway that only folds a journal and is never started.</summary>
    public FixDictionary? Dictionary { get; init; }

    /// <summary>Settings of each session that may log on, by (client CompID, venue CompID).</summary>
    public IReadOnlyDictionary<(string Client, string Venue), SessionSettings> Sessions { get; init; } = new Dictionary<(string, string), SessionSettings>();

    /// <summary>False for a gateway beside the core's: sessions that <see cref="Sessions"/> does not name are another's.</summary>
    public bool ServesOthers { get; init; } = true;

    /// <summary>What is agreed with each session beyond FIX, by the same names; a session that is not there has the default.</summary>
    public IReadOnlyDictionary<(string Client, string Venue), SessionProfile> Profiles { get; init; } = new Dictionary<(string, string), SessionProfile>();

    /// <summary>What all sessions of a firm together may send, by the firm's name.</summary>
    public IReadOnlyDictionary<string, RateLimit> FirmRates { get; init; } = new Dictionary<string, RateLimit>();

    /// <summary>Why a connection may not be the session that its Logon names; null when it may, or when anybody may.</summary>
    public Func<ClientSession, Connection, string?>? Refusal { get; init; }

    /// <summary>
    /// Begins to check the proof of a Logon, away from the core thread, and hands it to <see cref="Gateway.Verified"/> later; false when
    /// too many are under way. Null: nobody who must prove anything can log on.
    /// </summary>
    public Func<PendingLogon, bool>? Verify { get; init; }

    /// <summary>Lock-outs and the like.</summary>
    public LogonGuardOptions Guard { get; init; } = new();

    /// <summary>A connection without a Logon is closed after this long, nanoseconds.</summary>
    public long LogonTimeoutNs { get; init; } = 10_000_000_000;

    /// <summary>Shortest time between two snapshots of a book to one session, nanoseconds.</summary>
    public long MarketDataIntervalNs { get; init; } = 100_000_000;
}
