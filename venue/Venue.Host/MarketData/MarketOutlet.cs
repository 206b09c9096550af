using Venue.Gateway;
using Venue.Messages;
using Venue.Sequencer;

namespace Venue.Host;

/// <summary>
/// What the core says of the public books to the market data thread: a copy of each event into a bounded tape. When that is full
/// it goes on without, and later gives an image of each instrument of which something was lost.
/// </summary>
/// <remarks>The core's thread. It never waits.</remarks>
internal sealed class MarketOutlet(VenueCore core, Journal journal)
{
    private readonly Queue<int> _toRestore = new();
    private readonly Dictionary<int, int> _followed = [];   // by instrument: which of the reader's wishes it was
    private bool[] _isLost = [];
    private TapeEvent _unread;
    private MarketTape? _tape;
    private EdgeBooks? _reader;

    /// <summary>Instruments of which something was lost since the start, each time counted.</summary>
    public long Lost { get; private set; }

    /// <summary>From now on everything goes to this reader, which knows how everything stands; or to nobody.</summary>
    public void Attach(MarketTape? tape, EdgeBooks? reader)
    {
        foreach (var instrument in _followed.Keys) core.FollowElsewhere(instrument, false);
        _followed.Clear();
        _toRestore.Clear();
        _isLost = new bool[core.Gateway.Instruments.All.Count + 1];
        (_tape, _reader) = (tape, reader);
    }

    /// <summary>A level changed.</summary>
    public void On(in LevelChanged e) => Slot(e.Header.Instrument, TapeKind.Level).Level = e;

    /// <summary>Something traded.</summary>
    public void On(in Trade e) => Slot(e.Header.Instrument, TapeKind.Trade).Trade = e;

    /// <summary>An auction would do something else now.</summary>
    public void On(in Indicative e) => Slot(e.Header.Instrument, TapeKind.Indicative).Indicative = e;

    /// <summary>An instrument is in another phase.</summary>
    public void On(in PhaseChanged e) => Slot(e.Header.Instrument, TapeKind.Phase).Phase = e;

    /// <summary>Steps of followed books.</summary>
    public void On(ReadOnlySpan<EntryStep> steps)
    {
        if (_followed.Count == 0) return;
        foreach (ref readonly var step in steps)
        {
            if (_followed.ContainsKey(step.Instrument)) Slot(step.Instrument, TapeKind.Step).Step = step;
        }
    }

    /// <summary>An asset is new, or another.</summary>
    public void On(in AssetDefined e)
    {
        if (_tape is null) return;
        var copy = e;
        Do(reader => reader.Gateway.On(copy));
    }

    /// <summary>An instrument is new, or another.</summary>
    public void On(in InstrumentDefined e)
    {
        if (_tape is null) return;
        if (e.Definition.Instrument >= _isLost.Length) Array.Resize(ref _isLost, e.Definition.Instrument + 1);
        var copy = e;
        Do(reader => reader.Gateway.On(copy));
    }

    /// <summary>An instrument trades otherwise.</summary>
    public void On(in TradingDefined e)
    {
        if (_tape is null) return;
        var copy = e;
        Do(reader => reader.Gateway.On(copy));
    }

    /// <summary>Has something done by the reader's thread, behind all that happened so far.</summary>
    public void Do(Action<EdgeBooks> what)
    {
        var reader = _reader!;
        _tape!.Add(() => what(reader), journal.Appended);
    }

    /// <summary>The reader wants an instrument order by order, beginning with how it stands; or no more.</summary>
    public void Follow(int instrument, bool isFollowed, int wish)
    {
        core.FollowElsewhere(instrument, isFollowed);
        if (!isFollowed)
        {
            _followed.Remove(instrument);
            return;
        }
        _followed[instrument] = wish;
        if (!_isLost[instrument]) GiveOrders(instrument, wish);
    }

    /// <summary>A turn of the core is over: the reader is shown it. False when there was nothing in it.</summary>
    public bool EndTurn()
    {
        if (_tape is null) return false;
        if (_toRestore.Count > 0 && !_tape.IsHalfFull) Restore(_toRestore.Dequeue());
        return _tape.EndTurn(journal.Appended);
    }

    /// <summary>The tape's next slot; or one that nobody reads, while nobody listens or something of the instrument is lost.</summary>
    private ref TapeEvent Slot(int instrument, TapeKind kind)
    {
        if (_tape is null || _isLost[instrument]) return ref _unread;
        if (!_tape.HasRoom())
        {
            Lose(instrument);
            return ref _unread;
        }
        ref var slot = ref _tape.Add();
        slot.Kind = kind;
        return ref slot;
    }

    // Beside the hot path: what the notice needs is allocated here.
    private void Lose(int instrument)
    {
        _isLost[instrument] = true;
        _toRestore.Enqueue(instrument);
        Lost++;
        Do(reader => reader.Lose(instrument));
    }

    // One in a turn: a copy of its levels and of a day's minutes, some tens of microseconds.
    private void Restore(int instrument)
    {
        _isLost[instrument] = false;
        var image = core.Gateway.Image(instrument);
        Do(reader => reader.Restore(instrument, image));
        if (_followed.TryGetValue(instrument, out var wish)) GiveOrders(instrument, wish);
    }

    private void GiveOrders(int instrument, int wish)
    {
        var orders = new List<EntryStep>();
        core.CopyEntries(instrument, orders);
        Do(reader => reader.Begin(instrument, wish, orders));
    }
}
