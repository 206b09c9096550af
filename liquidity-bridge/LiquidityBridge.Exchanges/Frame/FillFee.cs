namespace LiquidityBridge.Exchanges;

/// <summary>Puts what a fill cost where it is booked: what was paid in the market's quote asset, and what was kept back of the base asset.</summary>
internal static class FillFee
{
    /// <summary>The fill with a fee added. A third asset (a token of the exchange, fee credits) is for the core to value; a fourth is told in the fill's text and not booked.</summary>
    /// <param name="fill">A fill.</param>
    /// <param name="instrument">What was traded.</param>
    /// <param name="asset">The asset's code.</param>
    /// <param name="atoms">In atoms (10^-18) of it; negative for a rebate.</param>
    public static HedgeReport Paying(this HedgeReport fill, Instrument instrument, string asset, Int128 atoms)
    {
        if (atoms == 0) return fill;
        var market = instrument.Markets.First(m => m.Exchange == fill.Exchange);
        if (asset == (market.QuoteAsset ?? instrument.QuoteAsset)) return fill with { FeeAtoms = fill.FeeAtoms + atoms };
        if (asset == instrument.BaseAsset) return fill with { BaseFeeAtoms = fill.BaseFeeAtoms + atoms };
        if (fill.FeeAsset.Length == 0 || fill.FeeAsset == asset) return fill with { FeeAsset = asset, AssetFeeAtoms = fill.AssetFeeAtoms + atoms };
        return fill with { Text = $"{fill.Text}{(fill.Text.Length > 0 ? ", " : "")}fee of {DecimalText.Trimmed(atoms, Instrument.AmountDecimals)} {asset} is in neither asset of the market" };
    }
}
