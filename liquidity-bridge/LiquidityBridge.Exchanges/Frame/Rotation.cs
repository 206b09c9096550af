namespace LiquidityBridge.Exchanges;

/// <summary>
/// Keeps one connection of a kind in use for ever. Before it comes of age (exchanges cut connections at 24 hours), or
/// when the exchange announces its end, a second one is opened; once that knows as much, it takes over, and the first one
/// is closed: there is no blind moment.
/// </summary>
internal sealed class Rotation<TPeer> : IDisposable where TPeer : class, ISocketPeer
{
    /// <summary>The former connection stays so long: answers to what was asked on it may be on their way.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Lock _gates = new();
    private readonly Func<Inbox, TPeer> _make;
    private readonly SocketTerms _terms;
    private readonly Inbox _inbox;
    private readonly Tally _tally;
    private readonly Action<string> _log;
    private Connection _current;
    private Connection? _next;
    private bool _isDisposed;

    private sealed record Connection(TPeer Peer, Gate Gate, SocketLine Line);

    /// <summary>Nothing is connected before <see cref="Start"/>.</summary>
    /// <param name="terms">Where, and for how long.</param>
    /// <param name="make">Makes one connection's protocol half, which tells what it hears to the inbox that it is given.</param>
    /// <param name="inbox">Where inputs go.</param>
    /// <param name="tally">Counts what goes wrong.</param>
    /// <param name="log">Lines for the operator.</param>
    public Rotation(SocketTerms terms, Func<Inbox, TPeer> make, Inbox inbox, Tally tally, Action<string> log)
    {
        (_terms, _make, _inbox, _tally, _log) = (terms, make, inbox, tally, log);
        _current = Make();
        _current.Gate.Follow(null);
    }

    /// <summary>The one in use.</summary>
    public TPeer Current
    {
        get { lock (_lock) return _current.Peer; }
    }

    /// <summary>Begins to connect.</summary>
    public void Start() => _current.Line.Start();

    private Connection Make()
    {
        var gate = new Gate(_inbox, _gates);
        var peer = _make(gate.Post);
        return new Connection(peer, gate, new SocketLine(_terms.Uri, peer, _tally, _log, _terms.OffersDeflate, Watch));
    }

    /// <summary>After every poll of either connection.</summary>
    private void Watch()
    {
        lock (_lock)
        {
            if (_isDisposed) return;
            if (_next is null)
            {
                if (_current.Line.Age is not { } age || age < _terms.AgeMax && !_current.Peer.IsEnding) return;
                _tally.Count(_current.Peer.IsEnding ? OutsideReason.Shutdown : OutsideReason.Followed);
                _next = Make();
                _next.Line.Start();
                return;
            }
            if (_next.Line.Age is null || !_next.Gate.KnowsAsMuchAs(_current.Gate)) return;
            _next.Gate.Follow(_current.Gate);
            var former = _current;
            (_current, _next) = (_next, null);
            _log($"{_terms.Uri}: a new connection follows the former one");
            _ = Close(former);
        }
    }

    private static async Task Close(Connection former)
    {
        await Task.Delay(Linger).ConfigureAwait(false);
        former.Line.Dispose();
    }

    public void Dispose()
    {
        Connection? next;
        lock (_lock)
        {
            _isDisposed = true;
            next = _next;
        }
        next?.Line.Dispose();
        _current.Line.Dispose();
    }
}

/// <summary>Where a socket is, and for how long one connection is used.</summary>
/// <param name="Uri">ws:// or wss://.</param>
internal sealed record SocketTerms(Uri Uri)
{
    /// <summary>A connection this old is followed by a new one.</summary>
    public TimeSpan AgeMax { get; init; } = TimeSpan.FromHours(23);

    /// <summary>Offers permessage-deflate (RFC 7692); only for public data, since compression can leak what is secret.</summary>
    public bool OffersDeflate { get; init; }
}
