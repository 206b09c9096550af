namespace LiquidityBridge.Host.Desk;

/// <summary>Units and names of what the desk shows.</summary>
public sealed class Units(BridgeOptions core)
{
    private readonly Dictionary<string, Instrument> _instruments = core.Instruments.ToDictionary(i => i.Symbol);

    /// <summary>What profit and values are counted in.</summary>
    public string ReportingAsset => core.ReportingAsset;

    /// <summary>The house's firm at the venue.</summary>
    public string Firm => core.Firm;

    /// <summary>The instrument of this symbol.</summary>
    public Instrument Of(string symbol) => _instruments[symbol];

    /// <summary>Decimals with which every quantity of this asset is exact.</summary>
    public int DecimalsOf(string asset) => core.Instruments.Where(i => i.BaseAsset == asset).Max(i => i.QuantityDecimals);

    /// <summary>Net exposure of this asset, either way, that is not hedged, in atoms.</summary>
    public Int128 BandAtoms(string asset)
    {
        Int128 sum = 0;
        foreach (var i in core.Instruments)
            if (i.BaseAsset == asset) sum += i.BaseAtoms(i.Hedging.Band);
        return sum;
    }
}
