using Venue.Messages;

namespace Venue.Benchmarks.Engine;

/// <summary>Nobody listens: what is measured is the engine alone.</summary>
internal readonly struct Silent : IEventTaker
{
    public void On<T>(in T e) where T : unmanaged
    {
    }
}
