using System.Text;
using Venue.Fix;

namespace LiquidityBridge.Sandbox.Fix;

/// <summary>A NewOrderSingle(D), OrderCancelRequest(F) or OrderCancelReplaceRequest(G), copied out of its message.</summary>
internal sealed record FixOrderRequest
{
    /// <summary>D, F or G.</summary>
    public required char Type { get; init; }
    /// <summary>ClOrdID(11).</summary>
    public required string ClOrdID { get; init; }
    /// <summary>OrigClOrdID(41); empty in a D.</summary>
    public required string OrigClOrdID { get; init; }
    /// <summary>Symbol(55).</summary>
    public required string Symbol { get; init; }
    /// <summary>Side(54), as it came.</summary>
    public required char Side { get; init; }
    /// <summary>OrdType(40), as it came.</summary>
    public required char OrdType { get; init; }
    /// <summary>TimeInForce(59), as it came; 1 when it did not.</summary>
    public required char TimeInForce { get; init; }
    /// <summary>OrderQty(38), as it came.</summary>
    public required string OrderQty { get; init; }
    /// <summary>Price(44), as it came; empty when it did not.</summary>
    public required string Price { get; init; }
    /// <summary>ExecInst(18) has 6: do not take.</summary>
    public required bool PostOnly { get; init; }

    /// <summary>QuoteID(117); empty when it did not come.</summary>
    public required string QuoteID { get; init; }

    /// <summary>Copies the fields; the dictionary has seen to their presence and form.</summary>
    public static FixOrderRequest Read(in Message message) => new()
    {
        Type = (char)message.MsgType[0],
        ClOrdID = Text(message, 11),
        OrigClOrdID = Text(message, 41),
        Symbol = Text(message, 55),
        Side = Character(message, 54, '\0'),
        OrdType = Character(message, 40, '\0'),
        TimeInForce = Character(message, 59, '1'),
        OrderQty = Text(message, 38),
        Price = Text(message, 44),
        QuoteID = Text(message, 117),
        PostOnly = Text(message, 18).Split(' ').Contains("6"),
    };

    private static string Text(in Message message, int tag) => message.TryGet(tag, out var value) ? Encoding.Latin1.GetString(value) : "";

    private static char Character(in Message message, int tag, char otherwise) => message.TryGetChar(tag, out var value) ? (char)value : otherwise;
}
