namespace LiquidityBridge.Tests.Hedging;

/// <summary>Back-to-back hedging, told to the core line by line.</summary>
internal sealed class HedgeTests
{
    private const string BothUp =
        """
        up A
        up B
        book A 10@999 20@998 | 10@1001 20@1002
        book B 10@998 20@997 | 10@1002 20@1003
        """;

    private static Script Hedge(string table, Instrument? instrument = null) => new Script(TestBridge.Options(instrument ?? TestBridge.Instrument())).Run(BothUp).Run(table);

    [Test]
    public void What_the_house_sold_is_bought_at_the_better_exchange() => Hedge("""
        fill sell 5 @ 1003
        => hedge 1.1 at A: buy 5 @ 1006
        sent A 1.1
        ack A 1.1
        filled A 1.1 5 @ 1001 x1
        wait 20
        => nothing
        """);

    [Test]
    public void What_the_house_bought_is_sold() => Hedge("""
        fill buy 5 @ 996
        => hedge 1.1 at A: sell 5 @ 995
        """);

    [Test]
    public void The_fee_counts_in_the_choice()
    {
        // A asks 1002 and takes nothing, B asks 1001 and takes 0.2 %: 1003.002.
        new Script(TestBridge.Options(TestBridge.Instrument(feeB: 2000))).Run("""
            up A
            up B
            book A 10@999 | 10@1002
            book B 10@999 | 10@1001
            fill sell 5 @ 1004
            => hedge 1.1 at A: buy 5 @ 1007
            """);
    }

    [Test]
    public void An_exchange_that_can_take_it_all_is_better_than_a_better_price() => Hedge("""
        book A 10@999 | 2@1001
        fill sell 5 @ 1003
        => hedge 1.1 at B: buy 5 @ 1007
        """);

    [Test]
    public void What_one_exchange_cannot_take_goes_to_the_other() => Hedge("""
        book A 10@999 | 3@1001
        book B 10@998 | 2@1002
        fill sell 5 @ 1003
        => hedge 1.1 at A: buy 3 @ 1006
        => hedge 2.1 at B: buy 2 @ 1007
        """);

    [Test]
    public void Inside_the_band_nothing_is_hedged_and_beyond_it_everything() => Hedge("""
        fill sell 3 @ 1003
        => nothing
        fill sell 2 @ 1003
        => hedge 1.1 at A: buy 5 @ 1006
        """, TestBridge.Instrument(band: 3));

    [Test]
    public void A_residual_below_the_lot_stays_in_the_bucket()
    {
        var script = Hedge("""
            fill sell 5 @ 1003
            => hedge 1.1 at A: buy 4 @ 1006
            filled A 1.1 4 @ 1001 x1
            => nothing
            fill sell 3 @ 1003
            => hedge 2.1 at A: buy 4 @ 1006
            """, TestBridge.Instrument(lot: 4, min: 4));
        Assert.That(script.Desk.Instruments[0].Position, Is.EqualTo(-4));
    }

    [Test]
    public void A_venue_fill_told_twice_is_booked_once()
    {
        var script = Hedge("""
            fill sell 5 @ 1003
            => hedge 1.1 at A: buy 5 @ 1006
            repeat fill
            => nothing
            """);
        Assert.That(script.Desk.Instruments[0].Position, Is.EqualTo(-5));
    }

    [Test]
    public void A_hedge_fill_told_twice_is_booked_once()
    {
        var script = Hedge("""
            fill sell 5 @ 1003
            => hedge 1.1 at A: buy 5 @ 1006
            filled A 1.1 3 @ 1001 x1
            filled A 1.1 3 @ 1001 x1
            => nothing
            """);
        Assert.That(script.Desk.Instruments[0].Position, Is.EqualTo(-2));
    }

    [Test]
    public void After_a_reject_the_next_best_exchange_is_tried_with_a_wider_limit() => Hedge("""
        fill sell 5 @ 1003
        => hedge 1.1 at A: buy 5 @ 1006
        rejected A 1.1
        => alert hedge-rejected
        => hedge 1.2 at B: buy 5 @ 1012
        """);

    [Test]
    public void What_an_immediate_order_left_is_tried_again() => Hedge("""
        fill sell 5 @ 1003
        => hedge 1.1 at A: buy 5 @ 1006
        filled A 1.1 3 @ 1001 x1
        canceled A 1.1 3
        => hedge 1.2 at A: buy 2 @ 1011
        """);

    [Test]
    public void After_the_last_attempt_a_person_is_called_and_it_pauses() => Hedge("""
        fill sell 5 @ 1003
        => hedge 1.1 at A: buy 5 @ 1006
        canceled A 1.1 0
        => hedge 1.2 at A: buy 5 @ 1011
        canceled A 1.2 0
        => hedge 1.3 at A: buy 5 @ 1016
        canceled A 1.3 0
        => alert hedge-gave-up
        wait 29
        => nothing
        book A 10@999 | 10@1001
        wait 2
        => hedge 2.1 at A: buy 5 @ 1006
        """);

