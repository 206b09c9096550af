using System.Runtime.InteropServices;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Where an open special order stands.</summary>
internal enum Place : byte
{
    /// <summary>In no book: it comes in, waits for an auction, or follows a price that there is none of.</summary>
    Nowhere = 0,
    /// <summary>In the book that is shown.</summary>
    Lit = 1,
    /// <summary>In the book of hidden orders.</summary>
    Dark = 2,
    /// <summary>Waiting for its trigger.</summary>
    Stops = 3,
}

/// <summary>Whether an order is a side of a hit that its provider looks at.</summary>
internal enum HitLook : byte
{
    None = 0,
    /// <summary>It is being looked at: it holds its money and stands in no book.</summary>
    Pending = 1,
    /// <summary>It came to nothing.</summary>
    Refused = 2,
}

/// <summary>What the engine knows of an order with terms, beside <see cref="Order"/>: 80 bytes, in the same slot.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SpecialOrder
{
    public OrderTerms Terms;
    /// <summary>Sequence number of the command that brought it: older first where books do not say it.</summary>
    public long Age;
    /// <summary>What an iceberg in the book has left beside what it shows.</summary>
    public long ReserveLots;
    /// <summary>Place in the heap of expiries, from 1; 0 for none.</summary>
    public int HeapIndex;
    /// <summary>Slot of the other order of its pair; 0 for none.</summary>
    public int Partner;
    /// <summary>Neighbours in its instrument's <see cref="SlotList"/>; 0 at the ends.</summary>
    public int Before, After;
    public OrdType OrdType;
    public TimeInForce TimeInForce;
    public Place Place;
    /// <summary>1 while it keeps its instrument from the short path.</summary>
    public byte IsCounted;
    /// <summary>1 when its stop was triggered.</summary>
    public byte IsTriggered;
    /// <summary>1 while it stands in a <see cref="SlotList"/>.</summary>
    public byte IsListed;
    public HitLook Look;
    public byte Reserved;

    public readonly bool Is(OrderInstructions instruction) => (Terms.Instructions & instruction) != 0;

    /// <summary>True for an order that waits for a trigger.</summary>
    public readonly bool IsStop => OrdType is OrdType.Stop or OrdType.StopLimit && IsTriggered == 0;

    /// <summary>True for one that is only for an auction.</summary>
    public readonly bool IsForAuction => TimeInForce is TimeInForce.AtTheOpening or TimeInForce.AtTheClose;

    /// <summary>False when Price(44) of its reports would be a limit that the client did not give.</summary>
    public readonly bool HasOwnLimit => OrdType is not (OrdType.Market or OrdType.Stop);

    public readonly void HashInto(ref StateHasher hasher)
    {
        hasher.AddWords(in Terms);
        hasher.Add(Age);
        hasher.Add(ReserveLots);
        hasher.Add(Partner, (byte)Look << 26 | IsTriggered << 24 | (byte)OrdType << 16 | (byte)TimeInForce << 8 | (byte)Place);
    }
}

/// <summary>Orders of one instrument in the order in which they came, linked through <see cref="SpecialOrder"/>; an order stands in one at most.</summary>
internal struct SlotList
{
    public int First;
    public int Last;
    public int Count;
}
