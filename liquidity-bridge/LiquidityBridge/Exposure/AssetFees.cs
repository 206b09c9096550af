namespace LiquidityBridge;

/// <summary>Fees of one instrument's hedges at one exchange in one asset, and how much of them had no rate yet; both in atoms of that asset.</summary>
public readonly record struct AssetFee(Int128 PaidAtoms, Int128 UnpricedAtoms);

/// <summary>What was paid in assets that are neither of a market's own: tokens of exchanges, fee credits. Nothing of it is lost while there is no rate for it.</summary>
public sealed class AssetFees
{
    private readonly SortedDictionary<(int Instrument, int Exchange, string Asset), AssetFee> _fees = new(Comparer<(int, int, string)>.Create((a, b) =>
        a.Item1 != b.Item1 ? a.Item1.CompareTo(b.Item1) : a.Item2 != b.Item2 ? a.Item2.CompareTo(b.Item2) : string.CompareOrdinal(a.Item3, b.Item3)));

    /// <summary>All of them, by instrument, exchange and asset.</summary>
    public IReadOnlyDictionary<(int Instrument, int Exchange, string Asset), AssetFee> All => _fees;

    /// <summary>True when something waits for a rate.</summary>
    public bool HasUnpriced { get; private set; }

    /// <summary>A fill cost so much of an asset.</summary>
    public void Pay(int instrument, int exchange, string asset, Int128 atoms, bool isPriced)
    {
        var fee = _fees.GetValueOrDefault((instrument, exchange, asset));
        Set(instrument, exchange, asset, new AssetFee(fee.PaidAtoms + atoms, fee.UnpricedAtoms + (isPriced ? 0 : atoms)));
    }

    /// <summary>So much of what waited has a rate now.</summary>
    public void Price(int instrument, int exchange, string asset, Int128 atoms)
    {
        var fee = _fees[(instrument, exchange, asset)];
        Set(instrument, exchange, asset, fee with { UnpricedAtoms = fee.UnpricedAtoms - atoms });
    }

    /// <summary>As the state of a journal has it.</summary>
    public void Set(int instrument, int exchange, string asset, AssetFee fee)
    {
        _fees[(instrument, exchange, asset)] = fee;
        HasUnpriced = false;
        foreach (var one in _fees.Values) HasUnpriced |= one.UnpricedAtoms != 0;
    }
}