    [Test]
    public void Silence_makes_it_unknown_and_blocks_its_quantity() => Hedge("""
        fill sell 5 @ 1003
        => hedge 1.1 at A: buy 5 @ 1006
        sent A 1.1
        => nothing
        wait 3.2
        => ask A about 1.1
        book B 10@998 | 10@1002
        fill sell 2 @ 1003
        => hedge 2.1 at B: buy 2 @ 1007
        """);

    [Test]
    public void An_unknown_order_that_is_gone_is_believed_only_when_it_is_old_enough() => Hedge("""
        fill sell 5 @ 1003
        => hedge 1.1 at A: buy 5 @ 1006
        sent A 1.1
        wait 3.2
        => ask A about 1.1
        gone A 1.1 0
        => nothing
        wait 6.9
        => ask A about 1.1
        => ask A about 1.1
        => ask A about 1.1
        book A 10@999 | 10@1001
        gone A 1.1 0
        => hedge 1.2 at A: buy 5 @ 1011
        """);

    [Test]
    public void Fills_that_come_while_it_is_unknown_settle_it()
    {
        var script = Hedge("""
            fill sell 5 @ 1003
            => hedge 1.1 at A: buy 5 @ 1006
            sent A 1.1
            down A
            => alert exchange-down
            up A
            => ask A about 1.1
            filled A 1.1 3 @ 1001 x1
            => nothing
            filled A 1.1 2 @ 1001 x2
            wait 1
            => nothing
            """);
        Assert.That(script.Desk.Hedges[0].State, Is.EqualTo(HedgeState.Filled));
    }

    [Test]
    public void An_end_with_more_filled_than_booked_waits_for_the_fills()
    {
        var script = Hedge("""
            fill sell 5 @ 1003
            => hedge 1.1 at A: buy 5 @ 1006
            ack A 1.1
            canceled A 1.1 3
            => ask A about 1.1
            filled A 1.1 3 @ 1001 x1
            gone A 1.1 3
            => hedge 1.2 at A: buy 2 @ 1011
            """);
        Assert.That(script.Desk.Instruments[0].Position, Is.EqualTo(-2));
    }

    [Test]
    public void Fills_that_never_come_are_booked_from_the_status_and_not_again_when_they_come_late()
    {
        var script = Hedge("""
            fill sell 5 @ 1003
            => hedge 1.1 at A: buy 5 @ 1006
            ack A 1.1
            filled A 1.1 1 @ 1000 x1
            gone A 1.1 5 @ 1001
            => ask A about 1.1
            wait 3
            => ask A about 1.1
            gone A 1.1 5 @ 1001
            wait 2.1
            => ask A about 1.1
            gone A 1.1 5 @ 1001
            => alert hedge-from-status
            """);
        Assert.Multiple(() =>
        {
            Assert.That(script.Desk.Instruments[0].Position, Is.Zero);
            Assert.That(script.Desk.Hedges[0].State, Is.EqualTo(HedgeState.Filled));
            // 5 at 1001 on average, less 1 at 1000, is 4005 for 4: 1002 each, rounded against us.
            Assert.That(script.Journal.OfType<HedgeReport>().Single(r => r.ExecId.StartsWith("status:")), Has.Property("Quantity").EqualTo(4).And.Property("Price").EqualTo(1002));
        });
        script.Run("""
            filled A 1.1 4 @ 1001 x2
            => alert hedge-late-fill
            restart
            book A 10@999 | 10@1001
            wait 1
            => nothing
            """);
        Assert.That(script.Desk.Instruments[0].Position, Is.Zero);
    }

    [Test]
    public void Fills_that_come_after_the_status_are_booked_as_they_are()
    {
        var script = Hedge("""
            fill sell 5 @ 1003
            => hedge 1.1 at A: buy 5 @ 1006
            ack A 1.1
            gone A 1.1 5 @ 1001
            => ask A about 1.1
            filled A 1.1 5 @ 1001 x1
            wait 10
            => nothing
            """);
        Assert.That(script.Journal.OfType<HedgeReport>().Count(r => r.Kind == HedgeReportKind.Filled), Is.EqualTo(1));
    }

    [Test]
    public void An_end_with_less_filled_than_booked_is_a_contradiction_for_a_person() => Hedge("""
        fill sell 5 @ 1003
        => hedge 1.1 at A: buy 5 @ 1006
        filled A 1.1 3 @ 1001 x1
        canceled A 1.1 0
        => alert hedge-contradiction
        => ask A about 1.1
        """);

