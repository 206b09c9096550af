using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Venue.Host;

/// <summary>
/// The bounded line from the core to the market data thread: one writer, one reader, no locks and, after construction, no
/// allocation. Full means "lost", never "wait": what is lost comes again as an image.
/// </summary>
/// <remarks>
/// The reader is shown whole turns of the core, and none before the journal position behind it may be told. A notice is something rare
/// that is done between two slots: an image, a definition, an operator's word.
/// </remarks>
internal sealed class MarketTape
{
    private const int CacheLine = 64;

    private readonly record struct Turn(long End, long Position);

    private readonly record struct Notice(long At, long Position, Action Do);

    private readonly TapeEvent[] _slots;
    private readonly Turn[] _turns;
    private readonly ConcurrentQueue<Notice> _notices = new();
    private Ends _ends;
    // The writer's.
    private long _written, _turnsWritten, _headSeen, _noticesWritten, _noticesShown;
    // The reader's.
    private long _turnsRead, _shown;

    /// <summary>Makes a tape of <paramref name="capacity"/> slots, a power of two.</summary>
    public MarketTape(int capacity)
    {
        if (capacity < 2 || (capacity & (capacity - 1)) != 0) throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "The tape's capacity is a power of two, at least 2");
        _slots = new TapeEvent[capacity];
        _turns = new Turn[capacity];
    }

    /// <summary>True when less than half of it is free; the writer.</summary>
    public bool IsHalfFull => _written - Volatile.Read(ref _ends.Head) > _slots.Length / 2;

    /// <summary>Room for one more; the writer. False when it is full.</summary>
    public bool HasRoom()
    {
        if (_written - _headSeen < _slots.Length) return true;
        _headSeen = Volatile.Read(ref _ends.Head);
        return _written - _headSeen < _slots.Length;
    }

    /// <summary>The next slot, to be filled; the writer, after <see cref="HasRoom"/>.</summary>
    public ref TapeEvent Add() => ref _slots[_written++ & (_slots.Length - 1)];

    /// <summary>Has something done by the reader behind what was added so far, once <paramref name="position"/> of the journal may be told; the writer.</summary>
    public void Add(Action notice, long position)
    {
        _notices.Enqueue(new Notice(_written, position, notice));
        _noticesWritten++;
    }

    /// <summary>The turn is over: the reader is shown it, once <paramref name="position"/> of the journal may be told. False when there was nothing in it; the writer.</summary>
    public bool EndTurn(long position)
    {
        var hasNotices = _noticesWritten != _noticesShown;
        _noticesShown = _noticesWritten;
        if (_written == _ends.Tail) return hasNotices;
        // As many turns as slots fit, and each has a slot at least.
        _turns[_turnsWritten++ & (_turns.Length - 1)] = new Turn(_written, position);
        _ends.Tail = _written;
        Volatile.Write(ref _ends.Turns, _turnsWritten);
        return true;
    }

    /// <summary>True when there is something that may be told by now; the reader.</summary>
    public bool HasMore(long safe) => _ends.Head < _shown || IsTurnSafe(safe) || (_notices.TryPeek(out var notice) && notice.At <= _ends.Head && notice.Position <= safe);

    /// <summary>The oldest slot of the turns that may be told, in place until <see cref="Advance"/>; notices before it are done. The reader.</summary>
    /// <param name="safe">Up to where the journal may be told.</param>
    /// <param name="slot">Where it is in <see cref="this"/>.</param>
    public bool TryPeek(long safe, out long slot)
    {
        slot = _ends.Head;
        if (_shown == slot && IsTurnSafe(safe)) _shown = _turns[_turnsRead++ & (_turns.Length - 1)].End;
        while (!_notices.IsEmpty && _notices.TryPeek(out var notice) && notice.At <= slot && notice.Position <= safe)
        {
            _notices.TryDequeue(out _);
            notice.Do();
        }
        return slot < _shown;
    }

    /// <summary>What stands in a slot.</summary>
    public ref readonly TapeEvent this[long slot] => ref _slots[slot & (_slots.Length - 1)];

    /// <summary>Gives the slot of the last <see cref="TryPeek"/> back; the reader.</summary>
    public void Advance() => Volatile.Write(ref _ends.Head, _ends.Head + 1);

    private bool IsTurnSafe(long safe) => _turnsRead < Volatile.Read(ref _ends.Turns) && _turns[_turnsRead & (_turns.Length - 1)].Position <= safe;

    /// <summary>Both ends, each on cache lines of its own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 6 * CacheLine)]
    private struct Ends
    {
        [FieldOffset(2 * CacheLine)] public long Tail;
        [FieldOffset(2 * CacheLine + 8)] public long Turns;
        [FieldOffset(4 * CacheLine)] public long Head;
    }
}
