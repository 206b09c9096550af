using System.Security.Cryptography;

namespace Custody.Chains.Bitcoin;

/// <summary>The output scripts that have an address, and the one that custody holds its coins in.</summary>
public static class Script
{
    private const byte Op0 = 0x00, Op1 = 0x51, OpDup = 0x76, OpEqual = 0x87, OpEqualVerify = 0x88, OpHash160 = 0xa9, OpCheckSig = 0xac, OpCheckMultisig = 0xae;

    /// <summary>OP_m, the keys in their order, OP_n, OP_CHECKMULTISIG: what a P2WSH output of ours commits to.</summary>
    /// <remarks>BIP 143: only compressed keys; with an uncompressed one the coins could not be moved.</remarks>
    public static byte[] Multisig(int required, IReadOnlyList<ReadOnlyMemory<byte>> publicKeys)
    {
        if (publicKeys.Count is 0 or > 15 || required < 1 || required > publicKeys.Count) throw new CodecException("multisig: not 1 to 15 keys with 1 to all of them required");
        // One key in two places would count for two of the signatures.
        if (publicKeys.Select(static key => Hex.Encode(key.Span)).Distinct().Count() != publicKeys.Count) throw new CodecException("multisig: the same key twice");
        var script = new byte[3 + publicKeys.Count * 34];
        var at = 0;
        script[at++] = (byte)(Op1 - 1 + required);
        foreach (var key in publicKeys)
        {
            if (!Secp256k1Curve.IsPublicKey(key.Span)) throw new CodecException("multisig: a key that is not a point in 33 bytes");
            script[at++] = 33;
            key.Span.CopyTo(script.AsSpan(at));
            at += 33;
        }
        script[at++] = (byte)(Op1 - 1 + publicKeys.Count);
        script[at] = OpCheckMultisig;
        return script;
    }

    /// <summary>The output script of a witness script: BIP 141, version 0 and its SHA-256.</summary>
    public static byte[] PayToWitnessScriptHash(ReadOnlySpan<byte> witnessScript) => Witness(0, SHA256.HashData(witnessScript));

    /// <summary>The output script of a witness version (0 to 16) and program (2 to 40 bytes): BIP 141.</summary>
    public static byte[] Witness(int version, ReadOnlySpan<byte> program) => [version == 0 ? Op0 : (byte)(Op1 - 1 + version), (byte)program.Length, .. program];

    /// <summary>The output script of a key's HASH160.</summary>
    public static byte[] PayToKeyHash(ReadOnlySpan<byte> hash) => [OpDup, OpHash160, 20, .. hash, OpEqualVerify, OpCheckSig];

    /// <summary>The output script of a script's HASH160.</summary>
    public static byte[] PayToScriptHash(ReadOnlySpan<byte> hash) => [OpHash160, 20, .. hash, OpEqual];

    /// <summary>True for a witness output, with its version and program.</summary>
    public static bool IsWitness(ReadOnlySpan<byte> script, out int version, out ReadOnlySpan<byte> program)
    {
        version = 0;
        program = default;
        if (script.Length is < 4 or > 42 || script[1] != script.Length - 2) return false;
        if (script[0] != Op0 && script[0] is < Op1 or > Op1 + 15) return false;
        version = script[0] == Op0 ? 0 : script[0] - Op1 + 1;
        program = script[2..];
        return true;
    }

    /// <summary>True for a P2PKH output, with its hash.</summary>
    public static bool IsKeyHash(ReadOnlySpan<byte> script, out ReadOnlySpan<byte> hash)
    {
        hash = script.Length == 25 ? script[3..23] : default;
        return script.Length == 25 && script[0] == OpDup && script[1] == OpHash160 && script[2] == 20 && script[23] == OpEqualVerify && script[24] == OpCheckSig;
    }

    /// <summary>True for a P2SH output, with its hash.</summary>
    public static bool IsScriptHash(ReadOnlySpan<byte> script, out ReadOnlySpan<byte> hash)
    {
        hash = script.Length == 23 ? script[2..22] : default;
        return script.Length == 23 && script[0] == OpHash160 && script[1] == 20 && script[22] == OpEqual;
    }

    /// <summary>
    /// The smallest amount, in satoshis, that nodes relay in an output with this script: three times what spending it
    /// costs at 1 sat/vB (Bitcoin Core policy.cpp, GetDustThreshold at the default dust relay fee of 3,000 sat/kvB).
    /// </summary>
    public static long DustSats(ReadOnlySpan<byte> script)
    {
        // Outpoint, script length and sequence; then a signature and a key, at a quarter in a witness.
        var spendingBytes = IsWitness(script, out _, out _) ? 32 + 4 + 1 + 107 / 4 + 4 : 32 + 4 + 1 + 107 + 4;
        return 3 * (TxOutput.SizeOf(script.Length) + spendingBytes);
    }
}
