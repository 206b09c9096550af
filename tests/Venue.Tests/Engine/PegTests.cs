namespace Venue.Tests.Engine;

/// <summary>Pegged orders: hidden, following the shown book, never beyond their limit.</summary>
internal sealed class PegTests
{
    private const string Market = """
        firm alice USD 10000 X 100
        firm bob USD 10000 X 100
        bob buy b1 10@98
        => bob New b1 10@98 New 0+10
        => level buy 10@98
        bob sell b2 10@102
        => bob New b2 10@102 New 0+10
        => level sell 10@102

        """;

    [Test]
    public void A_mid_peg_trades_at_the_middle_and_follows_it() => Script.Run(Market + """
        alice buy a1 5@105 peg mid
        => alice New a1 5@105 New 0+5
        alice balance USD
        => 9475 + 525 held
        bob sell b3 1@100
        => bob New b3 1@100 New 0+1
        => alice Trade a1 5@105 fills 1@100 maker fee 0 trade 1 PartiallyFilled 1+4
        => bob Trade b3 1@100 fills 1@100 taker fee 0 trade 1 Filled 1+0
        => trade 1 sell 1@100
        bob buy b4 1@99
        => bob New b4 1@99 New 0+1
        => level buy 1@99
        bob sell b5 1@100 ioc
        => bob New b5 1@100 New 0+1
        => alice Trade a1 5@105 fills 1@100 maker fee 0 trade 2 PartiallyFilled 2+3
        => bob Trade b5 1@100 fills 1@100 taker fee 0 trade 2 Filled 1+0
        => trade 2 sell 1@100
        alice balance USD
        => 9485 + 315 held
        """);

    [Test]
    public void Half_a_tick_goes_to_the_orders_own_side() => Script.Run(Market + """
        bob sell b3 1@101
        => bob New b3 1@101 New 0+1
        => level sell 1@101
        alice sell a1 1@90 peg mid
        => alice New a1 1@90 New 0+1
        alice buy a2 1@110 peg mid
        => alice New a2 1@110 New 0+1
        bob buy b4 1@99 ioc
        => bob New b4 1@99 New 0+1
        => bob Canceled b4 1@99 Canceled 0+0 Unfilled
        bob buy b5 1@100 ioc
        => bob New b5 1@100 New 0+1
        => alice Trade a1 1@90 fills 1@100 maker fee 0 trade 1 Filled 1+0
        => bob Trade b5 1@100 fills 1@100 taker fee 0 trade 1 Filled 1+0
        => trade 1 buy 1@100
        """);

    [Test]
    public void A_primary_peg_stays_at_an_offset_from_its_side_and_within_its_limit() => Script.Run(Market + """
        alice buy a1 5@100 peg primary offset 1
        => alice New a1 5@100 New 0+5
        bob sell b3 1@99
        => bob New b3 1@99 New 0+1
        => alice Trade a1 5@100 fills 1@99 maker fee 0 trade 1 PartiallyFilled 1+4
        => bob Trade b3 1@99 fills 1@99 taker fee 0 trade 1 Filled 1+0
        => trade 1 sell 1@99
        bob buy b4 1@101
        => bob New b4 1@101 New 0+1
        => level buy 1@101
        bob cancel c1 b4
        => bob Canceled c1 of b4 1@101 Canceled 0+0 ClientRequest
        => level buy 0@101
        alice replace r1 a1 5@100 peg primary offset -1
        => alice Replaced r1 of a1 5@100 PartiallyFilled 1+4
        bob sell b5 1@98 ioc
        => bob New b5 1@98 New 0+1
        => bob Trade b1 10@98 fills 1@98 maker fee 0 trade 2 PartiallyFilled 1+9
        => bob Trade b5 1@98 fills 1@98 taker fee 0 trade 2 Filled 1+0
        => trade 2 sell 1@98
        => level buy 9@98
        """);

    [Test]
    public void Without_a_price_to_follow_a_peg_waits() => Script.Run(Market + """
        alice buy a1 1@105 peg mid
        => alice New a1 1@105 New 0+1
        bob cancel c1 b2
        => bob Canceled c1 of b2 10@102 Canceled 0+0 ClientRequest
        => level sell 0@102
        bob sell b3 1@100 ioc
        => bob New b3 1@100 New 0+1
        => bob Canceled b3 1@100 Canceled 0+0 Unfilled
        bob sell b4 1@100
        => bob New b4 1@100 New 0+1
        => level sell 1@100
        bob sell b5 1@99 ioc
        => bob New b5 1@99 New 0+1
        => alice Trade a1 1@105 fills 1@99 maker fee 0 trade 1 Filled 1+0
        => bob Trade b5 1@99 fills 1@99 taker fee 0 trade 1 Filled 1+0
        => trade 1 sell 1@99
        """);

    [Test]
    public void A_peg_that_its_move_makes_cross_takes_what_it_meets() => Script.Run(Market + """
        alice sell a1 1@101 hidden
        => alice New a1 1@101 New 0+1
        alice buy a2 2@110 peg mid
        => alice New a2 2@110 New 0+2
        bob buy b3 1@100
        => bob New b3 1@100 New 0+1
        => alice Trade a1 1@101 fills 1@101 maker fee 0 trade 1 Filled 1+0
        => alice Trade a2 2@110 fills 1@101 taker fee 0 trade 1 PartiallyFilled 1+1
        => trade 1 buy 1@101
        => level buy 1@100
        """);

    [Test]
    public void A_peg_needs_a_limit_and_one_thing_to_follow() => Script.Run(Market + """
        alice buy a1 1 peg mid
        => alice Rejected a1 1 Rejected 0+0 PriceOutOfRange
        alice buy a2 1@100 peg mid ioc
        => alice Rejected a2 1 Rejected 0+0 UnsupportedOrder
        alice buy a3 1@100 peg mid show 1
        => alice Rejected a3 1 Rejected 0+0 UnsupportedOrder
        """);

    [Test]
    public void A_peg_that_would_break_a_band_waits_while_the_auction_lasts() => Script.Run(Market + """
        trading dynamic 10000
        => TradingDefined
        bob sell b3 1@100
        => bob New b3 1@100 New 0+1
        => level sell 1@100
        bob buy b4 1@100
        => bob New b4 1@100 New 0+1
        => bob Trade b3 1@100 fills 1@100 maker fee 0 trade 1 Filled 1+0
        => bob Trade b4 1@100 fills 1@100 taker fee 0 trade 1 Filled 1+0
        => trade 1 buy 1@100
        => level sell 0@100
        alice buy a1 5@105 peg primary offset 4
        => alice New a1 5@105 New 0+5
        => phase VolatilityAuction after Continuous
        alice cancel c1 a1
        => alice Canceled c1 of a1 5@105 Canceled 0+0 ClientRequest
        """);
}
