using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>What happens by itself when its time has come: at the start of the first command at or after it.</summary>
public sealed partial class VenueEngine<TEvents>
{
    // Not after the earliest thing that is due; earlier when that was called off.
    private long _nextDueNs = long.MaxValue;

    private void DoDue()
    {
        while (true)
        {
            if (_timeNs >= _margins.WakeNs)
            {
                _margins.WakeNs = long.MaxValue;
                _margins.Wake();
            }
            var expiryNs = _specials.NextExpiryNs;
            var ending = NextToEnd(out var endNs);
            if (expiryNs > _timeNs && endNs > _timeNs)
            {
                EndDueRequests();
                _nextDueNs = Math.Min(Math.Min(Math.Min(expiryNs, endNs), _margins.WakeNs), _requests.NextDueNs);
                return;
            }
            if (expiryNs <= endNs) Expire(_specials.NextToExpire);
            else if (ending!.PhaseUntilNs == endNs) MoveTo(ending, Phase.Continuous);
            else TellIndicative(ending);
            if (_trips.Count > 0) PullElsewhere();
        }
    }

    /// <summary>Something is due at this time too.</summary>
    private void Await(long timeNs) => _nextDueNs = Math.Min(_nextDueNs, timeNs);

    private void Expire(int slot)
    {
        var instrument = _instruments[_orders[slot].Instrument]!;
        BeginTouching(instrument);
        EndExpired(slot, instrument);
        EndTouching(instrument);
    }

    private void EndExpired(int slot, Instrument<Fills> instrument)
    {
        TakeOut(slot, instrument);
        _orders[slot].Expire();
        Report(slot, ExecType.Expired, Reason.Expired);
    }

    /// <summary>The instrument whose phase ends, or whose indicative price is due, first; of several the lowest number.</summary>
    private Instrument<Fills>? NextToEnd(out long timeNs)
    {
        Instrument<Fills>? next = null;
        timeNs = long.MaxValue;
        for (var number = 1; number <= _instrumentCount; number++)
        {
            var instrument = _instruments[number]!;
            if (instrument.DueNs >= timeNs) continue;
            next = instrument;
            timeNs = instrument.DueNs;
        }
        return next;
    }
}
