using System.Runtime.InteropServices;

namespace Venue.Gateway;

/// <summary>How logons are guarded.</summary>
public sealed record LogonGuardOptions
{
    /// <summary>Failures from one address as one session until it is locked out.</summary>
    public int FailuresMax { get; init; } = 5;

    /// <summary>Failures older than this do not count; also how long it is locked out, nanoseconds.</summary>
    public long LockOutNs { get; init; } = 60_000_000_000;

    /// <summary>A signed Logon's SendingTime(52) is at most so far from our time, either way, nanoseconds.</summary>
    public long ClockWindowNs { get; init; } = 5_000_000_000;

    /// <summary>Told when somebody is locked out; for people to act on.</summary>
    public Action<string>? Alarm { get; init; }
}

/// <summary>Counts failed logons and remembers signatures that were used. Owned by the core thread; bounded.</summary>
internal sealed class LogonGuard(LogonGuardOptions options)
{
    private const int AddressesMax = 4096;

    private sealed class Failures
    {
        public int Count;
        public long FirstNs;
    }

    // By session and address: a stranger elsewhere must not be able to lock out the client itself.
    private readonly Dictionary<(int Session, string Address), Failures> _failures = [];
    private readonly Dictionary<(int Session, string Address), int> _pending = [];
    private readonly HashSet<(int Session, string Signed)> _used = [];
    private readonly Queue<(long Ns, (int Session, string Signed) Key)> _usedInOrder = new();

    /// <summary>True while this address may not try to be this session.</summary>
    public bool IsLockedOut(ClientSession client, Connection connection, long nowNs) =>
        _failures.TryGetValue((client.Id, AddressOf(connection)), out var failures) && failures.Count >= options.FailuresMax && nowNs - failures.FirstNs < options.LockOutNs;

    /// <summary>Takes a logon to be checked; false when as many of this session from this address wait as may fail: who guesses faster than is looked at must not fill the queue.</summary>
    public bool TryBegin(ClientSession client, Connection connection)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_pending, (client.Id, AddressOf(connection)), out _);
        if (count == options.FailuresMax) return false;
        count++;
        return true;
    }

    /// <summary>It was checked, or not taken after all.</summary>
    public void End(ClientSession client, Connection connection)
    {
        var key = (client.Id, AddressOf(connection));
        if (--CollectionsMarshal.GetValueRefOrNullRef(_pending, key) == 0) _pending.Remove(key);
    }

    /// <summary>Why a logon whose proof was looked at is refused; empty when it is not.</summary>
    public string Judge(PendingLogon logon, long nowNs)
    {
        var fault = Fault(logon, nowNs);
        if (fault.Length > 0) Failed(logon, fault, nowNs);
        else _failures.Remove((logon.Client.Id, AddressOf(logon.Connection)));
        return fault;
    }

    private string Fault(PendingLogon logon, long nowNs)
    {
        if (!logon.IsProven) return "its proof is wrong";
        if (!logon.Proof.IsSigned) return "";
        if (!logon.Proof.TryGetSendingTime(out var sentNs) || Math.Abs(logon.ReceivedNs - sentNs) > options.ClockWindowNs) return "its SendingTime(52) is too far from our time for a signature";
        // A signature is good for one Logon: whoever has overheard it can use it only while the clock window lasts, and by then it is used.
        while (_usedInOrder.TryPeek(out var oldest) && nowNs - oldest.Ns > 2 * options.ClockWindowNs) _used.Remove(_usedInOrder.Dequeue().Key);
        var key = (logon.Client.Id, Convert.ToBase64String(logon.Proof.Signed));
        if (!_used.Add(key)) return "its signature was used before";
        _usedInOrder.Enqueue((nowNs, key));
        return "";
    }

    private void Failed(PendingLogon logon, string fault, long nowNs)
    {
        var key = (logon.Client.Id, AddressOf(logon.Connection));
        if (!_failures.TryGetValue(key, out var failures) || nowNs - failures.FirstNs >= options.LockOutNs)
        {
            if (_failures.Count >= AddressesMax) Forget(nowNs);
            _failures[key] = failures = new Failures { FirstNs = nowNs };
        }
        if (++failures.Count != options.FailuresMax) return;
        failures.FirstNs = nowNs;
        options.Alarm?.Invoke($"{logon.Client.ClientCompID} from {key.Item2} is locked out for {options.LockOutNs / 1_000_000_000} s after {failures.Count} failed logons, the last because {fault}");
    }

    // All that is over; and everything when nothing is, since the table must not grow.
    private void Forget(long nowNs)
    {
        foreach (var (key, failures) in _failures)
            if (nowNs - failures.FirstNs >= options.LockOutNs) _failures.Remove(key);
        if (_failures.Count >= AddressesMax) _failures.Clear();
    }

    private static string AddressOf(Connection connection) => connection.Remote.LastIndexOf(':') is var colon and > 0 ? connection.Remote[..colon] : connection.Remote;
}
