using Venue.Messages;

namespace Venue.Host;

/// <summary>What happens by the clock: phases by their schedules, and ticks when the engine waits for a time or is to sum its balances.</summary>
internal sealed class Timetable
{
    private const long CheckIntervalNs = 60_000_000_000;

    private readonly VenueCore _core;
    private readonly List<(int Instrument, PhaseSchedule Schedule, long AtNs, Phase Phase)> _changes = [];
    private long _nextCheckNs;

    /// <summary>Begins after what the journal has seen: a change that came while the venue was down is made up for, one that an operator overruled is not.</summary>
    public Timetable(VenueCore core, IReadOnlyList<PhaseSchedule> schedules, long lastTimeNs, long nowNs)
    {
        _core = core;
        _nextCheckNs = nowNs + CheckIntervalNs;
        foreach (var schedule in schedules)
        {
            var instrument = core.Known.Instruments.FindIndex(i => i.Symbol.ToString() == schedule.Symbol) + 1;
            var (atNs, phase) = schedule.Last(nowNs);
            if (atNs <= lastTimeNs) (atNs, phase) = schedule.Next(nowNs);
            _changes.Add((instrument, schedule, atNs, phase));
        }
    }

    /// <summary>Publishes what is due.</summary>
    public void Poll(long nowNs)
    {
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        for (var i = 0; i < _changes.Count && !_core.IsFull; i++)
        {
            var (instrument, schedule, atNs, phase) = _changes[i];
            if (atNs > nowNs) continue;
            ref var c = ref Command.Begin<SetPhase>(slot, CommandType.SetPhase);
            (c.Instrument, c.Phase, c.Reason) = (instrument, phase, Text40.From("schedule"));
            _core.Publish(slot[..c.Header.Length]);
            var next = schedule.Next(nowNs);
            _changes[i] = (instrument, schedule, next.AtNs, next.Phase);
        }
        if ((nowNs < _nextCheckNs && nowNs < _core.Engine.NextDueNs) || _core.IsFull) return;
        _nextCheckNs = nowNs + CheckIntervalNs;
        _core.Publish(slot[..Command.Begin<Tick>(slot, CommandType.Tick).Header.Length]);
    }
}
