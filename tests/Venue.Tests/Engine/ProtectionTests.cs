namespace Venue.Tests.Engine;

/// <summary>Protections that pull quotes, and obligations that are measured.</summary>
internal sealed class ProtectionTests
{
    private const string Provider = """
        instrument min 1 max 100 top 1000
        firm lp USD 100000 X 1000
        firm bob USD 100000 X 1000
        """;

    [Test]
    public void So_many_fills_in_a_window_pull_both_sides_in_the_same_step() => Script.Run(Provider + """

        quoter lp on fills 2 window 10
        => QuotingDefined
        lp quote q1 10@99 / 8@101
        => lp quote q1 both
        => level buy 10@99
        => level sell 8@101
        bob sell b1 1@99
        => bob New b1 1@99 New 0+1
        => lp Trade q1 10@99 fills 1@99 maker fee 0 trade 1 PartiallyFilled 1+9
        => bob Trade b1 1@99 fills 1@99 taker fee 0 trade 1 Filled 1+0
        => trade 1 sell 1@99
        => level buy 9@99
        bob sell b2 1@99
        => bob New b2 1@99 New 0+1
        => lp Trade q1 10@99 fills 1@99 maker fee 0 trade 2 PartiallyFilled 2+8
        => bob Trade b2 1@99 fills 1@99 taker fee 0 trade 2 Filled 1+0
        => trade 2 sell 1@99
        => lp protection of 1 2 fills 0 lots 0
        => lp Canceled q1 10@99 Canceled 2+0 Protection
        => lp Canceled q1 8@101 Canceled 0+0 Protection
        => level buy 0@99
        => level sell 0@101
        lp quote q2 10@99 / 8@101
        => lp quote q2 Protected
        lp quote q3 0@0 / 0@0
        => lp quote q3 empty
        lp rearm q4
        => lp protection reset None
        lp quote q5 10@99 / 8@101
        => lp quote q5 both
        => level buy 10@99
        => level sell 8@101
        bob rearm q6
        => bob protection reset NotAuthorized
        """);

    [Test]
    public void A_window_ends_and_the_next_begins_with_a_fill() => Script.Run(Provider + """

        quoter lp on fills 2 window 10
        => QuotingDefined
        lp quote q1 10@99 / -
        => lp quote q1 bid
        => level buy 10@99
        bob sell b1 1@99
        => bob New b1 1@99 New 0+1
        => lp Trade q1 10@99 fills 1@99 maker fee 0 trade 1 PartiallyFilled 1+9
        => bob Trade b1 1@99 fills 1@99 taker fee 0 trade 1 Filled 1+0
        => trade 1 sell 1@99
        => level buy 9@99
        time 30
        bob sell b2 1@99
        => bob New b2 1@99 New 0+1
        => lp Trade q1 10@99 fills 1@99 maker fee 0 trade 2 PartiallyFilled 2+8
        => bob Trade b2 1@99 fills 1@99 taker fee 0 trade 2 Filled 1+0
        => trade 2 sell 1@99
        => level buy 8@99
        """);

    [TestCase("lots 6", "2 fills 6 lots 0"), TestCase("notional 590", "2 fills 0 lots 594"), TestCase("fills 9 lots 6 notional 2000", "2 fills 6 lots 594")]
    public void Quantity_and_notional_trip_too(string limit, string window) => Script.Run(Provider + $"""

        quoter lp on {limit} window 10
        => QuotingDefined
        lp quote q1 10@99 / -
        => lp quote q1 bid
        => level buy 10@99
        bob sell b1 3@99
        => bob New b1 3@99 New 0+3
        => lp Trade q1 10@99 fills 3@99 maker fee 0 trade 1 PartiallyFilled 3+7
        => bob Trade b1 3@99 fills 3@99 taker fee 0 trade 1 Filled 3+0
        => trade 1 sell 3@99
        => level buy 7@99
        bob sell b2 3@99
        => bob New b2 3@99 New 0+3
        => lp Trade q1 10@99 fills 3@99 maker fee 0 trade 2 PartiallyFilled 6+4
        => bob Trade b2 3@99 fills 3@99 taker fee 0 trade 2 Filled 3+0
        => trade 2 sell 3@99
        => lp protection of 1 {window}
        => lp Canceled q1 10@99 Canceled 6+0 Protection
        => level buy 0@99
        """);

