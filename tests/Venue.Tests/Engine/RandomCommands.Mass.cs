using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Mass requests, sessions that come and go, slices of walks that were begun.</summary>
internal sealed partial class RandomCommands
{
    private readonly List<long> _begun = [];

    private ReadOnlySpan<byte> Mass()
    {
        // Begun walks are carried on most of the time: otherwise none would ever end. (Too many at once has a test of its own.)
        if (_begun.Count > 0 && !_random.OneIn(4))
        {
            ref var c = ref _commands.Begin<ContinueWalk>(CommandType.ContinueWalk, 0);
            c.Walk = _begun[_random.Below(_begun.Count)];
            if (_begun.Count > 20) _begun.RemoveAt(0);
            return Commands.Whole(in c);
        }
        switch (_random.Below(10))
        {
            case 0:
                ref var connect = ref _commands.Begin<Connect>(CommandType.Connect, Session());
                connect.CancelOnDisconnect = (CancelOnDisconnect)_random.Below(_random.OneIn(20) ? 5 : 3);
                connect.CancelOnLogout = (byte)_random.Below(2);
                if (_random.OneIn(2)) connect.SelfTradeMode = Modes[_random.Below(5)];
                if (_random.OneIn(3)) connect.SelfTradeGroup = _random.Below(4) - (_random.OneIn(10) ? 1 : 0);
                return Commands.Whole(in connect);
            case 1 or 2:
                ref var disconnect = ref _commands.Begin<Disconnect>(CommandType.Disconnect, Session());
                disconnect.Cause = (DisconnectCause)(1 + _random.Below(3));
                _begun.Add(_commands.Seq);
                return Commands.Whole(in disconnect);
            case 3 when _random.OneIn(3):
                ref var cancel = ref _commands.Begin<MassCancel>(CommandType.MassCancel, Session());
                cancel.ClOrdID = Text40.From($"q{_commands.Seq}");
                cancel.AsOperator = (byte)(_random.OneIn(4) ? 1 : 0);
                (cancel.Scope, cancel.Target) = Scope();
                cancel.Instrument = _random.OneIn(3) ? _random.Below(5) : 0;
                cancel.Side = (Side)(_random.OneIn(2) ? 0 : _random.Below(3));
                _begun.Add(_commands.Seq);
                return Commands.Whole(in cancel);
            default:
                ref var status = ref _commands.Begin<MassStatus>(CommandType.MassStatus, _random.OneIn(2) ? 1 : Session());
                status.RequestID = Text40.From($"AF{_commands.Seq}");
                status.AsOperator = (byte)(_random.OneIn(2) ? 1 : 0);
                (status.Scope, status.Target) = Scope();
                status.Instrument = _random.OneIn(3) ? _random.Below(5) : 0;
                status.Side = (Side)(_random.OneIn(2) ? 0 : _random.Below(3));
                _begun.Add(_commands.Seq);
                return Commands.Whole(in status);
        }
    }

    private (MassScope Scope, int Target) Scope()
    {
        if (_random.OneIn(20)) return ((MassScope)_random.Below(5), _random.Below(12) - 1);
        return _random.Below(3) switch { 0 => (MassScope.Session, 1 + _random.Below(Sessions)), 1 => (MassScope.Firm, 1 + _random.Below(4)), _ => (MassScope.Venue, 0) };
    }
}
