using System.Runtime.CompilerServices;
namespace Venue.Engine;

/// <summary>Every open order in the list of its session, in the order in which they were entered.</summary>
/// <remarks>So that a lost session's orders are found without a walk through the books. The links are in the orders.</remarks>
internal sealed class SessionOrders(Orders orders)
{
    private struct Ends
    {
        public int First;
        public int Last;
    }

    private Ends[] _ends = new Ends[16];

    /// <summary>The last number of an order, or of a new place of one in its queue.</summary>
    public long Entered { get; private set; }

    /// <summary>The next such number, for a place.</summary>
    public long NextPlace() => ++Entered;

    /// <summary>The session's oldest open order; 0 for none.</summary>
    public int First(int session) => (uint)session < (uint)_ends.Length ? _ends[session].First : 0;

    /// <summary>The order that the same session entered next, if it is open; 0 for none.</summary>
    public int Next(int slot) => orders[slot].Next;

    /// <summary>Which order of the venue it is, in the order in which they came.</summary>
    public long EnteredOf(int slot) => orders[slot].Entered;

    /// <summary>Makes room for a session of this number.</summary>
    public void AddSession(int session)
    {
        if (session >= _ends.Length) Array.Resize(ref _ends, Math.Max(session + 1, _ends.Length * 2));
    }

    /// <summary>The order was opened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int slot, int session)
    {
        ref var ends = ref _ends[session];
        ref var order = ref orders[slot];
        order.Previous = ends.Last;
        order.Next = 0;
        order.Entered = ++Entered;
        if (ends.Last == 0) ends.First = slot;
        else orders[ends.Last].Next = slot;
        ends.Last = slot;
    }

    /// <summary>The order was closed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Remove(int slot, int session)
    {
        ref var order = ref orders[slot];
        if (order.Previous == 0) _ends[session].First = order.Next;
        else orders[order.Previous].Next = order.Next;
        if (order.Next == 0) _ends[session].Last = order.Previous;
        else orders[order.Next].Previous = order.Previous;
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
