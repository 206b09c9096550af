using System.Text.Json;
using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.Kraken;

/// <summary>An exchange that speaks Kraken's WebSocket API v2: takes requests in, tells events.</summary>
/// <remarks>Owned by the loop's thread.</remarks>
internal sealed class KrakenExchange : IExchangeEvents
{
    private const long HeartbeatNs = 1_000_000_000;
    private const int SymbolsMax = 100;

    private readonly Exchange _exchange;
    private readonly Faults _faults;
    private readonly Loop _loop;
    private readonly HashSet<Connection> _connections = [];
    private readonly KrakenFeed _feed;
    private readonly KrakenExecutions _executions;
    private readonly KrakenTrading _trading;
    private readonly Tokens _tokens = new();
    private readonly KrakenCounters _restCounters = new(KrakenCounters.RestMax, KrakenCounters.RestDecayMilli);
    private long _connectionIDs;

    /// <summary>Speaks for <paramref name="exchange"/>.</summary>
    public KrakenExchange(Exchange exchange, Faults faults, Loop loop)
    {
        _exchange = exchange;
        _faults = faults;
        _loop = loop;
        _feed = new KrakenFeed(exchange, faults, _connections);
        _executions = new KrakenExecutions(exchange, faults, _connections);
        _trading = new KrakenTrading(exchange, faults);
        exchange.Events = this;
        loop.Every(HeartbeatNs / 4, Heartbeat);
    }

    /// <summary>Connections that are up.</summary>
    public IReadOnlyCollection<Connection> Connections => _connections;

    /// <summary>This moment by its own clock, nanoseconds since 1970-01-01 UTC.</summary>
    public long NowNs => _faults.ByItsClock(_loop.NowNs);

    /// <summary>A private REST call of an account; false when there were too many lately (docs.kraken.com, "Spot REST rate limits").</summary>
    public bool TryCall(Account account) => _restCounters.TryAdd((account, ""), 1, _loop.NowNs);

    /// <summary>
    /// True when a nonce is larger than all before it. With a clock that is ahead of its client's, the nonces up to that
    /// time count as used: what a client meets whose clock went back, or whose key another program used too.
    /// </summary>
    public bool TakesNonce(Account account, ulong nonce)
    {
        if (nonce <= account.LastNonce || _faults.SkewNs > 0 && nonce <= (ulong)(NowNs / 1000)) return false;
        account.LastNonce = nonce;
        return true;
    }

    /// <summary>Number of the next connection.</summary>
    public long NextConnectionID() => ++_connectionIDs;

    /// <summary>A new token for an account.</summary>
    public string NewToken(Account account) => _tokens.New(account, NowNs);

    /// <summary>Tells the instruments' state and steps again.</summary>
    public void Announce()
    {
        foreach (var instrument in _exchange.Instruments) _feed.OnHalt(instrument);
    }

    /// <summary>Tokens given out so far are not good any more.</summary>
    public void ExpireTokens() => _tokens.Expire();

    /// <summary>A connection is up.</summary>
    public void Opened(Connection connection)
    {
        _connections.Add(connection);
        connection.Send(Json.Object(w =>
        {
            w.WriteString("channel", "status");
            w.WriteString("type", "update");
            w.WriteStartArray("data");
            w.WriteStartObject();
            w.WriteString("version", "2.0.10");
            w.WriteString("system", "online");
            w.WriteString("api_version", "v2");
            w.WriteNumber("connection_id", connection.ID);
            w.WriteEndObject();
            w.WriteEndArray();
        }), _loop.NowNs);
    }

    /// <summary>A connection is gone.</summary>
    public void Closed(Connection connection) => _connections.Remove(connection);

    /// <summary>Answers a request; a slow exchange waits first.</summary>
    public void Received(Connection connection, Request request)
    {
        var inNs = _loop.NowNs;
        if (request.Method is "add_order" or "amend_order" or "cancel_order" or "cancel_all" && _faults.Take(FaultKind.SlowAck))
            _loop.After(_faults.SlowNs, () => Answer(connection, request, inNs));
        else Answer(connection, request, inNs);
    }

