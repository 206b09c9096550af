namespace Venue.Tests.Engine;

/// <summary>Margin accounts: every number here can be checked by head, one tick times one lot being one atom of USD.</summary>
internal sealed class MarginTests
{
    /// <summary>USD is the unit; X counts nine tenths of 100 USD. Alice has 1,000 USD and may owe 10,000; bob has what she trades against.</summary>
    internal const string Alice = """
        firm alice USD 1000
        firm bob USD 1000000 X 1000
        counts USD haircut 0
        => done DefineMarginAsset
        counts X haircut 1000
        => done DefineMarginAsset
        index 100
        line alice USD 10000
        => done SetCreditLine
        margin alice initial 2000 maintenance 1000
        => done DefineMarginAccount
        => alice Healthy after None equity 1000 debt 0
        work

        """;

    /// <summary>41 at 100 would owe 3,100, which asks for 620, and lose a tenth of what is bought: 1,000 - 410 = 590. With 40 it is 600 for 600.</summary>
    [Test]
    public void An_order_may_owe_as_far_as_its_worst_case_leaves_the_initial_requirement() => Script.Run(Alice + """
        alice buy a1 41@100
        => alice Rejected a1 41@100 Rejected 0+0 MarginExceeded
        alice buy a2 40@100
        => alice New a2 40@100 New 0+40
        => level buy 40@100
        alice buy a3 1@1
        => alice Rejected a3 1@1 Rejected 0+0 MarginExceeded
        alice cancel c1 a2
        => alice Canceled c1 of a2 40@100 Canceled 0+0 ClientRequest
        => level buy 0@100
        alice buy a4 40@100
        => alice New a4 40@100 New 0+40
        => level buy 40@100
        alice replace r1 a4 41@100
        => alice ReplaceReject r1 of a4 New MarginExceeded
        alice replace r2 a4 39@100
        => alice Replaced r2 of a4 39@100 New 0+39
        => level buy 39@100
        alice replace r3 r2 40@100
        => alice Replaced r3 of r2 40@100 New 0+40
        => level buy 40@100
        """);

    /// <summary>20 at 150 owes 2,000, which asks for 400, and gives 3,000 for 1,800: 1,000 - 1,200 is not enough. A fee counts as well: 40 at 100 costs 4 more and owes 4 more.</summary>
    [Test]
    public void What_a_bad_price_loses_counts() => Script.Run(Alice + """
        alice buy a1 20@150
        => alice Rejected a1 20@150 Rejected 0+0 MarginExceeded
        instrument fees 1000/1000
        alice buy a2 40@100
        => alice Rejected a2 40@100 Rejected 0+0 MarginExceeded
        alice buy a3 39@100
        => alice New a3 39@100 New 0+39
        => level buy 39@100
        """);

    /// <summary>A bid at 50 for what counts 90 takes nothing from the equity, but what it owes counts: 20@50 and 30@100 owe 3,000 with an equity of 1,000 - 300 = 700 for 600; 34@100 would owe 3,400 with 660 for 680.</summary>
    [Test]
    public void Every_open_order_counts_at_its_worst_and_a_good_one_helps_none() => Script.Run(Alice + """
        alice buy a1 20@50
        => alice New a1 20@50 New 0+20
        => level buy 20@50
        alice buy a2 34@100
        => alice Rejected a2 34@100 Rejected 0+0 MarginExceeded
        alice buy a3 30@100
        => alice New a3 30@100 New 0+30
        => level buy 30@100
        """);

    /// <summary>However bad the price.</summary>
    [Test]
    public void Who_owes_nothing_is_asked_nothing() => Script.Run(Alice + """
        alice buy a1 1@1000
        => alice New a1 1@1000 New 0+1
        => level buy 1@1000
        alice margin
        => Healthy equity 1000 debt 0
        """);

    /// <summary>At 100 the book sells 10, then 150: 45 at a limit of 200 would cost 10 * 100 + 35 * 150 = 6,250 and owe 5,250 for 4,050 of collateral.</summary>
    [Test]
    public void An_immediate_order_is_judged_by_what_the_book_has_now() => Script.Run(Alice + """
        bob sell b1 10@100
        => bob New b1 10@100 New 0+10
        => level sell 10@100
        bob sell b2 100@150
        => bob New b2 100@150 New 0+100
        => level sell 100@150
        alice buy a1 45@200 ioc
        => alice Rejected a1 45@200 Rejected 0+0 MarginExceeded
        alice buy a2 12@200 ioc
        => alice New a2 12@200 New 0+12
        => bob Trade b1 10@100 fills 10@100 maker fee 0 trade 1 Filled 10+0
        => alice Trade a2 12@200 fills 10@100 taker fee 0 trade 1 PartiallyFilled 10+2
        => trade 1 buy 10@100
        => bob Trade b2 100@150 fills 2@150 maker fee 0 trade 2 PartiallyFilled 2+98
        => alice Trade a2 12@200 fills 2@150 taker fee 0 trade 2 Filled 12+0
        => trade 2 buy 2@150
        => level sell 0@100
        => level sell 98@150
        """);

