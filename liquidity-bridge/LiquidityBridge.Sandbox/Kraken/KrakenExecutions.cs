using System.Text.Json;
using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Kraken;

/// <summary>The private channels: executions and balances. Each connection counts its own messages.</summary>
internal sealed class KrakenExecutions(Exchange exchange, Faults faults, IReadOnlyCollection<Connection> connections)
{
    private const int TradesKept = 50;

    private readonly Dictionary<Account, Queue<(Order Order, Fill Fill, long AtNs)>> _trades = [];
    private long _ledgerIDs;

    private long NowNs => faults.ByItsClock(exchange.NowNs);

    /// <summary>The first message of an executions subscription.</summary>
    public void Snapshot(Connection connection, bool orders, bool trades)
    {
        var channel = connection.Executions!;
        var open = orders ? exchange.Open.Where(o => o.Account == channel.Account).OrderBy(o => o.ID).ToList() : [];
        var fills = trades && _trades.TryGetValue(channel.Account, out var kept) ? kept.Reverse().ToList() : [];
        Send(connection, channel, "executions", "snapshot", w =>
        {
            foreach (var order in open)
            {
                w.WriteStartObject();
                Full(w, order, order.CumLots == 0 ? "new" : "trade", Words.Of(order.Status), order.AcceptedNs);
                w.WriteEndObject();
            }
            foreach (var (order, fill, atNs) in fills)
            {
                w.WriteStartObject();
                Trade(w, order, fill, atNs);
                w.WriteEndObject();
            }
        });
    }

    /// <summary>pending_new and new.</summary>
    public void OnAccepted(Order order)
    {
        Tell(order, allOnly: true, w => Full(w, order, "pending_new", "pending_new", NowNs));
        Tell(order, allOnly: false, w => Short(w, order, "new", "new"));
    }

    /// <summary>trade, and after the last one filled.</summary>
    public void OnFill(Order order, Fill fill)
    {
        if (!_trades.TryGetValue(order.Account, out var kept)) _trades[order.Account] = kept = new();
        kept.Enqueue((order, fill, NowNs));
        if (kept.Count > TradesKept) kept.Dequeue();
        for (var times = faults.Take(FaultKind.DuplicateFill) ? 2 : 1; times > 0; times--)
            Tell(order, allOnly: true, w => Trade(w, order, fill, NowNs));
        if (order.Status == OrdStatus.Filled) Tell(order, allOnly: false, w =>
        {
            Short(w, order, "filled", "filled");
            Totals(w, order);
        });
    }

    /// <summary>canceled.</summary>
    public void OnCanceled(Order order, CancelReason reason) => Tell(order, allOnly: false, w =>
    {
        Short(w, order, "canceled", "canceled");
        Totals(w, order);
        w.WriteString("cancel_reason", Words.Of(reason));
        w.WriteString("reason", Words.Of(reason));
    });

    /// <summary>amended.</summary>
    public void OnAmended(Order order) => Tell(order, allOnly: true, w => Full(w, order, "amended", Words.Of(order.Status), NowNs));

    /// <summary>The balances channel's first message.</summary>
    public void BalanceSnapshot(Connection connection) => Send(connection, connection.Balances!, "balances", "snapshot", w =>
    {
        foreach (var (asset, balance) in connection.Balances!.Account.Balances)
        {
            var total = Decimals.Trimmed(balance.Total, Instrument.AtomDecimals);
            w.WriteStartObject();
            w.WriteString("asset", asset);
            w.WriteString("asset_class", "currency");
            w.Number("balance", total);
            w.WriteStartArray("wallets");
            w.WriteStartObject();
            w.WriteString("type", "spot");
            w.WriteString("id", "main");
            w.Number("balance", total);
            w.WriteEndObject();
            w.WriteEndArray();
            w.WriteEndObject();
        }
    });

    /// <summary>A total moved.</summary>
    public void OnBalance(Account account, string asset, Int128 change, in Trade trade)
    {
        var (ledgerID, tradeID, nowNs) = (++_ledgerIDs, trade.ID, NowNs);
        foreach (var connection in connections)
        {
            if (connection.Balances?.Account != account) continue;
            Send(connection, connection.Balances, "balances", "update", w =>
            {
                w.WriteStartObject();
                w.WriteString("ledger_id", OrderIDs.Text('L', ledgerID));
                w.WriteString("ref_id", OrderIDs.Text('T', tradeID));
                w.Time("timestamp", nowNs);
                w.WriteString("type", "trade");
                w.WriteString("subtype", "");
                w.WriteString("asset", asset);
                w.WriteString("asset_class", "currency");
                w.WriteString("category", "trade");
                w.WriteString("wallet_type", "spot");
                w.WriteString("wallet_id", "main");
                w.Number("amount", Decimals.Trimmed(change, Instrument.AtomDecimals));
                w.Number("fee", "0.0");
                w.Number("balance", Decimals.Trimmed(account[asset].Total, Instrument.AtomDecimals));
                w.WriteEndObject();
            });
        }
    }

