using System.Text;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>One instrument as FIX sees it: its symbol, and how decimals become ticks and lots and back.</summary>
public sealed class Instrument
{
    private static readonly long[] PowersOfTen = MakePowersOfTen();
    private readonly DefineInstrument _terms;

    /// <summary>Makes it from the engine's definition and its quote asset's.</summary>
    public Instrument(in DefineInstrument definition, in DefineAsset quote)
    {
        _terms = definition;
        Symbol = definition.Symbol.Span.ToArray();
        Name = Encoding.ASCII.GetString(Symbol);
        QuoteCode = quote.Code.Span.ToArray();
        QuoteDecimals = quote.Decimals;
    }

    /// <summary>Number of the instrument, from 1.</summary>
    public int Id => _terms.Instrument;

    /// <summary>True when its day ends, so that an order for the day is not good till cancel.</summary>
    public bool HasDays { get; internal set; }

    /// <summary>Tick, lot, limits and fees.</summary>
    public ref readonly DefineInstrument Terms => ref _terms;

    /// <summary>Symbol(55).</summary>
    public byte[] Symbol { get; }

    /// <summary>Symbol(55) as text.</summary>
    public string Name { get; }

    /// <summary>Code of the asset that prices and fees are in.</summary>
    public byte[] QuoteCode { get; }

    /// <summary>One quote unit is 10^QuoteDecimals atoms.</summary>
    public int QuoteDecimals { get; }

    /// <summary>Price(44) to ticks. A price that is no whole number of ticks, or too large, sets a flag and gives 0.</summary>
    public long ToTicks(long mantissa, int decimals, ref OrderFlags flags) =>
        ToUnits(mantissa, decimals, _terms.TickMantissa, _terms.TickDecimals, OrderFlags.PriceOffTick, OrderFlags.PriceTooLarge, ref flags);

    /// <summary>OrderQty(38) to lots. A quantity that is no whole number of lots, or too large, sets a flag and gives 0.</summary>
    public long ToLots(long mantissa, int decimals, ref OrderFlags flags) =>
        ToUnits(mantissa, decimals, _terms.LotMantissa, _terms.LotDecimals, OrderFlags.QuantityOffLot, OrderFlags.QuantityTooLarge, ref flags);

    /// <summary>mantissa / 10^decimals in units of unitMantissa / 10^unitDecimals, exactly or not at all.</summary>
    private static long ToUnits(long mantissa, int decimals, long unitMantissa, int unitDecimals, OrderFlags off, OrderFlags tooLarge, ref OrderFlags flags)
    {
        Int128 scaled = mantissa;
        if (decimals <= unitDecimals)
        {
            scaled *= PowersOfTen[unitDecimals - decimals];
        }
        else
        {
            // Beyond 18 digits every non-zero long leaves a remainder.
            var excess = decimals - unitDecimals;
            if (excess >= PowersOfTen.Length ? mantissa != 0 : mantissa % PowersOfTen[excess] != 0)
            {
                flags |= off;
                return 0;
            }
            if (excess < PowersOfTen.Length) scaled /= PowersOfTen[excess];
        }
        if (unitMantissa != 1)
        {
            if (scaled % unitMantissa != 0)
            {
                flags |= off;
                return 0;
            }
            scaled /= unitMantissa;
        }
        if (scaled > long.MaxValue || scaled < long.MinValue)
        {
            flags |= tooLarge;
            return 0;
        }
        return (long)scaled;
    }

    private static long[] MakePowersOfTen()
    {
        var powers = new long[19];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++) powers[i] = powers[i - 1] * 10;
        return powers;
    }

    /// <summary>Digits that AvgPx(6) has beyond the tick's own.</summary>
    private const int AverageExtraDecimals = 8;

    /// <summary>The mean price of all fills, rounded half up to eight digits beyond the tick's, as mantissa and decimals.</summary>
    public (Int128 Mantissa, int Decimals) Average(UInt128 cumTickLots, long cumLots)
    {
        if (cumLots == 0) return (0, 0);
        var quotient = cumTickLots / (ulong)cumLots;
        var remainder = (ulong)(cumTickLots - quotient * (ulong)cumLots);
        var decimals = _terms.TickDecimals;
        if (remainder == 0) return ((Int128)quotient * _terms.TickMantissa, decimals);

        var fraction = ((UInt128)remainder * (ulong)PowersOfTen[AverageExtraDecimals] * (ulong)_terms.TickMantissa * 2 / (ulong)cumLots + 1) / 2;
        var mantissa = (Int128)quotient * _terms.TickMantissa * PowersOfTen[AverageExtraDecimals] + (Int128)fraction;
        decimals += AverageExtraDecimals;
        while (decimals > _terms.TickDecimals && mantissa % 10 == 0)
        {
            mantissa /= 10;
            decimals--;
        }
        return (mantissa, decimals);
    }
}

/// <summary>The venue's instruments by number and by symbol.</summary>
public sealed class Instruments
{
    private readonly List<Instrument> _byId = [];
    private readonly Dictionary<Text16, Instrument> _bySymbol = [];
    private readonly Dictionary<int, DefineAsset> _assets = [];

    /// <summary>All, in the order of their numbers.</summary>
    public IReadOnlyList<Instrument> All => _byId;

    /// <summary>All assets.</summary>
    public IEnumerable<DefineAsset> Assets => _assets.Values;

    /// <summary>The instrument of this number, from 1.</summary>
    public Instrument this[int id] => _byId[id - 1];

    /// <summary>The instrument of this Symbol(55); null when there is none.</summary>
    public Instrument? Find(ReadOnlySpan<byte> symbol) =>
        Text16.TryFrom(symbol, out var text) && _bySymbol.TryGetValue(text, out var found) ? found : null;

    /// <summary>Defines the same in another.</summary>
    internal void CopyTo(Instruments other)
    {
        foreach (var asset in _assets.Values) other.Define(asset);
        foreach (var instrument in _byId)
        {
            other.Define(instrument.Terms);
            other[instrument.Id].HasDays = instrument.HasDays;
        }
    }

    /// <summary>The engine has taken this asset.</summary>
    public void Define(in DefineAsset definition) => _assets[definition.Asset] = definition;

    /// <summary>The engine has taken this definition, new or changed.</summary>
    public void Define(in DefineInstrument definition)
    {
        var instrument = new Instrument(definition, _assets[definition.QuoteAsset]);
        instrument.HasDays = definition.Instrument <= _byId.Count && _byId[definition.Instrument - 1].HasDays;
        if (definition.Instrument <= _byId.Count) _byId[definition.Instrument - 1] = instrument;
        else _byId.Add(instrument);
        _bySymbol[definition.Symbol] = instrument;
    }

    /// <summary>The engine trades this instrument so from now on.</summary>
    public void Define(in DefineTrading definition) => _byId[definition.Instrument - 1].HasDays = definition.DayEnd != 0;
}
