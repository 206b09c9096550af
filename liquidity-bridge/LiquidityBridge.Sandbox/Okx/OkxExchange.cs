using System.Globalization;
using System.Text.Json;
using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.Okx;

/// <summary>An exchange that speaks OKX's API v5: takes requests in, tells events.</summary>
/// <remarks>Owned by the loop's thread.</remarks>
internal sealed class OkxExchange : IExchangeEvents
{
    private const long PollNs = 20_000_000, SilenceNs = 30_000_000_000, OrdersWindowNs = 2_000_000_000;
    private const int OrdersPerWindow = 60, BatchPerWindow = 300, BatchMax = 20, OrderConnectionsMax = 30;
    private const int NoData = 4004, LoginFailed = 4001, BufferFull = 4005;

    private readonly Exchange _exchange;
    private readonly Faults _faults;
    private readonly Loop _loop;
    private readonly HashSet<OkxConnection> _connections = [];
    private readonly OkxLogin _login;
    private readonly RateWindows<(OkxMember, string, Instrument?)> _orderRates = new(OrdersPerWindow, OrdersWindowNs), _batchRates = new(BatchPerWindow, OrdersWindowNs);
    private long _connectionIDs;

    /// <summary>Speaks for <paramref name="exchange"/>.</summary>
    public OkxExchange(Exchange exchange, Faults faults, Loop loop, OkxLogin login)
    {
        (_exchange, _faults, _loop, _login) = (exchange, faults, loop, login);
        Feed = new OkxFeed(exchange, faults, _connections);
        Reports = new OkxReports(exchange, faults, _connections);
        Trading = new OkxTrading(exchange, faults, Reports);
        exchange.Events = this;
        loop.Every(PollNs, Poll);
    }

    /// <summary>Connections that are up.</summary>
    public IReadOnlyCollection<OkxConnection> Connections => _connections;

    /// <summary>What trades here.</summary>
    public IReadOnlyList<Instrument> Instruments => _exchange.Instruments;

    /// <summary>The public channels.</summary>
    public OkxFeed Feed { get; }

    /// <summary>The private channels.</summary>
    public OkxReports Reports { get; }

    /// <summary>The orders.</summary>
    public OkxTrading Trading { get; }

    /// <summary>The exchange's own clock, nanoseconds.</summary>
    public long NowNs => _loop.NowNs + _faults.SkewNs;

    /// <summary>connId of the next connection.</summary>
    public string NextConnectionID() => (0xa4d3ae00 + ++_connectionIDs).ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>A connection is up.</summary>
    public void Opened(OkxConnection connection) => _connections.Add(connection);

    /// <summary>A connection is gone.</summary>
    public void Closed(OkxConnection connection) => _connections.Remove(connection);

    /// <summary>Every connection is told that its reader is too slow, and closed.</summary>
    public void CloseSlow()
    {
        foreach (var connection in _connections) connection.Close(BufferFull, "Buffer is full, cannot write data");
    }

    /// <summary>Keys that logged in so far are not good any more: docs-v5, close code 4007.</summary>
    public void ExpireKeys()
    {
        foreach (var connection in _connections.Where(c => c.Member is not null)) connection.Close(4007, "API key has been updated or deleted. Please reconnect.");
    }

    /// <summary>Answers a request; a slow exchange waits first.</summary>
    public void Received(OkxConnection connection, OkxRequest request)
    {
        var inNs = _loop.NowNs;
        if (IsOrder(request.Op) && _faults.Take(FaultKind.SlowAck)) _loop.After(_faults.SlowNs, () => Answer(connection, request, inNs));
        else Answer(connection, request, inNs);
    }

    private static bool IsOrder(string op) => op is "order" or "cancel-order" or "amend-order" or "batch-orders" or "batch-cancel-orders" or "batch-amend-orders";

    private void Answer(OkxConnection connection, OkxRequest request, long inNs)
    {
        _exchange.NowNs = _loop.NowNs;
        switch (request.Op)
        {
            case "ping":
                if (!_faults.IsMute) connection.Send("pong"u8.ToArray(), _loop.NowNs);
                break;
            case var _ when request.Fault is { } fault:
                Error(connection, request, fault);
                break;
            case "subscribe" or "unsubscribe" or "login" when !connection.TryCount(_loop.NowNs):
                Error(connection, request, OkxError.TooFrequent);
                break;
            case "subscribe" or "unsubscribe":
                foreach (var arguments in request.Args) Subscription(connection, request, arguments);
                break;
            case "login":
                LogIn(connection, request);
                break;
            case var op when IsOrder(op):
                if (!connection.IsPrivate) Error(connection, request, OkxError.WrongUrl);
                else if (connection.Member is not { } member) Error(connection, request, OkxError.PleaseLogIn);
                else Orders(connection, request, member, inNs);
                break;
            default:
                Error(connection, request, OkxError.InvalidOp(request.Op));
                break;
        }
    }

