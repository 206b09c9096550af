namespace Custody.Chains.Bitcoin;

/// <summary>A block as the network serialises it, its identifier and its list of transactions verified.</summary>
/// <param name="Hash">As explorers show it.</param>
/// <param name="ParentHash">As explorers show it.</param>
/// <param name="Transactions">In their order.</param>
public sealed record Block(string Hash, string ParentHash, IReadOnlyList<Transaction> Transactions)
{
    private const int HeaderLength = 80, TransactionSizeMin = 60;

    /// <summary>Refuses bytes whose transactions are not those that the header commits to.</summary>
    public static Block Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var header = reader.Bytes(HeaderLength);
        var transactions = new Transaction[reader.Count(TransactionSizeMin)];
        if (transactions.Length == 0) throw new CodecException("block: no transactions");
        for (var i = 0; i < transactions.Length; i++) transactions[i] = Transaction.Parse(ref reader);
        if (reader.Left != 0) throw new CodecException("block: bytes after its end");
        if (!header.Slice(36, 32).SequenceEqual(MerkleRoot(transactions))) throw new CodecException("block: not the transactions that its header names");
        return new Block(Transaction.ShownHash(Digests.Sha256d(header)), Transaction.ShownHash(header.Slice(4, 32)), transactions);
    }

    private static byte[] MerkleRoot(Transaction[] transactions)
    {
        var level = new List<byte[]>(transactions.Length);
        foreach (var transaction in transactions) level.Add(Digests.Sha256d(transaction.Serialise(witnesses: false)));
        Span<byte> pair = stackalloc byte[64];
        while (level.Count > 1)
        {
            for (var i = 0; i < level.Count; i += 2)
            {
                var right = i + 1 < level.Count ? level[i + 1] : level[i];
                // CVE-2012-2459: the last of an odd row counts twice, so a block with it twice would hash the same.
                if (i + 1 < level.Count && level[i].AsSpan().SequenceEqual(right)) throw new CodecException("block: the same transaction twice");
                level[i].CopyTo(pair);
                right.CopyTo(pair[32..]);
                level[i / 2] = Digests.Sha256d(pair);
            }
            level.RemoveRange((level.Count + 1) / 2, level.Count / 2);
        }
        return level[0];
    }
}
