using System.Runtime.InteropServices;
using Venue.Engine;
using Venue.Messages;

namespace Venue.Tests.Engine;

internal sealed class DefinitionTests
{
    private static readonly DefineInstrument Good = new()
    {
        Instrument = 1, BaseAsset = 2, QuoteAsset = 1, TickMantissa = 5, TickDecimals = 2, LotMantissa = 2, LotDecimals = 3,
        MakerFeePpm = 100, TakerFeePpm = 200, BandPpm = 1000, MinLots = 1, MaxLots = 1000, MaxPriceTicks = 10_000, ReferenceTicks = 100,
        // 0.002 of an asset with 8 decimals; 0.05 * 0.002 of one with 6.
        LotAtoms = 200_000, TickLotAtoms = 100, Symbol = Text16.From("BTC-USD"),
    };

    private readonly EventLog _log = new();
    private Commands _commands = null!;
    private VenueEngine<Recorder> _engine = null!;

    [SetUp]
    public void Two_assets_and_a_firm()
    {
        _commands = new Commands();
        _engine = new VenueEngine<Recorder>(Script.Small, _log.Recorder);
        Assert.That(Apply(_commands.Asset(1, "USD", 6)), Is.EqualTo(EventType.AssetDefined));
        Assert.That(Apply(_commands.Asset(2, "BTC", 8)), Is.EqualTo(EventType.AssetDefined));
        Assert.That(Apply(_commands.Firm(1, "alice")), Is.EqualTo(EventType.FirmDefined));
        Assert.That(Apply(_commands.Session(1, 1, "ALICE")), Is.EqualTo(EventType.SessionDefined));
    }

    [Test]
    public void The_same_again_is_accepted_and_changes_nothing()
    {
        Apply(_commands.Instrument(Good));
        var balances = _engine.Balance(1, 1);
        Assert.That(Apply(_commands.Asset(1, "USD", 6)), Is.EqualTo(EventType.AssetDefined));
        Assert.That(Apply(_commands.Firm(1, "alice")), Is.EqualTo(EventType.FirmDefined));
        Assert.That(Apply(_commands.Session(1, 1, "ALICE")), Is.EqualTo(EventType.SessionDefined));
        Assert.That(Apply(_commands.Instrument(Good)), Is.EqualTo(EventType.InstrumentDefined));
        Assert.That(_engine.Balance(1, 1), Is.EqualTo(balances));
        Assert.That(Apply(_commands.Asset(3, "ETH", 18)), Is.EqualTo(EventType.AssetDefined), "the next number is still 3");
    }

    [Test]
    public void A_contradiction_is_refused()
    {
        Assert.That(Apply(_commands.Asset(1, "USD", 7)), Is.EqualTo(EventType.Refused), "other decimals");
        Assert.That(Apply(_commands.Asset(1, "EUR", 6)), Is.EqualTo(EventType.Refused), "other code");
        Assert.That(Apply(_commands.Asset(3, "USD", 6)), Is.EqualTo(EventType.Refused), "code taken");
        Assert.That(Apply(_commands.Asset(4, "ETH", 18)), Is.EqualTo(EventType.Refused), "not the next number");
        Assert.That(Apply(_commands.Asset(0, "ETH", 18)), Is.EqualTo(EventType.Refused), "no number");
        Assert.That(Apply(_commands.Asset(3, "ETH", 19)), Is.EqualTo(EventType.Refused), "decimals");
        Assert.That(Apply(_commands.Firm(1, "bob")), Is.EqualTo(EventType.Refused), "other name");
        Assert.That(Apply(_commands.Firm(3, "bob")), Is.EqualTo(EventType.Refused), "not the next number");
        Assert.That(Apply(_commands.Session(1, 0, "ALICE")), Is.EqualTo(EventType.Refused), "other firm");
        Assert.That(Apply(_commands.Session(2, 2, "BOB")), Is.EqualTo(EventType.Refused), "unknown firm");
        Assert.That(Apply(_commands.Credit(2, 1, 5, "k")), Is.EqualTo(EventType.Refused), "unknown firm");
        Assert.That(Apply(_commands.Credit(1, 3, 5, "k")), Is.EqualTo(EventType.Refused), "unknown asset");
        Assert.That(Apply(_commands.Credit(1, 1, 5, "")), Is.EqualTo(EventType.Refused), "no key");
        var refused = MemoryMarshal.Read<Refused>(_log.Bytes);
        Assert.That((refused.CommandType, refused.Reason), Is.EqualTo((CommandType.Credit, Reason.Contradiction)));
    }

