using Custody.Host.Database;
using Custody.Policy;

namespace Custody.Host.Workers;

/// <summary>What all workers share: the database, the clock, alarms.</summary>
public sealed class Desk(Store store, PolicyTerms policy, Func<long> nowNs, ILogger log)
{
    private const long NsPerSecond = 1_000_000_000;

    /// <summary>The database.</summary>
    public Store Store => store;

    /// <summary>What may be withdrawn.</summary>
    public PolicyTerms Policy => policy;

    /// <summary>Nanoseconds since 1970 UTC.</summary>
    public long NowNs => nowNs();

    /// <summary>Seconds since 1970 UTC.</summary>
    public long Now => nowNs() / NsPerSecond;

    /// <summary>Start of the velocity window, in nanoseconds.</summary>
    public long WindowStartNs => nowNs() - Rules.WindowSeconds * NsPerSecond;

    /// <summary>The log.</summary>
    public ILogger Log => log;

    /// <summary>Raises an alarm, in a transaction of its own.</summary>
    public void Raise(string tag, string subject, string text) => store.Write(u => Raise(u, tag, subject, text));

    /// <summary>Raises an alarm with what this transaction writes.</summary>
    public void Raise(Unit unit, string tag, string subject, string text)
    {
        if (AlarmTable.Raise(unit, tag, subject, text, NowNs)) log.AlarmRaised(tag, subject, text);
    }

    /// <summary>Clears an alarm, in a transaction of its own.</summary>
    public void Clear(string tag, string subject)
    {
        var wasStanding = false;
        store.Write(u => wasStanding = AlarmTable.Clear(u, tag, subject, NowNs));
        if (wasStanding) log.AlarmCleared(tag, subject);
    }
}
