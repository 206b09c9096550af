namespace Venue.Tests.Engine;

/// <summary>Post-only, minimum quantity, market to limit, cash, time in force.</summary>
internal sealed class TermsTests
{
    private const string Sellers = """
        firm alice USD 10000
        firm bob X 100
        bob sell b1 5@101
        => bob New b1 5@101 New 0+5
        => level sell 5@101

        """;

    [Test]
    public void A_post_only_order_never_trades_as_it_comes() => Script.Run(Sellers + """
        alice buy a1 3@101 post
        => alice Rejected a1 3@101 Rejected 0+0 PostOnly
        alice buy a2 3@100 post
        => alice New a2 3@100 New 0+3
        => level buy 3@100
        alice replace r1 a2 3@101
        => alice ReplaceReject r1 of a2 New PostOnly
        bob sell b2 1@100
        => bob New b2 1@100 New 0+1
        => alice Trade a2 3@100 fills 1@100 maker fee 0 trade 1 PartiallyFilled 1+2
        => bob Trade b2 1@100 fills 1@100 taker fee 0 trade 1 Filled 1+0
        => trade 1 sell 1@100
        => level buy 2@100
        """);

    [Test]
    public void A_post_only_order_that_may_slide_goes_one_tick_behind_the_other_side() => Script.Run(Sellers + """
        alice buy a1 3@105 slide
        => alice New a1 3@100 New 0+3
        => level buy 3@100
        alice buy a2 3@99 slide
        => alice New a2 3@99 New 0+3
        => level buy 3@99
        bob sell b2 1@90 slide
        => bob New b2 1@101 New 0+1
        => level sell 6@101
        alice replace r1 a2 3@200 
        => alice Replaced r1 of a2 3@100 New 0+3
        => level buy 0@99
        => level buy 6@100
        """);

    [Test]
    public void A_slide_below_the_lowest_price_is_no_order() => Script.Run("""
        firm alice USD 10000
        firm bob X 100
        bob sell b1 5@1
        => bob New b1 5@1 New 0+5
        => level sell 5@1
        alice buy a1 3@2 slide
        => alice Rejected a1 3@2 Rejected 0+0 PostOnly
        """);

    /// <summary>A bid that rests above the highest price since that came down.</summary>
    [Test]
    public void A_slide_above_the_highest_price_is_no_order() => Script.Run("""
        firm alice USD 100000
        firm bob X 100
        alice buy a1 5@150
        => alice New a1 5@150 New 0+5
        => level buy 5@150
        instrument top 100
        bob sell b1 3@90 slide
        => bob Rejected b1 3@90 Rejected 0+0 PostOnly
        """);

    [Test]
    public void Minimum_quantity_trades_at_once_or_nothing_does() => Script.Run(Sellers + """
        alice buy a1 10@101 min 6
        => alice New a1 10@101 New 0+10
        => alice Canceled a1 10@101 Canceled 0+0 Unfilled
        alice balance USD
        => 10000 + 0 held
        alice buy a2 10@101 min 6 ioc
        => alice New a2 10@101 New 0+10
        => alice Canceled a2 10@101 Canceled 0+0 Unfilled
        alice buy a3 10@101 min 5
        => alice New a3 10@101 New 0+10
        => bob Trade b1 5@101 fills 5@101 maker fee 0 trade 1 Filled 5+0
        => alice Trade a3 10@101 fills 5@101 taker fee 0 trade 1 PartiallyFilled 5+5
        => trade 1 buy 5@101
        => level sell 0@101
        => level buy 5@101
        alice buy a4 3@100 min 4
        => alice Rejected a4 3@100 Rejected 0+0 UnsupportedOrder
        alice buy a5 3@100 min 1 fok
        => alice Rejected a5 3@100 Rejected 0+0 UnsupportedOrder
        """);

    [Test]
    public void Market_to_limit_takes_the_best_price_and_rests_there() => Script.Run(Sellers + """
        bob sell b2 5@102
        => bob New b2 5@102 New 0+5
        => level sell 5@102
        alice buy a1 8 mtl
        => alice New a1 8@101 New 0+8
        => bob Trade b1 5@101 fills 5@101 maker fee 0 trade 1 Filled 5+0
        => alice Trade a1 8@101 fills 5@101 taker fee 0 trade 1 PartiallyFilled 5+3
        => trade 1 buy 5@101
        => level sell 0@101
        => level buy 3@101
        alice replace r1 a1 7@101
        => alice Replaced r1 of a1 7@101 PartiallyFilled 5+2
        => level buy 2@101
        bob cancel c1 b2
        => bob Canceled c1 of b2 5@102 Canceled 0+0 ClientRequest
        => level sell 0@102
        alice buy a2 8 mtl
        => alice Rejected a2 8 Rejected 0+0 NoOpposite
        """);

