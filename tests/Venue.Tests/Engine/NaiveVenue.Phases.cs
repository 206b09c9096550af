using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Phases, auctions, and what happens when its time has come.</summary>
internal sealed partial class NaiveVenue
{
    private void DoDue()
    {
        while (true)
        {
            WakeWhenDue();
            _expiring.RemoveAll(order => !order.IsOpen);
            var expiring = _expiring.Where(order => order.Terms.ExpireNs != 0 && order.Terms.ExpireNs <= _command.TimeNs)
                .OrderBy(order => order.Terms.ExpireNs).ThenBy(order => order.Age).ThenBy(order => order.Slot).FirstOrDefault();
            var ending = _instruments.OrderBy(pair => pair.Key).Select(pair => pair.Value).Where(i => i.Due <= _command.TimeNs).MinBy(i => i.Due);
            if (expiring is null && ending is null)
            {
                EndDueRequests();
                return;
            }
            if (expiring is not null && expiring.Terms.ExpireNs <= (ending?.Due ?? long.MaxValue))
            {
                Begin(expiring.Instrument);
                End(expiring, ExecType.Expired, Reason.Expired);
                Done(expiring.Instrument);
            }
            else if (ending!.PhaseUntil == ending.Due) MoveTo(ending, Phase.Continuous);
            else TellIndicative(ending);
            PullElsewhere();
        }
    }

    private void DefineTrading(in DefineTrading c)
    {
        const long week = 604_800_000_000_000;
        var isSound = c.StaticBandPpm >= 0 && c.DynamicBandPpm >= 0 && c.DayEnd is >= 0 and <= 86_400 && c.VolatilityAuctionNs is >= 0 and <= week
            && c.IndicativeNs is >= 0 and <= week && c.HaltRefusesCancels <= 1 && Enum.IsDefined(c.Allocation);
        if (!isSound || !_instruments.TryGetValue(c.Instrument, out var instrument))
        {
            Refuse(Reason.Contradiction);
            return;
        }
        instrument.Trading = c;
        log.Add(new TradingDefined { Header = Header<TradingDefined>(EventType.TradingDefined, 0, c.Instrument), Definition = c });
    }

    /// <summary>What an order of the command's session has that says nothing.</summary>
    private (int Group, SelfTradeMode Mode) SelfTradeDefault()
    {
        var setting = _selfTrades.GetValueOrDefault(_command.Session);
        if (!_connected.TryGetValue(_command.Session, out var logon) || (logon.SelfTradeGroup == 0 && logon.SelfTradeMode == 0)) return setting;
        int[] groups = [logon.SelfTradeGroup, setting.Group, 1];
        return (groups.First(group => group != 0), logon.SelfTradeMode != 0 ? logon.SelfTradeMode : setting.Mode);
    }

    private void DefineSelfTrade(in DefineSelfTrade c)
    {
        var isSound = _firmOf.ContainsKey(c.DefinedSession) && c.Group >= 0 && Enum.IsDefined(c.Mode) && (c.Group > 0 || c.Mode == SelfTradeMode.None);
        if (!isSound)
        {
            Refuse(Reason.Contradiction);
            return;
        }
        _selfTrades[c.DefinedSession] = (c.Group, c.Mode);
        log.Add(new SelfTradeDefined { Header = Header<SelfTradeDefined>(EventType.SelfTradeDefined, 0, 0), Definition = c });
    }

    private void SetPhase(in SetPhase c)
    {
        if (!_instruments.TryGetValue(c.Instrument, out var instrument) || !Enum.IsDefined(c.Phase)) Refuse(Reason.Contradiction);
        else MoveTo(instrument, c.Phase);
    }

    private void MoveTo(NaiveInstrument instrument, Phase phase)
    {
        var before = instrument.Phase;
        Begin(instrument);
        if (phase == Phase.Continuous ? before != Phase.Continuous : before == Phase.CloseAuction && phase == Phase.Closed) Uncross(instrument);
        var isOver = phase is Phase.Continuous or Phase.Closed;
        if (isOver) EndAll(instrument, order => order.TimeInForce == TimeInForce.AtTheOpening);
        if (isOver) EndAll(instrument, order => order.TimeInForce == TimeInForce.AtTheClose && (phase == Phase.Closed || order.Stand == Stand.Lit));
        BeginPhase(instrument, phase, phase == Phase.VolatilityAuction && instrument.Trading.VolatilityAuctionNs > 0 ? _command.TimeNs + instrument.Trading.VolatilityAuctionNs : 0);
        if (phase == Phase.CloseAuction)
            foreach (var order in instrument.ForAuction.ToList())
                if (order.TimeInForce == TimeInForce.AtTheClose && order.Stand == Stand.Nowhere) RestWhereItBelongs(order, order.Ticks);
        Done(instrument);
    }

