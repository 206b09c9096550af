namespace Venue.Tests.Engine;

internal sealed class ReplaceTests
{
    [Test]
    public void Quantity_down_keeps_the_place_in_the_queue() => Script.Run("""
        firm alice USD 10000
        firm bob X 10
        alice buy a1 5@100
        => alice New a1 5@100 New 0+5
        => level buy 5@100
        alice buy a2 5@100
        => alice New a2 5@100 New 0+5
        => level buy 10@100
        alice replace r1 a1 3@100
        => alice Replaced r1 of a1 3@100 New 0+3
        => level buy 8@100
        bob sell b1 1@100
        => bob New b1 1@100 New 0+1
        => alice Trade r1 3@100 fills 1@100 maker fee 0 trade 1 PartiallyFilled 1+2
        => bob Trade b1 1@100 fills 1@100 taker fee 0 trade 1 Filled 1+0
        => trade 1 sell 1@100
        => level buy 7@100
        """);

    [Test]
    public void The_same_price_and_quantity_again_keep_the_place_in_the_queue() => Script.Run("""
        firm alice USD 10000
        firm bob X 10
        alice buy a1 5@100
        => alice New a1 5@100 New 0+5
        => level buy 5@100
        alice buy a2 5@100
        => alice New a2 5@100 New 0+5
        => level buy 10@100
        alice replace r1 a1 5@100
        => alice Replaced r1 of a1 5@100 New 0+5
        => level buy 10@100
        bob sell b1 1@100
        => bob New b1 1@100 New 0+1
        => alice Trade r1 5@100 fills 1@100 maker fee 0 trade 1 PartiallyFilled 1+4
        => bob Trade b1 1@100 fills 1@100 taker fee 0 trade 1 Filled 1+0
        => trade 1 sell 1@100
        => level buy 9@100
        """);

    [Test]
    public void Quantity_down_at_another_price_goes_to_the_end_of_the_queue() => Script.Run("""
        firm alice USD 10000
        firm bob X 10
        alice buy a1 5@101
        => alice New a1 5@101 New 0+5
        => level buy 5@101
        alice buy a2 5@100
        => alice New a2 5@100 New 0+5
        => level buy 5@100
        alice replace r1 a1 3@100
        => alice Replaced r1 of a1 3@100 New 0+3
        => level buy 0@101
        => level buy 8@100
        bob sell b1 1@100
        => bob New b1 1@100 New 0+1
        => alice Trade a2 5@100 fills 1@100 maker fee 0 trade 1 PartiallyFilled 1+4
        => bob Trade b1 1@100 fills 1@100 taker fee 0 trade 1 Filled 1+0
        => trade 1 sell 1@100
        => level buy 7@100
        """);

    [Test]
    public void Quantity_up_goes_to_the_end_of_the_queue() => Script.Run("""
        firm alice USD 10000
        firm bob X 10
        alice buy a1 5@100
        => alice New a1 5@100 New 0+5
        => level buy 5@100
        alice buy a2 5@100
        => alice New a2 5@100 New 0+5
        => level buy 10@100
        alice replace r1 a1 6@100
        => alice Replaced r1 of a1 6@100 New 0+6
        => level buy 11@100
        bob sell b1 1@100
        => bob New b1 1@100 New 0+1
        => alice Trade a2 5@100 fills 1@100 maker fee 0 trade 1 PartiallyFilled 1+4
        => bob Trade b1 1@100 fills 1@100 taker fee 0 trade 1 Filled 1+0
        => trade 1 sell 1@100
        => level buy 10@100
        """);

    [Test]
    public void A_replace_that_crosses_trades_at_once() => Script.Run("""
        firm alice USD 10000
        firm bob X 10
        alice buy a1 5@100
        => alice New a1 5@100 New 0+5
        => level buy 5@100
        bob sell b1 2@103
        => bob New b1 2@103 New 0+2
        => level sell 2@103
        alice replace r1 a1 6@104
        => alice Replaced r1 of a1 6@104 New 0+6
        => bob Trade b1 2@103 fills 2@103 maker fee 0 trade 1 Filled 2+0
        => alice Trade r1 6@104 fills 2@103 taker fee 0 trade 1 PartiallyFilled 2+4
        => trade 1 buy 2@103
        => level buy 0@100
        => level sell 0@103
        => level buy 4@104
        alice balance USD
        => 9378 + 416 held
        """);

