using System.Numerics;

namespace Custody.Tests.Support;

/// <summary>Writes RLP for test transactions: the tests' own encoder, so that it can also write what nobody else would.</summary>
internal static class Rlp
{
    public static byte[] Bytes(ReadOnlySpan<byte> bytes) => bytes.Length == 1 && bytes[0] < 0x80 ? bytes.ToArray() : [.. Header(bytes.Length, 0x80), .. bytes];

    public static byte[] Number(BigInteger value) => Bytes(value.IsZero ? [] : value.ToByteArray(isUnsigned: true, isBigEndian: true));

    public static byte[] List(params byte[][] items)
    {
        var content = items.SelectMany(i => i).ToArray();
        return [.. Header(content.Length, 0xC0), .. content];
    }

    private static byte[] Header(int length, int offset)
    {
        if (length <= 55) return [(byte)(offset + length)];
        var size = new BigInteger(length).ToByteArray(isUnsigned: true, isBigEndian: true);
        return [(byte)(offset + 55 + size.Length), .. size];
    }
}
