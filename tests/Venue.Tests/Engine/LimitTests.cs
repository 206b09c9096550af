using Venue.Engine;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Limits that operators set: each with its reason, in the README's order, by firm, session and instrument, while orders come.</summary>
internal sealed class LimitTests
{
    /// <summary>One order with every fault from its size to its position; each row lifts the limit that was in the way.</summary>
    [Test]
    public void Limits_are_asked_in_the_written_order() => Script.Run("""
        instrument ref 100
        firm alice USD 1000 X 100
        firm bob USD 1000 X 100
        bob buy b1 1@100
        bob sell b2 1@102
        alice buy a0 1@80
        => alice New a0 1@80 New 0+1
        => level buy 1@80
        limits of alice on X-USD min 30 max 20 minnotional 9000 maxnotional 100 fatfinger 50000 collar 50000 orders 1 rate 1 per 60 repeat 60 position 5
        => done DefineLimits
        alice buy a1 25@200
        => alice Rejected a1 25@200 Rejected 0+0 QuantityTooSmall
        limits of alice on X-USD max 20 minnotional 9000 maxnotional 100 fatfinger 50000 collar 50000 orders 1 rate 1 per 60 repeat 60 position 5
        => done DefineLimits
        alice buy a2 25@200
        => alice Rejected a2 25@200 Rejected 0+0 QuantityTooLarge
        limits of alice on X-USD minnotional 9000 maxnotional 100 fatfinger 50000 collar 50000 orders 1 rate 1 per 60 repeat 60 position 5
        => done DefineLimits
        alice buy a3 25@200
        => alice Rejected a3 25@200 Rejected 0+0 NotionalTooSmall
        limits of alice on X-USD maxnotional 100 fatfinger 50000 collar 50000 orders 1 rate 1 per 60 repeat 60 position 5
        => done DefineLimits
        alice buy a4 25@200
        => alice Rejected a4 25@200 Rejected 0+0 NotionalTooLarge
        limits of alice on X-USD fatfinger 50000 collar 50000 orders 1 rate 1 per 60 repeat 60 position 5
        => done DefineLimits
        alice buy a5 25@200
        => alice Rejected a5 25@200 Rejected 0+0 FatFinger
        limits of alice on X-USD collar 50000 orders 1 rate 1 per 60 repeat 60 position 5
        => done DefineLimits
        alice buy a6 25@200
        => alice Rejected a6 25@200 Rejected 0+0 PriceCollar
        limits of alice on X-USD orders 1 rate 1 per 60 repeat 60 position 5
        => done DefineLimits
        alice buy a7 25@200
        => alice Rejected a7 25@200 Rejected 0+0 TooManyOrders
        limits of alice on X-USD rate 2 per 60 repeat 60 position 900
        => done DefineLimits
        alice sell a8 25@200
        => alice New a8 25@200 New 0+25
        => level sell 25@200
        alice sell a9 26@200
        => alice New a9 26@200 New 0+26
        => level sell 51@200
        alice sell a10 25@200
        => alice Rejected a10 25@200 Rejected 0+0 RateExceeded
        limits of alice on X-USD repeat 60 position 80
        => done DefineLimits
        alice sell a11 25@201
        => alice New a11 25@201 New 0+25
        => level sell 25@201
        alice sell a12 25@201
        => alice Rejected a12 25@201 Rejected 0+0 RepeatedOrder
        alice sell a13 90@200
        => alice Rejected a13 90@200 Rejected 0+0 InsufficientBalance
        alice sell a14 5@200
        => alice Rejected a14 5@200 Rejected 0+0 PositionLimit
        kill firm alice
        => alice Canceled a0 1@80 Canceled 0+0 Killed
        => alice Canceled a8 25@200 Canceled 0+0 Killed
        => alice Canceled a9 26@200 Canceled 0+0 Killed
        => alice Canceled a11 25@201 Canceled 0+0 Killed
        => level buy 0@80
        => level sell 0@200
        => level sell 0@201
        => firm 1 killed
        alice sell a15 81@200
        => alice Rejected a15 81@200 Rejected 0+0 PositionLimit
        alice sell a16 5@200
        => alice Rejected a16 5@200 Rejected 0+0 Killed
        """.Replace("bob buy b1 1@100", "bob buy b1 1@100\n=> bob New b1 1@100 New 0+1\n=> level buy 1@100").Replace("bob sell b2 1@102", "bob sell b2 1@102\n=> bob New b2 1@102 New 0+1\n=> level sell 1@102"));

