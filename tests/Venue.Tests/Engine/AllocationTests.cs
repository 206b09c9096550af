namespace Venue.Tests.Engine;

/// <summary>How the orders at a price share what comes in.</summary>
internal sealed class AllocationTests
{
    private const string Sellers = """
        firm alice USD 100000
        firm bob X 1000
        bob sell b1 10@100
        => bob New b1 10@100 New 0+10
        => level sell 10@100
        bob sell b2 30@100
        => bob New b2 30@100 New 0+30
        => level sell 40@100
        bob sell b3 20@100
        => bob New b3 20@100 New 0+20
        => level sell 60@100

        """;

    /// <summary>25 of 60: 4.17, 12.5 and 8.33 round down to 4, 12 and 8; the one that is left goes to the oldest.</summary>
    [Test]
    public void Pro_rata_shares_by_size_and_gives_the_rest_to_the_oldest() => Script.Run(Sellers + """
        trading allocation ProRata
        => TradingDefined
        alice buy a1 25@100
        => alice New a1 25@100 New 0+25
        => bob Trade b1 10@100 fills 4@100 maker fee 0 trade 1 PartiallyFilled 4+6
        => alice Trade a1 25@100 fills 4@100 taker fee 0 trade 1 PartiallyFilled 4+21
        => trade 1 buy 4@100
        => bob Trade b2 30@100 fills 12@100 maker fee 0 trade 2 PartiallyFilled 12+18
        => alice Trade a1 25@100 fills 12@100 taker fee 0 trade 2 PartiallyFilled 16+9
        => trade 2 buy 12@100
        => bob Trade b3 20@100 fills 8@100 maker fee 0 trade 3 PartiallyFilled 8+12
        => alice Trade a1 25@100 fills 8@100 taker fee 0 trade 3 PartiallyFilled 24+1
        => trade 3 buy 8@100
        => bob Trade b1 10@100 fills 1@100 maker fee 0 trade 4 PartiallyFilled 5+5
        => alice Trade a1 25@100 fills 1@100 taker fee 0 trade 4 Filled 25+0
        => trade 4 buy 1@100
        => level sell 35@100
        """);

    [Test]
    public void An_order_too_small_for_a_share_gets_none() => Script.Run(Sellers + """
        trading allocation ProRata
        => TradingDefined
        alice buy a1 3@100
        => alice New a1 3@100 New 0+3
        => bob Trade b2 30@100 fills 1@100 maker fee 0 trade 1 PartiallyFilled 1+29
        => alice Trade a1 3@100 fills 1@100 taker fee 0 trade 1 PartiallyFilled 1+2
        => trade 1 buy 1@100
        => bob Trade b3 20@100 fills 1@100 maker fee 0 trade 2 PartiallyFilled 1+19
        => alice Trade a1 3@100 fills 1@100 taker fee 0 trade 2 PartiallyFilled 2+1
        => trade 2 buy 1@100
        => bob Trade b1 10@100 fills 1@100 maker fee 0 trade 3 PartiallyFilled 1+9
        => alice Trade a1 3@100 fills 1@100 taker fee 0 trade 3 Filled 3+0
        => trade 3 buy 1@100
        => level sell 57@100
        """);

    [Test]
    public void Price_size_time_takes_the_largest_first() => Script.Run(Sellers + """
        trading allocation PriceSizeTime
        => TradingDefined
        alice buy a1 35@100
        => alice New a1 35@100 New 0+35
        => bob Trade b2 30@100 fills 30@100 maker fee 0 trade 1 Filled 30+0
        => alice Trade a1 35@100 fills 30@100 taker fee 0 trade 1 PartiallyFilled 30+5
        => trade 1 buy 30@100
        => bob Trade b3 20@100 fills 5@100 maker fee 0 trade 2 PartiallyFilled 5+15
        => alice Trade a1 35@100 fills 5@100 taker fee 0 trade 2 Filled 35+0
        => trade 2 buy 5@100
        => level sell 25@100
        """);
}
