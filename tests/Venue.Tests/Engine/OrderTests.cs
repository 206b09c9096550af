namespace Venue.Tests.Engine;

internal sealed class OrderTests
{
    [Test]
    public void A_limit_order_rests_and_trades_at_its_own_price() => Script.Run("""
        firm alice USD 1000
        firm bob X 10
        alice buy a1 10@100
        => alice New a1 10@100 New 0+10
        => level buy 10@100
        bob sell b1 4@99
        => bob New b1 4@99 New 0+4
        => alice Trade a1 10@100 fills 4@100 maker fee 0 trade 1 PartiallyFilled 4+6
        => bob Trade b1 4@99 fills 4@100 taker fee 0 trade 1 Filled 4+0
        => trade 1 sell 4@100
        => level buy 6@100
        """);

    [Test]
    public void A_sweep_takes_levels_in_order_then_rests_what_is_left() => Script.Run("""
        firm alice USD 100000
        firm bob X 100
        bob sell b1 5@101
        => bob New b1 5@101 New 0+5
        => level sell 5@101
        bob sell b2 5@100
        => bob New b2 5@100 New 0+5
        => level sell 5@100
        bob sell b3 5@100
        => bob New b3 5@100 New 0+5
        => level sell 10@100
        alice buy a1 20@101
        => alice New a1 20@101 New 0+20
        => bob Trade b2 5@100 fills 5@100 maker fee 0 trade 1 Filled 5+0
        => alice Trade a1 20@101 fills 5@100 taker fee 0 trade 1 PartiallyFilled 5+15
        => trade 1 buy 5@100
        => bob Trade b3 5@100 fills 5@100 maker fee 0 trade 2 Filled 5+0
        => alice Trade a1 20@101 fills 5@100 taker fee 0 trade 2 PartiallyFilled 10+10
        => trade 2 buy 5@100
        => bob Trade b1 5@101 fills 5@101 maker fee 0 trade 3 Filled 5+0
        => alice Trade a1 20@101 fills 5@101 taker fee 0 trade 3 PartiallyFilled 15+5
        => trade 3 buy 5@101
        => level sell 0@100
        => level sell 0@101
        => level buy 5@101
        """);

    [Test]
    public void Immediate_or_cancel_trades_what_it_can_and_cancels_the_rest() => Script.Run("""
        firm alice USD 1000
        firm bob X 10
        bob sell b1 3@100
        => bob New b1 3@100 New 0+3
        => level sell 3@100
        alice buy a1 5@100 ioc
        => alice New a1 5@100 New 0+5
        => bob Trade b1 3@100 fills 3@100 maker fee 0 trade 1 Filled 3+0
        => alice Trade a1 5@100 fills 3@100 taker fee 0 trade 1 PartiallyFilled 3+2
        => trade 1 buy 3@100
        => alice Canceled a1 5@100 Canceled 3+0 Unfilled
        => level sell 0@100
        """);

    [Test]
    public void Fill_or_kill_trades_in_full_or_not_at_all() => Script.Run("""
        firm alice USD 1000
        firm bob X 10
        bob sell b1 3@100
        => bob New b1 3@100 New 0+3
        => level sell 3@100
        alice buy a1 4@100 fok
        => alice New a1 4@100 New 0+4
        => alice Canceled a1 4@100 Canceled 0+0 Unfilled
        alice buy a2 3@100 fok
        => alice New a2 3@100 New 0+3
        => bob Trade b1 3@100 fills 3@100 maker fee 0 trade 1 Filled 3+0
        => alice Trade a2 3@100 fills 3@100 taker fee 0 trade 1 Filled 3+0
        => trade 1 buy 3@100
        => level sell 0@100
        """);

    [Test]
    public void A_market_order_never_rests_and_stops_at_the_price_band() => Script.Run("""
        instrument band 100000 ref 100
        firm alice USD 10000
        firm bob X 10
        bob sell b1 2@110
        => bob New b1 2@110 New 0+2
        => level sell 2@110
        instrument band 50000
        alice buy a1 1 market
        => alice New a1 1 New 0+1
        => alice Canceled a1 1 Canceled 0+0 Unfilled
        instrument band 100000
        alice buy a2 3 market
        => alice New a2 3 New 0+3
        => bob Trade b1 2@110 fills 2@110 maker fee 0 trade 1 Filled 2+0
        => alice Trade a2 3 fills 2@110 taker fee 0 trade 1 PartiallyFilled 2+1
        => trade 1 buy 2@110
        => alice Canceled a2 3 Canceled 2+0 Unfilled
        => level sell 0@110
        """);

    [Test]
    public void The_last_trade_moves_the_price_band() => Script.Run("""
        instrument band 100000 ref 100
        firm alice USD 10000
        firm bob X 10
        alice buy a1 1@111
        => alice Rejected a1 1@111 Rejected 0+0 PriceBand
        alice buy a2 1@110
        => alice New a2 1@110 New 0+1
        => level buy 1@110
        bob sell b1 1@110
        => bob New b1 1@110 New 0+1
        => alice Trade a2 1@110 fills 1@110 maker fee 0 trade 1 Filled 1+0
        => bob Trade b1 1@110 fills 1@110 taker fee 0 trade 1 Filled 1+0
        => trade 1 sell 1@110
        => level buy 0@110
        alice buy a3 1@121
        => alice New a3 1@121 New 0+1
        => level buy 1@121
        alice buy a4 1@98
        => alice Rejected a4 1@98 Rejected 0+0 PriceBand
        alice buy a5 1@99
        => alice New a5 1@99 New 0+1
        => level buy 1@99
        """);

