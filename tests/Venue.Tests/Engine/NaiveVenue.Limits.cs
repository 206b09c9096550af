using System.Numerics;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Limits: everything is counted when it is asked for, from a list of all that was ever taken.</summary>
internal sealed partial class NaiveVenue
{
    private readonly record struct Taken(long Seq, long TimeNs, int Firm, int Session, int Instrument, bool IsNew, Side Side, OrdType OrdType, long Ticks, long StopTicks, long Lots);

    private readonly Dictionary<(int Firm, int Session, int Instrument), DefineLimits> _limits = [];
    private readonly List<Taken> _taken = [];

    private readonly Dictionary<(int Firm, int Session, int Instrument), NaiveWalk> _counting = [];

    private void Define(in DefineLimits c)
    {
        var isKnown = c.Firm is >= 0 and <= 4 && c.LimitedSession >= 0 && c.LimitedSession <= _firmOf.Count && c.Instrument >= 0 && c.Instrument <= _instruments.Count;
        var hasSizes = c.MinLots > 0 || c.MaxLots > 0 || c.MinNotional.Atoms > 0 || c.MaxNotional.Atoms > 0;
        var isPositive = c.FatFingerPpm >= 0 && c.CollarPpm >= 0 && c.OpenOrdersMax >= 0 && c.RateMax is >= 0 and <= 65_536 && c.RepeatWindowNs >= 0 && c.MinLots >= 0 && c.MaxLots >= 0 && c.PositionMaxLots >= 0;
        if (!isKnown || !isPositive || c.RateMax > 0 != c.RateWindowNs > 0 || (hasSizes && c.Instrument == 0)
            || (c.PositionMaxLots > 0 && (c.Firm == 0 || c.Instrument == 0 || c.LimitedSession != 0)))
        {
            Refuse(Reason.Contradiction);
            return;
        }
        var key = (c.Firm, c.LimitedSession, c.Instrument);
        var isEmpty = !hasSizes && c is { FatFingerPpm: 0, CollarPpm: 0, OpenOrdersMax: 0, RateMax: 0, RepeatWindowNs: 0, PositionMaxLots: 0 };
        var counted = _limits.TryGetValue(key, out var before) && Counts(in before);
        if (isEmpty) _limits.Remove(key);
        else _limits[key] = c;
        if (!Counts(in c) && _counting.Remove(key, out var old)) _walks.Remove(old);
        if (Counts(in c) && !counted) CountOpen(in c);
        if (c.PositionMaxLots > 0) KeepPositions(c.Firm);
        Done(in c);
    }

    private static bool Counts(in DefineLimits c) => c.OpenOrdersMax > 0 || c.PositionMaxLots > 0;

    /// <summary>What is open now is counted slice by slice; what still stands ahead of the walk is not.</summary>
    private void CountOpen(in DefineLimits c)
    {
        if (c.Firm != 0 && c.LimitedSession != 0 && _firmOf[c.LimitedSession] != c.Firm) return;
        var walk = NewWalk(c.LimitedSession != 0 ? MassScope.Session : c.Firm != 0 ? MassScope.Firm : MassScope.Venue, c.LimitedSession != 0 ? c.LimitedSession : c.Firm, 0, 0, Reason.None);
        (walk.Asker, walk.IsCount) = (0, true);
        _counting[(c.Firm, c.LimitedSession, c.Instrument)] = walk;
        Begin(walk);
    }

    private bool IsCounted(in DefineLimits c, NaiveOrder order) => !_counting.TryGetValue((c.Firm, c.LimitedSession, c.Instrument), out var walk) || !walk.Ahead.Contains(order);

    /// <summary>The first fault in the README's order from the sizes of the limits to the position; credit lies between.</summary>
    private Reason CheckLimits(NaiveOrder order, NewOrder o, long stopTicks, long lots, long moreLots, bool isNew, bool isCovered, bool isQuote = false, (int Orders, int Taken) before = default)
    {
        var instrument = order.Instrument;
        var number = instrument.Definition.Instrument;
        var scopes = _limits.Values.Where(c => IsIn(c, order.Firm, order.Session, number)).ToList();
        var ticks = o.OrdType is OrdType.Limit or OrdType.StopLimit or OrdType.Pegged ? o.PriceTicks : 0;
        var asked = new Taken(_command.Seq, _command.TimeNs, order.Firm, order.Session, number, isNew, o.Side, o.OrdType, ticks, stopTicks, lots);
        var reasons = scopes.Select(c => CheckScope(c, instrument, asked, isQuote, before)).Where(reason => reason != Reason.None).ToList();
        if (reasons.Count > 0) return reasons.Min();
        if (!isCovered) return Reason.InsufficientBalance;
        foreach (var c in scopes.Where(c => c.PositionMaxLots > 0))
        {
            var open = _orderIn.Values.Where(other => other.IsOpen && other.Firm == order.Firm && other.Instrument == instrument && other.Side == o.Side && IsCounted(in c, other)).Sum(other => other.Leaves);
            var position = Position(order.Firm, number).Lots;
            if ((o.Side == Side.Buy ? position : -position) + open + moreLots > c.PositionMaxLots) return Reason.PositionLimit;
        }
        return Reason.None;
    }

