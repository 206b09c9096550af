namespace Custody.Chains.Bitcoin;

/// <summary>An output of a transaction, by the name that explorers show: the identifier is byte-reversed hex.</summary>
public readonly record struct OutPoint(string TxID, int Index)
{
    /// <summary><c>txid:vout</c>, as <c>UnsignedTransaction.Spends</c> has it.</summary>
    public override string ToString() => $"{TxID}:{Index}";
}

/// <summary>What a transaction spends.</summary>
/// <param name="Previous">The output.</param>
/// <param name="ScriptSig">Empty for the witness outputs that custody holds.</param>
/// <param name="Sequence">BIP 125: below 0xfffffffe it says that a higher fee may replace it.</param>
/// <param name="Witness">Stack items, bottom first; empty before signing.</param>
public sealed record TxInput(OutPoint Previous, ReadOnlyMemory<byte> ScriptSig, uint Sequence, IReadOnlyList<ReadOnlyMemory<byte>> Witness);

/// <summary>What a transaction pays.</summary>
/// <param name="Sats">Amount in satoshis.</param>
/// <param name="Script">Output script.</param>
public sealed record TxOutput(long Sats, ReadOnlyMemory<byte> Script)
{
    /// <summary>No amount is above 21 million bitcoin (Bitcoin Core amount.h, MAX_MONEY).</summary>
    public const long SatsMax = 2_100_000_000_000_000;

    /// <summary>Serialised bytes of an output with a script of this length.</summary>
    public static int SizeOf(int scriptLength) => 8 + ByteWriter.CompactSizeOf(scriptLength) + scriptLength;
}

/// <summary>A transaction as the network serialises it (BIP 144).</summary>
public sealed class Transaction
{
    /// <summary>Custody signs these: BIP 68 relative locks need 2, and it uses none.</summary>
    public const uint CurrentVersion = 2;

    /// <summary>2 or what it was parsed with.</summary>
    public uint Version { get; init; } = CurrentVersion;

    /// <summary>At least one.</summary>
    public required IReadOnlyList<TxInput> Inputs { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<TxOutput> Outputs { get; init; }

    /// <summary>0: no lock.</summary>
    public uint LockTime { get; init; }

    /// <summary>The identifier as explorers show it; witnesses do not change it.</summary>
    public string ID => ShownHash(Digests.Sha256d(Serialise(witnesses: false)));

    /// <summary>BIP 141 wtxid as explorers show it.</summary>
    public string WitnessID => ShownHash(Digests.Sha256d(Serialise(witnesses: true)));

    /// <summary>BIP 141: three times the size without witnesses and once the size with them.</summary>
    public int Weight => Serialise(witnesses: false).Length * 3 + Serialise(witnesses: true).Length;

    /// <summary>A quarter of the weight, rounded up: what fee rates count.</summary>
    public int VirtualSize => (Weight + 3) / 4;

    /// <summary>The whole transaction and nothing after it.</summary>
    public static Transaction Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var transaction = Parse(ref reader);
        return reader.Left == 0 ? transaction : throw new CodecException("transaction: bytes after its end");
    }

    /// <summary>The bytes; without witnesses they are those that the identifier hashes.</summary>
    public byte[] Serialise(bool witnesses)
    {
        var writer = new ByteWriter();
        witnesses &= Inputs.Any(static input => input.Witness.Count > 0);
        writer.UInt32(Version);
        if (witnesses) writer.Bytes([0, 1]); // BIP 144: marker and flag
        writer.CompactSize(Inputs.Count);
        foreach (var input in Inputs)
        {
            WriteOutPoint(writer, input.Previous);
            writer.VarBytes(input.ScriptSig.Span);
            writer.UInt32(input.Sequence);
        }
        writer.CompactSize(Outputs.Count);
        foreach (var output in Outputs) WriteOutput(writer, output);
        if (witnesses)
            foreach (var input in Inputs)
            {
                writer.CompactSize(input.Witness.Count);
                foreach (var item in input.Witness) writer.VarBytes(item.Span);
            }
        writer.UInt32(LockTime);
        return writer.Written.ToArray();
    }

    internal static Transaction Parse(ref ByteReader reader)
    {
        var version = reader.UInt32();
        var count = reader.Count(InputSizeMin);
        var witnesses = false;
        if (count == 0)
        {
            // BIP 144: no inputs is the marker of the other form, whose flag is 1.
            if (reader.Byte() != 1) throw new CodecException("transaction: neither inputs nor the flag of witnesses");
            witnesses = true;
            count = reader.Count(InputSizeMin);
            if (count == 0) throw new CodecException("transaction: no inputs");
        }

        var inputs = new TxInput[count];
        for (var i = 0; i < count; i++)
        {
            var previous = new OutPoint(ShownHash(reader.Bytes(32)), unchecked((int)reader.UInt32()));
            inputs[i] = new TxInput(previous, reader.VarBytes().ToArray(), reader.UInt32(), []);
        }

        var outputs = new TxOutput[reader.Count(OutputSizeMin)];
        if (outputs.Length == 0) throw new CodecException("transaction: no outputs");
        for (var i = 0; i < outputs.Length; i++)
        {
            var sats = reader.Int64();
            if (sats is < 0 or > TxOutput.SatsMax) throw new CodecException("transaction: an amount that cannot be");
            outputs[i] = new TxOutput(sats, reader.VarBytes().ToArray());
        }

        if (witnesses) ReadWitnesses(ref reader, inputs);
        return new Transaction { Version = version, Inputs = inputs, Outputs = outputs, LockTime = reader.UInt32() };
    }

    /// <summary>A hash as explorers show it: reversed hex.</summary>
    internal static string ShownHash(ReadOnlySpan<byte> hash)
    {
        Span<byte> reversed = stackalloc byte[32];
        hash.CopyTo(reversed);
        reversed.Reverse();
        return Hex.Encode(reversed);
    }

    /// <summary>The 32 bytes of a hash that explorers show.</summary>
    internal static byte[] HashBytes(string shown)
    {
        var bytes = Hex.Decode(shown);
        if (bytes.Length != 32) throw new CodecException("hash: not of 32 bytes");
        Array.Reverse(bytes);
        return bytes;
    }

    internal static void WriteOutPoint(ByteWriter writer, OutPoint outPoint)
    {
        writer.Bytes(HashBytes(outPoint.TxID));
        writer.UInt32(unchecked((uint)outPoint.Index)); // -1 is the coinbase's 0xffffffff
    }

    internal static void WriteOutput(ByteWriter writer, TxOutput output)
    {
        writer.Int64(output.Sats);
        writer.VarBytes(output.Script.Span);
    }

    private const int InputSizeMin = 32 + 4 + 1 + 4, OutputSizeMin = 8 + 1;

    private static void ReadWitnesses(ref ByteReader reader, TxInput[] inputs)
    {
        var any = false;
        for (var i = 0; i < inputs.Length; i++)
        {
            var items = new ReadOnlyMemory<byte>[reader.Count(1)];
            for (var j = 0; j < items.Length; j++) items[j] = reader.VarBytes().ToArray();
            inputs[i] = inputs[i] with { Witness = items };
            any |= items.Length > 0;
        }
        // Bitcoin Core transaction.h: one form for one transaction, or its bytes would have two.
        if (!any) throw new CodecException("transaction: the form with witnesses, and none");
    }
}
