using System.Runtime.CompilerServices;
using Venue.Matching;

namespace Venue.Engine;

/// <summary>Every open order in the list of its session, in the order in which they were entered.</summary>
/// <remarks>So that a lost session's orders are found without a walk through the books. Addressed by slot, as the orders are.</remarks>
internal sealed class SessionOrders(int capacity)
{
    private struct Link
    {
        public int Previous;
        public int Next;
        /// <summary>Which order of the venue it is, counted from 1.</summary>
        public long Entered;
    }

    private struct Ends
    {
        public int First;
        public int Last;
    }

    private readonly Link[] _links = new Link[capacity + 1];
    private Ends[] _ends = new Ends[16];

    /// <summary>Orders that were ever entered.</summary>
    public long Entered { get; private set; }

    /// <summary>The session's oldest open order; 0 for none.</summary>
    public int First(int session) => (uint)session < (uint)_ends.Length ? _ends[session].First : 0;

    /// <summary>The order that the same session entered next, if it is open; 0 for none.</summary>
    public int Next(int slot) => _links[slot].Next;

    /// <summary>Which order of the venue it is, counted from 1.</summary>
    public long EnteredOf(int slot) => _links[slot].Entered;

    /// <summary>Makes room for a session of this number.</summary>
    public void AddSession(int session)
    {
        if (session >= _ends.Length) Array.Resize(ref _ends, Math.Max(session + 1, _ends.Length * 2));
    }

    /// <summary>The order was opened.</summary>
    public void Add(int slot, int session)
    {
        ref var ends = ref _ends[session];
        ref var link = ref _links[slot];
        link.Previous = ends.Last;
        link.Next = 0;
        link.Entered = ++Entered;
        if (ends.Last == 0) ends.First = slot;
        else _links[ends.Last].Next = slot;
        ends.Last = slot;
    }

    /// <summary>The order was closed.</summary>
    public void Remove(int slot, int session)
    {
        ref var link = ref _links[slot];
        if (link.Previous == 0) _ends[session].First = link.Next;
        else _links[link.Previous].Next = link.Next;
        if (link.Next == 0) _ends[session].Last = link.Previous;
        else _links[link.Next].Previous = link.Previous;
    }

    /// <summary>The order will be closed soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int slot) => Cache.Prefetch(in _links[slot]);

    /// <summary>The order will be closed soon, and its links have come.</summary>
    public void PrefetchAround(int slot)
    {
        Cache.Prefetch(in _links[_links[slot].Previous]);
        Cache.Prefetch(in _links[_links[slot].Next]);
    }

    public void HashInto(int sessions, ref StateHasher hasher)
    {
        hasher.Add(Entered);
        for (var session = 1; session < sessions; session++)
            for (var slot = First(session); slot != 0; slot = Next(slot))
            {
                hasher.Add(session, slot);
                hasher.Add(EnteredOf(slot));
            }
    }
}
