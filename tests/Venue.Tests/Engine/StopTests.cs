namespace Venue.Tests.Engine;

/// <summary>Stops, trailing stops, pairs of which one cancels the other.</summary>
internal sealed class StopTests
{
    /// <summary>A book of 99 to 101, last traded at 100.</summary>
    private const string Market = """
        instrument band 100000 ref 100
        firm alice USD 10000 X 100
        firm bob USD 10000 X 100
        bob sell b0 1@100
        => bob New b0 1@100 New 0+1
        => level sell 1@100
        alice buy a0 1@100
        => alice New a0 1@100 New 0+1
        => bob Trade b0 1@100 fills 1@100 maker fee 0 trade 1 Filled 1+0
        => alice Trade a0 1@100 fills 1@100 taker fee 0 trade 1 Filled 1+0
        => trade 1 buy 1@100
        => level sell 0@100
        bob sell b1 10@101
        => bob New b1 10@101 New 0+10
        => level sell 10@101
        bob buy b2 10@99
        => bob New b2 10@99 New 0+10
        => level buy 10@99

        """;

    [Test]
    public void A_stop_waits_for_the_last_trade_and_is_a_market_order_then() => Script.Run(Market + """
        alice buy a1 4 stop 101
        => alice New a1 4 New 0+4
        alice balance USD
        => 9456 + 444 held
        bob buy b3 1@101
        => bob New b3 1@101 New 0+1
        => bob Trade b1 10@101 fills 1@101 maker fee 0 trade 2 PartiallyFilled 1+9
        => bob Trade b3 1@101 fills 1@101 taker fee 0 trade 2 Filled 1+0
        => trade 2 buy 1@101
        => alice Triggered a1 4 New 0+4
        => bob Trade b1 10@101 fills 4@101 maker fee 0 trade 3 PartiallyFilled 5+5
        => alice Trade a1 4 fills 4@101 taker fee 0 trade 3 Filled 4+0
        => trade 3 buy 4@101
        => level sell 5@101
        alice balance USD
        => 9496 + 0 held
        """);

    [Test]
    public void A_stop_order_trades_no_further_than_the_band_around_its_stop() => Script.Run(Market + """
        instrument band 10000
        alice buy a1 20 stop 101
        => alice New a1 20 New 0+20
        bob sell b3 5@102
        => bob Rejected b3 5@102 Rejected 0+0 PriceBand
        instrument band 0
        bob sell b4 5@102
        => bob New b4 5@102 New 0+5
        => level sell 5@102
        bob sell b5 5@103
        => bob New b5 5@103 New 0+5
        => level sell 5@103
        bob buy b6 10@101
        => bob New b6 10@101 New 0+10
        => bob Trade b1 10@101 fills 10@101 maker fee 0 trade 2 Filled 10+0
        => bob Trade b6 10@101 fills 10@101 taker fee 0 trade 2 Filled 10+0
        => trade 2 buy 10@101
        => alice Triggered a1 20 New 0+20
        => bob Trade b4 5@102 fills 5@102 maker fee 0 trade 3 Filled 5+0
        => alice Trade a1 20 fills 5@102 taker fee 0 trade 3 PartiallyFilled 5+15
        => trade 3 buy 5@102
        => alice Canceled a1 20 Canceled 5+0 Unfilled
        => level sell 0@101
        => level sell 0@102
        """);