    private void Answer(Connection connection, Request request, long inNs)
    {
        _exchange.NowNs = _loop.NowNs;
        var reply = new Reply(connection, request, _faults.ByItsClock(inNs), NowNs, _loop);
        if (request.Fault is { } fault)
        {
            reply.Error(fault);
            return;
        }
        switch (request.Method)
        {
            case "ping":
                if (!_faults.IsMute) reply.Pong();
                break;
            case "subscribe":
            case "unsubscribe":
                Subscription(connection, request, reply);
                break;
            case "add_order":
            case "amend_order":
            case "cancel_order":
            case "cancel_all":
                if (!connection.IsPrivate) reply.Error("Private data and trading are unavailable on this endpoint. Try ws-auth.kraken.com");
                else if (Authenticate(request, reply) is { } account) _trading.Answer(account, connection, request, reply);
                break;
            default:
                reply.Error($"Unsupported method: '{request.Method}'");
                break;
        }
    }

    private Account? Authenticate(Request request, Reply reply)
    {
        var token = request.RequiredText("token");
        var account = _tokens.Find(token, NowNs);
        if (request.Fault is not null) reply.Error(request.Fault);
        else if (account is null) reply.Error("ESession:Invalid session");
        return account;
    }

    private void Subscription(Connection connection, Request request, Reply reply)
    {
        var channel = request.RequiredText("channel");
        var begins = request.Method == "subscribe";
        if (request.Fault is not null) reply.Error(request.Fault);
        else if (channel is "executions" or "balances")
        {
            if (!connection.IsPrivate) reply.Error("Private data and trading are unavailable on this endpoint. Try ws-auth.kraken.com");
            else if (Authenticate(request, reply) is { } account) PrivateChannel(connection, request, reply, channel, account, begins);
        }
        else if (channel is not ("book" or "trade" or "instrument")) reply.Error($"Subscription name invalid: '{channel}'");
        else if (connection.IsPrivate) reply.Error("Public market data subscriptions are unavailable on this endpoint. Try ws.kraken.com");
        else if (channel == "instrument") InstrumentChannel(connection, request, reply, begins);
        else foreach (var symbol in Symbols(request, reply)) SymbolChannel(connection, request, reply, channel, symbol, begins);
    }

    private static IReadOnlyList<string> Symbols(Request request, Reply reply)
    {
        var symbols = request.Texts("symbol", SymbolsMax);
        if (request.Fault is not null) reply.Error(request.Fault);
        else if (symbols.Count == 0) reply.Error("Field 'symbol' is required");
        return symbols;
    }

    private void SymbolChannel(Connection connection, Request request, Reply reply, string channel, string symbol, bool begins)
    {
        var depth = request.Integer("depth", KrakenFeed.Depths[0]);
        // The book's snapshot is on unless it is asked not to be; trades have none here.
        var snapshot = request.Flag("snapshot", channel == "book");
        if (request.Fault is not null)
        {
            reply.Error(request.Fault, symbol);
            return;
        }
        if (_exchange.Find(symbol) is not { } instrument)
        {
            reply.Error($"Currency pair not supported {symbol}", symbol);
            return;
        }
        var isBook = channel == "book";
        if (isBook && !KrakenFeed.Depths.Contains(depth))
        {
            reply.Error("Subscription depth not supported", symbol);
            return;
        }
        var subscribed = isBook ? connection.Books.ContainsKey(instrument) : connection.Trades.Contains(instrument);
        if (subscribed == begins)
        {
            reply.Error(begins ? "Already subscribed to one or more of the symbols for the given channel" : "Subscription Not Found", symbol);
            return;
        }
        reply.Ok(w =>
        {
            w.WriteString("channel", channel);
            if (isBook) w.WriteNumber("depth", depth);
            if (begins) w.WriteBoolean("snapshot", snapshot);
            w.WriteString("symbol", symbol);
        });
        if (isBook && begins) _feed.Subscribe(connection, instrument, depth, snapshot);
        else if (isBook) connection.Books.Remove(instrument);
        else if (begins) connection.Trades.Add(instrument);
        else connection.Trades.Remove(instrument);
    }

    private void InstrumentChannel(Connection connection, Request request, Reply reply, bool begins)
    {
        var snapshot = request.Flag("snapshot", true);
        if (request.Fault is not null || connection.Instruments == begins)
        {
            reply.Error(request.Fault ?? (begins ? "Already subscribed" : "Subscription Not Found"));
            return;
        }
        connection.Instruments = begins;
        reply.Ok(w =>
        {
            w.WriteString("channel", "instrument");
            if (begins) w.WriteBoolean("snapshot", snapshot);
        });
        if (begins && snapshot) connection.Send(_feed.Instruments(), _loop.NowNs);
    }

