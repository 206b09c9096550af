using System.Globalization;

namespace LiquidityBridge;

/// <summary>
/// What is quoted in the venue and hedged outside. All its prices and quantities, the venue's and every exchange's, are
/// whole numbers on one grid: prices in 10^-PriceDecimals of the quote asset, quantities in 10^-QuantityDecimals of the
/// base asset.
/// </summary>
/// <remarks>
/// The grid is at least as fine as the finest of them, so that nothing is ever rounded on the way in. Amounts are
/// 10^-18 of their asset ("atoms" here), so that a price times a quantity is a whole number of them.
/// </remarks>
public sealed class Instrument
{
    /// <summary>Decimals of every amount that the bridge counts.</summary>
    public const int AmountDecimals = 18;

    private readonly Int128 _atomsPerProduct, _atomsPerQuantity;

    /// <summary>The grid is fixed for life.</summary>
    /// <exception cref="ArgumentException">The grid is so fine that a product would not be a whole number of atoms.</exception>
    public Instrument(int id, string symbol, string baseAsset, string quoteAsset, int priceDecimals, int quantityDecimals)
    {
        if (priceDecimals < 0 || quantityDecimals < 0 || priceDecimals + quantityDecimals > AmountDecimals)
            throw new ArgumentException($"{symbol}: {priceDecimals} price and {quantityDecimals} quantity decimals are more than {AmountDecimals} together");
        (Id, Symbol, BaseAsset, QuoteAsset) = (id, symbol, baseAsset, quoteAsset);
        (PriceDecimals, QuantityDecimals) = (priceDecimals, quantityDecimals);
        _atomsPerProduct = Power(AmountDecimals - priceDecimals - quantityDecimals);
        _atomsPerQuantity = Power(AmountDecimals - quantityDecimals);
    }

    /// <summary>Place among the bridge's instruments, from 0.</summary>
    public int Id { get; }

    /// <summary>Symbol(55) at the venue.</summary>
    public string Symbol { get; }

    /// <summary>What is bought and sold.</summary>
    public string BaseAsset { get; }

    /// <summary>What it is paid in.</summary>
    public string QuoteAsset { get; }

    /// <summary>Decimals of a price on the grid.</summary>
    public int PriceDecimals { get; }

    /// <summary>Decimals of a quantity on the grid.</summary>
    public int QuantityDecimals { get; }

    /// <summary>The venue's price step, on the grid.</summary>
    public required long VenueTick { get; init; }

    /// <summary>The venue's quantity step, on the grid.</summary>
    public required long VenueLot { get; init; }

    /// <summary>Smallest order of the venue, on the grid.</summary>
    public required long VenueMin { get; init; }

    /// <summary>How it is quoted.</summary>
    public required QuoteTerms Quoting { get; init; }

    /// <summary>How it is hedged.</summary>
    public required HedgeTerms Hedging { get; init; }

    /// <summary>Where it can be hedged, one per exchange.</summary>
    public required IReadOnlyList<Market> Markets { get; init; }

    /// <summary>Price times quantity, in quote atoms; exact.</summary>
    public Int128 Notional(long price, long quantity) => checked((Int128)price * quantity * _atomsPerProduct);

    /// <summary>A quantity in base atoms; exact.</summary>
    public Int128 BaseAtoms(long quantity) => checked(quantity * _atomsPerQuantity);

    /// <summary>mantissa / 10^decimals on the price grid; false when it is finer than the grid or too large.</summary>
    public bool TryPrice(long mantissa, int decimals, out long price) => TryScale(mantissa, decimals, PriceDecimals, out price);