    private void LogIn(OkxConnection connection, OkxRequest request)
    {
        if (!connection.IsPrivate || connection.Member is not null || request.Args.Count != 1)
        {
            Error(connection, request, !connection.IsPrivate ? OkxError.WrongUrl : connection.Member is not null ? OkxError.LoggedInAlready : OkxError.InvalidArgs);
            return;
        }
        var (error, member) = _login.Check(request.Args[0], NowNs);
        if (error is not null)
        {
            Error(connection, request, error);
            connection.Close(LoginFailed, "Login Failed");
            return;
        }
        connection.Member = member;
        Event(connection, request, "login", w =>
        {
            w.WriteString("code", "0");
            w.WriteString("msg", "");
        });
    }

    private void Subscription(OkxConnection connection, OkxRequest request, OkxArguments arguments)
    {
        var begins = request.Op == "subscribe";
        var channel = arguments.RequiredText("channel");
        var (instId, instType) = (arguments.Text("instId"), arguments.Text("instType"));
        var instrument = instId is null ? null : _exchange.Find(instId);
        var isPrivate = channel is "orders" or "account";
        var error = arguments.Fault is not null ? OkxError.InvalidArgs
            : isPrivate && !connection.IsPrivate || !isPrivate && connection.IsPrivate ? OkxError.NoChannel($"channel:{channel}")
            : isPrivate && connection.Member is null ? OkxError.PleaseLogIn
            : channel switch
            {
                "books" or "trades" => instrument is null ? OkxError.NoChannel($"channel:{channel},instId:{instId}") : null,
                "instruments" => instType == "SPOT" ? null : OkxError.NoChannel($"channel:{channel},instType:{instType}"),
                "orders" => instType is "SPOT" or "ANY" && (instId is null || instrument is not null) ? null : OkxError.NoChannel($"channel:{channel},instType:{instType},instId:{instId}"),
                "account" => null,
                _ => OkxError.NoChannel($"channel:{channel}"),
            };
        if (error is not null)
        {
            Error(connection, request, error);
            return;
        }
        Event(connection, request, request.Op, w =>
        {
            w.WritePropertyName("arg");
            arguments.WriteTo(w);
        });
        switch (channel)
        {
            case "books" when begins: Feed.Subscribe(connection, instrument!); break;
            case "books": connection.Books.Remove(instrument!); break;
            case "trades" when begins: connection.Trades.Add(instrument!); break;
            case "trades": connection.Trades.Remove(instrument!); break;
            case "instruments":
                connection.Instruments = begins;
                if (begins) connection.Send(Feed.Instruments(_exchange.Instruments), _loop.NowNs);
                break;
            case "account":
                connection.Account = begins;
                if (begins) Reports.OnBalance(connection.Member!.Account, null, connection);
                break;
            default:
                OrdersChannel(connection, new OrdersSubscription(instType!, instrument), begins);
                break;
        }
    }

    // docs-v5, "Connection count limit": 30 connections with the orders channel for each account.
    private void OrdersChannel(OkxConnection connection, OrdersSubscription subscription, bool begins)
    {
        connection.Orders.Remove(subscription);
        if (!begins) return;
        var count = 1 + _connections.Count(c => c != connection && c.Member == connection.Member && c.Orders.Count > 0);
        var fits = count <= OrderConnectionsMax;
        if (fits) connection.Orders.Add(subscription);
        Event(connection, null, fits ? "channel-conn-count" : "channel-conn-count-error", w =>
        {
            w.WriteString("channel", "orders");
            w.WriteString("connCount", $"{Math.Min(count, OrderConnectionsMax)}");
        });
    }

