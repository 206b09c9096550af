namespace LiquidityBridge;

/// <summary>What a kill switch covers.</summary>
public enum KillLevel : byte
{
    /// <summary>Everything: quotes are pulled, open hedges canceled, nothing new is sent.</summary>
    Bridge,
    /// <summary>All quotes are pulled; hedging goes on. What the loss limit engages.</summary>
    Quoting,
    /// <summary>One exchange: not used for quotes or hedges.</summary>
    Exchange,
    /// <summary>One instrument: its quotes are pulled, its open hedges canceled, nothing new is sent.</summary>
    Instrument,
}

/// <summary>The kill switches that are engaged. They stay so, also through a restart, until a person lifts them.</summary>
public sealed class Switches
{
    private readonly List<Switched> _engaged = [];

    /// <summary>Engaged now, oldest first.</summary>
    public IReadOnlyList<Switched> Engaged => _engaged;

    /// <summary>Engages or lifts.</summary>
    public void On(Switched act)
    {
        _engaged.RemoveAll(s => s.Level == act.Level && s.Target == act.Target);
        if (act.Engaged) _engaged.Add(act);
    }

    /// <summary>True when this switch is engaged.</summary>
    public bool IsEngaged(KillLevel level, string target = "")
    {
        foreach (var s in _engaged)
            if (s.Level == level && s.Target == target) return true;
        return false;
    }
}
