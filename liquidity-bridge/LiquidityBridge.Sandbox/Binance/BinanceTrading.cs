using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Binance;

/// <summary>order.place, order.cancel, order.status, openOrders.*, myTrades: what is done to orders, and how it is answered.</summary>
internal sealed partial class BinanceTrading(Exchange exchange, Faults faults, BinanceLimits limits, BinanceReports reports)
{
    private readonly Dictionary<(Account, string), Order> _byClientID = [];
    private readonly List<Fill> _fills = [];   // of the order that is being entered
    private Order? _entered;
    private string _cancelID = "";             // of the cancel at hand
    private long _names;

    // rest-api.md, "newClientOrderId".
    [GeneratedRegex(@"^[\.A-Z\:/a-z0-9_-]{1,36}\z")]
    private static partial Regex ClientID { get; }

    public void OnAccepted(Order order)
    {
        _entered = order;
        _byClientID[(order.Account, order.ClOrdID)] = order;
        reports.OnAccepted(order);
    }

    public void OnFill(Order order, in Fill fill)
    {
        if (order == _entered) _fills.Add(fill);
        reports.OnFill(order, fill);
    }

    public void OnCanceled(Order order) => reports.OnCanceled(order, _cancelID);

    /// <summary>Places an order; <paramref name="answer"/> is called once, before what the order causes is told, unless that is to go wrong.</summary>
    public void Place(Account account, BinanceRequest request, Action<BinanceError?, Action<Utf8JsonWriter>?> answer, Action breakLine)
    {
        var full = request.Text("newOrderRespType");
        var order = Read(account, request);
        request.Finish();
        var error = request.Fault ?? (full is null or "ACK" or "RESULT" or "FULL" ? null : BinanceError.Illegal("newOrderRespType")) ?? limits.TakeOrder(account, exchange.NowNs);
        if (error is null && _byClientID.TryGetValue((account, order!.ClOrdID), out var same) && same.IsOpen) error = BinanceError.DuplicateOrder;
        if (error is null && faults.Take(FaultKind.RateLimit)) error = BinanceError.TooManyOrders;
        if (error is null && faults.Take(FaultKind.Reject)) error = new BinanceError(-2010, faults.RejectText ?? "This action is disabled on this account.");
        if (error is not null)
        {
            answer(error, null);
            return;
        }
        var isDropped = faults.Take(FaultKind.DropAfterOrder);
        if (isDropped) breakLine();
        var isLost = faults.Take(FaultKind.AckLost);
        var isLate = faults.Take(FaultKind.FillBeforeAck);
        if (!isLate) reports.Hold();
        _fills.Clear();
        var (refusal, entered) = exchange.Enter(order!);
        _entered = null;
        if (refusal != Refusal.None) answer(BinanceError.Of(refusal), null);
        else if (!isLost) answer(null, w => Result(w, entered!, full ?? "FULL"));
        if (!isLate) reports.Release();
    }

    /// <summary>Cancels one.</summary>
    public (BinanceError?, Action<Utf8JsonWriter>?) Cancel(Account account, BinanceRequest request)
    {
        var name = request.Text("newClientOrderId") ?? NewName();
        var order = Find(account, request, BinanceError.UnknownOrderSent, out var error);
        if (!ClientID.IsMatch(name)) error ??= BinanceError.Illegal("newClientOrderId");
        if (error is null && !order!.IsOpen) error = BinanceError.UnknownOrderSent;
        if (error is not null) return (error, null);
        Cancel(order!, name);
        return (null, w => Canceled(w, order!, name));
    }

    /// <summary>Cancels all of a symbol.</summary>
    public (BinanceError?, Action<Utf8JsonWriter>?) CancelAll(Account account, BinanceRequest request)
    {
        var instrument = Symbol(request);
        request.Finish();
        if (request.Fault is not null) return (request.Fault, null);
        var open = exchange.Open.Where(o => o.Account == account && o.Instrument == instrument).ToList();
        if (open.Count == 0) return (BinanceError.UnknownOrderSent, null);
        var names = open.Select(_ => NewName()).ToList();
        for (var i = 0; i < open.Count; i++) Cancel(open[i], names[i]);
        return (null, w =>
        {
            w.WriteStartArray();
            for (var i = 0; i < open.Count; i++)
            {
                w.WriteStartObject();
                Canceled(w, open[i], names[i]);
                w.WriteEndObject();
            }
            w.WriteEndArray();
        });
    }

    /// <summary>One order, open or done.</summary>
    public (BinanceError?, Action<Utf8JsonWriter>?) Status(Account account, BinanceRequest request)
    {
        var order = Find(account, request, BinanceError.NoSuchOrder, out var error);
        return error is not null ? (error, null) : (null, w => Full(w, order!));
    }

