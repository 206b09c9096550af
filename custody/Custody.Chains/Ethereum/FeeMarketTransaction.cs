namespace Custody.Chains.Ethereum;

/// <summary>
/// A transaction of type 2 (EIP-1559) without an access list. Amounts are in wei; those over 128 bits, which no ether
/// makes, are refused.
/// </summary>
public sealed record FeeMarketTransaction
{
    /// <summary>EIP-2718 type.</summary>
    public const byte Type = 2;

    /// <summary>EIP-155 network.</summary>
    public required ulong ChainID { get; init; }

    /// <summary>Which transaction of its sender, from 0.</summary>
    public required ulong Nonce { get; init; }

    /// <summary>For the block's maker, wei a gas at most.</summary>
    public required UInt128 MaxPriorityFee { get; init; }

    /// <summary>In all, wei a gas at most.</summary>
    public required UInt128 MaxFee { get; init; }

    /// <summary>Gas at most.</summary>
    public required ulong GasLimit { get; init; }

    /// <summary>20 bytes; empty to create a contract.</summary>
    public required ReadOnlyMemory<byte> To { get; init; }

    /// <summary>Wei.</summary>
    public UInt128 Value { get; init; }

    /// <summary>A contract's input.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>What is signed the hash of: the type and a list of nine fields.</summary>
    public byte[] SigningPayload() => Serialise(static _ => { });

    /// <summary>The 32 bytes to sign.</summary>
    public byte[] SigningHash() => Digests.Keccak256(SigningPayload());

    /// <summary>Network serialisation: the type and a list of twelve fields.</summary>
    /// <param name="rs">r and s, 32 bytes each. EIP-2: a high s is refused.</param>
    /// <param name="parity">0 or 1.</param>
    public byte[] Signed(ReadOnlySpan<byte> rs, byte parity)
    {
        if (parity > 1 || !Secp256k1Curve.IsLowS(rs)) throw new CodecException("transaction: a signature without parity 0 or 1, or of high s");
        var (r, s) = (rs[..32].TrimStart((byte)0).ToArray(), rs[32..].TrimStart((byte)0).ToArray());
        return Serialise(fields =>
        {
            fields.Integer(parity);
            fields.Bytes(r);
            fields.Bytes(s);
        });
    }

    /// <summary>Reads a signing payload.</summary>
    public static FeeMarketTransaction ParsePayload(ReadOnlySpan<byte> payload)
    {
        var fields = Fields(payload);
        var transaction = ReadFields(ref fields);
        fields.End();
        return transaction;
    }

    /// <summary>Reads network serialisation, and recovers who signed it: 20 bytes.</summary>
    public static (FeeMarketTransaction Transaction, byte[] Sender) ParseSigned(ReadOnlySpan<byte> raw)
    {
        var fields = Fields(raw);
        var transaction = ReadFields(ref fields);
        var parity = fields.Integer64();
        Span<byte> rs = stackalloc byte[64];
        rs.Clear();
        ReadScalar(ref fields, rs[..32]);
        ReadScalar(ref fields, rs[32..]);
        fields.End();
        if (parity > 1 || !Secp256k1Curve.IsLowS(rs)) throw new CodecException("transaction: a signature without parity 0 or 1, or of high s");
        var key = Secp256k1Curve.Recover(transaction.SigningHash(), rs, (int)parity) ?? throw new CodecException("transaction: nobody's signature");
        return (transaction, EthereumAddress.OfPublicKey(key));
    }

    /// <summary>The identifier of network serialisation, as explorers show it.</summary>
    public static string IDOf(ReadOnlySpan<byte> raw) => Hex.Encode0x(Digests.Keccak256(raw));

    private byte[] Serialise(Action<RlpWriter> writeSignature)
    {
        var writer = new RlpWriter();
        writer.Raw(Type);
        writer.List(fields =>
        {
            fields.Integer(ChainID);
            fields.Integer(Nonce);
            fields.Integer(MaxPriorityFee);
            fields.Integer(MaxFee);
            fields.Integer(GasLimit);
            fields.Bytes(To.Span);
            fields.Integer(Value);
            fields.Bytes(Data.Span);
            fields.List(static _ => { });
            writeSignature(fields);
        });
        return writer.Written.ToArray();
    }

    private static RlpReader Fields(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] != Type) throw new CodecException("transaction: not of type 2");
        var reader = new RlpReader(bytes[1..]);
        var fields = reader.List();
        reader.End();
        return fields;
    }

    private static FeeMarketTransaction ReadFields(ref RlpReader fields)
    {
        var transaction = new FeeMarketTransaction
        {
            ChainID = fields.Integer64(),
            Nonce = fields.Integer64(),
            MaxPriorityFee = fields.Integer(),
            MaxFee = fields.Integer(),
            GasLimit = fields.Integer64(),
            To = fields.Bytes().ToArray(),
            Value = fields.Integer(),
            Data = fields.Bytes().ToArray(),
        };
        if (transaction.To.Length is not (0 or EthereumAddress.Length)) throw new CodecException("transaction: a destination that is not of 20 bytes");
        if (!fields.List().AtEnd) throw new CodecException("transaction: an access list, which custody never makes");
        return transaction;
    }

    private static void ReadScalar(ref RlpReader fields, scoped Span<byte> into)
    {
        var digits = fields.Bytes();
        if (digits.Length is 0 or > 32 || digits[0] == 0) throw new CodecException("transaction: r or s that is zero, too long or with a leading zero");
        digits.CopyTo(into[(32 - digits.Length)..]);
    }
}
