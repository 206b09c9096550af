namespace LiquidityBridge.Exchanges.CoinbaseFeed;

/// <summary>Where Coinbase Exchange is and who we are there.</summary>
/// <param name="Socket">wss://ws-feed.exchange.coinbase.com</param>
/// <param name="Rest">https://api.exchange.coinbase.com</param>
/// <param name="Key">The API key; null for public data only.</param>
public sealed record FeedEndPoints(Uri Socket, Uri Rest, FeedKey? Key)
{
    /// <summary>A connection this old is followed by a new one.</summary>
    public TimeSpan ConnectionAgeMax { get; init; } = TimeSpan.FromHours(23);
}

/// <summary>Coinbase Exchange: one socket for books, one for a user's orders, REST for orders and questions.</summary>
public sealed class FeedExchange : IExchange
{
    private const string ProductsPath = "/products", AccountsPath = "/accounts";
    private const long SecondNs = 1_000_000_000;
    private const int RequestsPerSecond = 15, QuestionsPerSecond = 10;   // documentation, "REST API Rate Limits": by profile, and public by address

    private readonly IReadOnlyList<Instrument> _instruments;
    private readonly Inbox _inbox;
    private readonly Action<string> _log;
    private readonly Tally _tally;
    private readonly SlidingLimit _requests = new(RequestsPerSecond, SecondNs), _questions = new(QuestionsPerSecond, SecondNs);
    private readonly FeedRest _rest;
    private readonly Rotation<BooksPeer> _books;
    private readonly Rotation<OrdersPeer>? _orders;   // null without a key
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Nothing is connected before <see cref="Start"/>.</summary>
    /// <param name="number">Number of the exchange.</param>
    /// <param name="instruments">All instruments of the bridge.</param>
    /// <param name="endPoints">Where.</param>
    /// <param name="inbox">Where inputs go.</param>
    /// <param name="log">Lines for the operator.</param>
    public FeedExchange(int number, IReadOnlyList<Instrument> instruments, FeedEndPoints endPoints, Inbox inbox, Action<string> log)
    {
        (_instruments, _inbox, _log, _tally) = (instruments, inbox, log, new Tally(number, inbox));
        _rest = new FeedRest(endPoints.Rest, endPoints.Key);
        _books = new Rotation<BooksPeer>(new SocketTerms(endPoints.Socket) { AgeMax = endPoints.ConnectionAgeMax, OffersDeflate = true },
            gate => new BooksPeer(this, new FeedBooks(number, instruments, gate, _tally, _questions, endPoints.Key)), inbox, _tally, log);
        if (endPoints.Key is not { } key) return;
        _orders = new Rotation<OrdersPeer>(new SocketTerms(endPoints.Socket) { AgeMax = endPoints.ConnectionAgeMax },
            gate => new OrdersPeer(this, key, new FeedOrders(number, instruments, gate, _tally)), inbox, _tally, log);
    }

    /// <inheritdoc/>
    public void Start()
    {
        _books.Start();
        _orders?.Start();
    }

    /// <inheritdoc/>
    public void Send(HedgeIntent intent)
    {
        var peer = Orders.Current;
        byte[]? body = null;
        peer.Do(o =>
        {
            lock (_requests) body = o.Place(intent, _requests, Clock.NowNs());
        });
        if (body is null) return;
        _ = Task.Run(async () =>
        {
            if (await Ask(HttpMethod.Post, "/orders", body).ConfigureAwait(false) is { } answer) peer.Do(o => o.OnPlaced(intent, answer, Clock.NowNs()));
        });
    }

    /// <inheritdoc/>
    public void Cancel(HedgeIntent intent)
    {
        if (FeedId.ToUuid(intent.ClientId) is { } uuid && IsAllowed()) _ = Task.Run(() => Ask(HttpMethod.Delete, $"/orders/client:{uuid}", null));
    }

    /// <inheritdoc/>
    public void Query(HedgeIntent intent) => _ = Task.Run(() => Settle(new FeedQuery(intent, _instruments[intent.Instrument], _inbox, _tally)));

    public void Dispose()
    {
        _stop.Cancel();
        _books.Dispose();
        _orders?.Dispose();
        _rest.Dispose();
        _stop.Dispose();
    }

    private Rotation<OrdersPeer> Orders => _orders ?? throw new InvalidOperationException("Orders without a key.");

    private bool IsAllowed()
    {
        lock (_requests)
            if (_requests.TryTake(1, Clock.NowNs())) return true;
        _tally.Count(OutsideReason.RateLimited);
        return false;
    }

    private async Task Settle(FeedQuery query)
    {
        // What is not allowed now, or has no answer, the core asks again.
        while (query.Path is { } path && IsAllowed() && await Ask(HttpMethod.Get, path, null).ConfigureAwait(false) is { } answer) query.On(answer, Clock.NowNs());
    }

    /// <summary>Null when there was no answer, which is logged.</summary>
    private async Task<FeedAnswer?> Ask(HttpMethod method, string path, byte[]? body)
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

    private sealed class BooksPeer(FeedExchange exchange, FeedBooks books) : ISocketPeer
    {
        private readonly Lock _lock = new();
        private byte[] _products = [];

        public async Task Connecting(CancellationToken cancel)
        {
            lock (_lock) books.Connecting(Clock.NowNs());
            await exchange._rest.SetClock(cancel).ConfigureAwait(false);
            _products = await exchange._rest.Get(ProductsPath, cancel).ConfigureAwait(false);
        }

        public void Open(Action<byte[]> send)
        {
            lock (_lock) books.Open(send, _products, exchange._rest.AheadNs, Clock.NowNs());
        }

        public void On(ReadOnlyMemory<byte> utf8)
        {
            lock (_lock) books.On(utf8, Clock.NowNs());
        }

        public bool Poll()
        {
            lock (_lock)
            {
                lock (exchange._questions) while (books.NextQuestion(Clock.NowNs()) is { } path) _ = Task.Run(() => Ask(path));
                return books.Poll(Clock.NowNs());
            }
        }

        public void Lost(string reason)
        {
            lock (_lock) books.Lost(Clock.NowNs());
        }

        private async Task Ask(string path)
        {
            if (await exchange.Ask(HttpMethod.Get, path, null).ConfigureAwait(false) is not { IsGood: true } answer) return;
            lock (_lock) books.OnAnswer(path, answer.Body, Clock.NowNs());
        }
    }

    private sealed class OrdersPeer(FeedExchange exchange, FeedKey key, FeedOrders orders) : ISocketPeer
    {
        private readonly Lock _lock = new();
        private byte[] _accounts = [];

        public void Do(Action<FeedOrders> act)
        {
            lock (_lock)
            {
                act(orders);
                while (orders.NextQuery() is { } query) _ = Task.Run(() => exchange.Settle(query));
            }
        }

        public async Task Connecting(CancellationToken cancel)
        {
            await exchange._rest.SetClock(cancel).ConfigureAwait(false);
            _accounts = await exchange._rest.Get(AccountsPath, cancel).ConfigureAwait(false);
        }

        public void Open(Action<byte[]> send) => Do(o =>
        {
            o.OnAccounts(_accounts, Clock.NowNs());
            o.Open(send, key, exchange._rest.NowSeconds, Clock.NowNs());
        });

        public void On(ReadOnlyMemory<byte> utf8) => Do(o => o.On(utf8, Clock.NowNs()));

        public bool Poll()
        {
            lock (_lock) return orders.Poll(Clock.NowNs());
        }

        public void Lost(string reason) => Do(o => o.Lost(reason, Clock.NowNs()));
    }
}
