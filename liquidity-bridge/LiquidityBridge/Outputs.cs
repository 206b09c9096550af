using Venue.Messages;

namespace LiquidityBridge;

/// <summary>Something that the core wants done, in the order given.</summary>
public abstract record Output;

/// <summary>
/// Write this to the journal. All of a step's records are written before anything else of the step is done, and are on
/// the disk first when one of them is a <see cref="HedgeIntent"/> or a <see cref="Switched"/>.
/// </summary>
/// <param name="Record">What to write.</param>
public sealed record Log(Record Record) : Output;

/// <summary>Send this hedge order, immediate-or-cancel.</summary>
/// <param name="Intent">Written by now.</param>
public sealed record SendHedge(HedgeIntent Intent) : Output;

/// <summary>Cancel this hedge order: it should have ended by itself.</summary>
/// <param name="Intent">As it was sent.</param>
public sealed record CancelHedge(HedgeIntent Intent) : Output;

/// <summary>Ask the exchange what became of this order. Answered by Open or Gone, or not at all when the exchange cannot be sure.</summary>
/// <param name="Intent">As it was, perhaps, sent.</param>
public sealed record QueryHedge(HedgeIntent Intent) : Output;

/// <summary>Send NewOrderSingle(D), limit, good till cancel, to the venue.</summary>
/// <param name="Instrument">Id of the instrument.</param>
/// <param name="Side">Buy for the bid.</param>
/// <param name="ClOrdID">ClOrdID(11).</param>
/// <param name="Price">On the grid, a multiple of the venue's tick.</param>
/// <param name="Quantity">On the grid, a multiple of the venue's lot.</param>
public sealed record NewQuote(int Instrument, Side Side, string ClOrdID, long Price, long Quantity) : Output;

/// <summary>Send OrderCancelReplaceRequest(G) to the venue.</summary>
/// <param name="Instrument">Id of the instrument.</param>
/// <param name="Side">As before.</param>
/// <param name="ClOrdID">ClOrdID(11) of the replacement.</param>
/// <param name="OrigClOrdID">OrigClOrdID(41).</param>
/// <param name="Price">On the grid.</param>
/// <param name="Quantity">OrderQty(38), what was filled included, on the grid.</param>
public sealed record ReplaceQuote(int Instrument, Side Side, string ClOrdID, string OrigClOrdID, long Price, long Quantity) : Output;

/// <summary>Send OrderCancelRequest(F) to the venue.</summary>
/// <param name="Instrument">Id of the instrument.</param>
/// <param name="Side">As before.</param>
/// <param name="ClOrdID">ClOrdID(11) of the request.</param>
/// <param name="OrigClOrdID">OrigClOrdID(41).</param>
public sealed record CancelQuote(int Instrument, Side Side, string ClOrdID, string OrigClOrdID) : Output;

/// <summary>Tell the venue what an instrument is worth outside. A later one takes the place of one that was not told yet.</summary>
/// <param name="Number">The venue's number of the instrument.</param>
/// <param name="Ticks">The price, in the venue's ticks.</param>
public sealed record TellIndex(int Number, long Ticks) : Output;

/// <summary>Tell a person.</summary>
/// <param name="NowNs">When.</param>
/// <param name="Severity">How urgent.</param>
/// <param name="Code">Stable word for machines, such as hedge-unknown.</param>
/// <param name="Text">For people.</param>
public sealed record Alert(long NowNs, Severity Severity, string Code, string Text) : Output;

/// <summary>How urgent an <see cref="Alert"/> is.</summary>
public enum Severity : byte
{
    /// <summary>Good to know.</summary>
    Info,
    /// <summary>Look at it today.</summary>
    Warning,
    /// <summary>Act now.</summary>
    Critical,
}
