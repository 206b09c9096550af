namespace Custody.Host.Database;

/// <summary>What somebody has to look at.</summary>
public sealed record Alarm(string Tag, string Subject, string Text, long RaisedNs, long? ClearedNs);

/// <summary>Alarms, and whether withdrawals are stopped.</summary>
public static class AlarmTable
{
    /// <summary>Raises an alarm; true when it was not standing already.</summary>
    public static bool Raise(Unit unit, string tag, string subject, string text, long nowNs) => unit.Execute(
        "insert into alarm (tag, subject, text, raised_ns) values ($1, $2, $3, $4) on conflict (tag, subject) where cleared_ns is null do nothing", tag, subject, text, nowNs) == 1;

    /// <summary>What it was about is over; true when it stood.</summary>
    public static bool Clear(Unit unit, string tag, string subject, long nowNs) => unit.Execute(
        "update alarm set cleared_ns = $3 where tag = $1 and subject = $2 and cleared_ns is null", tag, subject, nowNs) == 1;

    /// <summary>Those that stand, then the latest of the others.</summary>
    public static List<Alarm> Latest(Unit unit, int limit) => unit.Query(
        "select tag, subject, text, raised_ns, cleared_ns from alarm order by cleared_ns is not null, raised_ns desc limit $1",
        r => new Alarm(r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.IsDBNull(4) ? null : r.GetInt64(4)), limit);

    /// <summary>Why withdrawals are stopped; null while they go on.</summary>
    public static string? HaltedBecause(Unit unit) => unit.Query("select reason from halt", r => r.IsDBNull(0) ? null : r.GetString(0))[0];

    /// <summary>Stops withdrawals, or lets them go on (null).</summary>
    public static void Halt(Unit unit, string? reason) => unit.Execute("update halt set reason = $1", reason);
}
