using System.Buffers.Binary;

namespace Custody.Chains.Bitcoin;

/// <summary>Reads Bitcoin's wire form; every fault is a <see cref="CodecException"/>.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    public readonly int Left => rest.Length;

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > rest.Length) throw new CodecException("bytes: cut short");
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    public byte Byte() => Bytes(1)[0];

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

    /// <summary>A count of things that take at least <paramref name="sizeMin"/> bytes each, so it is never more than what is left.</summary>
    public int Count(int sizeMin)
    {
        var count = CompactSize();
        if (count > (ulong)(rest.Length / sizeMin)) throw new CodecException("count: more than the bytes that are left");
        return (int)count;
    }

    /// <summary>A length and that many bytes.</summary>
    public ReadOnlySpan<byte> VarBytes() => Bytes(Count(1));

    // Bitcoin Core serialize.h: a size in more bytes than it needs is refused.
    private ulong CompactSize()
    {
        var first = Byte();
        var (size, sizeMin) = first switch
        {
            0xfd => (BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2)), 0xfdUL),
            0xfe => (UInt32(), 0x1_0000UL),
            0xff => (BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8)), 0x1_0000_0000UL),
            _ => ((ulong)first, 0UL),
        };
        return size >= sizeMin ? size : throw new CodecException("count: in more bytes than it needs");
    }
}