    [Test]
    public void A_stop_limit_rests_at_its_limit() => Script.Run(Market + """
        alice sell a1 15@98 stop 99
        => alice New a1 15@98 New 0+15
        bob sell b3 1@99
        => bob New b3 1@99 New 0+1
        => bob Trade b2 10@99 fills 1@99 maker fee 0 trade 2 PartiallyFilled 1+9
        => bob Trade b3 1@99 fills 1@99 taker fee 0 trade 2 Filled 1+0
        => trade 2 sell 1@99
        => alice Triggered a1 15@98 New 0+15
        => bob Trade b2 10@99 fills 9@99 maker fee 0 trade 3 Filled 10+0
        => alice Trade a1 15@98 fills 9@99 taker fee 0 trade 3 PartiallyFilled 9+6
        => trade 3 sell 9@99
        => level buy 0@99
        => level sell 6@98
        alice replace r1 a1 12@98
        => alice Replaced r1 of a1 12@98 PartiallyFilled 9+3
        => level sell 3@98
        alice cancel c1 r1
        => alice Canceled c1 of r1 12@98 Canceled 9+0 ClientRequest
        => level sell 0@98
        """);

    [Test]
    public void Stops_may_watch_the_best_price_or_the_index() => Script.Run(Market + """
        alice buy a1 1@102 stop 102 by quote
        => alice New a1 1@102 New 0+1
        alice sell a2 1@98 stop 90 by index
        => alice New a2 1@98 New 0+1
        bob sell b3 1@102
        => bob New b3 1@102 New 0+1
        => level sell 1@102
        bob cancel c1 b1
        => bob Canceled c1 of b1 10@101 Canceled 0+0 ClientRequest
        => alice Triggered a1 1@102 New 0+1
        => bob Trade b3 1@102 fills 1@102 maker fee 0 trade 2 Filled 1+0
        => alice Trade a1 1@102 fills 1@102 taker fee 0 trade 2 Filled 1+0
        => trade 2 buy 1@102
        => level sell 0@101
        => level sell 0@102
        index 91
        index 90
        => alice Triggered a2 1@98 New 0+1
        => bob Trade b2 10@99 fills 1@99 maker fee 0 trade 3 PartiallyFilled 1+9
        => alice Trade a2 1@98 fills 1@99 taker fee 0 trade 3 Filled 1+0
        => trade 3 sell 1@99
        => level buy 9@99
        """);

    [Test]
    public void A_stop_that_is_through_already_is_triggered_as_it_comes() => Script.Run(Market + """
        alice buy a1 1@101 stop 100
        => alice New a1 1@101 New 0+1
        => alice Triggered a1 1@101 New 0+1
        => bob Trade b1 10@101 fills 1@101 maker fee 0 trade 2 PartiallyFilled 1+9
        => alice Trade a1 1@101 fills 1@101 taker fee 0 trade 2 Filled 1+0
        => trade 2 buy 1@101
        => level sell 9@101
        """);

    [Test]
    public void Stops_set_each_other_off_nearest_first_then_oldest() => Script.Run(Market + """
        bob sell b3 10@103
        => bob New b3 10@103 New 0+10
        => level sell 10@103
        alice buy a1 1 stop 103
        => alice New a1 1 New 0+1
        alice buy a2 1 stop 101
        => alice New a2 1 New 0+1
        alice buy a3 10 stop 101
        => alice New a3 10 New 0+10
        bob buy b4 1@101
        => bob New b4 1@101 New 0+1
        => bob Trade b1 10@101 fills 1@101 maker fee 0 trade 2 PartiallyFilled 1+9
        => bob Trade b4 1@101 fills 1@101 taker fee 0 trade 2 Filled 1+0
        => trade 2 buy 1@101
        => alice Triggered a2 1 New 0+1
        => bob Trade b1 10@101 fills 1@101 maker fee 0 trade 3 PartiallyFilled 2+8
        => alice Trade a2 1 fills 1@101 taker fee 0 trade 3 Filled 1+0
        => trade 3 buy 1@101
        => alice Triggered a3 10 New 0+10
        => bob Trade b1 10@101 fills 8@101 maker fee 0 trade 4 Filled 10+0
        => alice Trade a3 10 fills 8@101 taker fee 0 trade 4 PartiallyFilled 8+2
        => trade 4 buy 8@101
        => bob Trade b3 10@103 fills 2@103 maker fee 0 trade 5 PartiallyFilled 2+8
        => alice Trade a3 10 fills 2@103 taker fee 0 trade 5 Filled 10+0
        => trade 5 buy 2@103
        => alice Triggered a1 1 New 0+1
        => bob Trade b3 10@103 fills 1@103 maker fee 0 trade 6 PartiallyFilled 3+7
        => alice Trade a1 1 fills 1@103 taker fee 0 trade 6 Filled 1+0
        => trade 6 buy 1@103
        => level sell 0@101
        => level sell 7@103
        """);

