using Venue.Messages;

namespace Venue.Gateway;

/// <summary>In which phase an instrument is.</summary>
internal struct PhaseNow
{
    public Phase Phase;
    /// <summary>When it began, nanoseconds since 1970-01-01 UTC; 0 when it was never another.</summary>
    public long SinceNs;
    /// <summary>When it ends by itself; 0 for never.</summary>
    public long UntilNs;
    /// <summary>Counts changes, from 1, so that a reader knows whether it was told.</summary>
    public long Version;
}

/// <summary>The phases of all instruments, folded from PhaseChanged events, and the venue's one trading session made of them.</summary>
internal sealed class TradingState
{
    private readonly List<PhaseNow> _phases = [];

    /// <summary>Counts changes of any instrument, from 1.</summary>
    public long Version { get; private set; } = 1;

    /// <summary>The phase of the instrument of this number, from 1.</summary>
    public PhaseNow this[int instrument] => instrument <= _phases.Count ? _phases[instrument - 1] : new PhaseNow { Version = 1 };

    /// <summary>An instrument is in another phase.</summary>
    public void On(in PhaseChanged e)
    {
        while (_phases.Count < e.Header.Instrument) _phases.Add(new PhaseNow { Version = 1 });
        _phases[e.Header.Instrument - 1] = new PhaseNow { Phase = e.Phase, SinceNs = e.Header.TimeNs, UntilNs = e.UntilNs, Version = _phases[e.Header.Instrument - 1].Version + 1 };
        Version++;
    }

    /// <summary>An instrument is in this phase; false when it was in it already.</summary>
    public bool Restore(int instrument, PhaseNow phase)
    {
        while (_phases.Count < instrument) _phases.Add(new PhaseNow { Version = 1 });
        // A reader's version is of this list, not of the one that it comes from.
        var before = _phases[instrument - 1];
        if ((before.Phase, before.SinceNs, before.UntilNs) == (phase.Phase, phase.SinceNs, phase.UntilNs)) return false;
        phase.Version = before.Version + 1;
        _phases[instrument - 1] = phase;
        Version++;
        return true;
    }

    /// <summary>TradSesStatus(340) of the venue: as good as that of its best instrument.</summary>
    public byte SessionStatus(int instruments)
    {
        var best = (byte)'3';
        for (var i = 1; i <= instruments; i++)
        {
            var status = SessionStatus(this[i].Phase);
            if (Rank(status) > Rank(best)) best = status;
        }
        return best;
    }

    /// <summary>SecurityTradingStatus(326), FIX 4.4: 2 halt, 5 price indication, 17 ready to trade, 18 not available, 21 pre-open.</summary>
    public static int SecurityStatus(Phase phase) => phase switch
    {
        Phase.Continuous => 17,
        Phase.PreOpen => 21,
        Phase.VolatilityAuction or Phase.CloseAuction => 5,
        Phase.Halt => 2,
        _ => 18,
    };

    /// <summary>TradSesStatus(340), FIX 4.4: 1 halted, 2 open, 3 closed, 4 pre-open, 5 pre-close.</summary>
    private static byte SessionStatus(Phase phase) => phase switch
    {
        Phase.Continuous or Phase.VolatilityAuction => (byte)'2',
        Phase.PreOpen => (byte)'4',
        Phase.CloseAuction => (byte)'5',
        Phase.Halt or Phase.CancelOnly => (byte)'1',
        _ => (byte)'3',
    };

    private static int Rank(byte status) => "31452"u8.IndexOf(status);
}
