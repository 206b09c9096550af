namespace Venue.Tests.Engine;

/// <summary>Phases: what each takes, what moving between them does, bands that stop a trade.</summary>
internal sealed class PhaseTests
{
    private const string Firms = """
        instrument ref 100 top 10000
        firm alice USD 100000 X 100
        firm bob USD 100000 X 100

        """;

    [Test]
    public void Before_the_open_orders_rest_crossed_and_one_price_is_made_of_them() => Script.Run(Firms + """
        phase preopen
        => phase PreOpen after Continuous
        alice buy a1 10@102
        => alice New a1 10@102 New 0+10
        => level buy 10@102
        bob sell b1 4@99
        => bob New b1 4@99 New 0+4
        => level sell 4@99
        => indicative 4@102 surplus 6/0
        bob sell b2 6@101
        => bob New b2 6@101 New 0+6
        => level sell 6@101
        => indicative 10@101 surplus 0/0
        bob sell b3 2@103
        => bob New b3 2@103 New 0+2
        => level sell 2@103
        phase continuous
        => alice Trade a1 10@102 fills 4@101 auction fee 0 trade 1 PartiallyFilled 4+6
        => bob Trade b1 4@99 fills 4@101 auction fee 0 trade 1 Filled 4+0
        => trade 1 auction 4@101
        => alice Trade a1 10@102 fills 6@101 auction fee 0 trade 2 Filled 10+0
        => bob Trade b2 6@101 fills 6@101 auction fee 0 trade 2 Filled 6+0
        => trade 2 auction 6@101
        => phase Continuous after PreOpen
        => level buy 0@102
        => level sell 0@99
        => level sell 0@101
        alice balance USD
        => 98990 + 0 held
        """);

    [Test]
    public void Orders_for_the_opening_are_gone_after_it() => Script.Run(Firms + """
        alice buy a1 1@100 opening
        => alice Rejected a1 1@100 Rejected 0+0 Phase
        phase preopen
        => phase PreOpen after Continuous
        alice buy a2 5@100 opening
        => alice New a2 5@100 New 0+5
        => level buy 5@100
        alice buy a3 2 market opening
        => alice New a3 2 New 0+2
        => level buy 2@10000
        bob sell b1 3@100
        => bob New b1 3@100 New 0+3
        => level sell 3@100
        => indicative 3@100 surplus 4/0
        phase continuous
        => alice Trade a3 2 fills 2@100 auction fee 0 trade 1 Filled 2+0
        => bob Trade b1 3@100 fills 2@100 auction fee 0 trade 1 PartiallyFilled 2+1
        => trade 1 auction 2@100
        => alice Trade a2 5@100 fills 1@100 auction fee 0 trade 2 PartiallyFilled 1+4
        => bob Trade b1 3@100 fills 1@100 auction fee 0 trade 2 Filled 3+0
        => trade 2 auction 1@100
        => alice Expired a2 5@100 Expired 1+0 Expired
        => phase Continuous after PreOpen
        => level buy 0@10000
        => level sell 0@100
        => level buy 0@100
        """);

    [Test]
    public void Orders_for_the_close_wait_for_it() => Script.Run(Firms + """
        alice buy a1 5@101 closing
        => alice New a1 5@101 New 0+5
        bob sell b1 3@100
        => bob New b1 3@100 New 0+3
        => level sell 3@100
        phase close
        => phase CloseAuction after Continuous
        => level buy 5@101
        => indicative 3@101 surplus 2/0
        bob sell b2 1 market closing
        => bob New b2 1 New 0+1
        => level sell 1@1
        => indicative 4@101 surplus 1/0
        phase closed
        => alice Trade a1 5@101 fills 1@101 auction fee 0 trade 1 PartiallyFilled 1+4
        => bob Trade b2 1 fills 1@101 auction fee 0 trade 1 Filled 1+0
        => trade 1 auction 1@101
        => alice Trade a1 5@101 fills 3@101 auction fee 0 trade 2 PartiallyFilled 4+1
        => bob Trade b1 3@100 fills 3@101 auction fee 0 trade 2 Filled 3+0
        => trade 2 auction 3@101
        => alice Expired a1 5@101 Expired 4+0 Expired
        => phase Closed after CloseAuction
        => level buy 0@101
        => level sell 0@1
        => level sell 0@100
        alice buy a2 1@100
        => alice Rejected a2 1@100 Rejected 0+0 Phase
        """);

