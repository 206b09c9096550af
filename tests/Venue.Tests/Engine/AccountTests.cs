namespace Venue.Tests.Engine;

/// <summary>Fee tiers, credit lines, positions, busts and corrections.</summary>
internal sealed class AccountTests
{
    [Test]
    public void Fees_go_by_tier_and_a_makers_rebate_is_paid_by_the_takers_fee() => Script.Run("""
        instrument fees 1000/2000
        firm alice USD 10000 X 100
        firm bob USD 100000 X 100
        fees tier 1 maker -500 taker 1500
        => done DefineFees
        account alice tier 1
        => done DefineAccount
        alice sell a1 10@1000
        => alice New a1 10@1000 New 0+10
        => level sell 10@1000
        bob buy b1 10@1000
        => bob New b1 10@1000 New 0+10
        => alice Trade a1 10@1000 fills 10@1000 maker fee -5 trade 1 Filled 10+0
        => bob Trade b1 10@1000 fills 10@1000 taker fee 20 trade 1 Filled 10+0
        => trade 1 buy 10@1000
        => level sell 0@1000
        alice balance USD
        => 20005 + 0 held
        house balance USD
        => 15 + 0 held
        alice buy a2 10@1000
        => alice New a2 10@1000 New 0+10
        => level buy 10@1000
        alice balance USD
        => 9990 + 10015 held
        """);

    [Test]
    public void A_rebate_is_never_more_than_what_the_taker_pays() => Script.Run("""
        instrument fees 100/200
        firm alice USD 10000 X 100
        fees tier 1 maker -5000 taker 500
        => done DefineFees
        account alice tier 1
        => done DefineAccount
        firm bob USD 100000
        alice sell a1 10@1000
        => alice New a1 10@1000 New 0+10
        => level sell 10@1000
        bob buy b1 10@1000
        => bob New b1 10@1000 New 0+10
        => alice Trade a1 10@1000 fills 10@1000 maker fee -2 trade 1 Filled 10+0
        => bob Trade b1 10@1000 fills 10@1000 taker fee 2 trade 1 Filled 10+0
        => trade 1 buy 10@1000
        => level sell 0@1000
        house balance USD
        => 0 + 0 held
        fees tier 16 maker 0 taker 500
        => refused DefineFees Contradiction
        fees tier 0 maker 0 taker -1
        => refused DefineFees Contradiction
        account house tier 1
        => refused DefineAccount Contradiction
        """);

    [Test]
    public void An_auction_pays_no_rebate() => Script.Run("""
        instrument fees 1000/2000
        firm alice USD 10000 X 100
        fees tier 1 maker -500 taker 2000
        => done DefineFees
        account alice tier 1
        => done DefineAccount
        phase preopen
        => phase PreOpen after Continuous
        alice sell a1 10@100
        => alice New a1 10@100 New 0+10
        => level sell 10@100
        alice buy a2 10@100
        => alice New a2 10@100 New 0+10
        => level buy 10@100
        => indicative 10@100 surplus 0/0
        phase continuous
        => alice Trade a2 10@100 fills 10@100 auction fee 0 trade 1 Filled 10+0
        => alice Trade a1 10@100 fills 10@100 auction fee 0 trade 1 Filled 10+0
        => trade 1 auction 10@100
        => phase Continuous after PreOpen
        => level buy 0@100
        => level sell 0@100
        """);

    [Test]
    public void A_credit_line_is_for_trading_alone_and_cannot_be_cut_below_what_is_used() => Script.Run("""
        firm alice USD 100
        firm bob X 100
        alice buy a1 15@10
        => alice Rejected a1 15@10 Rejected 0+0 InsufficientBalance
        line alice USD 60
        => done SetCreditLine
        alice buy a2 15@10
        => alice New a2 15@10 New 0+15
        => level buy 15@10
        alice balance USD
        => -50 + 150 held
        hold alice USD 1 key w1
        => refused HoldWithdrawal AmountOutOfRange
        credit alice USD -1 key k1
        => refused Credit AmountOutOfRange
        line alice USD 49
        => refused SetCreditLine AmountOutOfRange
        line alice USD 50
        => done SetCreditLine
        alice buy a3 1@1
        => alice Rejected a3 1@1 Rejected 0+0 InsufficientBalance
        bob sell b1 15@10
        => bob New b1 15@10 New 0+15
        => alice Trade a2 15@10 fills 15@10 maker fee 0 trade 1 Filled 15+0
        => bob Trade b1 15@10 fills 15@10 taker fee 0 trade 1 Filled 15+0
        => trade 1 sell 15@10
        => level buy 0@10
        alice balance USD
        => -50 + 0 held
        credit alice USD 50 key k2
        => Credited
        line alice USD 0
        => done SetCreditLine
        line alice USD -1
        => refused SetCreditLine AmountOutOfRange
        """);

