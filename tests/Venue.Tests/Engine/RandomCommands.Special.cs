using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Orders with terms, and what makes instruments trade in other ways.</summary>
internal sealed partial class RandomCommands
{
    private static readonly OrdType[] Types = [OrdType.Market, OrdType.Limit, OrdType.Limit, OrdType.Limit, OrdType.Stop, OrdType.StopLimit, OrdType.MarketToLimit, OrdType.Pegged, OrdType.Pegged];

    private static readonly TimeInForce[] Times =
    [
        TimeInForce.GoodTillCancel, TimeInForce.GoodTillCancel, TimeInForce.GoodTillCancel, TimeInForce.Day, TimeInForce.GoodTillDate,
        TimeInForce.ImmediateOrCancel, TimeInForce.FillOrKill, TimeInForce.AtTheOpening, TimeInForce.AtTheClose,
    ];

    private static readonly SelfTradeMode[] Modes = [SelfTradeMode.None, SelfTradeMode.CancelNewest, SelfTradeMode.CancelOldest, SelfTradeMode.CancelBoth, SelfTradeMode.Decrement];

    private ReadOnlySpan<byte> Special()
    {
        if (_random.OneIn(40)) _commands.LaterNs += _random.OneIn(20) ? 3_600_000_000_000L * _random.Below(20) : _random.Below(200) * 1000L;
        return _random.Below(100) switch
        {
            < 62 => NewSpecial(),
            < 82 => ReplaceSpecial(),
            < 88 => Index(),
            < 92 => Phase(),
            < 94 => Trading(),
            < 96 => SelfTrade(),
            _ => Commands.Whole(in _commands.Begin<Tick>(CommandType.Tick, 0)),
        };
    }

    private ReadOnlySpan<byte> NewSpecial()
    {
        var session = Session();
        ref var c = ref _commands.Begin<NewSpecialOrder>(CommandType.NewSpecialOrder, session);
        var id = ClOrdID(session);
        c.Order.ClOrdID = Text40.From(id);
        c.Order.Instrument = _random.OneIn(200) ? 9 : 1 + _random.Below(3);
        c.Order.Side = Side();
        c.Order.OrdType = Types[_random.Below(Types.Length)];
        c.Order.TimeInForce = Times[_random.Below(_random.OneIn(4) ? Times.Length : 5)];
        c.Order.PriceTicks = Ticks(c.Order.Side);
        c.Order.Lots = Lots();
        c.Order.Flags = Flags();
        Terms(ref c);
        Note(session, id, c.Order.Instrument, c.Order.Side);
        return Commands.Whole(in c);
    }

    /// <summary>Mostly terms that fit the order, sometimes any.</summary>
    private void Terms(ref NewSpecialOrder c)
    {
        var any = _random.OneIn(60);
        var type = c.Order.OrdType;
        var isStop = type is OrdType.Stop or OrdType.StopLimit;
        ref var t = ref c.Terms;
        if (isStop || any) t.StopTicks = (int)Ticks(c.Order.Side == Venue.Messages.Side.Buy ? Venue.Messages.Side.Sell : Venue.Messages.Side.Buy);
        if (isStop && _random.OneIn(2)) t.Trigger = _random.Below(3) switch { 0 => TriggerPrice.Quote, 1 => TriggerPrice.Index, _ => TriggerPrice.LastTrade };
        if ((isStop && _random.OneIn(3)) || any) (t.Instructions, t.OffsetTicks) = (OrderInstructions.TrailingStop, 1 + _random.Below(30));
        if (type == OrdType.Pegged)
        {
            t.Instructions |= _random.OneIn(2) ? OrderInstructions.PegMid : OrderInstructions.PegPrimary;
            t.OffsetTicks = _random.Below(9) - 4;
        }
        var rests = c.Order.TimeInForce is TimeInForce.GoodTillCancel or TimeInForce.Day or TimeInForce.GoodTillDate;
        var canHide = rests && type is OrdType.Limit or OrdType.StopLimit or OrdType.MarketToLimit;
        if (c.Order.TimeInForce == TimeInForce.GoodTillDate || any) t.ExpireNs = _commands.Seq * 1000 + _commands.LaterNs + _random.Below(2_000_000) - 10_000;
        if ((canHide && _random.OneIn(4)) || any) t.DisplayLots = 1 + _random.Below(20);
        else if ((canHide && _random.OneIn(6)) || any) t.Instructions |= OrderInstructions.Hidden;
        if (rests && type == OrdType.Limit && _random.OneIn(5)) t.Instructions |= _random.OneIn(2) ? OrderInstructions.PostOnly : OrderInstructions.PostOnly | OrderInstructions.Slide;
        else if ((type is OrdType.Limit or OrdType.Market && _random.OneIn(8)) || any) t.MinLots = 1 + _random.Below(40);
        if (type == OrdType.Market && _random.OneIn(2) && t.MinLots == 0) (c.Order.Lots, c.Cash) = (0, new Amount((Int128)(1 + _random.Below(100_000)) * (c.Order.Instrument == 3 ? 1_000_000_000_000_000_000 : 100)));
        if (_random.OneIn(3)) (t.SelfTradeGroup, t.SelfTradeMode) = (_random.Below(3), Modes[_random.Below(5)]);
        if ((isStop || (rests && type == OrdType.Limit)) && _random.OneIn(3) && _open.Count > 0)
        {
            var (session, id, instrument, side) = _open[_random.Below(_open.Count)];
            Command.Header(System.Runtime.InteropServices.MemoryMarshal.AsBytes(new Span<NewSpecialOrder>(ref c))).Session = session;
            (c.Order.Instrument, c.Order.Side, c.LinkClOrdID) = (instrument, side, Text40.From(id));
            c.Order.ClOrdID = Text40.From(ClOrdID(session));
        }
    }

