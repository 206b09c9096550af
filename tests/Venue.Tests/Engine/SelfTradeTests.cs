namespace Venue.Tests.Engine;

/// <summary>Self-trade prevention: the incoming order's mode decides; what was prevented is told.</summary>
internal sealed class SelfTradeTests
{
    private const string Resting = """
        firm alice USD 10000 X 100
        firm bob USD 10000 X 100
        alice sell a1 5@100 group 1 newest
        => alice New a1 5@100 New 0+5
        => level sell 5@100
        bob sell b1 5@100
        => bob New b1 5@100 New 0+5
        => level sell 10@100

        """;

    [Test]
    public void Cancel_newest_ends_the_incoming_order() => Script.Run(Resting + """
        alice buy a2 8@100 group 1 newest
        => alice New a2 8@100 New 0+8
        => prevented 5@100 group 1 CancelNewest
        => alice Canceled a2 8@100 Canceled 0+0 SelfTrade
        alice balance USD
        => 10000 + 0 held
        alice buy a3 8 market group 1 newest
        => alice New a3 8 New 0+8
        => prevented 5@100 group 1 CancelNewest
        => alice Canceled a3 8 Canceled 0+0 SelfTrade
        """);

    [Test]
    public void Cancel_oldest_ends_the_resting_order_and_goes_on() => Script.Run(Resting + """
        alice buy a2 8@100 group 1 oldest
        => alice New a2 8@100 New 0+8
        => prevented 5@100 group 1 CancelOldest
        => alice Canceled a1 5@100 Canceled 0+0 SelfTrade
        => bob Trade b1 5@100 fills 5@100 maker fee 0 trade 1 Filled 5+0
        => alice Trade a2 8@100 fills 5@100 taker fee 0 trade 1 PartiallyFilled 5+3
        => trade 1 buy 5@100
        => level sell 0@100
        => level buy 3@100
        alice balance X
        => 105 + 0 held
        """);

    [Test]
    public void Cancel_both_ends_both() => Script.Run(Resting + """
        alice buy a2 8@100 group 1 both
        => alice New a2 8@100 New 0+8
        => prevented 5@100 group 1 CancelBoth
        => alice Canceled a1 5@100 Canceled 0+0 SelfTrade
        => alice Canceled a2 8@100 Canceled 0+0 SelfTrade
        => level sell 5@100
        """);

    [Test]
    public void Decrement_takes_the_smaller_quantity_off_both() => Script.Run(Resting + """
        alice buy a2 2@100 group 1 decrement
        => alice New a2 2@100 New 0+2
        => prevented 2@100 group 1 Decrement
        => alice Restated a1 3@100 New 0+3 SelfTrade
        => alice Canceled a2 2@100 Canceled 0+0 SelfTrade
        => level sell 8@100
        alice balance X
        => 97 + 3 held
        alice buy a3 7@100 group 1 decrement
        => alice New a3 7@100 New 0+7
        => prevented 3@100 group 1 Decrement
        => alice Canceled a1 3@100 Canceled 0+0 SelfTrade
        => alice Restated a3 4@100 New 0+4 SelfTrade
        => bob Trade b1 5@100 fills 4@100 maker fee 0 trade 1 PartiallyFilled 4+1
        => alice Trade a3 4@100 fills 4@100 taker fee 0 trade 1 Filled 4+0
        => trade 1 buy 4@100
        => level sell 1@100
        alice balance USD
        => 9600 + 0 held
        """);

    [Test]
    public void Other_groups_and_other_firms_trade() => Script.Run(Resting + """
        alice buy a2 1@100 group 2 newest
        => alice New a2 1@100 New 0+1
        => alice Trade a1 5@100 fills 1@100 maker fee 0 trade 1 PartiallyFilled 1+4
        => alice Trade a2 1@100 fills 1@100 taker fee 0 trade 1 Filled 1+0
        => trade 1 buy 1@100
        => level sell 9@100
        bob buy b2 1@100 group 1 newest
        => bob New b2 1@100 New 0+1
        => alice Trade a1 5@100 fills 1@100 maker fee 0 trade 2 PartiallyFilled 2+3
        => bob Trade b2 1@100 fills 1@100 taker fee 0 trade 2 Filled 1+0
        => trade 2 buy 1@100
        => level sell 8@100
        alice buy a3 1@100
        => alice New a3 1@100 New 0+1
        => alice Trade a1 5@100 fills 1@100 maker fee 0 trade 3 PartiallyFilled 3+2
        => alice Trade a3 1@100 fills 1@100 taker fee 0 trade 3 Filled 1+0
        => trade 3 buy 1@100
        => level sell 7@100
        """);

