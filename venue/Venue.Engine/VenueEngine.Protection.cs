using System.Runtime.CompilerServices;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Protection of market makers, and how far they keep to what they owe.</summary>
public sealed partial class VenueEngine<TEvents>
{
    // Whose windows became full by this command, and on which instrument; 0 for all of the session's.
    private readonly List<(int Session, int Instrument)> _trips = new(16);

    /// <summary>A quote traded: windows fill, and a full one has its quotes pulled before anybody else can trade with them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CountQuoteFill(int slot, Instrument<Fills> instrument, long lots, Int128 notional)
    {
        var session = _orders[slot].Session;
        var quoter = _quoters.Of(session)!;
        ref var state = ref quoter.On(instrument.Number);
        if (!state.IsTripped && state.Window.Add(in state.Terms, _timeNs, lots, notional))
        {
            state.IsTripped = true;
            Trip(session, instrument.Number, in state.Window);
        }
        if (!quoter.IsTripped && quoter.Window.Add(in quoter.Terms, _timeNs, lots, notional))
        {
            quoter.IsTripped = true;
            Trip(session, 0, in quoter.Window);
        }
        Measure(ref state, instrument);
    }

    private void Trip(int session, int instrument, in ProtectionWindow window)
    {
        _trips.Add((session, instrument));
        _events.On(new ProtectionTripped
        {
            Header = Header<ProtectionTripped>(EventType.ProtectionTripped, session, instrument),
            Notional = new Amount(window.Notional),
            Lots = window.Lots,
            Fills = window.Fills,
        });
    }

    /// <summary>Pulls what is left of tripped quotes on an instrument whose levels are being changed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PullTripped(Instrument<Fills> instrument)
    {
        if (_trips.Count > 0) PullTrippedOn(instrument);
    }

    private void PullTrippedOn(Instrument<Fills> instrument)
    {
        if (!_touchesAnyOrder) TouchInAnyOrder();
        for (var i = 0; i < _trips.Count; i++)
        {
            var (session, number) = _trips[i];
            if (number != 0 && number != instrument.Number) continue;
            ref var state = ref _quoters.Of(session)!.On(instrument.Number);
            foreach (var slot in (ReadOnlySpan<int>)[state.BidSlot, state.AskSlot])
                if (slot != 0) End(slot, instrument, ExecType.Canceled, Reason.Protection);
        }
    }

    /// <summary>The end of what tripped: a session's protection covers its quotes on all instruments.</summary>
    private void PullElsewhere()
    {
        // What is pulled can set off pegged orders that trade, and trip more.
        for (var i = 0; i < _trips.Count; i++)
        {
            var (session, only) = _trips[i];
            if (only != 0) continue;
            var quoter = _quoters.Of(session)!;
            for (var number = 1; number <= LastOf(quoter); number++)
            {
                if (!quoter.On(number).IsOpen) continue;
                BeginTouching(_instruments[number]!);
                EndTouching(_instruments[number]!);
            }
        }
        _trips.Clear();
    }

    private void On(in ResetProtection c)
    {
        var session = c.Header.Session;
        var quoter = _quoters.Of(session);
        var reason = FirmOf(session) == 0 ? Reason.UnknownSession : quoter is null ? Reason.NotAuthorized : Reason.None;
        if (quoter is not null)
        {
            quoter.IsTripped = false;
            quoter.Window = default;
            for (var number = 1; number < quoter.Instruments; number++)
            {
                ref var state = ref quoter.On(number);
                state.IsTripped = false;
                state.Window = default;
            }
        }
        _events.On(new ProtectionReset
        {
            Header = Header<ProtectionReset>(EventType.ProtectionReset, session, 0),
            QuoteID = c.QuoteID,
            Reason = reason,
            Flags = c.Flags,
            ResponseLevel = c.ResponseLevel,
        });
    }

    /// <summary>The quote, or the instrument's phase, is another: does it meet the obligation now?</summary>
    private void Measure(ref QuoteState state, Instrument<Fills> instrument)
    {
        if (state.Terms.SpreadMaxPpm == 0 && !state.Met.Runs) return;
        state.Met.Set(_timeNs, MeetsObligation(in state, instrument));
    }

    private bool MeetsObligation(in QuoteState state, Instrument<Fills> instrument)
    {
        if (state.Terms.SpreadMaxPpm == 0 || state.BidSlot == 0 || state.AskSlot == 0 || instrument.Phase != Phase.Continuous) return false;
        ref var bid = ref _orders[state.BidSlot];
        ref var ask = ref _orders[state.AskSlot];
        // (ask - bid) / middle, the middle being half of their sum.
        return Math.Min(bid.LeavesLots, ask.LeavesLots) >= state.Terms.SizeMinLots
            && (ask.Ticks - bid.Ticks) * 2_000_000L <= (long)state.Terms.SpreadMaxPpm * (ask.Ticks + bid.Ticks);
    }

    /// <summary>An instrument is in another phase: only continuous trading counts for obligations.</summary>
    private void MeasureAll(Instrument<Fills> instrument)
    {
        instrument.Open.Set(_timeNs, instrument.Phase == Phase.Continuous);
        for (var session = 1; session < _quoters.Sessions; session++)
            if (_quoters.Of(session) is { } quoter && instrument.Number < quoter.Instruments) Measure(ref quoter.On(instrument.Number), instrument);
    }

    /// <summary>What a provider did when it was asked for quotes; null for a session that is none.</summary>
    public RequestCounts? Requests(int session) => _quoters.Of(session)?.Requests;

    /// <summary>What a provider was asked for on an instrument and how long it met that; null for no obligation.</summary>
    public ObligationView? Obligation(int session, int instrument)
    {
        if (_quoters.Of(session) is not { } quoter || InstrumentOf(instrument) is not { } found || instrument >= quoter.Instruments) return null;
        ref var state = ref quoter.On(instrument);
        if (state.Terms.SpreadMaxPpm == 0) return null;
        var (met, open) = (state.Met.At(_timeNs), found.Open.At(_timeNs));
        return new ObligationView(state.Terms.SizeMinLots, state.Terms.SpreadMaxPpm, met.TodayNs, open.TodayNs, met.YesterdayNs, open.YesterdayNs);
    }
}

/// <summary>An obligation and how it was kept, counted up to the last command.</summary>
/// <param name="SizeMinLots">Smallest size of either side that counts.</param>
/// <param name="SpreadMaxPpm">Widest spread that counts, in 1e-6 of the middle.</param>
/// <param name="MetNs">How long both sides stood so today (UTC), in continuous trading.</param>
/// <param name="OpenNs">How long there was continuous trading today.</param>
/// <param name="MetYesterdayNs">The same of the day before.</param>
/// <param name="OpenYesterdayNs">The same of the day before.</param>
public readonly record struct ObligationView(long SizeMinLots, int SpreadMaxPpm, long MetNs, long OpenNs, long MetYesterdayNs, long OpenYesterdayNs);