    private void PrivateChannel(Connection connection, Request request, Reply reply, string channel, Account account, bool begins)
    {
        var isExecutions = channel == "executions";
        var orders = request.Flag("snap_orders", true);
        var trades = request.Flag("snap_trades", false);
        var all = request.Flag("order_status", true);
        var snapshot = request.Flag("snapshot", true);
        var subscribed = (isExecutions ? connection.Executions : connection.Balances) is not null;
        if (request.Fault is not null || subscribed == begins)
        {
            reply.Error(request.Fault ?? (begins ? "Already subscribed" : "Subscription Not Found"));
            return;
        }
        reply.Ok(w =>
        {
            w.WriteString("channel", channel);
            if (!begins) return;
            if (!isExecutions)
            {
                w.WriteBoolean("snapshot", snapshot);
                return;
            }
            w.WriteNumber("maxratecount", KrakenCounters.TradingMax);
            w.WriteBoolean("snap_orders", orders);
            w.WriteBoolean("snap_trades", trades);
        });
        var subscription = begins ? new PrivateChannel(account) { AllTransitions = all } : null;
        if (isExecutions) connection.Executions = subscription;
        else connection.Balances = subscription;
        if (!begins) return;
        if (isExecutions) _executions.Snapshot(connection, orders, trades);
        else if (snapshot) _executions.BalanceSnapshot(connection);
    }

    private void Heartbeat()
    {
        if (_faults.IsMute) return;
        var message = Json.Object(w => w.WriteString("channel", "heartbeat"));
        foreach (var connection in _connections)
            if (connection.IsSubscribed && _loop.NowNs - connection.LastSentNs >= HeartbeatNs) connection.Send(message, _loop.NowNs);
    }

    void IExchangeEvents.OnAccepted(Order order)
    {
        _trading.OnAccepted(order);
        _executions.OnAccepted(order);
    }

    void IExchangeEvents.OnFill(Order order, in Fill fill)
    {
        if (!order.IsOpen) _trading.OnDone(order);
        _executions.OnFill(order, fill);
    }

    void IExchangeEvents.OnCanceled(Order order, CancelReason reason)
    {
        _trading.OnDone(order);
        _executions.OnCanceled(order, reason);
    }

    void IExchangeEvents.OnAmended(Order order) => _executions.OnAmended(order);

    void IExchangeEvents.OnTrade(in Trade trade) => _feed.OnTrade(trade);

    void IExchangeEvents.OnBalance(Account account, string asset, Int128 change, in Trade trade) => _executions.OnBalance(account, asset, change, trade);

    void IExchangeEvents.OnHalt(Instrument instrument, bool halted) => _feed.OnHalt(instrument);

    void IExchangeEvents.OnBook(Instrument instrument) => _feed.OnBook(instrument);
}

/// <summary>The answers to one request.</summary>
internal sealed class Reply(Connection connection, Request request, long inNs, long outNs, Loop loop)
{
    /// <summary>The request was done.</summary>
    public void Ok(Action<Utf8JsonWriter> result) => Send(w =>
    {
        w.WriteString("method", request.Method);
        w.WriteStartObject("result");
        result(w);
        w.WriteEndObject();
        w.WriteBoolean("success", true);
    });

    /// <summary>The request, or the part of it about <paramref name="symbol"/>, was refused.</summary>
    public void Error(string text, string? symbol = null) => Send(w =>
    {
        w.WriteString("error", text);
        w.WriteString("method", request.Method);
        w.WriteBoolean("success", false);
        if (symbol is not null) w.WriteString("symbol", symbol);
    });

    /// <summary>The answer to a ping.</summary>
    public void Pong() => Send(w => w.WriteString("method", "pong"));

    private void Send(Action<Utf8JsonWriter> members) => connection.Send(Json.Object(w =>
    {
        members(w);
        if (request.ReqID is { } id) w.WriteNumber("req_id", id);
        w.Time("time_in", inNs);
        w.Time("time_out", outNs);
    }), loop.NowNs);
}