    [Test]
    public void A_cash_order_buys_what_its_cash_covers_with_the_fee() => Script.Run("""
        instrument fees 0/10000
        firm alice USD 10000
        firm bob X 100
        bob sell b1 5@100
        => bob New b1 5@100 New 0+5
        => level sell 5@100
        bob sell b2 5@200
        => bob New b2 5@200 New 0+5
        => level sell 5@200
        alice buy a1 cash 706
        => alice New a1 5 New 0+5
        => bob Trade b1 5@100 fills 5@100 maker fee 0 trade 1 Filled 5+0
        => alice Trade a1 5 fills 5@100 taker fee 5 trade 1 Filled 5+0
        => trade 1 buy 5@100
        => level sell 0@100
        alice buy a2 cash 404
        => alice New a2 2 New 0+2
        => bob Trade b2 5@200 fills 2@200 maker fee 0 trade 2 PartiallyFilled 2+3
        => alice Trade a2 2 fills 2@200 taker fee 4 trade 2 Filled 2+0
        => trade 2 buy 2@200
        => level sell 3@200
        alice buy a3 cash 201
        => alice Rejected a3 0 Rejected 0+0 QuantityTooSmall
        alice balance USD
        => 9091 + 0 held
        """);

    [Test]
    public void A_cash_sale_sells_no_more_than_the_cash_asks_for() => Script.Run("""
        firm alice USD 10000
        firm bob X 100
        alice buy a1 5@100
        => alice New a1 5@100 New 0+5
        => level buy 5@100
        bob sell b1 cash 399
        => bob New b1 3 New 0+3
        => alice Trade a1 5@100 fills 3@100 maker fee 0 trade 1 PartiallyFilled 3+2
        => bob Trade b1 3 fills 3@100 taker fee 0 trade 1 Filled 3+0
        => trade 1 sell 3@100
        => level buy 2@100
        """);

    [Test]
    public void An_order_good_till_a_date_is_gone_at_that_time() => Script.Run("""
        firm alice USD 10000
        firm bob X 100
        alice buy a1 5@100 gtd 60
        => alice New a1 5@100 New 0+5
        => level buy 5@100
        alice buy a2 5@101 gtd 30
        => alice New a2 5@101 New 0+5
        => level buy 5@101
        time 30
        => alice Expired a2 5@101 Expired 0+0 Expired
        => level buy 0@101
        alice replace r1 a1 5@100 gtd 90
        => alice Replaced r1 of a1 5@100 New 0+5
        => level buy 5@100
        time 89
        time 90
        => alice Expired r1 5@100 Expired 0+0 Expired
        => level buy 0@100
        alice cancel c1 r1
        => alice CancelReject c1 of r1 Expired TooLate
        alice buy a3 5@100 gtd 90
        => alice Rejected a3 5@100 Rejected 0+0 ExpireTimePassed
        alice balance USD
        => 10000 + 0 held
        """);

    [Test]
    public void What_expires_does_so_before_the_command_whose_time_it_is() => Script.Run("""
        firm alice USD 10000
        firm bob X 100
        alice buy a1 5@100 gtd 60
        => alice New a1 5@100 New 0+5
        => level buy 5@100
        time 59
        bob sell b1 1@100 gtd 100
        => bob New b1 1@100 New 0+1
        => alice Trade a1 5@100 fills 1@100 maker fee 0 trade 1 PartiallyFilled 1+4
        => bob Trade b1 1@100 fills 1@100 taker fee 0 trade 1 Filled 1+0
        => trade 1 sell 1@100
        => level buy 4@100
        time 60
        => alice Expired a1 5@100 Expired 1+0 Expired
        => level buy 0@100
        """);

    [Test]
    public void A_day_order_lasts_till_the_day_ends_or_for_ever_where_it_does_not() => Script.Run("""
        firm alice USD 10000
        alice buy a1 1@100 day
        => alice New a1 1@100 New 0+1
        => level buy 1@100
        trading day 3600
        => TradingDefined
        time 10
        alice buy a2 2@100 day
        => alice New a2 2@100 New 0+2
        => level buy 3@100
        time 3600
        => alice Expired a2 2@100 Expired 0+0 Expired
        => level buy 1@100
        alice buy a3 3@100 day
        => alice New a3 3@100 New 0+3
        => level buy 4@100
        time 89999
        time 90000
        => alice Expired a3 3@100 Expired 0+0 Expired
        => level buy 1@100
        """);

    [Test]
    public void What_takes_its_price_from_the_other_side_keeps_within_the_price_band() => Script.Run("""
        instrument band 100000 ref 100
        firm alice USD 10000 X 100
        firm bob USD 10000 X 100
        bob sell b1 5@110
        => bob New b1 5@110 New 0+5
        => level sell 5@110
        bob buy b2 5@90
        => bob New b2 5@90 New 0+5
        => level buy 5@90
        instrument band 50000
        alice buy a1 8 mtl
        => alice Rejected a1 8 Rejected 0+0 PriceBand
        alice sell a2 8 mtl
        => alice Rejected a2 8 Rejected 0+0 PriceBand
        bob cancel c1 b2
        => bob Canceled c1 of b2 5@90 Canceled 0+0 ClientRequest
        => level buy 0@90
        bob sell b3 5@95
        => bob New b3 5@95 New 0+5
        => level sell 5@95
        alice buy a3 8@95 slide
        => alice Rejected a3 8@95 Rejected 0+0 PriceBand
        """);
}
