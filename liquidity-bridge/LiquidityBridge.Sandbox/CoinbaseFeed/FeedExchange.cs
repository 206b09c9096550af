using System.Text.Json;
using LiquidityBridge.Sandbox.Coinbase;
using LiquidityBridge.Sandbox.Control;
using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.CoinbaseFeed;

/// <summary>An exchange that speaks Coinbase Exchange's WebSocket feed: takes subscriptions in, tells events. Orders come over REST.</summary>
/// <remarks>Owned by the loop's thread.</remarks>
internal sealed class FeedExchange : IExchangeEvents
{
    private const long PollNs = 10_000_000, SecondNs = 1_000_000_000, SubscribeWithinNs = 5_000_000_000, BatchNs = 50_000_000;
    private const int Depth = 1000, PolicyViolation = 1008, MessagesPerSecond = 100;

    private static readonly string[] _known = ["level2", "level2_batch", "matches", "heartbeat", "status", "user"];

    private readonly Exchange _exchange;
    private readonly Faults _faults;
    private readonly Loop _loop;
    private readonly FeedLogin _login;
    private readonly HashSet<FeedConnection> _connections = [];
    private readonly Dictionary<Instrument, ToldBook<FeedConnection>> _told;
    private readonly Dictionary<Instrument, Trade> _lastTrades = [];
    private readonly RateWindow _messages = new(MessagesPerSecond, SecondNs);

    /// <summary>Speaks for <paramref name="exchange"/>.</summary>
    public FeedExchange(Exchange exchange, Faults faults, Loop loop, FeedLogin login)
    {
        (_exchange, _faults, _loop, _login) = (exchange, faults, loop, login);
        _told = exchange.Instruments.ToDictionary(i => i, i => new ToldBook<FeedConnection>(exchange, faults, i, Depth, BatchNs));
        Messages = new FeedMessages(exchange, faults, loop);
        Orders = new FeedOrders(exchange, faults, loop, Messages, _connections);
        Peers = new FeedConnections(_connections, Announce);
        exchange.Events = this;
        loop.Every(PollNs, Poll);
        loop.Every(SecondNs, Heartbeat);
    }

    /// <summary>What is told.</summary>
    public FeedMessages Messages { get; }

    /// <summary>The user channel.</summary>
    public FeedOrders Orders { get; }

    /// <summary>What the control port can do to the connections.</summary>
    public IConnections Peers { get; }

    /// <summary>The exchange's own clock, nanoseconds.</summary>
    public long NowNs => Messages.NowNs;

    /// <summary>A connection is up.</summary>
    public void Opened(FeedConnection connection) => _connections.Add(connection);

    /// <summary>A connection is gone.</summary>
    public void Closed(FeedConnection connection) => _connections.Remove(connection);

    /// <summary>Answers a request.</summary>
    public void Received(FeedConnection connection, FeedRequest request)
    {
        _exchange.NowNs = _loop.NowNs;
        if (request.Fault is not null)
        {
            Refuse(connection, "Failed to subscribe", request.Fault);
            return;
        }
        if (!_messages.TryTake(_loop.NowNs))
        {
            Refuse(connection, "Rate limit exceeded", "too many messages");
            return;
        }
        var (key, passphrase, timestamp, signature) = request.Login;
        Account? account = null;
        if (key.Length > 0)
        {
            (var error, account) = _login.Check(key, passphrase, timestamp, signature, "GET/users/self/verify", [], NowNs);
            if (error is not null)
            {
                Refuse(connection, "Authentication Failed", error);
                return;
            }
        }
        foreach (var (channel, names) in request.Channels)
        {
            if (!_known.Contains(channel)) Refuse(connection, "Failed to subscribe", $"{channel} is not a valid channel");
            else if (request.Type == "subscribe" && channel is "level2" or "user" && account is null) Refuse(connection, "Failed to subscribe", $"{channel} requires authentication");
            else if (names.FirstOrDefault(n => _exchange.Find(n) is null) is { } unknown) Refuse(connection, "Failed to subscribe", $"{unknown} is not a valid product");
            else continue;
            return;
        }
        connection.HasSubscribed = true;
        var begun = new List<(string Channel, Instrument Product)>();
        foreach (var (channel, names) in request.Channels)
        {
            var products = names.Count == 0 ? _exchange.Instruments : [.. names.Select(n => _exchange.Find(n)!)];
            if (!connection.Channels.TryGetValue(channel, out var subscribed)) connection.Channels[channel] = subscribed = [];
            foreach (var product in products)
            {
                if (request.Type == "unsubscribe") subscribed.Remove(product);
                else if (!subscribed.Contains(product)) begun.Add((channel, product));
            }
            if (channel == "user") connection.User = request.Type == "subscribe" ? account : null;
        }
        // A snapshot is taken before its subscriber counts as one.
        var snapshots = begun.Where(b => b.Channel is "level2" or "level2_batch").Select(b => (b.Product, Sides: _told[b.Product].Snapshot(isFirst: !_connections.Any(c => c.HearsBook(b.Product))))).ToList();
        foreach (var (channel, product) in begun) connection.Channels[channel].Add(product);
        connection.Send(Json.Object(w => FeedMessages.Subscriptions(w, connection)), _loop.NowNs);
        foreach (var (product, sides) in snapshots) connection.Send(Messages.Snapshot(product, sides), _loop.NowNs);
        foreach (var (channel, product) in begun)
            if (channel == "matches" && _lastTrades.TryGetValue(product, out var last)) connection.Send(Messages.Match("last_match", last), _loop.NowNs);
        if (begun.Exists(b => b.Channel == "status")) connection.Send(Messages.Status(), _loop.NowNs);
    }

