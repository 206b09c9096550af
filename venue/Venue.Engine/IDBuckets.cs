using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Venue.Matching;

namespace Venue.Engine;

/// <summary>What a ClOrdID(11) of a session is known by: 72 bits that tell it from all others.</summary>
/// <param name="Tag">Never 0; its upper half chooses the bucket.</param>
/// <param name="Check">9 bits more.</param>
internal readonly record struct IDHash(ulong Tag, uint Check);

/// <summary>
/// Ids by their hash, each with the slot that it names: buckets of one cache line, searched in one comparison. Never grows;
/// most searches, and every hint, touch one line.
/// </summary>
/// <remarks>
/// An entry that finds its bucket full goes to the next one; each bucket counts how many went past it, so that a search
/// ends where nobody went past, and a removal moves nothing. A place is a bucket, from 1, whether its entry passed another
/// to get there, and a number within it.
/// </remarks>
internal sealed class IDBuckets
{
    private const int Entries = 5;
    private const uint EntryBits = (1 << Entries) - 1;
    /// <summary>Entries per bucket when the table is full: few enough that one bucket in ten is passed.</summary>
    private const int Fill = 3;
    private const int BucketBytes = 64;
    private const int PlaceBits = 4, PassedBit = 8, EntryMask = 7;
    private const int SlotBits = 23;
    private const uint SlotMask = (1 << SlotBits) - 1;

    /// <summary>Bytes of the table for each entry that there is room for, rounded up.</summary>
    public const int BytesPerEntry = (BucketBytes + Fill - 1) / Fill;

    [StructLayout(LayoutKind.Sequential, Size = BucketBytes)]
    internal struct Bucket
    {
        public Tags Tags;
        /// <summary>9 bits of the hash above 23 of the slot.</summary>
        public Words Words;
        /// <summary>Entries that stand in a later bucket because this one was full.</summary>
        public uint Passed;
    }

    [InlineArray(Entries)]
    internal struct Tags
    {
        private ulong _first;
    }

    [InlineArray(Entries)]
    internal struct Words
    {
        private uint _first;
    }

    private readonly FixedArray<Bucket> _buckets;
    private readonly uint _count;

    /// <summary>Room for <paramref name="capacity"/> entries.</summary>
    public IDBuckets(int capacity)
    {
        _count = (uint)(capacity / Fill + 1);
        _buckets = new FixedArray<Bucket>(checked((int)_count + 1));
    }

    /// <summary>Where the table's memory lies.</summary>
    public MemoryRange Memory => _buckets.Memory;

    /// <summary>A search for this hash comes soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(in IDHash hash)
    {
        var home = HomeOf(hash.Tag);
        Cache.PrefetchLine(in _buckets[home]);
        // One search in ten goes on there, and would wait as long as ten that do not.
        Cache.PrefetchLine(in _buckets[After(home)]);
    }

    /// <summary>This place will be looked at soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int place)
    {
        Cache.PrefetchLine(in _buckets[place >> PlaceBits]);
        // Where an entry that passed a bucket is taken out, that one is told: nearly always the one before.
        Cache.PrefetchLine(in _buckets[(place >> PlaceBits) - (place >> (PlaceBits - 1) & 1)]);
    }

    /// <summary>The slot that the entry at a place names.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int SlotAt(int place) => (int)(WordAt(ref _buckets[place >> PlaceBits], place & EntryMask) & SlotMask);

    /// <summary>Where the entry stands; 0 for none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(in IDHash hash)
    {
        var at = HomeOf(hash.Tag);
        ref var bucket = ref _buckets[at];
        var matches = Matches(in bucket, hash.Tag);
        if (matches == 0 && bucket.Passed == 0) return 0;
        return FindFrom(at, in hash);
    }

    private int FindFrom(int at, in IDHash hash)
    {
        var passed = 0;
        while (true)
        {
            ref var bucket = ref _buckets[at];
            for (var matches = Matches(in bucket, hash.Tag); matches != 0; matches &= matches - 1)
            {
                var entry = BitOperations.TrailingZeroCount(matches);
                if (WordAt(ref bucket, entry) >> SlotBits == hash.Check) return at << PlaceBits | passed | entry;
            }
            if (bucket.Passed == 0) return 0;
            at = After(at);
            passed = PassedBit;
        }
    }

    /// <summary>Adds an entry that is not there yet; where it stands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Add(in IDHash hash, int slot)
    {
        var at = HomeOf(hash.Tag);
        ref var bucket = ref _buckets[at];
        var free = Matches(in bucket, 0);
        var passed = 0;
        while (free == 0)
        {
            bucket.Passed++;
            at = After(at);
            passed = PassedBit;
            bucket = ref _buckets[at];
            free = Matches(in bucket, 0);
        }
        var entry = BitOperations.TrailingZeroCount(free);
        TagAt(ref bucket, entry) = hash.Tag;
        WordAt(ref bucket, entry) = hash.Check << SlotBits | (uint)slot;
        return at << PlaceBits | passed | entry;
    }

    /// <summary>Removes the entry at a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Remove(int place)
    {
        var at = place >> PlaceBits;
        ref var tag = ref TagAt(ref _buckets[at], place & EntryMask);
        if ((place & PassedBit) != 0) Return(HomeOf(tag), at);
        tag = 0;
    }

    /// <summary>Adds what the entry at a place says.</summary>
    public void HashInto(int place, ref StateHasher hasher)
    {
        ref var bucket = ref _buckets[place >> PlaceBits];
        hasher.Add(TagAt(ref bucket, place & EntryMask));
        hasher.Add((int)WordAt(ref bucket, place & EntryMask), 0);
    }

    /// <summary>The entry no longer passes the buckets from its own to where it stands.</summary>
    private void Return(int home, int at)
    {
        for (; home != at; home = After(home)) _buckets[home].Passed = checked(_buckets[home].Passed - 1);
    }

    /// <summary>One bit per entry with this tag.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Matches(in Bucket bucket, ulong tag)
    {
        ref var first = ref TagAt(ref Unsafe.AsRef(in bucket), 0);
        // Eight words are compared, of which five are tags.
        if (Vector512.IsHardwareAccelerated) return (uint)Vector512.Equals(Vector512.LoadUnsafe(ref first), Vector512.Create(tag)).ExtractMostSignificantBits() & EntryBits;
        var last = Unsafe.Add(ref first, Entries - 1) == tag ? 1u << (Entries - 1) : 0;
        return Vector256.Equals(Vector256.LoadUnsafe(ref first), Vector256.Create(tag)).ExtractMostSignificantBits() | last;
    }

    // Entries come from the five bits of a comparison or from a place that Add gave: no index is checked again.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref ulong TagAt(ref Bucket bucket, int entry) => ref Unsafe.Add(ref Unsafe.As<Tags, ulong>(ref bucket.Tags), entry);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref uint WordAt(ref Bucket bucket, int entry) => ref Unsafe.Add(ref Unsafe.As<Words, uint>(ref bucket.Words), entry);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int HomeOf(ulong tag) => 1 + (int)((tag >> 32) * _count >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int After(int at) => at == (int)_count ? 1 : at + 1;
}
