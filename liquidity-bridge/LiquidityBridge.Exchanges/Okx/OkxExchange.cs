namespace LiquidityBridge.Exchanges.Okx;

/// <summary>Where OKX is and who we are there.</summary>
/// <param name="PublicSocket">wss://ws.okx.com:8443/ws/v5/public</param>
/// <param name="PrivateSocket">wss://ws.okx.com:8443/ws/v5/private</param>
/// <param name="Rest">https://www.okx.com</param>
/// <param name="Key">The API key.</param>
public sealed record OkxEndPoints(Uri PublicSocket, Uri PrivateSocket, Uri Rest, OkxKey Key)
{
    /// <summary>A connection this old is followed by a new one.</summary>
    public TimeSpan ConnectionAgeMax { get; init; } = TimeSpan.FromHours(23);

    /// <summary>Market data alone: the key is not used, and no order can be sent.</summary>
    public bool IsPublicOnly { get; init; }
}

/// <summary>OKX over its API v5: one socket for books, one for orders, REST for what sockets cannot say.</summary>
public sealed class OkxExchange : IExchange
{
    private const string InstrumentsPath = "/api/v5/public/instruments?instType=SPOT";

    private readonly IReadOnlyList<Instrument> _instruments;
    private readonly Inbox _inbox;
    private readonly Action<string> _log;
    private readonly Tally _tally;
    private readonly OkxLimits _limits = new();
    private readonly OkxRest _rest;
    private readonly Rotation<BooksPeer> _books;
    private readonly Rotation<OrdersPeer> _orders;
    private readonly bool _isPublicOnly;
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Nothing is connected before <see cref="Start"/>.</summary>
    /// <param name="number">Number of the exchange.</param>
    /// <param name="instruments">All instruments of the bridge.</param>
    /// <param name="endPoints">Where.</param>
    /// <param name="inbox">Where inputs go.</param>
    /// <param name="log">Lines for the operator.</param>
    public OkxExchange(int number, IReadOnlyList<Instrument> instruments, OkxEndPoints endPoints, Inbox inbox, Action<string> log)
    {
        (_instruments, _inbox, _log, _tally) = (instruments, inbox, log, new Tally(number, inbox));
        _isPublicOnly = endPoints.IsPublicOnly;
        _rest = new OkxRest(endPoints.Rest, endPoints.Key);
        _books = new Rotation<BooksPeer>(new SocketTerms(endPoints.PublicSocket) { AgeMax = endPoints.ConnectionAgeMax, OffersDeflate = true },
            gate => new BooksPeer(this, new OkxBooks(number, instruments, gate, _tally, _limits.Books)), inbox, _tally, log);
        _orders = new Rotation<OrdersPeer>(new SocketTerms(endPoints.PrivateSocket) { AgeMax = endPoints.ConnectionAgeMax },
            gate => new OrdersPeer(_rest, new OkxOrders(number, instruments, gate, _tally, endPoints.Key, _limits)), inbox, _tally, log);
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
    public void Query(HedgeIntent intent) => _ = Task.Run(() => Settle(new OkxQuery(intent, _instruments[intent.Instrument], _inbox, _tally)));

    public void Dispose()
    {
        _stop.Cancel();
        _books.Dispose();
        _orders.Dispose();
        _rest.Dispose();
        _stop.Dispose();
    }

    private async Task Settle(OkxQuery query)
    {
        while (query.Path is { } path)
        {
            bool isAllowed;
            lock (_limits.Queries) isAllowed = _limits.Queries.TryTake(1, Clock.NowNs());
            // The core asks again.
            if (!isAllowed) _tally.Count(OutsideReason.RateLimited);
            if (!isAllowed || await Ask(path, isSigned: true).ConfigureAwait(false) is not { } answer) return;
            query.On(answer, Clock.NowNs());
        }
    }

    /// <summary>Null when there was no answer, which is logged: whoever asked asks again.</summary>
    private async Task<byte[]?> Ask(string path, bool isSigned)
    {
        try
        {
            return await _rest.Get(path, isSigned, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            if (_stop.IsCancellationRequested) return null;
            _tally.Count(OutsideReason.ConnectFailed);
            _log($"{path}: {e.Message}");
            return null;
        }
    }

    private sealed class BooksPeer(OkxExchange okx, OkxBooks books) : ISocketPeer
    {
        private readonly Lock _lock = new();
        private byte[] _instruments = [];

        public bool IsEnding
        {
            get { lock (_lock) return books.IsEnding; }
        }

        public async Task Connecting(CancellationToken cancel)
        {
            lock (_lock) books.Connecting(Clock.NowNs());
            _instruments = await okx._rest.GetGood(InstrumentsPath, isSigned: false, cancel).ConfigureAwait(false);
        }

        public void Open(Action<byte[]> send)
        {
            lock (_lock) books.Open(send, _instruments, Clock.NowNs());
        }

        public void On(ReadOnlyMemory<byte> utf8)
        {
            lock (_lock) books.On(utf8, Clock.NowNs());
        }

        public bool Poll()
        {
            lock (_lock)
            {
                // Two connections may be there at a time, and OKX counts by address.
                lock (okx._limits) while (books.NextQuestion(Clock.NowNs()) is { } path) _ = Task.Run(() => Ask(path));
                return books.Poll(Clock.NowNs());
            }
        }

        public void Lost(string reason)
        {
            lock (_lock) books.Lost(Clock.NowNs());
        }

        private async Task Ask(string path)
        {
            if (await okx.Ask(path, isSigned: false).ConfigureAwait(false) is not { } answer) return;
            lock (_lock) books.OnAnswer(path, answer, Clock.NowNs());
        }
    }

    private sealed class OrdersPeer(OkxRest rest, OkxOrders orders) : ISocketPeer
    {
        private readonly Lock _lock = new();
        private byte[] _instruments = [];

        public bool IsEnding
        {
            get { lock (_lock) return orders.IsEnding; }
        }

        public void Do(Action<OkxOrders> act)
        {
            lock (_lock) act(orders);
        }

        public async Task Connecting(CancellationToken cancel)
        {
            await rest.SetClock(cancel).ConfigureAwait(false);
            _instruments = await rest.GetGood(InstrumentsPath, isSigned: false, cancel).ConfigureAwait(false);
        }

        public void Open(Action<byte[]> send) => Do(o => o.Open(send, _instruments, rest.AheadNs, Clock.NowNs()));

        public void On(ReadOnlyMemory<byte> utf8) => Do(o => o.On(utf8, Clock.NowNs()));

        public bool Poll()
        {
            lock (_lock) return orders.Poll(Clock.NowNs());
        }

        public void Lost(string reason) => Do(o => o.Lost(reason, Clock.NowNs()));
    }
}
