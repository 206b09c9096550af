namespace Custody.Chains.Bitcoin;

/// <summary>r and s in the strict DER of BIP 66, the form that scripts take.</summary>
public static class DerSignature
{
    /// <summary>Longest DER of a low-S signature: r may need a zero byte before it, s never does.</summary>
    public const int LengthMax = 71;

    /// <summary>From 64 bytes, r and s, big-endian. A high s is refused: nodes do not relay it (BIP 146).</summary>
    public static byte[] Encode(ReadOnlySpan<byte> rs)
    {
        if (!Secp256k1Curve.IsLowS(rs)) throw new CodecException("signature: not 64 bytes with s in the lower half");
        var (r, s) = (Integer(rs[..32]), Integer(rs[32..]));
        return [0x30, (byte)(r.Length + s.Length + 4), 0x02, (byte)r.Length, .. r, 0x02, (byte)s.Length, .. s];
    }

    /// <summary>To 64 bytes. BIP 66: exactly one encoding of each number is valid.</summary>
    public static byte[] Decode(ReadOnlySpan<byte> der)
    {
        if (der.Length is < 8 or > 72 || der[0] != 0x30 || der[1] != der.Length - 2) throw Broken();
        var rs = new byte[64];
        var rest = ReadInteger(der[2..], rs.AsSpan(0, 32));
        if (!ReadInteger(rest, rs.AsSpan(32)).IsEmpty) throw Broken();
        return rs;
    }

    private static byte[] Integer(ReadOnlySpan<byte> number)
    {
        number = number.TrimStart((byte)0);
        if (number.IsEmpty) throw new CodecException("signature: r or s is zero");
        return number[0] < 0x80 ? number.ToArray() : [0, .. number];
    }

    private static ReadOnlySpan<byte> ReadInteger(ReadOnlySpan<byte> der, Span<byte> into)
    {
        if (der.Length < 3 || der[0] != 0x02 || der[1] == 0 || der[1] > der.Length - 2) throw Broken();
        var number = der.Slice(2, der[1]);
        if (number[0] >= 0x80 || number[0] == 0 && (number.Length == 1 || number[1] < 0x80)) throw Broken();
        if (number[0] == 0) number = number[1..];
        if (number.Length > 32) throw Broken();
        number.CopyTo(into[(32 - number.Length)..]);
        return der[(2 + der[1])..];
    }

    private static CodecException Broken() => new("signature: not strict DER");
}
