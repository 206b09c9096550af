using System.Text;
using LiquidityBridge.Sandbox.Market;
using Venue.Fix;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Fix;

/// <summary>MarketDataRequest(V): a snapshot (W), then every change (X), each entry with the next RptSeq(83).</summary>
/// <remarks>
/// A level is keyed by MDEntryID(278), which is its side and price. Levels that leave the view are deleted (279=2),
/// also those that better ones pushed out: a client need not truncate. A gap in 83 means: subscribe again.
/// </remarks>
internal sealed class FixMarketData(Exchange exchange, Faults faults, IReadOnlyList<FixMember> members)
{
    private const int DepthMax = 1000, SubscriptionsMax = 100;

    private readonly Dictionary<(Instrument, int), DepthView> _views = [];

    /// <summary>Answers a request: snapshot, snapshot and updates, or no more of them. The dictionary has seen to 263, 265 and 269.</summary>
    public void Request(FixMember member, in Message message)
    {
        message.TryGet(262, out var requestID);
        message.TryGetChar(263, out var type);
        message.TryGetInt(264, out var depth);
        if (type == '2')
        {
            var id = requestID.ToArray();
            member.Subscriptions.RemoveAll(s => s.RequestID.AsSpan().SequenceEqual(id));
            return;
        }
        foreach (var subscription in member.Subscriptions)
        {
            if (!requestID.SequenceEqual(subscription.RequestID)) continue;
            Refuse(member, requestID, '1', "MDReqID(262) is in use");
            return;
        }
        if (depth is < 0 or > DepthMax)
        {
            Refuse(member, requestID, '5', "MarketDepth(264) is 0 for all, or 1 to 1000 levels");
            return;
        }
        bool bids = false, asks = false, trades = false;
        foreach (var entry in message.Groups(267))
        {
            entry.TryGetChar(269, out var kind);
            bids |= kind == '0';
            asks |= kind == '1';
            trades |= kind == '2';
        }
        var instruments = new List<Instrument>();
        foreach (var entry in message.Groups(146))
        {
            entry.TryGet(55, out var symbol);
            if (exchange.Find(Encoding.ASCII.GetString(symbol)) is not { } instrument || instruments.Contains(instrument))
            {
                Refuse(member, requestID, '0', "Symbol(55) is not traded here, or stands twice");
                return;
            }
            instruments.Add(instrument);
        }
        if (member.Subscriptions.Count + instruments.Count > SubscriptionsMax)
        {
            Refuse(member, requestID, '2', "Too many subscriptions");
            return;
        }
        foreach (var instrument in instruments)
        {
            var view = View(instrument, depth == 0 ? DepthMax : depth);
            // Nobody was watching, so the view stands where the last one left it.
            if (!faults.IsFrozen && !members.Any(m => m.Subscriptions.Any(s => s.View == view))) view.Advance();
            var subscription = new FixSubscription(requestID.ToArray(), view, bids, asks, trades);
            Snapshot(member, subscription);
            if (type == '1') member.Subscriptions.Add(subscription);
        }
    }

    /// <summary>The book has changed.</summary>
    public void OnBook(Instrument instrument)
    {
        if (faults.IsFrozen) return;
        foreach (var view in _views.Values)
        {
            if (view.Instrument != instrument || !members.Any(m => m.Subscriptions.Any(s => s.View == view))) continue;
            var changes = view.Advance();
            foreach (var member in members)
                foreach (var subscription in member.Subscriptions)
                    if (subscription.View == view) Update(member, subscription, changes);
        }
    }

    /// <summary>Something traded.</summary>
    public void OnTrade(in Trade trade)
    {
        if (faults.IsFrozen) return;
        foreach (var member in members)
        {
            foreach (var subscription in member.Subscriptions)
            {
                if (!subscription.Trades || subscription.View.Instrument != trade.Instrument) continue;
                ref var w = ref member.Begin("X"u8, exchange.NowNs);
                w.Add(262, subscription.RequestID);
                w.Add(268, 1);
                w.Add(279, '0');
                w.Add(269, '2');
                w.Add(278, $"T{trade.ID}");
                w.Add(55, trade.Instrument.Symbol);
                w.AddDecimal(270, trade.Ticks, trade.Instrument.PriceDecimals);
                w.AddDecimal(271, trade.Lots, trade.Instrument.QtyDecimals);
                w.Add(83, ++subscription.RptSeq);
                member.Session.End(keep: false);
            }
        }
    }

    /// <summary>SecurityStatus(f) to whoever watches the instrument.</summary>
    public void OnHalt(Instrument instrument, bool halted)
    {
        foreach (var member in members)
        {
            if (!member.Subscriptions.Any(s => s.View.Instrument == instrument)) continue;
            ref var w = ref member.Begin("f"u8, exchange.NowNs);
            w.Add(55, instrument.Symbol);
            w.Add(325, 'Y');
            w.Add(326, halted ? 2 : 17);
            w.AddTime(60, member.ByItsClock(exchange.NowNs));
            member.Session.End(keep: true);
        }
    }

