namespace Custody.Chains.Bitcoin;

/// <summary>
/// What the inputs of a transaction sign, by BIP 143 with SIGHASH_ALL: all inputs, all outputs and the amount spent. There is
/// no other hash type here, so none can be signed by mistake.
/// </summary>
public sealed class SigHash
{
    /// <summary>The byte after each signature.</summary>
    public const byte All = 1;

    private readonly Transaction transaction;
    private readonly byte[] previousOutputs, sequences, outputs;

    /// <summary>Hashes once what all inputs share.</summary>
    public SigHash(Transaction transaction)
    {
        this.transaction = transaction;
        previousOutputs = Hash(writer =>
        {
            foreach (var input in transaction.Inputs) Transaction.WriteOutPoint(writer, input.Previous);
        });
        sequences = Hash(writer =>
        {
            foreach (var input in transaction.Inputs) writer.UInt32(input.Sequence);
        });
        outputs = Hash(writer =>
        {
            foreach (var output in transaction.Outputs) Transaction.WriteOutput(writer, output);
        });
    }

    /// <summary>The 32 bytes to sign.</summary>
    /// <param name="input">Which input.</param>
    /// <param name="scriptCode">For P2WSH, the witness script.</param>
    /// <param name="sats">What the input spends; a wrong amount makes a signature that no node takes.</param>
    public byte[] Digest(int input, ReadOnlySpan<byte> scriptCode, long sats)
    {
        var writer = new ByteWriter();
        writer.UInt32(transaction.Version);
        writer.Bytes(previousOutputs);
        writer.Bytes(sequences);
        Transaction.WriteOutPoint(writer, transaction.Inputs[input].Previous);
        writer.VarBytes(scriptCode);
        writer.Int64(sats);
        writer.UInt32(transaction.Inputs[input].Sequence);
        writer.Bytes(outputs);
        writer.UInt32(transaction.LockTime);
        writer.UInt32(All);
        return Digests.Sha256d(writer.Written);
    }

    private static byte[] Hash(Action<ByteWriter> write)
    {
        var writer = new ByteWriter();
        write(writer);
        return Digests.Sha256d(writer.Written);
    }
}
