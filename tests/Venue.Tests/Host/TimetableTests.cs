using System.Globalization;
using Venue.Host;
using Venue.Messages;

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
}
