using System.Text.Json;
using LiquidityBridge.Sandbox.Coinbase;
using LiquidityBridge.Sandbox.Control;
using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.CoinbaseFeed;

/// <summary>An exchange that speaks Coinbase Exchange's WebSocket feed: takes subscriptions in, tells events. Orders come over REST.</summary>
/// <remarks>Owned by the loop's thread.</remarks>
internal sealed class FeedExchange : IExchangeEvents, IConnections
{
    private const long PollNs = 10_000_000, SecondNs = 1_000_000_000, SubscribeWithinNs = 5_000_000_000, BatchNs = 50_000_000;
    private const int Depth = 1000, PolicyViolation = 1008, MessagesPerSecond = 100, FillsKept = 1000;

    private static readonly string[] _known = ["level2", "level2_batch", "matches", "heartbeat", "status", "user"];

    private readonly Exchange _exchange;
    private readonly Faults _faults;
    private readonly Loop _loop;
    private readonly FeedLogin _login;
    private readonly HashSet<FeedConnection> _connections = [];
    private readonly Dictionary<Instrument, ToldBook<FeedConnection>> _told;
    private readonly Dictionary<Instrument, long> _sequences = [];
    private readonly Dictionary<Instrument, Trade> _lastTrades = [];
    private readonly Dictionary<Account, Queue<(Order Order, Fill Fill, long AtNs)>> _fills = [];
    private readonly RateWindow _messages = new(MessagesPerSecond, SecondNs);
    private readonly List<Action> _held = [];   // while fills are told before the acknowledgement
    private bool _isHolding;

    /// <summary>Speaks for <paramref name="exchange"/>.</summary>
    public FeedExchange(Exchange exchange, Faults faults, Loop loop, FeedLogin login)
    {
        (_exchange, _faults, _loop, _login) = (exchange, faults, loop, login);
        _told = exchange.Instruments.ToDictionary(i => i, i => new ToldBook<FeedConnection>(exchange, faults, i, Depth, BatchNs));
        exchange.Events = this;
        loop.Every(PollNs, Poll);
        loop.Every(SecondNs, Heartbeat);
    }

    /// <summary>The exchange's own clock, nanoseconds.</summary>
    public long NowNs => _loop.NowNs + _faults.SkewNs;

    /// <summary>A connection is up.</summary>
    public void Opened(FeedConnection connection) => _connections.Add(connection);

    /// <summary>A connection is gone.</summary>
    public void Closed(FeedConnection connection) => _connections.Remove(connection);

    /// <summary>Number of the last event of a product.</summary>
    public long Sequence(Instrument instrument) => _sequences.GetValueOrDefault(instrument);

