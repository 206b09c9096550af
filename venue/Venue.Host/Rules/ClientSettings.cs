using Venue.Gateway;

namespace Venue.Host;

/// <summary>Settings files for a counterparty's engine, one for each kind of session, in QuickFIX's form.</summary>
internal static class ClientSettings
{
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

        [DEFAULT]
        ConnectionType=initiator
        BeginString=FIX.4.4
        TargetCompID=VENUE
        SocketConnectHost=127.0.0.1
        SocketConnectPort=9878
        HeartBtInt=30
        ReconnectInterval=5
        UseDataDictionary=Y
        DataDictionary=VENUE44.xml
        NonStopSession=Y
        ResetOnLogon={(kind == SessionKind.MarketData ? "Y" : "N")}
        FileStorePath=store

        [SESSION]
        SenderCompID={kind switch
        {
            SessionKind.OrderEntry => "CLIENT1",
            SessionKind.MarketData => "MD1",
            SessionKind.DropCopy => "COPY1",
            SessionKind.LiquidityProvider => "LP1",
            _ => "OPS1",
        }}

        """;
}