    /// <summary>40 bought at 100 count 3,600 against 3,000. At 95 they count 3,420: a margin call. Selling brings 95 for what counts 85.5; buying more is refused, and so is selling for 80.</summary>
    [Test]
    public void What_reduces_the_debt_is_taken_below_the_initial_requirement() => Script.Run(Alice + """
        bob sell b1 40@100
        => bob New b1 40@100 New 0+40
        => level sell 40@100
        alice buy a1 40@100
        => alice New a1 40@100 New 0+40
        => bob Trade b1 40@100 fills 40@100 maker fee 0 trade 1 Filled 40+0
        => alice Trade a1 40@100 fills 40@100 taker fee 0 trade 1 Filled 40+0
        => trade 1 buy 40@100
        => level sell 0@100
        work
        index 95
        work
        => alice MarginCall after Healthy equity 420 debt 3000
        alice margin
        => MarginCall equity 420 debt 3000
        alice buy a2 1@95
        => alice Rejected a2 1@95 Rejected 0+0 MarginExceeded
        alice sell a3 1@80
        => alice Rejected a3 1@80 Rejected 0+0 MarginExceeded
        alice sell a4 10@95
        => alice New a4 10@95 New 0+10
        => level sell 10@95
        bob buy b2 10@95
        => bob New b2 10@95 New 0+10
        => alice Trade a4 10@95 fills 10@95 maker fee 0 trade 2 Filled 10+0
        => bob Trade b2 10@95 fills 10@95 taker fee 0 trade 2 Filled 10+0
        => trade 2 buy 10@95
        => level sell 0@95
        work
        => alice Healthy after MarginCall equity 515 debt 2050
        alice margin
        => Healthy equity 515 debt 2050
        index 100
        work
        """);

    /// <summary>It owes 1,000 and has 20 X that count 1,800: 800 for 200. 600 are 6.67 X: after six 260 are left, after seven 170.</summary>
    [Test]
    public void Collateral_goes_out_only_as_far_as_the_requirement_leaves_some() => Script.Run(Alice + """
        bob sell b1 20@100
        => bob New b1 20@100 New 0+20
        => level sell 20@100
        alice buy a1 20@100
        => alice New a1 20@100 New 0+20
        => bob Trade b1 20@100 fills 20@100 maker fee 0 trade 1 Filled 20+0
        => alice Trade a1 20@100 fills 20@100 taker fee 0 trade 1 Filled 20+0
        => trade 1 buy 20@100
        => level sell 0@100
        hold alice X 7 key w1
        => refused HoldWithdrawal MarginExceeded
        hold alice X 6 key w2
        => withdrawal w2 held firm 1 asset 2 6
        credit alice X -1 key k1
        => refused Credit MarginExceeded
        release w2
        => withdrawal w2 released firm 1 asset 2 6
        work
        """);

    /// <summary>3,000 at 1,001 millionths are 3.003: 4.</summary>
    [Test]
    public void Interest_is_charged_on_what_is_owed_and_goes_to_the_house() => Script.Run(Alice + """
        bob sell b1 40@100
        => bob New b1 40@100 New 0+40
        => level sell 40@100
        alice buy a1 40@100
        => alice New a1 40@100 New 0+40
        => bob Trade b1 40@100 fills 40@100 maker fee 0 trade 1 Filled 40+0
        => alice Trade a1 40@100 fills 40@100 taker fee 0 trade 1 Filled 40+0
        => trade 1 buy 40@100
        => level sell 0@100
        interest USD 1001
        => done ChargeInterest
        interest USD 1
        => refused ChargeInterest TooManyRequests
        work
        => interest asset 1 4 from firm 1 to 0
        work
        => alice MarginCall after Healthy equity 596 debt 3004
        alice balance USD
        => -3004 + 0 held
        house balance USD
        => 4 + 0 held
        alice margin
        => MarginCall equity 596 debt 3004
        interest X 0
        => refused ChargeInterest Contradiction
        """);

    [Test]
    public void Definitions_that_make_no_sense_change_nothing() => Script.Run(Alice + """
        counts USD haircut 10001
        => refused DefineMarginAsset Contradiction
        counts X on nothing haircut 0
        => refused DefineMarginAsset Contradiction
        margin bob initial 100 maintenance 101
        => refused DefineMarginAccount Contradiction
        margin bob initial 100 maintenance 0
        => refused DefineMarginAccount Contradiction
        margin bob told alice initial 100 maintenance 100
        => refused DefineMarginAccount Contradiction
        margin house initial 100 maintenance 100
        => refused DefineMarginAccount Contradiction
        liquidation slice 10 slippage 10000 orders 1 per 1
        => refused DefineLiquidation Contradiction
        liquidation slice 10 slippage 0 orders 0 per 1
        => refused DefineLiquidation Contradiction
        insurance alice
        => refused DefineInsurance Contradiction
        margin bob initial 0 maintenance 0
        => refused DefineMarginAccount Contradiction
        alice buy a1 11@100
        => alice New a1 11@100 New 0+11
        => level buy 11@100
        margin alice initial 0 maintenance 0
        => refused DefineMarginAccount Contradiction
        alice cancel c1 a1
        => alice Canceled c1 of a1 11@100 Canceled 0+0 ClientRequest
        => level buy 0@100
        margin alice initial 0 maintenance 0
        => done DefineMarginAccount
        => alice None after Healthy equity 1000 debt 0
        alice margin
        => None equity 0 debt 0
        """);
}