    [Test]
    public void A_cancel_frees_the_hold_and_is_answered_once() => Script.Run("""
        firm alice USD 1000
        alice buy a1 10@100
        => alice New a1 10@100 New 0+10
        => level buy 10@100
        alice balance USD
        => 0 + 1000 held
        alice cancel c1 a1
        => alice Canceled c1 of a1 10@100 Canceled 0+0 ClientRequest
        => level buy 0@100
        alice balance USD
        => 1000 + 0 held
        alice cancel c2 a1
        => alice CancelReject c2 of a1 Canceled TooLate
        alice cancel c3 c1
        => alice CancelReject c3 of c1 Rejected UnknownOrder
        """);

    [Test]
    public void A_cancel_must_fit_what_it_says_of_the_order() => Script.Run("""
        firm alice USD 1000
        firm bob USD 1000
        alice buy a1 1@100
        => alice New a1 1@100 New 0+1
        => level buy 1@100
        bob cancel c1 a1
        => bob CancelReject c1 of a1 Rejected UnknownOrder
        alice cancel c2 a1 sell
        => alice CancelReject c2 of a1 Rejected UnknownOrder
        alice cancel c3 a1 order 7
        => alice CancelReject c3 of a1 Rejected UnknownOrder
        alice cancel c4 a1 order 4294967297
        => alice Canceled c4 of a1 1@100 Canceled 0+0 ClientRequest
        => level buy 0@100
        """);

    [Test]
    public void Only_the_last_accepted_ClOrdID_names_the_order() => Script.Run("""
        firm alice USD 10000
        alice buy a1 5@100
        => alice New a1 5@100 New 0+5
        => level buy 5@100
        alice replace r1 a1 4@100
        => alice Replaced r1 of a1 4@100 New 0+4
        => level buy 4@100
        alice cancel c1 a1
        => alice CancelReject c1 of a1 Rejected UnknownOrder
        alice buy a1 1@100
        => alice Rejected a1 1@100 Rejected 0+0 DuplicateClOrdID
        alice status r1
        => alice OrderStatus r1 4@100 New 0+4
        alice status a1
        => alice OrderStatus a1 0 Rejected 0+0 UnknownOrder
        alice cancel c2 r1
        => alice Canceled c2 of r1 4@100 Canceled 0+0 ClientRequest
        => level buy 0@100
        """);

    [Test]
    public void A_duplicate_never_disturbs_the_live_order() => Script.Run("""
        firm alice USD 10000
        alice buy a1 5@100
        => alice New a1 5@100 New 0+5
        => level buy 5@100
        alice buy a1 5@100
        => alice Rejected a1 5@100 Rejected 0+0 DuplicateClOrdID
        alice cancel a1 a1
        => alice CancelReject a1 of a1 New DuplicateClOrdID
        alice replace a1 a1 3@100
        => alice ReplaceReject a1 of a1 New DuplicateClOrdID
        alice status a1
        => alice OrderStatus a1 5@100 New 0+5
        """);

    /// <summary>With a group, or a pegged order in the book, it goes the long path.</summary>
    [TestCase(""), TestCase("session alice2 of alice\nalice2 buy w1 1@1 hidden\n=> alice2 New w1 1@1 New 0+1\n")]
    public void An_order_that_cannot_rest_trades_through_as_many_levels_as_it_may_look_at(string before) => Script.Run("""
        firm alice USD 100000 X 0
        firm bob USD 0 X 100

        """ + before + """
        bob sell b1 1@10
        => bob New b1 1@10 New 0+1
        => level sell 1@10
        bob sell b2 1@11
        => bob New b2 1@11 New 0+1
        => level sell 1@11
        bob sell b3 1@12
        => bob New b3 1@12 New 0+1
        => level sell 1@12
        alice buy a1 3@20 fok
        => alice New a1 3@20 New 0+3
        => alice Canceled a1 3@20 Canceled 0+0 Unfilled
        alice buy a2 3@20 ioc
        => alice New a2 3@20 New 0+3
        => bob Trade b1 1@10 fills 1@10 maker fee 0 trade 1 Filled 1+0
        => alice Trade a2 3@20 fills 1@10 taker fee 0 trade 1 PartiallyFilled 1+2
        => trade 1 buy 1@10
        => bob Trade b2 1@11 fills 1@11 maker fee 0 trade 2 Filled 1+0
        => alice Trade a2 3@20 fills 1@11 taker fee 0 trade 2 PartiallyFilled 2+1
        => trade 2 buy 1@11
        => alice Canceled a2 3@20 Canceled 2+0 Unfilled
        => level sell 0@10
        => level sell 0@11
        bob sell b4 1@13
        => bob New b4 1@13 New 0+1
        => level sell 1@13
        bob sell b5 1@14
        => bob New b5 1@14 New 0+1
        => level sell 1@14
        alice buy a3 2@20 fok
        => alice New a3 2@20 New 0+2
        => bob Trade b3 1@12 fills 1@12 maker fee 0 trade 3 Filled 1+0
        => alice Trade a3 2@20 fills 1@12 taker fee 0 trade 3 PartiallyFilled 1+1
        => trade 3 buy 1@12
        => bob Trade b4 1@13 fills 1@13 maker fee 0 trade 4 Filled 1+0
        => alice Trade a3 2@20 fills 1@13 taker fee 0 trade 4 Filled 2+0
        => trade 4 buy 1@13
        => level sell 0@12
        => level sell 0@13
        """, reach: 2);
}
