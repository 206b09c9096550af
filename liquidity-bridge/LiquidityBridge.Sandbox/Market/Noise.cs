namespace LiquidityBridge.Sandbox.Market;

/// <summary>Repeatable random numbers (SplitMix64): the same seed and stream give the same numbers on every machine.</summary>
internal sealed class Noise
{
    private ulong _state;

    /// <summary>A stream of its own for each name.</summary>
    public Noise(ulong seed, string stream)
    {
        _state = seed;
        foreach (var c in stream) _state = Next() ^ c;
    }

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public long Between(long low, long high) => low + (long)(Next() % (ulong)(high - low + 1));

    private ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }
}
