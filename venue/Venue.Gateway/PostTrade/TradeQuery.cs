using Venue.Messages;

namespace Venue.Gateway;

/// <summary>What a TradeCaptureReportRequest (AD) asks for, and, when the search is over, what was found.</summary>
public sealed class TradeQuery(ClientSession client, byte[] requestId)
{
    /// <summary>Most reports that one request is answered with.</summary>
    public const int TradesMax = 10_000;

    /// <summary>Who asks.</summary>
    public ClientSession Client { get; } = client;

    /// <summary>TradeRequestID(568).</summary>
    public byte[] RequestId { get; } = requestId;

    /// <summary>The session's log-ons so far: an answer to an earlier connection is nobody's.</summary>
    public Connection? Connection { get; } = client.Connection;

    /// <summary>Trades of this firm; 0 for all, which an operator may ask for.</summary>
    public int Firm { get; init; }

    /// <summary>On this instrument; 0 for any.</summary>
    public int Instrument { get; init; }

    /// <summary>On this side; 0 for both.</summary>
    public Side Side { get; init; }

    /// <summary>Not before, nanoseconds since 1970-01-01 UTC.</summary>
    public long FromNs { get; init; }

    /// <summary>Before, nanoseconds since 1970-01-01 UTC.</summary>
    public long ToNs { get; init; } = long.MaxValue;

    /// <summary>Number of the match; 0 for any.</summary>
    public long TradeID { get; init; }

    /// <summary>The order; 0 for any.</summary>
    public long OrderID { get; init; }

    /// <summary>ClOrdID(11) of the order; null for any.</summary>
    public string? ClOrdID { get; init; }

    /// <summary>ExecID(17) of the report, or of the one that it takes back; null for any.</summary>
    public string? ExecID { get; init; }

    /// <summary>True when later trades are asked for too.</summary>
    public bool Subscribes { get; init; }

    /// <summary>What was found, oldest first; null until the search is over.</summary>
    public List<TradeSide>? Found { get; set; }

    /// <summary>True when there was more than <see cref="TradesMax"/>: then nothing is told but that.</summary>
    public bool IsTooMuch { get; set; }

    /// <summary>True for a trade that was asked for.</summary>
    public bool Wants(TradeSide t) =>
        (Firm == 0 || t.Firm == Firm) && (Instrument == 0 || t.Instrument == Instrument) && (Side == 0 || t.Side == Side)
        && t.TimeNs >= FromNs && t.TimeNs < ToNs && (TradeID == 0 || t.TradeID == TradeID) && (OrderID == 0 || t.OrderID == OrderID)
        && (ClOrdID is null || t.ClOrdID == ClOrdID) && (ExecID is null || t.ExecID == ExecID || t.Undoes == ExecID);
}

/// <summary>Where trades are looked up, away from the core thread.</summary>
public interface ITradeSearch
{
    /// <summary>Begins a search of all trades until now, whose outcome is handed to <see cref="Gateway.Searched"/>; false when too many are under way.</summary>
    bool TryBegin(TradeQuery query);
}
