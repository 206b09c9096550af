using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Venue.Matching;

namespace Venue.Engine;

/// <summary>
/// Numbers by 32-bit hash: buckets of one cache line, searched in one comparison. Never grows; most searches and every
/// hint touch one line.
/// </summary>
/// <remarks>
/// An entry that finds its bucket full goes to the next one; each bucket counts how many went past it, so that a search
/// ends where nobody went past, and a removal moves nothing.
/// </remarks>
internal sealed class IDBuckets
{
    private const int Slots = 10;
    private const uint SlotBits = (1 << Slots) - 1;
    /// <summary>Entries per bucket when the table is full: few enough that two in a hundred buckets are passed.</summary>
    private const int Fill = 5;

    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct Bucket
    {
        public Tags Tags;
        /// <summary>Entries that stand in a later bucket because this one was full.</summary>
        public ushort Passed;
        public Numbers Numbers;
    }

    [InlineArray(Slots)]
    private struct Tags
    {
        private ushort _first;
    }

    [InlineArray(Slots)]
    private struct Numbers
    {
        private int _first;
    }

    private readonly FixedArray<Bucket> _buckets;

    /// <summary>Room for <paramref name="capacity"/> entries.</summary>
    public IDBuckets(int capacity) => _buckets = new FixedArray<Bucket>(capacity / Fill + 1);

    /// <summary>A search for this hash comes soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint hash) => Cache.Prefetch(in _buckets[HomeOf(hash)]);

    /// <summary>The candidates for a hash, one after the other; 0 when there is none left.</summary>
    public ref struct Search
    {
        private readonly IDBuckets _table;
        private readonly ushort _tag;
        private int _at;
        private uint _matches;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Search(IDBuckets table, uint hash)
        {
            _table = table;
            _tag = TagOf(hash);
            _at = table.HomeOf(hash);
            _matches = Matches(in table._buckets[_at], _tag);
        }

        /// <summary>The next number whose hash is most likely the one searched; 0 for none.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Next()
        {
            ref var bucket = ref _table._buckets[_at];
            while (_matches == 0)
            {
                if (bucket.Passed == 0) return 0;
                _at = _table.After(_at);
                bucket = ref _table._buckets[_at];
                _matches = Matches(in bucket, _tag);
            }
            var slot = BitOperations.TrailingZeroCount(_matches);
            _matches &= _matches - 1;
            return bucket.Numbers[slot];
        }
    }

    /// <summary>Adds a number, which is not 0.</summary>
    public void Add(uint hash, int number)
    {
        for (var at = HomeOf(hash); ; at = After(at))
        {
            ref var bucket = ref _buckets[at];
            var free = Matches(in bucket, 0);
            if (free == 0)
            {
                bucket.Passed = checked((ushort)(bucket.Passed + 1));
                continue;
            }
            var slot = BitOperations.TrailingZeroCount(free);
            bucket.Tags[slot] = TagOf(hash);
            bucket.Numbers[slot] = number;
            return;
        }
    }

    /// <summary>Removes a number that was added with this hash.</summary>
    public void Remove(uint hash, int number)
    {
        var tag = TagOf(hash);
        for (var at = HomeOf(hash); ; at = After(at))
        {
            ref var bucket = ref _buckets[at];
            for (var matches = Matches(in bucket, tag); matches != 0; matches &= matches - 1)
            {
                var slot = BitOperations.TrailingZeroCount(matches);
                if (bucket.Numbers[slot] != number) continue;
                bucket.Tags[slot] = 0;
                return;
            }
            if (bucket.Passed == 0) throw new InvalidOperationException($"Number {number} is not in the table");
            bucket.Passed--;
        }
    }

    /// <summary>One bit per slot with this tag.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Matches(in Bucket bucket, ushort tag)
    {
        // Sixteen tags are compared, of which ten are tags.
        ref var first = ref Unsafe.As<Bucket, ushort>(ref Unsafe.AsRef(in bucket));
        return Vector256.Equals(Vector256.LoadUnsafe(ref first), Vector256.Create(tag)).ExtractMostSignificantBits() & SlotBits;
    }

    /// <summary>Never 0, which is the tag of a free slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort TagOf(uint hash) => (ushort)(hash | 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int HomeOf(uint hash) => (int)((ulong)hash * (uint)_buckets.Length >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int After(int at) => at + 1 == _buckets.Length ? 0 : at + 1;
}
