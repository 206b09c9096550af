namespace LiquidityBridge.Host.Desk;

/// <summary>Names that were refused too often, whether they are users or not: refused for a while without a look at the password.</summary>
/// <remarks>Any thread. The desk is on loopback: every caller has the same address, so that names are all there is to count by.</remarks>
public sealed class LockOut(TimeProvider time)
{
    /// <summary>Failures in a row after which a name is locked.</summary>
    public const int FailuresMax = 5;

    /// <summary>How long it is locked, and how long a failure is remembered.</summary>
    public static readonly TimeSpan For = TimeSpan.FromMinutes(5);

    private const int NamesMax = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Failures, DateTimeOffset Last)> _names = new(StringComparer.Ordinal);

    /// <summary>True when an attempt may be made; it counts as failed until <see cref="Succeeded"/>.</summary>
    public bool TryBegin(string name)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (!_names.TryGetValue(name, out var entry) || now - entry.Last >= For) entry = default;
            if (entry.Failures >= FailuresMax) return false;
            if (_names.Count >= NamesMax && !_names.ContainsKey(name) && !Forget(now)) return false;
            _names[name] = (entry.Failures + 1, now);
            return true;
        }
    }

    /// <summary>The password was right: nothing is held against the name.</summary>
    public void Succeeded(string name)
    {
        lock (_lock) _names.Remove(name);
    }

    private bool Forget(DateTimeOffset now)
    {
        foreach (var (name, entry) in _names)
            if (now - entry.Last >= For) _names.Remove(name);
        return _names.Count < NamesMax;
    }
}
