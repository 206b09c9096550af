using System.Globalization;
using Venue.Messages;

namespace LiquidityBridge;

/// <content>What is quoted.</content>
public sealed partial class Bridge
{
    private const int Million = 1_000_000;
    private const long RefusalHoldNs = 1_000_000_000;

    private void On(VenueSessionChanged session)
    {
        _venueUp = session.IsUp;
        foreach (var slot in _slots)
            if (!session.IsUp) slot.Lose(session.NowNs);
    }

    private void On(QuoteReport report)
    {
        if (report.Kind == QuoteReportKind.Traded && report.Seq > _feedThrough)
        {
            if (_owedSeq == 0) _owedSinceNs = report.NowNs;
            _owedSeq = Math.Max(_owedSeq, report.Seq);
        }
        if (report.Kind is QuoteReportKind.Rejected or QuoteReportKind.RequestRefused && report.Text.Length > 0)
            Say(report.NowNs, Severity.Info, "quote-refused", $"{report.ClOrdID}: {report.Text}");
        foreach (var slot in _slots)
        {
            if (!slot.Has(report.ClOrdID) && !slot.Has(report.OrigClOrdID)) continue;
            slot.On(report, RefusalHoldNs);
            if (slot.State == QuoteState.Empty) _outputs.Add(new Log(new QuoteClosed { NowNs = report.NowNs, Instrument = slot.Instrument.Id, Side = slot.Side }));
            return;
        }
        // Sent by an earlier run whose journal lost its end: it rests, and nobody would ever move it.
        if (report.Kind is QuoteReportKind.Accepted or QuoteReportKind.Replaced && report.Leaves > 0)
            _outputs.Add(new CancelQuote(report.Instrument, report.Side, NextId('C', 0), report.ClOrdID));
    }

    private void Decide(long nowNs)
    {
        WatchHedges(nowNs);
        PriceFees(nowNs);
        foreach (var books in _books) books.Watch(nowNs, _options.BookStaleNs);
        WatchLoss(nowNs);
        var isKilled = _switches.IsEngaged(KillLevel.Bridge);
        foreach (var instrument in _options.Instruments)
        {
            if (isKilled || _switches.IsEngaged(KillLevel.Instrument, instrument.Symbol)) CancelHedges(instrument, nowNs);
            else HedgeWhatIsDue(instrument, nowNs);
        }
        foreach (var instrument in _options.Instruments) Quote(instrument, nowNs);
        foreach (var instrument in _options.Instruments) TellIndex(instrument, nowNs);
    }

    private void TellIndex(Instrument instrument, long nowNs)
    {
        if (_venue.NumberOf(instrument) is not (> 0 and var number)) return;
        if (_index.Next(instrument, _books[instrument.Id], nowNs, _options.BookStaleNs) is > 0 and var ticks) _outputs.Add(new TellIndex(number, ticks));
        if (_index.IsMissed(instrument, nowNs)) Say(nowNs, Severity.Warning, "index-missed", $"{instrument}: too few live books agree on a price, the venue keeps the last index price");
    }

    private void CancelHedges(Instrument instrument, long nowNs)
    {
        foreach (var order in _hedges.Open)
        {
            if (order.Intent.Instrument != instrument.Id || order.State is not (HedgeState.Acknowledged or HedgeState.PartlyFilled)) continue;
            if (nowNs - order.AskedNs < _options.QueryRetryNs) continue;
            order.AskedNs = nowNs;
            _outputs.Add(new CancelHedge(order.Intent));
        }
    }

    private void WatchLoss(long nowNs)
    {
        if (TwiceProfitAtoms(nowNs) is not { } twiceProfit) return;
        _drawdown.On(twiceProfit / 2);
        if (!_drawdown.IsExceeded || _switches.IsEngaged(KillLevel.Quoting)) return;
        Write(new Switched { NowNs = nowNs, Level = KillLevel.Quoting, Engaged = true, By = "drawdown limit", Reason = string.Create(CultureInfo.InvariantCulture, $"the profit fell by {_drawdown.Atoms} atoms from its highest point") });
        Say(nowNs, Severity.Critical, "drawdown", "the loss limit was reached: quoting stops until a person resumes it");
    }

