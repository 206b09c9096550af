namespace Venue.Tests.Engine;

/// <summary>Quotes: taken, put in the place of what was there, pulled, refused.</summary>
internal sealed class QuoteTests
{
    private const string Provider = """
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

    [Test]
    public void Refusals_come_in_the_order_of_the_checks_and_change_nothing() => Script.Run(Provider + """

        bob quote q0 10@99 / 8@101
        => bob quote q0 NotAuthorized
        lp quote q1 - / -
        => lp quote q1 UnsupportedOrder
        lp quote q2 5@99 / 5@101
        => lp quote q2 both
        => level buy 5@99
        => level sell 5@101
        lp quote q3 2000@99 / 2000@99 offlot offtick
        => lp quote q3 QuantityIncrement
        lp quote q4 200@99 / 2000@99 offtick
        => lp quote q4 QuantityTooLarge
        lp quote q5 20@99 / 2000@99 offtick
        => lp quote q5 PriceIncrement
        lp quote q6 20@130 / 2000@99
        => lp quote q6 PriceBand
        lp quote q7 20@110 / 2000@90
        => lp quote q7 QuantityTooLarge
        kill session bob
        => session 2 killed
        kill firm lp
        => lp Canceled q2 5@99 Canceled 0+0 Killed
        => lp Canceled q2 5@101 Canceled 0+0 Killed
        => level buy 0@99
        => level sell 0@101
        => firm 1 killed
        lp quote q8 20@110 / 20@90
        => lp quote q8 Killed
        lift firm lp
        => firm 1 lifted
        lp quote q9 20@110 / 20@90
        => lp quote q9 QuoteCrossed
        lp quote q10 20@100 / 20@100 until 0
        => lp quote q10 QuoteCrossed
        phase halt
        => phase Halt after Continuous
        lp quote q11 20@99 / 20@101
        => lp quote q11 Phase
        """);

    [Test]
    public void The_money_for_both_sides_must_be_there_and_a_refusal_leaves_what_stands() => Script.Run("""
        instrument min 1 max 100 top 1000
        firm lp USD 1000 X 10
        quoter lp
        => QuotingDefined
        lp quote q1 10@99 / 10@101
        => lp quote q1 both
        => level buy 10@99
        => level sell 10@101
        lp quote q2 10@99 / 11@101
        => lp quote q2 InsufficientBalance
        lp quote q3 11@99 / 5@101
        => lp quote q3 InsufficientBalance
        lp quote q4 10@100 / 10@102
        => lp quote q4 both
        => level buy 0@99
        => level sell 0@101
        => level buy 10@100
        => level sell 10@102
        lp balance USD
        => 0 + 1000 held
        """);

    [Test]
    public void Quotes_count_in_limits_but_the_same_again_is_no_repetition() => Script.Run(Provider + """

        limits of lp orders 3 rate 5 per 1 repeat 1
        => done DefineLimits
        lp buy a1 1@90
        => lp New a1 1@90 New 0+1
        => level buy 1@90
        lp buy a2 1@91
        => lp New a2 1@91 New 0+1
        => level buy 1@91
        lp quote q1 10@99 / 8@101
        => lp quote q1 TooManyOrders
        lp quote q2 10@99 / -
        => lp quote q2 bid
        => level buy 10@99
        lp quote q3 0@0 / -
        => lp quote q3 empty
        => level buy 0@99
        lp quote q4 10@99 / -
        => lp quote q4 bid
        => level buy 10@99
        lp quote q5 10@98 / 8@101
        => lp quote q5 TooManyOrders
        lp quote q6 10@98 / -
        => lp quote q6 bid
        => level buy 0@99
        => level buy 10@98
        lp quote q7 10@97 / -
        => lp quote q7 RateExceeded
        """);

    [Test]
    public void Quotes_are_canceled_by_instrument_by_name_and_all() => Script.Run(Provider + """

        lp unquote z0 on
        => lp quotes z0 Instrument canceled 0 UnknownQuote
        lp unquote z1 all
        => lp quotes z1 All canceled 0
        lp quote q1 10@99 / 8@101
        => lp quote q1 both
        => level buy 10@99
        => level sell 8@101
        lp unquote q0 id
        => lp quotes q0 QuoteID canceled 0 UnknownQuote
        lp unquote q1 id
        => lp quotes q1 QuoteID canceled 2
        => level buy 0@99
        => level sell 0@101
        lp quote q2 10@99 / 0@0
        => lp quote q2 bid
        => level buy 10@99
        lp unquote z2 on
        => lp quotes z2 Instrument canceled 1
        => level buy 0@99
        lp unquote z3 on nowhere
        => lp quotes z3 Instrument canceled 0 UnknownInstrument
        lp unquote z4 two
        => lp quotes z4 9 canceled 0 UnsupportedOrder
        bob unquote z5 all
        => bob quotes z5 All canceled 0 NotAuthorized
        """);

    [Test]
    public void Quotes_expire_and_a_new_one_may_last_longer() => Script.Run(Provider + """