    private void Refuse(FeedConnection connection, string message, string reason) => connection.Send(Json.Object(w =>
    {
        w.WriteString("type", "error");
        w.WriteString("message", message);
        w.WriteString("reason", reason);
    }), _loop.NowNs);

    private void Heartbeat()
    {
        if (_faults.IsMute) return;
        foreach (var connection in _connections)
        {
            foreach (var instrument in _exchange.Instruments)
            {
                if (!connection.Hears("heartbeat", instrument)) continue;
                connection.Send(Json.Object(w =>
                {
                    w.WriteString("type", "heartbeat");
                    w.WriteNumber("last_trade_id", _lastTrades.TryGetValue(instrument, out var last) ? last.ID : 0);
                    w.WriteString("product_id", instrument.Symbol);
                    w.WriteNumber("sequence", Messages.Sequence(instrument));
                    w.Time("time", NowNs);
                }), _loop.NowNs);
            }
        }
    }

    private void Poll()
    {
        _exchange.NowNs = _loop.NowNs;
        foreach (var told in _told.Values) Publish(told);
        // Documentation, "Subscribe": without one within 5 seconds the connection is closed.
        foreach (var connection in _connections)
            if (!connection.HasSubscribed && !connection.IsHalfOpen && _loop.NowNs - connection.OpenedNs > SubscribeWithinNs) connection.Close(PolicyViolation, "subscribe required");
    }

    // A change has no number: who misses one cannot tell by the next.
    private void Publish(ToldBook<FeedConnection> told) => told.Publish([.. _connections.Where(c => c.HearsBook(told.Instrument))], (_, sides) => Messages.Update(told.Instrument, sides), _ => { });

    private void Announce()
    {
        var status = Messages.Status();
        foreach (var connection in _connections)
            if (connection.Channels.ContainsKey("status")) connection.Send(status, _loop.NowNs);
    }

    void IExchangeEvents.OnAccepted(Order order) => Orders.OnAccepted(order);

    void IExchangeEvents.OnFill(Order order, in Fill fill) => Orders.OnFill(order, fill);

    void IExchangeEvents.OnCanceled(Order order, CancelReason reason) => Orders.OnCanceled(order);

    void IExchangeEvents.OnAmended(Order order) => Orders.OnAmended(order);

    void IExchangeEvents.OnTrade(in Trade trade)
    {
        var t = trade;
        _lastTrades[t.Instrument] = t;
        Messages.NextSequence(t.Instrument);
        if (_faults.IsFrozen) return;
        var message = Messages.Match("match", t);
        foreach (var connection in _connections)
            if (connection.Hears("matches", t.Instrument)) connection.Send(message, _loop.NowNs);
    }

    // Balances are asked for over REST: no channel tells them.
    void IExchangeEvents.OnBalance(Account account, string asset, Int128 change, in Trade trade)
    {
    }

    void IExchangeEvents.OnHalt(Instrument instrument, bool halted) => Announce();

    void IExchangeEvents.OnBook(Instrument instrument)
    {
        _told[instrument].Touch();
        Publish(_told[instrument]);
    }
}