    [Test]
    public void An_order_that_should_have_ended_is_asked_about_and_canceled() => Hedge("""
        fill sell 5 @ 1003
        => hedge 1.1 at A: buy 5 @ 1006
        ack A 1.1
        wait 3.2
        => cancel 1.1 at A
        => ask A about 1.1
        open A 1.1 0
        canceled A 1.1 0
        book A 10@999 | 10@1001
        => hedge 1.2 at A: buy 5 @ 1011
        """);

    [Test]
    public void A_person_is_called_when_it_stays_unknown() => Hedge("""
        fill sell 5 @ 1003
        => hedge 1.1 at A: buy 5 @ 1006
        sent A 1.1
        down A
        => alert exchange-down
        wait 15.2
        => alert hedge-unknown
        """);

    [Test]
    public void A_fill_of_an_order_that_was_never_sent_is_for_a_person_and_not_booked()
    {
        var script = Hedge("""
            filled A somebody-else 3 @ 1001 x1
            => alert hedge-unknown-order
            """);
        Assert.That(script.Desk.Instruments[0].Position, Is.Zero);
    }

    [Test]
    public void A_fill_after_the_end_is_booked_and_is_for_a_person()
    {
        var script = Hedge("""
            kill exchange B
            fill sell 5 @ 1003
            => hedge 1.1 at A: buy 5 @ 1006
            ack A 1.1
            book A 10@999 | 1@2000
            canceled A 1.1 0
            => hedge 1.2 at A: buy 1 @ 2020
            filled A 1.1 2 @ 1001 x1
            => alert hedge-out-of-turn
            """);
        Assert.That(script.Desk.Instruments[0].Position, Is.EqualTo(-3));
    }

    [Test]
    public void A_stale_book_is_not_hedged_at() => Hedge("""
        wait 4
        heard B
        wait 2
        fill sell 5 @ 1003
        => hedge 1.1 at B: buy 5 @ 1007
        """);

    [TestCase("kill bridge"), TestCase("kill instrument BTC-USD")]
    public void Killed_nothing_is_hedged_until_it_is_lifted(string kill) => Hedge($"""
        {kill}
        fill sell 5 @ 1003
        => nothing
        {kill.Replace("kill", "resume", StringComparison.Ordinal)}
        => hedge 1.1 at A: buy 5 @ 1006
        """);

    [Test]
    public void A_killed_exchange_is_passed_over() => Hedge("""
        kill exchange A
        fill sell 5 @ 1003
        => hedge 1.1 at B: buy 5 @ 1007
        """);

    [Test]
    public void A_switch_survives_a_restart() => Hedge("""
        kill bridge
        restart
        up A
        book A 10@999 20@998 | 10@1001 20@1002
        fill sell 5 @ 1003
        => nothing
        """);

    [Test]
    public void After_a_restart_an_unsettled_hedge_is_asked_about_and_not_sent_again()
    {
        var script = Hedge("""
            fill sell 5 @ 1003
            => hedge 1.1 at A: buy 5 @ 1006
            sent A 1.1
            restart
            up A
            book A 10@999 20@998 | 10@1001 20@1002
            => ask A about 1.1
            filled A 1.1 5 @ 1001 x1
            wait 5
            => nothing
            """);
        Assert.That(script.Desk.Instruments[0].Position, Is.Zero);
    }

    [Test]
    public void Ids_begin_at_the_second_of_the_journals_birth()
    {
        var script = Hedge("""
            fill sell 5 @ 1003
            => hedge 1.1 at A: buy 5 @ 1006
            """);
        Assert.That(script.Desk.Hedges[0].ClientId, Is.EqualTo("1-1000-1"));
    }

    [Test]
    public void Every_pair_that_is_not_in_the_table_is_refused()
    {
        var order = new HedgeOrder(new HedgeIntent { NowNs = 0, ClientId = "1-1-1", Instrument = 0, Exchange = 0, Side = Venue.Messages.Side.Buy, Quantity = 1, Limit = 1, Seq = 1, Attempt = 1 });
        Assert.Multiple(() =>
        {
            Assert.That(order.Move(HedgeEvent.Refused, 1), Is.True);
            Assert.That(order.Move(HedgeEvent.Acknowledged, 2), Is.False);
            Assert.That(order.State, Is.EqualTo(HedgeState.Rejected));
            foreach (var from in Enum.GetValues<HedgeState>().Where(s => s.IsDone()))
                foreach (var on in Enum.GetValues<HedgeEvent>())
                    Assert.That(HedgeTable.Next(from, on) is null or HedgeState.Filled or HedgeState.Canceled or HedgeState.Rejected, Is.True, $"{on} while {from} opens it again");
        });
    }
}