    [Test]
    public void A_quote_that_trips_while_its_bid_comes_in_has_no_offer() => Script.Run(Provider + """

        quoter lp fills 1 window 10
        => QuotingDefined
        bob sell b1 1@98
        => bob New b1 1@98 New 0+1
        => level sell 1@98
        lp quote q1 10@99 / 8@101
        => lp quote q1 both
        => bob Trade b1 1@98 fills 1@98 maker fee 0 trade 1 Filled 1+0
        => lp Trade q1 10@99 fills 1@98 taker fee 0 trade 1 PartiallyFilled 1+9
        => trade 1 buy 1@98
        => lp protection of all 1 fills 0 lots 0
        => lp Canceled q1 10@99 Canceled 1+0 Protection
        => lp Canceled q1 8@101 Canceled 0+0 Protection
        => level sell 0@98
        => level buy 0@99
        lp balance X
        => 1001 + 0 held
        """);

    [Test]
    public void No_stop_that_a_fill_triggers_meets_what_the_fill_has_pulled() => Script.Run(Provider + """

        quoter lp on fills 1 window 10
        => QuotingDefined
        lp quote q1 10@99 / 8@101
        => lp quote q1 both
        => level buy 10@99
        => level sell 8@101
        bob sell s1 2 stop 99
        => bob New s1 2 New 0+2
        bob sell b1 1@99
        => bob New b1 1@99 New 0+1
        => lp Trade q1 10@99 fills 1@99 maker fee 0 trade 1 PartiallyFilled 1+9
        => bob Trade b1 1@99 fills 1@99 taker fee 0 trade 1 Filled 1+0
        => trade 1 sell 1@99
        => lp protection of 1 1 fills 0 lots 0
        => lp Canceled q1 10@99 Canceled 1+0 Protection
        => lp Canceled q1 8@101 Canceled 0+0 Protection
        => bob Triggered s1 2 New 0+2
        => bob Canceled s1 2 Canceled 0+0 Unfilled
        => level buy 0@99
        => level sell 0@101
        """);

    [Test]
    public void The_time_that_an_obligation_is_met_is_measured_in_continuous_trading_and_begins_anew_each_day() => Script.Run(Provider + """

        lp obligation
        => none
        quoter lp on size 5 spread 30000
        => QuotingDefined
        time 100
        lp quote q1 10@99 / 8@101
        => lp quote q1 both
        => level buy 10@99
        => level sell 8@101
        time 110
        lp obligation
        => met 10 of 110 s, yesterday 0 of 0 s
        lp quote q2 - / 4@101
        => lp quote q2 both
        => level sell 4@101
        time 120
        lp quote q3 - / 8@103
        => lp quote q3 both
        => level sell 0@101
        => level sell 8@103
        time 130
        lp quote q4 - / 5@101
        => lp quote q4 both
        => level sell 0@103
        => level sell 5@101
        time 140
        bob buy b1 1@101
        => bob New b1 1@101 New 0+1
        => lp Trade q4 5@101 fills 1@101 maker fee 0 trade 1 PartiallyFilled 1+4
        => bob Trade b1 1@101 fills 1@101 taker fee 0 trade 1 Filled 1+0
        => trade 1 buy 1@101
        => level sell 4@101
        time 150
        lp obligation
        => met 20 of 150 s, yesterday 0 of 0 s
        lp quote q5 - / 5@101
        => lp quote q5 both
        => level sell 5@101
        phase halt
        => phase Halt after Continuous
        time 160
        lp obligation
        => met 20 of 150 s, yesterday 0 of 0 s
        phase continuous
        => phase Continuous after Halt
        time 86410
        lp obligation
        => met 10 of 10 s, yesterday 86260 of 86390 s
        lp unquote z1 all
        => lp quotes z1 All canceled 2
        => level buy 0@99
        => level sell 0@101
        time 86420
        lp obligation
        => met 10 of 20 s, yesterday 86260 of 86390 s
        """);
}
