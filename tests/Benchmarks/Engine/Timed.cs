using Venue.Messages;

namespace Venue.Benchmarks.Engine;

/// <summary>Notes the time of each event, whatever it is.</summary>
internal readonly struct Timed(Clock clock) : IEventTaker
{
    public void On<T>(in T e) where T : unmanaged => clock.Tick();
}