    [Test]
    public void A_session_can_have_a_default_for_orders_that_say_nothing() => Script.Run(Resting + """
        selftrade alice 1 oldest
        => SelfTradeDefined
        alice buy a2 1@100
        => alice New a2 1@100 New 0+1
        => prevented 1@100 group 1 CancelOldest
        => alice Canceled a1 5@100 Canceled 0+0 SelfTrade
        => bob Trade b1 5@100 fills 1@100 maker fee 0 trade 1 PartiallyFilled 1+4
        => alice Trade a2 1@100 fills 1@100 taker fee 0 trade 1 Filled 1+0
        => trade 1 buy 1@100
        => level sell 4@100
        selftrade alice 0
        => SelfTradeDefined
        alice sell a3 1@100
        => alice New a3 1@100 New 0+1
        => level sell 5@100
        """);

    /// <summary>Its group goes before the setting's, which goes before 1; the same for the mode, which is to cancel the newest when nobody says one.</summary>
    [TestCase("", "oldest", "group 1 CancelOldest")]
    [TestCase("", "group 1", "group 1 CancelNewest")]
    [TestCase("selftrade alice 1 both\n=> SelfTradeDefined\n", "oldest", "group 1 CancelOldest")]
    [TestCase("selftrade alice 1 both\n=> SelfTradeDefined\n", "", "group 1 CancelBoth")]
    [TestCase("selftrade alice 3 both\n=> SelfTradeDefined\n", "group 1", "group 1 CancelBoth")]
    public void A_logon_overrules_the_sessions_default_until_the_session_ends(string setting, string asked, string prevented)
    {
        var bothEnd = prevented.EndsWith("Both", StringComparison.Ordinal);
        var mineEnds = bothEnd || prevented.EndsWith("Newest", StringComparison.Ordinal);
        var restingEnds = bothEnd || prevented.EndsWith("Oldest", StringComparison.Ordinal);
        Script.Run(Resting + setting + $"""
            connect alice N {asked}
            => alice is connected
            alice sell a2 1@101 group 7
            => alice New a2 1@101 New 0+1
            => level sell 1@101
            bob cancel bc b1
            => bob Canceled bc of b1 5@100 Canceled 0+0 ClientRequest
            => level sell 5@100
            alice buy a3 1@100 ioc
            => alice New a3 1@100 New 0+1
            => prevented 1@100 {prevented}

            """ + (restingEnds ? "=> alice Canceled a1 5@100 Canceled 0+0 SelfTrade\n" : "") + $"""
            => alice Canceled a3 1@100 Canceled 0+0 {(mineEnds ? "SelfTrade" : "Unfilled")}

            """ + (restingEnds ? "=> level sell 0@100\n" : ""));
    }

    [Test]
    public void What_a_logon_said_ends_with_the_session() => Script.Run(Resting + """
        connect alice N oldest
        => alice is connected
        disconnect alice lost
        => alice is gone
        alice buy a2 1@100
        => alice New a2 1@100 New 0+1
        => alice Trade a1 5@100 fills 1@100 maker fee 0 trade 1 PartiallyFilled 1+4
        => alice Trade a2 1@100 fills 1@100 taker fee 0 trade 1 Filled 1+0
        => trade 1 buy 1@100
        => level sell 9@100
        """);