    [Test]
    public void While_nothing_matches_orders_that_must_are_refused() => Script.Run(Firms + """
        phase volatility
        => phase VolatilityAuction after Continuous
        alice buy a1 1@100 ioc
        => alice Rejected a1 1@100 Rejected 0+0 Phase
        alice buy a2 1@100 fok
        => alice Rejected a2 1@100 Rejected 0+0 Phase
        alice buy a3 1 market
        => alice Rejected a3 1 Rejected 0+0 Phase
        alice buy a4 5@100 min 1
        => alice Rejected a4 5@100 Rejected 0+0 Phase
        alice buy a5 5@100 post
        => alice Rejected a5 5@100 Rejected 0+0 Phase
        alice buy a6 5@100 opening
        => alice Rejected a6 5@100 Rejected 0+0 Phase
        alice buy a7 5@100 hidden
        => alice New a7 5@100 New 0+5
        """);

    [Test]
    public void A_halt_refuses_all_but_cancels_or_those_too() => Script.Run(Firms + """
        alice buy a1 5@100
        => alice New a1 5@100 New 0+5
        => level buy 5@100
        alice buy a2 5@99
        => alice New a2 5@99 New 0+5
        => level buy 5@99
        phase halt
        => phase Halt after Continuous
        alice buy a3 1@100
        => alice Rejected a3 1@100 Rejected 0+0 Phase
        alice replace r1 a1 4@100
        => alice ReplaceReject r1 of a1 New Phase
        alice cancel c1 a1
        => alice Canceled c1 of a1 5@100 Canceled 0+0 ClientRequest
        => level buy 0@100
        trading refuse 1
        => TradingDefined
        alice cancel c2 a2
        => alice CancelReject c2 of a2 New Phase
        phase cancelonly
        => phase CancelOnly after Halt
        alice buy a4 1@100
        => alice Rejected a4 1@100 Rejected 0+0 Phase
        alice cancel c3 a2
        => alice Canceled c3 of a2 5@99 Canceled 0+0 ClientRequest
        => level buy 0@99
        """);

    [TestCase("ioc"), TestCase("fok"), TestCase("market")]
    public void What_an_order_costs_is_asked_within_the_band_that_it_will_trade_in(string kind) => Script.Run(Firms + $"""
        firm carol USD 0 X 2
        trading dynamic 20000 volatility 60
        => TradingDefined
        bob sell b1 1@104
        => bob New b1 1@104 New 0+1
        => level sell 1@104
        alice buy a1 1@104 ioc
        => alice New a1 1@104 New 0+1
        => bob Trade b1 1@104 fills 1@104 maker fee 0 trade 1 Filled 1+0
        => alice Trade a1 1@104 fills 1@104 taker fee 0 trade 1 Filled 1+0
        => trade 1 buy 1@104
        => level sell 0@104
        alice buy a3 5@101
        => alice New a3 5@101 New 0+5
        => level buy 5@101
        bob sell b2 1@102
        => bob New b2 1@102 New 0+1
        => level sell 1@102
        alice buy a2 1@102 ioc
        => alice New a2 1@102 New 0+1
        => bob Trade b2 1@102 fills 1@102 maker fee 0 trade 2 Filled 1+0
        => alice Trade a2 1@102 fills 1@102 taker fee 0 trade 2 Filled 1+0
        => trade 2 buy 1@102
        => level sell 0@102
        carol sell c1 5{(kind == "market" ? " market" : "@101 " + kind)}
        => carol Rejected c1 5{(kind == "market" ? "" : "@101")} Rejected 0+0 InsufficientBalance
        """);

