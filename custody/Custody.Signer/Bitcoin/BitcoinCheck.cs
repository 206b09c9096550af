using Custody.Chains;
using Custody.Keys;
using Custody.Withdrawals;
using static Custody.Signer.TransactionTags;

namespace Custody.Signer.Bitcoin;

/// <summary>
/// A Bitcoin transaction is an intent when it spends only coins of ours, pays the destination exactly once and exactly the
/// amount, returns all else to scripts of ours, and leaves no more than the allowed fee.
/// </summary>
internal sealed class BitcoinCheck(string chainID, BitcoinScripts scripts) : ITransactionCheck
{
    public string ChainID => chainID;

    public int KeysPerAddress => 3;

    public int SignaturesPerInput => 2;

    public string AddressOf(IReadOnlyList<ReadOnlyMemory<byte>> publicKeys) => scripts.AddressOf(publicKeys);

    public string? NormalForm(string address) => scripts.ScriptOf(address) is { } script ? Convert.ToHexStringLower(script) : null;

    public CheckOutcome Check(UnsignedTransaction transaction, WithdrawalIntent intent, IReadOnlyDictionary<string, SignerAddress> own)
    {
        BitcoinTransaction read;
        try
        {
            read = BitcoinTransaction.Read(transaction.Raw.Span, allowWitness: false);
        }
        catch (InvalidDataException e)
        {
            return CheckOutcome.Refuse(Malformed, e.Message);
        }
        if (read.Version is not (1 or 2)) return CheckOutcome.Refuse(Malformed, $"version {read.Version}");
        // A lock by time could keep a signed payment in somebody's drawer; a lock by height only keeps it out of older blocks.
        if (read.LockTime >= 500_000_000) return CheckOutcome.Refuse(Malformed, "locked until a time");
        if (read.Inputs.Any(i => i.Script.Length != 0)) return CheckOutcome.Refuse(Malformed, "an input of an unsigned segwit transaction has a script");
        if (transaction.Inputs.Count != read.Inputs.Count) return CheckOutcome.Refuse(InputUnproven, $"{read.Inputs.Count} inputs, {transaction.Inputs.Count} of them explained");
        if (transaction.Digests.Count != read.Inputs.Count) return CheckOutcome.Refuse(DigestDiffers, $"{read.Inputs.Count} inputs, {transaction.Digests.Count} digests");

        long available = 0;
        var digests = new List<Sighash>();
        var spent = new HashSet<(string, uint)>();
        for (var i = 0; i < read.Inputs.Count; i++)
        {
            var input = read.Inputs[i];
            BitcoinTransaction previous;
            try
            {
                previous = BitcoinTransaction.Read(transaction.Inputs[i].Previous.Span, allowWitness: true);
            }
            catch (InvalidDataException e)
            {
                return CheckOutcome.Refuse(InputUnproven, $"input {i}: {e.Message}");
            }
            if (!input.PreviousHash.AsSpan().SequenceEqual(previous.Hash)) return CheckOutcome.Refuse(InputUnproven, $"input {i} does not spend the transaction that was given for it");
            if (input.PreviousIndex >= previous.Outputs.Count) return CheckOutcome.Refuse(InputUnproven, $"input {i} spends output {input.PreviousIndex} of {previous.Outputs.Count}");
            if (!spent.Add((previous.TxID, input.PreviousIndex))) return CheckOutcome.Refuse(Malformed, $"input {i} spends a coin twice");
            var coin = previous.Outputs[(int)input.PreviousIndex];
            if (!own.TryGetValue(Convert.ToHexStringLower(coin.Script), out var owner)) return CheckOutcome.Refuse(InputForeign, $"input {i} is not ours");
            available += coin.Value;
            var digest = read.SighashAll(i, BitcoinScripts.WitnessScript(owner.PublicKeys), coin.Value);
            if (!transaction.Digests[i].Digest.Span.SequenceEqual(digest)) return CheckOutcome.Refuse(DigestDiffers, $"input {i}");
            digests.Add(new Sighash(owner, digest));
        }

        var destination = NormalForm(intent.Destination);
        if (destination is null) return CheckOutcome.Refuse(DestinationMalformed, intent.Destination);
        var isPaid = false;
        long left = available;
        foreach (var output in read.Outputs)
        {
            left -= output.Value;
            var script = Convert.ToHexStringLower(output.Script);
            if (!isPaid && script == destination && output.Value == intent.Amount.Atoms) isPaid = true;
            else if (!own.ContainsKey(script)) return CheckOutcome.Refuse(OutputUnexpected, $"{output.Value} atoms to script {script}");
        }
        if (!isPaid) return CheckOutcome.Refuse(PaymentMissing, $"no output pays {intent.Amount.Atoms} atoms to {intent.Destination}");
        if (left < 0 || left > intent.FeeMax.Atoms) return CheckOutcome.Refuse(FeeMax, $"{left} atoms, at most {intent.FeeMax.Atoms}");
        return new CheckOutcome(digests, null);
    }
}
