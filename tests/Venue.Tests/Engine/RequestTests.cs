namespace Venue.Tests.Engine;

/// <summary>Requests for quotes: who is asked, what is answered, what a hit does.</summary>
internal sealed class RequestTests
{
    private const string Market = """
        instrument fees 1000/2000 min 1 max 100 top 10000 ref 1000 band 100000
        firm lp USD 100000 X 100
        firm lp2 USD 100000 X 100
        firm bob USD 100000 X 100
        quoter lp
        => QuotingDefined
        quoter lp2
        => QuotingDefined
        connect lp N
        => lp is connected
        connect lp2 N
        => lp2 is connected
        lp watch
        lp2 watch

        """;

    [Test]
    public void The_answer_that_is_taken_trades_and_the_other_is_told_that_it_lost() => Script.Run(Market + """
        bob sell b1 3@1005
        => bob New b1 3@1005 New 0+3
        => level sell 3@1005
        bob ask r1 buy size 5 until 30
        => lp is asked by bob Buy 5
        => lp2 is asked by bob Buy 5
        lp answer s1 9@990 / 9@1010
        => bob is offered r1 by lp 9@990 / 9@1010 until 30
        lp2 answer s2 - / 5@1009 until 20
        => bob is offered r1 by lp2 0@0 / 5@1009 until 20
        bob take h1 buy 5@1009
        => bob New h1 5@1009 New 0+5
        => lp2 Trade s2 5@1009 fills 5@1009 maker fee 5 trade 1 Filled 5+0
        => bob Trade h1 5@1009 fills 5@1009 taker fee 10 trade 1 Filled 5+0
        => trade 1 buy 5@1009
        => lp answer s1 ended Unfilled
        bob balance X
        => 102 + 3 held
        lp2 balance X
        => 95 + 0 held
        lp2 requests
        => asked 1 answered 1 missed 0 taken 1 gone 0
        lp requests
        => asked 1 answered 1 missed 0 taken 0 gone 0
        """);

    [Test]
    public void Who_does_not_answer_in_time_is_counted_and_nobody_asked_is_told_at_once() => Script.Run(Market + """
        bob ask r1 until 30
        => lp is asked by bob
        => lp2 is asked by bob
        lp answer s1 9@990 / 9@1010
        => bob is offered r1 by lp 9@990 / 9@1010 until 30
        time 30
        => lp answer s1 ended Expired
        => bob request r1 ended Expired
        lp2 answer s2 9@990 / 9@1010
        => lp2 answer s2 ended UnknownQuote
        lp2 requests
        => asked 1 answered 0 missed 1 taken 0 gone 0
        lp watch off
        lp2 watch off
        bob ask r2 until 60
        => bob request r2 ended NoProvider
        """);

    [Test]
    public void A_provider_without_the_money_is_told_why_and_the_client_that_it_is_gone() => Script.Run(Market + """
        bob ask r1 until 30
        => lp is asked by bob
        => lp2 is asked by bob
        lp answer s1 9@990 / 9@1010
        => bob is offered r1 by lp 9@990 / 9@1010 until 30
        lp sell a1 95@1050
        => lp New a1 95@1050 New 0+95
        => level sell 95@1050
        bob take h1 buy 6@1010
        => lp answer s1 ended InsufficientBalance
        => bob Rejected h1 6 Rejected 0+0 QuoteGone
        lp requests
        => asked 1 answered 1 missed 0 taken 0 gone 1
        bob take h2 buy 5@1010
        => bob Rejected h2 5 Rejected 0+0 UnknownQuote
        """);

    [Test]
    public void A_hit_is_checked_as_an_order_is_and_the_answer_stays_when_it_is_refused() => Script.Run(Market + """
        bob ask r1 until 30
        => lp is asked by bob
        => lp2 is asked by bob
        lp answer s1 - / 9@1010
        => bob is offered r1 by lp 0@0 / 9@1010 until 30
        lp2 take x1 buy 9@1010
        => lp2 Rejected x1 9 Rejected 0+0 UnknownQuote
        bob take h1 sell 9@1010
        => bob Rejected h1 9 Rejected 0+0 UnknownQuote
        bob take h1 buy 9@1010
        => bob Rejected h1 9 Rejected 0+0 DuplicateClOrdID
        bob take h2 buy 9@1009
        => bob Rejected h2 9 Rejected 0+0 PriceOutOfRange
        bob take h3 buy 10@1010
        => bob Rejected h3 10 Rejected 0+0 QuantityTooLarge
        bob take h4 buy 0
        => bob Rejected h4 0 Rejected 0+0 QuantityTooSmall
        phase halt
        => phase Halt after Continuous
        bob take h5 buy 9
        => bob Rejected h5 9 Rejected 0+0 Phase
        phase continuous
        => phase Continuous after Halt
        limits of bob position 4 on X-USD
        => done DefineLimits
        bob take h6 buy 9
        => bob Rejected h6 9 Rejected 0+0 PositionLimit
        bob take h7 buy 4
        => bob New h7 4@1010 New 0+4
        => lp Trade s1 4@1010 fills 4@1010 maker fee 4 trade 1 Filled 4+0
        => bob Trade h7 4@1010 fills 4@1010 taker fee 8 trade 1 Filled 4+0
        => trade 1 buy 4@1010
        """);