    /// <summary>Realised and unrealised profit times two, in atoms of the reporting asset; null when a price is missing.</summary>
    private Int128? TwiceProfitAtoms(long nowNs)
    {
        Int128 sum = 0;
        for (var i = 0; i < _inventories.Length; i++)
        {
            sum += 2 * _inventories[i].RealisedAtoms;
            if (_inventories[i].Position == 0) continue;
            var twiceMid = _books[i].TwiceMid(nowNs, _options.BookStaleNs);
            if (twiceMid == 0) return null;
            sum += _inventories[i].TwiceUnrealisedAtoms(twiceMid);
        }
        return sum;
    }

    /// <summary>Why nothing of the instrument is quoted; null when it can be.</summary>
    private string? WhyNotQuoted(Instrument instrument, long nowNs)
    {
        if (_switches.IsEngaged(KillLevel.Bridge)) return "killed";
        if (_switches.IsEngaged(KillLevel.Quoting)) return "quoting stopped";
        if (_switches.IsEngaged(KillLevel.Instrument, instrument.Symbol)) return "instrument killed";
        if (_recovered.Count > 0) return "hedges of the last run are not settled";
        if (!_feedUp) return "venue feed down";
        if (_venue.Firm == 0) return "venue feed has not told our firm";
        if (_owedSeq != 0 && nowNs - _owedSinceNs > _options.FeedLagNs) return "venue feed behind";
        if (nowNs < _pausedUntilNs[instrument.Id]) return "hedging gave up for now";
        if (!_books[instrument.Id].Sources.Any(s => IsUsable(s, nowNs))) return "no healthy hedge";
        var exposure = Int128.Abs(NetAtoms(instrument.BaseAsset));
        if (LimitOf(instrument.BaseAsset) is { } limit && exposure >= limit.HardAtoms) return "hard limit";
        return null;
    }

    private AssetLimit? LimitOf(string asset) => _options.Limits.FirstOrDefault(l => l.Asset == asset);

    /// <summary>Net exposure of an asset over all its instruments, in base atoms.</summary>
    private Int128 NetAtoms(string asset)
    {
        Int128 sum = 0;
        for (var i = 0; i < _inventories.Length; i++)
            if (_options.Instruments[i].BaseAsset == asset) sum += _options.Instruments[i].BaseAtoms(_inventories[i].Position);
        return sum;
    }

    private void Quote(Instrument instrument, long nowNs)
    {
        var bid = SlotOf(instrument.Id, Side.Buy);
        var ask = SlotOf(instrument.Id, Side.Sell);
        Desired? wantBid = null, wantAsk = null;
        if (WhyNotQuoted(instrument, nowNs) is null)
        {
            var exposurePpm = ExposurePpm(instrument.BaseAsset);
            var twiceMid = _books[instrument.Id].TwiceMid(nowNs, _options.BookStaleNs);
            if (exposurePpm < Million) wantBid = Want(instrument, Side.Buy, twiceMid, exposurePpm, nowNs);
            if (exposurePpm > -Million) wantAsk = Want(instrument, Side.Sell, twiceMid, exposurePpm, nowNs);
            // Books of different exchanges can cross each other; our own two sides may not.
            if (wantBid is { } b && wantAsk is { } a && b.Price >= a.Price) wantBid = wantAsk = null;
        }
        if (!_venueUp) return;
        // The side that moves away from the other goes first, so that a bid never meets our own ask.
        var isRising = wantBid is { } w && bid.State == QuoteState.Working && w.Price > bid.Price;
        if (isRising)
        {
            Bring(ask, bid, wantAsk, nowNs);
            Bring(bid, ask, wantBid, nowNs);
        }
        else
        {
            Bring(bid, ask, wantBid, nowNs);
            Bring(ask, bid, wantAsk, nowNs);
        }
    }

    /// <summary>One side from the aggregated book, or from the best price for its full amount, whichever is better for the client.</summary>
    private Desired? Want(Instrument instrument, Side side, long twiceMid, int exposurePpm, long nowNs)
    {
        var books = _books[instrument.Id];
        var hedge = side == Side.Buy ? Side.Sell : Side.Buy;
        var swept = Quoter.Make(instrument, books.Levels(hedge, nowNs, s => IsUsable(s, nowNs)), side, twiceMid, exposurePpm);
        if (books.FullAmount(hedge, instrument.Quoting.Size, nowNs, s => IsUsable(s, nowNs)) is not { } full) return swept;
        // Its whole quantity is ours to have: no share of it is left to others.
        var terms = instrument.Quoting with { DepthPercent = 100 };
        var atOnce = Quoter.Make(instrument, terms, [full], side, twiceMid, exposurePpm);
        if (swept is not { } a || atOnce is not { } b) return swept ?? atOnce;
        return (side == Side.Buy ? b.Price > a.Price : b.Price < a.Price) ? b : a;
    }

