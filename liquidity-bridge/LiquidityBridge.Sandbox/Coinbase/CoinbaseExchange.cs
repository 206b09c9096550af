using System.Text.Json;
using LiquidityBridge.Sandbox.Control;
using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.Coinbase;

/// <summary>An exchange that speaks Coinbase's Advanced Trade WebSocket: takes subscriptions in, tells events. Orders come over REST.</summary>
/// <remarks>Owned by the loop's thread.</remarks>
internal sealed class CoinbaseExchange : IExchangeEvents
{
    private const long PollNs = 10_000_000, HeartbeatNs = 1_000_000_000, SubscribeWithinNs = 5_000_000_000;
    private const int UnsignedPerSecond = 8;
    private const int PolicyViolation = 1008;

    private readonly Exchange _exchange;
    private readonly Faults _faults;
    private readonly Loop _loop;
    private readonly CoinbaseJwt _tokens;
    private readonly HashSet<CoinbaseConnection> _connections = [];
    private readonly RateWindow _unsigned = new(UnsignedPerSecond, HeartbeatNs);
    private long _heartbeats;

    /// <summary>Speaks for <paramref name="exchange"/>.</summary>
    public CoinbaseExchange(Exchange exchange, Faults faults, Loop loop, CoinbaseJwt tokens)
    {
        (_exchange, _faults, _loop, _tokens) = (exchange, faults, loop, tokens);
        Feed = new CoinbaseFeed(exchange, faults, _connections);
        Orders = new CoinbaseOrders(exchange, faults, _connections);
        Trading = new CoinbaseTrading(exchange, faults);
        Peers = new CoinbaseConnections(_connections, () =>
        {
            foreach (var instrument in exchange.Instruments) Feed.OnProduct(instrument);
        });
        exchange.Events = this;
        loop.Every(PollNs, Poll);
        loop.Every(HeartbeatNs, Heartbeat);
    }

    /// <summary>The public channels.</summary>
    public CoinbaseFeed Feed { get; }

    /// <summary>The user channel.</summary>
    public CoinbaseOrders Orders { get; }

    /// <summary>The orders.</summary>
    public CoinbaseTrading Trading { get; }

    /// <summary>What the control port can do to the connections.</summary>
    public IConnections Peers { get; }

    /// <summary>The exchange's own clock, nanoseconds.</summary>
    public long NowNs => _loop.NowNs + _faults.SkewNs;

    /// <summary>A connection is up.</summary>
    public void Opened(CoinbaseConnection connection) => _connections.Add(connection);

    /// <summary>A connection is gone.</summary>
    public void Closed(CoinbaseConnection connection) => _connections.Remove(connection);

    /// <summary>Answers a request.</summary>
    public void Received(CoinbaseConnection connection, CoinbaseRequest request)
    {
        _exchange.NowNs = _loop.NowNs;
        var account = request.Jwt.Length > 0 ? _tokens.Find(request.Jwt, null, NowNs) : null;
        var error = request.Fault
            ?? (request.Jwt.Length > 0 && account is null ? "authentication failure" : null)
            ?? (request.Jwt.Length == 0 && !_unsigned.TryTake(_loop.NowNs) ? "rate limit exceeded" : null)
            ?? (request.Channel is not ("level2" or "market_trades" or "status" or "heartbeats" or "user") || connection.IsUserOnly && request.Channel is not ("heartbeats" or "user") ? $"channel {request.Channel} is not supported" : null)
            ?? (request.Channel == "user" && account is null ? "authentication failure" : null)
            ?? (request.Products.FirstOrDefault(p => _exchange.Find(p) is null) is { } unknown ? $"{unknown} is not a valid product" : null);
        if (error is not null)
        {
            connection.Send(Json.Object(w =>
            {
                w.WriteString("type", "error");
                w.WriteString("message", error);
            }), _loop.NowNs);
            return;
        }
        connection.HasSubscribed = true;
        IReadOnlyList<Instrument> products = request.Products.Count == 0 ? _exchange.Instruments : [.. request.Products.Select(p => _exchange.Find(p)!)];
        if (request.Type == "subscribe") Begin(connection, request, products, account);
        else End(connection, request, products);
        connection.Send("subscriptions", _loop.NowNs, w => Subscriptions(w, connection));
    }

