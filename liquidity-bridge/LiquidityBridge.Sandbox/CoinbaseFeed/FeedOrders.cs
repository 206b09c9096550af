using System.Text.Json;
using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.CoinbaseFeed;

/// <summary>The user channel: what becomes of orders, told to those whose they are; and the fills that REST is asked for.</summary>
internal sealed class FeedOrders(Exchange exchange, Faults faults, Loop loop, FeedMessages messages, IReadOnlyCollection<FeedConnection> connections)
{
    private const int FillsKept = 1000;

    private readonly Dictionary<Account, Queue<(Order Order, Fill Fill, long AtNs)>> _fills = [];
    private readonly List<Action> _held = [];   // while fills are told before the acknowledgement
    private bool _isHolding;

    /// <summary>An account's last fills, newest first.</summary>
    public IEnumerable<(Order Order, Fill Fill, long AtNs)> Fills(Account account) => _fills.TryGetValue(account, out var fills) ? fills.Reverse() : [];

    /// <summary>An order's fills are told before <paramref name="enter"/>'s acknowledgement when that fault is armed.</summary>
    public T Entering<T>(Func<T> enter)
    {
        _isHolding = faults.Take(FaultKind.FillBeforeAck);
        var result = enter();
        _isHolding = false;
        foreach (var held in _held) held();
        _held.Clear();
        return result;
    }

    /// <summary>An order rests: told behind its fills.</summary>
    public void OnOpen(Order order) => Tell(order, "open", w =>
    {
        w.WriteString("price", order.Instrument.Price(order.LimitTicks));
        w.WriteString("remaining_size", order.Instrument.Quantity(order.Leaves));
    });

    /// <summary>It was taken.</summary>
    public void OnAccepted(Order order) => Tell(order, "received", w =>
    {
        w.WriteString("client_oid", order.ClOrdID);
        w.WriteString("order_type", order.Request.Type == OrdType.Limit ? "limit" : "market");
        w.WriteString("size", order.Instrument.Quantity(order.Lots));
        if (order.Request.Type == OrdType.Limit) w.WriteString("price", order.Instrument.Price(order.LimitTicks));
    });

    /// <summary>It has traded.</summary>
    public void OnFill(Order order, in Fill fill)
    {
        if (!_fills.TryGetValue(order.Account, out var fills)) _fills[order.Account] = fills = new();
        fills.Enqueue((order, fill, exchange.NowNs));
        if (fills.Count > FillsKept) fills.Dequeue();
        var (trade, isMaker) = (fill.Trade, fill.Liquidity == Liquidity.Added);
        for (var times = faults.Take(FaultKind.DuplicateFill) ? 2 : 1; times > 0; times--)
        {
            Tell(order, "match", w =>
            {
                w.WriteNumber("trade_id", trade.ID);
                w.WriteString("maker_order_id", FeedText.ID(isMaker ? order.ID : 1L << 42));
                w.WriteString("taker_order_id", FeedText.ID(isMaker ? 1L << 43 : order.ID));
                w.WriteString("size", order.Instrument.Quantity(trade.Lots));
                w.WriteString("price", order.Instrument.Price(trade.Ticks));
                w.WriteString(isMaker ? "maker_fee_rate" : "taker_fee_rate", Decimals.Text(isMaker ? order.Instrument.MakerFeePpm : order.Instrument.TakerFeePpm, 6));
            }, isMaker ? order.Side : order.Side == Side.Buy ? Side.Sell : Side.Buy);   // documentation, "Match": the maker's side, whoever reads it
        }
        if (!order.IsOpen) Done(order, "filled");
    }

    /// <summary>It is over.</summary>
    public void OnCanceled(Order order) => Done(order, "canceled");

    /// <summary>It is smaller.</summary>
    public void OnAmended(Order order) => Tell(order, "change", w => w.WriteString("new_size", order.Instrument.Quantity(order.Leaves)));

    // The order's own messages, as on the full channel, with whose they are.
    private void Tell(Order order, string type, Action<Utf8JsonWriter> members, Side? side = null)
    {
        if (_isHolding && type is "received")
        {
            _held.Add(() => Tell(order, type, members));
            return;
        }
        var sequence = messages.NextSequence(order.Instrument);
        if (faults.Take(FaultKind.ExecutionGap)) return;
        var message = Json.Object(w =>
        {
            w.WriteString("type", type);
            w.WriteString("product_id", order.Instrument.Symbol);
            w.WriteString("order_id", FeedText.ID(order.ID));
            w.WriteString("side", FeedText.Of(side ?? order.Side));
            w.WriteString("user_id", order.Account.Name);
            w.WriteString("profile_id", order.Account.Name);
            w.WriteNumber("sequence", sequence);
            w.Time("time", messages.NowNs);
            members(w);
        });
        foreach (var connection in connections)
            if (connection.User == order.Account && connection.Hears("user", order.Instrument)) connection.Send(message, loop.NowNs);
    }

    private void Done(Order order, string reason) => Tell(order, "done", w =>
    {
        w.WriteString("reason", reason);
        w.WriteString("price", order.Instrument.Price(order.LimitTicks));
        w.WriteString("remaining_size", order.Instrument.Quantity(order.Lots - order.CumLots));
    });
}