    private Reason CheckScope(DefineLimits c, NaiveInstrument instrument, Taken asked, bool isQuote, (int Orders, int Taken) before)
    {
        if (c.MinLots > 0 && asked.Lots < c.MinLots) return Reason.QuantityTooSmall;
        if (c.MaxLots > 0 && asked.Lots > c.MaxLots) return Reason.QuantityTooLarge;
        var counted = asked.Ticks > 0 ? asked.Ticks : instrument.Reference;
        if (counted > 0 && instrument.Notional(counted, asked.Lots) < (BigInteger)c.MinNotional.Atoms) return Reason.NotionalTooSmall;
        if (counted > 0 && c.MaxNotional.Atoms > 0 && instrument.Notional(counted, asked.Lots) > (BigInteger)c.MaxNotional.Atoms) return Reason.NotionalTooLarge;
        if (asked.OrdType == OrdType.Limit)
        {
            BigInteger reference = instrument.Reference;
            var beyond = asked.Side == Side.Buy ? asked.Ticks - reference : reference - asked.Ticks;
            if (c.FatFingerPpm > 0 && reference > 0 && beyond * 1_000_000 > reference * c.FatFingerPpm) return Reason.FatFinger;
            var (bid, ask) = (instrument.Best(Side.Buy), instrument.Best(Side.Sell));
            BigInteger twice = bid > 0 && ask > 0 ? bid + ask : instrument.Last * 2;
            if (c.CollarPpm > 0 && twice > 0 && BigInteger.Abs(asked.Ticks * 2 - twice) * 1_000_000 > twice * c.CollarPpm) return Reason.PriceCollar;
        }
        if (asked.IsNew && c.OpenOrdersMax > 0 && _orderIn.Values.Count(other => other.IsOpen && IsIn(c, other.Firm, other.Session, other.Instrument.Definition.Instrument) && IsCounted(in c, other)) + before.Orders >= c.OpenOrdersMax) return Reason.TooManyOrders;
        var since = _taken.Where(taken => taken.Seq > c.Header.Seq && IsIn(c, taken.Firm, taken.Session, taken.Instrument)).ToList();
        if (c.RateMax > 0 && since.Count(taken => taken.TimeNs > asked.TimeNs - c.RateWindowNs) + before.Taken >= c.RateMax) return Reason.RateExceeded;
        var same = since.Where(taken => taken.IsNew).TakeLast(4096).Any(taken => taken with { Seq = asked.Seq, TimeNs = asked.TimeNs, Session = asked.Session } == asked && taken.TimeNs > asked.TimeNs - c.RepeatWindowNs);
        return asked.IsNew && !isQuote && same ? Reason.RepeatedOrder : Reason.None;
    }

    private void Take(NaiveOrder order, in NewOrder o, long stopTicks, long lots, bool isNew)
    {
        if (_limits.Count == 0)
        {
            _taken.Clear();
            return;
        }
        // What no limit can ask for any more; those that are set later count from then on.
        var longestNs = _limits.Values.Max(c => Math.Max(c.RateWindowNs, c.RepeatWindowNs));
        if (_taken.Count % 1024 == 1023) _taken.RemoveAll(taken => taken.TimeNs <= _command.TimeNs - longestNs);
        var ticks = o.OrdType is OrdType.Limit or OrdType.StopLimit or OrdType.Pegged ? o.PriceTicks : 0;
        _taken.Add(new Taken(_command.Seq, _command.TimeNs, order.Firm, order.Session, order.Instrument.Definition.Instrument, isNew, o.Side, o.OrdType, ticks, stopTicks, lots));
    }

    private static bool IsIn(in DefineLimits c, int firm, int session, int instrument) =>
        (c.Firm == 0 || c.Firm == firm) && (c.LimitedSession == 0 || c.LimitedSession == session) && (c.Instrument == 0 || c.Instrument == instrument);
}
