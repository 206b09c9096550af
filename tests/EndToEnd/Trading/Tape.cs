namespace EndToEnd;

/// <summary>What all sessions together were told: every ExecID means one thing, and every trade has two equal sides.</summary>
/// <remarks>Used by several sessions' threads.</remarks>
internal sealed class Tape
{
    private readonly Dictionary<string, int> _contents = [];
    private readonly Dictionary<string, Trade> _open = [];
    private readonly Lock _lock = new();

    private readonly record struct Trade(string Side, decimal Quantity, decimal Price);

    /// <summary>Trades of which both sides were told.</summary>
    public long Trades { get; private set; }

    /// <summary>Notes a report. A report that was told before (a resend) must say the same again.</summary>
    /// <returns>False when it was told before.</returns>
    public bool Take(FixMessage report)
    {
        // MsgSeqNum(34) is part of the content: the same report under two numbers would be told twice.
        var content = report.Content().GetHashCode(StringComparison.Ordinal);
        lock (_lock)
        {
            if (!_contents.TryAdd(report[17], content))
            {
                if (_contents[report[17]] != content) throw new AssertionException($"ExecID {report[17]} was told before with another content: {report}");
                return false;
            }
            if (report[150] == "F") Match(report);
            return true;
        }
    }

    /// <summary>Fails when a trade was told to one side only.</summary>
    public void ExpectBothSides()
    {
        lock (_lock) Assert.That(_open, Is.Empty, "trades of which one side was not told");
    }

    private void Match(FixMessage report)
    {
        var match = report[880];   // TrdMatchID: the same on both sides
        var side = new Trade(report[54], report.Number(32), report.Number(31));
        if (!_open.Remove(match, out var other))
        {
            _open.Add(match, side);
            return;
        }
        if (other.Side == side.Side || other.Quantity != side.Quantity || other.Price != side.Price)
            throw new AssertionException($"trade {match}: {side} does not fit {other}");
        Trades++;
    }
}
