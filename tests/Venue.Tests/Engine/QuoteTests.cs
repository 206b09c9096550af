namespace Venue.Tests.Engine;

/// <summary>Quotes: taken, put in the place of what was there, traded.</summary>
internal sealed class QuoteTests
{
    internal const string Provider = """
        instrument min 1 max 100 top 1000 band 200000 ref 100
        firm lp USD 100000 X 1000
        firm bob USD 100000 X 1000
        quoter lp
        => QuotingDefined
        """;

    [Test]
    public void A_quote_rests_on_both_sides_and_trades_as_orders_do() => Script.Run(Provider + """

        lp quote q1 10@99 / 8@101 entry e1
        => lp quote q1 e1 both
        => level buy 10@99
        => level sell 8@101
        lp balance USD
        => 99010 + 990 held
        lp balance X
        => 992 + 8 held
        bob sell b1 4@99
        => bob New b1 4@99 New 0+4
        => lp Trade q1 of e1 10@99 fills 4@99 maker fee 0 trade 1 PartiallyFilled 4+6
        => bob Trade b1 4@99 fills 4@99 taker fee 0 trade 1 Filled 4+0
        => trade 1 sell 4@99
        => level buy 6@99
        lp quoted
        => lp quote status q1 6@99 / 8@101
        """);

    [Test]
    public void A_new_quote_takes_the_place_of_the_old_one() => Script.Run(Provider + """

        lp quote q1 10@99 / 8@101
        => lp quote q1 both
        => level buy 10@99
        => level sell 8@101
        lp quote q2 12@98 / 8@102
        => lp quote q2 both
        => level buy 0@99
        => level sell 0@101
        => level buy 12@98
        => level sell 8@102
        lp balance USD
        => 98824 + 1176 held
        lp quoted q1
        => lp quote status q1 UnknownQuote
        """);

    [Test]
    public void The_same_price_and_less_keeps_its_place_and_more_loses_it() => Script.Run(Provider + """

        lp quote q1 10@99 / -
        => lp quote q1 bid
        => level buy 10@99
        bob buy b1 5@99
        => bob New b1 5@99 New 0+5
        => level buy 15@99
        lp quote q2 6@99 / -
        => lp quote q2 bid
        => level buy 11@99
        bob sell b2 6@99
        => bob New b2 6@99 New 0+6
        => lp Trade q2 6@99 fills 6@99 maker fee 0 trade 1 Filled 6+0
        => bob Trade b2 6@99 fills 6@99 taker fee 0 trade 1 Filled 6+0
        => trade 1 sell 6@99
        => level buy 5@99
        lp quote q3 3@99 / -
        => lp quote q3 bid
        => level buy 8@99
        lp quote q4 4@99 / -
        => lp quote q4 bid
        => level buy 9@99
        bob sell b3 6@99
        => bob New b3 6@99 New 0+6
        => bob Trade b1 5@99 fills 5@99 maker fee 0 trade 2 Filled 5+0
        => bob Trade b3 6@99 fills 5@99 taker fee 0 trade 2 PartiallyFilled 5+1
        => trade 2 sell 5@99
        => lp Trade q4 4@99 fills 1@99 maker fee 0 trade 3 PartiallyFilled 1+3
        => bob Trade b3 6@99 fills 1@99 taker fee 0 trade 3 Filled 6+0
        => trade 3 sell 1@99
        => level buy 3@99
        """);

    [Test]
    public void A_side_that_is_not_said_stays_and_one_of_size_or_price_zero_is_pulled() => Script.Run(Provider + """

        lp quote q1 10@99 / 8@101
        => lp quote q1 both
        => level buy 10@99
        => level sell 8@101
        lp quote q2 - / 7@102
        => lp quote q2 both
        => level sell 0@101
        => level sell 7@102
        lp quote q3 0@99 / -
        => lp quote q3 ask
        => level buy 0@99
        lp quote q4 0@0 / 5@0
        => lp quote q4 empty
        => level sell 0@102
        lp balance X
        => 1000 + 0 held
        """);

    [Test]
    public void What_traded_is_a_new_order_when_it_is_quoted_anew() => Script.Run(Provider + """

        lp quote q1 10@99 / -
        => lp quote q1 bid
        => level buy 10@99
        bob sell b1 4@99
        => bob New b1 4@99 New 0+4
        => lp Trade q1 10@99 fills 4@99 maker fee 0 trade 1 PartiallyFilled 4+6
        => bob Trade b1 4@99 fills 4@99 taker fee 0 trade 1 Filled 4+0
        => trade 1 sell 4@99
        => level buy 6@99
        lp quote q2 5@98 / -
        => lp quote q2 bid
        => level buy 0@99
        => level buy 5@98
        bob sell b2 5@98
        => bob New b2 5@98 New 0+5
        => lp Trade q2 5@98 fills 5@98 maker fee 0 trade 2 Filled 5+0
        => bob Trade b2 5@98 fills 5@98 taker fee 0 trade 2 Filled 5+0
        => trade 2 sell 5@98
        => level buy 0@98
        """);

    [Test]
    public void A_quote_that_crosses_takes_what_it_meets() => Script.Run(Provider + """

        bob sell b1 4@100
        => bob New b1 4@100 New 0+4
        => level sell 4@100
        lp quote q1 10@100 / 8@103
        => lp quote q1 both
        => bob Trade b1 4@100 fills 4@100 maker fee 0 trade 1 Filled 4+0
        => lp Trade q1 10@100 fills 4@100 taker fee 0 trade 1 PartiallyFilled 4+6
        => trade 1 buy 4@100
        => level sell 0@100
        => level buy 6@100
        => level sell 8@103
        """);
}
