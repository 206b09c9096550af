namespace Venue.Tests.Engine;

/// <summary>A margin account that is worth less than nothing: what the insurance fund takes over, and what it cannot pay.</summary>
internal sealed class InsuranceTests
{
    private const string Alice = MarginTests.Alice;

    /// <summary>At 70 its 40 X are 2,800 against 3,000. The fund has 5,000 USD and takes both.</summary>
    [Test]
    public void Worth_less_than_nothing_it_goes_to_the_fund() => Script.Run(Alice + """
        firm fund USD 5000
        insurance fund
        => done DefineInsurance
        liquidation slice 10 slippage 500 orders 10 per 1
        => done DefineLiquidation
        bob sell b1 40@100
        => bob New b1 40@100 New 0+40
        => level sell 40@100
        alice buy a1 40@100
        => alice New a1 40@100 New 0+40
        => bob Trade b1 40@100 fills 40@100 maker fee 0 trade 1 Filled 40+0
        => alice Trade a1 40@100 fills 40@100 taker fee 0 trade 1 Filled 40+0
        => trade 1 buy 40@100
        => level sell 0@100
        index 70
        work
        => alice Liquidating after Healthy equity -480 debt 3000
        => taken over asset 1 -3000 from firm 1 to 3
        => taken over asset 2 40 from firm 1 to 3
        => alice Bankrupt after Liquidating equity 0 debt 0
        alice margin
        => Bankrupt equity 0 debt 0
        alice balance USD
        => 0 + 0 held
        alice balance X
        => 0 + 0 held
        fund balance USD
        => 2000 + 0 held
        fund balance X
        => 40 + 0 held
        alice buy a2 1@70
        => alice Rejected a2 1@70 Rejected 0+0 MarginLiquidating
        margin alice initial 2000 maintenance 1000
        => done DefineMarginAccount
        => alice Healthy after Bankrupt equity 0 debt 0
        work
        """);

    /// <summary>It has 2,999 and would owe 3,000. More money and a word of the operators, and it goes on.</summary>
    [Test]
    public void A_fund_that_cannot_pay_stops_and_leaves_the_position_to_operators() => Script.Run(Alice + """
        firm fund USD 2999
        insurance fund
        => done DefineInsurance
        bob sell b1 40@100
        => bob New b1 40@100 New 0+40
        => level sell 40@100
        alice buy a1 40@100
        => alice New a1 40@100 New 0+40
        => bob Trade b1 40@100 fills 40@100 maker fee 0 trade 1 Filled 40+0
        => alice Trade a1 40@100 fills 40@100 taker fee 0 trade 1 Filled 40+0
        => trade 1 buy 40@100
        => level sell 0@100
        index 70
        work
        => alice Liquidating after Healthy equity -480 debt 3000
        => alice Stranded after Liquidating equity -480 debt 3000
        alice margin
        => Stranded equity -480 debt 3000
        alice sell a2 1@70
        => alice Rejected a2 1@70 Rejected 0+0 MarginLiquidating
        work
        credit fund USD 1 key k1
        => Credited
        work
        alice margin
        => Stranded equity -480 debt 3000
        insurance fund
        => done DefineInsurance
        work
        => taken over asset 1 -3000 from firm 1 to 3
        => taken over asset 2 40 from firm 1 to 3
        => alice Bankrupt after Stranded equity 0 debt 0
        fund balance USD
        => 0 + 0 held
        fund balance X
        => 40 + 0 held
        """);

    /// <summary>Without a fund it is stranded at 70; at 91 it is sold; at 110 the rest is healthy.</summary>
    [Test]
    public void A_stranded_account_whose_prices_come_back_is_sold_or_goes_on() => Script.Run(Alice + """
        liquidation slice 10 slippage 500 orders 1 per 1
        => done DefineLiquidation
        bob sell b1 40@100
        => bob New b1 40@100 New 0+40
        => level sell 40@100
        alice buy a1 40@100
        => alice New a1 40@100 New 0+40
        => bob Trade b1 40@100 fills 40@100 maker fee 0 trade 1 Filled 40+0
        => alice Trade a1 40@100 fills 40@100 taker fee 0 trade 1 Filled 40+0
        => trade 1 buy 40@100
        => level sell 0@100
        bob buy b2 100@90
        => bob New b2 100@90 New 0+100
        => level buy 100@90
        index 70
        work
        => alice Liquidating after Healthy equity -480 debt 3000
        => alice Stranded after Liquidating equity -480 debt 3000
        index 91
        work
        => alice Liquidating after Stranded equity 276 debt 3000
        => alice New LIQUIDATION-24-0 10@87 New 0+10 Liquidation
        => bob Trade b2 100@90 fills 10@90 maker fee 0 trade 2 PartiallyFilled 10+90
        => alice Trade LIQUIDATION-24-0 10@87 fills 10@90 taker fee 0 trade 2 Filled 10+0
        => trade 2 sell 10@90
        => level buy 90@90
        alice margin
        => Liquidating equity 357 debt 2100
        index 110
        work
        => alice Healthy after Liquidating equity 870 debt 2100
        alice margin
        => Healthy equity 870 debt 2100
        """);
}
