using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>One ClOrdID(11) that a session has used: one cache line.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct UsedClOrdID
{
    public Text40 ClOrdID;
    public int Session;
    /// <summary>Slot of the order that it named when it was used; 0 for a cancel's or a refused order's.</summary>
    public int Order;
    /// <summary>The one that is forgotten after it; 0 for none.</summary>
    public int Next;
    /// <summary>Its place in the table.</summary>
    public uint Hash;
}

/// <summary>
/// The ClOrdIDs that were used, per session. The current id of an open order is kept; all others are forgotten,
/// oldest first, when their room is needed.
/// </summary>
internal sealed class ClOrdIDs
{
    private readonly FixedArray<UsedClOrdID> _ids;
    private readonly IDBuckets _buckets;
    private readonly ulong _key;
    private int _used;
    private int _oldest;
    private int _newest;

    public ClOrdIDs(int capacity, ulong key)
    {
        // One more than asked for: a replace holds the new id before it lets go of the old one.
        _ids = new FixedArray<UsedClOrdID>(capacity + 2);
        _buckets = new IDBuckets(capacity + 1);
        _key = key;
    }

    /// <summary>Where the ids and their table lie.</summary>
    public IEnumerable<MemoryRange> Memory => [_ids.Memory, _buckets.Memory];

    public ref readonly UsedClOrdID this[int id] => ref _ids[id];

    /// <summary>The hash that the other methods want, the same in every process for the same key.</summary>
    public uint HashOf(int session, in Text40 clOrdID)
    {
        ref var words = ref Unsafe.As<Text40, ulong>(ref Unsafe.AsRef(in clOrdID));
        // The key is in both factors of the last product, which all else passes: a zero cannot be aimed at.
        var hash = Fold(words ^ _key ^ 0xA0761D6478BD642F, Unsafe.Add(ref words, 1) ^ 0xE7037ED1A0B428DB);
        // Most ids are short: then the third and fourth words are zero.
        if ((Unsafe.Add(ref words, 2) | Unsafe.Add(ref words, 3)) != 0)
            hash ^= Fold(Unsafe.Add(ref words, 2) ^ _key ^ 0x8EBC6AF09C88C6E3, Unsafe.Add(ref words, 3) ^ 0x589965CC75374CC3);
        return (uint)(Fold(hash ^ Unsafe.Add(ref words, 4), (uint)session ^ _key ^ 0x1D8E4E27C47D124F) >> 32);
    }

    /// <summary>An id with this hash is about to be looked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint hash) => _buckets.Prefetch(hash);

    /// <summary>The number of an id with this hash, most likely the only one; 0 for none. The id is fetched, not looked at.</summary>
    public int Guess(uint hash)
    {
        if (!_buckets.Find(hash).TryNext(out var id)) return 0;
        Cache.PrefetchLine(in _ids[id]);
        return id;
    }

    /// <summary>The id's number; 0 when the session never used it or it is forgotten.</summary>
    public int Find(uint hash, int session, in Text40 clOrdID)
    {
        for (var search = _buckets.Find(hash); search.TryNext(out var number);)
        {
            ref var id = ref _ids[number];
            if (id.Hash == hash && id.Session == session && id.ClOrdID == clOrdID) return number;
        }
        return 0;
    }

    /// <summary>Remembers an id that is not there yet, forgetting the oldest when there is no room; the new one is kept until <see cref="Release"/>.</summary>
    public int Add(uint hash, int session, in Text40 clOrdID, int order)
    {
        var number = _used < _ids.Length - 1 ? ++_used : Forget();
        ref var id = ref _ids[number];
        id.ClOrdID = clOrdID;
        id.Session = session;
        id.Order = order;
        id.Next = 0;
        id.Hash = hash;
        _buckets.Add(hash, number);
        return number;
    }

    /// <summary>The id may be forgotten from now on, after all that were released before it.</summary>
    public void Release(int id)
    {
        if (_newest == 0) BecomeOldest(id);
        else _ids[_newest].Next = id;
        _newest = id;
    }

    /// <summary>Adds the ids that can be forgotten, oldest first, and whether they still name an order.</summary>
    public void HashInto(ref StateHasher hasher, Orders orders)
    {
        hasher.Add(_used);
        for (var id = _oldest; id != 0; id = _ids[id].Next)
        {
            HashInto(id, ref hasher);
            hasher.Add(orders[_ids[id].Order].ClOrdID == id ? 1 : 0);
        }
    }

    /// <summary>Adds one id.</summary>
    public void HashInto(int id, ref StateHasher hasher)
    {
        hasher.AddWords(in _ids[id].ClOrdID);
        hasher.Add(_ids[id].Session, _ids[id].Order);
    }

    /// <summary>Takes the oldest released id out of the table; its number is free.</summary>
    private int Forget()
    {
        var number = _oldest;
        if (number == 0) throw new InvalidOperationException("Every remembered ClOrdID belongs to an open order: there are more open orders than the venue was sized for");
        ref var id = ref _ids[number];
        _buckets.Remove(id.Hash, number);
        if (id.Next == 0) (_oldest, _newest) = (0, 0);
        else BecomeOldest(id.Next);
        return number;
    }

    /// <summary>What forgetting it will need, and the one after it, is fetched meanwhile.</summary>
    private void BecomeOldest(int number)
    {
        _oldest = number;
        ref var id = ref _ids[number];
        _buckets.Prefetch(id.Hash);
        Cache.PrefetchLine(in _ids[id.Next]);
    }

    /// <summary>Both halves of the product, folded: every bit of both factors reaches every bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong a, ulong b)
    {
        // The library's product goes through memory.
        if (Bmi2.X64.IsSupported) return Bmi2.X64.MultiplyNoFlags(a, b) ^ unchecked(a * b);
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
