using System.Globalization;
using Venue.Host;
using Venue.Messages;
using Venue.Sequencer;
using Venue.Tests.Gateway;

namespace Venue.Tests.Host;

/// <summary>Phases by the clock, in a time zone.</summary>
internal sealed class TimetableTests
{
    private static PhaseSchedule Schedule(string text, string zone = "UTC")
    {
        var schedule = PhaseSchedule.TryParse("X-USD", text, zone, out var fault);
        Assert.That(fault, Is.Null);
        return schedule!;
    }

    private static long At(string utc) => (DateTime.Parse(utc, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal) - DateTime.UnixEpoch).Ticks * 100;

    [TestCase("2026-11-22T07:59:59Z", "2026-11-21T17:30:00Z", Phase.Closed, "2026-11-22T08:00:00Z", Phase.PreOpen)]
    [TestCase("2026-11-22T08:00:00Z", "2026-11-22T08:00:00Z", Phase.PreOpen, "2026-11-22T08:30:00Z", Phase.Continuous)]
    [TestCase("2026-11-22T23:00:00Z", "2026-11-22T17:30:00Z", Phase.Closed, "2026-11-23T08:00:00Z", Phase.PreOpen)]
    public void Each_day_has_its_changes(string now, string last, Phase lastPhase, string next, Phase nextPhase)
    {
        var schedule = Schedule("08:00:00 PreOpen, 08:30:00 Continuous, 17:30:00 Closed");
        Assert.That(schedule.Last(At(now)), Is.EqualTo((At(last), lastPhase)));
        Assert.That(schedule.Next(At(now)), Is.EqualTo((At(next), nextPhase)));
    }

    /// <summary>London is an hour ahead in summer; 01:30 does not exist on the day on which summer time begins, and is there twice on the day on which it ends.</summary>
    [TestCase("2026-07-01T00:00:00Z", "2026-07-01T00:30:00Z")]
    [TestCase("2026-12-01T00:00:00Z", "2026-12-01T01:30:00Z")]
    [TestCase("2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z")]
    [TestCase("2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z")]
    public void Times_are_those_of_the_zone(string now, string next) =>
        Assert.That(Schedule("01:30:00 Continuous", "Europe/London").Next(At(now)), Is.EqualTo((At(next), Phase.Continuous)));

    [TestCase("08:00 PreOpen", "UTC"), TestCase("08:00:00 Lunch", "UTC"), TestCase("08:00:00 1", "UTC"), TestCase("09:00:00 PreOpen, 08:00:00 Continuous", "UTC"), TestCase("08:00:00 PreOpen", "Mars/Olympus")]
    public void What_is_no_schedule_is_a_fault(string text, string zone)
    {
        Assert.That(PhaseSchedule.TryParse("X-USD", text, zone, out var fault), Is.Null);
        Assert.That(fault, Is.Not.Null);
    }

    /// <summary>The journal ends in continuous trading at 12:00 on the 22nd. However many changes came since, the last of them is made, once; then they go on by the clock.</summary>
    [TestCase("2026-11-22T17:29:59Z", 0, Phase.Continuous, "2026-11-22T17:30:00Z", Phase.Closed)]
    [TestCase("2026-11-22T17:30:00Z", 1, Phase.Closed, "2026-11-23T08:00:00Z", Phase.PreOpen)]
    [TestCase("2026-11-23T08:10:00Z", 1, Phase.PreOpen, "2026-11-23T08:30:00Z", Phase.Continuous)]
    [TestCase("2026-11-25T23:00:00Z", 1, Phase.Closed, "2026-11-26T08:00:00Z", Phase.PreOpen)]
    public void What_came_while_the_venue_was_down_is_made_up_for(string back, int made, Phase phase, string next, Phase nextPhase)
    {
        using var venue = new CoreHarness();
        var timetable = Back(venue, At(back));
        Poll(venue, timetable, At(back));
        Assert.That((Count(venue, CommandType.SetPhase), venue.Core.Engine.Market(1).Phase), Is.EqualTo((made, phase)));
        Poll(venue, timetable, At(next) - 1);
        Assert.That(venue.Core.Engine.Market(1).Phase, Is.EqualTo(phase));
        Poll(venue, timetable, At(next));
        Assert.That((Count(venue, CommandType.SetPhase), venue.Core.Engine.Market(1).Phase), Is.EqualTo((made + 1, nextPhase)));
    }

