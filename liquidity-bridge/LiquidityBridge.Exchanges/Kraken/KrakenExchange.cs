namespace LiquidityBridge.Exchanges.Kraken;

/// <summary>Where Kraken is and who we are there.</summary>
/// <param name="PublicSocket">wss://ws.kraken.com/v2</param>
/// <param name="PrivateSocket">wss://ws-auth.kraken.com/v2</param>
/// <param name="Rest">https://api.kraken.com</param>
/// <param name="ApiKey">API key.</param>
/// <param name="Secret">Its secret, decoded from base64.</param>
public sealed record KrakenEndPoints(Uri PublicSocket, Uri PrivateSocket, Uri Rest, string ApiKey, byte[] Secret);

/// <summary>Kraken over WebSocket API v2: one socket for books, one for orders.</summary>
public sealed class KrakenExchange : IExchange
{
    private readonly Lock _lock = new();
    private readonly KrakenRest _rest;
    private readonly KrakenOrders _orders;
    private readonly KrakenSocket _publicSocket, _privateSocket;

    /// <summary>Nothing is connected before <see cref="Start"/>.</summary>
    /// <param name="number">Number of the exchange.</param>
    /// <param name="instruments">All instruments of the bridge.</param>
    /// <param name="endPoints">Where.</param>
    /// <param name="inbox">Where inputs go.</param>
    /// <param name="log">Lines for the operator.</param>
    public KrakenExchange(int number, IReadOnlyList<Instrument> instruments, KrakenEndPoints endPoints, Inbox inbox, Action<string> log)
    {
        _rest = new KrakenRest(endPoints.Rest, endPoints.ApiKey, endPoints.Secret);
        _orders = new KrakenOrders(number, instruments, inbox);
        _publicSocket = new KrakenSocket(endPoints.PublicSocket, new BooksPeer(new KrakenBooks(number, instruments, inbox)), log);
        _privateSocket = new KrakenSocket(endPoints.PrivateSocket, new OrdersPeer(this), log);
    }

    /// <inheritdoc/>
    public void Start()
    {
        _publicSocket.Start();
        _privateSocket.Start();
    }

    /// <inheritdoc/>
    public void Send(HedgeIntent intent)
    {
        lock (_lock) _orders.Send(intent, Clock.NowNs());
    }

    /// <inheritdoc/>
    public void Cancel(HedgeIntent intent)
    {
        lock (_lock) _orders.Cancel(intent);
    }

    /// <inheritdoc/>
    public void Query(HedgeIntent intent)
    {
        lock (_lock) _orders.Query(intent, Clock.NowNs());
    }

    public void Dispose()
    {
        _publicSocket.Dispose();
        _privateSocket.Dispose();
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

    private sealed class OrdersPeer(KrakenExchange exchange) : ISocketPeer
    {
        private string _token = "";

        public async Task Connecting(CancellationToken cancel) => _token = await exchange._rest.Token(cancel).ConfigureAwait(false);

        public void Open(Action<byte[]> send)
        {
            lock (exchange._lock) exchange._orders.Open(send, _token, Clock.NowNs());
        }

        public void On(ReadOnlyMemory<byte> utf8)
        {
            lock (exchange._lock) exchange._orders.On(utf8, Clock.NowNs());
        }

        public bool Poll()
        {
            lock (exchange._lock) return exchange._orders.Poll(Clock.NowNs());
        }

        public void Lost(string reason)
        {
            lock (exchange._lock) exchange._orders.Lost(reason, Clock.NowNs());
        }
    }
}
