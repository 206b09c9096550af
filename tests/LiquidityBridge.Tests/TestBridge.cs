namespace LiquidityBridge.Tests;

/// <summary>Instruments and options of the core's tests: whole prices and quantities, so that tables can be read.</summary>
internal static class TestBridge
{
    public const long SecondNs = 1_000_000_000;
    public const long StartNs = 1000 * SecondNs;

    public static Instrument Instrument(int markupPpm = 1000, int skewPpm = 0, long size = 10, int depthPercent = 50, long band = 0, int slippagePpm = 5000, long venueLot = 1, long lot = 1, long min = 1, int feeB = 1000) =>
        new(0, "BTC-USD", "BTC", "USD", 0, 0)
        {
            VenueTick = 1, VenueLot = venueLot, VenueMin = 1,
            Quoting = new QuoteTerms { MarkupPpm = markupPpm, SkewPpm = skewPpm, Size = size, DepthPercent = depthPercent, RequoteTicks = 2 },
            Hedging = new HedgeTerms { Band = band, SlippagePpm = slippagePpm, SlippageStepPpm = 5000, AttemptsMax = 3, PauseNs = 30 * SecondNs },
            Markets =
            [
                new Market { Exchange = 0, Symbol = "BTC/USD", Tick = 1, Lot = lot, Min = min, TakerFeePpm = 0 },
                new Market { Exchange = 1, Symbol = "BTC-USD", Tick = 1, Lot = lot, Min = min, TakerFeePpm = feeB },
            ],
        };

    public static BridgeOptions Options(Instrument instrument, long soft = 50, long hard = 100, long drawdown = 1_000_000) => new()
    {
        Firm = "HOUSE", Exchanges = ["A", "B"], Instruments = [instrument],
        Limits = [new AssetLimit("BTC", instrument.BaseAtoms(soft), instrument.BaseAtoms(hard))],
        DrawdownMaxAtoms = instrument.Notional(1, drawdown), QuotesPerSecond = 1000, HedgesPerSecond = 1000,
    };

    /// <summary>What the feed tells before any fill: asset 1 has 8 decimals, instrument 1 ticks and lots of one, firm 7 is ours.</summary>
    public static IEnumerable<Record> Definitions(long nowNs) =>
    [
        new VenueAssetDefined { NowNs = nowNs, Asset = 1, Code = "USD", Decimals = 8 },
        new VenueInstrumentDefined { NowNs = nowNs, Number = 1, Symbol = "BTC-USD", QuoteAsset = 1, TickMantissa = 1, TickDecimals = 0, LotMantissa = 1, LotDecimals = 0 },
        new VenueFirmDefined { NowNs = nowNs, Firm = 7, Name = "HOUSE" },
    ];
}
