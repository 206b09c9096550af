using System.Buffers.Binary;
using System.Numerics;

namespace Venue.Sequencer;

/// <summary>The first 96 bytes of a snapshot's file. README.md has the layout byte by byte.</summary>
/// <param name="Seq">The last command that it holds.</param>
/// <param name="TimeNs">Time of that command, nanoseconds since 1970-01-01 UTC.</param>
/// <param name="Position">Journal position of the last record that it holds, of any kind.</param>
/// <param name="FeedSeq">The last command that the feed's log held then.</param>
/// <param name="Layout">Of what the content is an image; another one cannot be read.</param>
/// <param name="ContentBytes">Bytes that follow.</param>
/// <param name="ContentCrc">Their CRC-32C.</param>
public readonly record struct SnapshotHeader(long Seq, long TimeNs, long Position, long FeedSeq, ulong Layout, long ContentBytes, uint ContentCrc)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 96;

    /// <summary>The version of the format that this program writes and reads: 2 since an account's state has its margin. README.md says what becomes of an older one.</summary>
    public const uint FormatVersion = 2;

    private const ulong Magic = 0x504E_5345_554E_4556;   // "VENUESNP" as a little-endian word
    private const int CrcOffset = 92;

    /// <summary>Writes it into <paramref name="into"/>.</summary>
    public void Write(Span<byte> into)
    {
        into[..Size].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(into, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(into[8..], FormatVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(into[12..], ContentCrc);
        BinaryPrimitives.WriteInt64LittleEndian(into[16..], Seq);
        BinaryPrimitives.WriteInt64LittleEndian(into[24..], TimeNs);
        BinaryPrimitives.WriteInt64LittleEndian(into[32..], Position);
        BinaryPrimitives.WriteInt64LittleEndian(into[40..], FeedSeq);
        BinaryPrimitives.WriteUInt64LittleEndian(into[48..], Layout);
        BinaryPrimitives.WriteInt64LittleEndian(into[56..], ContentBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(into[CrcOffset..], Crc(into));
    }

    /// <summary>Reads one; null when it is good, else what is wrong with it.</summary>
    public static string? TryRead(ReadOnlySpan<byte> bytes, out SnapshotHeader header)
    {
        header = default;
        if (bytes.Length < Size || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic) return "it does not begin with VENUESNP";
        // Before the checksum: another version may keep its checksum elsewhere.
        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (version != FormatVersion) return $"its format version is {version}, this program reads {FormatVersion}";
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcOffset..]) != Crc(bytes)) return "the checksum of its header is wrong";
        header = new SnapshotHeader(BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[56..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]));
        return null;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes[..CrcOffset]) crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}
