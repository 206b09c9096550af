using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>
/// The ClOrdIDs(11) that were used, per session. The current id of an open order is kept; all others are forgotten,
/// oldest first, when their room is needed.
/// </summary>
/// <remarks>
/// Known by 72 bits of a keyed hash, not by their text: a request is taken for a duplicate that it is not once in 2^49 when 2^23 ids are remembered.
/// That an id names an order is never left to the hash: the order has its text.
/// </remarks>
internal sealed class ClOrdIDs
{
    /// <summary>How far ahead the places that will be emptied are fetched.</summary>
    private const int Ahead = 4;

    private readonly IDBuckets _buckets;
    private readonly ulong _key;
    private readonly int _capacity;
    // Places of released ids in the order in which they will be forgotten: a ring.
    private readonly FixedArray<int> _released;
    private int _oldest;
    private int _releasedCount;
    private int _used;

    public ClOrdIDs(int capacity, ulong key)
    {
        // One more than asked for: a replace holds the new id before it lets go of the old one.
        _capacity = capacity + 1;
        _released = new FixedArray<int>(_capacity + Ahead);
        _buckets = new IDBuckets(_capacity);
        _key = key;
    }

    /// <summary>Where the table lies.</summary>
    public IEnumerable<MemoryRange> Memory => [_buckets.Memory, _released.Memory];

    /// <summary>The hash that the other methods want, the same in every process for the same key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public IDHash HashOf(int session, in Text40 clOrdID)
    {
        ref var words = ref Unsafe.As<Text40, ulong>(ref Unsafe.AsRef(in clOrdID));
        var (first, second, last) = (words ^ _key, Unsafe.Add(ref words, 1), Unsafe.Add(ref words, 4));
        // Two hashes that share nothing but the words: where one has a collision the other has none.
        // The key is in both factors of the last product, which all else passes: a zero cannot be aimed at.
        var hash = Fold(first ^ 0xA0761D6478BD642F, second ^ 0xE7037ED1A0B428DB);
        var check = first * 0x9E3779B97F4A7C15 + second * 0xC2B2AE3D27D4EB4F;
        // Most ids are short: then the third and fourth words are zero.
        if ((Unsafe.Add(ref words, 2) | Unsafe.Add(ref words, 3)) != 0)
        {
            hash ^= Fold(Unsafe.Add(ref words, 2) ^ _key ^ 0x8EBC6AF09C88C6E3, Unsafe.Add(ref words, 3) ^ 0x589965CC75374CC3);
            check += Unsafe.Add(ref words, 2) * 0x165667B19E3779F9 + Unsafe.Add(ref words, 3) * 0xD6E8FEB86659FD93;
        }
        check = (check ^ check >> 32) * 0xFF51AFD7ED558CCD + last * 0x27D4EB2F165667C5 + (uint)session * 0x9FB21C651E98DF25;
        return new IDHash(Fold(hash ^ last, (uint)session ^ _key ^ 0x1D8E4E27C47D124F) | 1, (uint)(check >> 55));
    }

    /// <summary>An id with this hash is about to be looked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(in IDHash hash) => _buckets.Prefetch(in hash);

    /// <summary>The id's place; 0 when the session never used it or it is forgotten.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(in IDHash hash) => _buckets.Find(in hash);

    /// <summary>Slot of the order that an id named when it was used; 0 for a cancel's or a refused order's, and for place 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int OrderAt(int place) => _buckets.SlotAt(place);

    /// <summary>Remembers an id that is not there yet, forgetting the oldest when there is no room; the new one is kept until <see cref="Release"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Add(in IDHash hash, int order)
    {
        if (_used < _capacity) _used++;
        else Forget();
        return _buckets.Add(in hash, order);
    }

    /// <summary>The id may be forgotten from now on, after all that were released before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Release(int place) => _released[Wrapped(_oldest + _releasedCount++)] = place;

    /// <summary>Adds the ids that can be forgotten, oldest first, and whether they still name an order.</summary>
    public void HashInto(ref StateHasher hasher, Orders orders)
    {
        hasher.Add(_used);
        for (var i = 0; i < _releasedCount; i++)
        {
            var place = _released[Wrapped(_oldest + i)];
            _buckets.HashInto(place, ref hasher);
            hasher.Add(orders[OrderAt(place)].IDPlace == place ? 1 : 0);
        }
    }

    /// <summary>Takes the oldest released id out of the table.</summary>
    private void Forget()
    {
        if (_releasedCount == 0) throw new InvalidOperationException("Every remembered ClOrdID belongs to an open order: there are more open orders than the venue was sized for");
        var place = _released[_oldest];
        _oldest = Wrapped(_oldest + 1);
        _releasedCount--;
        _buckets.Remove(place);
        // Beyond the newest, and beyond the ring, there is an old place or none, fetched in vain.
        _buckets.Prefetch(_released[Wrapped(_oldest + Ahead)]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Wrapped(int at) => at < _capacity ? at : at - _capacity;

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