    /// <summary>FIX 4.4 vol 4 appendix D, matrices C.3.b (OrderQty = CumQty) and C.3.c (OrderQty below CumQty).</summary>
    [TestCase(2), TestCase(1)]
    public void A_replace_to_what_is_filled_already_ends_the_order_as_filled(int lots) => Script.Run($"""
        firm alice USD 10000
        firm bob X 10
        alice buy a1 5@100
        => alice New a1 5@100 New 0+5
        => level buy 5@100
        bob sell b1 2@100
        => bob New b1 2@100 New 0+2
        => alice Trade a1 5@100 fills 2@100 maker fee 0 trade 1 PartiallyFilled 2+3
        => bob Trade b1 2@100 fills 2@100 taker fee 0 trade 1 Filled 2+0
        => trade 1 sell 2@100
        => level buy 3@100
        alice replace r1 a1 {lots}@100
        => alice Replaced r1 of a1 2@100 Filled 2+0
        => level buy 0@100
        alice balance USD
        => 9800 + 0 held
        alice cancel c1 r1
        => alice CancelReject c1 of r1 Filled TooLate
        """);

    /// <summary>
    /// FIX 4.4 vol 4 appendix D, matrices C.1.b (a part trades before more is asked for: OrderQty 8, CumQty 2, LeavesQty 6), C.3.a (less is asked for, still more than what
    /// has traded) and C.2.a (a fill came first: too late).
    /// </summary>
    [Test]
    public void A_replace_that_crosses_a_fill_in_flight_counts_what_has_traded() => Script.Run("""
        firm alice USD 10000
        firm bob X 10
        alice buy a1 5@100
        => alice New a1 5@100 New 0+5
        => level buy 5@100
        bob sell b1 2@100
        => bob New b1 2@100 New 0+2
        => alice Trade a1 5@100 fills 2@100 maker fee 0 trade 1 PartiallyFilled 2+3
        => bob Trade b1 2@100 fills 2@100 taker fee 0 trade 1 Filled 2+0
        => trade 1 sell 2@100
        => level buy 3@100
        alice replace r1 a1 8@100
        => alice Replaced r1 of a1 8@100 PartiallyFilled 2+6
        => level buy 6@100
        bob sell b2 1@100
        => bob New b2 1@100 New 0+1
        => alice Trade r1 8@100 fills 1@100 maker fee 0 trade 2 PartiallyFilled 3+5
        => bob Trade b2 1@100 fills 1@100 taker fee 0 trade 2 Filled 1+0
        => trade 2 sell 1@100
        => level buy 5@100
        alice replace r2 r1 4@100
        => alice Replaced r2 of r1 4@100 PartiallyFilled 3+1
        => level buy 1@100
        bob sell b3 1@100
        => bob New b3 1@100 New 0+1
        => alice Trade r2 4@100 fills 1@100 maker fee 0 trade 3 Filled 4+0
        => bob Trade b3 1@100 fills 1@100 taker fee 0 trade 3 Filled 1+0
        => trade 3 sell 1@100
        => level buy 0@100
        alice replace r3 r2 9@100
        => alice ReplaceReject r3 of r2 Filled TooLate
        alice balance USD
        => 9600 + 0 held
        """);

    [Test]
    public void A_refused_replace_leaves_the_order_as_it_was() => Script.Run("""
        firm alice USD 500
        alice buy a1 5@100
        => alice New a1 5@100 New 0+5
        => level buy 5@100
        alice replace r1 a1 5@101
        => alice ReplaceReject r1 of a1 New InsufficientBalance
        alice status a1
        => alice OrderStatus a1 5@100 New 0+5
        alice balance USD
        => 0 + 500 held
        """);
}
