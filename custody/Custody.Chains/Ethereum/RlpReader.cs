namespace Custody.Chains.Ethereum;

/// <summary>Reads RLP, only in the one form that each value has; every fault is a <see cref="CodecException"/>.</summary>
public ref struct RlpReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    /// <summary>True when nothing is left.</summary>
    public readonly bool AtEnd => rest.IsEmpty;

    /// <summary>True when the next item is a list.</summary>
    public readonly bool AtList => !rest.IsEmpty && rest[0] >= 0xc0;

    /// <summary>The next item, which must be a string of bytes.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        if (AtList) throw new CodecException("rlp: a list where bytes belong");
        return Item();
    }

    /// <summary>The next item, which must be an integer of at most 128 bits.</summary>
    public UInt128 Integer()
    {
        var digits = Bytes();
        if (digits.Length > 16) throw new CodecException("rlp: an integer over 128 bits");
        if (digits.Length > 0 && digits[0] == 0) throw new CodecException("rlp: an integer with a leading zero");
        UInt128 value = 0;
        foreach (var digit in digits) value = value << 8 | digit;
        return value;
    }

    /// <summary>The next item, which must be an integer of at most 64 bits.</summary>
    public ulong Integer64() => Integer() is var value && value <= ulong.MaxValue ? (ulong)value : throw new CodecException("rlp: an integer over 64 bits");

    /// <summary>The items of the next item, which must be a list.</summary>
    public RlpReader List() => AtList ? new RlpReader(Item()) : throw new CodecException("rlp: no list where one belongs");

    /// <summary>Refuses what comes after the last item.</summary>
    public readonly void End()
    {
        if (!rest.IsEmpty) throw new CodecException("rlp: more items than there should be");
    }

    private ReadOnlySpan<byte> Item()
    {
        if (rest.IsEmpty) throw new CodecException("rlp: cut short");
        var head = rest[0];
        if (head < 0x80) return Take(0, 1);
        var kind = head < 0xc0 ? 0x80 : 0xc0;
        var length = head - kind;
        if (length <= 55)
        {
            var item = Take(1, length);
            return kind == 0x80 && length == 1 && item[0] < 0x80 ? throw new CodecException("rlp: a small byte in two") : item;
        }

        var sizeLength = length - 55;
        if (rest.Length < 1 + sizeLength) throw new CodecException("rlp: cut short");
        var size = rest.Slice(1, sizeLength);
        if (size[0] == 0) throw new CodecException("rlp: a length with a leading zero");
        if (sizeLength > 4) throw new CodecException("rlp: a length beyond any message");
        ulong count = 0;
        foreach (var digit in size) count = count << 8 | digit;
        if (count <= 55) throw new CodecException("rlp: a length in more bytes than it needs");
        return Take(1 + sizeLength, count);
    }

    private ReadOnlySpan<byte> Take(int head, ulong length)
    {
        if (length > (ulong)(rest.Length - head)) throw new CodecException("rlp: cut short");
        var taken = rest.Slice(head, (int)length);
        rest = rest[(head + (int)length)..];
        return taken;
    }

    private ReadOnlySpan<byte> Take(int head, int length) => Take(head, (ulong)length);
}
