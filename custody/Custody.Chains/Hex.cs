using System.Buffers;

namespace Custody.Chains;

/// <summary>Lower-case hex, as both chains write it.</summary>
public static class Hex
{
    /// <summary>Two digits for each byte, no prefix.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>Either case, no prefix.</summary>
    public static byte[] Decode(ReadOnlySpan<char> text)
    {
        if (text.Length % 2 != 0) throw new CodecException("hex: an odd number of digits");
        var bytes = new byte[text.Length / 2];
        if (Convert.FromHexString(text, bytes, out _, out _) != OperationStatus.Done)
            throw new CodecException("hex: a character that is no digit");
        return bytes;
    }

    /// <summary>With the 0x of Ethereum's JSON-RPC.</summary>
    public static string Encode0x(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    /// <summary>With the 0x of Ethereum's JSON-RPC, which must be there.</summary>
    public static byte[] Decode0x(ReadOnlySpan<char> text) =>
        text.StartsWith("0x", StringComparison.Ordinal) ? Decode(text[2..]) : throw new CodecException("hex: no 0x");
}
