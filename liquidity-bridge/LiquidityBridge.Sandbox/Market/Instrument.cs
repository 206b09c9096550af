namespace LiquidityBridge.Sandbox.Market;

/// <summary>What trades on one exchange, in which steps, and at which fees.</summary>
internal sealed record Instrument
{
    /// <summary>Every asset is counted in 10^-10 of its unit here: a price of 2 decimals times a quantity of 8 is exact.</summary>
    public const int AtomDecimals = 10;

    /// <summary>The highest price is so many times the first one.</summary>
    public const int HighestPerStart = 20;

    /// <summary>Place in <see cref="Exchange.Instruments"/>.</summary>
    public required int Index { get; init; }

    /// <summary>The exchange's own spelling: BTC/USD or BTC-USD.</summary>
    public required string Symbol { get; init; }

    /// <summary>What is bought and sold.</summary>
    public required string Base { get; init; }

    /// <summary>What it is paid in.</summary>
    public required string Quote { get; init; }

    /// <summary>One tick is 10^-PriceDecimals of the quote asset.</summary>
    public required int PriceDecimals { get; init; }

    /// <summary>One lot is 10^-QtyDecimals of the base asset.</summary>
    public required int QtyDecimals { get; init; }

    /// <summary>Smallest order, in lots.</summary>
    public required long MinLots { get; init; }

    /// <summary>Largest order, in lots.</summary>
    public required long MaxLots { get; init; }

    /// <summary>Where the synthetic price begins, in ticks.</summary>
    public required long StartTicks { get; init; }

    /// <summary>Fee of an order that rested, in millionths of the cost.</summary>
    public required int MakerFeePpm { get; init; }

    /// <summary>Fee of an order that took, in millionths of the cost.</summary>
    public required int TakerFeePpm { get; init; }

    /// <summary>Highest price taken, in ticks.</summary>
    public long HighestTicks => StartTicks * HighestPerStart;

    /// <summary>Price as text with all its decimals.</summary>
    public string Price(long ticks) => Decimals.Text(ticks, PriceDecimals);

    /// <summary>Quantity as text with all its decimals.</summary>
    public string Quantity(long lots) => Decimals.Text(lots, QtyDecimals);

    /// <summary>Cost in atoms of the quote asset.</summary>
    public Int128 Cost(long ticks, long lots) => (Int128)ticks * lots * Decimals.Power(AtomDecimals - PriceDecimals - QtyDecimals);

    /// <summary>A quantity in atoms of the base asset.</summary>
    public Int128 BaseAtoms(long lots) => (Int128)lots * Decimals.Power(AtomDecimals - QtyDecimals);

    /// <summary>A fee in atoms, rounded up: an exchange never gives the fraction away.</summary>
    public static Int128 Fee(Int128 costAtoms, int ppm) => (costAtoms * ppm + 999_999) / 1_000_000;

    /// <summary>A fee in atoms of the base asset, rounded up to 10^-8.</summary>
    public static Int128 BaseFee(Int128 baseAtoms, int ppm)
    {
        var step = Decimals.Power(AtomDecimals - 8);
        return (Fee(baseAtoms, ppm) + step - 1) / step * step;
    }
}
