using System.Globalization;
using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Kraken;

/// <summary>add_order, amend_order, cancel_order, cancel_all.</summary>
internal sealed class KrakenTrading(Exchange exchange, Faults faults)
{
    private const int IDsMax = 50;
    private const int ClOrdIDMax = 36;
    private const string RateLimit = "EOrder:Rate limit exceeded";
    private static readonly TimeSpan DeadlineMin = TimeSpan.FromMilliseconds(500), DeadlineMax = TimeSpan.FromSeconds(60);

    private readonly Dictionary<(Account, string), Order> _byClOrdID = [];
    private readonly KrakenCounters _counters = new(KrakenCounters.TradingMax, KrakenCounters.TradingDecayMilli);
    private Action<Order>? _acknowledge;   // of the order that is being entered
    private long _amendIDs;

    /// <summary>Does one request of an account.</summary>
    public void Answer(Account account, Connection connection, Request request, Reply reply)
    {
        switch (request.Method)
        {
            case "add_order":
                Add(account, connection, request, reply);
                break;
            case "amend_order":
                Amend(account, request, reply);
                break;
            case "cancel_order":
                Cancel(account, request, reply);
                break;
            default:
                CancelAll(account, request, reply);
                break;
        }
    }

    /// <summary>The order passed: the answer goes out before its executions, unless that is to go wrong.</summary>
    public void OnAccepted(Order order)
    {
        if (order.ClOrdID.Length > 0) _byClOrdID[(order.Account, order.ClOrdID)] = order;
        _acknowledge?.Invoke(order);
        _acknowledge = null;
    }

    /// <summary>Its client's name is free again.</summary>
    public void OnDone(Order order) => _byClOrdID.Remove((order.Account, order.ClOrdID));

    private void Add(Account account, Connection connection, Request request, Reply reply)
    {
        request.Only("order_type", "side", "order_qty", "symbol", "limit_price", "time_in_force", "post_only", "cl_ord_id", "deadline", "token");
        var (error, order) = Read(account, request);
        // The count goes up whether the order is any good or not.
        if (exchange.Find(request.Text("symbol") ?? "") is { } pair && !_counters.TryAdd((account, pair.Symbol), KrakenCounters.AddWeight, exchange.NowNs) || error is null && faults.Take(FaultKind.RateLimit)) error = RateLimit;
        if (error is null && faults.Take(FaultKind.Reject)) error = faults.RejectText ?? Words.Of(Refusal.InsufficientFunds, null);
        if (error is not null)
        {
            reply.Error(error);
            return;
        }
        if (faults.Take(FaultKind.DropAfterOrder)) connection.Abort();
        var isLate = faults.Take(FaultKind.FillBeforeAck);
        Order? accepted = null;
        if (isLate) _acknowledge = o => accepted = o;
        else if (!faults.Take(FaultKind.AckLost)) _acknowledge = o => Acknowledge(o, reply);
        var (refusal, _) = exchange.Enter(order!);
        _acknowledge = null;
        if (refusal != Refusal.None) reply.Error(Words.Of(refusal, order!.Instrument));
        else if (isLate) Acknowledge(accepted!, reply);
    }

    private static void Acknowledge(Order order, Reply reply) => reply.Ok(w =>
    {
        w.WriteString("order_id", OrderIDs.Text('O', order.ID));
        if (order.ClOrdID.Length > 0) w.WriteString("cl_ord_id", order.ClOrdID);
    });

    private (string? Error, OrderRequest? Order) Read(Account account, Request request)
    {
        var symbol = request.RequiredText("symbol");
        var side = request.RequiredText("side");
        var type = request.RequiredText("order_type");
        var timeInForce = request.Text("time_in_force");
        var quantity = request.Number("order_qty");
        var price = request.Number("limit_price");
        var postOnly = request.Flag("post_only", false);
        var clOrdID = request.Text("cl_ord_id") ?? "";
        var deadline = request.Text("deadline");
        if (request.Fault is not null) return (request.Fault, null);
        if (exchange.Find(symbol) is not { } instrument) return ($"Currency pair not supported {symbol}", null);
        if (side is not ("buy" or "sell")) return ("EGeneral:Invalid arguments:side", null);
        if (type is not ("limit" or "market")) return ($"EGeneral:Invalid arguments:order_type", null);
        if (clOrdID.Length > ClOrdIDMax || clOrdID.Any(c => c is < ' ' or > '~')) return ("EGeneral:Invalid arguments:cl_ord_id", null);
        if (clOrdID.Length > 0 && IsOpen(account, clOrdID)) return ("EOrder:Duplicate cl_ord_id", null);
        if (deadline is not null && Deadline(deadline) is { } late) return (late, null);
        var isMarket = type == "market";
        TimeInForce? inForce = timeInForce?.ToUpperInvariant() switch
        {
            null => isMarket ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancel,
            "GTC" => TimeInForce.GoodTillCancel,
            "IOC" => TimeInForce.ImmediateOrCancel,
            "FOK" => TimeInForce.FillOrKill,
            _ => null,
        };
        if (inForce is null || postOnly && (isMarket || inForce != TimeInForce.GoodTillCancel)) return ("EGeneral:Invalid arguments:time_in_force", null);
        long ticks = 0;
        if (!isMarket && (price is null || !Decimals.TryScale(price, instrument.PriceDecimals, out ticks) || ticks <= 0)) return (Words.Of(Refusal.InvalidPrice, instrument), null);
        if (isMarket && price is not null) return ("EGeneral:Invalid arguments:limit_price", null);
        if (quantity is null || !Decimals.TryScale(quantity, instrument.QtyDecimals, out var lots) || lots <= 0) return (Words.Of(Refusal.InvalidQuantity, instrument), null);
        return (null, new OrderRequest
        {
            Account = account,
            Instrument = instrument,
            Side = side == "buy" ? Side.Buy : Side.Sell,
            Type = isMarket ? OrdType.Market : OrdType.Limit,
            TimeInForce = inForce.Value,
            LimitTicks = ticks,
            Lots = lots,
            PostOnly = postOnly,
            ClOrdID = clOrdID,
        });
    }

