namespace Venue.Tests.Engine;

/// <summary>Holds, fees and balances, in numbers small enough to check by head. Fees round down to a whole atom.</summary>
internal sealed class MoneyTests
{
    [Test]
    public void A_buy_holds_its_cost_with_the_higher_fee_and_gets_back_what_it_saved() => Script.Run("""
        instrument fees 10000/20000
        firm alice USD 1020
        firm bob X 10
        alice buy a1 10@100
        => alice New a1 10@100 New 0+10
        => level buy 10@100
        alice balance USD
        => 0 + 1020 held
        bob sell b1 10@90
        => bob New b1 10@90 New 0+10
        => alice Trade a1 10@100 fills 10@100 maker fee 10 trade 1 Filled 10+0
        => bob Trade b1 10@90 fills 10@100 taker fee 20 trade 1 Filled 10+0
        => trade 1 sell 10@100
        => level buy 0@100
        alice balance USD
        => 10 + 0 held
        alice balance X
        => 10 + 0 held
        bob balance USD
        => 980 + 0 held
        house balance USD
        => 30 + 0 held
        """);

    [Test]
    public void A_better_price_gives_the_difference_back() => Script.Run("""
        instrument fees 10000/20000
        firm alice USD 2000
        firm bob X 10
        bob sell b1 4@80
        => bob New b1 4@80 New 0+4
        => level sell 4@80
        alice buy a1 10@100
        => alice New a1 10@100 New 0+10
        => bob Trade b1 4@80 fills 4@80 maker fee 3 trade 1 Filled 4+0
        => alice Trade a1 10@100 fills 4@80 taker fee 6 trade 1 PartiallyFilled 4+6
        => trade 1 buy 4@80
        => level sell 0@80
        => level buy 6@100
        alice balance USD
        => 1062 + 612 held
        bob balance USD
        => 317 + 0 held
        house balance USD
        => 9 + 0 held
        """);

    [Test]
    public void Fees_of_many_small_fills_never_pass_the_hold() => Script.Run("""
        instrument fees 0/500000
        firm alice USD 13
        firm bob X 10
        alice buy a1 3@3
        => alice New a1 3@3 New 0+3
        => level buy 3@3
        alice balance USD
        => 0 + 13 held
        bob sell b1 1@3
        => bob New b1 1@3 New 0+1
        => alice Trade a1 3@3 fills 1@3 maker fee 0 trade 1 PartiallyFilled 1+2
        => bob Trade b1 1@3 fills 1@3 taker fee 1 trade 1 Filled 1+0
        => trade 1 sell 1@3
        => level buy 2@3
        alice balance USD
        => 1 + 9 held
        """);

    [Test]
    public void A_replace_moves_the_hold_and_may_use_the_old_one() => Script.Run("""
        instrument fees 0/10000
        firm alice USD 1010
        alice buy a1 10@100
        => alice New a1 10@100 New 0+10
        => level buy 10@100
        alice replace r1 a1 5@200
        => alice Replaced r1 of a1 5@200 New 0+5
        => level buy 0@100
        => level buy 5@200
        alice balance USD
        => 0 + 1010 held
        alice replace r2 r1 5@100
        => alice Replaced r2 of r1 5@100 New 0+5
        => level buy 0@200
        => level buy 5@100
        alice balance USD
        => 505 + 505 held
        """);

    [Test]
    public void An_order_keeps_the_fees_it_was_accepted_with() => Script.Run("""
        instrument fees 10000/10000
        firm alice USD 1010
        firm bob X 10
        alice buy a1 10@100
        => alice New a1 10@100 New 0+10
        => level buy 10@100
        instrument fees 500000/20000
        bob sell b1 10@100
        => bob New b1 10@100 New 0+10
        => alice Trade a1 10@100 fills 10@100 maker fee 10 trade 1 Filled 10+0
        => bob Trade b1 10@100 fills 10@100 taker fee 20 trade 1 Filled 10+0
        => trade 1 sell 10@100
        => level buy 0@100
        alice balance USD
        => 0 + 0 held
        """);