        lp quote q1 10@99 / 8@101 until 60
        => lp quote q1 both
        => level buy 10@99
        => level sell 8@101
        lp quote q2 10@99 / - until 90
        => lp quote q2 both
        time 60
        => lp Expired q1 8@101 Expired 0+0 Expired
        => level sell 0@101
        time 89
        lp quote q3 10@99 / - until 30
        => lp quote q3 ExpireTimePassed
        time 90
        => lp Expired q2 10@99 Expired 0+0 Expired
        => level buy 0@99
        """);

    [Test]
    public void Quotes_go_with_the_session_and_with_mass_cancels_like_orders() => Script.Run(Provider + """

        connect lp S
        => lp is connected
        lp quote q1 10@99 / 8@101
        => lp quote q1 both
        => level buy 10@99
        => level sell 8@101
        lp pull c1 sell
        => lp mass cancel c1 of 1
        => lp Canceled q1 8@101 Canceled 0+0 MassCanceled
        => level sell 0@101
        lp list s1
        => lp s1 of 1 last: lp OrderStatus q1 10@99 New 0+10
        disconnect lp lost
        => lp is gone
        => lp Canceled q1 10@99 Canceled 0+0 Disconnected
        => level buy 0@99
        """);

    [Test]
    public void A_quote_has_no_name_that_cancels_and_replaces_could_use() => Script.Run(Provider + """

        lp quote q1 10@99 / 8@101
        => lp quote q1 both
        => level buy 10@99
        => level sell 8@101
        lp cancel c1 q1
        => lp CancelReject c1 of q1 Rejected UnknownOrder
        lp buy q1 1@98
        => lp New q1 1@98 New 0+1
        => level buy 1@98
        """);

    [Test]
    public void A_quote_must_stand_as_long_as_was_agreed() => Script.Run(Provider + """

        quoter lp life 10
        => QuotingDefined
        lp quote q1 10@99 / 8@101
        => lp quote q1 both
        => level buy 10@99
        => level sell 8@101
        lp quote q2 10@98 / 8@101
        => lp quote q2 QuoteTooYoung
        lp quote q3 9@99 / 8@101
        => lp quote q3 QuoteTooYoung
        lp quote q4 10@99 / 0@0
        => lp quote q4 QuoteTooYoung
        lp unquote z1 all
        => lp quotes z1 All canceled 0 QuoteTooYoung
        lp pull c1
        => lp mass cancel c1 of 0
        time 5
        lp quote q5 11@100 / 8@101
        => lp quote q5 both
        => level buy 0@99
        => level buy 11@100
        time 11
        lp unquote z2 all
        => lp quotes z2 All canceled 1 QuoteTooYoung
        => level sell 0@101
        lp quote q6 11@99 / -
        => lp quote q6 QuoteTooYoung
        time 16
        lp quote q7 11@99 / -
        => lp quote q7 bid
        => level buy 0@100
        => level buy 11@99
        kill session lp
        => lp Canceled q7 11@99 Canceled 0+0 Killed
        => level buy 0@99
        => session 1 killed
        """);

    [Test]
    public void Orders_of_the_same_self_trade_group_do_not_meet_quotes() => Script.Run(Provider + """

        selftrade lp 1 oldest
        => SelfTradeDefined
        lp quote q1 10@99 / 8@101
        => lp quote q1 both
        => level buy 10@99
        => level sell 8@101
        lp sell a1 2@99
        => lp New a1 2@99 New 0+2
        => prevented 2@99 group 1 CancelOldest
        => lp Canceled q1 10@99 Canceled 0+0 SelfTrade
        => level buy 0@99
        => level sell 2@99
        """);

    /// <summary>A quote's worst case would be looked at on two sides at once. What stands when the margin account comes can still be pulled, not made smaller.</summary>
    [Test]
    public void A_firm_on_margin_may_pull_its_quotes_and_not_quote() => Script.Run(Provider + """

        counts USD haircut 0
        => done DefineMarginAsset
        counts X haircut 1000
        => done DefineMarginAsset
        index 100
        lp quote q1 10@99 / 8@101
        => lp quote q1 both
        => level buy 10@99
        => level sell 8@101
        margin lp initial 2000 maintenance 1000
        => done DefineMarginAccount
        => lp Healthy after None equity 190000 debt 0
        lp quote q2 11@99 / 8@101
        => lp quote q2 NotAuthorized
        lp quote q3 5@98 / -
        => lp quote q3 NotAuthorized
        lp quote q4 5@99 / -
        => lp quote q4 NotAuthorized
        lp quote q5 0@99 / 0@101
        => lp quote q5 empty
        => level buy 0@99
        => level sell 0@101
        margin lp initial 0
        => done DefineMarginAccount
        => lp None after Healthy equity 190000 debt 0
        lp quote q6 5@99 / -
        => lp quote q6 bid
        => level buy 5@99
        """);
}
