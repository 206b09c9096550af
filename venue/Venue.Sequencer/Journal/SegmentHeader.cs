using System.Buffers.Binary;
using System.Numerics;

namespace Venue.Sequencer;

/// <summary>The first 64 bytes of a segment. README.md has the layout byte by byte.</summary>
internal readonly record struct SegmentHeader(int SegmentBytes, long Number, Guid JournalID, long CreatedNs)
{
    public const int Size = 64;

    private const ulong Magic = 0x4C4E_4A45_554E_4556;   // "VENUEJNL" as a little-endian word
    private const uint FormatVersion = 1;
    private const int CrcOffset = 60;

    public void Write(Span<byte> into)
    {
        into[..Size].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(into, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(into[8..], FormatVersion);
        BinaryPrimitives.WriteInt32LittleEndian(into[12..], SegmentBytes);
        BinaryPrimitives.WriteInt64LittleEndian(into[16..], Number);
        JournalID.TryWriteBytes(into[24..40]);
        BinaryPrimitives.WriteInt64LittleEndian(into[40..], CreatedNs);
        BinaryPrimitives.WriteUInt32LittleEndian(into[CrcOffset..], Checksum(into));
    }

    /// <summary>Reads and checks the header of <paramref name="segment"/>, which is to be number <paramref name="number"/>.</summary>
    public static SegmentHeader Read(Segment segment, long number)
    {
        var bytes = segment.Bytes[..Size];
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic)
            throw new JournalDamagedException(segment.Name, 0, "it does not begin with VENUEJNL, so it is no journal segment");
        // The version is looked at before the checksum: another version may keep its checksum elsewhere.
        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (version != FormatVersion)
            throw new JournalDamagedException(segment.Name, 8, $"its format version is {version}, this program reads {FormatVersion}");
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcOffset..]) != Checksum(bytes))
            throw new JournalDamagedException(segment.Name, 0, "the checksum of the segment's header is wrong");
        var header = new SegmentHeader(BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            new Guid(bytes[24..40]), BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]));
        if (header.Number != number)
            throw new JournalDamagedException(segment.Name, 16, $"its header says segment {header.Number}: the file was renamed or copied over another");
        if (header.SegmentBytes != segment.Length)
            throw new JournalDamagedException(segment.Name, 12, $"its header says {header.SegmentBytes} bytes and it has {segment.Length}");
        return header;
    }

    /// <summary>The start value of every record's checksum in this journal, so that no payload can pass for a record of it.</summary>
    public uint Seed()
    {
        Span<byte> id = stackalloc byte[16];
        JournalID.TryWriteBytes(id);
        var crc = BitOperations.Crc32C(uint.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(id));
        return BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(id[8..]));
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes[..CrcOffset]) crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}
