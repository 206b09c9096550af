namespace Venue.Tests.Engine;

/// <summary>Orders that show less than they have: icebergs and hidden orders.</summary>
internal sealed class IcebergTests
{
    private const string Iceberg = """
        firm alice USD 10000
        firm bob X 100
        bob sell b1 10@100 show 3
        => bob New b1 10@100 New 0+10
        => level sell 3@100
        bob sell b2 2@100
        => bob New b2 2@100 New 0+2
        => level sell 5@100

        """;

    [Test]
    public void An_iceberg_shows_its_next_part_behind_the_others() => Script.Run(Iceberg + """
        alice buy a1 4@100
        => alice New a1 4@100 New 0+4
        => bob Trade b1 10@100 fills 3@100 maker fee 0 trade 1 PartiallyFilled 3+7
        => alice Trade a1 4@100 fills 3@100 taker fee 0 trade 1 PartiallyFilled 3+1
        => trade 1 buy 3@100
        => bob Trade b2 2@100 fills 1@100 maker fee 0 trade 2 PartiallyFilled 1+1
        => alice Trade a1 4@100 fills 1@100 taker fee 0 trade 2 Filled 4+0
        => trade 2 buy 1@100
        => level sell 4@100
        alice buy a2 9@100
        => alice New a2 9@100 New 0+9
        => bob Trade b2 2@100 fills 1@100 maker fee 0 trade 3 Filled 2+0
        => alice Trade a2 9@100 fills 1@100 taker fee 0 trade 3 PartiallyFilled 1+8
        => trade 3 buy 1@100
        => bob Trade b1 10@100 fills 3@100 maker fee 0 trade 4 PartiallyFilled 6+4
        => alice Trade a2 9@100 fills 3@100 taker fee 0 trade 4 PartiallyFilled 4+5
        => trade 4 buy 3@100
        => bob Trade b1 10@100 fills 3@100 maker fee 0 trade 5 PartiallyFilled 9+1
        => alice Trade a2 9@100 fills 3@100 taker fee 0 trade 5 PartiallyFilled 7+2
        => trade 5 buy 3@100
        => bob Trade b1 10@100 fills 1@100 maker fee 0 trade 6 Filled 10+0
        => alice Trade a2 9@100 fills 1@100 taker fee 0 trade 6 PartiallyFilled 8+1
        => trade 6 buy 1@100
        => level sell 0@100
        => level buy 1@100
        """);

    [Test]
    public void What_an_iceberg_does_not_show_counts_for_fill_or_kill() => Script.Run(Iceberg + """
        alice buy a1 13@100 fok
        => alice New a1 13@100 New 0+13
        => alice Canceled a1 13@100 Canceled 0+0 Unfilled
        alice buy a2 12@100 fok
        => alice New a2 12@100 New 0+12
        => bob Trade b1 10@100 fills 3@100 maker fee 0 trade 1 PartiallyFilled 3+7
        => alice Trade a2 12@100 fills 3@100 taker fee 0 trade 1 PartiallyFilled 3+9
        => trade 1 buy 3@100
        => bob Trade b2 2@100 fills 2@100 maker fee 0 trade 2 Filled 2+0
        => alice Trade a2 12@100 fills 2@100 taker fee 0 trade 2 PartiallyFilled 5+7
        => trade 2 buy 2@100
        => bob Trade b1 10@100 fills 3@100 maker fee 0 trade 3 PartiallyFilled 6+4
        => alice Trade a2 12@100 fills 3@100 taker fee 0 trade 3 PartiallyFilled 8+4
        => trade 3 buy 3@100
        => bob Trade b1 10@100 fills 3@100 maker fee 0 trade 4 PartiallyFilled 9+1
        => alice Trade a2 12@100 fills 3@100 taker fee 0 trade 4 PartiallyFilled 11+1
        => trade 4 buy 3@100
        => bob Trade b1 10@100 fills 1@100 maker fee 0 trade 5 Filled 10+0
        => alice Trade a2 12@100 fills 1@100 taker fee 0 trade 5 Filled 12+0
        => trade 5 buy 1@100
        => level sell 0@100
        """);

