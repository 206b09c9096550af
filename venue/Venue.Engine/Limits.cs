using System.Diagnostics.CodeAnalysis;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>The limits of all scopes. An order lies in at most eight: each of firm, session and instrument is its own or all.</summary>
internal sealed class Limits
{
    private const int Shapes = 8, FirmBit = 1, SessionBit = 2, InstrumentBit = 4;

    private readonly Dictionary<(int Firm, int Session, int Instrument), LimitScope> _scopes = [];
    // How many scopes there are of each shape: those without any are not looked for.
    private readonly int[] _countOf = new int[Shapes];

    /// <summary>True when any limit is set.</summary>
    public bool AreSet => _scopes.Count > 0;

    /// <summary>Puts a scope in the place of what there was.</summary>
    public void Set(LimitScope scope)
    {
        ref readonly var definition = ref scope.Definition;
        Remove(in definition);
        _scopes.Add(KeyOf(in definition), scope);
        _countOf[ShapeOf(in definition)]++;
    }

    public void Remove(in DefineLimits definition)
    {
        if (_scopes.Remove(KeyOf(in definition))) _countOf[ShapeOf(in definition)]--;
    }

    /// <summary>The first fault that comes before credit, of all scopes that the order lies in.</summary>
    public Reason Check(in LimitQuestion q, in LimitPrices prices, long tickLotAtoms, long nowNs)
    {
        var first = Reason.None;
        for (var shape = 0; shape < Shapes; shape++)
            if (TryGet(shape, q.Firm, q.Session, q.Instrument, out var scope) && scope.Check(in q, in prices, tickLotAtoms, nowNs) is not Reason.None and var reason && (first == Reason.None || reason < first)) first = reason;
        return first;
    }

    /// <summary>False when the firm's position could pass a limit.</summary>
    public bool FitsPosition(in LimitQuestion q, long positionLots) => !TryGet(FirmBit | InstrumentBit, q.Firm, 0, q.Instrument, out var scope) || scope.FitsPosition(in q, positionLots);

    /// <summary>An order or replace was taken.</summary>
    public void Take(in LimitQuestion q, long nowNs)
    {
        for (var shape = 0; shape < Shapes; shape++)
            if (TryGet(shape, q.Firm, q.Session, q.Instrument, out var scope)) scope.Take(in q, nowNs);
    }

    /// <summary>The scope that was set for just these, each 0 for all.</summary>
    public LimitScope? Find(int firm, int session, int instrument) => _scopes.GetValueOrDefault((firm, session, instrument));

    /// <summary>So many orders and lots are open more (or less) in all scopes of an order.</summary>
    public void Count(int firm, in Order order, int orders, long lots)
    {
        for (var shape = 0; shape < Shapes; shape++)
            if (TryGet(shape, firm, order.Session, order.Instrument, out var scope)) scope.Count(order.Session, order.Entered, order.Side, orders, lots);
    }

    /// <summary>Every scope, in an order that does not depend on how they came to be.</summary>
    public IEnumerable<LimitScope> All() => _scopes.OrderBy(pair => pair.Key).Select(pair => pair.Value);

    public void HashInto(ref StateHasher hasher)
    {
        foreach (var scope in All()) scope.HashInto(ref hasher);
    }

    private bool TryGet(int shape, int firm, int session, int instrument, [NotNullWhen(true)] out LimitScope? scope)
    {
        scope = null;
        return _countOf[shape] > 0
            && _scopes.TryGetValue(((shape & FirmBit) != 0 ? firm : 0, (shape & SessionBit) != 0 ? session : 0, (shape & InstrumentBit) != 0 ? instrument : 0), out scope);
    }

    private static (int Firm, int Session, int Instrument) KeyOf(in DefineLimits c) => (c.Firm, c.LimitedSession, c.Instrument);

    private static int ShapeOf(in DefineLimits c) => (c.Firm != 0 ? FirmBit : 0) | (c.LimitedSession != 0 ? SessionBit : 0) | (c.Instrument != 0 ? InstrumentBit : 0);
}