    private void Orders(OkxConnection connection, OkxRequest request, OkxMember member, long inNs)
    {
        var isBatch = request.Op.StartsWith("batch", StringComparison.Ordinal);
        var verb = isBatch ? request.Op["batch-".Length..].TrimEnd('s') : request.Op;
        if (request.ID is null || request.Args.Count == 0 || request.Args.Count > (isBatch ? BatchMax : 1))
        {
            Reply(connection, request, inNs, [], OkxError.InvalidArgs);
            return;
        }
        if (request.ExpireNs != 0 && request.ExpireNs < NowNs)
        {
            Reply(connection, request, inNs, [], OkxError.Expired);
            return;
        }
        var account = member.Account;
        List<OkxOutcome> outcomes = [];
        // What the order causes is told after its answer, unless it is to be the other way round, or not at all.
        var isLate = verb == "order" && _faults.Take(FaultKind.FillBeforeAck);
        var isLost = verb == "order" && !isLate && _faults.Take(FaultKind.AckLost);
        if (verb == "order" && _faults.Take(FaultKind.DropAfterOrder)) connection.Abort();
        foreach (var arguments in request.Args)
        {
            if (!(isBatch ? _batchRates : _orderRates).TryTake((member, verb, Trading.Instrument(arguments)), _loop.NowNs))
            {
                outcomes.Add(new OkxOutcome("", arguments.Text("clOrdId") ?? "", OkxError.RateLimit));
                continue;
            }
            switch (verb)
            {
                case "order" when !isBatch && !isLate && !isLost:
                    Trading.Place(account, arguments, o => Reply(connection, request, inNs, [o]));
                    return;
                case "order":
                    Trading.Place(account, arguments, outcomes.Add);
                    break;
                case "cancel-order":
                    outcomes.Add(Trading.Cancel(account, arguments));
                    break;
                default:
                    outcomes.Add(Trading.Amend(account, arguments));
                    break;
            }
        }
        if (!isLost) Reply(connection, request, inNs, outcomes);
    }

    private void Reply(OkxConnection connection, OkxRequest request, long inNs, List<OkxOutcome> outcomes, OkxError? error = null)
    {
        var failed = outcomes.Count(o => o.Error is not null);
        var code = error?.Code ?? (failed == 0 ? "0" : failed == outcomes.Count ? "1" : "2");
        connection.Send(Json.Object(w =>
        {
            if (request.ID is not null) w.WriteString("id", request.ID);
            w.WriteString("op", request.Op);
            w.WriteString("code", code);
            w.WriteString("msg", error?.Text ?? "");
            w.WriteStartArray("data");
            foreach (var outcome in outcomes)
            {
                w.WriteStartObject();
                w.WriteString("ordId", outcome.OrdId);
                w.WriteString("clOrdId", outcome.ClOrdId);
                w.WriteString("tag", "");
                if (outcome.ReqId.Length > 0) w.WriteString("reqId", outcome.ReqId);
                w.WriteString("ts", OkxText.Ms(NowNs));
                w.WriteString("sCode", outcome.Error?.Code ?? "0");
                w.WriteString("sMsg", outcome.Error?.Text ?? (request.Op.EndsWith("order", StringComparison.Ordinal) ? "Order placed" : ""));
                w.WriteString("subCode", "");
                w.WriteEndObject();
            }
            w.WriteEndArray();
            w.WriteString("inTime", OkxText.Us(inNs));
            w.WriteString("outTime", OkxText.Us(_loop.NowNs));
        }), _loop.NowNs);
    }

    private void Error(OkxConnection connection, OkxRequest request, OkxError error) => Event(connection, request, "error", w =>
    {
        w.WriteString("code", error.Code);
        w.WriteString("msg", error.Text);
    });

    private void Event(OkxConnection connection, OkxRequest? request, string name, Action<Utf8JsonWriter> members) => connection.Send(Json.Object(w =>
    {
        if (request?.ID is { } id) w.WriteString("id", id);
        w.WriteString("event", name);
        members(w);
        w.WriteString("connId", connection.ID);
    }), _loop.NowNs);

    private void Poll()
    {
        _exchange.NowNs = _loop.NowNs;
        Feed.Publish();
        foreach (var connection in _connections)
            if (!connection.IsHalfOpen && _loop.NowNs - connection.SpokeNs > SilenceNs) connection.Close(NoData, "No data received in 30s.");
    }

    void IExchangeEvents.OnAccepted(Order order) => Trading.OnAccepted(order);

    void IExchangeEvents.OnFill(Order order, in Fill fill) => Reports.OnFill(order, fill);

    void IExchangeEvents.OnCanceled(Order order, CancelReason reason) => Trading.OnCanceled(order, reason);

    void IExchangeEvents.OnAmended(Order order) => Trading.OnAmended(order);

    void IExchangeEvents.OnTrade(in Trade trade) => Feed.OnTrade(trade);

    void IExchangeEvents.OnBalance(Account account, string asset, Int128 change, in Trade trade) => Reports.OnBalance(account, asset);

    void IExchangeEvents.OnHalt(Instrument instrument, bool halted) => Feed.OnInstrument(instrument);

    void IExchangeEvents.OnBook(Instrument instrument) => Feed.OnBook(instrument);
}
