namespace Venue.Gateway;

/// <summary>
/// Finds a session's kept message by its number: one journal position for every 32 numbers, from where the records'
/// own links lead backwards.
/// </summary>
/// <remarks>A quarter of a byte per message, so that a day of hundreds of millions fits in memory.</remarks>
internal sealed class SentIndex
{
    /// <summary>Numbers in one block; the first block begins with 1.</summary>
    public const int Stride = 32;

    private const int ChunkLength = 4096;
    private readonly List<long[]> _chunks = [];
    private int _blocks;   // blocks in use; block b covers numbers 32b+1 .. 32b+32

    /// <summary>Position of the last kept message; -1 when there is none.</summary>
    public long Last { get; private set; } = -1;

    /// <summary>Kept messages.</summary>
    public long Count { get; private set; }

    /// <summary>Message <paramref name="msgSeqNum"/> was kept at <paramref name="position"/>; numbers only grow.</summary>
    public void Add(int msgSeqNum, long position)
    {
        var block = BlockOf(msgSeqNum);
        while (_blocks <= block)
        {
            if (_blocks % ChunkLength == 0) _chunks.Add(new long[ChunkLength]);
            _chunks[_blocks / ChunkLength][_blocks % ChunkLength] = Last;
            _blocks++;
        }
        _chunks[block / ChunkLength][block % ChunkLength] = position;
        Last = position;
        Count++;
    }

    /// <summary>The block of a number, from 0.</summary>
    public static int BlockOf(int msgSeqNum) => (msgSeqNum - 1) / Stride;

    /// <summary>Where to begin a walk back through a block: its last kept message or an earlier one; -1 for none.</summary>
    public long EndOf(int block) => block < _blocks ? _chunks[block / ChunkLength][block % ChunkLength] : Last;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _chunks.Clear();
        _blocks = 0;
        Last = -1;
        Count = 0;
    }
}
