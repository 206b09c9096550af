using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Limits of all scopes, mostly ones that let most orders pass, taken away again soon.</summary>
internal sealed partial class RandomCommands
{
    private readonly List<(int Firm, int Session, int Instrument)> _limited = [];

    private ReadOnlySpan<byte> Limits()
    {
        ref var c = ref _commands.Begin<DefineLimits>(CommandType.DefineLimits, 0);
        (c.Operator, c.Reason) = (Text40.From("drill"), Text40.From("at random"));
        if (_limited.Count > 0 && !_random.OneIn(3))
        {
            var at = _random.Below(_limited.Count);
            (c.Firm, c.LimitedSession, c.Instrument) = _limited[at];
            _limited.RemoveAt(at);
            return Commands.Whole(in c);
        }
        if (_random.OneIn(2)) c.Firm = 1 + _random.Below(4);
        if (_random.OneIn(4)) c.LimitedSession = 1 + _random.Below(6);
        if (_random.OneIn(2)) c.Instrument = 1 + _random.Below(3);
        if (_random.OneIn(20)) c.Instrument = 9;
        if (_limited.Count > 0 && _random.OneIn(8)) (c.Firm, c.LimitedSession, c.Instrument) = _limited[_random.Below(_limited.Count)];
        if (_random.OneIn(3)) c.FatFingerPpm = 1 + _random.Below(50_000);
        if (_random.OneIn(3)) c.CollarPpm = 1 + _random.Below(50_000);
        if (_random.OneIn(3)) c.OpenOrdersMax = 1 + _random.Below(200);
        if (_random.OneIn(3)) (c.RateMax, c.RateWindowNs) = (1 + _random.Below(20), 1000 + _random.Below(100_000));
        if (_random.OneIn(3)) c.RepeatWindowNs = 1 + _random.Below(5_000_000);
        if (c.Instrument is > 0 and < 4 || _random.OneIn(20))
        {
            if (_random.OneIn(3)) c.MinLots = _random.Below(10);
            if (_random.OneIn(3)) c.MaxLots = 20 + _random.Below(60);
            var unit = c.Instrument is > 0 and < 4 ? _instruments[c.Instrument - 1].TickLotAtoms : 1;
            if (_random.OneIn(3)) c.MinNotional = new Amount((Int128)_random.Below(20_000) * unit);
            if (_random.OneIn(3)) c.MaxNotional = new Amount((Int128)(100_000 + _random.Below(200_000)) * unit);
            if (_random.OneIn(2)) (c.PositionMaxLots, c.LimitedSession) = (1 + _random.Below(_isLimited ? 150 : 3000), _random.OneIn(10) ? 1 : 0);
        }
        if (c.OpenOrdersMax > 0 || c.PositionMaxLots > 0) _begun.Add(_commands.Seq);
        _limited.Add((c.Firm, c.LimitedSession, c.Instrument));
        return Commands.Whole(in c);
    }
}