    private ReadOnlySpan<byte> ReplaceSpecial()
    {
        var (session, orig, instrument, side) = _open.Count > 0 && !_random.OneIn(10) ? _open[_random.Below(_open.Count)] : Recent();
        ref var c = ref _commands.Begin<ReplaceSpecialOrder>(CommandType.ReplaceSpecialOrder, session);
        var id = ClOrdID(session);
        c.Order.ClOrdID = Text40.From(id);
        c.Order.OrigClOrdID = Text40.From(orig);
        c.Order.Instrument = instrument;
        c.Order.Side = side;
        c.Order.OrdType = _typeOf.GetValueOrDefault((session, orig), OrdType.Limit);
        if (_random.OneIn(20)) c.Order.OrdType = Types[_random.Below(Types.Length)];
        if (_random.OneIn(8)) c.Order.TimeInForce = Times[_random.Below(Times.Length)];
        c.Order.PriceTicks = Ticks(side);
        c.Order.Lots = Lots();
        c.Order.Flags = Flags();
        if (_random.OneIn(4)) c.Terms.StopTicks = (int)Ticks(side == Venue.Messages.Side.Buy ? Venue.Messages.Side.Sell : Venue.Messages.Side.Buy);
        if (_random.OneIn(6)) c.Terms.DisplayLots = 1 + _random.Below(20);
        if (_random.OneIn(6)) c.Terms.OffsetTicks = _random.Below(12) - 3;
        if (_random.OneIn(6)) c.Terms.ExpireNs = _commands.Seq * 1000 + _commands.LaterNs + _random.Below(2_000_000);
        if (_random.OneIn(50)) c.Terms.MinLots = 1;
        Note(session, id, instrument, side);
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> Index()
    {
        ref var c = ref _commands.Begin<SetIndexPrice>(CommandType.SetIndexPrice, 0);
        c.Instrument = _random.OneIn(50) ? 9 : 1 + _random.Below(3);
        c.PriceTicks = _random.OneIn(50) ? 0 : _middle + _random.Below(41) - 20;
        return Commands.Whole(in c);
    }

    /// <summary>Half of the time back to continuous trading: elsewhere little trades.</summary>
    private ReadOnlySpan<byte> Phase()
    {
        ref var c = ref _commands.Begin<SetPhase>(CommandType.SetPhase, 0);
        c.Instrument = _random.OneIn(50) ? 0 : 1 + _random.Below(3);
        c.Phase = _random.OneIn(2) ? Venue.Messages.Phase.Continuous : (Phase)_random.Below(_random.OneIn(20) ? 9 : 4);
        if (_random.OneIn(6)) c.Phase = (Phase)(4 + _random.Below(3));
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> Trading()
    {
        ref var c = ref _commands.Begin<DefineTrading>(CommandType.DefineTrading, 0);
        c.Instrument = _random.OneIn(50) ? 4 : 1 + _random.Below(3);
        if (_random.OneIn(2)) c.StaticBandPpm = 2_000 + _random.Below(30_000);
        if (_random.OneIn(2)) c.DynamicBandPpm = 1_000 + _random.Below(20_000);
        if (_random.OneIn(2)) c.DayEnd = 1 + _random.Below(86_400);
        if (_random.OneIn(2)) c.VolatilityAuctionNs = _random.Below(500_000);
        if (_random.OneIn(2)) c.IndicativeNs = _random.Below(50_000);
        c.Allocation = (Allocation)_random.Below(_random.OneIn(50) ? 4 : 3);
        c.HaltRefusesCancels = (byte)_random.Below(_random.OneIn(50) ? 3 : 2);
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> SelfTrade()
    {
        ref var c = ref _commands.Begin<DefineSelfTrade>(CommandType.DefineSelfTrade, 0);
        c.DefinedSession = _random.OneIn(30) ? 0 : 1 + _random.Below(Sessions);
        c.Group = _random.OneIn(2) ? 0 : _random.Below(3);
        c.Mode = c.Group == 0 && !_random.OneIn(10) ? SelfTradeMode.None : Modes[_random.Below(5)];
        return Commands.Whole(in c);
    }
}
