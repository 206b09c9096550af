namespace LiquidityBridge;

/// <summary>The venue's numbers for assets, instruments and firms, and what its ticks, lots and atoms are on our grids.</summary>
public sealed class VenueTerms(BridgeOptions options)
{
    private readonly SortedDictionary<int, VenueAssetDefined> _assets = [];
    private readonly SortedDictionary<int, VenueInstrumentDefined> _allInstruments = [];
    private readonly SortedDictionary<int, VenueFirmDefined> _firms = [];
    private readonly Dictionary<int, (VenueInstrumentDefined Terms, Instrument Instrument)> _instruments = [];

    private readonly int[] _numbers = new int[options.Instruments.Count];

    /// <summary>The venue's number of our firm; 0 until the feed has told it.</summary>
    public int Firm { get; private set; }

    /// <summary>All that was defined, ours or not: another configuration may want it, and the feed does not tell it again.</summary>
    public IEnumerable<Record> Definitions => [.. _assets.Values, .. _allInstruments.Values, .. _firms.Values];

    /// <summary>An asset.</summary>
    public void On(VenueAssetDefined defined) => _assets[defined.Asset] = defined;

    /// <summary>A firm.</summary>
    public void On(VenueFirmDefined defined)
    {
        _firms[defined.Firm] = defined;
        if (defined.Name == options.Firm) Firm = defined.Firm;
    }

    /// <summary>An instrument; what is wrong with it, or null. Those that we do not quote are of no interest.</summary>
    public string? On(VenueInstrumentDefined defined)
    {
        _allInstruments[defined.Number] = defined;
        if (options.Instruments.FirstOrDefault(i => i.Symbol == defined.Symbol) is not { } instrument) return null;
        _instruments[defined.Number] = (defined, instrument);
        _numbers[instrument.Id] = defined.Number;
        if (!instrument.TryPrice(defined.TickMantissa, defined.TickDecimals, out var tick) || tick != instrument.VenueTick)
            return $"{defined.Symbol}: the venue's tick is {defined.TickMantissa}/10^{defined.TickDecimals}, not as configured";
        if (!instrument.TryQuantity(defined.LotMantissa, defined.LotDecimals, out var lot) || lot != instrument.VenueLot)
            return $"{defined.Symbol}: the venue's lot is {defined.LotMantissa}/10^{defined.LotDecimals}, not as configured";
        return null;
    }

    /// <summary>The instrument of this number; null when it is not one of ours.</summary>
    public Instrument? Find(int number) => _instruments.TryGetValue(number, out var found) ? found.Instrument : null;

    /// <summary>The venue's number of one of our instruments; 0 until the feed has told it.</summary>
    public int NumberOf(Instrument instrument) => _numbers[instrument.Id];

    /// <summary>The venue's atoms of the instrument's quote asset in ours.</summary>
    public Int128 QuoteAtoms(int number, Int128 venueAtoms) =>
        venueAtoms * Instrument.Power(Instrument.AmountDecimals - _assets[_instruments[number].Terms.QuoteAsset].Decimals);
}