    private void Tell(Order order, bool allOnly, Action<Utf8JsonWriter> members)
    {
        foreach (var connection in connections)
        {
            if (connection.Executions is not { } channel || channel.Account != order.Account || allOnly && !channel.AllTransitions) continue;
            if (faults.Take(FaultKind.ExecutionGap))
            {
                channel.Next++;
                continue;
            }
            Send(connection, channel, "executions", "update", w =>
            {
                w.WriteStartObject();
                members(w);
                w.WriteEndObject();
            });
        }
    }

    private void Send(Connection connection, PrivateChannel channel, string name, string type, Action<Utf8JsonWriter> data) => connection.Send(Json.Object(w =>
    {
        w.WriteString("channel", name);
        w.WriteString("type", type);
        w.WriteStartArray("data");
        data(w);
        w.WriteEndArray();
        w.WriteNumber("sequence", channel.Next++);
    }), exchange.NowNs);

    // Which members a message has depends on what happened: new, filled and canceled name the order and little else.
    private void Short(Utf8JsonWriter w, Order order, string execType, string status)
    {
        w.Time("timestamp", NowNs);
        w.WriteString("order_status", status);
        w.WriteString("exec_type", execType);
        w.WriteNumber("order_userref", 0);
        Names(w, order);
    }

    private static void Full(Utf8JsonWriter w, Order order, string execType, string status, long atNs)
    {
        var instrument = order.Instrument;
        Names(w, order);
        w.WriteNumber("order_userref", 0);
        w.WriteString("symbol", instrument.Symbol);
        w.Number("order_qty", instrument.Quantity(order.Lots));
        Totals(w, order);
        w.WriteString("time_in_force", Words.Of(order.Request.TimeInForce));
        w.WriteString("exec_type", execType);
        w.WriteString("side", Words.Of(order.Side));
        w.WriteString("order_type", Words.Of(order.Request.Type));
        if (order.Request.Type == OrdType.Limit)
        {
            w.WriteString("limit_price_type", "static");
            w.Number("limit_price", instrument.Price(order.LimitTicks));
        }
        if (order.Request.PostOnly) w.WriteBoolean("post_only", true);
        w.WriteString("order_status", status);
        w.WriteString("fee_ccy_pref", "fciq");
        w.Time("timestamp", atNs);
    }

    private static void Trade(Utf8JsonWriter w, Order order, in Fill fill, long atNs)
    {
        var instrument = order.Instrument;
        Names(w, order);
        w.WriteNumber("order_userref", 0);
        w.WriteString("exec_id", OrderIDs.Text('T', fill.ExecID));
        w.WriteString("exec_type", "trade");
        w.WriteNumber("trade_id", fill.Trade.ID);
        w.WriteString("symbol", instrument.Symbol);
        w.WriteString("side", Words.Of(order.Side));
        w.Number("last_qty", instrument.Quantity(fill.Trade.Lots));
        w.Number("last_price", instrument.Price(fill.Trade.Ticks));
        w.WriteString("liquidity_ind", fill.Liquidity == Liquidity.Added ? "m" : "t");
        w.Number("cost", Decimals.Trimmed(fill.Cost, Instrument.AtomDecimals));
        w.Number("cum_qty", instrument.Quantity(fill.CumLots));
        w.Number("avg_price", instrument.Price(fill.AverageTicks));
        // docs.kraken.com, "Executions": a trade says partially_filled even when it was the last; filled comes by itself.
        w.WriteString("order_status", "partially_filled");
        w.WriteString("order_type", Words.Of(order.Request.Type));
        w.Number("fee_usd_equiv", Decimals.Trimmed(fill.Fee, Instrument.AtomDecimals));
        w.WriteStartArray("fees");
        w.WriteStartObject();
        w.WriteString("asset", instrument.Quote);
        w.Number("qty", Decimals.Trimmed(fill.Fee, Instrument.AtomDecimals));
        w.WriteEndObject();
        w.WriteEndArray();
        w.Time("timestamp", atNs);
    }

    private static void Names(Utf8JsonWriter w, Order order)
    {
        w.WriteString("order_id", OrderIDs.Text('O', order.ID));
        if (order.ClOrdID.Length > 0) w.WriteString("cl_ord_id", order.ClOrdID);
    }

    private static void Totals(Utf8JsonWriter w, Order order)
    {
        w.Number("cum_qty", order.Instrument.Quantity(order.CumLots));
        w.Number("cum_cost", Decimals.Trimmed(order.CumCost, Instrument.AtomDecimals));
        w.Number("avg_price", order.Instrument.Price(order.AverageTicks));
        w.Number("fee_usd_equiv", Decimals.Trimmed(order.CumFee, Instrument.AtomDecimals));
    }
}