    [Test]
    public void A_trade_that_would_break_the_dynamic_band_starts_a_volatility_auction() => Script.Run(Firms + """
        trading dynamic 20000 volatility 60
        => TradingDefined
        bob sell b1 1@100
        => bob New b1 1@100 New 0+1
        => level sell 1@100
        alice buy a1 1@100
        => alice New a1 1@100 New 0+1
        => bob Trade b1 1@100 fills 1@100 maker fee 0 trade 1 Filled 1+0
        => alice Trade a1 1@100 fills 1@100 taker fee 0 trade 1 Filled 1+0
        => trade 1 buy 1@100
        => level sell 0@100
        bob sell b2 5@102
        => bob New b2 5@102 New 0+5
        => level sell 5@102
        bob sell b3 5@103
        => bob New b3 5@103 New 0+5
        => level sell 5@103
        time 1000
        alice buy a2 8@103
        => alice New a2 8@103 New 0+8
        => bob Trade b2 5@102 fills 5@102 maker fee 0 trade 2 Filled 5+0
        => alice Trade a2 8@103 fills 5@102 taker fee 0 trade 2 PartiallyFilled 5+3
        => trade 2 buy 5@102
        => phase VolatilityAuction after Continuous until 1060 s
        => level sell 0@102
        => level buy 3@103
        => indicative 3@103 surplus 0/2
        bob sell b4 2@100
        => bob New b4 2@100 New 0+2
        => level sell 2@100
        => indicative 3@103 surplus 0/4
        time 1061
        => alice Trade a2 8@103 fills 2@103 auction fee 0 trade 3 PartiallyFilled 7+1
        => bob Trade b4 2@100 fills 2@103 auction fee 0 trade 3 Filled 2+0
        => trade 3 auction 2@103
        => alice Trade a2 8@103 fills 1@103 auction fee 0 trade 4 Filled 8+0
        => bob Trade b3 5@103 fills 1@103 auction fee 0 trade 4 PartiallyFilled 1+4
        => trade 4 auction 1@103
        => phase Continuous after VolatilityAuction
        => level buy 0@103
        => level sell 0@100
        => level sell 4@103
        """);

    [Test]
    public void The_static_band_lies_around_the_last_auction() => Script.Run(Firms + """
        trading static 50000
        => TradingDefined
        phase preopen
        => phase PreOpen after Continuous
        alice buy a0 1@100
        => alice New a0 1@100 New 0+1
        => level buy 1@100
        bob sell b0 1@100
        => bob New b0 1@100 New 0+1
        => level sell 1@100
        => indicative 1@100 surplus 0/0
        phase continuous
        => alice Trade a0 1@100 fills 1@100 auction fee 0 trade 1 Filled 1+0
        => bob Trade b0 1@100 fills 1@100 auction fee 0 trade 1 Filled 1+0
        => trade 1 auction 1@100
        => phase Continuous after PreOpen
        => level buy 0@100
        => level sell 0@100
        bob sell b1 1@105
        => bob New b1 1@105 New 0+1
        => level sell 1@105
        bob sell b2 1@106
        => bob New b2 1@106 New 0+1
        => level sell 1@106
        alice buy a1 5 market
        => alice New a1 5 New 0+5
        => bob Trade b1 1@105 fills 1@105 maker fee 0 trade 2 Filled 1+0
        => alice Trade a1 5 fills 1@105 taker fee 0 trade 2 PartiallyFilled 1+4
        => trade 2 buy 1@105
        => phase VolatilityAuction after Continuous
        => alice Canceled a1 5 Canceled 1+0 Unfilled
        => level sell 0@105
        alice buy a2 1@106
        => alice New a2 1@106 New 0+1
        => level buy 1@106
        => indicative 1@106 surplus 0/0
        phase continuous
        => alice Trade a2 1@106 fills 1@106 auction fee 0 trade 3 Filled 1+0
        => bob Trade b2 1@106 fills 1@106 auction fee 0 trade 3 Filled 1+0
        => trade 3 auction 1@106
        => phase Continuous after VolatilityAuction
        => level buy 0@106
        => level sell 0@106
        """);