    private void Snapshot(FixMember member, FixSubscription subscription)
    {
        var instrument = subscription.View.Instrument;
        var isOld = faults.Take(FaultKind.OldSnapshot);
        var (allBids, allAsks) = isOld ? subscription.View.Before : (subscription.View.Bids, subscription.View.Asks);
        var bids = subscription.Bids ? allBids : [];
        var asks = subscription.Asks ? allAsks : [];
        ref var w = ref member.Begin("W"u8, exchange.NowNs);
        w.Add(262, subscription.RequestID);
        w.Add(55, instrument.Symbol);
        w.Add(83, subscription.RptSeq);
        w.Add(268, bids.Count + asks.Count);
        for (var side = Side.Buy; side <= Side.Sell; side++)
        {
            foreach (var (ticks, lots) in side == Side.Buy ? bids : asks)
            {
                w.Add(269, side == Side.Buy ? '0' : '1');
                w.Add(278, Key(side, ticks));
                w.AddDecimal(270, ticks, instrument.PriceDecimals);
                w.AddDecimal(271, lots, instrument.QtyDecimals);
            }
        }
        member.Session.End(keep: false);
        // What has happened since such a snapshot has taken its number.
        if (isOld) subscription.RptSeq++;
    }

    private void Update(FixMember member, FixSubscription subscription, IReadOnlyList<LevelChange> changes)
    {
        var told = changes.Where(c => c.Side == Side.Buy ? subscription.Bids : subscription.Asks).ToList();
        if (told.Count == 0) return;
        if (subscription.Bids && subscription.View.Asks.Count > 0 && faults.Take(FaultKind.BookCrossed))
            told.Add(new LevelChange(Side.Buy, LevelChangeKind.New, subscription.View.Asks[0].Ticks + 1, subscription.View.Instrument.MinLots));
        var rptSeq = subscription.RptSeq + 1;
        subscription.RptSeq += told.Count;
        if (faults.Take(FaultKind.BookGap)) return;
        if (faults.Take(FaultKind.BookReorder))
        {
            subscription.HeldBack = (told, rptSeq);
            return;
        }
        if (faults.Take(FaultKind.WrongChecksum) && member.Line is { } line) line.Tampered(() => Write(member, subscription, told, rptSeq), WrongCheckSum);
        else Write(member, subscription, told, rptSeq);
        if (faults.Take(FaultKind.BookDuplicate)) Write(member, subscription, told, rptSeq);
        if (subscription.HeldBack is not { } late) return;
        subscription.HeldBack = null;
        Write(member, subscription, late.Changes, late.RptSeq);
    }

    private void Write(FixMember member, FixSubscription subscription, List<LevelChange> changes, int rptSeq)
    {
        var instrument = subscription.View.Instrument;
        ref var w = ref member.Begin("X"u8, exchange.NowNs);
        w.Add(262, subscription.RequestID);
        w.Add(268, changes.Count);
        foreach (var change in changes)
        {
            w.Add(279, change.Kind switch { LevelChangeKind.New => '0', LevelChangeKind.Changed => '1', _ => '2' });
            w.Add(269, change.Side == Side.Buy ? '0' : '1');
            w.Add(278, Key(change.Side, change.Ticks));
            w.Add(55, instrument.Symbol);
            w.AddDecimal(270, change.Ticks, instrument.PriceDecimals);
            if (change.Kind is LevelChangeKind.New or LevelChangeKind.Changed) w.AddDecimal(271, change.Lots, instrument.QtyDecimals);
            w.Add(83, rptSeq++);
        }
        member.Session.End(keep: false);
    }

    // 10=nnn| with its last digit moved by one.
    private static byte[] WrongCheckSum(byte[] message)
    {
        ref var digit = ref message[^2];
        digit = (byte)(digit == '9' ? '0' : digit + 1);
        return message;
    }

    private static string Key(Side side, long ticks) => $"{(side == Side.Buy ? 'B' : 'A')}{ticks}";

    private DepthView View(Instrument instrument, int depth)
    {
        if (!_views.TryGetValue((instrument, depth), out var view)) _views[(instrument, depth)] = view = new DepthView(exchange, instrument, depth);
        return view;
    }

    private void Refuse(FixMember member, ReadOnlySpan<byte> requestID, char reason, string text)
    {
        ref var w = ref member.Begin("Y"u8, exchange.NowNs);
        w.Add(262, requestID);
        w.Add(281, reason);
        w.Add(58, text);
        member.Session.End(keep: false);
    }
}