    [Test]
    public void A_trailing_stop_follows_the_market_one_way_only() => Script.Run(Market + """
        alice sell a1 1 stop 95 trail 3
        => alice New a1 1 New 0+1 stop 95
        alice status a1
        => alice OrderStatus a1 1 New 0+1 stop 97
        bob buy b3 1@101
        => bob New b3 1@101 New 0+1
        => bob Trade b1 10@101 fills 1@101 maker fee 0 trade 2 PartiallyFilled 1+9
        => bob Trade b3 1@101 fills 1@101 taker fee 0 trade 2 Filled 1+0
        => trade 2 buy 1@101
        => level sell 9@101
        bob sell b4 1@99
        => bob New b4 1@99 New 0+1
        => bob Trade b2 10@99 fills 1@99 maker fee 0 trade 3 PartiallyFilled 1+9
        => bob Trade b4 1@99 fills 1@99 taker fee 0 trade 3 Filled 1+0
        => trade 3 sell 1@99
        => level buy 9@99
        alice status a1
        => alice OrderStatus a1 1 New 0+1 stop 98
        alice replace r1 a1 1 stop 99
        => alice Replaced r1 of a1 1 New 0+1 stop 99
        => alice Triggered r1 1 New 0+1 stop 99
        => bob Trade b2 10@99 fills 1@99 maker fee 0 trade 4 PartiallyFilled 2+8
        => alice Trade r1 1 fills 1@99 taker fee 0 trade 4 Filled 1+0 stop 99
        => trade 4 sell 1@99
        => level buy 8@99
        """);

    [Test]
    public void A_buy_that_trails_needs_less_as_the_market_falls() => Script.Run(Market + """
        alice buy a1 10@115 stop 110 trail 5
        => alice New a1 10@115 New 0+10 stop 110
        alice status a1
        => alice OrderStatus a1 10@110 New 0+10 stop 105
        alice balance USD
        => 8800 + 1100 held
        bob sell b3 1@99
        => bob New b3 1@99 New 0+1
        => bob Trade b2 10@99 fills 1@99 maker fee 0 trade 2 PartiallyFilled 1+9
        => bob Trade b3 1@99 fills 1@99 taker fee 0 trade 2 Filled 1+0
        => trade 2 sell 1@99
        => level buy 9@99
        alice balance USD
        => 8810 + 1090 held
        """);

    [Test]
    public void Of_a_pair_the_one_that_trades_cancels_the_other() => Script.Run(Market + """
        alice sell a1 5@105
        => alice New a1 5@105 New 0+5
        => level sell 5@105
        alice sell a2 5 stop 95 link a1
        => alice New a2 5 New 0+5
        alice balance X
        => 96 + 5 held
        alice sell a3 5 stop 94 link a1
        => alice Rejected a3 5 Rejected 0+0 UnknownLink
        bob buy b3 11@105
        => bob New b3 11@105 New 0+11
        => bob Trade b1 10@101 fills 10@101 maker fee 0 trade 2 Filled 10+0
        => bob Trade b3 11@105 fills 10@101 taker fee 0 trade 2 PartiallyFilled 10+1
        => trade 2 buy 10@101
        => alice Trade a1 5@105 fills 1@105 maker fee 0 trade 3 PartiallyFilled 1+4
        => bob Trade b3 11@105 fills 1@105 taker fee 0 trade 3 Filled 11+0
        => trade 3 buy 1@105
        => alice Canceled a2 5 Canceled 0+0 Linked
        => level sell 0@101
        => level sell 4@105
        alice balance X
        => 96 + 4 held
        """);

