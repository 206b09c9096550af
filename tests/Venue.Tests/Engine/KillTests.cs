using Venue.Engine;

namespace Venue.Tests.Engine;

/// <summary>Kill switches: what they cover is gone and stays out until they are lifted.</summary>
internal sealed class KillTests
{
    private const string Books = """
        firm alice USD 10000 X 100
        session desk of alice
        firm bob USD 10000 X 100
        alice buy a1 1@98
        => alice New a1 1@98 New 0+1
        => level buy 1@98
        desk buy d1 2@99
        => desk New d1 2@99 New 0+2
        => level buy 2@99
        bob buy b1 3@99
        => bob New b1 3@99 New 0+3
        => level buy 5@99
        alice buy a2 4@99
        => alice New a2 4@99 New 0+4
        => level buy 9@99
        alice sell a3 5@102
        => alice New a3 5@102 New 0+5
        => level sell 5@102
        desk sell d2 6@101
        => desk New d2 6@101 New 0+6
        => level sell 6@101
        bob sell b2 7@103
        => bob New b2 7@103 New 0+7
        => level sell 7@103

        """;

    [Test]
    public void The_venue_buys_before_sells_best_first_oldest_first() => Script.Run(Books + """
        kill venue
        => desk Canceled d1 2@99 Canceled 0+0 Killed
        => bob Canceled b1 3@99 Canceled 0+0 Killed
        => alice Canceled a2 4@99 Canceled 0+0 Killed
        => alice Canceled a1 1@98 Canceled 0+0 Killed
        => desk Canceled d2 6@101 Canceled 0+0 Killed
        => alice Canceled a3 5@102 Canceled 0+0 Killed
        => bob Canceled b2 7@103 Canceled 0+0 Killed
        => level buy 0@99
        => level buy 0@98
        => level sell 0@101
        => level sell 0@102
        => level sell 0@103
        => venue 0 killed
        bob sell b3 1@103
        => bob Rejected b3 1@103 Rejected 0+0 Killed
        alice balance USD
        => 10000 + 0 held
        bob balance X
        => 100 + 0 held
        """);

    [Test]
    public void A_firm_with_all_its_sessions() => Script.Run(Books + """
        kill firm alice
        => alice Canceled a1 1@98 Canceled 0+0 Killed
        => alice Canceled a2 4@99 Canceled 0+0 Killed
        => alice Canceled a3 5@102 Canceled 0+0 Killed
        => desk Canceled d1 2@99 Canceled 0+0 Killed
        => desk Canceled d2 6@101 Canceled 0+0 Killed
        => level buy 0@98
        => level buy 3@99
        => level sell 0@102
        => level sell 0@101
        => firm 1 killed
        desk sell d3 1@99
        => desk Rejected d3 1@99 Rejected 0+0 Killed
        bob buy b3 1@99
        => bob New b3 1@99 New 0+1
        => level buy 4@99
        """);

    [Test]
    public void A_session_but_not_the_others_of_its_firm() => Script.Run(Books + """
        kill session desk
        => desk Canceled d1 2@99 Canceled 0+0 Killed
        => desk Canceled d2 6@101 Canceled 0+0 Killed
        => level buy 7@99
        => level sell 0@101
        => session 2 killed
        desk buy d3 1@99
        => desk Rejected d3 1@99 Rejected 0+0 Killed
        alice buy a4 1@99
        => alice New a4 1@99 New 0+1
        => level buy 8@99
        """);

    [Test]
    public void An_instrument_until_it_is_lifted() => Script.Run("""
        firm alice USD 1000
        alice buy a1 2@99
        => alice New a1 2@99 New 0+2
        => level buy 2@99
        kill instrument
        => alice Canceled a1 2@99 Canceled 0+0 Killed
        => level buy 0@99
        => instrument 1 killed
        alice buy a2 1@99
        => alice Rejected a2 1@99 Rejected 0+0 Killed
        lift instrument
        => instrument 1 lifted
        alice buy a2 1@99
        => alice Rejected a2 1@99 Rejected 0+0 DuplicateClOrdID
        alice buy a3 1@99
        => alice New a3 1@99 New 0+1
        => level buy 1@99
        """);

