using System.Collections.Concurrent;

namespace LiquidityBridge.Exchanges.Coinbase;

/// <summary>Where Coinbase is and who we are there.</summary>
/// <param name="MarketSocket">wss://advanced-trade-ws.coinbase.com</param>
/// <param name="UserSocket">wss://advanced-trade-ws-user.coinbase.com</param>
/// <param name="Rest">https://api.coinbase.com</param>
/// <param name="Key">The API key.</param>
public sealed record CoinbaseEndPoints(Uri MarketSocket, Uri UserSocket, Uri Rest, CoinbaseKey Key)
{
    /// <summary>A connection this old is followed by a new one.</summary>
    public TimeSpan ConnectionAgeMax { get; init; } = TimeSpan.FromHours(23);
}

/// <summary>Coinbase over Advanced Trade: one socket for books, one for a user's orders, REST for orders and questions.</summary>
public sealed class CoinbaseExchange : IExchange
{
    private const string ProductsPath = CoinbaseRest.Root + "products?product_type=SPOT", AccountsPath = CoinbaseRest.Root + "accounts?limit=250";
    private const long SecondNs = 1_000_000_000;
    private const int RequestsPerSecond = 30;   // documentation, "REST API Rate Limits": private, for each user
    // Documentation, "WebSocket Rate Limits": eight unauthenticated messages a second by address; one is left for the user's socket.
    private const int MessagesPerSecond = 7;
    private const int OrdersMax = 1024;

    private readonly IReadOnlyList<Instrument> _instruments;
    private readonly Inbox _inbox;
    private readonly Action<string> _log;
    private readonly Tally _tally;
    private readonly SlidingLimit _requests = new(RequestsPerSecond, SecondNs);
    private readonly SlidingLimit _messages = new(MessagesPerSecond, SecondNs);
    private readonly CoinbaseRest _rest;
    private readonly Rotation<BooksPeer> _books;
    private readonly Rotation<OrdersPeer> _orders;
    private readonly ConcurrentDictionary<string, string> _orderIds = [];   // of orders that were taken: a cancel needs them
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Nothing is connected before <see cref="Start"/>.</summary>
    /// <param name="number">Number of the exchange.</param>
    /// <param name="instruments">All instruments of the bridge.</param>
    /// <param name="endPoints">Where.</param>
    /// <param name="inbox">Where inputs go.</param>
    /// <param name="log">Lines for the operator.</param>
    public CoinbaseExchange(int number, IReadOnlyList<Instrument> instruments, CoinbaseEndPoints endPoints, Inbox inbox, Action<string> log)
    {
        (_instruments, _inbox, _log, _tally) = (instruments, inbox, log, new Tally(number, inbox));
        _rest = new CoinbaseRest(endPoints.Rest, endPoints.Key);
        _books = new Rotation<BooksPeer>(new SocketTerms(endPoints.MarketSocket) { AgeMax = endPoints.ConnectionAgeMax, OffersDeflate = true },
            gate => new BooksPeer(this, new CoinbaseBooks(number, instruments, gate, _tally, _requests, _messages)), inbox, _tally, log);
        _orders = new Rotation<OrdersPeer>(new SocketTerms(endPoints.UserSocket) { AgeMax = endPoints.ConnectionAgeMax },
            gate => new OrdersPeer(this, endPoints.Key, new CoinbaseOrders(number, instruments, gate, _tally)), inbox, _tally, log);
    }

    /// <inheritdoc/>
    public void Start()
    {
        _books.Start();
        _orders.Start();
    }

    /// <inheritdoc/>
    public void Send(HedgeIntent intent)
    {
        var peer = _orders.Current;
        byte[]? body = null;
        peer.Do(o =>
        {
            lock (_requests) body = o.Place(intent, _requests, Clock.NowNs());
        });
        if (body is null) return;
        _ = Task.Run(async () =>
        {
            if (await Ask(HttpMethod.Post, CoinbaseRest.Root + "orders", body).ConfigureAwait(false) is not { } answer) return;
            Remember(intent.ClientId, answer);
            peer.Do(o => o.OnPlaced(intent, answer, Clock.NowNs()));
        });
    }

    /// <inheritdoc/>
    public void Cancel(HedgeIntent intent)
    {
        // Without its id it cannot be canceled; the core asks what became of it, and an immediate-or-cancel order ends by itself.
        if (!_orderIds.TryGetValue(intent.ClientId, out var orderId) || !IsAllowed()) return;
        _ = Task.Run(() => Ask(HttpMethod.Post, CoinbaseRest.Root + "orders/batch_cancel", CoinbaseOrders.Cancel(orderId)));
    }