    [Test]
    public void Session_phase_tick_and_lot_come_before_every_limit() => Script.Run("""
        instrument ref 100 top 500
        firm alice USD 1000
        session watcher of house
        limits minnotional 1 X-USD rate 1 per 60
        => done DefineLimits
        alice buy a1 1@100
        => alice New a1 1@100 New 0+1
        => level buy 1@100
        phase halt
        => phase Halt after Continuous
        watcher buy w1 0@900
        => watcher Rejected w1 0@900 Rejected 0+0 UnknownSession
        alice buy a1 0@900
        => alice Rejected a1 0@900 Rejected 0+0 DuplicateClOrdID
        alice buy a2 0@900
        => alice Rejected a2 0@900 Rejected 0+0 Phase
        alice replace r1 a1 0@900
        => alice ReplaceReject r1 of a1 New Phase
        phase continuous
        => phase Continuous after Halt
        alice buy a3 0@900
        => alice Rejected a3 0@900 Rejected 0+0 PriceOutOfRange
        alice buy a4 0@500
        => alice Rejected a4 0@500 Rejected 0+0 QuantityTooSmall
        alice buy a5 1@500
        => alice Rejected a5 1@500 Rejected 0+0 RateExceeded
        alice buy a6 9@500
        => alice Rejected a6 9@500 Rejected 0+0 RateExceeded
        limits X-USD
        => done DefineLimits
        alice buy a7 9@500
        => alice Rejected a7 9@500 Rejected 0+0 InsufficientBalance
        """);

    [Test]
    public void A_limit_covers_its_firm_session_or_instrument_and_the_tightest_holds() => Script.Run("""
        firm alice USD 1000
        session desk of alice
        firm bob USD 1000
        limits of alice orders 3
        => done DefineLimits
        limits session desk orders 1
        => done DefineLimits
        limits of alice on X-USD max 5
        => done DefineLimits
        limits X-USD max 8
        => done DefineLimits
        desk buy d1 1@10
        => desk New d1 1@10 New 0+1
        => level buy 1@10
        desk buy d2 1@10
        => desk Rejected d2 1@10 Rejected 0+0 TooManyOrders
        alice buy a1 1@10
        => alice New a1 1@10 New 0+1
        => level buy 2@10
        alice buy a2 6@10
        => alice Rejected a2 6@10 Rejected 0+0 QuantityTooLarge
        bob buy b1 6@10
        => bob New b1 6@10 New 0+6
        => level buy 8@10
        bob buy b2 9@10
        => bob Rejected b2 9@10 Rejected 0+0 QuantityTooLarge
        alice buy a3 1@10
        => alice New a3 1@10 New 0+1
        => level buy 9@10
        alice buy a4 1@10
        => alice Rejected a4 1@10 Rejected 0+0 TooManyOrders
        alice cancel c1 a3
        => alice Canceled c1 of a3 1@10 Canceled 0+0 ClientRequest
        => level buy 8@10
        alice buy a5 1@10
        => alice New a5 1@10 New 0+1
        => level buy 9@10
        """);

    [Test]
    public void Rates_and_repetitions_are_counted_by_the_commands_time() => Script.Run("""
        firm alice USD 1000
        limits of alice rate 2 per 10 repeat 5
        => done DefineLimits
        time 100
        alice buy a1 1@10
        => alice New a1 1@10 New 0+1
        => level buy 1@10
        alice buy a2 1@10
        => alice Rejected a2 1@10 Rejected 0+0 RepeatedOrder
        alice buy a3 2@10
        => alice New a3 2@10 New 0+2
        => level buy 3@10
        alice replace r1 a3 3@10
        => alice ReplaceReject r1 of a3 New RateExceeded
        alice replace r2 a3 1@10
        => alice Replaced r2 of a3 1@10 New 0+1
        => level buy 2@10
        time 106
        alice buy a4 1@10
        => alice Rejected a4 1@10 Rejected 0+0 RateExceeded
        time 111
        alice buy a5 1@10
        => alice New a5 1@10 New 0+1
        => level buy 3@10
        """);

    [Test]
    public void Fat_fingers_are_on_the_wrong_side_alone_and_a_collar_on_both() => Script.Run("""
        instrument ref 100
        firm alice USD 100000 X 1000
        limits X-USD fatfinger 50000
        => done DefineLimits
        alice buy a1 1@106
        => alice Rejected a1 1@106 Rejected 0+0 FatFinger
        alice sell a2 1@94
        => alice Rejected a2 1@94 Rejected 0+0 FatFinger
        alice buy a3 1@90
        => alice New a3 1@90 New 0+1
        => level buy 1@90
        alice sell a4 1@110
        => alice New a4 1@110 New 0+1
        => level sell 1@110
        limits X-USD collar 50000
        => done DefineLimits
        alice buy a5 1@94
        => alice Rejected a5 1@94 Rejected 0+0 PriceCollar
        alice buy a6 1@95
        => alice New a6 1@95 New 0+1
        => level buy 1@95
        alice sell a7 1@108
        => alice Rejected a7 1@108 Rejected 0+0 PriceCollar
        alice replace r1 a6 1@90
        => alice ReplaceReject r1 of a6 New PriceCollar
        alice sell a8 1 stop 50
        => alice New a8 1 New 0+1
        """);

