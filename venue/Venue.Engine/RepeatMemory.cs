using Venue.Messages;

namespace Venue.Engine;

/// <summary>What makes two orders the same. No padding: it is written into snapshots as it lies.</summary>
internal readonly record struct RepeatKey(long Ticks, long Lots, long StopTicks, int Firm, int InstrumentAndKind)
{
    public RepeatKey(in LimitQuestion q) : this(q.Ticks, q.Lots, q.StopTicks, q.Firm, q.Instrument << 16 | (byte)q.OrdType << 8 | (byte)q.Side)
    {
    }
}

/// <summary>The last orders that a scope took, and when. Allocates nothing after it was made.</summary>
internal sealed class RepeatMemory
{
    /// <summary>As many orders are remembered.</summary>
    public const int Capacity = 4096;

    private readonly Dictionary<RepeatKey, long> _lastNs = new(Capacity);
    private readonly (RepeatKey Key, long TimeNs)[] _ring = new (RepeatKey, long)[Capacity];
    private int _oldest;
    private int _count;

    /// <summary>True when the same order was taken after this time.</summary>
    public bool Has(in RepeatKey key, long afterNs) => _lastNs.TryGetValue(key, out var lastNs) && lastNs > afterNs;

    /// <summary>Remembers an order, forgets the oldest when there are too many.</summary>
    public void Add(in RepeatKey key, long nowNs)
    {
        if (_count == Capacity)
        {
            var (old, timeNs) = _ring[_oldest];
            // One that came again since stays known by its later time.
            if (_lastNs.TryGetValue(old, out var lastNs) && lastNs == timeNs) _lastNs.Remove(old);
            _ring[_oldest] = (key, nowNs);
            _oldest = (_oldest + 1) % Capacity;
        }
        else _ring[_count++] = (key, nowNs);
        _lastNs[key] = nowNs;
    }

    public void HashInto(ref StateHasher hasher)
    {
        for (var i = 0; i < _count; i++)
        {
            ref var entry = ref _ring[(_oldest + i) % Capacity];
            hasher.AddWords(in entry.Key);
            hasher.Add(entry.TimeNs);
        }
    }
}