    /// <summary>All open orders, of one symbol or of all.</summary>
    public (BinanceError?, Action<Utf8JsonWriter>?) Open(Account account, BinanceRequest request)
    {
        var instrument = request.Text("symbol") is null ? null : Symbol(request);
        request.Finish();
        if (request.Fault is not null) return (request.Fault, null);
        return (null, w => List(w, exchange.Open.Where(o => o.Account == account && (instrument is null || o.Instrument == instrument)).OrderBy(o => o.ID), Full));
    }

    /// <summary>Trades of a symbol, or of one order of it.</summary>
    public (BinanceError?, Action<Utf8JsonWriter>?) Trades(Account account, BinanceRequest request)
    {
        var instrument = Symbol(request);
        var orderID = request.Number("orderId", 0);
        var limit = (int)Math.Min(request.Number("limit", 500), 1000);
        request.Finish();
        if (request.Fault is not null) return (request.Fault, null);
        var fills = reports.Fills(account).Where(f => f.Order.Instrument == instrument && (orderID == 0 || f.Order.ID == orderID)).TakeLast(limit).ToList();
        return (null, w => List(w, fills, (to, f) =>
        {
            var (order, fill, atNs) = f;
            to.WriteString("symbol", order.Instrument.Symbol);
            to.WriteNumber("id", fill.Trade.ID);
            to.WriteNumber("orderId", order.ID);
            to.WriteNumber("orderListId", -1);
            to.WriteString("price", order.Instrument.Px(fill.Trade.Ticks));
            to.WriteString("qty", order.Instrument.Sz(fill.Trade.Lots));
            to.WriteString("quoteQty", BinanceText.Amount(fill.Cost));
            to.WriteString("commission", BinanceText.Amount(fill.Fee));
            to.WriteString("commissionAsset", fill.FeeAsset);
            to.WriteNumber("time", BinanceText.Ms(atNs));
            to.WriteBoolean("isBuyer", order.Side == Side.Buy);
            to.WriteBoolean("isMaker", fill.Liquidity == Liquidity.Added);
            to.WriteBoolean("isBestMatch", true);
        }));
    }

    private void Cancel(Order order, string name)
    {
        _cancelID = name;
        exchange.Cancel(order);
        _cancelID = "";
        reports.OnBalance(order.Account, order.Instrument.Base, order.Instrument.Quote);
    }

    private string NewName() => string.Create(CultureInfo.InvariantCulture, $"sandbox-{++_names}");

    private Instrument? Symbol(BinanceRequest request)
    {
        var symbol = request.RequiredText("symbol");
        return exchange.Find(symbol) ?? (symbol.Length == 0 ? null : request.Refuse<Instrument>(BinanceError.BadSymbol));
    }

    private OrderRequest? Read(Account account, BinanceRequest request)
    {
        var instrument = Symbol(request);
        var (side, type) = (request.RequiredText("side"), request.RequiredText("type"));
        var (timeInForce, price, quantity) = (request.Text("timeInForce"), request.Text("price"), request.RequiredText("quantity"));
        var name = request.Text("newClientOrderId") ?? NewName();
        if (request.Text("selfTradePreventionMode") is not (null or "NONE")) request.Refuse<string>(BinanceError.Illegal("selfTradePreventionMode"));
        if (side is not ("BUY" or "SELL")) request.Refuse<string>(BinanceError.Illegal("side"));
        if (type is not ("LIMIT" or "MARKET" or "LIMIT_MAKER")) request.Refuse<string>(new BinanceError(-1116, "Invalid orderType."));
        if (!ClientID.IsMatch(name)) request.Refuse<string>(BinanceError.Illegal("newClientOrderId"));
        if (type == "LIMIT" && timeInForce is null) request.Refuse<string>(BinanceError.Missing("timeInForce"));
        if (type != "LIMIT" && timeInForce is not null) request.Refuse<string>(new BinanceError(-1106, "Parameter 'timeInForce' sent when not required."));
        if (timeInForce is not (null or "GTC" or "IOC" or "FOK")) request.Refuse<string>(new BinanceError(-1115, "Invalid timeInForce."));
        if (type != "MARKET" && price is null) request.Refuse<string>(BinanceError.Missing("price"));
        if (type == "MARKET" && price is not null) request.Refuse<string>(new BinanceError(-1106, "Parameter 'price' sent when not required."));
        long ticks = 0, lots = 0;
        if (instrument is not null && price is not null && !Decimals.TryScale(price, instrument.PriceDecimals, out ticks)) request.Refuse<string>(BinanceError.Filter("PRICE_FILTER"));
        if (instrument is not null && !Decimals.TryScale(quantity, instrument.QtyDecimals, out lots)) request.Refuse<string>(BinanceError.Filter("LOT_SIZE"));
        if (request.Fault is not null) return null;
        return new OrderRequest
        {
            Account = account, Instrument = instrument!, Side = side == "BUY" ? Side.Buy : Side.Sell, Type = type == "MARKET" ? OrdType.Market : OrdType.Limit,
            TimeInForce = timeInForce switch { "IOC" => TimeInForce.ImmediateOrCancel, "FOK" => TimeInForce.FillOrKill, _ => TimeInForce.GoodTillCancel },
            LimitTicks = ticks, Lots = lots, PostOnly = type == "LIMIT_MAKER", ClOrdID = name,
        };
    }

