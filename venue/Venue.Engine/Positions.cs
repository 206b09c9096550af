namespace Venue.Engine;

/// <summary>What one firm has bought and not sold again on one instrument.</summary>
internal struct Position
{
    /// <summary>Negative when it sold more than it bought.</summary>
    public long Lots;
    /// <summary>Sum of price times quantity of what <see cref="Lots"/> came from, in tick-lots: divided by them it is the average cost. Never negative.</summary>
    public Int128 CostTickLots;
    /// <summary>What closing positions has earned so far, in quote atoms, fees paid taken off.</summary>
    public Int128 RealisedAtoms;
}

/// <summary>Positions at average cost, of the firms that keep them.</summary>
internal sealed class Positions
{
    // By firm, then by instrument; no row for a firm that keeps none. Grown by definitions, never by an order.
    private Position[]?[] _of = [];
    private int _instruments = 1;

    /// <summary>True when any firm keeps positions.</summary>
    public bool AnyKept { get; private set; }

    /// <summary>A firm keeps its positions from now on, beginning with none.</summary>
    public void Keep(int firm)
    {
        if (firm >= _of.Length) Array.Resize(ref _of, firm + 1);
        _of[firm] ??= new Position[_instruments];
        AnyKept = true;
    }

    /// <summary>Makes room for an instrument.</summary>
    public void AddInstrument(int instrument)
    {
        _instruments = instrument + 1;
        for (var firm = 0; firm < _of.Length; firm++)
            if (_of[firm] is not null) Array.Resize(ref _of[firm], _instruments);
    }

    public bool Keeps(int firm) => (uint)firm < (uint)_of.Length && _of[firm] is not null;

    /// <summary>Net lots; 0 for a firm that keeps no positions.</summary>
    public long LotsOf(int firm, int instrument) => Keeps(firm) ? _of[firm]![instrument].Lots : 0;

    /// <summary>The position itself; all zero for a firm that keeps none.</summary>
    public Position Of(int firm, int instrument) => Keeps(firm) ? _of[firm]![instrument] : default;

    /// <summary>Books a fill: what it closes is realised at the average cost, rounded down; what it opens adds to the cost.</summary>
    /// <param name="firm">A firm that keeps positions.</param>
    /// <param name="instrument">That was traded.</param>
    /// <param name="lots">Bought; negative when sold.</param>
    /// <param name="ticks">The price.</param>
    /// <param name="tickLotAtoms">Quote atoms of a tick-lot.</param>
    /// <param name="feeAtoms">Paid for it.</param>
    public void Book(int firm, int instrument, long lots, long ticks, long tickLotAtoms, Int128 feeAtoms)
    {
        ref var position = ref _of[firm]![instrument];
        position.RealisedAtoms -= feeAtoms;
        if (position.Lots != 0 && position.Lots > 0 != lots > 0)
        {
            var had = Math.Abs(position.Lots);
            var closed = Math.Min(Math.Abs(lots), had);
            // The last lot takes what rounding left, so that a closed position has no cost.
            // In two parts, which is exact and cannot overflow.
            var cost = position.CostTickLots / had * closed + position.CostTickLots % had * closed / had;
            var proceeds = (Int128)ticks * closed;
            position.RealisedAtoms += (position.Lots > 0 ? proceeds - cost : cost - proceeds) * tickLotAtoms;
            position.CostTickLots -= cost;
            var signed = lots > 0 ? closed : -closed;
            position.Lots += signed;
            lots -= signed;
        }
        position.Lots += lots;
        position.CostTickLots += (Int128)ticks * Math.Abs(lots);
    }

    public void HashInto(ref StateHasher hasher)
    {
        for (var firm = 0; firm < _of.Length; firm++)
        {
            if (_of[firm] is not { } row) continue;
            hasher.Add(firm);
            foreach (ref var position in row.AsSpan())
            {
                hasher.Add(position.Lots);
                hasher.Add(position.CostTickLots);
                hasher.Add(position.RealisedAtoms);
            }
        }
    }
}
