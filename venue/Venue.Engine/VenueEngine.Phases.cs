using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Phases of trading: what leaving one and entering another does.</summary>
public sealed partial class VenueEngine<TEvents>
{
    private void On(in DefineTrading c)
    {
        var instrument = InstrumentOf(c.Instrument);
        if (instrument is null || !Definitions.IsSound(in c))
        {
            Refuse(in c.Header, Reason.Contradiction);
            return;
        }
        instrument.SetTrading(in c);
        _events.On(new TradingDefined { Header = Header<TradingDefined>(EventType.TradingDefined, 0, c.Instrument), Definition = c });
    }

    private void On(in SetPhase c)
    {
        var instrument = InstrumentOf(c.Instrument);
        if (instrument is null || c.Phase > Phase.Closed)
        {
            Refuse(in c.Header, Reason.Contradiction);
            return;
        }
        MoveTo(instrument, c.Phase);
    }

    /// <summary>Leaves one phase for another; to set the same again begins it again.</summary>
    private void MoveTo(Instrument<Fills> instrument, Phase phase)
    {
        var before = instrument.Phase;
        BeginTouching(instrument);
        // However the book came to be crossed, nobody trades at will before one price has been made of it.
        if (before != Phase.Continuous && (phase == Phase.Continuous || (before == Phase.CloseAuction && phase == Phase.Closed))) Uncross(instrument);
        if (phase is Phase.Continuous or Phase.Closed)
        {
            EndForAuction(instrument, TimeInForce.AtTheOpening, isAll: true);
            EndForAuction(instrument, TimeInForce.AtTheClose, isAll: phase == Phase.Closed);
        }
        Begin(instrument, phase, phase == Phase.VolatilityAuction && instrument.Trading.VolatilityAuctionNs > 0 ? _timeNs + instrument.Trading.VolatilityAuctionNs : 0);
        if (phase == Phase.CloseAuction) EnterAtTheClose(instrument);
        EndTouching(instrument);
    }

    private void Begin(Instrument<Fills> instrument, Phase phase, long untilNs)
    {
        var before = instrument.Phase;
        instrument.SetPhase(phase, untilNs);
        MeasureAll(instrument);
        if (untilNs != 0) Await(untilNs);
        instrument.ForgetIndicative();
        _margins.Wake();
        _events.On(new PhaseChanged
        {
            Header = Header<PhaseChanged>(EventType.PhaseChanged, 0, instrument.Number),
            UntilNs = untilNs,
            Phase = phase,
            Before = before,
        });
        if (phase == Phase.Continuous) return;
        EndHits(instrument);
        ParkPegs(instrument);
    }

    /// <summary>A trade that would have broken a band does not happen; one price is made of all orders later instead.</summary>
    private void BeginVolatilityAuction(Instrument<Fills> instrument)
    {
        var lasts = instrument.Trading.VolatilityAuctionNs;
        Begin(instrument, Phase.VolatilityAuction, lasts == 0 ? 0 : _timeNs + lasts);
    }

    /// <summary>Orders for the closing auction have waited for it outside the book.</summary>
    private void EnterAtTheClose(Instrument<Fills> instrument)
    {
        for (var slot = instrument.ForAuction.First; slot != 0;)
        {
            var after = _specials[slot].After;
            ref var special = ref _specials[slot];
            if (special.TimeInForce == TimeInForce.AtTheClose && special.Place == Place.Nowhere) RestOrEnd(slot, instrument, _orders[slot].Ticks);
            slot = after;
        }
    }

    /// <summary>Ends all orders for an auction, or those that it has brought into the book, whatever phases came after it.</summary>
    private void EndForAuction(Instrument<Fills> instrument, TimeInForce timeInForce, bool isAll)
    {
        for (var slot = instrument.ForAuction.First; slot != 0;)
        {
            var after = _specials[slot].After;
            if (_specials[slot].TimeInForce == timeInForce && (isAll || _specials[slot].Place != Place.Nowhere)) EndExpired(slot, instrument);
            slot = after;
        }
    }

    private static bool RefusesCancels(Instrument<Fills> instrument) => instrument.Phase == Phase.Halt && instrument.Trading.HaltRefusesCancels != 0;
}
