using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>What else is asked about quotes: to pull them, how they stand; and who quotes by which terms.</summary>
public sealed partial class VenueEngine<TEvents>
{
    private void On(in DefineQuoting c)
    {
        if (!IsSound(in c))
        {
            Refuse(in c.Header, Reason.Contradiction);
            return;
        }
        var quoter = _quoters.Make(c.DefinedSession);
        var terms = c;
        terms.Header = default;
        if (c.Instrument == 0)
        {
            quoter.Terms = terms;
            quoter.Window = default;
        }
        else
        {
            ref var state = ref quoter.On(c.Instrument);
            state.Terms = terms;
            state.Window = default;
            Measure(ref state, InstrumentOf(c.Instrument)!);
        }
        _events.On(new QuotingDefined { Header = Header<QuotingDefined>(EventType.QuotingDefined, 0, c.Instrument), Definition = c });
    }

    private bool IsSound(in DefineQuoting c)
    {
        if (!IsKnown(c.DefinedSession, _sessions.Count) || FirmOf(c.DefinedSession) == 0 || (c.Instrument != 0 && InstrumentOf(c.Instrument) is null)) return false;
        var counts = c is { FillsMax: >= 0, LotsMax: >= 0, WindowNs: >= 0 and <= Definitions.LongestNs, LifeMinNs: >= 0 and <= Definitions.LongestNs, SizeMinLots: >= 0, SpreadMaxPpm: >= 0 and <= 2_000_000 }
            && c.NotionalMax.Atoms >= 0 && c.NotionalMax.Atoms <= Amount.Max.Atoms;
        // Lots and notionals of different instruments cannot be added up.
        var isOne = c.Instrument != 0 || c is { LotsMax: 0, SpreadMaxPpm: 0, SizeMinLots: 0 } && c.NotionalMax.Atoms == 0;
        return counts && isOne && c.WindowNs > 0 == (c.FillsMax > 0 || c.LotsMax > 0 || c.NotionalMax.Atoms > 0) && c.SpreadMaxPpm > 0 == c.SizeMinLots > 0;
    }

    private void On(in CancelQuotes c)
    {
        var session = c.Header.Session;
        var quoter = _quoters.Of(session);
        var sides = 0;
        var reason = FirmOf(session) == 0 ? Reason.UnknownSession
            : quoter is null ? Reason.NotAuthorized
            : c.Scope == QuoteCancelScope.Instrument && InstrumentOf(c.Instrument) is null ? Reason.UnknownInstrument
            : c.Scope is QuoteCancelScope.Instrument or QuoteCancelScope.All or QuoteCancelScope.QuoteID ? Reason.None
            : Reason.UnsupportedOrder;
        var left = Reason.None;
        if (reason == Reason.None)
        {
            // The answer comes before what the pulled quotes set off, so it is counted first.
            for (var number = 1; number <= LastOf(quoter!); number++)
                if (Covers(in c, quoter!, number)) sides += CountPulled(quoter!, number, ref left);
            reason = left != Reason.None ? left : sides == 0 && c.Scope != QuoteCancelScope.All ? Reason.UnknownQuote : Reason.None;
        }
        _events.On(new QuotesCanceled
        {
            Header = Header<QuotesCanceled>(EventType.QuotesCanceled, session, c.Instrument),
            QuoteID = c.QuoteID,
            Sides = sides,
            Reason = reason,
            Scope = c.Scope,
            ResponseLevel = c.ResponseLevel,
        });
        if (sides == 0) return;
        for (var number = 1; number <= LastOf(quoter!); number++)
            if (Covers(in c, quoter!, number)) PullOwn(quoter!, number);
    }

    /// <summary>Highest instrument that a provider can have quotes on.</summary>
    private int LastOf(Quoter quoter) => Math.Min(_instrumentCount, quoter.Instruments - 1);