    /// <summary>mantissa / 10^decimals on the quantity grid; false when it is finer than the grid or too large.</summary>
    public bool TryQuantity(long mantissa, int decimals, out long quantity) => TryScale(mantissa, decimals, QuantityDecimals, out quantity);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Symbol}");

    /// <summary>mantissa / 10^decimals in units of 10^-unitDecimals; false when it is not whole or does not fit.</summary>
    public static bool TryScale(Int128 mantissa, int decimals, int unitDecimals, out long units)
    {
        units = 0;
        var scaled = mantissa;
        if (unitDecimals >= decimals)
        {
            if (unitDecimals - decimals > 36 || !TryMultiply(mantissa, Power(unitDecimals - decimals), out scaled)) return false;
        }
        else
        {
            if (decimals - unitDecimals > 36) return mantissa == 0;
            var divisor = Power(decimals - unitDecimals);
            if (mantissa % divisor != 0) return false;
            scaled = mantissa / divisor;
        }
        if (scaled != (long)scaled) return false;
        units = (long)scaled;
        return true;
    }

    /// <summary>10^exponent.</summary>
    public static Int128 Power(int exponent)
    {
        Int128 power = 1;
        for (; exponent > 0; exponent--) power *= 10;
        return power;
    }

    private static bool TryMultiply(Int128 value, Int128 factor, out Int128 product)
    {
        var fits = value <= Int128.MaxValue / factor && value >= Int128.MinValue / factor;
        product = fits ? value * factor : 0;
        return fits;
    }
}

/// <summary>How an instrument is quoted in the venue.</summary>
public sealed record QuoteTerms
{
    /// <summary>Added to each side of the hedge price, in millionths of it.</summary>
    public required int MarkupPpm { get; init; }

    /// <summary>How far both sides move against the exposure when it is at its soft limit, in millionths of the mid price.</summary>
    public required int SkewPpm { get; init; }

    /// <summary>Largest quantity of one side, on the grid.</summary>
    public required long Size { get; init; }

    /// <summary>Share of the depth outside that may be quoted, in percent.</summary>
    public required int DepthPercent { get; init; }

    /// <summary>A quote that is less than this many venue ticks too cautious stays where it is.</summary>
    public required int RequoteTicks { get; init; }
}

/// <summary>How an instrument's exposure is hedged.</summary>
public sealed record HedgeTerms
{
    /// <summary>Net quantity, either way, that is not hedged, on the grid.</summary>
    public required long Band { get; init; }

    /// <summary>How far a hedge may be from the best price outside, in millionths of it.</summary>
    public required int SlippagePpm { get; init; }

    /// <summary>Added to the former for each attempt after the first.</summary>
    public required int SlippageStepPpm { get; init; }

    /// <summary>Attempts before the exposure is kept and a person is called.</summary>
    public required int AttemptsMax { get; init; }

    /// <summary>After that many attempts: time without a hedge and without quotes, nanoseconds.</summary>
    public required long PauseNs { get; init; }
}

/// <summary>An instrument at one outside exchange.</summary>
public sealed record Market
{
    /// <summary>Number of the exchange, from 0.</summary>
    public required int Exchange { get; init; }

    /// <summary>Its name there.</summary>
    public required string Symbol { get; init; }

    /// <summary>Price step there, on the instrument's grid.</summary>
    public required long Tick { get; init; }

    /// <summary>Quantity step there, on the instrument's grid.</summary>
    public required long Lot { get; init; }

    /// <summary>Smallest order there, on the instrument's grid.</summary>
    public required long Min { get; init; }

    /// <summary>What taking liquidity costs there, in millionths of the notional. Fills say what it really cost.</summary>
    public required int TakerFeePpm { get; init; }

    /// <summary>What is paid in there, when it is not the instrument's own quote asset; prices are converted by the rate of the two.</summary>
    public string? QuoteAsset { get; init; }

    /// <summary>
    /// Its levels are not to be added up: each is a price for at most its own quantity, and only one of them can be had
    /// at a time (a maker's streaming quotes).
    /// </summary>
    public bool IsFullAmount { get; init; }

    /// <summary>A maker is asked for streaming quotes of these quantities, on the grid, smallest first; empty where there is an order book.</summary>
    public IReadOnlyList<long> QuoteSizes { get; init; } = [];

    /// <summary>A book that did not change for so long is not used, however alive its connection is, nanoseconds.</summary>
    public long AgeMaxNs { get; init; } = 60_000_000_000;
}