    [Test]
    public void What_an_operator_overruled_is_not_made_again_by_a_start()
    {
        using var venue = new CoreHarness();
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var halt = ref Command.Begin<SetPhase>(slot, CommandType.SetPhase);
        (halt.Instrument, halt.Phase) = (1, Phase.Halt);
        venue.Core.Publish(slot[..halt.Header.Length]);
        venue.Core.Drain();
        var timetable = Back(venue, venue.NowNs + 60_000_000_000);
        Poll(venue, timetable, venue.NowNs);
        Assert.That(venue.Core.Engine.Market(1).Phase, Is.EqualTo(Phase.Halt));
        Poll(venue, timetable, At("2026-11-22T17:30:00Z"));
        Assert.That(venue.Core.Engine.Market(1).Phase, Is.EqualTo(Phase.Closed));
    }

    [Test]
    public void A_tick_comes_each_minute_and_sums_the_balances_of_an_asset()
    {
        using var venue = new CoreHarness();
        var timetable = new Timetable(venue.Core, [], venue.NowNs, venue.NowNs);
        var (beganNs, before) = (venue.NowNs, venue.Core.Engine.ConservationChecks);
        foreach (var (second, ticks) in new[] { (0, 0), (59, 0), (60, 1), (61, 1), (119, 1), (120, 2), (1000, 3) })
        {
            Poll(venue, timetable, beganNs + second * 1_000_000_000L);
            Assert.That((Count(venue, CommandType.Tick), venue.Core.Engine.ConservationChecks - before), Is.EqualTo((ticks, (long)ticks)), $"second {second}");
        }
    }

    [Test]
    public void A_tick_brings_the_time_that_an_order_waits_for()
    {
        using var venue = new CoreHarness();
        var timetable = new Timetable(venue.Core, [], venue.NowNs, venue.NowNs);
        var client = venue.Connect("CLIENT1").Logon().Order("1", "buy", "1", "40000", "59=6|126=20261122-12:00:10");
        Assert.That(venue.Core.Engine.OpenOrders, Is.EqualTo(1), string.Join('\n', client.Inbox()));
        Poll(venue, timetable, At("2026-11-22T12:00:10Z") - 1);
        Assert.That((Count(venue, CommandType.Tick), venue.Core.Engine.OpenOrders), Is.EqualTo((0, 1)));
        Poll(venue, timetable, At("2026-11-22T12:00:10Z"));
        Assert.That((Count(venue, CommandType.Tick), venue.Core.Engine.OpenOrders), Is.EqualTo((1, 0)));
    }

    /// <summary>A start at a time, after a stop at the harness's.</summary>
    private static Timetable Back(CoreHarness venue, long nowNs)
    {
        var lastNs = venue.NowNs;
        venue.NowNs = nowNs;
        venue.Restart();
        var schedule = PhaseSchedule.TryParse("BTC-USD", "08:00:00 PreOpen, 08:30:00 Continuous, 17:30:00 Closed", "UTC", out _)!;
        return new Timetable(venue.Core, [schedule], lastNs, nowNs);
    }

    private static void Poll(CoreHarness venue, Timetable timetable, long nowNs)
    {
        venue.Core.NowNs = nowNs;
        timetable.Poll(nowNs);
        venue.Core.Drain();
    }

    private static int Count(CoreHarness venue, CommandType type) => venue.Records().Count(r => r.Kind == RecordKind.Command && Command.Header(r.Payload).Type == type && Command.Header(r.Payload).TimeNs >= venue.NowNs);
}