    /// <summary>Bought 4 at 10 and 2 at 16: 6 at 12 on average. 3 sold at 15 earn 9; 5 sold at 11 close 3 for -3 and open 2 short at 11.</summary>
    [Test]
    public void Positions_have_an_average_cost_and_what_is_closed_is_realised() => Script.Run("""
        firm alice USD 1000 X 100
        firm bob USD 1000 X 100
        account alice positions
        => done DefineAccount
        bob sell b1 4@10
        => bob New b1 4@10 New 0+4
        => level sell 4@10
        bob sell b2 2@16
        => bob New b2 2@16 New 0+2
        => level sell 2@16
        alice buy a1 6@16
        => alice New a1 6@16 New 0+6
        => bob Trade b1 4@10 fills 4@10 maker fee 0 trade 1 Filled 4+0
        => alice Trade a1 6@16 fills 4@10 taker fee 0 trade 1 PartiallyFilled 4+2
        => trade 1 buy 4@10
        => bob Trade b2 2@16 fills 2@16 maker fee 0 trade 2 Filled 2+0
        => alice Trade a1 6@16 fills 2@16 taker fee 0 trade 2 Filled 6+0
        => trade 2 buy 2@16
        => level sell 0@10
        => level sell 0@16
        alice position
        => 6 for 72, realised 0
        bob position
        => 0 for 0, realised 0
        bob buy b3 3@15
        => bob New b3 3@15 New 0+3
        => level buy 3@15
        bob buy b4 5@11
        => bob New b4 5@11 New 0+5
        => level buy 5@11
        alice sell a2 3@15
        => alice New a2 3@15 New 0+3
        => bob Trade b3 3@15 fills 3@15 maker fee 0 trade 3 Filled 3+0
        => alice Trade a2 3@15 fills 3@15 taker fee 0 trade 3 Filled 3+0
        => trade 3 sell 3@15
        => level buy 0@15
        alice position
        => 3 for 36, realised 9
        alice sell a3 5@11
        => alice New a3 5@11 New 0+5
        => bob Trade b4 5@11 fills 5@11 maker fee 0 trade 4 Filled 5+0
        => alice Trade a3 5@11 fills 5@11 taker fee 0 trade 4 Filled 5+0
        => trade 4 sell 5@11
        => level buy 0@11
        alice position
        => -2 for 22, realised 6
        """);

    [Test]
    public void A_bust_moves_all_money_back_once_and_leaves_what_is_open() => Script.Run("""
        instrument fees 10000/20000
        firm alice USD 1000 X 100
        firm bob USD 1000 X 100
        account alice positions
        => done DefineAccount
        bob sell b1 10@50
        => bob New b1 10@50 New 0+10
        => level sell 10@50
        alice buy a1 4@50
        => alice New a1 4@50 New 0+4
        => bob Trade b1 10@50 fills 4@50 maker fee 2 trade 1 PartiallyFilled 4+6
        => alice Trade a1 4@50 fills 4@50 taker fee 4 trade 1 Filled 4+0
        => trade 1 buy 4@50
        => level sell 6@50
        alice position
        => 4 for 200, realised -4
        bust 1
        => alice TradeCancel a1 of 15-2 4@50 not 4@50 fee -4 trade 1 Canceled 0+0 Corrected
        => bob TradeCancel b1 of 15-1 6@50 not 4@50 fee -2 trade 1 New 0+6 Corrected
        => done CorrectTrade
        alice balance USD
        => 1000 + 0 held
        alice balance X
        => 100 + 0 held
        bob balance X
        => 94 + 6 held
        house balance USD
        => 0 + 0 held
        alice position
        => 0 for 0, realised 0
        bust 1
        => refused CorrectTrade AlreadyEnded
        bob cancel c1 b1
        => bob Canceled c1 of b1 6@50 Canceled 0+0 ClientRequest
        => level sell 0@50
        """);

    [Test]
    public void A_correction_puts_another_price_and_quantity_in_a_trades_place() => Script.Run("""
        instrument fees 10000/20000
        firm alice USD 1000 X 100
        firm bob USD 1000 X 100
        bob sell b1 10@50
        => bob New b1 10@50 New 0+10
        => level sell 10@50
        alice buy a1 10@50
        => alice New a1 10@50 New 0+10
        => bob Trade b1 10@50 fills 10@50 maker fee 5 trade 1 Filled 10+0
        => alice Trade a1 10@50 fills 10@50 taker fee 10 trade 1 Filled 10+0
        => trade 1 buy 10@50
        => level sell 0@50
        correct 1 11@40
        => refused CorrectTrade Contradiction
        correct 1 8@40
        => alice TradeCorrect a1 of 14-2 10@50 but 8@40 fee 6 trade 1 Canceled 8+0 Corrected
        => bob TradeCorrect b1 of 14-1 10@50 but 8@40 fee 3 trade 1 Canceled 8+0 Corrected
        => done CorrectTrade
        alice balance USD
        => 674 + 0 held
        bob balance USD
        => 1317 + 0 held
        house balance USD
        => 9 + 0 held
        alice balance X
        => 108 + 0 held
        """);

    [Test]
    public void A_bust_that_somebody_cannot_pay_changes_nothing() => Script.Run("""
        firm alice USD 100
        firm bob X 10
        bob sell b1 10@10
        => bob New b1 10@10 New 0+10
        => level sell 10@10
        alice buy a1 10@10
        => alice New a1 10@10 New 0+10
        => bob Trade b1 10@10 fills 10@10 maker fee 0 trade 1 Filled 10+0
        => alice Trade a1 10@10 fills 10@10 taker fee 0 trade 1 Filled 10+0
        => trade 1 buy 10@10
        => level sell 0@10
        hold bob USD 1 key w1
        => withdrawal w1 held firm 2 asset 1 1
        bust 1
        => refused CorrectTrade AmountOutOfRange
        alice balance X
        => 10 + 0 held
        line bob USD 1
        => done SetCreditLine
        bust 1
        => alice TradeCancel a1 of 11-2 10@10 not 10@10 fee 0 trade 1 Canceled 0+0 Corrected
        => bob TradeCancel b1 of 11-1 10@10 not 10@10 fee 0 trade 1 Canceled 0+0 Corrected
        => done CorrectTrade
        """);
}
