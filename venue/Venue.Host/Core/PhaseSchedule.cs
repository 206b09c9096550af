using System.Globalization;
using Venue.Messages;

namespace Venue.Host;

/// <summary>When an instrument changes its phase, each day, in a time zone.</summary>
/// <remarks>A time that the zone's clock leaps over happens when the leap is done; one that it shows twice happens the first time.</remarks>
internal sealed class PhaseSchedule(string symbol, IReadOnlyList<(TimeSpan Time, Phase Phase)> changes, TimeZoneInfo zone)
{
    private const long TickNs = 100;

    /// <summary>Of the instrument.</summary>
    public string Symbol => symbol;

    /// <summary>Reads "08:00:00 PreOpen, 08:30:00 Continuous"; null, and a text, when that is not what it says.</summary>
    public static PhaseSchedule? TryParse(string symbol, string text, string zoneName, out string? fault)
    {
        fault = null;
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zoneName, out var zone)) fault = $"TimeZone={zoneName} is not a time zone of this system";
        var changes = new List<(TimeSpan Time, Phase Phase)>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var isSound = words.Length == 2 && TimeSpan.TryParseExact(words[0], @"hh\:mm\:ss", CultureInfo.InvariantCulture, out var time)
                && Enum.TryParse<Phase>(words[1], out var phase) && Enum.IsDefined(phase) && !char.IsAsciiDigit(words[1][0]) && Note(changes, time, phase);
            if (!isSound) fault ??= $"Phases: '{part}' is not a time of day (HH:MM:SS), later than the one before, and one of {string.Join(", ", Enum.GetNames<Phase>())}";
        }
        return fault is null && changes.Count > 0 ? new PhaseSchedule(symbol, changes, zone!) : null;
    }

    /// <summary>The last change at or before a time, nanoseconds since 1970-01-01 UTC.</summary>
    public (long AtNs, Phase Phase) Last(long nowNs) => Around(nowNs).Where(change => change.AtNs <= nowNs).MaxBy(change => change.AtNs);

    /// <summary>The first change after a time.</summary>
    public (long AtNs, Phase Phase) Next(long nowNs) => Around(nowNs).Where(change => change.AtNs > nowNs).MinBy(change => change.AtNs);

    private IEnumerable<(long AtNs, Phase Phase)> Around(long nowNs)
    {
        var today = TimeZoneInfo.ConvertTimeFromUtc(DateTime.UnixEpoch.AddTicks(nowNs / TickNs), zone).Date;
        for (var day = -2; day <= 2; day++)
            foreach (var (time, phase) in changes) yield return (ToNs(today.AddDays(day) + time), phase);
    }

    private long ToNs(DateTime local)
    {
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return (local - offset - DateTime.UnixEpoch).Ticks * TickNs;
    }

    private static bool Note(List<(TimeSpan Time, Phase Phase)> changes, TimeSpan time, Phase phase)
    {
        if (changes.Count > 0 && time <= changes[^1].Time) return false;
        changes.Add((time, phase));
        return true;
    }
}
