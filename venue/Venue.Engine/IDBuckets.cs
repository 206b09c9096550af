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
    private const int BucketBytes = 64;

    /// <summary>Bytes of the table for each entry that there is room for, rounded up.</summary>
    public const int BytesPerEntry = (BucketBytes + Fill - 1) / Fill;

    [StructLayout(LayoutKind.Sequential, Size = BucketBytes)]
    internal struct Bucket
    {
        public Tags Tags;
        /// <summary>Entries that stand in a later bucket because this one was full.</summary>
        public ushort Passed;
        public Numbers Numbers;
    }

    [InlineArray(Slots)]
    internal struct Tags
    {
        private ushort _first;
    }

    [InlineArray(Slots)]
    internal struct Numbers
    {
        private int _first;
    }

    private readonly FixedArray<Bucket> _buckets;

    /// <summary>Room for <paramref name="capacity"/> entries.</summary>
    public IDBuckets(int capacity) => _buckets = new FixedArray<Bucket>(capacity / Fill + 1);

    /// <summary>Where the table's memory lies.</summary>
    public MemoryRange Memory => _buckets.Memory;

    /// <summary>A search for this hash comes soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint hash) => Cache.PrefetchLine(in _buckets[HomeOf(hash)]);

    /// <summary>The numbers whose hash is most likely this one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Search Find(uint hash)
    {
        var home = HomeOf(hash);
        return new Search(this, ref _buckets[home], home, TagOf(hash));
    }

    /// <summary>A search under way.</summary>
    public ref struct Search
    {
        private readonly IDBuckets _table;
        private readonly ushort _tag;
        private ref Bucket _bucket;
        private int _at;
        private uint _matches;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Search(IDBuckets table, ref Bucket bucket, int at, ushort tag)
        {
            _table = table;
            _bucket = ref bucket;
            _at = at;
            _tag = tag;
            _matches = Matches(in bucket, tag);
        }

        /// <summary>False when there is none left.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool TryNext(out int number)
        {
            while (_matches == 0)
            {
                if (_bucket.Passed == 0)
                {
                    number = 0;
                    return false;
                }
                _at = _table.After(_at);
                _bucket = ref _table._buckets[_at];
                _matches = Matches(in _bucket, _tag);
            }
            number = NumberAt(ref _bucket, BitOperations.TrailingZeroCount(_matches));
            _matches &= _matches - 1;
            return true;
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
            TagAt(ref bucket, slot) = TagOf(hash);
            NumberAt(ref bucket, slot) = number;
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
                if (NumberAt(ref bucket, slot) != number) continue;
                TagAt(ref bucket, slot) = 0;
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
        return Vector256.Equals(Vector256.LoadUnsafe(ref TagAt(ref Unsafe.AsRef(in bucket), 0)), Vector256.Create(tag)).ExtractMostSignificantBits() & SlotBits;
    }

    // The slots come from the ten bits of a comparison: no index is checked again.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref ushort TagAt(ref Bucket bucket, int slot) => ref Unsafe.Add(ref Unsafe.As<Tags, ushort>(ref bucket.Tags), slot);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref int NumberAt(ref Bucket bucket, int slot) => ref Unsafe.Add(ref Unsafe.As<Numbers, int>(ref bucket.Numbers), slot);

    /// <summary>Never 0, which is the tag of a free slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort TagOf(uint hash) => (ushort)(hash | 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int HomeOf(uint hash) => (int)((ulong)hash * (uint)_buckets.Length >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int After(int at) => at + 1 == _buckets.Length ? 0 : at + 1;
}
