namespace Custody.Chains.Bitcoin;

/// <summary>Addresses as text, and the output scripts that they stand for.</summary>
public static class Address
{
    /// <summary>The canonical text of an output script, or null when it has none.</summary>
    public static string? FromScript(ReadOnlySpan<byte> script, Network network)
    {
        if (Script.IsWitness(script, out var version, out var program))
            // BIP 141: a version 0 program of another length can never be spent.
            return version == 0 && program.Length is not (20 or 32)
                ? null
                : Bech32.Encode(network.Bech32Prefix, [(byte)version, .. Bech32.ToValues(program)], VariantOf(version));
        if (Script.IsKeyHash(script, out var keyHash)) return Base58.EncodeCheck([network.KeyHashVersion, .. keyHash]);
        if (Script.IsScriptHash(script, out var scriptHash)) return Base58.EncodeCheck([network.ScriptHashVersion, .. scriptHash]);
        return null;
    }

    /// <summary>The output script of an address of this network: base58 (versions of BIP 13) or witness (BIP 173, BIP 350).</summary>
    public static byte[] ToScript(string text, Network network)
    {
        if (!text.StartsWith(network.Bech32Prefix + "1", StringComparison.OrdinalIgnoreCase)) return FromBase58(text, network);

        var (prefix, values, variant) = Bech32.Decode(text);
        if (prefix != network.Bech32Prefix) throw new CodecException($"address: of {prefix}, not of {network.Bech32Prefix}");
        if (values.Length == 0 || values[0] > 16) throw new CodecException("address: no witness version from 0 to 16");
        var program = Bech32.ToBytes(values.AsSpan(1));
        if (program.Length is < 2 or > 40) throw new CodecException("address: a witness program that is not of 2 to 40 bytes");
        if (values[0] == 0 && program.Length is not (20 or 32)) throw new CodecException("address: a version 0 program that is not of 20 or 32 bytes");
        if (variant != VariantOf(values[0])) throw new CodecException("address: the checksum of another witness version");
        return Script.Witness(values[0], program);
    }

    /// <summary>
    /// True when somebody can hold the key of it today: not a witness version that no rule guards yet (anyone could take the
    /// coins), not a taproot key that is no point (nobody could).
    /// </summary>
    public static bool IsPayable(ReadOnlySpan<byte> script)
    {
        if (!Script.IsWitness(script, out var version, out var program)) return true;
        return version switch
        {
            0 => true,
            1 => program.Length == 32 && Secp256k1Curve.IsPublicKey([0x02, .. program]),
            _ => false,
        };
    }

    private static byte[] FromBase58(string text, Network network)
    {
        var payload = Base58.DecodeCheck(text);
        if (payload.Length != 21) throw new CodecException("address: not a version and 20 bytes");
        if (payload[0] == network.KeyHashVersion) return Script.PayToKeyHash(payload.AsSpan(1));
        if (payload[0] == network.ScriptHashVersion) return Script.PayToScriptHash(payload.AsSpan(1));
        throw new CodecException("address: a version of another network");
    }

    private static Bech32Variant VariantOf(int version) => version == 0 ? Bech32Variant.Bech32 : Bech32Variant.Bech32m;
}