    private Order? Find(Account account, BinanceRequest request, BinanceError none, out BinanceError? error)
    {
        var instrument = Symbol(request);
        var (id, name) = (request.Number("orderId", 0), request.Text("origClientOrderId"));
        request.Finish();
        error = request.Fault ?? (id == 0 && name is null ? BinanceError.Missing("orderId") : null);
        if (error is not null) return null;
        var order = id != 0 ? exchange.Find(id) : _byClientID.GetValueOrDefault((account, name!));
        if (order is null || order.Account != account || order.Instrument != instrument || name is not null && order.ClOrdID != name)
        {
            error = none;
            return null;
        }
        return order;
    }

    private void Result(Utf8JsonWriter w, Order order, string type)
    {
        var i = order.Instrument;
        w.WriteString("symbol", i.Symbol);
        w.WriteNumber("orderId", order.ID);
        w.WriteNumber("orderListId", -1);
        w.WriteString("clientOrderId", order.ClOrdID);
        w.WriteNumber("transactTime", BinanceText.Ms(exchange.NowNs));
        if (type == "ACK") return;
        Terms(w, order);
        w.WriteNumber("workingTime", BinanceText.Ms(order.AcceptedNs));
        w.WriteString("selfTradePreventionMode", "NONE");
        if (type != "FULL") return;
        w.WriteStartArray("fills");
        foreach (var fill in _fills)
        {
            w.WriteStartObject();
            w.WriteString("price", i.Px(fill.Trade.Ticks));
            w.WriteString("qty", i.Sz(fill.Trade.Lots));
            w.WriteString("commission", BinanceText.Amount(fill.Fee));
            w.WriteString("commissionAsset", fill.FeeAsset);
            w.WriteNumber("tradeId", fill.Trade.ID);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static void Full(Utf8JsonWriter w, Order order)
    {
        var i = order.Instrument;
        w.WriteString("symbol", i.Symbol);
        w.WriteNumber("orderId", order.ID);
        w.WriteNumber("orderListId", -1);
        w.WriteString("clientOrderId", order.ClOrdID);
        Terms(w, order);
        w.WriteString("stopPrice", i.Px(0));
        w.WriteString("icebergQty", i.Sz(0));
        w.WriteNumber("time", BinanceText.Ms(order.AcceptedNs));
        w.WriteNumber("updateTime", BinanceText.Ms(order.AcceptedNs));
        w.WriteBoolean("isWorking", true);
        w.WriteNumber("workingTime", BinanceText.Ms(order.AcceptedNs));
        w.WriteString("selfTradePreventionMode", "NONE");
    }

    private void Canceled(Utf8JsonWriter w, Order order, string name)
    {
        w.WriteString("symbol", order.Instrument.Symbol);
        w.WriteString("origClientOrderId", order.ClOrdID);
        w.WriteNumber("orderId", order.ID);
        w.WriteNumber("orderListId", -1);
        w.WriteString("clientOrderId", name);
        w.WriteNumber("transactTime", BinanceText.Ms(exchange.NowNs));
        Terms(w, order);
        w.WriteString("selfTradePreventionMode", "NONE");
    }

    private static void Terms(Utf8JsonWriter w, Order order)
    {
        var i = order.Instrument;
        w.WriteString("price", i.Px(order.LimitTicks));
        w.WriteString("origQty", i.Sz(order.Lots));
        w.WriteString("executedQty", i.Sz(order.CumLots));
        w.WriteString("origQuoteOrderQty", i.Sz(0));
        w.WriteString("cummulativeQuoteQty", BinanceText.Amount(order.CumCost));
        w.WriteString("status", BinanceText.Status(order));
        w.WriteString("timeInForce", BinanceText.Of(order.Request.TimeInForce));
        w.WriteString("type", BinanceText.Type(order));
        w.WriteString("side", BinanceText.Of(order.Side));
    }

    private static void List<T>(Utf8JsonWriter w, IEnumerable<T> of, Action<Utf8JsonWriter, T> write)
    {
        w.WriteStartArray();
        foreach (var item in of)
        {
            w.WriteStartObject();
            write(w, item);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }
}
