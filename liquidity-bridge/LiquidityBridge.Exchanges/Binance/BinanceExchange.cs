namespace LiquidityBridge.Exchanges.Binance;

/// <summary>Where Binance is and who we are there.</summary>
/// <param name="Streams">wss://stream.binance.com:9443/ws</param>
/// <param name="Api">wss://ws-api.binance.com:443/ws-api/v3</param>
/// <param name="Rest">https://api.binance.com</param>
/// <param name="Signer">The API key.</param>
public sealed record BinanceEndPoints(Uri Streams, Uri Api, Uri Rest, BinanceSigner Signer)
{
    /// <summary>A connection this old is followed by a new one; Binance cuts it at 24 hours.</summary>
    public TimeSpan ConnectionAgeMax { get; init; } = TimeSpan.FromHours(23);

    /// <summary>Market data alone: the key is not used, and no order can be sent.</summary>
    public bool IsPublicOnly { get; init; }
}

/// <summary>Binance spot: market streams with snapshots over REST, and the WebSocket API for orders.</summary>
public sealed class BinanceExchange : IExchange
{
    private readonly BinanceRest _rest;
    private readonly Rotation<BooksPeer> _books;
    private readonly Rotation<OrdersPeer> _orders;
    private readonly bool _isPublicOnly;

    /// <summary>Nothing is connected before <see cref="Start"/>.</summary>
    /// <param name="number">Number of the exchange.</param>
    /// <param name="instruments">All instruments of the bridge.</param>
    /// <param name="endPoints">Where.</param>
    /// <param name="inbox">Where inputs go.</param>
    /// <param name="log">Lines for the operator.</param>
    public BinanceExchange(int number, IReadOnlyList<Instrument> instruments, BinanceEndPoints endPoints, Inbox inbox, Action<string> log)
    {
        _isPublicOnly = endPoints.IsPublicOnly;
        var tally = new Tally(number, inbox);
        var weight = new BinanceWeight();
        var limits = new BinanceOrderLimits();
        _rest = new BinanceRest(endPoints.Rest, weight, tally);
        _books = new Rotation<BooksPeer>(new SocketTerms(endPoints.Streams) { AgeMax = endPoints.ConnectionAgeMax, OffersDeflate = true },
            gate => new BooksPeer(number, instruments, gate, tally, _rest), inbox, tally, log);
        _orders = new Rotation<OrdersPeer>(new SocketTerms(endPoints.Api) { AgeMax = endPoints.ConnectionAgeMax },
            gate => new OrdersPeer(new BinanceOrders(number, instruments, gate, tally, endPoints.Signer, weight, limits)), inbox, tally, log);
    }

    /// <inheritdoc/>
    public void Start()
    {
        _books.Start();
        if (!_isPublicOnly) _orders.Start();
    }

    /// <inheritdoc/>
    public void Send(HedgeIntent intent) => _orders.Current.Do(o => o.Send(intent, Clock.NowNs()));

    /// <inheritdoc/>
    public void Cancel(HedgeIntent intent) => _orders.Current.Do(o => o.Cancel(intent, Clock.NowNs()));

    /// <inheritdoc/>
    public void Query(HedgeIntent intent) => _orders.Current.Do(o => o.Query(intent, Clock.NowNs()));

    public void Dispose()
    {
        _books.Dispose();
        _orders.Dispose();
        _rest.Dispose();
    }

    private sealed class BooksPeer : ISocketPeer
    {
        private readonly Lock _lock = new();
        private readonly BinanceBooks _books;

        public BooksPeer(int number, IReadOnlyList<Instrument> instruments, Inbox gate, Tally tally, BinanceRest rest) =>
            _books = new BinanceBooks(number, instruments, gate, tally, question => rest.TryAsk(question, body => Do(b => b.OnAnswer(question, body, Clock.NowNs()))));

        public bool IsEnding
        {
            get { lock (_lock) return _books.IsEnding; }
        }

        public Task Connecting(CancellationToken cancel)
        {
            Do(b => b.Connecting(Clock.NowNs()));
            return Task.CompletedTask;
        }

        public void Open(Action<byte[]> send) => Do(b => b.Open(send, Clock.NowNs()));

        public void On(ReadOnlyMemory<byte> utf8)
        {
            lock (_lock) _books.On(utf8, Clock.NowNs());
        }

        public bool Poll()
        {
            lock (_lock) return _books.Poll(Clock.NowNs());
        }

        public void Lost(string reason) => Do(b => b.Lost(Clock.NowNs()));

        private void Do(Action<BinanceBooks> act)
        {
            lock (_lock) act(_books);
        }
    }

    private sealed class OrdersPeer(BinanceOrders orders) : ISocketPeer
    {
        private readonly Lock _lock = new();

        public bool IsEnding
        {
            get { lock (_lock) return orders.IsEnding; }
        }

        public void Do(Action<BinanceOrders> act)
        {
            lock (_lock) act(orders);
        }

        public Task Connecting(CancellationToken cancel) => Task.CompletedTask;

        public void Open(Action<byte[]> send) => Do(o => o.Open(send, Clock.NowNs()));

        public void On(ReadOnlyMemory<byte> utf8) => Do(o => o.On(utf8, Clock.NowNs()));

        public bool Poll()
        {
            lock (_lock) return orders.Poll(Clock.NowNs());
        }

        public void Lost(string reason) => Do(o => o.Lost(reason, Clock.NowNs()));
    }
}