    /// <summary>An account's last fills, newest first.</summary>
    public IEnumerable<(Order Order, Fill Fill, long AtNs)> Fills(Account account) => _fills.TryGetValue(account, out var fills) ? fills.Reverse() : [];

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
        connection.Send(Json.Object(w => Subscriptions(w, connection)), _loop.NowNs);
        foreach (var (product, sides) in snapshots) connection.Send(Json.Object(w => Snapshot(w, product, sides)), _loop.NowNs);
        foreach (var (channel, product) in begun)
            if (channel == "matches" && _lastTrades.TryGetValue(product, out var last)) connection.Send(Json.Object(w => Match(w, "last_match", last)), _loop.NowNs);
        if (begun.Exists(b => b.Channel == "status")) connection.Send(Json.Object(Status), _loop.NowNs);
    }

    /// <summary>An order's fills are told before <paramref name="enter"/>'s acknowledgement when that fault is armed.</summary>
    public T Entering<T>(Func<T> enter)
    {
        _isHolding = _faults.Take(FaultKind.FillBeforeAck);
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

    /// <summary>One product, as REST and the status channel have it.</summary>
    public void Product(Utf8JsonWriter w, Instrument i)
    {
        var halted = _exchange.IsHalted(i);
        w.WriteStartObject();
        w.WriteString("id", i.Symbol);
        w.WriteString("base_currency", i.Base);
        w.WriteString("quote_currency", i.Quote);
        w.WriteString("quote_increment", Decimals.Text(1, i.PriceDecimals + _faults.ExtraDecimals));
        w.WriteString("base_increment", i.Quantity(1));
        w.WriteString("display_name", $"{i.Base}/{i.Quote}");
        w.WriteString("min_market_funds", "1");
        w.WriteBoolean("margin_enabled", false);
        w.WriteBoolean("post_only", false);
        w.WriteBoolean("limit_only", false);
        w.WriteBoolean("cancel_only", halted);
        w.WriteBoolean("trading_disabled", halted);
        w.WriteString("status", halted ? "offline" : "online");
        w.WriteString("status_message", "");
        w.WriteEndObject();
    }

    private void Refuse(FeedConnection connection, string message, string reason) => connection.Send(Json.Object(w =>
    {
        w.WriteString("type", "error");
        w.WriteString("message", message);
        w.WriteString("reason", reason);
    }), _loop.NowNs);

    private static void Subscriptions(Utf8JsonWriter w, FeedConnection connection)
    {
        w.WriteString("type", "subscriptions");
        w.WriteStartArray("channels");
        foreach (var (channel, products) in connection.Channels)
        {
            if (products.Count == 0) continue;
            w.WriteStartObject();
            w.WriteString("name", channel);
            w.WriteStartArray("product_ids");
            foreach (var product in products) w.WriteStringValue(product.Symbol);
            w.WriteEndArray();
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private void Snapshot(Utf8JsonWriter w, Instrument instrument, ToldBook<FeedConnection>.Sides sides)
    {
        w.WriteString("type", "snapshot");
        w.WriteString("product_id", instrument.Symbol);
        foreach (var (name, levels) in new[] { ("bids", sides.Bids), ("asks", sides.Asks) })
        {
            w.WriteStartArray(name);
            foreach (var (ticks, lots) in levels)
            {
                w.WriteStartArray();
                w.WriteStringValue(instrument.Price(ticks));
                w.WriteStringValue(instrument.Quantity(lots));
                w.WriteEndArray();
            }
            w.WriteEndArray();
        }
        w.Time("time", NowNs);
    }

    private byte[] Update(Instrument instrument, ToldBook<FeedConnection>.Sides sides) => Json.Object(w =>
    {
        w.WriteString("type", "l2update");
        w.WriteString("product_id", instrument.Symbol);
        w.WriteStartArray("changes");
        foreach (var (side, levels) in new[] { ("buy", sides.Bids), ("sell", sides.Asks) })
        {
            foreach (var (ticks, lots) in levels)
            {
                w.WriteStartArray();
                w.WriteStringValue(side);
                w.WriteStringValue(instrument.Price(ticks));
                w.WriteStringValue(instrument.Quantity(lots));
                w.WriteEndArray();
            }
        }
        w.WriteEndArray();
        w.Time("time", NowNs);
    });

    private void Match(Utf8JsonWriter w, string type, in Trade trade)
    {
        w.WriteString("type", type);
        w.WriteNumber("trade_id", trade.ID);
        w.WriteString("maker_order_id", FeedText.ID(1L << 42));
        w.WriteString("taker_order_id", FeedText.ID(1L << 43));
        // Documentation, "Match": the side is the maker's.
        w.WriteString("side", FeedText.Of(trade.TakerSide == Side.Buy ? Side.Sell : Side.Buy));
        w.WriteString("size", trade.Instrument.Quantity(trade.Lots));
        w.WriteString("price", trade.Instrument.Price(trade.Ticks));
        w.WriteString("product_id", trade.Instrument.Symbol);
        w.WriteNumber("sequence", Sequence(trade.Instrument));
        w.Time("time", NowNs);
    }

    private void Status(Utf8JsonWriter w)
    {
        w.WriteString("type", "status");
        w.WriteStartArray("products");
        foreach (var instrument in _exchange.Instruments) Product(w, instrument);
        w.WriteEndArray();
        w.WriteStartArray("currencies");
        w.WriteEndArray();
    }

    // The order's own messages, as on the full channel, with whose they are.
    private void Tell(Order order, string type, Action<Utf8JsonWriter> members)
    {
        if (_isHolding && type is "received")
        {
            _held.Add(() => Tell(order, type, members));
            return;
        }
        var sequence = _sequences[order.Instrument] = Sequence(order.Instrument) + 1;
        if (_faults.Take(FaultKind.ExecutionGap)) return;
        var message = Json.Object(w =>
        {
            w.WriteString("type", type);
            w.WriteString("product_id", order.Instrument.Symbol);
            w.WriteString("order_id", FeedText.ID(order.ID));
            w.WriteString("side", FeedText.Of(order.Side));
            w.WriteString("user_id", order.Account.Name);
            w.WriteString("profile_id", order.Account.Name);
            w.WriteNumber("sequence", sequence);
            w.Time("time", NowNs);
            members(w);
        });
        foreach (var connection in _connections)
            if (connection.User == order.Account && connection.Hears("user", order.Instrument)) connection.Send(message, _loop.NowNs);
    }

    private void Done(Order order, string reason) => Tell(order, "done", w =>
    {
        w.WriteString("reason", reason);
        w.WriteString("price", order.Instrument.Price(order.LimitTicks));
        w.WriteString("remaining_size", order.Instrument.Quantity(order.Lots - order.CumLots));
    });

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
                    w.WriteNumber("sequence", Sequence(instrument));
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
    private void Publish(ToldBook<FeedConnection> told) => told.Publish([.. _connections.Where(c => c.HearsBook(told.Instrument))], (_, sides) => Update(told.Instrument, sides), _ => { });

    private void Announce()
    {
        var status = Json.Object(Status);
        foreach (var connection in _connections)
            if (connection.Channels.ContainsKey("status")) connection.Send(status, _loop.NowNs);
    }

    int IConnections.Count => _connections.Count;

    void IConnections.Disconnect()
    {
        foreach (var connection in _connections) connection.Abort();
    }

    void IConnections.HalfOpen()
    {
        foreach (var connection in _connections) connection.HalfOpen();
    }

    // Keys do not expire; what can end is the listening on the user channel.
    void IConnections.ExpireTokens()
    {
        foreach (var connection in _connections.Where(c => c.User is not null)) connection.Close(PolicyViolation, "Authentication Failed");
    }

    void IConnections.CloseSlow()
    {
        foreach (var connection in _connections) connection.Close(PolicyViolation, "ErrSlowConsume");
    }

    void IConnections.Fragment(int frameBytesMax)
    {
        foreach (var connection in _connections) connection.FrameBytesMax = frameBytesMax;
    }

    void IConnections.Announce() => Announce();

    long IConnections.OrderNumber(string orderID) => CoinbaseText.Number(orderID);

    void IExchangeEvents.OnAccepted(Order order) => Tell(order, "received", w =>
    {
        w.WriteString("client_oid", order.ClOrdID);
        w.WriteString("order_type", order.Request.Type == OrdType.Limit ? "limit" : "market");
        w.WriteString("size", order.Instrument.Quantity(order.Lots));
        if (order.Request.Type == OrdType.Limit) w.WriteString("price", order.Instrument.Price(order.LimitTicks));
    });

    void IExchangeEvents.OnFill(Order order, in Fill fill)
    {
        if (!_fills.TryGetValue(order.Account, out var fills)) _fills[order.Account] = fills = new();
        fills.Enqueue((order, fill, _exchange.NowNs));
        if (fills.Count > FillsKept) fills.Dequeue();
        var (trade, isMaker) = (fill.Trade, fill.Liquidity == Liquidity.Added);
        for (var times = _faults.Take(FaultKind.DuplicateFill) ? 2 : 1; times > 0; times--)
        {
            Tell(order, "match", w =>
            {
                w.WriteNumber("trade_id", trade.ID);
                w.WriteString("maker_order_id", FeedText.ID(isMaker ? order.ID : 1L << 42));
                w.WriteString("taker_order_id", FeedText.ID(isMaker ? 1L << 43 : order.ID));
                w.WriteString("size", order.Instrument.Quantity(trade.Lots));
                w.WriteString("price", order.Instrument.Price(trade.Ticks));
                w.WriteString(isMaker ? "maker_fee_rate" : "taker_fee_rate", Decimals.Text(isMaker ? order.Instrument.MakerFeePpm : order.Instrument.TakerFeePpm, 6));
            });
        }
        if (!order.IsOpen) Done(order, "filled");
    }

    void IExchangeEvents.OnCanceled(Order order, CancelReason reason) => Done(order, "canceled");

    void IExchangeEvents.OnAmended(Order order) => Tell(order, "change", w => w.WriteString("new_size", order.Instrument.Quantity(order.Leaves)));

    void IExchangeEvents.OnTrade(in Trade trade)
    {
        var t = trade;
        _lastTrades[t.Instrument] = t;
        _sequences[t.Instrument] = Sequence(t.Instrument) + 1;
        if (_faults.IsFrozen) return;
        var message = Json.Object(w => Match(w, "match", t));
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
