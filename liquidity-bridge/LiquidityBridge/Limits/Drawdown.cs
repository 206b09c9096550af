namespace LiquidityBridge;

/// <summary>The fall of the profit from its highest point since the start or since a person resumed quoting.</summary>
public sealed class Drawdown(Int128 maxAtoms)
{
    private Int128? _peakAtoms;

    /// <summary>How far below the highest point the profit is, in atoms of the reporting asset.</summary>
    public Int128 Atoms { get; private set; }

    /// <summary>True when it fell too far.</summary>
    public bool IsExceeded => Atoms > maxAtoms;

    /// <summary>The profit now, realised and not, in atoms of the reporting asset.</summary>
    public void On(Int128 profitAtoms)
    {
        _peakAtoms = _peakAtoms is { } peak ? Int128.Max(peak, profitAtoms) : profitAtoms;
        Atoms = _peakAtoms.Value - profitAtoms;
    }

    /// <summary>Counts from here on anew.</summary>
    public void Reset()
    {
        _peakAtoms = null;
        Atoms = 0;
    }
}
