using System.Globalization;
using System.Text.Json;
using Venue.Gateway;
using Venue.Messages;

namespace Venue.Host;

/// <summary>Trades: each once; a snapshot has the last one.</summary>
internal sealed class TradesChannel(ScreenView view, Instrument instrument, DepthBook book) : ScreenChannel(view, instrument, book)
{
    private readonly List<Trade> _trades = [];

    public override void On(in Trade e) => _trades.Add(e);

    protected override bool TryChange(out Action<Utf8JsonWriter> content)
    {
        content = w =>
        {
            Write(w, _trades);
            _trades.Clear();
        };
        return _trades.Count > 0;
    }

    protected override void All(Utf8JsonWriter w) => Write(w, Book.LastTrade.Lots > 0 ? [Book.LastTrade] : []);

    private void Write(Utf8JsonWriter w, List<Trade> trades)
    {
        w.WriteStartArray("trades");
        foreach (var trade in trades)
        {
            w.WriteStartObject();
            // TrdMatchID(880): beyond 2^53 a number would not survive JavaScript.
            w.WriteString("id", trade.TradeID.ToString(CultureInfo.InvariantCulture));
            w.WritePropertyName("price");
            w.Price(Instrument.Terms, trade.PriceTicks);
            w.WritePropertyName("qty");
            w.Quantity(Instrument.Terms, trade.Lots);
            w.WriteString("taker", trade.AggressorSide switch { Side.Buy => "buy", Side.Sell => "sell", _ => "auction" });
            w.WriteNumber("time_ns", trade.Header.TimeNs);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }
}