    [Test]
    public void Indicative_prices_keep_a_distance_in_time() => Script.Run(Firms + """
        trading indicative 10
        => TradingDefined
        phase preopen
        => phase PreOpen after Continuous
        alice buy a1 5@100
        => alice New a1 5@100 New 0+5
        => level buy 5@100
        bob sell b1 1@100
        => bob New b1 1@100 New 0+1
        => level sell 1@100
        => indicative 1@100 surplus 4/0
        bob sell b2 1@100
        => bob New b2 1@100 New 0+1
        => level sell 2@100
        bob sell b3 1@100
        => bob New b3 1@100 New 0+1
        => level sell 3@100
        time 10
        time 11
        => indicative 3@100 surplus 2/0
        """);

    [Test]
    public void Both_sides_pay_the_makers_fee_in_an_auction() => Script.Run(Firms + """
        instrument fees 10000/20000
        phase preopen
        => phase PreOpen after Continuous
        alice buy a1 5@100
        => alice New a1 5@100 New 0+5
        => level buy 5@100
        bob sell b1 5@100
        => bob New b1 5@100 New 0+5
        => level sell 5@100
        => indicative 5@100 surplus 0/0
        phase continuous
        => alice Trade a1 5@100 fills 5@100 auction fee 5 trade 1 Filled 5+0
        => bob Trade b1 5@100 fills 5@100 auction fee 5 trade 1 Filled 5+0
        => trade 1 auction 5@100
        => phase Continuous after PreOpen
        => level buy 0@100
        => level sell 0@100
        alice balance USD
        => 99495 + 0 held
        house balance USD
        => 10 + 0 held
        """);

    [Test]
    public void Stops_wait_for_the_auction_to_be_over() => Script.Run(Firms + """
        phase preopen
        => phase PreOpen after Continuous
        alice buy a1 1@110 stop 101
        => alice New a1 1@110 New 0+1
        alice buy a2 2@102
        => alice New a2 2@102 New 0+2
        => level buy 2@102
        bob sell b1 1@102
        => bob New b1 1@102 New 0+1
        => level sell 1@102
        => indicative 1@102 surplus 1/0
        phase continuous
        => alice Trade a2 2@102 fills 1@102 auction fee 0 trade 1 PartiallyFilled 1+1
        => bob Trade b1 1@102 fills 1@102 auction fee 0 trade 1 Filled 1+0
        => trade 1 auction 1@102
        => phase Continuous after PreOpen
        => alice Triggered a1 1@110 New 0+1
        => level buy 1@102
        => level sell 0@102
        => level buy 1@110
        """);

    [TestCase("halt", "Halt")]
    [TestCase("cancelonly", "CancelOnly")]
    [TestCase("volatility", "VolatilityAuction")]
    public void Orders_for_the_opening_are_gone_after_it_whatever_came_between(string word, string phase) => Script.Run(Firms + $"""
        phase preopen
        => phase PreOpen after Continuous
        alice buy a1 5@100 opening
        => alice New a1 5@100 New 0+5
        => level buy 5@100
        phase {word}
        => phase {phase} after PreOpen
        phase continuous
        => alice Expired a1 5@100 Expired 0+0 Expired
        => phase Continuous after {phase}
        => level buy 0@100
        """);

    [TestCase("halt", "Halt")]
    [TestCase("volatility", "VolatilityAuction")]
    public void Orders_for_the_close_never_stand_in_continuous_trading(string word, string phase) => Script.Run(Firms + $"""
        alice buy a1 5@100 closing
        => alice New a1 5@100 New 0+5
        phase close
        => phase CloseAuction after Continuous
        => level buy 5@100
        phase {word}
        => phase {phase} after CloseAuction
        phase continuous
        => alice Expired a1 5@100 Expired 0+0 Expired
        => phase Continuous after {phase}
        => level buy 0@100
        bob buy b1 5@100 closing
        => bob New b1 5@100 New 0+5
        phase halt
        => phase Halt after Continuous
        phase continuous
        => phase Continuous after Halt
        bob cancel c1 b1
        => bob Canceled c1 of b1 5@100 Canceled 0+0 ClientRequest
        """);
}
