using Venue.Messages;

namespace Venue.Engine;

/// <summary>What is asked of the limits before an order is taken or changed.</summary>
/// <param name="Firm">Whose it is.</param>
/// <param name="Session">That sent it.</param>
/// <param name="Instrument">That it is for.</param>
/// <param name="Side">Of the order.</param>
/// <param name="OrdType">Of the order.</param>
/// <param name="Ticks">Its limit; 0 for none.</param>
/// <param name="StopTicks">Its stop price; 0 for none.</param>
/// <param name="Lots">OrderQty(38), in lots.</param>
/// <param name="MoreLots">What it adds to what the firm has open on its side, in lots.</param>
/// <param name="IsNew">False for a replace.</param>
internal readonly record struct LimitQuestion(int Firm, int Session, int Instrument, Side Side, OrdType OrdType, long Ticks, long StopTicks, long Lots, long MoreLots, bool IsNew)
{
    /// <summary>True for a side of a quote: the same again is no repetition.</summary>
    public bool IsQuote { get; init; }

    /// <summary>What the same command takes before it: new orders, and orders that count for the rate.</summary>
    public (int Orders, int Taken) Before { get; init; }
}

/// <summary>The prices that limits are counted around, in ticks, 0 for none.</summary>
/// <param name="ReferenceTicks">The reference price.</param>
/// <param name="TwiceMiddleTicks">Twice the middle of the market.</param>
internal readonly record struct LimitPrices(long ReferenceTicks, long TwiceMiddleTicks);

/// <summary>One scope's limits and what it has of what they count.</summary>
/// <remarks>What was open before a limit asked for it is counted bit by bit, session by session, by a walk; until that has ended the limit knows less than there is.</remarks>
internal sealed class LimitScope(DefineLimits definition)
{
    private const int Scale = 1_000_000;

    private DefineLimits _definition = definition;
    // When the last orders were taken, a ring; begun anew whenever the limits are set.
    private readonly long[] _takenNs = new long[definition.RateMax];
    private int _oldest;
    private int _taken;
    private readonly RepeatMemory? _repeats = definition.RepeatWindowNs > 0 ? new RepeatMemory() : null;

    /// <summary>True when a limit asks for what is open: only then is it counted.</summary>
    public bool CountsOpen => _definition.OpenOrdersMax > 0 || _definition.PositionMaxLots > 0;

    /// <summary>Open orders of the scope, and what is left of them by side; zero where nobody asks.</summary>
    public int OpenOrders;
    public long OpenBuyLots;
    public long OpenSellLots;

    // Orders entered after this one are counted as they come; of those before it the sessions before the seen one, and of that one those up to the seen one.
    private long _through;
    private int _seenSession = int.MaxValue;
    private long _seenEntered;


    public ref readonly DefineLimits Definition => ref _definition;

    /// <summary>The scope's first fault that comes before credit; of those of equal rank in all scopes the caller takes the lowest.</summary>
    public Reason Check(in LimitQuestion q, in LimitPrices prices, long tickLotAtoms, long nowNs)
    {
        if (_definition.MinLots > 0 && q.Lots < _definition.MinLots) return Reason.QuantityTooSmall;
        if (_definition.MaxLots > 0 && q.Lots > _definition.MaxLots) return Reason.QuantityTooLarge;
        var ticks = q.Ticks > 0 ? q.Ticks : prices.ReferenceTicks;
        if (ticks > 0 && (_definition.MinNotional.Atoms > 0 || _definition.MaxNotional.Atoms > 0))
        {
            var notional = Money.Notional(ticks, q.Lots, tickLotAtoms);
            if (notional < _definition.MinNotional.Atoms) return Reason.NotionalTooSmall;
            if (_definition.MaxNotional.Atoms > 0 && notional > _definition.MaxNotional.Atoms) return Reason.NotionalTooLarge;
        }
        // A limit that only protects may lie anywhere; one that rests or trades at once may not.
        if (q.OrdType == OrdType.Limit)
        {
            if (_definition.FatFingerPpm > 0 && IsBeyond(q.Side, q.Ticks, prices.ReferenceTicks)) return Reason.FatFinger;
            if (_definition.CollarPpm > 0 && Math.Abs(q.Ticks * 2 - prices.TwiceMiddleTicks) * Scale > prices.TwiceMiddleTicks * _definition.CollarPpm && prices.TwiceMiddleTicks > 0) return Reason.PriceCollar;
        }
        if (q.IsNew && _definition.OpenOrdersMax > 0 && OpenOrders + q.Before.Orders >= _definition.OpenOrdersMax) return Reason.TooManyOrders;
        if (_takenNs.Length > 0 && IsFull(q.Before.Taken, nowNs)) return Reason.RateExceeded;
        return q.IsNew && !q.IsQuote && _repeats is not null && _repeats.Has(new RepeatKey(in q), nowNs - _definition.RepeatWindowNs) ? Reason.RepeatedOrder : Reason.None;
    }

