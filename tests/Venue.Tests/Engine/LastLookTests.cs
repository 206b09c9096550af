namespace Venue.Tests.Engine;

/// <summary>Last look: hits that their provider may look at, what ends them, and what is counted.</summary>
internal sealed class LastLookTests
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
        connect bob N
        => bob is connected
        lp watch
        lp2 watch
        lp looking 100
        => done DefineLastLook

        """;

    private const string Held = Market + """
        bob ask r1 buy size 5 until 30
        => lp is asked by bob Buy 5
        => lp2 is asked by bob Buy 5
        lp2 answer s2 - / 5@1012
        => bob is offered r1 by lp2 0@0 / 5@1012 until 30
        lp answer s1 9@990 / 9@1010
        => bob is offered r1 by lp 9@990 / 9@1010 until 30 look 100
        bob take h1 buy 5@1010
        => bob PendingNew h1 5@1010 PendingNew 0+5
        => lp answer s1 is hit buy 5@1010 until 0.1

        """;

    [Test]
    public void An_accepted_hit_trades_what_was_hit_and_both_sides_money_was_held_meanwhile() => Script.Run(Held + """
        bob balance USD
        => 94940 + 5060 held
        lp balance X
        => 95 + 5 held
        bob status h1
        => bob OrderStatus h1 5@1010 PendingNew 0+5
        later 50
        lp accept
        => lp Trade s1 5@1010 fills 5@1010 maker fee 5 trade 1 Filled 5+0
        => bob Trade h1 5@1010 fills 5@1010 taker fee 10 trade 1 Filled 5+0
        => trade 1 buy 5@1010
        => lp2 answer s2 ended Unfilled
        bob balance USD
        => 94940 + 0 held
        lp balance X
        => 95 + 0 held
        lp requests
        => asked 1 answered 1 missed 0 taken 1 gone 0
        lp looks
        => held 1 accepted 1 price 0 validity 0 silent 0 ended 0, mean 50 max 50 half 100 most 100 ms
        lp accept
        => lp answer said ended UnknownQuote
        """);

    [TestCase("price", "LookPrice", 1, 0), TestCase("validity", "LookValidity", 0, 1)]
    public void A_refused_hit_ends_the_answer_and_the_request_goes_on(string why, string reason, int price, int validity) => Script.Run(Held + $"""
        lp2 accept
        => lp2 answer said ended UnknownQuote
        lp refuse {why}
        => lp answer s1 ended {reason}
        => bob Rejected h1 5@1010 Rejected 0+0 {reason}
        bob balance USD
        => 100000 + 0 held
        lp balance X
        => 100 + 0 held
        bob status h1
        => bob OrderStatus h1 5@1010 Rejected 0+0
        bob cancel c1 h1
        => bob CancelReject c1 of h1 Rejected TooLate
        bob take h2 buy 5 of s1
        => bob Rejected h2 5 Rejected 0+0 UnknownQuote
        lp looks
        => held 1 accepted 0 price {price} validity {validity} silent 0 ended 0, mean 0 max 0 half 1 most 1 ms
        lp answer s3 - / 9@1011
        => bob is offered r1 by lp 0@0 / 9@1011 until 30 look 100 accepted 0 % of 1 in 1 ms
        bob take h3 buy 5 of s2
        => bob New h3 5@1012 New 0+5
        => lp2 Trade s2 5@1012 fills 5@1012 maker fee 5 trade 1 Filled 5+0
        => bob Trade h3 5@1012 fills 5@1012 taker fee 10 trade 1 Filled 5+0
        => trade 1 buy 5@1012
        => lp answer s3 ended Unfilled
        """);

    [Test]
    public void Silence_to_the_end_of_the_hold_time_refuses_and_is_counted_apart() => Script.Run(Held + """
        later 99
        later 2
        => lp answer s1 ended LookTimedOut
        => bob Rejected h1 5@1010 Rejected 0+0 LookTimedOut
        lp accept
        => lp answer said ended UnknownQuote
        lp looks
        => held 1 accepted 0 price 0 validity 0 silent 1 ended 0, mean 101 max 101 half 200 most 200 ms
        """);

    [Test]
    public void Nobody_ends_it_but_its_provider_and_the_time() => Script.Run(Held + """
        bob cancel c1 h1
        => bob CancelReject c1 of h1 PendingNew LookPending
        bob replace c2 h1 4@1010
        => bob ReplaceReject c2 of h1 PendingNew LookPending
        bob pull q1
        => bob mass cancel q1 of 0
        bob take h2 buy 5 of s2
        => bob Rejected h2 5 Rejected 0+0 LookPending
        bob pass
        => bob request ended LookPending
        lp answer s3 - / 9@1020
        => lp answer s3 ended LookPending
        lp decline
        => lp answer ended LookPending
        lp pull q2
        => lp mass cancel q2 of 0
        lp2 decline
        => lp2 answer s2 ended Declined
        bob list a1
        => bob a1 of 1 last: bob OrderStatus h1 5@1010 PendingNew 0+5
        lp accept
        => lp Trade s1 5@1010 fills 5@1010 maker fee 5 trade 1 Filled 5+0
        => bob Trade h1 5@1010 fills 5@1010 taker fee 10 trade 1 Filled 5+0
        => trade 1 buy 5@1010
        """);

    private static readonly TestCaseData[] Interruptions =
    [
        new("disconnect lp lost", "=> lp is gone\n=> lp answer s1 ended Disconnected\n=> bob Rejected h1 5@1010 Rejected 0+0 QuoteGone"),
        new("disconnect bob lost", "=> bob is gone\n=> lp answer s1 ended Disconnected\n=> bob Rejected h1 5@1010 Rejected 0+0 Disconnected\n=> bob request r1 ended Disconnected\n=> lp2 answer s2 ended Disconnected"),
        new("kill firm lp", "=> lp answer s1 ended Killed\n=> bob Rejected h1 5@1010 Rejected 0+0 QuoteGone\n=> firm 1 killed"),
        new("kill session bob", "=> lp answer s1 ended Unfilled\n=> bob Rejected h1 5@1010 Rejected 0+0 Killed\n=> session 3 killed"),
        new("kill instrument X", "=> lp answer s1 ended Killed\n=> bob Rejected h1 5@1010 Rejected 0+0 Killed\n=> instrument 1 killed"),
        new("phase closed", "=> phase Closed after Continuous\n=> lp answer s1 ended Phase\n=> bob Rejected h1 5@1010 Rejected 0+0 Phase"),
    ];

    [TestCaseSource(nameof(Interruptions))]
    public void What_comes_between_refuses_it(string what, string told) => Script.Run(Held + $"""
        {what}
        {told}
        bob balance USD
        => 100000 + 0 held
        lp accept
        => lp answer said ended UnknownQuote
        lp looks
        => held 1 accepted 0 price 0 validity 0 silent 0 ended 1, mean 0 max 0 half 0 most 0 ms
        """);

    [Test]
    public void A_liquidated_account_hits_nothing() => Script.Run(Market + """
        counts USD haircut 0
        => done DefineMarginAsset
        counts X haircut 1000
        => done DefineMarginAsset
        line bob X 50
        => done SetCreditLine
        index 1000
        margin bob initial 2000 maintenance 1000
        => done DefineMarginAccount
        => bob Healthy after None equity 190000 debt 0
        lp quote q1 60@1000 / -
        => lp quote q1 bid
        => level buy 60@1000
        lp2 quote q2 90@999 / -
        => lp2 quote q2 bid
        => level buy 90@999
        bob sell b1 60@1000
        => bob New b1 60@1000 New 0+60
        => lp Trade q1 60@1000 fills 60@1000 maker fee 60 trade 1 Filled 60+0
        => bob Trade b1 60@1000 fills 60@1000 taker fee 120 trade 1 Filled 60+0
        => trade 1 sell 60@1000
        => level buy 0@1000
        bob sell b2 90@999
        => bob New b2 90@999 New 0+90
        => lp2 Trade q2 90@999 fills 90@999 maker fee 89 trade 2 Filled 90+0
        => bob Trade b2 90@999 fills 90@999 taker fee 179 trade 2 Filled 90+0
        => trade 2 sell 90@999
        => level buy 0@999
        bob ask r1 buy until 30
        => lp is asked by bob Buy
        => lp2 is asked by bob Buy
        lp answer s1 - / 9@1010
        => bob is offered r1 by lp 0@0 / 9@1010 until 30 look 100
        bob take h1 buy 5
        => bob PendingNew h1 5@1010 PendingNew 0+5
        => lp answer s1 is hit buy 5@1010 until 0.1
        index 4300
        later 0
        => bob Liquidating after Healthy equity 13111 debt 215000
        => lp answer s1 ended Unfilled
        => bob Rejected h1 5@1010 Rejected 0+0 MarginCanceled
        lp looks
        => held 1 accepted 0 price 0 validity 0 silent 0 ended 1, mean 0 max 0 half 0 most 0 ms
        """);

    /// <summary>The hold time may pass the request's and the answer's own: what was hit in time is decided, then they end.</summary>
    [Test]
    public void A_hit_outlives_its_request_until_it_is_decided() => Script.Run(Market + """
        bob ask r1 buy until 1
        => lp is asked by bob Buy
        => lp2 is asked by bob Buy
        lp answer s1 - / 9@1010
        => bob is offered r1 by lp 0@0 / 9@1010 until 1 look 100
        later 950
        bob take h1 buy 5
        => bob PendingNew h1 5@1010 PendingNew 0+5
        => lp answer s1 is hit buy 5@1010 until 1.05
        time 1
        lp2 answer s2 - / 5@1012
        => lp2 answer s2 ended ExpireTimePassed
        later 20
        lp refuse price
        => lp answer s1 ended LookPrice
        => bob Rejected h1 5@1010 Rejected 0+0 LookPrice
        later 0
        => bob request r1 ended Expired
        """);

    [Test]
    public void Only_a_provider_may_have_it_only_for_so_long_and_not_for_what_it_answered_before() => Script.Run(Market + """
        bob looking 100
        => refused DefineLastLook Contradiction
        lp looking 201
        => refused DefineLastLook Contradiction
        lp looking 0
        => done DefineLastLook
        bob ask r1 buy until 30
        => lp is asked by bob Buy
        => lp2 is asked by bob Buy
        lp answer s1 - / 9@1010
        => bob is offered r1 by lp 0@0 / 9@1010 until 30
        lp looking 200
        => done DefineLastLook
        bob take h1 buy 5@1010
        => bob New h1 5@1010 New 0+5
        => lp Trade s1 5@1010 fills 5@1010 maker fee 5 trade 1 Filled 5+0
        => bob Trade h1 5@1010 fills 5@1010 taker fee 10 trade 1 Filled 5+0
        => trade 1 buy 5@1010
        """);

    /// <summary>Quotes in the book are firm, whatever their provider may do elsewhere.</summary>
    [Test]
    public void A_quote_in_the_book_trades_at_once() => Script.Run(Market + """
        lp quote q1 - / 5@1010
        => lp quote q1 ask
        => level sell 5@1010
        bob buy b1 5@1010
        => bob New b1 5@1010 New 0+5
        => lp Trade q1 5@1010 fills 5@1010 maker fee 5 trade 1 Filled 5+0
        => bob Trade b1 5@1010 fills 5@1010 taker fee 10 trade 1 Filled 5+0
        => trade 1 buy 5@1010
        => level sell 0@1010
        """);
}
