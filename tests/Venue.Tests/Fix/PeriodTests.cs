using System.Globalization;
using Venue.Fix;

namespace Venue.Tests.Fix;

/// <summary>When a session is open, and numbers that start over.</summary>
public sealed class PeriodTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    // 2026-11-22 is a Sunday.
    [TestCase("daily 08:00 17:00", "2026-11-22 07:59:59", "closed until 2026-11-22 08:00:00, void at 2026-11-22 17:00:00")]
    [TestCase("daily 08:00 17:00", "2026-11-22 08:00:00", "open, void at 2026-11-22 17:00:00")]
    [TestCase("daily 08:00 17:00", "2026-11-22 16:59:59", "open, void at 2026-11-22 17:00:00")]
    [TestCase("daily 08:00 17:00", "2026-11-22 17:00:00", "closed until 2026-11-23 08:00:00, void at 2026-11-23 17:00:00")]
    [TestCase("daily 17:00 08:00", "2026-11-22 07:59:59", "open, void at 2026-11-22 08:00:00")]
    [TestCase("daily 17:00 08:00", "2026-11-22 12:00:00", "closed until 2026-11-22 17:00:00, void at 2026-11-23 08:00:00")]
    [TestCase("daily 00:00 00:00", "2026-11-22 23:59:59", "open, void at 2026-11-23 00:00:00")]
    [TestCase("daily 00:00 00:00", "2026-11-23 00:00:00", "open, void at 2026-11-24 00:00:00")]
    [TestCase("Sun 17:00 Fri 16:00", "2026-11-22 16:59:59", "closed until 2026-11-22 17:00:00, void at 2026-11-27 16:00:00")]
    [TestCase("Sun 17:00 Fri 16:00", "2026-11-25 03:00:00", "open, void at 2026-11-27 16:00:00")]
    [TestCase("Sun 17:00 Fri 16:00", "2026-11-27 16:00:00", "closed until 2026-11-29 17:00:00, void at 2026-12-04 16:00:00")]
    [TestCase("Fri 17:00 Mon 09:00", "2026-11-22 12:00:00", "open, void at 2026-11-23 09:00:00")]
    [TestCase("Sun 00:00 Sun 00:00", "2026-11-28 12:00:00", "open, void at 2026-11-29 00:00:00")]
    [TestCase("Sun 08:00 Sun 09:00", "2026-11-28 12:00:00", "closed until 2026-11-29 08:00:00, void at 2026-11-29 09:00:00")]
    [TestCase("days Mon,Tue 22:00 02:00", "2026-11-23 01:00:00", "closed until 2026-11-23 22:00:00, void at 2026-11-24 02:00:00")]
    [TestCase("days Mon,Tue 22:00 02:00", "2026-11-25 01:59:59", "open, void at 2026-11-25 02:00:00")]
    [TestCase("days Mon,Tue 22:00 02:00", "2026-11-25 02:00:00", "closed until 2026-11-30 22:00:00, void at 2026-12-01 02:00:00")]
    // Berlin is one hour ahead in winter; its clock leaps from 02:00 to 03:00 on 2027-03-28 and back on 2026-10-25.
    [TestCase("berlin 09:00 17:30", "2026-11-22 08:00:00", "open, void at 2026-11-22 16:30:00")]
    [TestCase("berlin 09:00 17:30", "2026-07-22 07:00:00", "open, void at 2026-07-22 15:30:00")]
    [TestCase("berlin 02:30 04:00", "2027-03-28 00:59:59", "closed until 2027-03-28 01:00:00, void at 2027-03-28 02:00:00")]
    [TestCase("berlin 02:30 04:00", "2026-10-25 00:30:00", "closed until 2026-10-25 01:30:00, void at 2026-10-25 03:00:00")]
    public void At_this_time_it_is(string schedule, string now, string expected)
    {
        var s = Schedule(schedule.Split(' '));
        var nowNs = Ns(now);
        var text = s.IsOpen(nowNs) ? "open" : $"closed until {Text(s.OpenFrom(nowNs))}";
        Assert.That($"{text}, void at {Text(s.EndAfter(nowNs))}", Is.EqualTo(expected));
    }

    [Test]
    public void A_time_of_day_has_24_hours() => Assert.That(() => SessionSchedule.Daily(TimeSpan.FromHours(24), TimeSpan.Zero, TimeZoneInfo.Utc), Throws.InstanceOf<ArgumentOutOfRangeException>());

    // The scripts begin at 12:00:00.
    private static SessionSettings UntilOnePast(SessionSettings settings) =>
        settings with { Schedule = SessionSchedule.Daily(new(8, 0, 0), new(12, 1, 0), TimeZoneInfo.Utc) };

    [Test]
    public void At_the_end_of_the_period_it_logs_out_and_starts_over() => ScriptedSession.Active("""
        in 35=0|34=2
        wait 30s
        out 35=0|34=2
        in 35=0|34=3
        wait 30s
        out 35=5|34=3|58=The session's time is over
        logout time is over
        close time is over
        next in 1 out 1
        stored in 1 out 1
        """, UntilOnePast);

    [Test]
    public void Outside_of_the_period_a_logon_is_refused() => ScriptedSession.Active("""
        wait 60s
        out 35=5|34=2|58=The session's time is over
        logout time is over
        drop
        connect
        in 35=A|34=1|98=0|108=30
        out 35=5|34=1|58=Logon outside of the session's time
        close outside of the session's time
        """, UntilOnePast);

    [Test]
    public void What_is_sent_while_it_is_closed_belongs_to_the_next_period() => new ScriptedSession(UntilOnePast).Run("""
        connect
        in 35=A|34=1|98=0|108=30
        out 35=A|34=1|98=0|108=30
        logon
        drop
        logout socket closed
        send keep 35=8|11=a
        wait 60s
        send keep 35=8|11=b
        next in 1 out 2
        wait 72000s
        connect
        in 35=A|34=1|98=0|108=30
        out 35=A|34=2|98=0|108=30
        logon
        in 35=2|34=2|7=1|16=1
        out 35=8|34=1|43=Y|122=20261122-12:01:00.000|11=b
        """);

    [Test]
    public void A_store_that_knows_when_starts_over_after_a_restart_in_the_next_period() =>
        new ScriptedSession(UntilOnePast, store: new MemoryStore { NextIn = 5, NextOut = 7, ResetNs = Wire.Noon - 86_400L * 1_000_000_000 }).Run("""
            connect
            in 35=A|34=1|98=0|108=30
            out 35=A|34=1|98=0|108=30
            logon
            stored in 2 out 2
            """);

    [Test]
    public void A_store_of_this_period_goes_on_after_a_restart() =>
        new ScriptedSession(UntilOnePast, store: new MemoryStore { NextIn = 5, NextOut = 7, ResetNs = Wire.Noon - 3600L * 1_000_000_000 }).Run("""
            connect
            in 35=A|34=5|98=0|108=30
            out 35=A|34=7|98=0|108=30
            logon
            """);

    [Test]
    public void An_initiator_does_not_call_while_it_is_closed()
    {
        var late = new ScriptedSession(s => s with { Schedule = SessionSchedule.Daily(new(13, 0, 0), new(14, 0, 0), TimeZoneInfo.Utc) }, initiator: true);
        late.Run("""
            connect
            close outside of the session's time
            next in 1 out 1
            """);
        Assert.That(late.Session.Settings.Schedule!.OpenFrom(Wire.Noon), Is.EqualTo(Wire.Noon + 3600L * 1_000_000_000));
    }

    [Test]
    public void A_reset_of_ours_starts_both_numbers_over_and_loses_nothing_that_was_under_way() => ScriptedSession.Active("""
        in 35=0|34=2
        reset
        out 35=A|34=1|98=0|108=30|141=Y
        state ResetSent
        in 35=D|34=3|11=a|55=BTC-USD|54=1|60=20261122-12:00:00|38=1|40=1
        app D 3
        send keep 35=8|11=a
        out 35=8|34=2|11=a
        stored in 1 out 3
        in 35=A|34=1|98=0|108=30|141=Y
        state Active
        next in 2 out 3
        stored in 2 out 3
        in 35=0|34=2
        next in 3 out 3
        """);

    [Test]
    public void A_reset_that_is_not_answered_ends_the_session() => ScriptedSession.Active("""
        reset
        out 35=A|34=1|98=0|108=30|141=Y
        in 35=0|34=5
        wait 10s
        out 35=5|34=2|58=no answer to ResetSeqNumFlag(141)
        logout no answer
        next in 1 out 3
        """);

    [Test]
    public void Resets_that_cross_are_one() => ScriptedSession.Initiator("""
        out 35=A|34=1|98=0|108=30
        in 35=A|34=1|98=0|108=30
        logon
        reset
        out 35=A|34=1|98=0|108=30|141=Y
        in 35=A|34=1|98=0|108=30|141=Y
        next in 2 out 2
        state Active
        """);

    [Test]
    public void A_logout_while_a_reset_is_open_does_not_wait() => ScriptedSession.Active("""
        reset
        out 35=A|34=1|98=0|108=30|141=Y
        ask end of day
        out 35=5|34=2|58=end of day
        wait 1ms
        logout end of day
        close end of day
        next in 1 out 3
        """);

    [Test]
    public void No_reset_before_the_logon_and_none_twice()
    {
        var session = new ScriptedSession().Run("connect");
        Assert.That(session.Session.ResetNumbersNow(Wire.Noon), Is.False);
        session.Run("""
            in 35=A|34=1|98=0|108=30
            out 35=A|34=1|98=0|108=30
            logon
            reset
            out 35=A|34=1|98=0|108=30|141=Y
            """);
        Assert.That(session.Session.ResetNumbersNow(Wire.Noon), Is.False);
    }

    private static SessionSchedule Schedule(string[] words) => words[0] switch
    {
        "daily" => SessionSchedule.Daily(Time(words[1]), Time(words[2]), TimeZoneInfo.Utc),
        "berlin" => SessionSchedule.Daily(Time(words[1]), Time(words[2]), Berlin),
        "days" => SessionSchedule.OnDays(Time(words[2]), Time(words[3]), [.. words[1].Split(',').Select(Day)], TimeZoneInfo.Utc),
        _ => SessionSchedule.Weekly(Day(words[0]), Time(words[1]), Day(words[2]), Time(words[3]), TimeZoneInfo.Utc),
    };

    private static TimeSpan Time(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);

    private static DayOfWeek Day(string text) => Enum.GetValues<DayOfWeek>().Single(day => day.ToString().StartsWith(text, StringComparison.Ordinal));

    private static long Ns(string text) => (DateTime.Parse(text, CultureInfo.InvariantCulture) - DateTime.UnixEpoch).Ticks * 100;

    private static string Text(long ns) => DateTime.UnixEpoch.AddTicks(ns / 100).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
