using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Custody.Signer.Bitcoin;

/// <summary>An input: the coin it spends (txid in wire order, output number), its script and sequence.</summary>
internal sealed record BitcoinInput(byte[] PreviousHash, uint PreviousIndex, byte[] Script, uint Sequence);

/// <summary>An output: satoshi and the script that may spend it.</summary>
internal sealed record BitcoinOutput(long Value, byte[] Script);

/// <summary>A transaction as read from its bytes. The signer's own decoder; it shares nothing with what builds transactions.</summary>
internal sealed class BitcoinTransaction
{
    /// <summary>No output, and no sum of them, can be more: 21 million coins.</summary>
    public const long MoneyMax = 21_000_000L * 100_000_000L;

    public required uint Version { get; init; }
    public required IReadOnlyList<BitcoinInput> Inputs { get; init; }
    public required IReadOnlyList<BitcoinOutput> Outputs { get; init; }
    public required uint LockTime { get; init; }

    /// <summary>Double SHA-256 without the witnesses, in wire order; explorers show it reversed.</summary>
    public required byte[] Hash { get; init; }

    public string TxID => Convert.ToHexStringLower([.. Hash.Reverse()]);

    /// <summary>Reads a transaction, with witnesses (BIP 144) where they are allowed.</summary>
    public static BitcoinTransaction Read(ReadOnlySpan<byte> bytes, bool allowWitness)
    {
        var reader = new BitcoinReader(bytes);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes[..Math.Min(4, bytes.Length)]);
        var version = reader.UInt32();
        // BIP 144: a zero where the number of inputs would be, then a flag.
        var hasWitness = reader.Peek(0) == 0 && reader.Peek(1) == 1;
        if (hasWitness && !allowWitness) throw new InvalidDataException("an unsigned transaction has witnesses");
        if (hasWitness) reader.Take(2);
        var start = reader.Position;
        var inputs = new BitcoinInput[reader.Count()];
        for (var i = 0; i < inputs.Length; i++)
            inputs[i] = new BitcoinInput(reader.Take(32).ToArray(), reader.UInt32(), reader.Take(reader.Count()).ToArray(), reader.UInt32());
        var outputs = new BitcoinOutput[reader.Count()];
        long sum = 0;
        for (var i = 0; i < outputs.Length; i++)
        {
            outputs[i] = new BitcoinOutput(reader.Int64(), reader.Take(reader.Count()).ToArray());
            if (outputs[i].Value is < 0 or > MoneyMax) throw new InvalidDataException("an output is out of range");
            sum += outputs[i].Value;
            if (sum > MoneyMax) throw new InvalidDataException("the outputs are out of range");
        }
        if (inputs.Length == 0 || outputs.Length == 0) throw new InvalidDataException("a transaction has inputs and outputs");
        hash.AppendData(bytes[start..reader.Position]);
        if (hasWitness)
            for (var i = 0; i < inputs.Length; i++)
                for (var items = reader.Count(); items > 0; items--)
                    reader.Take(reader.Count());
        hash.AppendData(bytes[reader.Position..]);
        var lockTime = reader.UInt32();
        if (!reader.IsAtEnd) throw new InvalidDataException("bytes follow the transaction");
        return new BitcoinTransaction
        {
            Version = version,
            Inputs = inputs,
            Outputs = outputs,
            LockTime = lockTime,
            Hash = SHA256.HashData(hash.GetHashAndReset()),
        };
    }

    /// <summary>BIP 143, SIGHASH_ALL: the digest that signs input <paramref name="index"/>, which spends a P2WSH coin.</summary>
    public byte[] SighashAll(int index, byte[] witnessScript, long value)
    {
        if (witnessScript.Length >= 0xFD) throw new InvalidOperationException("a 2-of-3 script is 105 bytes");
        var prevouts = new MemoryStream();
        var sequences = new MemoryStream();
        foreach (var input in Inputs)
        {
            prevouts.Write(input.PreviousHash);
            Write(prevouts, input.PreviousIndex);
            Write(sequences, input.Sequence);
        }
        var outputs = new MemoryStream();
        foreach (var output in Outputs)
        {
            Write(outputs, (ulong)output.Value);
            WriteCount(outputs, output.Script.Length);
            outputs.Write(output.Script);
        }
        var spent = Inputs[index];
        var preimage = new MemoryStream();
        Write(preimage, Version);
        preimage.Write(Twice(prevouts));
        preimage.Write(Twice(sequences));
        preimage.Write(spent.PreviousHash);
        Write(preimage, spent.PreviousIndex);
        WriteCount(preimage, witnessScript.Length);
        preimage.Write(witnessScript);
        Write(preimage, (ulong)value);
        Write(preimage, spent.Sequence);
        preimage.Write(Twice(outputs));
        Write(preimage, LockTime);
        Write(preimage, 1u);  // SIGHASH_ALL
        return Twice(preimage);
    }

    private static byte[] Twice(MemoryStream stream) => SHA256.HashData(SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)));

    private static void Write(MemoryStream stream, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    private static void Write(MemoryStream stream, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    private static void WriteCount(MemoryStream stream, int count)
    {
        if (count < 0xFD)
        {
            stream.WriteByte((byte)count);
            return;
        }
        if (count > ushort.MaxValue) throw new InvalidDataException("a script is too long");
        stream.WriteByte(0xFD);
        stream.WriteByte((byte)count);
        stream.WriteByte((byte)(count >> 8));
    }
}
