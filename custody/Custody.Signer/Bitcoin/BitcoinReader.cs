using System.Buffers.Binary;

namespace Custody.Signer.Bitcoin;

/// <summary>Reads consensus serialisation. Anything short, long or not in its shortest form is <see cref="InvalidDataException"/>.</summary>
internal ref struct BitcoinReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public readonly int Position => _at;

    public readonly bool IsAtEnd => _at == _bytes.Length;

    public readonly byte Peek(int ahead) => _at + ahead < _bytes.Length ? _bytes[_at + ahead] : throw Short();

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _bytes.Length - _at) throw Short();
        var part = _bytes.Slice(_at, count);
        _at += count;
        return part;
    }

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>A CompactSize that counts things; each takes at least a byte, so it cannot exceed what is left.</summary>
    public int Count()
    {
        ulong value = Take(1)[0];
        var least = 0UL;
        if (value == 0xFD) (value, least) = (BinaryPrimitives.ReadUInt16LittleEndian(Take(2)), 0xFD);
        else if (value == 0xFE) (value, least) = (UInt32(), 0x1_0000);
        else if (value == 0xFF) (value, least) = (BinaryPrimitives.ReadUInt64LittleEndian(Take(8)), 0x1_0000_0000);
        if (value < least) throw new InvalidDataException("a count is not in its shortest form");
        if (value > (ulong)(_bytes.Length - _at)) throw Short();
        return (int)value;
    }

    private static InvalidDataException Short() => new("the transaction ends too early");
}
