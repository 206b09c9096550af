using Venue.Matching;

namespace Venue.Engine;

/// <summary>What an order pays, in 1e-6 of the notional; a negative maker's rate is a rebate.</summary>
internal readonly struct FeeRates(int makerPpm, int takerPpm)
{
    // One word: two halves would be written one by one and read at once, for which the processor waits.
    private readonly ulong _both = (ulong)(uint)makerPpm << 32 | (uint)takerPpm;

    /// <summary>Of fills while the order rests.</summary>
    public int MakerPpm => (int)(_both >> 32);

    /// <summary>Of fills as the order comes in.</summary>
    public int TakerPpm => (int)_both;

    /// <summary>The rate that a hold must cover: an order can trade both ways in its life.</summary>
    public int HoldPpm => Math.Max(MakerPpm, TakerPpm);
}

/// <summary>How many tiers there are.</summary>
internal static class FeeTiers
{
    public const int Count = 16;
}

/// <summary>An instrument's rates by tier.</summary>
internal sealed partial class Instrument<TBookEvents>
{
    /// <summary>By tier; null where only the definition's rates count.</summary>
    public (bool IsSet, FeeRates Rates)[]? Tiers;

    /// <summary>The rates of a tier: its own, or the definition's while it has none.</summary>
    public FeeRates RatesOf(int tier) => Tiers is not null && Tiers[tier].IsSet ? Tiers[tier].Rates : new FeeRates(Definition.MakerFeePpm, Definition.TakerFeePpm);

    /// <summary>False when the rates are out of range.</summary>
    public bool TrySetFees(int tier, int makerPpm, int takerPpm)
    {
        if (tier is < 0 or >= FeeTiers.Count || makerPpm is < -Definitions.FeePpmMax or > Definitions.FeePpmMax || takerPpm is < 0 or > Definitions.FeePpmMax) return false;
        Tiers ??= new (bool, FeeRates)[FeeTiers.Count];
        Tiers[tier] = (true, new FeeRates(makerPpm, takerPpm));
        return true;
    }

    public void HashFees(ref StateHasher hasher)
    {
        if (Tiers is null) return;
        for (var tier = 0; tier < FeeTiers.Count; tier++)
        {
            if (!Tiers[tier].IsSet) continue;
            hasher.Add(tier);
            hasher.Add(Tiers[tier].Rates.MakerPpm, Tiers[tier].Rates.TakerPpm);
        }
    }
}
