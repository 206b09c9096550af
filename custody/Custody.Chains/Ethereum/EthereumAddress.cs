namespace Custody.Chains.Ethereum;

/// <summary>Addresses as text with the checksum of EIP-55, and the 20 bytes that they stand for.</summary>
public static class EthereumAddress
{
    /// <summary>Bytes of an address.</summary>
    public const int Length = 20;

    /// <summary>Upper case where the digit of the hash of the lower-case text is 8 or more.</summary>
    public static string Encode(ReadOnlySpan<byte> address)
    {
        if (address.Length != Length) throw new CodecException("address: not of 20 bytes");
        Span<char> text = stackalloc char[2 + 2 * Length];
        text[0] = '0';
        text[1] = 'x';
        Convert.TryToHexStringLower(address, text[2..], out _);
        Span<byte> ascii = stackalloc byte[2 * Length];
        for (var i = 0; i < ascii.Length; i++) ascii[i] = (byte)text[2 + i];
        var hash = Digests.Keccak256(ascii);
        for (var i = 0; i < ascii.Length; i++)
            if ((hash[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15) >= 8) text[2 + i] = char.ToUpperInvariant(text[2 + i]);
        return new string(text);
    }

    /// <summary>EIP-55: mixed case is a checksum and must be right; all lower or all upper case carries none.</summary>
    public static byte[] Decode(string text)
    {
        if (text.Length != 2 + 2 * Length) throw new CodecException("address: not 0x and 40 digits");
        var bytes = Hex.Decode0x(text);
        var digits = text[2..];
        var checksummed = digits.Any(char.IsAsciiLetterLower) && digits.Any(char.IsAsciiLetterUpper);
        return !checksummed || Encode(bytes) == text ? bytes : throw new CodecException("address: the checksum is wrong");
    }

    /// <summary>The account of a public key: the last 20 bytes of the hash of its 64.</summary>
    public static byte[] OfPublicKey(ReadOnlySpan<byte> compressed) => Digests.Keccak256(Secp256k1Curve.Decompress(compressed))[^Length..];

    /// <summary>True for the lowest 65,536, of which zero burns and the others are the chain's own contracts.</summary>
    public static bool IsReserved(ReadOnlySpan<byte> address) => !address[..^2].ContainsAnyExcept((byte)0);
}