    private static bool Covers(in CancelQuotes c, Quoter quoter, int number)
    {
        ref var state = ref quoter.On(number);
        return state.IsOpen && c.Scope switch
        {
            QuoteCancelScope.Instrument => number == c.Instrument,
            QuoteCancelScope.QuoteID => state.QuoteID == c.QuoteID,
            _ => true,
        };
    }

    /// <summary>Sides of a quote that its owner may pull now; says why others are left.</summary>
    private int CountPulled(Quoter quoter, int number, ref Reason left)
    {
        ref var state = ref quoter.On(number);
        var sides = 0;
        foreach (var slot in (ReadOnlySpan<int>)[state.BidSlot, state.AskSlot])
        {
            if (slot == 0) continue;
            var reason = RefusesCancels(_instruments[number]!) ? Reason.Phase : IsTooYoung(slot) ? Reason.QuoteTooYoung : Reason.None;
            if (reason == Reason.None) sides++;
            else if (left == Reason.None) left = reason;
        }
        return sides;
    }

    /// <summary>Pulls what its owner may pull, without a report: it asked for it.</summary>
    private void PullOwn(Quoter quoter, int number)
    {
        var instrument = _instruments[number]!;
        ref var state = ref quoter.On(number);
        var left = Reason.None;
        if (CountPulled(quoter, number, ref left) == 0) return;
        BeginTouching(instrument);
        foreach (var slot in (ReadOnlySpan<int>)[state.BidSlot, state.AskSlot])
            if (slot != 0 && !IsTooYoung(slot)) TakeOut(slot, instrument);
        EndTouching(instrument);
    }

    private void On(in QuoteStatus c)
    {
        var session = c.Header.Session;
        var quoter = _quoters.Of(session);
        var instrument = InstrumentOf(c.Instrument);
        var e = new QuoteStatusReport
        {
            Header = Header<QuoteStatusReport>(EventType.QuoteStatusReport, session, instrument?.Number ?? 0),
            RequestID = c.RequestID,
            QuoteID = c.QuoteID,
            Reason = FirmOf(session) == 0 ? Reason.UnknownSession : quoter is null ? Reason.NotAuthorized : instrument is null ? Reason.UnknownInstrument : Reason.None,
        };
        if (e.Reason == Reason.None)
        {
            ref var state = ref quoter!.On(instrument!.Number);
            if (!state.IsOpen || (!c.QuoteID.IsEmpty && c.QuoteID != state.QuoteID)) e.Reason = Reason.UnknownQuote;
            else Describe(in state, ref e);
        }
        _events.On(in e);
    }

    private void Describe(in QuoteState state, ref QuoteStatusReport e)
    {
        e.QuoteID = state.QuoteID;
        if (state.BidSlot != 0) (e.BidTicks, e.BidLots, e.ValidUntilNs) = (_orders[state.BidSlot].Ticks, _orders[state.BidSlot].LeavesLots, _specials[state.BidSlot].Terms.ExpireNs);
        if (state.AskSlot != 0) (e.AskTicks, e.AskLots, e.ValidUntilNs) = (_orders[state.AskSlot].Ticks, _orders[state.AskSlot].LeavesLots, _specials[state.AskSlot].Terms.ExpireNs);
    }

    private void HashQuotes(ref StateHasher hasher)
    {
        for (var session = 1; session < _quoters.Sessions; session++)
        {
            if (_quoters.Of(session) is not { } quoter) continue;
            hasher.Add(session);
            quoter.HashInto(ref hasher);
        }
    }

    private void CheckQuoteSlots(int slot)
    {
        // A hit's side stands nowhere.
        if (_specials[slot].Is(OrderInstructions.Offer)) return;
        ref var order = ref _orders[slot];
        ref var state = ref _quoters.Of(order.Session)!.On(order.Instrument);
        if (state.SlotOf(order.Side) != slot) throw new InvalidOperationException($"Slot {slot} is the quote of session {order.Session} on instrument {order.Instrument}, which knows {state.BidSlot} and {state.AskSlot}");
    }
}
