using System.Security.Cryptography;

namespace Custody.Signer.Bitcoin;

/// <summary>Addresses and the scripts behind them: our own 2-of-3 (P2WSH), and whatever a payment may go to.</summary>
/// <param name="hrp">Human-readable part of the network's bech32 addresses: bc, tb, bcrt.</param>
/// <param name="publicKeyVersion">Base58 version of P2PKH: 0, 111.</param>
/// <param name="scriptVersion">Base58 version of P2SH: 5, 196.</param>
internal sealed class BitcoinScripts(string hrp, byte publicKeyVersion, byte scriptVersion)
{
    private const string Bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const string Base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const uint Bech32Constant = 1, Bech32mConstant = 0x2bc830a3;  // BIP 173, BIP 350

    /// <summary>OP_2, three keys in the given order, OP_3 OP_CHECKMULTISIG.</summary>
    public static byte[] WitnessScript(IReadOnlyList<ReadOnlyMemory<byte>> keys)
    {
        if (keys.Count != 3 || keys.Any(k => k.Length != 33)) throw new InvalidOperationException("2-of-3 takes three compressed keys");
        var script = new List<byte> { 0x52 };
        foreach (var key in keys)
        {
            script.Add(33);
            script.AddRange(key.Span);
        }
        script.AddRange([0x53, 0xAE]);
        return [.. script];
    }

    /// <summary>What an output to this witness script carries: 0 and its SHA-256.</summary>
    public static byte[] PayTo(byte[] witnessScript) => [0x00, 0x20, .. SHA256.HashData(witnessScript)];

    /// <summary>The bech32 address of our keys.</summary>
    public string AddressOf(IReadOnlyList<ReadOnlyMemory<byte>> keys)
    {
        byte[] words = [0, .. Regroup(SHA256.HashData(WitnessScript(keys)), 8, 5, pad: true)!];
        var checksum = Polymod([.. Expand(hrp), .. words, 0, 0, 0, 0, 0, 0]) ^ Bech32Constant;
        var text = new List<char>($"{hrp}1");
        text.AddRange(words.Select(w => Bech32[w]));
        for (var i = 0; i < 6; i++) text.Add(Bech32[(int)(checksum >> (5 * (5 - i)) & 31)]);
        return new string([.. text]);
    }

    /// <summary>The script that a payment to this address has to carry; null when it is not an address of this network.</summary>
    public byte[]? ScriptOf(string address) => SegwitScript(address) ?? LegacyScript(address);

    private byte[]? SegwitScript(string address)
    {
        // BIP 173: all of one case, at most 90 characters, six of them checksum.
        if (address.Length > 90 || (address.Any(char.IsAsciiLetterLower) && address.Any(char.IsAsciiLetterUpper))) return null;
        var text = address.ToLowerInvariant();
        if (!text.StartsWith(hrp + "1", StringComparison.Ordinal) || text.Length < hrp.Length + 1 + 7) return null;
        var words = text[(hrp.Length + 1)..].Select(c => Bech32.IndexOf(c, StringComparison.Ordinal)).ToArray();
        if (words.Any(w => w < 0)) return null;
        byte[] data = [.. words.Select(w => (byte)w)];
        var version = data[0];
        if (version > 1) return null;  // nobody can say today what a payment there means
        if (Polymod([.. Expand(hrp), .. data]) != (version == 0 ? Bech32Constant : Bech32mConstant)) return null;
        var program = Regroup(data.AsSpan(1, data.Length - 7), 5, 8, pad: false);
        if (program is null || program.Length != 32 && !(version == 0 && program.Length == 20)) return null;
        return [version == 0 ? (byte)0x00 : (byte)0x51, (byte)program.Length, .. program];
    }

    private byte[]? LegacyScript(string address)
    {
        if (address.Length is < 26 or > 35) return null;
        Span<byte> number = stackalloc byte[25];
        number.Clear();
        foreach (var c in address)
        {
            var carry = Base58.IndexOf(c, StringComparison.Ordinal);
            if (carry < 0) return null;
            for (var i = 24; i >= 0; i--)
            {
                carry += 58 * number[i];
                number[i] = (byte)carry;
                carry >>= 8;
            }
            if (carry != 0) return null;
        }
        // As many leading ones as zero bytes: another count would be another spelling.
        if (address.TakeWhile(c => c == '1').Count() != LeadingZeros(number)) return null;
        if (!SHA256.HashData(SHA256.HashData(number[..21])).AsSpan(0, 4).SequenceEqual(number[21..])) return null;
        if (number[0] == publicKeyVersion) return [0x76, 0xA9, 0x14, .. number[1..21], 0x88, 0xAC];
        if (number[0] == scriptVersion) return [0xA9, 0x14, .. number[1..21], 0x87];
        return null;
    }

    private static int LeadingZeros(ReadOnlySpan<byte> bytes)
    {
        var zeros = bytes.IndexOfAnyExcept((byte)0);
        return zeros < 0 ? bytes.Length : zeros;
    }

    private static byte[] Expand(string hrp) => [.. hrp.Select(c => (byte)(c >> 5)), 0, .. hrp.Select(c => (byte)(c & 31))];

    private static uint Polymod(byte[] values)
    {
        ReadOnlySpan<uint> generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
        uint check = 1;
        foreach (var value in values)
        {
            var top = check >> 25;
            check = (check & 0x1ffffff) << 5 ^ value;
            for (var i = 0; i < 5; i++)
                if ((top >> i & 1) != 0) check ^= generator[i];
        }
        return check;
    }

    private static byte[]? Regroup(ReadOnlySpan<byte> data, int from, int to, bool pad)
    {
        var output = new List<byte>();
        int accumulator = 0, bits = 0;
        foreach (var value in data)
        {
            accumulator = (accumulator << from | value) & 0xFFF;
            bits += from;
            while (bits >= to)
            {
                bits -= to;
                output.Add((byte)(accumulator >> bits & ((1 << to) - 1)));
            }
        }
        if (pad)
        {
            if (bits > 0) output.Add((byte)(accumulator << (to - bits) & ((1 << to) - 1)));
        }
        else if (bits >= from || (accumulator & ((1 << bits) - 1)) != 0)
        {
            return null;
        }
        return [.. output];
    }
}
