namespace Venue.Tests.Engine;

/// <summary>What a quote must not do: the refusals in their order, money, limits, what was agreed.</summary>
internal sealed class QuoteRuleTests
{
    private const string Provider = QuoteTests.Provider;

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
}
