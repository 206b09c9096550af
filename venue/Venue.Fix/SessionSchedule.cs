namespace Venue.Fix;

/// <summary>
/// When a session is open: daily, on some weekdays, or once a week, in a time zone. What is numbered between two periods
/// belongs to the next one. As QuickFIX's StartTime, EndTime, StartDay, EndDay, Weekdays and TimeZone.
/// </summary>
/// <remarks>
/// A period is open from its start (inclusive) to its end (exclusive). A start or end that the zone's clock leaps over
/// happens when the leap is done; one that the clock shows twice happens the second time.
/// </remarks>
public sealed class SessionSchedule
{
    private const long TickNs = 100;
    private const int Week = 7;

    private readonly TimeSpan _start, _end;
    private readonly bool[] _starts = new bool[Week];   // by day of the week: a period begins on it
    private readonly int _endsAfterDays;
    private readonly TimeZoneInfo _zone;

    private SessionSchedule(TimeSpan start, TimeSpan end, IEnumerable<DayOfWeek> starts, int endsAfterDays, TimeZoneInfo zone)
    {
        foreach (var time in (TimeSpan[])[start, end])
            if (time < TimeSpan.Zero || time >= TimeSpan.FromDays(1)) throw new ArgumentOutOfRangeException(nameof(start), time, "a time of day");
        (_start, _end, _endsAfterDays, _zone) = (start, end, endsAfterDays, zone);
        foreach (var day in starts) _starts[(int)day] = true;
    }

    /// <summary>One period each day. An end that is not after the start is on the next day: equal times are open all day.</summary>
    public static SessionSchedule Daily(TimeSpan start, TimeSpan end, TimeZoneInfo zone) => OnDays(start, end, Enum.GetValues<DayOfWeek>(), zone);

    /// <summary>One period beginning on each of <paramref name="days"/>. An end that is not after the start is on the next day.</summary>
    public static SessionSchedule OnDays(TimeSpan start, TimeSpan end, IReadOnlyCollection<DayOfWeek> days, TimeZoneInfo zone) =>
        days.Count > 0 ? new(start, end, days, end > start ? 0 : 1, zone) : throw new ArgumentException("no day", nameof(days));

    /// <summary>One period each week, from <paramref name="start"/> on one day to <paramref name="end"/> on another.</summary>
    public static SessionSchedule Weekly(DayOfWeek startDay, TimeSpan start, DayOfWeek endDay, TimeSpan end, TimeZoneInfo zone)
    {
        var days = (endDay - startDay + Week) % Week;
        return new(start, end, [startDay], days == 0 && end <= start ? Week : days, zone);
    }

    /// <summary>True in a period. <paramref name="nowNs"/> is since 1970-01-01 UTC.</summary>
    public bool IsOpen(long nowNs)
    {
        foreach (var (start, end) in Around(nowNs))
            if (start <= nowNs && nowNs < end) return true;
        return false;
    }

    /// <summary>The end of the period that <paramref name="nowNs"/> is in, or of the next one: when numbers of that time become void.</summary>
    public long EndAfter(long nowNs) => Around(nowNs).Where(period => period.EndNs > nowNs).Min(period => period.EndNs);

    /// <summary>The next time that a period begins; <paramref name="nowNs"/> itself while one is open. For an initiator that waits.</summary>
    public long OpenFrom(long nowNs) => IsOpen(nowNs) ? nowNs : Around(nowNs).Where(period => period.StartNs > nowNs).Min(period => period.StartNs);

    // All periods that begin in the fortnight around the time. For the cold path: a session asks once for each period.
    private IEnumerable<(long StartNs, long EndNs)> Around(long nowNs)
    {
        var today = TimeZoneInfo.ConvertTimeFromUtc(DateTime.UnixEpoch.AddTicks(nowNs / TickNs), _zone).Date;
        for (var i = -Week - 1; i <= Week + 1; i++)
        {
            var day = today.AddDays(i);
            if (_starts[(int)day.DayOfWeek]) yield return (UtcNs(day + _start), UtcNs(day.AddDays(_endsAfterDays) + _end));
        }
    }

    private long UtcNs(DateTime local)
    {
        var time = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        while (_zone.IsInvalidTime(time)) time = new DateTime(time.Year, time.Month, time.Day, time.Hour, time.Minute, 0).AddMinutes(1);
        return (TimeZoneInfo.ConvertTimeToUtc(time, _zone) - DateTime.UnixEpoch).Ticks * TickNs;
    }
}
