namespace Venue.Tests.Engine;

/// <summary>A margin account below its maintenance requirement: what is sold and bought back, by how much at a time, at which prices.</summary>
internal sealed class LiquidationTests
{
    private const string Alice = MarginTests.Alice;

    /// <summary>At 91 its 40 X count 3,276 against 3,000: 276 for 300. Slices of 10 at 5 % below the index or better, here 90: after two it owes 1,200 with 20 X that count 1,638.</summary>
    [Test]
    public void An_account_below_maintenance_is_sold_by_slices_until_it_is_healthy_again() => Script.Run(Alice + """
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
        alice sell a2 3@120
        => alice New a2 3@120 New 0+3
        => level sell 3@120
        bob buy b2 100@90
        => bob New b2 100@90 New 0+100
        => level buy 100@90
        index 91
        work
        => alice Liquidating after Healthy equity 276 debt 3000
        => alice Canceled a2 3@120 Canceled 0+0 MarginCanceled
        => level sell 0@120
        => alice New LIQUIDATION-23-0 10@87 New 0+10 Liquidation
        => bob Trade b2 100@90 fills 10@90 maker fee 0 trade 2 PartiallyFilled 10+90
        => alice Trade LIQUIDATION-23-0 10@87 fills 10@90 taker fee 0 trade 2 Filled 10+0
        => trade 2 sell 10@90
        => level buy 90@90
        => alice New LIQUIDATION-23-1 10@87 New 0+10 Liquidation
        => bob Trade b2 100@90 fills 10@90 maker fee 0 trade 3 PartiallyFilled 20+80
        => alice Trade LIQUIDATION-23-1 10@87 fills 10@90 taker fee 0 trade 3 Filled 10+0
        => trade 3 sell 10@90
        => level buy 80@90
        => alice Healthy after Liquidating equity 438 debt 1200
        work
        alice margin
        => Healthy equity 438 debt 1200
        alice buy a3 1@90
        => alice New a3 1@90 New 0+1
        => level buy 81@90
        alice cancel c3 a2
        => alice CancelReject c3 of a2 Canceled TooLate
        work
        work
        alice margin
        => Healthy equity 438 debt 1200
        """);

    /// <summary>Alice sells 30 X that she has not for 3,000: 4,000 USD against 3,000, of which a tenth more counts, 3,300. At 119 that is 3,927: 73 for 357.</summary>
    [Test]
    public void A_debt_of_an_asset_is_bought_back() => Script.Run(Alice + """
        line alice X 100
        => done SetCreditLine
        liquidation slice 10 slippage 500 orders 10 per 1
        => done DefineLiquidation
        bob buy b1 30@100
        => bob New b1 30@100 New 0+30
        => level buy 30@100
        alice sell a1 30@100 ioc
        => alice New a1 30@100 New 0+30
        => bob Trade b1 30@100 fills 30@100 maker fee 0 trade 1 Filled 30+0
        => alice Trade a1 30@100 fills 30@100 taker fee 0 trade 1 Filled 30+0
        => trade 1 sell 30@100
        => level buy 0@100
        work
        bob sell b2 100@120
        => bob New b2 100@120 New 0+100
        => level sell 100@120
        index 119
        work
        => alice Liquidating after Healthy equity 73 debt 3570
        => alice New LIQUIDATION-24-0 10@124 New 0+10 Liquidation
        => bob Trade b2 100@120 fills 10@120 maker fee 0 trade 2 PartiallyFilled 10+90
        => alice Trade LIQUIDATION-24-0 10@124 fills 10@120 taker fee 0 trade 2 Filled 10+0
        => trade 2 buy 10@120
        => level sell 90@120
        => alice New LIQUIDATION-24-1 10@124 New 0+10 Liquidation
        => bob Trade b2 100@120 fills 10@120 maker fee 0 trade 3 PartiallyFilled 20+80
        => alice Trade LIQUIDATION-24-1 10@124 fills 10@120 taker fee 0 trade 3 Filled 10+0
        => trade 3 buy 10@120
        => level sell 80@120
        => alice Healthy after Liquidating equity 291 debt 1190
        alice margin
        => Healthy equity 291 debt 1190
        work
        """);