    [Test]
    public void A_fill_or_kill_order_counts_only_what_it_may_trade_with() => Script.Run(Resting + """
        alice buy a2 5@100 fok group 1 newest
        => alice New a2 5@100 New 0+5
        => alice Canceled a2 5@100 Canceled 0+0 Unfilled
        alice buy a3 6@100 fok group 1 oldest
        => alice New a3 6@100 New 0+6
        => alice Canceled a3 6@100 Canceled 0+0 Unfilled
        alice buy a4 5@100 fok group 1 oldest
        => alice New a4 5@100 New 0+5
        => prevented 5@100 group 1 CancelOldest
        => alice Canceled a1 5@100 Canceled 0+0 SelfTrade
        => bob Trade b1 5@100 fills 5@100 maker fee 0 trade 1 Filled 5+0
        => alice Trade a4 5@100 fills 5@100 taker fee 0 trade 1 Filled 5+0
        => trade 1 buy 5@100
        => level sell 0@100
        """);

    [Test]
    public void A_buy_stops_where_prices_that_prevention_left_are_no_longer_covered() => Script.Run("""
        firm alice USD 500 X 5
        firm bob X 100
        alice sell a1 5@100 group 1 oldest
        => alice New a1 5@100 New 0+5
        => level sell 5@100
        bob sell b1 5@150
        => bob New b1 5@150 New 0+5
        => level sell 5@150
        alice buy a2 5 market group 1 oldest
        => alice New a2 5 New 0+5
        => prevented 5@100 group 1 CancelOldest
        => alice Canceled a1 5@100 Canceled 0+0 SelfTrade
        => bob Trade b1 5@150 fills 3@150 maker fee 0 trade 1 PartiallyFilled 3+2
        => alice Trade a2 5 fills 3@150 taker fee 0 trade 1 PartiallyFilled 3+2
        => trade 1 buy 3@150
        => alice Canceled a2 5 Canceled 3+0 Uncovered
        => level sell 0@100
        => level sell 2@150
        alice balance USD
        => 50 + 0 held
        """);

    /// <summary>
    /// An auction's price is made of all orders at once and nobody comes in, so there is no newest order to decide: prevention is for
    /// continuous trading alone, as on Eurex (self-match prevention in continuous trading) and NYSE's options markets (not in trading auctions).
    /// </summary>
    [TestCase("newest"), TestCase("oldest"), TestCase("both"), TestCase("decrement")]
    public void An_auction_does_not_look_at_groups(string mode) => Script.Run($"""
        firm alice USD 1000 X 10
        phase preopen
        => phase PreOpen after Continuous
        alice buy a1 5@100 group 1 {mode}
        => alice New a1 5@100 New 0+5
        => level buy 5@100
        alice sell a2 5@100 group 1 {mode}
        => alice New a2 5@100 New 0+5
        => level sell 5@100
        => indicative 5@100 surplus 0/0
        phase continuous
        => alice Trade a1 5@100 fills 5@100 auction fee 0 trade 1 Filled 5+0
        => alice Trade a2 5@100 fills 5@100 auction fee 0 trade 1 Filled 5+0
        => trade 1 auction 5@100
        => phase Continuous after PreOpen
        => level buy 0@100
        => level sell 0@100
        """);

    [Test]
    public void A_fill_or_kill_order_may_trade_with_what_stands_before_its_own() => Script.Run("""
        firm alice USD 10000 X 100
        firm bob X 100
        bob sell b1 20@100 show 5
        => bob New b1 20@100 New 0+20
        => level sell 5@100
        bob sell b2 3@100
        => bob New b2 3@100 New 0+3
        => level sell 8@100
        alice sell a1 5@100 group 1
        => alice New a1 5@100 New 0+5
        => level sell 13@100
        alice buy a2 9@100 fok group 1 newest
        => alice New a2 9@100 New 0+9
        => alice Canceled a2 9@100 Canceled 0+0 Unfilled
        alice buy a3 8@100 fok group 1 newest
        => alice New a3 8@100 New 0+8
        => bob Trade b1 20@100 fills 5@100 maker fee 0 trade 1 PartiallyFilled 5+15
        => alice Trade a3 8@100 fills 5@100 taker fee 0 trade 1 PartiallyFilled 5+3
        => trade 1 buy 5@100
        => bob Trade b2 3@100 fills 3@100 maker fee 0 trade 2 Filled 3+0
        => alice Trade a3 8@100 fills 3@100 taker fee 0 trade 2 Filled 8+0
        => trade 2 buy 3@100
        => level sell 10@100
        """);
}
