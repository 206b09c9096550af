using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Okx;

/// <summary>What became of one order of a request.</summary>
/// <param name="OrdId">The exchange's id; empty when there is none.</param>
/// <param name="ClOrdId">The client's id; empty when there is none.</param>
/// <param name="Error">Null when it was done.</param>
internal readonly record struct OkxOutcome(string OrdId, string ClOrdId, OkxError? Error)
{
    public string ReqId { get; init; } = "";
}

/// <summary>Placing, amending and canceling: one order of a request at a time.</summary>
internal sealed class OkxTrading(Exchange exchange, Faults faults, OkxReports reports)
{
    private const int NameMax = 32, TagMax = 16;

    // docs-v5, "cancelSource".
    private const string ByUser = "1", PostOnlyTakes = "31", NotFilledAtOnce = "14";

    private readonly Dictionary<(Account, string), Order> _byClOrdId = [];
    private readonly Dictionary<long, Order> _neverRested = [];
    private long _neverRestedIDs;
    private Action<Order>? _acknowledge;   // of the order that is being entered
    private string _amendReqId = "";       // of the amendment at hand

    /// <summary>Whether an order may fail by a fault, and what it is told then.</summary>
    public OkxError? Fault() => faults.Take(FaultKind.RateLimit) ? OkxError.RateLimit
        : faults.Take(FaultKind.Reject) ? new OkxError("51009", faults.RejectText ?? "Order blocked. Please contact customer support for assistance.") : null;

    /// <summary>Places one; <paramref name="acknowledge"/> is called with its outcome, before what it causes is told.</summary>
    public void Place(Account account, OkxArguments arguments, Action<OkxOutcome> acknowledge)
    {
        var clOrdId = arguments.Text("clOrdId") ?? "";
        var (error, request) = Read(account, arguments, clOrdId);
        if ((error ?? Fault()) is { } refused)
        {
            acknowledge(new OkxOutcome("", clOrdId, refused));
            return;
        }
        _acknowledge = o => acknowledge(new OkxOutcome(OkxText.OrdId(o.ID), clOrdId, null));
        var (refusal, _) = exchange.Enter(request!);
        _acknowledge = null;
        if (refusal == Refusal.PostOnly) TakePostOnly(request!, acknowledge);
        else if (refusal != Refusal.None) acknowledge(new OkxOutcome("", clOrdId, OkxError.Of(refusal, request!.Instrument, request.Side == Side.Buy ? request.Instrument.Quote : request.Instrument.Base)));
    }

    /// <summary>Cancels one.</summary>
    public OkxOutcome Cancel(Account account, OkxArguments arguments)
    {
        arguments.Only("instId", "instIdCode", "ordId", "clOrdId");
        var (error, order) = Find(account, arguments);
        var outcome = new OkxOutcome(arguments.Text("ordId") ?? (order is null ? "" : OkxText.OrdId(order.ID)), arguments.Text("clOrdId") ?? order?.ClOrdID ?? "", null);
        if (error is not null || order is not { IsOpen: true }) return outcome with { Error = error ?? OkxError.CancelUnknown };
        ((OkxTerms)order.Request.Owner!).CancelSource = ByUser;
        exchange.Cancel(order);
        return outcome;
    }

    /// <summary>Changes price, quantity or both.</summary>
    public OkxOutcome Amend(Account account, OkxArguments arguments)
    {
        arguments.Only("instId", "instIdCode", "ordId", "clOrdId", "reqId", "newSz", "newPx", "cxlOnFail");
        var (error, order) = Find(account, arguments);
        var (reqId, size, price) = (arguments.Text("reqId") ?? "", arguments.Text("newSz"), arguments.Text("newPx"));
        var outcome = new OkxOutcome(arguments.Text("ordId") ?? (order is null ? "" : OkxText.OrdId(order.ID)), arguments.Text("clOrdId") ?? order?.ClOrdID ?? "", null) { ReqId = reqId };
        error ??= arguments.Fault ?? (size is null && price is null ? OkxError.Empty("newSz") : null);
        if (error is not null || order is not { IsOpen: true }) return outcome with { Error = error ?? OkxError.AmendUnknown };
        var (ticks, lots, instrument) = (order.LimitTicks, order.Lots, order.Instrument);
        if (price is not null && !Decimals.TryScale(price, instrument.PriceDecimals, out ticks)) return outcome with { Error = OkxError.Parameter("newPx") };
        if (size is not null && !Decimals.TryScale(size, instrument.QtyDecimals, out lots)) return outcome with { Error = OkxError.Of(Refusal.InvalidQuantity, instrument, "") };
        _amendReqId = reqId;
        var refusal = exchange.Amend(order, ticks, lots, order.ClOrdID, ((OkxTerms)order.Request.Owner!).OrdType == "post_only");
        _amendReqId = "";
        return refusal == Refusal.None ? outcome : outcome with { Error = OkxError.Of(refusal, instrument, order.Side == Side.Buy ? instrument.Quote : instrument.Base) };
    }

    /// <summary>The order that a request names, open or done; an error when it names none.</summary>
    public (OkxError? Error, Order? Order) Find(Account account, OkxArguments arguments)
    {
        var (ordId, clOrdId) = (arguments.Text("ordId"), arguments.Text("clOrdId"));
        var error = arguments.Fault ?? (Instrument(arguments) is null ? OkxError.NoInstrument : null) ?? (string.IsNullOrEmpty(ordId) && string.IsNullOrEmpty(clOrdId) ? OkxError.NoIdentifier : null);
        return error is not null ? (error, null) : (null, Find(account, ordId, clOrdId));
    }

