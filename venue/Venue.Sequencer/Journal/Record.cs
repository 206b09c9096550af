using System.Numerics;
using System.Runtime.CompilerServices;

namespace Venue.Sequencer;

/// <summary>What a record holds. Numbers are part of the journal's format and never change their meaning.</summary>
public enum RecordKind : byte
{
    None = 0,
    /// <summary>A command, as the sequencer stamped it.</summary>
    Command = 1,
    /// <summary>A message that a session sent and may have to resend.</summary>
    Sent = 2,
    /// <summary>What a session must remember beside its messages.</summary>
    SessionState = 3,
    /// <summary>No payload: carries a newer durable watermark. Given to no reader.</summary>
    Mark = 4,
    /// <summary>No payload: the journal goes on in the next segment. Given to no reader.</summary>
    Roll = 5,
}

/// <summary>The bytes of one record. README.md has the layout byte by byte.</summary>
internal static unsafe class Record
{
    public const int HeaderSize = 24;
    public const byte Version = 1;

    private const int ChecksumOffset = 4, WatermarkOffset = 8, KindOffset = 16;

    /// <summary>What is wrong with a record, in the order in which it is looked at.</summary>
    public enum Fault
    {
        None,
        /// <summary>Length zero: nothing was written here.</summary>
        End,
        Length,
        Checksum,
        /// <summary>The checksum is right, the kind or version is not known: written by a newer program.</summary>
        Newer,
    }

    /// <summary>Bytes that a record with this payload takes: header, payload, zeros up to a multiple of eight.</summary>
    public static int SizeOf(int payloadBytes) => (HeaderSize + payloadBytes + 7) & ~7;

    public static int Length(byte* record) => *(int*)record;
    public static long Watermark(byte* record) => *(long*)(record + WatermarkOffset);
    public static RecordKind Kind(byte* record) => (RecordKind)record[KindOffset];
    public static ReadOnlySpan<byte> Payload(byte* record) => new(record + HeaderSize, Length(record) - HeaderSize);

    /// <summary>Completes a record whose payload stands already at its place. The memory up to its end was zero before.</summary>
    public static void Finish(byte* record, uint seed, long position, RecordKind kind, long watermark, int payloadBytes)
    {
        var length = HeaderSize + payloadBytes;
        *(long*)(record + WatermarkOffset) = watermark;
        *(long*)(record + KindOffset) = (byte)kind | Version << 8;   // and six zero bytes
        var first = (ulong)(uint)length;
        *(uint*)(record + ChecksumOffset) = Checksum(seed, position, first, record, SizeOf(payloadBytes));
        // Length last: whoever reads along in another process finds a whole record or none, on processors that keep
        // stores in order. Recovery does not rely on it, it has the checksum.
        Volatile.Write(ref *(int*)record, length);
    }

    /// <summary>Whether a good record of this position is at <paramref name="offset"/> of the segment.</summary>
    public static Fault Check(byte* segment, int segmentBytes, int offset, uint seed, long position)
    {
        var record = segment + offset;
        var room = segmentBytes - offset;
        if (room < HeaderSize) return Fault.Length;   // cannot be: every segment keeps room for a roll
        var length = Length(record);
        if (length == 0) return Fault.End;
        if (length < HeaderSize || length > room) return Fault.Length;
        var size = SizeOf(length - HeaderSize);
        if (size > room) return Fault.Length;
        if (*(uint*)(record + ChecksumOffset) != Checksum(seed, position, (uint)length, record, size)) return Fault.Checksum;
        if (*(long*)(record + KindOffset) >>> 8 != Version || Kind(record) is < RecordKind.Command or > RecordKind.Roll) return Fault.Newer;
        // Every record but the roll leaves room for one.
        if (Kind(record) != RecordKind.Roll && size + HeaderSize > room) return Fault.Length;
        return Fault.None;
    }

    /// <summary>A quick look that turns away nearly everything that is no record, before its checksum is computed.</summary>
    public static bool MayBe(byte* record) =>
        Length(record) >= HeaderSize && *(long*)(record + KindOffset) is > Version << 8 and <= (Version << 8 | (byte)RecordKind.Roll);

    /// <summary>The fault in words.</summary>
    public static string Describe(Fault fault, byte* record) => fault switch
    {
        Fault.End => "there are zeros where a record must be",
        Fault.Length => $"a record's length of {Length(record)} bytes is impossible here",
        Fault.Checksum when !MayBe(record) => $"a record's kind or version ({record[KindOffset]}, {record[KindOffset + 1]}) is unknown and its checksum is wrong",
        Fault.Checksum => $"the checksum of a {Kind(record)} record of {Length(record)} bytes is wrong",
        Fault.Newer => $"a record's kind or version ({record[KindOffset]}, {record[KindOffset + 1]}) is unknown, though its checksum is right: it was written by a newer program",
        _ => "nothing is wrong",
    };

    /// <summary>
    /// CRC-32C over the journal's seed, the position, the length and everything after the checksum, padding included.
    /// The position binds the record to its place: the same bytes elsewhere do not pass.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Checksum(uint seed, long position, ulong length, byte* record, int size)
    {
        var crc = BitOperations.Crc32C(seed, (ulong)position);
        crc = BitOperations.Crc32C(crc, length);
        var end = record + size;
        for (var p = record + WatermarkOffset; p < end; p += 8) crc = BitOperations.Crc32C(crc, *(ulong*)p);
        return crc;
    }
}