    [Test]
    public void A_pair_that_has_parted_stays_so_and_the_rest_goes_on_alone() => Script.Run(Market + """
        alice sell a1 5@105
        => alice New a1 5@105 New 0+5
        => level sell 5@105
        alice sell a2 5 stop 95 link a1
        => alice New a2 5 New 0+5
        bob cancel c1 b1
        => bob Canceled c1 of b1 10@101 Canceled 0+0 ClientRequest
        => level sell 0@101
        bob buy b3 2@105
        => bob New b3 2@105 New 0+2
        => alice Trade a1 5@105 fills 2@105 maker fee 0 trade 2 PartiallyFilled 2+3
        => bob Trade b3 2@105 fills 2@105 taker fee 0 trade 2 Filled 2+0
        => trade 2 buy 2@105
        => alice Canceled a2 5 Canceled 0+0 Linked
        => level sell 3@105
        alice balance X
        => 96 + 3 held
        alice sell a3 3 stop 95 link a1
        => alice New a3 3 New 0+3
        alice balance X
        => 96 + 3 held
        bob buy b4 1@105
        => bob New b4 1@105 New 0+1
        => alice Trade a1 5@105 fills 1@105 maker fee 0 trade 3 PartiallyFilled 3+2
        => bob Trade b4 1@105 fills 1@105 taker fee 0 trade 3 Filled 1+0
        => trade 3 buy 1@105
        => alice Canceled a3 3 Canceled 0+0 Linked
        => level sell 2@105
        alice cancel c2 a1
        => alice Canceled c2 of a1 5@105 Canceled 3+0 ClientRequest
        => level sell 0@105
        alice balance X
        => 98 + 0 held
        """);

    [Test]
    public void Of_a_pair_the_one_that_is_triggered_cancels_the_other() => Script.Run(Market + """
        alice sell a1 5@105
        => alice New a1 5@105 New 0+5
        => level sell 5@105
        alice sell a2 5 stop 99 link a1
        => alice New a2 5 New 0+5
        bob sell b3 1@99
        => bob New b3 1@99 New 0+1
        => bob Trade b2 10@99 fills 1@99 maker fee 0 trade 2 PartiallyFilled 1+9
        => bob Trade b3 1@99 fills 1@99 taker fee 0 trade 2 Filled 1+0
        => trade 2 sell 1@99
        => alice Triggered a2 5 New 0+5
        => alice Canceled a1 5@105 Canceled 0+0 Linked
        => bob Trade b2 10@99 fills 5@99 maker fee 0 trade 3 PartiallyFilled 6+4
        => alice Trade a2 5 fills 5@99 taker fee 0 trade 3 Filled 5+0
        => trade 3 sell 5@99
        => level buy 4@99
        => level sell 0@105
        alice balance X
        => 96 + 0 held
        """);

    [Test]
    public void A_pair_holds_what_the_dearer_one_needs_and_a_cancel_leaves_the_other_alone() => Script.Run(Market + """
        alice buy a1 5@95
        => alice New a1 5@95 New 0+5
        => level buy 5@95
        alice buy a2 5@110 stop 105 link a1
        => alice New a2 5@110 New 0+5
        alice balance USD
        => 9350 + 550 held
        alice cancel c1 a2
        => alice Canceled c1 of a2 5@110 Canceled 0+0 ClientRequest
        alice balance USD
        => 9425 + 475 held
        alice buy a3 5@110 stop 105 link a1
        => alice New a3 5@110 New 0+5
        alice cancel c2 a1
        => alice Canceled c2 of a1 5@95 Canceled 0+0 ClientRequest
        => level buy 0@95
        alice balance USD
        => 9350 + 550 held
        """);
}
