namespace Custody.Chains.Bitcoin;

/// <summary>An output that custody can spend.</summary>
public sealed record Coin(OutPoint OutPoint, long Sats, string Address);

/// <summary>Which coins pay, and what becomes of the rest.</summary>
/// <param name="Coins">Inputs, in their order.</param>
/// <param name="ChangeSats">What returns to us; 0 when there is no such output.</param>
/// <param name="FeeSats">What the miner gets.</param>
public sealed record Selection(IReadOnlyList<Coin> Coins, long ChangeSats, long FeeSats);

/// <summary>
/// Chooses P2WSH 2-of-3 coins for one payment at a fee rate: first a set that needs no change output, then the largest
/// coins. The same coins give the same choice.
/// </summary>
/// <param name="satsPerKvB">Fee rate, in satoshis for 1,000 virtual bytes.</param>
/// <param name="payScriptLength">Bytes of the destination's script.</param>
/// <param name="changeScript">Where the rest goes.</param>
public sealed class CoinSelection(long satsPerKvB, int payScriptLength, ReadOnlyMemory<byte> changeScript)
{
    /// <summary>
    /// Most coins in one transaction: 42,000 weight units of the 400,000 that nodes relay. The signer is given the whole
    /// transaction behind each coin, and these have to fit in one message to it.
    /// </summary>
    public const int CoinsMax = 100;

    // Steps of the search for a set without change: enough for dozens of coins, a millisecond at most.
    private const int StepsMax = 50_000;

    private readonly int changeWeight = 4 * TxOutput.SizeOf(changeScript.Length);
    private readonly long changeDustSats = Script.DustSats(changeScript.Span);

    /// <summary>Null when these coins cannot pay <paramref name="sats"/> and the fee.</summary>
    public Selection? Choose(IEnumerable<Coin> coins, long sats)
    {
        // Largest first; the name decides between equals, so that the choice is the same on every machine.
        var worthwhile = coins.Where(coin => coin.Sats > Fee(MultisigInput.WeightMax))
            .OrderByDescending(static coin => coin.Sats).ThenBy(static coin => coin.OutPoint.TxID, StringComparer.Ordinal).ThenBy(static coin => coin.OutPoint.Index)
            .ToArray();
        return Exact(worthwhile, sats) ?? LargestFirst(worthwhile, sats);
    }

    /// <summary>The fee in satoshis of a transaction with this many inputs.</summary>
    public long FeeOf(int inputs, bool change) => Fee(WeightOf(inputs, change));

    private int WeightOf(int inputs, bool change)
    {
        var outside = 4 + ByteWriter.CompactSizeOf(inputs) + 1 + TxOutput.SizeOf(payScriptLength) + 4;
        return 4 * outside + 2 + inputs * MultisigInput.WeightMax + (change ? changeWeight : 0);
    }

    // A quarter of the weight and the fee, both rounded up: never below the rate.
    private long Fee(int weight) => checked(((weight + 3L) / 4 * satsPerKvB + 999) / 1000);

    private Selection? LargestFirst(Coin[] coins, long sats)
    {
        long sum = 0;
        for (var count = 1; count <= Math.Min(coins.Length, CoinsMax); count++)
        {
            sum += coins[count - 1].Sats;
            var changeSats = sum - sats - FeeOf(count, change: true);
            if (changeSats >= changeDustSats) return new Selection(coins[..count], changeSats, FeeOf(count, change: true));
            // A rest that is dust goes to the miner: an output for it would cost more than it holds.
            if (sum - sats >= FeeOf(count, change: false)) return new Selection(coins[..count], 0, sum - sats);
        }
        return null;
    }

    // Depth first, largest coin first, taking before leaving: a set whose rest is less than what a change output costs now and
    // when it is spent.
    private Selection? Exact(Coin[] coins, long sats)
    {
        var wasteMax = Fee(changeWeight) + Fee(MultisigInput.WeightMax);
        var left = new long[coins.Length + 1];
        for (var i = coins.Length - 1; i >= 0; i--) left[i] = left[i + 1] + coins[i].Sats;

        var taken = new List<int>();
        var (sum, steps) = (0L, 0);
        return Search(0) ? new Selection([.. taken.Select(i => coins[i])], 0, sum - sats) : null;

        bool Search(int from)
        {
            var rest = sum - sats - FeeOf(taken.Count, change: false);
            if (taken.Count > 0 && rest >= 0) return rest <= wasteMax;
            if (taken.Count == CoinsMax) return false;
            for (var i = from; i < coins.Length && ++steps <= StepsMax && sum + left[i] >= sats; i++)
            {
                taken.Add(i);
                sum += coins[i].Sats;
                if (Search(i + 1)) return true;
                sum -= coins[i].Sats;
                taken.RemoveAt(taken.Count - 1);
                // The same amount again would fail the same way.
                while (i + 1 < coins.Length && coins[i + 1].Sats == coins[i].Sats) i++;
            }
            return false;
        }
    }
}
