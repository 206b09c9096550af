using System.Numerics;
using System.Runtime.InteropServices;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>A position as the list of fills that it came from would give it.</summary>
internal readonly record struct NaivePosition(long Lots, BigInteger CostTickLots, BigInteger RealisedAtoms);

/// <summary>Positions at average cost, and what operators' commands say when they are done.</summary>
internal sealed partial class NaiveVenue
{
    private readonly HashSet<int> _keepsPositions = [];

    /// <summary>By firm and instrument; of firms that keep them.</summary>
    public Dictionary<(int Firm, int Instrument), NaivePosition> Positions { get; } = [];

    private void KeepPositions(int firm) => _keepsPositions.Add(firm);

    private NaivePosition Position(int firm, int instrument) => Positions.GetValueOrDefault((firm, instrument));

    private void Book(int firm, NaiveInstrument instrument, long lots, long ticks, BigInteger fee)
    {
        if (!_keepsPositions.Contains(firm)) return;
        var key = (firm, instrument.Definition.Instrument);
        var had = Position(firm, instrument.Definition.Instrument);
        var closed = Math.Sign(had.Lots) == -Math.Sign(lots) ? Math.Min(Math.Abs(had.Lots), Math.Abs(lots)) : 0;
        var costOfClosed = closed == 0 ? 0 : had.CostTickLots * closed / Math.Abs(had.Lots);
        var earned = Math.Sign(had.Lots) * ((BigInteger)ticks * closed - costOfClosed) * instrument.Definition.TickLotAtoms;
        Positions[key] = new NaivePosition(had.Lots + lots, had.CostTickLots - costOfClosed + (BigInteger)ticks * (Math.Abs(lots) - closed), had.RealisedAtoms + earned - fee);
    }

    private void Done<T>(in T command) where T : unmanaged
    {
        var e = new OperationDone { Header = Header<OperationDone>(EventType.OperationDone, 0, 0) };
        MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in command)).CopyTo(e.Command);
        log.Add(in e);
    }
}