    // docs.kraken.com, "Add order": from half a second to a minute ahead of its clock; a deadline that is over is another error.
    private string? Deadline(string text)
    {
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var deadline)) return "EGeneral:Invalid arguments:deadline";
        var left = deadline - DateTimeOffset.UnixEpoch - TimeSpan.FromTicks(faults.ByItsClock(exchange.NowNs) / 100);
        if (left < TimeSpan.Zero) return "EService:Deadline elapsed";
        return left < DeadlineMin || left > DeadlineMax ? "EGeneral:Invalid arguments:deadline" : null;
    }

    private bool IsOpen(Account account, string clOrdID) => _byClOrdID.TryGetValue((account, clOrdID), out var order) && order.IsOpen;

    private Order? Find(Account account, string? orderID, string? clOrdID)
    {
        var order = orderID is not null ? exchange.Find(OrderIDs.Number('O', orderID)) : _byClOrdID.GetValueOrDefault((account, clOrdID ?? ""));
        return order is { IsOpen: true } && order.Account == account ? order : null;
    }

    private void Amend(Account account, Request request, Reply reply)
    {
        request.Only("order_id", "cl_ord_id", "order_qty", "limit_price", "post_only", "deadline", "token");
        var orderID = request.Text("order_id");
        var clOrdID = request.Text("cl_ord_id");
        var quantity = request.Number("order_qty");
        var price = request.Number("limit_price");
        var postOnly = request.Flag("post_only", false);
        var deadline = request.Text("deadline");
        if (request.Fault is null && orderID is null == clOrdID is null)
        {
            reply.Error("EGeneral:Invalid arguments:order_id or cl_ord_id");
            return;
        }
        var order = Find(account, orderID, clOrdID);
        var instrument = order?.Instrument;
        long ticks = order?.LimitTicks ?? 0, lots = order?.Lots ?? 0;
        var error = request.Fault
            ?? (deadline is null ? null : Deadline(deadline))
            ?? (order is null ? Words.Of(Refusal.UnknownOrder, null) : null)
            ?? (_counters.TryAdd((account, instrument!.Symbol), KrakenCounters.AmendWeight(exchange.NowNs - order!.AcceptedNs), exchange.NowNs) ? null : RateLimit)
            ?? (price is not null && !Decimals.TryScale(price, instrument!.PriceDecimals, out ticks) ? Words.Of(Refusal.InvalidPrice, instrument) : null)
            ?? (quantity is not null && !Decimals.TryScale(quantity, instrument!.QtyDecimals, out lots) ? Words.Of(Refusal.InvalidQuantity, instrument) : null);
        if (error is null && exchange.Amend(order!, ticks, lots, order!.ClOrdID, postOnly) is var refusal and not Refusal.None) error = Words.Of(refusal, instrument);
        if (error is not null)
        {
            reply.Error(error);
            return;
        }
        reply.Ok(w =>
        {
            w.WriteString("amend_id", OrderIDs.Text('T', ++_amendIDs));
            if (orderID is not null) w.WriteString("order_id", orderID);
            else w.WriteString("cl_ord_id", clOrdID);
        });
    }

    // docs.kraken.com, "Cancel order": one answer for each order named.
    private void Cancel(Account account, Request request, Reply reply)
    {
        request.Only("order_id", "cl_ord_id", "token");
        var orderIDs = request.Texts("order_id", IDsMax);
        var clOrdIDs = request.Texts("cl_ord_id", IDsMax);
        if (request.Fault is not null || orderIDs.Count + clOrdIDs.Count == 0)
        {
            reply.Error(request.Fault ?? "EGeneral:Invalid arguments:order_id or cl_ord_id");
            return;
        }
        foreach (var id in orderIDs) Cancel(Find(account, id, null), "order_id", id, reply);
        foreach (var id in clOrdIDs) Cancel(Find(account, null, id), "cl_ord_id", id, reply);
    }

    private void Cancel(Order? order, string name, string id, Reply reply)
    {
        if (order is null)
        {
            reply.Error(Words.Of(Refusal.UnknownOrder, null));
            return;
        }
        reply.Ok(w => w.WriteString(name, id));
        Cancel(order);
    }

    private void CancelAll(Account account, Request request, Reply reply)
    {
        request.Only("token");
        if (request.Fault is not null)
        {
            reply.Error(request.Fault);
            return;
        }
        var open = exchange.Open.Where(o => o.Account == account).ToList();
        reply.Ok(w => w.WriteNumber("count", open.Count));
        foreach (var order in open) Cancel(order);
    }

    // A cancel is never refused for its rate (ours: the documentation says what it adds, not what it is kept from).
    private void Cancel(Order order)
    {
        _counters.Add((order.Account, order.Instrument.Symbol), KrakenCounters.CancelWeight(exchange.NowNs - order.AcceptedNs), exchange.NowNs);
        exchange.Cancel(order);
    }
}