    private void EndAll(NaiveInstrument instrument, Func<NaiveOrder, bool> isOver)
    {
        foreach (var order in instrument.ForAuction.Where(isOver).ToList()) End(order, ExecType.Expired, Reason.Expired);
    }

    private void BeginPhase(NaiveInstrument instrument, Phase phase, long until)
    {
        Wake();
        var before = instrument.Phase;
        (instrument.Phase, instrument.PhaseUntil) = (phase, until);
        (instrument.Indicative, instrument.IndicativeTold, instrument.IndicativeDue) = (default, 0, 0);
        log.Add(new PhaseChanged { Header = Header<PhaseChanged>(EventType.PhaseChanged, 0, instrument.Definition.Instrument), UntilNs = until, Phase = phase, Before = before });
        if (phase == Phase.Continuous) return;
        EndHits(request => request.Asked.Instrument == instrument.Definition.Instrument, Reason.Phase, Reason.Phase);
        foreach (var order in instrument.Pegs) Lift(order);
        instrument.PeggedTo = default;
    }

    /// <summary>Tries every price.</summary>
    private static (long Price, long Lots, long Surplus) FindAuction(NaiveInstrument instrument)
    {
        var buys = instrument.Depth(Side.Buy).Select(level => (level.Ticks, Lots: level.Orders.Sum(order => order.Leaves))).ToList();
        var sells = instrument.Depth(Side.Sell).Select(level => (level.Ticks, Lots: level.Orders.Sum(order => order.Leaves))).ToList();
        if (buys.Count == 0 || sells.Count == 0 || buys[0].Ticks < sells[0].Ticks) return default;
        var tries = new List<(long Price, long Lots, long Surplus)>();
        for (var price = sells[0].Ticks; price <= buys[0].Ticks; price++)
        {
            var demand = buys.TakeWhile(level => level.Ticks >= price).Sum(level => level.Lots);
            var supply = sells.TakeWhile(level => level.Ticks <= price).Sum(level => level.Lots);
            tries.Add((price, Math.Min(demand, supply), demand - supply));
        }
        var highest = tries.Max(t => t.Lots);
        var most = tries.Where(t => t.Lots == highest).ToList();
        var least = most.Min(t => Math.Abs(t.Surplus));
        var equal = most.Where(t => Math.Abs(t.Surplus) == least).ToList();
        if (equal.All(t => t.Surplus > 0)) return equal[^1];
        if (equal.All(t => t.Surplus < 0)) return equal[0];
        // With buyers left at the lower ones and sellers at the higher ones, only the two in the middle are candidates.
        if (equal[0].Surplus != 0) equal = [equal.Last(t => t.Surplus > 0), equal.First(t => t.Surplus < 0)];
        return equal.OrderBy(t => Math.Abs(t.Price - instrument.Reference)).ThenByDescending(t => t.Price).First();
    }

    private void Uncross(NaiveInstrument instrument)
    {
        var (price, left, _) = FindAuction(instrument);
        if (left > 0) instrument.StaticCentre = price;
        while (left > 0)
        {
            var buy = instrument.Depth(Side.Buy).First().Orders[0];
            var sell = instrument.Depth(Side.Sell).First().Orders[0];
            var lots = new[] { left, buy.Shown, sell.Shown }.Min();
            left -= lots;
            Match(buy, sell, null, price, lots, 0);
        }
    }

    /// <summary>More crossed prices on a side than anybody looks at for an indicative price.</summary>
    private bool IsCrowded(NaiveInstrument instrument)
    {
        var (buys, sells) = (instrument.Depth(Side.Buy).Select(level => level.Ticks).ToList(), instrument.Depth(Side.Sell).Select(level => level.Ticks).ToList());
        return buys.Count > 0 && sells.Count > 0 && Math.Max(buys.Count(ticks => ticks >= sells[0]), sells.Count(ticks => ticks <= buys[0])) > reach;
    }

    private void TellIndicative(NaiveInstrument instrument)
    {
        if (instrument.IndicativeTold != 0 && instrument.IndicativeTold + instrument.Trading.IndicativeNs > _command.TimeNs)
        {
            instrument.IndicativeDue = instrument.IndicativeTold + instrument.Trading.IndicativeNs;
            return;
        }
        instrument.IndicativeDue = 0;
        var found = IsCrowded(instrument) ? default : FindAuction(instrument);
        if (found == instrument.Indicative) return;
        (instrument.Indicative, instrument.IndicativeTold) = (found, _command.TimeNs);
        log.Add(new Indicative
        {
            Header = Header<Indicative>(EventType.Indicative, 0, instrument.Definition.Instrument), PriceTicks = found.Price, Lots = found.Lots,
            BuySurplusLots = Math.Max(found.Surplus, 0), SellSurplusLots = Math.Max(-found.Surplus, 0),
        });
    }
}