    /// <summary>False when a firm's position, all that it has open on the order's side filled, would pass its limit.</summary>
    public bool FitsPosition(in LimitQuestion q, long positionLots)
    {
        if (_definition.PositionMaxLots == 0) return true;
        return q.Side == Side.Buy
            ? positionLots + OpenBuyLots + q.MoreLots <= _definition.PositionMaxLots
            : OpenSellLots + q.MoreLots - positionLots <= _definition.PositionMaxLots;
    }

    /// <summary>An order or replace was taken: it counts for the rate and, when it is new, for what comes again.</summary>
    public void Take(in LimitQuestion q, long nowNs)
    {
        if (_takenNs.Length > 0)
        {
            if (_taken < _takenNs.Length) _takenNs[_taken++] = nowNs;
            else
            {
                _takenNs[_oldest] = nowNs;
                _oldest = _oldest + 1 == _takenNs.Length ? 0 : _oldest + 1;
            }
        }
        if (q.IsNew) _repeats?.Add(new RepeatKey(in q), nowNs);
    }

    /// <summary>Nothing is counted yet but what is entered after this order.</summary>
    public void BeginCount(long through) => (_through, _seenSession, _seenEntered) = (through, 0, 0);

    /// <summary>Goes on from what another scope has counted.</summary>
    public void GoOnFrom(LimitScope other)
    {
        (OpenOrders, OpenBuyLots, OpenSellLots) = (other.OpenOrders, other.OpenBuyLots, other.OpenSellLots);
        (_through, _seenSession, _seenEntered) = (other._through, other._seenSession, other._seenEntered);
    }

    /// <summary>The walk has seen this order, which is counted from now on.</summary>
    public void See(int session, long entered, Side side, long lots)
    {
        (_seenSession, _seenEntered) = (session, entered);
        Count(session, entered, side, 1, lots);
    }

    /// <summary>The walk is at the beginning of this session, or somewhere in it.</summary>
    public void SeeBefore(int session)
    {
        if (session > _seenSession) (_seenSession, _seenEntered) = (session, 0);
    }

    /// <summary>The walk has ended.</summary>
    public void SeeAll() => _seenSession = int.MaxValue;

    /// <summary>True when the order is counted, or would be.</summary>
    public bool HasSeen(int session, long entered) => session < _seenSession || entered > _through || (session == _seenSession && entered <= _seenEntered);

    /// <summary>Of an order so many, and so many lots of its side, are open more (or less).</summary>
    public void Count(int session, long entered, Side side, int orders, long lots)
    {
        if (!CountsOpen || !HasSeen(session, entered)) return;
        OpenOrders += orders;
        if (side == Side.Buy) OpenBuyLots += lots;
        else OpenSellLots += lots;
    }

    public void HashInto(ref StateHasher hasher)
    {
        hasher.Add(OpenOrders, _taken);
        hasher.Add(OpenBuyLots);
        hasher.Add(OpenSellLots);
        hasher.Add(_through);
        hasher.Add(_seenEntered);
        hasher.Add(_seenSession);
        for (var i = 0; i < _taken; i++) hasher.Add(_takenNs[(_oldest + i) % _takenNs.Length]);
        _repeats?.HashInto(ref hasher);
    }

    /// <summary>True when so many more now, and one, would be more than the rate.</summary>
    private bool IsFull(int before, long nowNs)
    {
        var at = _taken + before - _takenNs.Length;
        return at >= 0 && (at >= _taken || _takenNs[(_oldest + at) % _takenNs.Length] > nowNs - _definition.RateWindowNs);
    }

    private bool IsBeyond(Side side, long ticks, long referenceTicks)
    {
        if (referenceTicks == 0) return false;
        var away = side == Side.Buy ? ticks - referenceTicks : referenceTicks - ticks;
        return away * Scale > referenceTicks * _definition.FatFingerPpm;
    }
}