    [Test]
    public void Engaged_or_lifted_again_it_is_told_again_and_changes_nothing() => Script.Run("""
        firm alice USD 1000
        lift venue
        => venue 0 lifted
        kill venue
        => venue 0 killed
        kill venue
        => venue 0 killed
        lift venue
        => venue 0 lifted
        alice buy a1 1@99
        => alice New a1 1@99 New 0+1
        => level buy 1@99
        lift venue
        => venue 0 lifted
        kill venue
        => alice Canceled a1 1@99 Canceled 0+0 Killed
        => level buy 0@99
        => venue 0 killed
        """);

    [Test]
    public void Each_switch_is_lifted_by_itself() => Script.Run("""
        firm alice USD 1000
        kill firm alice
        => firm 1 killed
        kill session alice
        => session 1 killed
        lift firm alice
        => firm 1 lifted
        alice buy a1 1@99
        => alice Rejected a1 1@99 Rejected 0+0 Killed
        lift session alice
        => session 1 lifted
        alice buy a2 1@99
        => alice New a2 1@99 New 0+1
        => level buy 1@99
        """);

    [Test]
    public void A_killed_order_is_too_late_to_cancel_or_replace() => Script.Run("""
        firm alice USD 1000
        firm bob X 10
        alice buy a1 5@99
        => alice New a1 5@99 New 0+5
        => level buy 5@99
        bob sell b1 2@99
        => bob New b1 2@99 New 0+2
        => alice Trade a1 5@99 fills 2@99 maker fee 0 trade 1 PartiallyFilled 2+3
        => bob Trade b1 2@99 fills 2@99 taker fee 0 trade 1 Filled 2+0
        => trade 1 sell 2@99
        => level buy 3@99
        kill firm alice
        => alice Canceled a1 5@99 Canceled 2+0 Killed
        => level buy 0@99
        => firm 1 killed
        alice balance USD
        => 802 + 0 held
        alice replace r1 a1 3@99
        => alice ReplaceReject r1 of a1 Canceled TooLate
        alice cancel c1 a1
        => alice CancelReject c1 of a1 Canceled TooLate
        alice status a1
        => alice OrderStatus a1 5@99 Canceled 2+0
        """);

    [Test]
    public void It_is_looked_at_last_and_by_orders_that_never_rest_too() => Script.Run("""
        firm alice USD 1000
        firm bob X 1
        bob sell b1 1@99
        => bob New b1 1@99 New 0+1
        => level sell 1@99
        kill session alice
        => session 1 killed
        alice buy a1 11@100
        => alice Rejected a1 11@100 Rejected 0+0 InsufficientBalance
        alice buy a2 1@99
        => alice Rejected a2 1@99 Rejected 0+0 VenueFull
        bob cancel c1 b1
        => bob Canceled c1 of b1 1@99 Canceled 0+0 ClientRequest
        => level sell 0@99
        alice buy a2 1@99
        => alice Rejected a2 1@99 Rejected 0+0 Killed
        alice buy a3 1@99 ioc
        => alice Rejected a3 1@99 Rejected 0+0 Killed
        alice buy a4 1@99 fok
        => alice Rejected a4 1@99 Rejected 0+0 Killed
        alice buy a5 1 market
        => alice Rejected a5 1 Rejected 0+0 Killed
        """, new EngineCapacity { Orders = 1, ClOrdIDs = 20, LevelPages = 5 });

    [Test]
    public void Money_still_moves_while_the_venue_is_dead() => Script.Run("""
        firm alice USD 1000
        kill venue
        => venue 0 killed
        credit alice USD 5 key k1
        => Credited
        hold alice USD 1005 key w1
        => withdrawal w1 held firm 1 asset 1 1005
        settle w1
        => withdrawal w1 settled firm 1 asset 1 1005
        """);
}