    /// <summary>Two a second: the third slice waits, and so does one that found nobody.</summary>
    [Test]
    public void Orders_of_one_window_are_as_many_as_its_rule_says() => Script.Run(Alice + """
        liquidation slice 5 slippage 500 orders 2 per 1
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
        index 91
        work
        => alice Liquidating after Healthy equity 276 debt 3000
        => alice New LIQUIDATION-21-0 5@87 New 0+5 Liquidation
        => alice Canceled LIQUIDATION-21-0 5@87 Canceled 0+0 Unfilled
        alice margin
        => Liquidating equity 276 debt 3000
        time 5
        => alice New LIQUIDATION-22-0 5@87 New 0+5 Liquidation
        => alice Canceled LIQUIDATION-22-0 5@87 Canceled 0+0 Unfilled
        work
        alice margin
        => Liquidating equity 276 debt 3000
        bob buy b2 100@90
        => bob New b2 100@90 New 0+100
        => level buy 100@90
        time 6
        => alice New LIQUIDATION-25-0 5@87 New 0+5 Liquidation
        => bob Trade b2 100@90 fills 5@90 maker fee 0 trade 2 PartiallyFilled 5+95
        => alice Trade LIQUIDATION-25-0 5@87 fills 5@90 taker fee 0 trade 2 Filled 5+0
        => trade 2 sell 5@90
        => level buy 95@90
        => alice New LIQUIDATION-25-1 5@87 New 0+5 Liquidation
        => bob Trade b2 100@90 fills 5@90 maker fee 0 trade 3 PartiallyFilled 10+90
        => alice Trade LIQUIDATION-25-1 5@87 fills 5@90 taker fee 0 trade 3 Filled 5+0
        => trade 3 sell 5@90
        => level buy 90@90
        work
        work
        alice margin
        => Liquidating equity 357 debt 2100
        time 7
        => alice New LIQUIDATION-28-0 5@87 New 0+5 Liquidation
        => bob Trade b2 100@90 fills 5@90 maker fee 0 trade 4 PartiallyFilled 15+85
        => alice Trade LIQUIDATION-28-0 5@87 fills 5@90 taker fee 0 trade 4 Filled 5+0
        => trade 4 sell 5@90
        => level buy 85@90
        => alice Healthy after Liquidating equity 397 debt 1650
        work
        alice margin
        => Healthy equity 397 debt 1650
        """);

    /// <summary>5 % below 91 is 86.45, so that 87 is the least; bids at 86 are left alone.</summary>
    [Test]
    public void Nothing_is_sold_below_the_protected_price() => Script.Run(Alice + """
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
        bob buy b2 100@86
        => bob New b2 100@86 New 0+100
        => level buy 100@86
        index 91
        work
        => alice Liquidating after Healthy equity 276 debt 3000
        => alice New LIQUIDATION-22-0 10@87 New 0+10 Liquidation
        => alice Canceled LIQUIDATION-22-0 10@87 Canceled 0+0 Unfilled
        alice margin
        => Liquidating equity 276 debt 3000
        index 90
        work
        => alice New LIQUIDATION-24-0 10@86 New 0+10 Liquidation
        => bob Trade b2 100@86 fills 10@86 maker fee 0 trade 2 PartiallyFilled 10+90
        => alice Trade LIQUIDATION-24-0 10@86 fills 10@86 taker fee 0 trade 2 Filled 10+0
        => trade 2 sell 10@86
        => level buy 90@86
        => alice New LIQUIDATION-24-1 10@86 New 0+10 Liquidation
        => bob Trade b2 100@86 fills 10@86 maker fee 0 trade 3 PartiallyFilled 20+80
        => alice Trade LIQUIDATION-24-1 10@86 fills 10@86 taker fee 0 trade 3 Filled 10+0
        => trade 3 sell 10@86
        => level buy 80@86
        => alice Healthy after Liquidating equity 340 debt 1280
        """);

