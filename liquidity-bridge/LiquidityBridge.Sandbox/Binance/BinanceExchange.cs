using System.Text.Json;
using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.Binance;

/// <summary>An exchange that speaks Binance spot: market streams, the WebSocket API, the user data stream.</summary>
/// <remarks>Owned by the loop's thread.</remarks>
internal sealed class BinanceExchange : IExchangeEvents
{
    private const long PublishNs = 20_000_000;
    private const int StreamsMax = 1024;

    private readonly Exchange _exchange;
    private readonly Faults _faults;
    private readonly Loop _loop;
    private readonly HashSet<BinanceConnection> _connections = [];
    private readonly BinanceReports _reports;
    private readonly BinanceApi _api;

    /// <summary>Speaks for <paramref name="exchange"/>.</summary>
    public BinanceExchange(Exchange exchange, Faults faults, Loop loop, IReadOnlyList<Account> accounts)
    {
        (_exchange, _faults, _loop) = (exchange, faults, loop);
        Feed = new BinanceFeed(exchange, faults, _connections);
        _reports = new BinanceReports(exchange, faults, _connections);
        Trading = new BinanceTrading(exchange, faults, Limits, _reports);
        Login = new BinanceLogin(accounts, faults);
        _api = new BinanceApi(exchange, this, _reports);
        exchange.Events = this;
        loop.Every(PublishNs, () =>
        {
            _exchange.NowNs = _loop.NowNs;
            Feed.Publish();
        });
    }

    /// <summary>Market streams.</summary>
    public BinanceFeed Feed { get; }

    /// <summary>Orders.</summary>
    public BinanceTrading Trading { get; }

    /// <summary>Signatures.</summary>
    public BinanceLogin Login { get; }

    /// <summary>What may be asked.</summary>
    public BinanceLimits Limits { get; } = new();

    /// <summary>Connections that are up.</summary>
    public IReadOnlyCollection<BinanceConnection> Connections => _connections;

    /// <summary>A connection is up; <paramref name="streams"/> stood in its address.</summary>
    public void Opened(BinanceConnection connection, IEnumerable<string> streams)
    {
        _connections.Add(connection);
        foreach (var stream in streams)
            if (Feed.Has(stream)) Subscribe(connection, stream);
    }

    /// <summary>A connection is gone.</summary>
    public void Closed(BinanceConnection connection) => _connections.Remove(connection);

    /// <summary>Sessions and their user data streams end.</summary>
    public void ExpireSessions()
    {
        foreach (var connection in _connections)
        {
            connection.Session = null;
            foreach (var subscription in connection.UserData.Keys)
                _reports.Send(connection, subscription, w =>
                {
                    w.WriteString("e", "eventStreamTerminated");
                    w.WriteNumber("E", BinanceText.Ms(_loop.NowNs));
                });
            connection.UserData.Clear();
        }
    }

    /// <summary>web-socket-streams.md, "serverShutdown": told some time before the connection is closed.</summary>
    public void Shutdown()
    {
        foreach (var connection in _connections.ToList())
        {
            connection.Send(Json.Object(w =>
            {
                if (connection.Line != BinanceLine.Raw) w.WriteStartObject(connection.Line == BinanceLine.Api ? "event" : "data");
                w.WriteString("e", "serverShutdown");
                w.WriteNumber("E", BinanceText.Ms(_loop.NowNs));
                if (connection.Line != BinanceLine.Raw) w.WriteEndObject();
            }), _loop.NowNs);
            _loop.After(10_000_000_000, connection.Abort);
        }
    }

    /// <summary>What a snapshot says; an old one when that is to go wrong.</summary>
    public (long ID, IReadOnlyList<(long, long)> Bids, IReadOnlyList<(long, long)> Asks) Snapshot(Instrument instrument)
    {
        var book = Feed.Book(instrument);
        return book.OldSnapshot() is { } old && _faults.Take(FaultKind.OldSnapshot) ? old : book.Snapshot();
    }

    private void Subscribe(BinanceConnection connection, string stream)
    {
        if (connection.Streams.Add(stream)) Feed.Subscribed(stream);
    }

    /// <summary>The price step that is announced, in 10^-8.</summary>
    public long TickOf(Instrument instrument) => Decimals.Power(8 - instrument.PriceDecimals - _faults.ExtraDecimals);

    /// <summary>Answers a message; a slow exchange waits first.</summary>
    public void Received(BinanceConnection connection, BinanceRequest request)
    {
        _exchange.NowNs = _loop.NowNs;
        if (connection.Line == BinanceLine.Api)
        {
            if (request.Method.StartsWith("order.", StringComparison.Ordinal) && _faults.Take(FaultKind.SlowAck)) _loop.After(_faults.SlowNs, () => Answer(connection, request));
            else Answer(connection, request);
        }
        // "A connection that goes beyond the limit will be disconnected."
        else if (!connection.Messages.TryTake(_loop.NowNs)) connection.Close(1008, "Too many requests");
        else Control(connection, request);
    }

    private void Answer(BinanceConnection connection, BinanceRequest request)
    {
        _exchange.NowNs = _loop.NowNs;
        _api.Answer(connection, request);
    }

    private void Control(BinanceConnection connection, BinanceRequest request)
    {
        var error = request.Fault;
        switch (request.Method)
        {
            case "SUBSCRIBE" when error is null && connection.Streams.Count + request.Streams.Count <= StreamsMax:
                foreach (var stream in request.Streams) Subscribe(connection, stream);
                break;
            case "UNSUBSCRIBE" when error is null:
                foreach (var stream in request.Streams) connection.Streams.Remove(stream);
                break;
            case "LIST_SUBSCRIPTIONS" when error is null:
                if (_faults.IsMute) return;
                break;
            default:
                error ??= new BinanceError(2, "Invalid request: unknown variant");
                break;
        }
        connection.Send(Json.Object(w =>
        {
            if (error is not null)
            {
                w.WriteNumber("code", error.Code);
                w.WriteString("msg", error.Message);
            }
            else if (request.Method == "LIST_SUBSCRIPTIONS")
            {
                w.WriteStartArray("result");
                foreach (var stream in connection.Streams.Order(StringComparer.Ordinal)) w.WriteStringValue(stream);
                w.WriteEndArray();
            }
            else
            {
                w.WriteNull("result");
            }
            w.WritePropertyName("id");
            w.WriteRawValue(request.ID ?? "null");
        }), _loop.NowNs);
    }

    void IExchangeEvents.OnAccepted(Order order) => Trading.OnAccepted(order);

    void IExchangeEvents.OnFill(Order order, in Fill fill) => Trading.OnFill(order, fill);

    void IExchangeEvents.OnCanceled(Order order, CancelReason reason) => Trading.OnCanceled(order);

    // No client amends here.
    void IExchangeEvents.OnAmended(Order order)
    {
    }

    void IExchangeEvents.OnTrade(in Trade trade) => Feed.OnTrade(trade);

    void IExchangeEvents.OnBalance(Account account, string asset, Int128 change, in Trade trade) => _reports.OnBalance(account, asset);

    // exchangeInfo says so to who asks.
    void IExchangeEvents.OnHalt(Instrument instrument, bool halted)
    {
    }

    void IExchangeEvents.OnBook(Instrument instrument) => Feed.OnBook(instrument);
}
