namespace Venue.Sequencer;

/// <summary>One segment's memory. What is written to it reaches the disk some time later, and for certain with <see cref="Sync"/>.</summary>
public abstract unsafe class Segment : IDisposable
{
    /// <summary>Its place in the journal, from 0: it holds the positions from Number x SegmentBytes on.</summary>
    public required long Number { get; init; }

    /// <summary>What a person calls it: the file's path.</summary>
    public required string Name { get; init; }

    /// <summary>Its first byte; valid until <see cref="Dispose"/>. Writable unless the store was opened for reading.</summary>
    public byte* Memory { get; protected init; }

    /// <summary>Its bytes.</summary>
    public int Length { get; protected init; }

    /// <summary>All of it.</summary>
    public Span<byte> Bytes => new(Memory, Length);

    /// <summary>Makes what was written to these bytes of <see cref="Memory"/> before this call durable. The commit thread, or recovery.</summary>
    /// <exception cref="IOException">The disk refused. What of it is durable is then unknown and stays so.</exception>
    public abstract void Sync(int from, int bytes);

    /// <summary>From now on it is written from front to back: nothing needs to be read ahead of that.</summary>
    public abstract void ForWriting();

    /// <summary>These bytes are written next: whatever can be done for them beforehand is done on this thread. Changes none of them.</summary>
    public abstract void MakeReady(int from, int bytes);

    /// <summary>Nothing more will be written here and all is durable: what is only needed for syncing can go.</summary>
    public abstract void Seal();

    /// <summary>Lets the memory go, without syncing it.</summary>
    public abstract void Dispose();
}

/// <summary>Where segments are kept: files (<see cref="MappedSegmentStore"/>), or a simulated disk in the tests.</summary>
public interface ISegmentStore : IDisposable
{
    /// <summary>What a person calls it: the folder's path.</summary>
    string Name { get; }

    /// <summary>Numbers of the segments that are there, in any order.</summary>
    IReadOnlyList<long> List();

    /// <summary>What a person would call the segment of this number, there or not.</summary>
    string NameOf(long number);

    /// <summary>An existing segment.</summary>
    /// <exception cref="JournalException">It cannot be opened, or its size is not <paramref name="segmentBytes"/>.</exception>
    Segment Open(long number, int segmentBytes);

    /// <summary>A new segment of zeros that begins with <paramref name="header"/>: wholly there and durable on return, or not there at all.</summary>
    /// <exception cref="JournalFullException">There is no room.</exception>
    Segment Create(long number, int segmentBytes, ReadOnlySpan<byte> header);

    /// <summary>Removes a segment; durable on return.</summary>
    void Delete(long number);

    /// <summary>Moves a segment into a folder: durable there before it is gone here, and both on return.</summary>
    void Archive(long number, string folder);
}