    /// <summary>The last trade was at 100, the band is 5 %: the first slice finds 90 outside it. In the auction it rests at its limit and meets what has come until then.</summary>
    [Test]
    public void An_order_beyond_the_band_begins_an_auction_and_the_rest_takes_part_in_it() => Script.Run(Alice + """
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
        trading dynamic 50000 volatility 10
        => TradingDefined
        bob buy b2 100@90
        => bob New b2 100@90 New 0+100
        => level buy 100@90
        index 91
        work
        => alice Liquidating after Healthy equity 276 debt 3000
        => alice New LIQUIDATION-23-0 10@87 New 0+10 Liquidation
        => phase VolatilityAuction after Continuous until 10 s
        => alice Canceled LIQUIDATION-23-0 10@87 Canceled 0+0 Unfilled
        => alice New LIQUIDATION-23-1 10@87 New 0+10 Liquidation
        => level sell 10@87
        => indicative 10@90 surplus 90/0
        alice margin
        => Liquidating equity 276 debt 3000
        alice cancel c1 LIQUIDATION-23-1
        => alice CancelReject c1 of LIQUIDATION-23-1 New MarginLiquidating
        bob buy b3 20@92
        => bob New b3 20@92 New 0+20
        => level buy 20@92
        => indicative 10@92 surplus 10/0
        time 20
        => bob Trade b3 20@92 fills 10@92 auction fee 0 trade 2 PartiallyFilled 10+10
        => alice Trade LIQUIDATION-23-1 10@87 fills 10@92 auction fee 0 trade 2 Filled 10+0
        => trade 2 auction 10@92
        => phase Continuous after VolatilityAuction
        => level buy 10@92
        => level sell 0@87
        => alice New LIQUIDATION-26-0 10@87 New 0+10 Liquidation
        => bob Trade b3 20@92 fills 10@92 maker fee 0 trade 3 Filled 20+0
        => alice Trade LIQUIDATION-26-0 10@87 fills 10@92 taker fee 0 trade 3 Filled 10+0
        => trade 3 sell 10@92
        => level buy 0@92
        => alice Healthy after Liquidating equity 478 debt 1160
        work
        alice margin
        => Healthy equity 478 debt 1160
        """);

    [Test]
    public void A_kill_switch_stops_liquidation_until_it_is_lifted() => Script.Run(Alice + """
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
        kill instrument
        => instrument 1 killed
        index 91
        work
        => alice Liquidating after Healthy equity 276 debt 3000
        alice margin
        => Liquidating equity 276 debt 3000
        lift instrument
        => instrument 1 lifted
        bob buy b2 100@90
        => bob New b2 100@90 New 0+100
        => level buy 100@90
        work
        => alice New LIQUIDATION-25-0 10@87 New 0+10 Liquidation
        => bob Trade b2 100@90 fills 10@90 maker fee 0 trade 2 PartiallyFilled 10+90
        => alice Trade LIQUIDATION-25-0 10@87 fills 10@90 taker fee 0 trade 2 Filled 10+0
        => trade 2 sell 10@90
        => level buy 90@90
        => alice New LIQUIDATION-25-1 10@87 New 0+10 Liquidation
        => bob Trade b2 100@90 fills 10@90 maker fee 0 trade 3 PartiallyFilled 20+80
        => alice Trade LIQUIDATION-25-1 10@87 fills 10@90 taker fee 0 trade 3 Filled 10+0
        => trade 3 sell 10@90
        => level buy 80@90
        => alice Healthy after Liquidating equity 438 debt 1200
        """);
}