    /// <summary>Exposure in millionths of its soft limit, cut off at one whole.</summary>
    private int ExposurePpm(string asset)
    {
        if (LimitOf(asset) is not { } limit) return 0;
        return (int)Int128.Clamp(NetAtoms(asset) * Million / limit.SoftAtoms, -Million, Million);
    }

    /// <summary>The least that brings one side to what is wanted.</summary>
    private void Bring(QuoteSlot slot, QuoteSlot other, Desired? wanted, long nowNs)
    {
        if (slot.State is QuoteState.NewSent or QuoteState.ReplaceSent or QuoteState.CancelSent or QuoteState.Clearing && nowNs - slot.ChangedNs > _options.QuoteTimeoutNs)
        {
            Say(nowNs, Severity.Warning, "quote-timeout", $"{slot.Instrument} {slot.Side}: the venue did not answer while {slot.State}");
            slot.Lose(nowNs);
        }
        switch (slot.State)
        {
            case QuoteState.Uncertain:
                foreach (var id in slot.Ids) _outputs.Add(new CancelQuote(slot.Instrument.Id, slot.Side, NextId('C', 0), id));
                slot.SendClearing(nowNs);
                return;
            case QuoteState.NewSent or QuoteState.Working or QuoteState.ReplaceSent when wanted is null:
                _outputs.Add(new CancelQuote(slot.Instrument.Id, slot.Side, NextId('C', 0), slot.PendingClOrdID.Length > 0 ? slot.PendingClOrdID : slot.ClOrdID));
                slot.SendCancel(nowNs);
                return;
        }
        if (wanted is not { } want || nowNs < slot.HoldUntilNs || WouldMeet(other, want.Price)) return;
        switch (slot.State)
        {
            case QuoteState.Empty when _quoteRate.TryTake(nowNs):
                var id = NextId('Q', want.Reference);
                Write(new QuoteSent { NowNs = nowNs, Instrument = slot.Instrument.Id, Side = slot.Side, ClOrdID = id });
                slot.SendNew(id, want.Price, want.Quantity, nowNs);
                _outputs.Add(new NewQuote(slot.Instrument.Id, slot.Side, id, want.Price, want.Quantity));
                return;
            case QuoteState.Working when IsWorthReplacing(slot, want) && _quoteRate.TryTake(nowNs):
                var next = NextId('Q', want.Reference);
                Write(new QuoteSent { NowNs = nowNs, Instrument = slot.Instrument.Id, Side = slot.Side, ClOrdID = next });
                slot.SendReplace(next, want.Price, nowNs);
                // FIX 4.4 vol 4: OrderQty of a replacement includes what was filled.
                _outputs.Add(new ReplaceQuote(slot.Instrument.Id, slot.Side, next, slot.ClOrdID, want.Price, slot.Cum + want.Quantity));
                return;
        }
    }

    private static bool WouldMeet(QuoteSlot other, long price) =>
        other.MostAggressivePrice is > 0 and var theirs && (other.Side == Side.Sell ? price >= theirs : price <= theirs);

    /// <summary>Too good for the client: always. Too cautious, or too small: when it is worth a message. Too large: always, it could not be hedged.</summary>
    private static bool IsWorthReplacing(QuoteSlot slot, Desired want)
    {
        var tooGood = slot.Side == Side.Buy ? slot.Price - want.Price : want.Price - slot.Price;
        if (tooGood > 0 || slot.Leaves > want.Quantity) return true;
        return -tooGood >= slot.Instrument.Quoting.RequoteTicks * slot.Instrument.VenueTick || slot.Leaves < want.Quantity - want.Quantity / 4;
    }

    private string NextId(char kind, long reference)
    {
        _quoteIds++;
        return kind == 'Q'
            ? string.Create(CultureInfo.InvariantCulture, $"Q{_idPrefix}-{_quoteIds}-{reference}")
            : string.Create(CultureInfo.InvariantCulture, $"C{_idPrefix}-{_quoteIds}");
    }
}
