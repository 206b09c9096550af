namespace Custody.Chains.Bitcoin;

/// <summary>Which constant closes the checksum.</summary>
public enum Bech32Variant : byte
{
    /// <summary>BIP 173: witness version 0.</summary>
    Bech32,

    /// <summary>BIP 350: witness versions 1 to 16.</summary>
    Bech32m,
}

/// <summary>The checksummed base 32 of BIP 173 and BIP 350.</summary>
public static class Bech32
{
    private const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const int LengthMax = 90, ChecksumLength = 6;

    /// <summary>Lower-case text of 5-bit values under a human-readable part.</summary>
    public static string Encode(string prefix, ReadOnlySpan<byte> values, Bech32Variant variant)
    {
        var checksum = Checksum(prefix, values) ^ Constant(variant);
        var text = new char[prefix.Length + 1 + values.Length + ChecksumLength];
        prefix.CopyTo(text);
        var at = prefix.Length;
        text[at++] = '1';
        foreach (var value in values) text[at++] = Alphabet[value];
        for (var i = 0; i < ChecksumLength; i++) text[at++] = Alphabet[(int)(checksum >> 5 * (ChecksumLength - 1 - i)) & 31];
        return new string(text);
    }

    /// <summary>The human-readable part in lower case, the 5-bit values without the checksum, and which checksum it was.</summary>
    public static (string Prefix, byte[] Values, Bech32Variant Variant) Decode(string text)
    {
        if (text.Length > LengthMax) throw new CodecException("bech32: longer than 90 characters");
        bool lower = false, upper = false;
        foreach (var c in text)
        {
            if (c is < '!' or > '~') throw new CodecException("bech32: a character outside 33 to 126");
            lower |= char.IsAsciiLetterLower(c);
            upper |= char.IsAsciiLetterUpper(c);
        }
        if (lower && upper) throw new CodecException("bech32: mixed case");

        text = text.ToLowerInvariant();
        var separator = text.LastIndexOf('1');
        if (separator < 1) throw new CodecException("bech32: no human-readable part");
        if (text.Length - separator - 1 < ChecksumLength) throw new CodecException("bech32: too short for a checksum");

        var prefix = text[..separator];
        var values = new byte[text.Length - separator - 1 - ChecksumLength];
        Span<byte> checksum = stackalloc byte[ChecksumLength];
        for (var i = separator + 1; i < text.Length; i++)
        {
            var value = Alphabet.IndexOf(text[i], StringComparison.Ordinal);
            if (value < 0) throw new CodecException("bech32: a character outside the alphabet");
            var at = i - separator - 1;
            if (at < values.Length) values[at] = (byte)value;
            else checksum[at - values.Length] = (byte)value;
        }

        uint found = 0;
        foreach (var value in checksum) found = found << 5 | value;
        var state = Checksum(prefix, values) ^ found;
        if (state == Constant(Bech32Variant.Bech32)) return (prefix, values, Bech32Variant.Bech32);
        if (state == Constant(Bech32Variant.Bech32m)) return (prefix, values, Bech32Variant.Bech32m);
        throw new CodecException("bech32: the checksum is wrong");
    }

    /// <summary>Bytes as 5-bit values, the last one padded with zero bits.</summary>
    public static byte[] ToValues(ReadOnlySpan<byte> bytes)
    {
        var values = new byte[(bytes.Length * 8 + 4) / 5];
        var (bits, held, at) = (0, 0, 0);
        foreach (var b in bytes)
        {
            held = (held << 8 | b) & 0xfff;
            for (bits += 8; bits >= 5;) values[at++] = (byte)(held >> (bits -= 5) & 31);
        }
        if (bits > 0) values[at] = (byte)(held << (5 - bits) & 31);
        return values;
    }

    /// <summary>The bytes of 5-bit values. BIP 173: what is left over is at most 4 bits, and all zero.</summary>
    public static byte[] ToBytes(ReadOnlySpan<byte> values)
    {
        var bytes = new byte[values.Length * 5 / 8];
        var (bits, held, at) = (0, 0, 0);
        foreach (var value in values)
        {
            held = (held << 5 | value) & 0xfff;
            if ((bits += 5) >= 8) bytes[at++] = (byte)(held >> (bits -= 8));
        }
        if (bits > 4 || (held & ((1 << bits) - 1)) != 0) throw new CodecException("bech32: padding that is not 4 zero bits or fewer");
        return bytes;
    }

    private static uint Constant(Bech32Variant variant) => variant == Bech32Variant.Bech32 ? 1u : 0x2bc830a3u;

    // The state after the prefix, the values and six zeros: the checksum to be, but for the constant.
    private static uint Checksum(string prefix, ReadOnlySpan<byte> values)
    {
        uint state = 1;
        foreach (var c in prefix) state = Step(state, (byte)(c >> 5));
        state = Step(state, 0);
        foreach (var c in prefix) state = Step(state, (byte)(c & 31));
        foreach (var value in values) state = Step(state, value);
        for (var i = 0; i < ChecksumLength; i++) state = Step(state, 0);
        return state;
    }

    private static uint Step(uint state, byte value)
    {
        var top = state >> 25;
        state = (state & 0x1ffffff) << 5 ^ value;
        if ((top & 1) != 0) state ^= 0x3b6a57b2;
        if ((top & 2) != 0) state ^= 0x26508e6d;
        if ((top & 4) != 0) state ^= 0x1ea119fa;
        if ((top & 8) != 0) state ^= 0x3d4233dd;
        if ((top & 16) != 0) state ^= 0x2a1462b3;
        return state;
    }
}
