using Venue.Gateway;

namespace Venue.Host;

/// <summary>Settings files for a counterparty's engine, one for each kind of session, in QuickFIX's form.</summary>
internal static class ClientSettings
{
    /// <summary>Address of the sample configuration.</summary>
    public const string Host = "127.0.0.1";

    /// <summary>Port of the sample configuration.</summary>
    public const int Port = 9878;

    /// <summary>The venue's CompID.</summary>
    public const string Venue = "VENUE";

    /// <summary>CompID of a session of this kind in the sample configuration.</summary>
    public static string SampleOf(SessionKind kind) => kind switch
    {
        SessionKind.OrderEntry => "CLIENT1",
        SessionKind.MarketData => "MD1",
        SessionKind.DropCopy => "COPY1",
        SessionKind.LiquidityProvider => "LP1",
        _ => "OPS1",
    };

    /// <summary>What a session of this kind is for.</summary>
    public static string PurposeOf(SessionKind kind) => kind switch
    {
        SessionKind.OrderEntry => "orders, and market data beside them",
        SessionKind.MarketData => "market data and reference data",
        SessionKind.DropCopy => "its firm's reports, trades and balances, to read",
        SessionKind.LiquidityProvider => "quotes beside orders",
        _ => "mass cancels, inquiries about any firm, announcements",
    };

    /// <summary>Name of its file.</summary>
    public static string FileOf(SessionKind kind) => $"client-{kind switch
    {
        SessionKind.OrderEntry => "order-entry",
        SessionKind.MarketData => "market-data",
        SessionKind.DropCopy => "drop-copy",
        SessionKind.LiquidityProvider => "liquidity-provider",
        _ => "operator",
    }}.cfg";

    /// <summary>Its content: for the sample configuration on one machine.</summary>
    public static string Of(SessionKind kind) => $"""
        # A QuickFIX initiator on a session of kind {kind}: {PurposeOf(kind)}.
        # SenderCompID, host and port are those of the sample configuration. Made by ./run rules; RULES.md has the messages.
        # Numbers start over on Sunday 00:00:00 UTC, at the venue too: the session in its sessions.cfg has the same week.

        [DEFAULT]
        ConnectionType=initiator
        BeginString=FIX.4.4
        TargetCompID={Venue}
        SocketConnectHost={Host}
        SocketConnectPort={Port}
        HeartBtInt=30
        ReconnectInterval=5
        UseDataDictionary=Y
        DataDictionary=VENUE44.xml
        StartDay=sunday
        StartTime=00:00:00
        EndDay=sunday
        EndTime=00:00:00
        ResetOnLogon={(kind == SessionKind.MarketData ? "Y" : "N")}
        FileStorePath=store

        [SESSION]
        SenderCompID={SampleOf(kind)}

        """;
}
