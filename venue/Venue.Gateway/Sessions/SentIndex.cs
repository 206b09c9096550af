namespace Venue.Gateway;

/// <summary>
/// Finds a session's kept message by its number: one journal position for every 32 numbers, from where the records'
/// own links lead backwards.
/// </summary>
/// <remarks>A quarter of a byte per message, so that a day of hundreds of millions fits in memory.</remarks>
public sealed class SentIndex
{
    /// <summary>Numbers in one block; the first block begins with 1.</summary>
    public const int Stride = 32;

    /// <summary>No message was kept: here, or before.</summary>
    public const long None = -1;

    /// <summary>Where messages were kept is forgotten: their records are gone.</summary>
    public const long Forgotten = -2;

    private const int ChunkLength = 4096;
    private readonly List<long[]> _chunks = [];
    private int _blocks;   // blocks in use; block b covers numbers 32b+1 .. 32b+32
    private int _firstChunk;   // those before are forgotten

    /// <summary>Position of the last kept message; -1 when there is none.</summary>
    public long Last { get; private set; } = None;

    /// <summary>Messages that were kept since the last reset; of the oldest the records may be gone.</summary>
    public long Count { get; private set; }

    /// <summary>Pieces of 32 KiB that are held.</summary>
    public int Chunks => _chunks.Count;

    /// <summary>Message <paramref name="msgSeqNum"/> was kept at <paramref name="position"/>; numbers only grow.</summary>
    public void Add(int msgSeqNum, long position)
    {
        var block = BlockOf(msgSeqNum);
        while (_blocks <= block)
        {
            if (_blocks % ChunkLength == 0) _chunks.Add(new long[ChunkLength]);
            Chunk(_blocks)[_blocks % ChunkLength] = Last;
            _blocks++;
        }
        Chunk(block)[block % ChunkLength] = position;
        Last = position;
        Count++;
    }

    /// <summary>The block of a number, from 0.</summary>
    public static int BlockOf(int msgSeqNum) => (msgSeqNum - 1) / Stride;

    /// <summary>Where to begin a walk back through a block: its last kept message or an earlier one; <see cref="None"/>, <see cref="Forgotten"/>.</summary>
    public long EndOf(int block) => block >= _blocks ? Last : block / ChunkLength < _firstChunk ? Forgotten : Chunk(block)[block % ChunkLength];

    /// <summary>Gives back the memory of blocks whose messages were all kept before <paramref name="position"/> of the journal.</summary>
    public void ForgetBefore(long position)
    {
        // Never the last: it is written to.
        var gone = 0;
        while (gone + 1 < _chunks.Count && _chunks[gone][ChunkLength - 1] < position) gone++;
        _chunks.RemoveRange(0, gone);
        _firstChunk += gone;
    }

    private long[] Chunk(int block) => _chunks[block / ChunkLength - _firstChunk];

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _chunks.Clear();
        _blocks = _firstChunk = 0;
        Last = None;
        Count = 0;
    }
}
