namespace LiquidityBridge.Exchanges.Kraken;

/// <summary>Where Kraken is and who we are there.</summary>
/// <param name="PublicSocket">wss://ws.kraken.com/v2</param>
/// <param name="PrivateSocket">wss://ws-auth.kraken.com/v2</param>
/// <param name="Rest">https://api.kraken.com</param>
/// <param name="ApiKey">API key.</param>
/// <param name="Secret">Its secret, decoded from base64.</param>
public sealed record KrakenEndPoints(Uri PublicSocket, Uri PrivateSocket, Uri Rest, string ApiKey, byte[] Secret)
{
    /// <summary>A connection this old is followed by a new one.</summary>
    public TimeSpan ConnectionAgeMax { get; init; } = TimeSpan.FromHours(23);

    /// <summary>Market data alone: the key is not used, and no order can be sent.</summary>
    public bool IsPublicOnly { get; init; }
}

/// <summary>Kraken over WebSocket API v2: one socket for books, one for orders.</summary>
public sealed class KrakenExchange : IExchange
{
    private readonly KrakenRest _rest;
    private readonly Rotation<BooksPeer> _books;
    private readonly Rotation<OrdersPeer> _orders;
    private readonly bool _isPublicOnly;

    /// <summary>Nothing is connected before <see cref="Start"/>.</summary>
    /// <param name="number">Number of the exchange.</param>
    /// <param name="instruments">All instruments of the bridge.</param>
    /// <param name="endPoints">Where.</param>
    /// <param name="inbox">Where inputs go.</param>
    /// <param name="log">Lines for the operator.</param>
    public KrakenExchange(int number, IReadOnlyList<Instrument> instruments, KrakenEndPoints endPoints, Inbox inbox, Action<string> log)
    {
        _isPublicOnly = endPoints.IsPublicOnly;
        var tally = new Tally(number, inbox);
        // The exchange counts an account's orders over all its connections.
        var limit = new DecayingLimit(KrakenOrders.CounterMax, KrakenOrders.CounterDecayMilli);
        _rest = new KrakenRest(endPoints.Rest, endPoints.ApiKey, endPoints.Secret, tally);
        _books = new Rotation<BooksPeer>(new SocketTerms(endPoints.PublicSocket) { AgeMax = endPoints.ConnectionAgeMax, OffersDeflate = true },
            gate => new BooksPeer(new KrakenBooks(number, instruments, gate, tally)), inbox, tally, log);
        _orders = new Rotation<OrdersPeer>(new SocketTerms(endPoints.PrivateSocket) { AgeMax = endPoints.ConnectionAgeMax },
            gate => new OrdersPeer(new KrakenOrders(number, instruments, gate, tally, limit), _rest), inbox, tally, log);
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

    private sealed class BooksPeer(KrakenBooks books) : ISocketPeer
    {
        private readonly Lock _lock = new();

        public Task Connecting(CancellationToken cancel)
        {
            lock (_lock) books.Connecting(Clock.NowNs());
            return Task.CompletedTask;
        }

        public void Open(Action<byte[]> send)
        {
            lock (_lock) books.Open(send, Clock.NowNs());
        }

        public void On(ReadOnlyMemory<byte> utf8)
        {
            lock (_lock) books.On(utf8, Clock.NowNs());
        }

        public bool Poll()
        {
            lock (_lock) return books.Poll(Clock.NowNs());
        }

        public void Lost(string reason)
        {
            lock (_lock) books.Lost(Clock.NowNs());
        }
    }

    private sealed class OrdersPeer(KrakenOrders orders, KrakenRest rest) : ISocketPeer
    {
        private readonly Lock _lock = new();
        private string _token = "";

        public void Do(Action<KrakenOrders> act)
        {
            lock (_lock) act(orders);
        }

        public async Task Connecting(CancellationToken cancel) => _token = await rest.Token(cancel).ConfigureAwait(false);

        public void Open(Action<byte[]> send) => Do(o => o.Open(send, _token, Clock.NowNs()));

        public void On(ReadOnlyMemory<byte> utf8) => Do(o => o.On(utf8, Clock.NowNs()));

        public bool Poll()
        {
            lock (_lock) return orders.Poll(Clock.NowNs());
        }

        public void Lost(string reason) => Do(o => o.Lost(reason, Clock.NowNs()));
    }
}
