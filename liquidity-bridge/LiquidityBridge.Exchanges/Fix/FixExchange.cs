using Venue.Fix;

namespace LiquidityBridge.Exchanges.Fix;

/// <summary>An exchange over one FIX 4.4 session that carries both market data and orders.</summary>
public sealed class FixExchange : IExchange, IFixPeer
{
    private const long MarkEveryNs = 250_000_000;

    private readonly Tally _tally;
    private readonly FixBooks _books;
    private readonly FixQuotes _quotes;
    private readonly FixOrders _orders;
    private readonly FixInitiator _initiator;
    private readonly SequenceFile _store;
    private readonly Inbox _inbox;
    private bool _isUp;
    private volatile bool _isMarked;
    private long _markedNs;

    /// <summary>Nothing is connected before <see cref="Start"/>.</summary>
    /// <param name="number">Number of the exchange.</param>
    /// <param name="instruments">All instruments of the bridge.</param>
    /// <param name="host">Host name or address.</param>
    /// <param name="port">TCP port.</param>
    /// <param name="settings">CompIDs and the like.</param>
    /// <param name="dictionary">The exchange's words.</param>
    /// <param name="sequenceFile">File of the session's numbers.</param>
    /// <param name="inbox">Where inputs go.</param>
    /// <param name="log">Lines for the operator.</param>
    /// <param name="dialect">What it wants beyond FIX 4.4; null for nothing.</param>
    public FixExchange(int number, IReadOnlyList<Instrument> instruments, string host, int port, SessionSettings settings, FixDictionary dictionary, string sequenceFile, Inbox inbox, Action<string> log, FixDialect? dialect = null)
    {
        _tally = new Tally(number, inbox);
        _books = new FixBooks(number, instruments, inbox, _tally);
        _quotes = new FixQuotes(number, instruments, inbox, _tally);
        _orders = new FixOrders(number, instruments, inbox, _tally, dialect ?? FixDialect.Plain, _quotes);
        (_store, _inbox) = (new SequenceFile(sequenceFile), inbox);
        _initiator = new FixInitiator(host, port, settings, dictionary, _store, this, log, dialect, new FixRefusals(_tally));
    }

    /// <inheritdoc/>
    public void Start() => _initiator.Start();

    /// <inheritdoc/>
    public void Send(HedgeIntent intent) => _initiator.Do(() => _orders.Send(intent, Clock.NowNs()));

    /// <inheritdoc/>
    public void Cancel(HedgeIntent intent) => _initiator.Do(() => _orders.Cancel(intent));

    /// <inheritdoc/>
    public void Query(HedgeIntent intent) => _initiator.Do(() => _orders.Query(intent));

    void IFixPeer.Up(long nowNs)
    {
        _isUp = true;
        _orders.Up(_initiator.Send, nowNs);
        _books.Up(_initiator.Send, nowNs);
        _quotes.Up(_initiator.Send, nowNs);
    }

    void IFixPeer.Down(string reason, long nowNs)
    {
        _isUp = false;
        _tally.Count(OutsideReason.Lost);
        _tally.Poll(nowNs);
        _orders.Down(reason, nowNs);
        _books.Down(nowNs);
        _quotes.Down(nowNs);
    }

    void IFixPeer.On(in Message message, long nowNs)
    {
        if (!_isUp || !_books.On(message, nowNs) && !_quotes.On(message, nowNs)) _orders.On(message, nowNs);
    }

    void IFixPeer.OnReject(int refSeqNum, string text, long nowNs) => _orders.OnReject(refSeqNum, text, nowNs);

    void IFixPeer.Failed(string reason)
    {
        _tally.Count(OutsideReason.ConnectFailed);
        _tally.Poll(Clock.NowNs());
    }

    void IFixPeer.Poll(long heardNs, long nowNs)
    {
        _books.Poll(heardNs, nowNs);
        _quotes.Poll(nowNs);
        _tally.Poll(nowNs);
        if (!_isMarked && _store.IsBehind && nowNs - _markedNs >= MarkEveryNs) Mark(nowNs);
    }

    // A number that says "received" before the report is on the disk would lose the report to a crash in between: the
    // exchange would not send it again. All inputs of what was received are posted when the peer is polled.
    private void Mark(long nowNs)
    {
        (_isMarked, _markedNs) = (true, nowNs);
        var keep = _store.Mark();
        _inbox(new InboundMark
        {
            NowNs = nowNs,
            Keep = () =>
            {
                keep();
                _isMarked = false;
            },
        });
    }

    public void Dispose()
    {
        _initiator.Dispose();
        _store.Dispose();
    }
}