    [Test]
    public void A_hit_wakes_no_stop_and_moves_no_band() => Script.Run(Market + """
        bob buy s1 2 stop 1010
        => bob New s1 2 New 0+2
        bob ask r1 until 30
        => lp is asked by bob
        => lp2 is asked by bob
        lp answer s1 - / 9@1050
        => bob is offered r1 by lp 0@0 / 9@1050 until 30
        bob take h1 buy 9
        => bob New h1 9@1050 New 0+9
        => lp Trade s1 9@1050 fills 9@1050 maker fee 9 trade 1 Filled 9+0
        => bob Trade h1 9@1050 fills 9@1050 taker fee 18 trade 1 Filled 9+0
        => trade 1 buy 9@1050
        bob buy b1 1@1120
        => bob Rejected b1 1@1120 Rejected 0+0 PriceBand
        """);

    [Test]
    public void Answers_are_refused_that_cannot_be_and_a_new_one_takes_the_place_of_the_old() => Script.Run(Market + """
        bob answer x1 9@990 / 9@1010
        => bob answer x1 ended NotAuthorized
        bob ask r1 sell until 30
        => lp is asked by bob Sell
        => lp2 is asked by bob Sell
        lp answer s1 - / 9@1010
        => lp answer s1 ended UnsupportedOrder
        lp answer s2 9@1010 / 9@1010
        => lp answer s2 ended QuoteCrossed
        lp answer s3 9@2000 / -
        => lp answer s3 ended PriceBand
        lp answer s4 9@990 / -
        => bob is offered r1 by lp 9@990 / 0@0 until 30
        lp answer s5 9@991 / -
        => bob is offered r1 by lp 9@991 / 0@0 until 30
        bob take h1 sell 9@990
        => bob Rejected h1 9 Rejected 0+0 PriceOutOfRange
        bob pass
        => bob request r1 ended ClientRequest
        => lp answer s5 ended ClientRequest
        lp requests
        => asked 1 answered 1 missed 0 taken 0 gone 0
        """);

    [Test]
    public void What_a_lost_session_asked_or_answered_is_gone() => Script.Run(Market + """
        connect bob N
        => bob is connected
        bob ask r1 until 30
        => lp is asked by bob
        => lp2 is asked by bob
        lp answer s1 9@990 / 9@1010
        => bob is offered r1 by lp 9@990 / 9@1010 until 30
        disconnect lp lost
        => lp is gone
        => lp answer s1 ended Disconnected
        bob take h1 buy 9
        => bob Rejected h1 9 Rejected 0+0 UnknownQuote
        disconnect bob lost
        => bob is gone
        => bob request r1 ended Disconnected
        """);

    /// <summary>Neither answers nor is held to what it answered before it went on margin: the client is told at the hit, as with any provider that cannot.</summary>
    [Test]
    public void A_firm_on_margin_may_not_answer() => Script.Run(Market + """
        counts USD haircut 0
        => done DefineMarginAsset
        counts X haircut 1000
        => done DefineMarginAsset
        bob ask r1 buy size 5 until 30
        => lp is asked by bob Buy 5
        => lp2 is asked by bob Buy 5
        lp answer s1 9@990 / 9@1010
        => bob is offered r1 by lp 9@990 / 9@1010 until 30
        margin lp initial 2000 maintenance 1000
        => done DefineMarginAccount
        => lp Healthy after None equity 100000 debt 0
        lp answer s2 9@991 / 9@1009
        => lp answer s2 ended NotAuthorized
        bob take h1 buy 5@1010 first
        => lp answer s1 ended NotAuthorized
        => bob Rejected h1 5 Rejected 0+0 QuoteGone
        lp requests
        => asked 1 answered 1 missed 0 taken 0 gone 1
        """);
}
