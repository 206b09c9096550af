namespace Venue.Tests.Engine;

/// <summary>Requests of which the best answers are told: when, which, in which order, and what cannot be hit.</summary>
internal sealed class BestAnswerTests
{
    private const string Market = """
        instrument fees 1000/2000 min 1 max 100 top 10000 ref 1000 band 100000
        firm lp USD 100000 X 100
        firm lp2 USD 100000 X 100
        firm lp3 USD 100000 X 100
        firm bob USD 100000 X 100
        quoter lp
        => QuotingDefined
        quoter lp2
        => QuotingDefined
        quoter lp3
        => QuotingDefined
        connect lp N
        => lp is connected
        connect lp2 N
        => lp2 is connected
        connect lp3 N
        => lp3 is connected
        lp watch
        lp2 watch
        lp3 watch

        """;

    private const string Asked = """
        => lp is asked by bob
        => lp2 is asked by bob
        => lp3 is asked by bob

        """;

    private const string AskedToBuy = """
        => lp is asked by bob Buy 5
        => lp2 is asked by bob Buy 5
        => lp3 is asked by bob Buy 5

        """;

    [Test]
    public void The_best_answers_are_told_together_when_all_have_answered_and_the_others_cannot_be_hit() => Script.Run(Market + """
        bob ask r1 buy size 5 until 30 window 4 best 2

        """ + AskedToBuy + """
        lp answer s1 9@990 / 9@1010
        bob take h1 buy 5
        => bob Rejected h1 5 Rejected 0+0 UnknownQuote
        lp2 answer s2 - / 5@1009
        lp3 answer s3 - / 7@1010
        => bob is offered r1 by lp2 0@0 / 5@1009 until 30
        => bob is offered r1 by lp 9@990 / 9@1010 until 30
        bob take h2 buy 5 of s3
        => bob Rejected h2 5 Rejected 0+0 UnknownQuote
        bob take h3 buy 5@1010 of s1
        => bob New h3 5@1010 New 0+5
        => lp Trade s1 5@1010 fills 5@1010 maker fee 5 trade 1 Filled 5+0
        => bob Trade h3 5@1010 fills 5@1010 taker fee 10 trade 1 Filled 5+0
        => trade 1 buy 5@1010
        => lp2 answer s2 ended Unfilled
        => lp3 answer s3 ended Unfilled
        """);

    [Test]
    public void The_window_ends_by_time_too_and_an_answer_that_is_better_is_told_afterwards() => Script.Run(Market + """
        bob ask r1 sell until 30 window 4 best 1
        => lp is asked by bob Sell
        => lp2 is asked by bob Sell
        => lp3 is asked by bob Sell
        lp answer s1 9@990 / -
        lp answer s2 9@989 / -
        later 3999
        later 2
        => bob is offered r1 by lp 9@989 / 0@0 until 30
        lp2 answer s3 9@988 / -
        lp3 answer s4 10@989 / -
        => bob is offered r1 by lp3 10@989 / 0@0 until 30
        bob pass
        => bob request r1 ended ClientRequest
        => lp answer s2 ended ClientRequest
        => lp2 answer s3 ended ClientRequest
        => lp3 answer s4 ended ClientRequest
        """);

    [Test]
    public void The_next_best_is_told_when_a_told_one_is_gone_and_a_new_one_in_the_place_of_a_told_one_is_always_told() => Script.Run(Market + """
        bob ask r1 buy until 30 window 4 best 1
        => lp is asked by bob Buy
        => lp2 is asked by bob Buy
        => lp3 is asked by bob Buy
        lp answer s1 - / 9@1008 until 10
        lp2 answer s2 - / 9@1009
        lp3 answer s3 - / 9@1010
        => bob is offered r1 by lp 0@0 / 9@1008 until 10
        time 10
        => lp answer s1 ended Expired
        => bob is offered r1 by lp2 0@0 / 9@1009 until 30
        lp2 answer s4 - / 9@1020
        => bob is offered r1 by lp2 0@0 / 9@1020 until 30
        => bob is offered r1 by lp3 0@0 / 9@1010 until 30
        disconnect lp3 lost
        => lp3 is gone
        => lp3 answer s3 ended Disconnected
        bob take h1 buy 9 of s2
        => bob Rejected h1 9 Rejected 0+0 UnknownQuote
        """);

    [Test]
    public void What_covers_the_size_comes_first_then_price_size_and_time() => Script.Run(Market + """
        bob ask r1 buy size 5 until 30 window 4 best 3

        """ + AskedToBuy + """
        lp answer s1 - / 4@1001
        lp2 answer s2 - / 5@1010
        lp3 answer s3 - / 6@1010
        => bob is offered r1 by lp3 0@0 / 6@1010 until 30
        => bob is offered r1 by lp2 0@0 / 5@1010 until 30
        => bob is offered r1 by lp 0@0 / 4@1001 until 30
        """);

    [Test]
    public void Of_a_request_for_both_sides_the_best_of_each_are_told() => Script.Run(Market + """
        bob ask r1 until 30 window 4 best 1

        """ + Asked + """
        lp answer s1 9@990 / 9@1010
        lp2 answer s2 9@995 / 9@1030
        lp3 answer s3 9@980 / 9@1005
        => bob is offered r1 by lp3 9@980 / 9@1005 until 30
        => bob is offered r1 by lp2 9@995 / 9@1030 until 30
        """);

    [Test]
    public void Who_declines_or_is_lost_is_not_waited_for() => Script.Run(Market + """
        bob ask r1 until 30 window 4 best 1

        """ + Asked + """
        lp answer s1 9@990 / 9@1010
        lp2 decline
        disconnect lp3 lost
        => lp3 is gone
        => bob is offered r1 by lp 9@990 / 9@1010 until 30
        lp2 answer s2 9@990 / 9@1010
        => lp2 answer s2 ended UnknownQuote
        lp2 requests
        => asked 1 answered 0 missed 0 taken 0 gone 0 declined 1
        bob decline
        => bob answer ended NotAuthorized
        """);

    [Test]
    public void A_request_that_all_decline_is_over_and_a_declined_answer_is_taken_back() => Script.Run(Market + """
        bob ask r1 until 30 window 4 best 1

        """ + Asked + """
        lp answer s1 9@990 / 9@1010
        lp decline
        => lp answer s1 ended Declined
        lp2 decline
        lp3 decline
        => bob request r1 ended Declined
        """);

    /// <summary>Half of a short life is for the client, so that it is told something that it can still hit.</summary>
    [Test]
    public void A_window_is_at_most_half_of_the_request() => Script.Run(Market + """
        bob ask r1 until 6 window 100 best 1

        """ + Asked + """
        lp answer s1 9@990 / 9@1010
        later 2999
        later 2
        => bob is offered r1 by lp 9@990 / 9@1010 until 6
        time 6
        => lp answer s1 ended Expired
        => bob request r1 ended Expired
        bob ask r2 until 9 window 1 best 17
        => bob request r2 ended UnsupportedOrder
        """);

    [Test]
    public void Nobody_is_told_of_an_answer_that_was_kept_back_when_the_client_is_gone() => Script.Run(Market + """
        connect bob N
        => bob is connected
        bob ask r1 until 30 window 4 best 1

        """ + Asked + """
        lp answer s1 9@990 / 9@1010
        bob pass
        => bob request ended UnknownQuote
        disconnect bob lost
        => bob is gone
        => bob request r1 ended Disconnected
        => lp answer s1 ended Disconnected
        """);
}
