using System.Numerics;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Quotes pulled: by their owner, by a protection; how they stand.</summary>
internal sealed partial class NaiveVenue
{
    private void CountQuoteFill(NaiveOrder order, long ticks, long lots)
    {
        if (!order.IsQuoted) return;
        var number = order.Instrument.Definition.Instrument;
        foreach (var scope in new[] { number, 0 })
        {
            var quote = QuoteOn(order.Session, scope);
            if (quote.IsTripped || quote.Terms.WindowNs == 0) continue;
            if (quote.Fills.Count == 0 || _command.TimeNs - quote.WindowBegan >= quote.Terms.WindowNs)
            {
                quote.Fills.Clear();
                quote.WindowBegan = _command.TimeNs;
            }
            quote.Fills.Add((lots, order.Instrument.Notional(ticks, lots)));
            var sumOfLots = quote.Fills.Sum(fill => fill.Lots);
            var sum = quote.Fills.Aggregate(BigInteger.Zero, (total, fill) => total + fill.Notional);
            var (byLots, byNotional) = (quote.Terms.LotsMax > 0, quote.Terms.NotionalMax.Atoms > 0);
            var isFull = (quote.Terms.FillsMax > 0 && quote.Fills.Count >= quote.Terms.FillsMax) || (byLots && sumOfLots >= quote.Terms.LotsMax) || (byNotional && sum >= quote.Terms.NotionalMax.Atoms);
            if (!isFull) continue;
            quote.IsTripped = true;
            _trips.Add((order.Session, scope));
            log.Add(new ProtectionTripped
            {
                Header = Header<ProtectionTripped>(EventType.ProtectionTripped, order.Session, scope),
                Fills = quote.Fills.Count, Lots = byLots ? sumOfLots : 0, Notional = new Amount(byNotional ? (Int128)sum : 0),
            });
        }
    }

    private void PullTripped(NaiveInstrument instrument)
    {
        var number = instrument.Definition.Instrument;
        foreach (var (session, scope) in _trips.Where(trip => trip.Instrument == 0 || trip.Instrument == number).ToList())
            foreach (var order in OpenSides(session, number)) End(order, ExecType.Canceled, Reason.Protection);
    }

    private void PullElsewhere()
    {
        for (var i = 0; i < _trips.Count; i++)
        {
            if (_trips[i].Instrument != 0) continue;
            foreach (var (number, instrument) in _instruments.OrderBy(pair => pair.Key))
            {
                if (OpenSides(_trips[i].Session, number).Count == 0) continue;
                Begin(instrument);
                Done(instrument);
            }
        }
        _trips.Clear();
    }

    private List<NaiveOrder> OpenSides(int session, int instrument) =>
        [.. QuoteOn(session, instrument).Sides.OrderBy(pair => pair.Key).Select(pair => pair.Value.Order)];

    private void Cancel(in CancelQuotes c)
    {
        var session = _command.Session;
        var reason = _firmOf.GetValueOrDefault(session) == 0 ? Reason.UnknownSession
            : !IsQuoter(session) ? Reason.NotAuthorized
            : c.Scope == QuoteCancelScope.Instrument && !_instruments.ContainsKey(c.Instrument) ? Reason.UnknownInstrument
            : Enum.IsDefined(c.Scope) ? Reason.None
            : Reason.UnsupportedOrder;
        var (scope, only, quoteID) = (c.Scope, c.Instrument, c.QuoteID);
        var meant = reason != Reason.None ? [] : _instruments.Keys.Order()
            .Where(number => scope switch { QuoteCancelScope.Instrument => number == only, QuoteCancelScope.QuoteID => QuoteOn(session, number).QuoteID == quoteID, _ => true })
            .SelectMany(number => OpenSides(session, number)).ToList();
        var kept = meant.Select(order => order.Instrument is { Phase: Phase.Halt, Trading.HaltRefusesCancels: 1 } ? (order, Why: Reason.Phase) : (order, Why: IsYoung(order) ? Reason.QuoteTooYoung : Reason.None)).ToList();
        var pulled = kept.Where(pair => pair.Why == Reason.None).Select(pair => pair.order).ToList();
        if (reason == Reason.None) reason = kept.Find(pair => pair.Why != Reason.None).Why;
        if (reason == Reason.None && meant.Count == 0 && c.Scope != QuoteCancelScope.All) reason = Reason.UnknownQuote;
        log.Add(new QuotesCanceled
        {
            Header = Header<QuotesCanceled>(EventType.QuotesCanceled, session, c.Instrument), QuoteID = c.QuoteID, Sides = pulled.Count, Reason = reason, Scope = c.Scope, ResponseLevel = c.ResponseLevel,
        });
        foreach (var orders in pulled.GroupBy(order => order.Instrument))
        {
            Begin(orders.Key);
            foreach (var order in orders) TakeOut(order);
            Done(orders.Key);
        }
    }

    private void Status(in QuoteStatus c)
    {
        var session = _command.Session;
        var instrument = _instruments.GetValueOrDefault(c.Instrument);
        var reason = _firmOf.GetValueOrDefault(session) == 0 ? Reason.UnknownSession : !IsQuoter(session) ? Reason.NotAuthorized : instrument is null ? Reason.UnknownInstrument : Reason.None;
        var sides = reason == Reason.None ? OpenSides(session, c.Instrument) : [];
        var quoteID = sides.Count == 0 ? default : QuoteOn(session, c.Instrument).QuoteID;
        if (reason == Reason.None && (sides.Count == 0 || (!c.QuoteID.IsEmpty && c.QuoteID != quoteID)))
        {
            reason = Reason.UnknownQuote;
            sides = [];
        }
        var (bid, ask) = (sides.Find(order => order.Side == Side.Buy), sides.Find(order => order.Side == Side.Sell));
        log.Add(new QuoteStatusReport
        {
            Header = Header<QuoteStatusReport>(EventType.QuoteStatusReport, session, instrument is null ? 0 : c.Instrument),
            RequestID = c.RequestID, QuoteID = reason == Reason.None ? quoteID : c.QuoteID, Reason = reason,
            BidTicks = bid?.Ticks ?? 0, BidLots = bid?.Leaves ?? 0, AskTicks = ask?.Ticks ?? 0, AskLots = ask?.Leaves ?? 0, ValidUntilNs = (ask ?? bid)?.Terms.ExpireNs ?? 0,
        });
    }

    private void Reset(in ResetProtection c)
    {
        var session = _command.Session;
        foreach (var quote in _quotes.Where(pair => pair.Key.Session == session).Select(pair => pair.Value))
        {
            quote.IsTripped = false;
            quote.Fills.Clear();
        }
        log.Add(new ProtectionReset
        {
            Header = Header<ProtectionReset>(EventType.ProtectionReset, session, 0), QuoteID = c.QuoteID, Flags = c.Flags, ResponseLevel = c.ResponseLevel,
            Reason = _firmOf.GetValueOrDefault(session) == 0 ? Reason.UnknownSession : !IsQuoter(session) ? Reason.NotAuthorized : Reason.None,
        });
    }
}