    /// <inheritdoc/>
    public void Query(HedgeIntent intent) => _ = Task.Run(() => Settle(new CoinbaseQuery(intent, _instruments[intent.Instrument], _inbox, _tally, _rest.AheadNs)));

    public void Dispose()
    {
        _stop.Cancel();
        _books.Dispose();
        _orders.Dispose();
        _rest.Dispose();
        _stop.Dispose();
    }

    private void Remember(string clientId, CoinbaseAnswer answer)
    {
        var frame = new JsonFrame();
        if (!answer.IsGood || !frame.TryRead(answer.Body, out _) || frame.Root["success_response"]["order_id"].Text is not { Length: > 0 } orderId) return;
        if (_orderIds.Count >= OrdersMax) _orderIds.Clear();
        _orderIds[clientId] = orderId;
    }

    private bool IsAllowed()
    {
        lock (_requests)
            if (_requests.TryTake(1, Clock.NowNs())) return true;
        _tally.Count(OutsideReason.RateLimited);
        return false;
    }

    private async Task Settle(CoinbaseQuery query)
    {
        // What is not allowed now, or has no answer, the core asks again.
        while (query.Path is { } path && IsAllowed() && await Ask(HttpMethod.Get, path, null).ConfigureAwait(false) is { } answer) query.On(answer, Clock.NowNs());
    }

    /// <summary>Null when there was no answer, which is logged.</summary>
    private async Task<CoinbaseAnswer?> Ask(HttpMethod method, string path, byte[]? body)
    {
        try
        {
            return await _rest.Ask(method, path, body, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            if (_stop.IsCancellationRequested) return null;
            _tally.Count(OutsideReason.ConnectFailed);
            _log($"{path}: {e.Message}");
            return null;
        }
    }

    private sealed class BooksPeer(CoinbaseExchange coinbase, CoinbaseBooks books) : ISocketPeer
    {
        private readonly Lock _lock = new();
        private byte[] _products = [];

        public async Task Connecting(CancellationToken cancel)
        {
            lock (_lock) books.Connecting(Clock.NowNs());
            await coinbase._rest.SetClock(cancel).ConfigureAwait(false);
            _products = await coinbase._rest.Get(ProductsPath, cancel).ConfigureAwait(false);
        }

        public void Open(Action<byte[]> send)
        {
            lock (_lock) books.Open(send, _products, Clock.NowNs());
        }

        public void On(ReadOnlyMemory<byte> utf8)
        {
            lock (_lock) books.On(utf8, Clock.NowNs());
        }

        public bool Poll()
        {
            lock (_lock)
            {
                // Coinbase counts all requests of a user together.
                lock (coinbase._requests) while (books.NextQuestion(Clock.NowNs()) is { } path) _ = Task.Run(() => Ask(path));
                return books.Poll(Clock.NowNs());
            }
        }

        public void Lost(string reason)
        {
            lock (_lock) books.Lost(Clock.NowNs());
        }

        private async Task Ask(string path)
        {
            if (await coinbase.Ask(HttpMethod.Get, path, null).ConfigureAwait(false) is not { IsGood: true } answer) return;
            lock (_lock) books.OnAnswer(answer.Body, Clock.NowNs());
        }
    }

    private sealed class OrdersPeer(CoinbaseExchange coinbase, CoinbaseKey key, CoinbaseOrders orders) : ISocketPeer
    {
        private const int TokenLifeSeconds = 120;

        private readonly Lock _lock = new();
        private byte[] _accounts = [];

        public void Do(Action<CoinbaseOrders> act)
        {
            lock (_lock)
            {
                act(orders);
                while (orders.NextQuery() is { } query) _ = Task.Run(() => coinbase.Settle(query));
            }
        }

        public async Task Connecting(CancellationToken cancel)
        {
            await coinbase._rest.SetClock(cancel).ConfigureAwait(false);
            _accounts = await coinbase._rest.Get(AccountsPath, cancel).ConfigureAwait(false);
        }

        public void Open(Action<byte[]> send) => Do(o =>
        {
            o.OnAccounts(_accounts, Clock.NowNs());
            o.Open(send, key.Token(null, coinbase._rest.NowSeconds, TokenLifeSeconds), Clock.NowNs());
        });

        public void On(ReadOnlyMemory<byte> utf8) => Do(o => o.On(utf8, Clock.NowNs()));

        public bool Poll()
        {
            lock (_lock) return orders.Poll(Clock.NowNs());
        }

        public void Lost(string reason) => Do(o => o.Lost(reason, Clock.NowNs()));
    }
}