    private void Begin(CoinbaseConnection connection, CoinbaseRequest request, IReadOnlyList<Instrument> products, Account? account)
    {
        switch (request.Channel)
        {
            case "level2":
                foreach (var product in products) Feed.Subscribe(connection, product);
                break;
            case "market_trades":
                connection.Trades.UnionWith(products);
                break;
            case "status":
                connection.Status.UnionWith(products);
                connection.Send("status", _loop.NowNs, w => Feed.Status(w, "snapshot", products));
                break;
            case "heartbeats":
                connection.Heartbeats = true;
                break;
            default:
                connection.User = account;
                if (request.Products.Count > 0) connection.UserProducts.UnionWith(products);
                Orders.Snapshot(connection);
                break;
        }
    }

    private static void End(CoinbaseConnection connection, CoinbaseRequest request, IReadOnlyList<Instrument> products)
    {
        switch (request.Channel)
        {
            case "level2": connection.Books.ExceptWith(products); break;
            case "market_trades": connection.Trades.ExceptWith(products); break;
            case "status": connection.Status.ExceptWith(products); break;
            case "heartbeats": connection.Heartbeats = false; break;
            default: connection.User = null; break;
        }
    }

    private static void Subscriptions(Utf8JsonWriter w, CoinbaseConnection connection)
    {
        w.WriteStartObject();
        w.WriteStartObject("subscriptions");
        foreach (var (channel, products) in new[] { ("level2", connection.Books), ("market_trades", connection.Trades), ("status", connection.Status) })
        {
            if (products.Count == 0) continue;
            w.WriteStartArray(channel);
            foreach (var product in products) w.WriteStringValue(product.Symbol);
            w.WriteEndArray();
        }
        if (connection.Heartbeats)
        {
            w.WriteStartArray("heartbeats");
            w.WriteStringValue("heartbeats");
            w.WriteEndArray();
        }
        if (connection.User is not null)
        {
            w.WriteStartArray("user");
            w.WriteStringValue(CoinbaseText.ID(1));
            w.WriteEndArray();
        }
        w.WriteEndObject();
        w.WriteEndObject();
    }

    private void Heartbeat()
    {
        _heartbeats++;
        if (_faults.IsMute) return;
        foreach (var connection in _connections)
        {
            if (!connection.Heartbeats) continue;
            connection.Send("heartbeats", _loop.NowNs, w =>
            {
                w.WriteStartObject();
                w.Time("current_time", NowNs);
                w.WriteNumber("heartbeat_counter", _heartbeats);
                w.WriteEndObject();
            });
        }
    }

    private void Poll()
    {
        _exchange.NowNs = _loop.NowNs;
        Feed.Publish();
        // Documentation, "Subscribing": without one within 5 seconds the connection is closed.
        foreach (var connection in _connections)
            if (!connection.HasSubscribed && !connection.IsHalfOpen && _loop.NowNs - connection.OpenedNs > SubscribeWithinNs) connection.Close(PolicyViolation, "subscribe required");
    }

    void IExchangeEvents.OnAccepted(Order order) => Orders.OnOrder(order);

    void IExchangeEvents.OnFill(Order order, in Fill fill) => Orders.OnFill(order, fill);

    void IExchangeEvents.OnCanceled(Order order, CancelReason reason) => Orders.OnOrder(order);

    void IExchangeEvents.OnAmended(Order order) => Orders.OnOrder(order);

    void IExchangeEvents.OnTrade(in Trade trade) => Feed.OnTrade(trade);

    // Balances are asked for over REST: no channel tells them.
    void IExchangeEvents.OnBalance(Account account, string asset, Int128 change, in Trade trade)
    {
    }

    void IExchangeEvents.OnHalt(Instrument instrument, bool halted) => Feed.OnProduct(instrument);

    void IExchangeEvents.OnBook(Instrument instrument) => Feed.OnBook(instrument);
}
