using System.Text.Json;
using Venue.Gateway;
using Venue.Messages;

namespace Venue.Host;

/// <summary>A few values, told again, all of them, when one is another.</summary>
internal abstract class FigureChannel<TValues>(ScreenView view, Instrument instrument, DepthBook book) : ScreenChannel(view, instrument, book) where TValues : struct, IEquatable<TValues>
{
    private TValues _told;

    /// <summary>How they are.</summary>
    protected abstract TValues Values { get; }

    protected abstract void Write(Utf8JsonWriter w, TValues values);

    protected override bool TryChange(out Action<Utf8JsonWriter> content)
    {
        var now = Values;
        content = w => Write(w, _told);
        if (now.Equals(_told)) return false;
        _told = now;
        return true;
    }

    protected override void All(Utf8JsonWriter w) => Write(w, _told);
}

/// <summary>Best prices, 24 hours, auction.</summary>
internal sealed class TickerChannel(ScreenView view, Instrument instrument, DepthBook book) : FigureChannel<TickerChannel.Ticker>(view, instrument, book)
{
    internal readonly record struct Ticker((long Ticks, long Lots) Bid, (long Ticks, long Lots) Ask, DayStatistics Day, long LastTicks, long LastLots, (long Ticks, long Lots, long BuyLots, long SellLots) Auction);

    protected override Ticker Values => new(Best(Side.Buy), Best(Side.Sell), Book.Day, Book.LastTrade.PriceTicks, Book.LastTrade.Lots,
        (Book.Indicative.PriceTicks, Book.Indicative.Lots, Book.Indicative.BuySurplusLots, Book.Indicative.SellSurplusLots));

    private (long Ticks, long Lots) Best(Side side) => Book.Count(side) > 0 ? Book[side, 0] : default;

    protected override void Write(Utf8JsonWriter w, Ticker values)
    {
        Level(w, "bid", values.Bid.Ticks, values.Bid.Lots);
        Level(w, "ask", values.Ask.Ticks, values.Ask.Lots);
        Level(w, "last", values.LastTicks, values.LastLots);
        w.WriteStartObject("day");
        Price(w, "open", values.Day.Open);
        Price(w, "high", values.Day.High);
        Price(w, "low", values.Day.Low);
        Quantity(w, "volume", values.Day.Lots);
        w.WriteEndObject();
        w.WriteStartObject("auction");
        Price(w, "price", values.Auction.Ticks);
        Quantity(w, "qty", values.Auction.Lots);
        Quantity(w, "buy_surplus", values.Auction.BuyLots);
        Quantity(w, "sell_surplus", values.Auction.SellLots);
        w.WriteEndObject();
    }

    private void Level(Utf8JsonWriter w, string name, long ticks, long lots)
    {
        w.WriteStartObject(name);
        Price(w, "price", ticks);
        Quantity(w, "qty", lots);
        w.WriteEndObject();
    }

    private void Price(Utf8JsonWriter w, string name, long ticks)
    {
        w.WritePropertyName(name);
        if (ticks == 0) w.WriteNullValue();
        else w.Price(Instrument.Terms, ticks);
    }

    private void Quantity(Utf8JsonWriter w, string name, Int128 lots)
    {
        w.WritePropertyName(name);
        w.Quantity(Instrument.Terms, lots);
    }
}

/// <summary>How an instrument trades: phase, and the steps of prices and quantities.</summary>
internal sealed class StatusChannel(ScreenView view, Instrument instrument, DepthBook book, Func<Phase> phase) : FigureChannel<StatusChannel.Status>(view, instrument, book)
{
    internal readonly record struct Status(Phase Phase, long MinLots, long MaxLots);

    protected override Status Values => new(phase(), Instrument.Terms.MinLots, Instrument.Terms.MaxLots);

    protected override void Write(Utf8JsonWriter w, Status values)
    {
        w.WriteString("phase", ScreenJson.NameOf(values.Phase));
        w.WritePropertyName("tick");
        w.Price(Instrument.Terms, 1);
        w.WritePropertyName("lot");
        w.Quantity(Instrument.Terms, 1);
        w.WritePropertyName("min_qty");
        w.Quantity(Instrument.Terms, values.MinLots);
        w.WritePropertyName("max_qty");
        w.Quantity(Instrument.Terms, values.MaxLots);
    }
}
