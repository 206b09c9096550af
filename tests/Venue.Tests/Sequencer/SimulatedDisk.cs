using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Venue.Sequencer;

namespace Venue.Tests.Sequencer;

/// <summary>
/// A disk that can lose power. Each segment has the memory that the journal writes to and a durable copy; a sync copies
/// one to the other, the "kernel" does so sector by sector whenever it likes, and a power cut leaves any mix of the two.
/// </summary>
internal sealed class SimulatedDisk(int segmentBytes)
{
    public const int SectorBytes = 512;

    private readonly SortedDictionary<long, SimulatedSegment> _segments = [];

    public IReadOnlyDictionary<long, SimulatedSegment> Segments => _segments;

    /// <summary>Segments that may still be made; then the disk is full.</summary>
    public int SegmentsLeft { get; set; } = int.MaxValue;

    /// <summary>Called before a segment is gone; what it throws leaves the segment there.</summary>
    public Action<long>? BeforeRemoval { get; set; }

    /// <summary>Segments that were moved away.</summary>
    public SortedDictionary<long, SimulatedSegment> Archived { get; } = [];

    /// <summary>When set, every sync fails with it.</summary>
    public IOException? SyncFault { get; set; }

    /// <summary>Called in a sync, after the data to be written was taken and before it is durable.</summary>
    public Action? DuringSync { get; set; }

    public ISegmentStore Mount() => new Store(this);

    /// <summary>The kernel writes back up to <paramref name="sectors"/> sectors of its choice.</summary>
    public void WriteBack(Random random, int sectors)
    {
        var segments = _segments.Values.ToArray();
        for (var i = 0; i < sectors; i++)
        {
            var segment = segments[random.Next(segments.Length)];
            segment.MakeDurable(random.Next(segmentBytes / SectorBytes) * SectorBytes, SectorBytes);
        }
    }

    /// <summary>The disk after a power cut in which each unsynced sector was written with probability <paramref name="written"/>.</summary>
    public SimulatedDisk PowerCut(Random random, int writtenPercent)
    {
        var after = new SimulatedDisk(segmentBytes);
        foreach (var (number, segment) in _segments)
        {
            var bytes = segment.Durable.ToArray();
            for (var at = 0; at < segmentBytes; at += SectorBytes)
                if (random.Next(100) < writtenPercent) segment.Volatile.AsSpan(at, SectorBytes).CopyTo(bytes.AsSpan(at));
            after.Add(number, bytes);
        }
        return after;
    }

    /// <summary>The disk after kill -9 of the process: the page cache lives on, what is durable stays as it was.</summary>
    public SimulatedDisk Kill()
    {
        var after = new SimulatedDisk(segmentBytes);
        foreach (var (number, segment) in _segments)
        {
            after.Add(number, segment.Durable.ToArray());
            segment.Volatile.CopyTo(after._segments[number].Volatile, 0);
        }
        return after;
    }

    /// <summary>A segment as a test has made it, durable.</summary>
    public void Add(long number, byte[] bytes) => _segments[number] = new SimulatedSegment(this, bytes) { Number = number, Name = NameOf(number) };

    public void Remove(long number) => _segments.Remove(number);

    private static string NameOf(long number) => $"disk/{number}";

    private sealed class Store(SimulatedDisk disk) : ISegmentStore
    {
        public string Name => "disk";
        public IReadOnlyList<long> List() => [.. disk._segments.Keys];
        public string NameOf(long number) => SimulatedDisk.NameOf(number);

        public Segment Open(long number, int segmentBytes) => disk._segments[number].Length == segmentBytes
            ? disk._segments[number]
            : throw new JournalException($"segment {number} has {disk._segments[number].Length} bytes");

        public Segment Create(long number, int segmentBytes, ReadOnlySpan<byte> header)
        {
            if (disk.SegmentsLeft == 0) throw new JournalFullException("the simulated disk is full");
            disk.SegmentsLeft--;
            var bytes = new byte[segmentBytes];
            header.CopyTo(bytes);
            disk.Add(number, bytes);
            return disk._segments[number];
        }

        public void Delete(long number)
        {
            disk.BeforeRemoval?.Invoke(number);
            disk._segments.Remove(number);
        }

        public void Archive(long number, string folder)
        {
            disk.Archived.Add(number, disk._segments[number]);
            Delete(number);
        }

        public void Dispose()
        {
        }
    }

    internal sealed unsafe class SimulatedSegment : Segment
    {
        private readonly SimulatedDisk _disk;

        public SimulatedSegment(SimulatedDisk disk, byte[] durable)
        {
            _disk = disk;
            Durable = durable;
            Volatile = GC.AllocateUninitializedArray<byte>(durable.Length, pinned: true);
            durable.CopyTo(Volatile, 0);
            Memory = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(Volatile));
            Length = durable.Length;
        }

        /// <summary>What the journal writes to.</summary>
        public byte[] Volatile { get; }

        /// <summary>What a power cut leaves for certain.</summary>
        public byte[] Durable { get; }

        public void MakeDurable(int offset, int count) => Volatile.AsSpan(offset, count).CopyTo(Durable.AsSpan(offset));

        public override void Sync(int from, int bytes)
        {
            if (_disk.SyncFault is not null) throw _disk.SyncFault;
            // What is written is what was there when the sync began, and not a byte around it: the strictest reading of msync.
            var taken = Volatile.AsSpan(from, bytes).ToArray();
            _disk.DuringSync?.Invoke();
            taken.CopyTo(Durable, from);
        }

        /// <summary>What the journal wanted to be made ready, in order.</summary>
        public List<(int From, int Bytes)> Ready { get; } = [];

        /// <summary>True once the journal said that it writes here.</summary>
        public bool IsForWriting { get; private set; }

        public override void ForWriting() => IsForWriting = true;

        public override void MakeReady(int from, int bytes) => Ready.Add((from, bytes));

        public override void Seal()
        {
        }

        public override void Dispose()
        {
        }
    }
}