    private static IEnumerable<TestCaseData> Unsound()
    {
        static TestCaseData Case(string name, Func<DefineInstrument, DefineInstrument> change) => new TestCaseData(change(Good)).SetName("Unsound: " + name);
        yield return Case("not the next number", d => d with { Instrument = 2 });
        yield return Case("unknown base", d => d with { BaseAsset = 3 });
        yield return Case("unknown quote", d => d with { QuoteAsset = 0 });
        yield return Case("base is quote", d => d with { QuoteAsset = 2 });
        yield return Case("no symbol", d => d with { Symbol = default });
        yield return Case("tick of nothing", d => d with { TickMantissa = 0 });
        yield return Case("lot decimals", d => d with { LotDecimals = 19 });
        yield return Case("lot below one atom", d => d with { LotDecimals = 9 });
        yield return Case("wrong lot atoms", d => d with { LotAtoms = 200_001 });
        yield return Case("wrong tick-lot atoms", d => d with { TickLotAtoms = 101 });
        yield return Case("tick-lot of a fraction of an atom", d => d with { TickDecimals = 5, TickLotAtoms = 1 });
        yield return Case("maker fee of all", d => d with { MakerFeePpm = 1_000_000 });
        yield return Case("negative taker fee", d => d with { TakerFeePpm = -1 });
        yield return Case("negative band", d => d with { BandPpm = -1 });
        yield return Case("smallest order of nothing", d => d with { MinLots = 0 });
        yield return Case("smallest above largest", d => d with { MinLots = 1001 });
        yield return Case("largest order", d => d with { MaxLots = (1L << 40) + 1 });
        yield return Case("highest price", d => d with { MaxPriceTicks = (1 << 28) + 1 });
        yield return Case("reference above highest price", d => d with { ReferenceTicks = 10_001 });
        // 2^40 * 2^28 * 5e15 is more than 2^110.
        yield return Case("notional", d => d with { MaxLots = 1L << 40, MaxPriceTicks = 1 << 28, TickMantissa = 250_000_000_000_000_000, TickDecimals = 2, TickLotAtoms = 5_000_000_000_000_000_000 });
    }

    [TestCaseSource(nameof(Unsound))]
    public void An_unsound_instrument_is_refused(DefineInstrument definition)
    {
        Assert.That(Apply(_commands.Instrument(definition)), Is.EqualTo(EventType.Refused));
        Assert.That(Apply(_commands.Instrument(Good)), Is.EqualTo(EventType.InstrumentDefined));
    }

    [Test]
    public void Limits_fees_and_band_may_change_but_units_may_not()
    {
        Apply(_commands.Instrument(Good));
        Assert.That(Apply(_commands.Instrument(Good with { MakerFeePpm = 5, MaxLots = 5, MaxPriceTicks = 1 << 28, BandPpm = 0 })), Is.EqualTo(EventType.InstrumentDefined));
        Assert.That(Apply(_commands.Instrument(Good with { TickMantissa = 50, TickDecimals = 3 })), Is.EqualTo(EventType.Refused), "written otherwise");
        Assert.That(Apply(_commands.Instrument(Good with { Symbol = Text16.From("BTC/USD") })), Is.EqualTo(EventType.Refused), "other symbol");
        Assert.That(Apply(_commands.Instrument(Good with { BaseAsset = 1, QuoteAsset = 2 })), Is.EqualTo(EventType.Refused), "turned round");
        Assert.That(Apply(_commands.Instrument(Good with { Instrument = 2 })), Is.EqualTo(EventType.Refused), "symbol taken");
    }

    [Test]
    public void Limits_that_were_never_valid_together_are_still_refused()
    {
        // 5e18 atoms a tick-lot: 2^40 lots at 2^7 ticks fit, so do 2^10 lots at 2^28, but orders of both could meet.
        var expensive = Good with { TickMantissa = 250_000_000_000_000_000, TickLotAtoms = 5_000_000_000_000_000_000, MaxLots = 1L << 40, MaxPriceTicks = 128 };
        Assert.That(Apply(_commands.Instrument(expensive)), Is.EqualTo(EventType.InstrumentDefined));
        Assert.That(Apply(_commands.Instrument(expensive with { MaxLots = 1 << 10, MaxPriceTicks = 1 << 28 })), Is.EqualTo(EventType.Refused));
    }

    [Test]
    public void Bytes_that_are_no_journal_of_ours_stop_the_engine()
    {
        Assert.That(() => _engine.Apply(new byte[10]), Throws.InvalidOperationException);
        var gap = _commands.Asset(3, "ETH", 18).ToArray();
        Command.Header(gap.AsSpan()).Seq += 1;
        Assert.That(() => _engine.Apply(gap), Throws.InvalidOperationException.With.Message.EqualTo("Command 6 after 4"));
        Command.Header(gap.AsSpan()).Seq -= 1;
        Command.Header(gap.AsSpan()).TimeNs = 1;
        Assert.That(() => _engine.Apply(gap), Throws.InvalidOperationException);
        Command.Header(gap.AsSpan()).TimeNs = 5000;
        Command.Header(gap.AsSpan()).Version = 2;
        Assert.That(() => _engine.Apply(gap), Throws.InvalidOperationException);
        Command.Header(gap.AsSpan()).Version = 1;
        _engine.Apply(gap);
        Assert.That(_engine.LastSeq, Is.EqualTo(5));
        Assert.That(_engine.Count(CommandType.DefineAsset), Is.EqualTo(3));
    }

    private EventType Apply(ReadOnlySpan<byte> command)
    {
        _log.Clear();
        _engine.Apply(command);
        return MemoryMarshal.Read<EventHeader>(_log.Bytes).Type;
    }
}
