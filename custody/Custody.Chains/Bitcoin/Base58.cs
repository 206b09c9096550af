namespace Custody.Chains.Bitcoin;

/// <summary>Base 58 with the four checksum bytes of the older address forms.</summary>
public static class Base58
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    // An address has 34 characters, an extended key 112: more is refused before the work grows with its square.
    private const int LengthMax = 112;

    /// <summary>Payload and checksum as text.</summary>
    public static string EncodeCheck(ReadOnlySpan<byte> payload)
    {
        var bytes = new byte[payload.Length + 4];
        payload.CopyTo(bytes);
        Digests.Sha256d(payload).AsSpan(0, 4).CopyTo(bytes.AsSpan(payload.Length));

        var zeros = bytes.AsSpan().IndexOfAnyExcept((byte)0);
        if (zeros < 0) zeros = bytes.Length;
        var digits = new List<int>(bytes.Length * 138 / 100 + 1);
        foreach (var b in bytes)
        {
            var carry = (int)b;
            for (var i = 0; i < digits.Count; i++)
            {
                carry += digits[i] << 8;
                (carry, digits[i]) = (carry / 58, carry % 58);
            }
            for (; carry > 0; carry /= 58) digits.Add(carry % 58);
        }

        // A leading zero byte is a leading 1; the digits are held lowest first.
        return string.Create(zeros + digits.Count, (zeros, digits), static (text, made) =>
        {
            text[..made.zeros].Fill('1');
            for (var i = 0; i < made.digits.Count; i++) text[made.zeros + i] = Alphabet[made.digits[made.digits.Count - 1 - i]];
        });
    }

    /// <summary>The payload, its checksum verified.</summary>
    public static byte[] DecodeCheck(string text)
    {
        if (text.Length is 0 or > LengthMax) throw new CodecException("base58: empty, or longer than any use of it");
        var zeros = 0;
        while (zeros < text.Length && text[zeros] == '1') zeros++;

        var bytes = new List<byte>(text.Length);
        foreach (var c in text)
        {
            var carry = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (carry < 0) throw new CodecException("base58: a character outside the alphabet");
            for (var i = 0; i < bytes.Count; i++)
            {
                carry += bytes[i] * 58;
                (carry, bytes[i]) = (carry >> 8, (byte)carry);
            }
            for (; carry > 0; carry >>= 8) bytes.Add((byte)carry);
        }

        var decoded = new byte[zeros + bytes.Count];
        for (var i = 0; i < bytes.Count; i++) decoded[zeros + i] = bytes[bytes.Count - 1 - i];
        if (decoded.Length < 4) throw new CodecException("base58: too short for a checksum");
        var payload = decoded[..^4];
        if (!decoded.AsSpan(payload.Length).SequenceEqual(Digests.Sha256d(payload).AsSpan(0, 4))) throw new CodecException("base58: the checksum is wrong");
        return payload;
    }
}