    [Test]
    public void A_smaller_iceberg_keeps_its_place_and_gives_up_what_it_does_not_show_first() => Script.Run(Iceberg + """
        bob replace r1 b1 6@100
        => bob Replaced r1 of b1 6@100 New 0+6
        => level sell 5@100
        bob replace r2 r1 2@100
        => bob Replaced r2 of r1 2@100 New 0+2
        => level sell 4@100
        alice buy a1 1@100
        => alice New a1 1@100 New 0+1
        => bob Trade r2 2@100 fills 1@100 maker fee 0 trade 1 PartiallyFilled 1+1
        => alice Trade a1 1@100 fills 1@100 taker fee 0 trade 1 Filled 1+0
        => trade 1 buy 1@100
        => level sell 3@100
        bob balance X
        => 96 + 3 held
        """);

    [Test]
    public void To_show_another_quantity_costs_the_place() => Script.Run(Iceberg + """
        bob replace r1 b1 10@100 show 5
        => bob Replaced r1 of b1 10@100 New 0+10
        => level sell 7@100
        alice buy a1 1@100
        => alice New a1 1@100 New 0+1
        => bob Trade b2 2@100 fills 1@100 maker fee 0 trade 1 PartiallyFilled 1+1
        => alice Trade a1 1@100 fills 1@100 taker fee 0 trade 1 Filled 1+0
        => trade 1 buy 1@100
        => level sell 6@100
        bob replace r2 b2 2@100 show 1
        => bob ReplaceReject r2 of b2 PartiallyFilled UnsupportedOrder
        bob cancel c1 r1
        => bob Canceled c1 of r1 10@100 Canceled 0+0 ClientRequest
        => level sell 1@100
        """);

    [Test]
    public void A_hidden_order_is_never_told_and_trades_after_all_that_is_shown_at_its_price() => Script.Run("""
        firm alice USD 10000
        firm bob X 100
        bob sell b1 3@100 hidden
        => bob New b1 3@100 New 0+3
        bob sell b2 3@100
        => bob New b2 3@100 New 0+3
        => level sell 3@100
        bob sell b3 3@101
        => bob New b3 3@101 New 0+3
        => level sell 3@101
        alice buy a1 7@101
        => alice New a1 7@101 New 0+7
        => bob Trade b2 3@100 fills 3@100 maker fee 0 trade 1 Filled 3+0
        => alice Trade a1 7@101 fills 3@100 taker fee 0 trade 1 PartiallyFilled 3+4
        => trade 1 buy 3@100
        => bob Trade b1 3@100 fills 3@100 maker fee 0 trade 2 Filled 3+0
        => alice Trade a1 7@101 fills 3@100 taker fee 0 trade 2 PartiallyFilled 6+1
        => trade 2 buy 3@100
        => bob Trade b3 3@101 fills 1@101 maker fee 0 trade 3 PartiallyFilled 1+2
        => alice Trade a1 7@101 fills 1@101 taker fee 0 trade 3 Filled 7+0
        => trade 3 buy 1@101
        => level sell 0@100
        => level sell 2@101
        """);

    [Test]
    public void A_hidden_order_trades_as_it_comes_and_stops_a_post_only_order() => Script.Run("""
        firm alice USD 10000
        firm bob X 100
        bob sell b1 3@100
        => bob New b1 3@100 New 0+3
        => level sell 3@100
        alice buy a1 5@101 hidden
        => alice New a1 5@101 New 0+5
        => bob Trade b1 3@100 fills 3@100 maker fee 0 trade 1 Filled 3+0
        => alice Trade a1 5@101 fills 3@100 taker fee 0 trade 1 PartiallyFilled 3+2
        => trade 1 buy 3@100
        => level sell 0@100
        bob sell b2 1@100 post
        => bob Rejected b2 1@100 Rejected 0+0 PostOnly
        alice balance USD
        => 9498 + 202 held
        """);
}
