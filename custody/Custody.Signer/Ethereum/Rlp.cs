using System.Numerics;

namespace Custody.Signer.Ethereum;

/// <summary>Reads Recursive Length Prefix (Ethereum yellow paper, appendix B), canonical forms only.</summary>
internal ref struct Rlp(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>A list's content, to be read in turn.</summary>
    public Rlp List() => new(Item(isList: true));

    /// <summary>A string of bytes.</summary>
    public ReadOnlySpan<byte> Bytes() => Item(isList: false);

    /// <summary>A number of at most 256 bits; zero is the empty string, and no number begins with a zero byte.</summary>
    public BigInteger Number()
    {
        var item = Bytes();
        if (item.Length > 32) throw new InvalidDataException("a number has more than 256 bits");
        if (item.Length > 0 && item[0] == 0) throw new InvalidDataException("a number begins with zero");
        return new BigInteger(item, isUnsigned: true, isBigEndian: true);
    }

    private ReadOnlySpan<byte> Item(bool isList)
    {
        var first = Take(1)[0];
        if (first >= 0xC0 != isList) throw new InvalidDataException(isList ? "a list is missing" : "a list stands where bytes should");
        if (first < 0x80) return new byte[] { first };
        var offset = isList ? 0xC0 : 0x80;
        var length = first - offset;
        if (length > 55)
        {
            var size = Take(length - 55);
            if (size.Length > 4 || size[0] == 0) throw new InvalidDataException("a length is not in its shortest form");
            var value = 0L;
            foreach (var b in size) value = value << 8 | b;
            if (value <= 55) throw new InvalidDataException("a length is not in its shortest form");
            if (value > _rest.Length) throw Short();
            length = (int)value;
        }
        var item = Take(length);
        if (!isList && item.Length == 1 && item[0] < 0x80) throw new InvalidDataException("a byte is not in its shortest form");
        return item;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length) throw Short();
        var part = _rest[..count];
        _rest = _rest[count..];
        return part;
    }

    private static InvalidDataException Short() => new("the transaction ends too early");
}