    [Test]
    public void A_position_counts_with_all_that_is_open_on_its_side() => Script.Run("""
        firm alice USD 1000 X 100
        firm bob USD 1000 X 100
        limits of alice on X-USD position 5
        => done DefineLimits
        bob sell b1 4@10
        => bob New b1 4@10 New 0+4
        => level sell 4@10
        alice buy a1 4@10
        => alice New a1 4@10 New 0+4
        => bob Trade b1 4@10 fills 4@10 maker fee 0 trade 1 Filled 4+0
        => alice Trade a1 4@10 fills 4@10 taker fee 0 trade 1 Filled 4+0
        => trade 1 buy 4@10
        => level sell 0@10
        alice buy a2 2@10
        => alice Rejected a2 2@10 Rejected 0+0 PositionLimit
        alice buy a3 1@10
        => alice New a3 1@10 New 0+1
        => level buy 1@10
        alice buy a4 1@10 ioc
        => alice Rejected a4 1@10 Rejected 0+0 PositionLimit
        alice replace r1 a3 2@10
        => alice ReplaceReject r1 of a3 New PositionLimit
        alice sell a5 9@11
        => alice New a5 9@11 New 0+9
        => level sell 9@11
        alice sell a6 1@11
        => alice Rejected a6 1@11 Rejected 0+0 PositionLimit
        """);

    [TestCase(9, 0, 0), TestCase(0, 9, 0), TestCase(0, 0, 9), TestCase(-1, 0, 0)]
    public void Limits_of_what_is_not_there_are_refused(int firm, int session, int instrument) =>
        Refused((ref DefineLimits c) => (c.Firm, c.LimitedSession, c.Instrument, c.OpenOrdersMax) = (firm, session, instrument, 1));

    [Test]
    public void Limits_that_make_no_sense_are_refused()
    {
        Refused((ref DefineLimits c) => c.MaxLots = 1);
        Refused((ref DefineLimits c) => c.MinNotional = new Amount(1));
        Refused((ref DefineLimits c) => (c.Instrument, c.PositionMaxLots) = (1, 5));
        Refused((ref DefineLimits c) => (c.Firm, c.PositionMaxLots) = (1, 5));
        Refused((ref DefineLimits c) => (c.Firm, c.Instrument, c.LimitedSession, c.PositionMaxLots) = (1, 1, 1, 5));
        Refused((ref DefineLimits c) => c.RateMax = 5);
        Refused((ref DefineLimits c) => c.RateWindowNs = 5);
        Refused((ref DefineLimits c) => (c.RateMax, c.RateWindowNs) = (65_537, 5));
        Refused((ref DefineLimits c) => c.CollarPpm = -1);
        Refused((ref DefineLimits c) => (c.Instrument, c.MaxNotional) = (1, new Amount(-1)));
    }

    private delegate void Change(ref DefineLimits command);

    private static void Refused(Change change)
    {
        var log = new EventLog();
        var commands = new Commands();
        var engine = new VenueEngine<Recorder>(Script.Small, log.Recorder);
        engine.Apply(commands.Asset(1, "USD", 0));
        engine.Apply(commands.Asset(2, "X", 0));
        engine.Apply(commands.Instrument(new DefineInstrument
        {
            Instrument = 1, BaseAsset = 2, QuoteAsset = 1, TickMantissa = 1, LotMantissa = 1, LotAtoms = 1, TickLotAtoms = 1, MinLots = 1, MaxLots = 9, MaxPriceTicks = 9, Symbol = Text16.From("X-USD"),
        }));
        engine.Apply(commands.Firm(1, "alice"));
        engine.Apply(commands.Session(1, 1, "alice"));
        log.Clear();
        ref var c = ref commands.Begin<DefineLimits>(CommandType.DefineLimits, 0);
        change(ref c);
        engine.Apply(Commands.Whole(in c));
        Assert.That(EventText.Lines(log.Bytes.ToArray(), _ => ""), Is.EqualTo(new[] { "refused DefineLimits Contradiction" }));
    }
}