    [Test]
    public void A_firm_that_trades_with_itself_loses_only_the_fees() => Script.Run("""
        instrument fees 10000/20000
        firm alice USD 1020 X 10
        session desk of alice
        alice buy a1 10@100
        => alice New a1 10@100 New 0+10
        => level buy 10@100
        desk sell d1 4@100
        => desk New d1 4@100 New 0+4
        => alice Trade a1 10@100 fills 4@100 maker fee 4 trade 1 PartiallyFilled 4+6
        => desk Trade d1 4@100 fills 4@100 taker fee 8 trade 1 Filled 4+0
        => trade 1 sell 4@100
        => level buy 6@100
        alice balance USD
        => 396 + 612 held
        alice balance X
        => 10 + 0 held
        house balance USD
        => 12 + 0 held
        """);

    [TestCase(203, "New")]
    [TestCase(202, "Rejected")]
    public void A_market_buy_needs_exactly_what_its_fills_cost(int usd, string answer)
    {
        // 1@100 and 1@101 with a taker fee of 1 % each rounded down: 100 + 1 + 101 + 1.
        var outcome = answer == "New"
            ? """
              => alice New a1 5 New 0+5
              => bob Trade b1 1@100 fills 1@100 maker fee 0 trade 1 Filled 1+0
              => alice Trade a1 5 fills 1@100 taker fee 1 trade 1 PartiallyFilled 1+4
              => trade 1 buy 1@100
              => bob Trade b2 1@101 fills 1@101 maker fee 0 trade 2 Filled 1+0
              => alice Trade a1 5 fills 1@101 taker fee 1 trade 2 PartiallyFilled 2+3
              => trade 2 buy 1@101
              => alice Canceled a1 5 Canceled 2+0 Unfilled
              => level sell 0@100
              => level sell 0@101
              alice balance USD
              => 0 + 0 held
              """
            : "=> alice Rejected a1 5 Rejected 0+0 InsufficientBalance";
        Script.Run($"""
            instrument fees 0/10000
            firm alice USD {usd}
            firm bob X 10
            bob sell b1 1@100
            => bob New b1 1@100 New 0+1
            => level sell 1@100
            bob sell b2 1@101
            => bob New b2 1@101 New 0+1
            => level sell 1@101
            alice buy a1 5 market
            {outcome}
            """);
    }

    [Test]
    public void An_immediate_sell_needs_only_what_can_trade() => Script.Run("""
        firm alice USD 1000
        firm bob X 2
        alice buy a1 2@100
        => alice New a1 2@100 New 0+2
        => level buy 2@100
        bob sell b1 9@100
        => bob Rejected b1 9@100 Rejected 0+0 InsufficientBalance
        bob sell b2 9@100 ioc
        => bob New b2 9@100 New 0+9
        => alice Trade a1 2@100 fills 2@100 maker fee 0 trade 1 Filled 2+0
        => bob Trade b2 9@100 fills 2@100 taker fee 0 trade 1 PartiallyFilled 2+7
        => trade 1 sell 2@100
        => bob Canceled b2 9@100 Canceled 2+0 Unfilled
        => level buy 0@100
        """);

    [Test]
    public void A_withdrawal_takes_only_what_is_available() => Script.Run("""
        firm alice USD 1000
        alice buy a1 6@100
        => alice New a1 6@100 New 0+6
        => level buy 6@100
        credit alice USD -401 key k1
        => refused Credit AmountOutOfRange
        credit alice USD -400 key k1
        => Credited
        credit alice USD -400 key k1
        credit alice USD -399 key k1
        => refused Credit KeyReused
        alice balance USD
        => 0 + 600 held
        """);

    [Test]
    public void All_credits_of_an_asset_together_stay_within_the_largest_amount() => Script.Run("""
        firm alice USD 1329227995784915872903807060280344576
        firm bob X 1
        credit bob USD 1 key k1
        => refused Credit AmountOutOfRange
        credit alice USD -1 key k2
        => Credited
        credit bob USD 1 key k1
        => Credited
        credit bob USD 170141183460469231731687303715884105727 key k3
        => refused Credit AmountOutOfRange
        credit bob USD -170141183460469231731687303715884105728 key k4
        => refused Credit AmountOutOfRange
        bob balance USD
        => 1 + 0 held
        """);
}
