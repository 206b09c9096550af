using System.Globalization;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>One side of a trade, as its firm is told of it afterwards.</summary>
/// <param name="TimeNs">When it traded, nanoseconds since 1970-01-01 UTC.</param>
/// <param name="Instrument">Number of the instrument.</param>
/// <param name="TradeID">Number of the match on its instrument, the same on both sides.</param>
/// <param name="PriceTicks">Price.</param>
/// <param name="Lots">Quantity.</param>
/// <param name="Side">Which of the two.</param>
/// <param name="Firm">Whose trade it is.</param>
/// <param name="Session">Whose order it was.</param>
/// <param name="OrderID">The order.</param>
/// <param name="ClOrdID">What its client called the order.</param>
/// <param name="ExecID">ExecID(17) of the ExecutionReport that told it first.</param>
/// <param name="FeeAtoms">Fee in quote atoms; negative for a rebate.</param>
/// <param name="Undoes">ExecID(17) of the report that a bust or a correction takes back; empty for a trade.</param>
/// <param name="IsBust">True when nothing comes in its place.</param>
public sealed record TradeSide(long TimeNs, int Instrument, long TradeID, long PriceTicks, long Lots, Side Side, int Firm, int Session, long OrderID, string ClOrdID, string ExecID, Int128 FeeAtoms, string Undoes = "", bool IsBust = false)
{
    /// <summary>The side that an execution report tells.</summary>
    internal static TradeSide Of(in ExecReport e, int firm) => new(
        e.Header.TimeNs, e.Header.Instrument, e.TradeID, e.LastTicks, e.LastLots, e.Side, firm, e.Header.Session, e.OrderID, e.ClOrdID.ToString(),
        string.Create(CultureInfo.InvariantCulture, $"{e.Header.Seq}-{e.Header.Index}"), e.Fee.Atoms,
        e.ExecType == ExecType.Trade ? "" : e.OrigClOrdID.ToString(), e.ExecType == ExecType.TradeCancel);
}
