using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Venue.Messages;

namespace Venue.Sequencer;

/// <summary>
/// The one line in which every command waits for the sequencer: a bounded ring with many publishers and one taker,
/// without locks and, after construction, without allocation. Full means "refused", never "wait".
/// </summary>
/// <remarks>
/// Each slot has a turn number. A slot is free for the publisher of ticket t when turn = t, full for the taker when
/// turn = t + 1, and free again, one round later, when turn = t + capacity. A publisher claims a ticket by moving the
/// tail, fills the slot, then hands it over with a release write of the turn; the taker's acquire read of the turn makes
/// the bytes visible. Commands are taken in the order of their tickets, so each publisher's order is kept.
/// A publisher that is paused between claim and hand-over holds up the commands behind it, but loses none.
/// </remarks>
public sealed unsafe class InboundRing
{
    private const int CacheLine = 64;
    // turn (8) and length (4) and padding to 16, then the command; five cache lines, so that no two slots share one.
    private const int CommandOffset = 16;
    private const int SlotBytes = 320;

    private readonly byte[] _memory;    // pinned: _slots points into it
    private readonly byte* _slots;
    private readonly long _mask;
    private Ends _ends;

    /// <summary>Makes a ring of <paramref name="capacity"/> slots, a power of two, of <see cref="CommandSlot.Size"/> bytes each.</summary>
    public InboundRing(int capacity)
    {
        if (capacity < 2 || (capacity & (capacity - 1)) != 0)
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "The ring's capacity is a power of two, at least 2");
        Capacity = capacity;
        _mask = capacity - 1;
        _memory = GC.AllocateArray<byte>(checked(capacity * SlotBytes + CacheLine), pinned: true);
        var start = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));
        _slots = (byte*)((start + CacheLine - 1) & ~(nuint)(CacheLine - 1));
        for (long i = 0; i < capacity; i++) Turn(Slot(i)) = i;
    }

    /// <summary>Commands that fit.</summary>
    public int Capacity { get; }

    /// <summary>Commands waiting, those being written included. Any thread; a moment later it may be another.</summary>
    public int Count
    {
        get
        {
            // Head first: the tail read later is never behind it.
            var head = Volatile.Read(ref _ends.Head);
            return (int)Math.Min(Volatile.Read(ref _ends.Tail) - head, Capacity);
        }
    }

    /// <summary>Copies <paramref name="command"/> into the ring. Any thread. False when the ring is full: nothing was taken.</summary>
    /// <exception cref="ArgumentException">The command is empty or longer than <see cref="CommandSlot.Size"/> bytes.</exception>
    public bool TryPublish(ReadOnlySpan<byte> command)
    {
        if ((uint)(command.Length - 1) >= CommandSlot.Size) ThrowLength(command);
        var ticket = Volatile.Read(ref _ends.Tail);
        while (true)
        {
            var slot = Slot(ticket);
            var turn = Volatile.Read(ref Turn(slot));
            if (turn == ticket)
            {
                var seen = Interlocked.CompareExchange(ref _ends.Tail, ticket + 1, ticket);
                if (seen == ticket)
                {
                    command.CopyTo(new Span<byte>(slot + CommandOffset, CommandSlot.Size));
                    Length(slot) = command.Length;
                    Volatile.Write(ref Turn(slot), ticket + 1);   // release: the bytes above are visible before the turn
                    return true;
                }
                ticket = seen;
            }
            else if (turn < ticket)
            {
                return false;   // still holds the command of one round ago
            }
            else
            {
                ticket = Volatile.Read(ref _ends.Tail);
            }
        }
    }

    /// <summary>The oldest command, in place, until <see cref="Advance"/>; false when none is ready. The taker's thread only.</summary>
    public bool TryPeek(out Span<byte> command)
    {
        var head = _ends.Head;   // only this thread writes it
        var slot = Slot(head);
        if (Volatile.Read(ref Turn(slot)) != head + 1)
        {
            command = default;
            return false;
        }
        command = new Span<byte>(slot + CommandOffset, Length(slot));
        return true;
    }

    /// <summary>A command that waits behind the oldest, in place; false when none is ready there. The taker's thread only.</summary>
    /// <param name="ahead">Commands before it; 0 is the oldest.</param>
    /// <param name="command">Its bytes, until it is taken.</param>
    public bool TryPeek(int ahead, out ReadOnlySpan<byte> command)
    {
        var ticket = _ends.Head + ahead;
        var slot = Slot(ticket);
        var ready = ahead < Capacity && Volatile.Read(ref Turn(slot)) == ticket + 1;
        command = ready ? new ReadOnlySpan<byte>(slot + CommandOffset, Length(slot)) : default;
        return ready;
    }

    /// <summary>Gives the slot of the last <see cref="TryPeek"/> back. The taker's thread only, once per successful peek.</summary>
    public void Advance()
    {
        var head = _ends.Head;
        Volatile.Write(ref Turn(Slot(head)), head + Capacity);   // release: what was read from the slot was read before
        Volatile.Write(ref _ends.Head, head + 1);
    }

    /// <summary>Copies the oldest command out; false when none is ready. The taker's thread only.</summary>
    public bool TryTake(Span<byte> into, out int length)
    {
        if (!TryPeek(out var command))
        {
            length = 0;
            return false;
        }
        command.CopyTo(into);
        length = command.Length;
        Advance();
        return true;
    }

    private byte* Slot(long ticket) => _slots + (ticket & _mask) * SlotBytes;

    private static ref long Turn(byte* slot) => ref *(long*)slot;

    private static ref int Length(byte* slot) => ref *(int*)(slot + 8);

    private static void ThrowLength(ReadOnlySpan<byte> command) =>
        throw new ArgumentException($"A command has 1 to {CommandSlot.Size} bytes, this has {command.Length}", nameof(command));

    /// <summary>Both ends, each on cache lines of its own: publishers and taker do not slow each other down.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 6 * CacheLine)]
    private struct Ends
    {
        [FieldOffset(2 * CacheLine)] public long Tail;
        [FieldOffset(4 * CacheLine)] public long Head;
    }
}
