using System.Globalization;
using Venue.Messages;

namespace LiquidityBridge.Tests.Exposure;

/// <summary>Positions and what was earned with them, exactly.</summary>
internal sealed class InventoryTests
{
    private static readonly Instrument One = TestBridge.Instrument();

    /// <summary>Lines: venue or hedge, side, quantity @ price [ref price] [fee quote units | base hundredths of a unit]. The end: position, markup, slippage, fees in quote units.</summary>
    private static Inventory Book(string table)
    {
        var inventory = new Inventory(One);
        foreach (var line in table.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var w = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (w[0] == "=>")
            {
                Assert.That($"{inventory.Position} {inventory.MarkupAtoms / Unit} {inventory.SlippageAtoms / Unit} {inventory.FeesAtoms / Unit}",
                    Is.EqualTo($"{w[2]} {w[4]} {w[6]} {w[8]}"), line);
                continue;
            }
            var side = w[1] == "buy" ? Side.Buy : Side.Sell;
            var (quantity, price) = (Number(w[2]), Number(w[4]));
            var fee = w.Length > 5 && w[^2] == "fee" ? Number(w[^1]) * Unit : 0;
            if (w[0] == "venue") inventory.AddVenueFill(side, quantity, price, w.Length > 6 && w[5] == "ref" ? Number(w[6]) : price, fee);
            else inventory.AddHedgeFill(side, quantity, price, fee, w.Length > 5 && w[^2] == "base" ? Number(w[^1]) * One.BaseAtoms(1) / 100 : 0);
        }
        return inventory;
    }

    private static Int128 Unit => One.Notional(1, 1);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    [Test]
    public void A_hedge_at_the_reference_earns_the_markup() => Book("""
        venue sell 5 @ 1003 ref 1001
        => position -5 markup 0 slippage 0 fees 0
        hedge buy 5 @ 1001
        => position 0 markup 10 slippage 0 fees 0
        """);

    [Test]
    public void A_hedge_beyond_the_reference_costs_slippage() => Book("""
        venue sell 5 @ 1003 ref 1001
        hedge buy 3 @ 1001
        hedge buy 2 @ 1004
        => position 0 markup 10 slippage -6 fees 0
        """);

    [Test]
    public void What_clients_trade_with_each_other_earns_both_markups() => Book("""
        venue sell 5 @ 1003 ref 1001
        venue buy 5 @ 996 ref 998
        => position 0 markup 20 slippage 15 fees 0
        """);

    [Test]
    public void Pieces_are_closed_first_in_first_out_and_a_fill_can_turn_the_position() => Book("""
        venue sell 2 @ 1003 ref 1001
        venue sell 2 @ 1005 ref 1002
        hedge buy 3 @ 1002
        => position -1 markup 7 slippage -2 fees 0
        venue buy 4 @ 999 ref 1000
        => position 3 markup 11 slippage 0 fees 0
        """);

    [Test]
    public void Fees_are_kept_apart_and_a_rebate_is_a_negative_one() => Book("""
        venue sell 5 @ 1003 ref 1001 fee 2
        hedge buy 5 @ 1001 fee -1
        => position 0 markup 10 slippage 0 fees 1
        """);

    [Test]
    public void A_fee_in_the_base_asset_makes_the_position_smaller_and_costs_what_it_is_worth() => Book("""
        venue sell 5 @ 1003 ref 1001
        hedge buy 5 @ 1001 base 100
        => position -1 markup 10 slippage 0 fees 1001
        hedge buy 1 @ 1001
        => position 0 markup 10 slippage 0 fees 1001
        """);

    [Test]
    public void Fees_below_one_unit_of_the_grid_add_up_until_they_are_one() => Book("""
        hedge buy 5 @ 1000 base 60
        => position 5 markup 0 slippage 0 fees 0
        hedge buy 5 @ 1000 base 60
        => position 9 markup 0 slippage 0 fees 1000
        hedge buy 5 @ 1000 base -130
        => position 15 markup 0 slippage 0 fees 0
        """);

    [Test]
    public void The_parts_always_sum_to_the_cash()
    {
        var random = new Random(4711);
        for (var run = 0; run < 200; run++)
        {
            var inventory = new Inventory(One);
            for (var i = 0; i < 200; i++)
            {
                var side = random.Next(2) == 0 ? Side.Buy : Side.Sell;
                var (quantity, price, fee) = (1 + random.Next(20), 900 + random.Next(200), (Int128)random.Next(-5, 20));
                if (random.Next(2) == 0) inventory.AddVenueFill(side, quantity, price, 900 + random.Next(200), fee);
                else inventory.AddHedgeFill(side, quantity, price, fee, random.Next(-100, 300) * One.BaseAtoms(1) / 100);
                // Cash + the position at any price = realised + unrealised at that price; fees in other assets are no cash of this instrument.
                var twiceMid = 2 * (900 + random.Next(200)) + 1;
                if (random.Next(4) == 0) inventory.AddOtherFee(random.Next(-5, 20));
                Assert.That(2 * (inventory.RealisedAtoms + inventory.OtherFeesAtoms) + inventory.TwiceUnrealisedAtoms(twiceMid), Is.EqualTo(2 * inventory.CashAtoms + One.Notional(twiceMid, inventory.Position)), $"run {run}, fill {i}");
            }
        }
    }

    [Test]
    public void An_instrument_whose_amounts_would_not_be_whole_is_refused() =>
        Assert.That(() => new Instrument(0, "X", "A", "B", 10, 9) { VenueTick = 1, VenueLot = 1, VenueMin = 1, Quoting = One.Quoting, Hedging = One.Hedging, Markets = [] }, Throws.ArgumentException);

    [TestCase("1", 0, 2, 100)]
    [TestCase("1500", 3, 1, 15)]
    [TestCase("15", 1, 0, null)]
    [TestCase("9223372036854775807", 0, 1, null)]
    [TestCase("0", 30, 0, 0)]
    public void Numbers_come_onto_the_grid_exactly_or_not_at_all(string mantissa, int decimals, int unitDecimals, long? expected) =>
        Assert.That(Instrument.TryScale(Int128.Parse(mantissa, CultureInfo.InvariantCulture), decimals, unitDecimals, out var units) ? units : (long?)null, Is.EqualTo(expected));
}