    /// <summary>By the exchange's id or, without one, by the client's; null when the account has no such order.</summary>
    public Order? Find(Account account, string? ordId, string? clOrdId)
    {
        if (string.IsNullOrEmpty(ordId)) return _byClOrdId.GetValueOrDefault((account, clOrdId ?? ""));
        var number = OkxText.OrderNumber(ordId);
        var order = exchange.Find(number) ?? _neverRested.GetValueOrDefault(number);
        return order?.Account == account ? order : null;
    }

    /// <summary>By instIdCode or, without one, by instId.</summary>
    public Instrument? Instrument(OkxArguments arguments) =>
        arguments.Integer("instIdCode") is { } code ? exchange.Instruments.FirstOrDefault(i => OkxText.Code(i) == code) : exchange.Find(arguments.Text("instId") ?? "");

    /// <summary>The order passed.</summary>
    public void OnAccepted(Order order)
    {
        if (order.ClOrdID.Length > 0) _byClOrdId[(order.Account, order.ClOrdID)] = order;
        _acknowledge?.Invoke(order);
        _acknowledge = null;
        reports.OnOrder(order);
    }

    /// <summary>The order left without being filled.</summary>
    public void OnCanceled(Order order, CancelReason reason)
    {
        var terms = (OkxTerms)order.Request.Owner!;
        if (reason == CancelReason.NotFilledAtOnce) terms.CancelSource = NotFilledAtOnce;
        reports.OnOrder(order);
    }

    /// <summary>Price or quantity changed.</summary>
    public void OnAmended(Order order) => reports.OnOrder(order, _amendReqId, amendResult: "0");

    // docs-v5, "ordType": a post-only order that would take is accepted, and canceled instead of traded.
    private void TakePostOnly(OrderRequest request, Action<OkxOutcome> acknowledge)
    {
        var order = new Order(1_000_000_000_000 + ++_neverRestedIDs, request, exchange.NowNs);
        _neverRested[order.ID] = order;
        if (order.ClOrdID.Length > 0) _byClOrdId[(order.Account, order.ClOrdID)] = order;
        acknowledge(new OkxOutcome(OkxText.OrdId(order.ID), order.ClOrdID, null));
        reports.OnOrder(order);
        order.Status = OrdStatus.Canceled;
        ((OkxTerms)request.Owner!).CancelSource = PostOnlyTakes;
        reports.OnOrder(order);
    }

    private (OkxError? Error, OrderRequest? Order) Read(Account account, OkxArguments arguments, string clOrdId)
    {
        arguments.Only("instId", "instIdCode", "tdMode", "clOrdId", "tag", "side", "ordType", "sz", "px", "tgtCcy");
        var (mode, side, type) = (arguments.RequiredText("tdMode"), arguments.RequiredText("side"), arguments.RequiredText("ordType"));
        var (size, price, tag, currency) = (arguments.RequiredText("sz"), arguments.Text("px"), arguments.Text("tag") ?? "", arguments.Text("tgtCcy"));
        if (arguments.Fault is { } fault) return (fault, null);
        if (Instrument(arguments) is not { } instrument) return (OkxError.NoInstrument, null);
        if (mode != "cash") return (OkxError.Parameter("tdMode"), null);
        if (side is not ("buy" or "sell")) return (OkxError.Parameter("side"), null);
        if (type is not ("limit" or "market" or "post_only" or "fok" or "ioc")) return (OkxError.Parameter("ordType"), null);
        if (clOrdId.Length > 0 && !OkxRequest.IsName(clOrdId, NameMax)) return (OkxError.Parameter("clOrdId"), null);
        if (tag.Length > 0 && !OkxRequest.IsName(tag, TagMax)) return (OkxError.Parameter("tag"), null);
        var isMarket = type == "market";
        // Without tgtCcy a market buy would be for an amount of the quote asset: not here.
        if (isMarket && currency != "base_ccy" && side == "buy") return (OkxError.Parameter("tgtCcy"), null);
        // docs-v5, "clOrdId": may not be that of a pending order.
        if (clOrdId.Length > 0 && _byClOrdId.TryGetValue((account, clOrdId), out var other) && other.IsOpen) return (OkxError.DuplicateClOrdId, null);
        long ticks = 0;
        if (isMarket == (price is not null) || !isMarket && !Decimals.TryScale(price, instrument.PriceDecimals, out ticks)) return (OkxError.Parameter("px"), null);
        if (!Decimals.TryScale(size, instrument.QtyDecimals, out var lots)) return (OkxError.Of(Refusal.InvalidQuantity, instrument, ""), null);
        return (null, new OrderRequest
        {
            Account = account,
            Instrument = instrument,
            Side = side == "buy" ? Side.Buy : Side.Sell,
            Type = isMarket ? OrdType.Market : OrdType.Limit,
            TimeInForce = type switch { "ioc" or "market" => TimeInForce.ImmediateOrCancel, "fok" => TimeInForce.FillOrKill, _ => TimeInForce.GoodTillCancel },
            LimitTicks = ticks,
            Lots = lots,
            PostOnly = type == "post_only",
            ClOrdID = clOrdId,
            Owner = new OkxTerms(type, tag),
        });
    }
}
