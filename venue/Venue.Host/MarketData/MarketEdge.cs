using Venue.Gateway;
using Venue.Sequencer;

namespace Venue.Host;

/// <summary>The core's side of market data: hands over connections, ends turns, and begins the thread again when it has failed.</summary>
/// <remarks>The core's thread.</remarks>
internal sealed class MarketEdge : IMarketEdge, IDisposable
{
    /// <summary>Between a fault and the next life.</summary>
    private const long PauseNs = 1_000_000_000;

    private readonly VenueCore _core;
    private readonly Lines _lines;
    private readonly ConnectionLog _log;
    private readonly Func<MarketThread> _begin;
    private MarketThread? _life;
    private long _restartNs;
    private bool _isStopping, _hasNews;

    /// <summary>Takes the sessions of kind MarketData away from the core's gateway.</summary>
    public MarketEdge(VenueCore core, Journal journal, VenueOptions options, ConnectionLog log, Lines lines, Action wakeCore)
    {
        (_core, _lines, _log) = (core, lines, log);
        _begin = () => new MarketThread(core, journal, options, log, wakeCore);
        core.Gateway.Edge = this;
        _life = _begin();
    }

    /// <summary>True once nobody is served any more.</summary>
    public bool IsOver => _life?.IsOver ?? true;

    /// <summary>A turn of the core is over and has not been told to anybody: whoever asks later finds what it did.</summary>
    public void EndTurn()
    {
        if (_life is null) return;
        while (_life.TryTakeWish(out var wish)) _core.Outlet.Follow(wish.Instrument, wish.IsFollowed, wish.Wish);
        _hasNews |= _core.Outlet.EndTurn();
    }

    /// <summary>The members have been told: now the readers may be.</summary>
    public void Told()
    {
        if (!_hasNews) return;
        _hasNews = false;
        _life?.Wake();
    }

    /// <summary>More of the journal is durable. Any thread.</summary>
    public void OnDurable() => Volatile.Read(ref _life)?.Wake();

    /// <summary>Sees to a thread that has failed.</summary>
    public void Poll(long nowNs)
    {
        if (_isStopping) return;
        if (_life is { IsOver: true } failed)
        {
            _log.Alarm($"market data failed and begins again; its readers were cut off: {failed.Fault}");
            _core.Outlet.Attach(null, null);
            Volatile.Write(ref _life, null);
            failed.Dispose();
            _restartNs = nowNs + PauseNs;
        }
        if (_life is null && nowNs >= _restartNs && _core.Gateway.EdgeEnded()) Volatile.Write(ref _life, _begin());
    }

    /// <summary>Asks it to log everybody out.</summary>
    public void Stop()
    {
        _isStopping = true;
        _life?.Stop();
    }

    void IMarketEdge.Adopt(Connection connection)
    {
        var line = _lines.Detach(connection);
        if (_life is { IsOver: false } life && !_isStopping)
        {
            life.Adopt(line);
            return;
        }
        _log.Closed(connection.Remote, null, "market data is not there at the moment");
        line.Abandon();
    }

    ClientSession? IMarketEdge.Find(int session) => _life?.Gateway.Clients[session - 1];

    void IMarketEdge.LogOut(int session, string text)
    {
        if (_life is null) return;
        _core.Outlet.Do(reader => reader.Gateway.LogOut(reader.Gateway.Clients[session - 1], text, Clock.NowNs()));
        _hasNews = true;
    }

    void IMarketEdge.Announce(byte[] fields, long nowNs)
    {
        if (_life is null) return;
        _core.Outlet.Do(reader => reader.Gateway.Announce(fields, nowNs));
        _hasNews = true;
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _core.Outlet.Attach(null, null);
        _life?.Dispose();
        _life = null;
    }
}
