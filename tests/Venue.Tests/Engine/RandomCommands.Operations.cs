using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>What operators and the back office send: credits, withdrawals, kill switches, new limits.</summary>
internal sealed partial class RandomCommands
{
    private readonly List<(KillScope Scope, int Target)> _engaged = [];

    private ReadOnlySpan<byte> Credit()
    {
        // Small keys repeat: sometimes with the same content, mostly not.
        var key = $"key {(_random.OneIn(2) ? _random.Below(100) : _commands.Seq)}";
        Int128 atoms = (_random.Below(2001) - 1000) * (_isMargin ? 1 : 1000);
        var asset = 1 + _random.Below(3);
        return _commands.Credit(_random.Below(5), asset, asset == 3 ? atoms * 1_000_000_000_000_000 : atoms, key);
    }

    private ReadOnlySpan<byte> Redefine()
    {
        ref var definition = ref _instruments[_random.Below(3)];
        definition.MakerFeePpm = _random.Below(3000);
        definition.TakerFeePpm = _random.Below(3000);
        definition.BandPpm = _random.Below(4) switch { 0 => 0, 1 => 5_000, 2 => 50_000, _ => 1_500_000 };
        definition.MaxPriceTicks = _random.OneIn(2) ? 10_000 : 5_500;
        definition.MinLots = 1 + _random.Below(3);
        definition.MaxLots = _random.OneIn(2) ? 1000 : 80;
        if (_random.OneIn(4)) definition.ReferenceTicks = _middle;
        definition.ReferenceTicks = Math.Min(definition.ReferenceTicks, definition.MaxPriceTicks);
        return _commands.Instrument(definition);
    }

    private ReadOnlySpan<byte> Withdraw()
    {
        // Few keys, so that most commands meet one that was held, settled or released before.
        var key = Text40.From(_random.OneIn(50) ? "" : $"withdrawal {_random.Below(2 + (int)(_commands.Seq / 500))}");
        switch (_random.Below(4))
        {
            case 0:
                ref var settle = ref _commands.Begin<SettleWithdrawal>(CommandType.SettleWithdrawal, 0);
                settle.Key = key;
                return Commands.Whole(in settle);
            case 1:
                ref var release = ref _commands.Begin<ReleaseWithdrawal>(CommandType.ReleaseWithdrawal, 0);
                release.Key = key;
                return Commands.Whole(in release);
            default:
                ref var hold = ref _commands.Begin<HoldWithdrawal>(CommandType.HoldWithdrawal, 0);
                hold.Key = key;
                hold.Firm = _random.OneIn(20) ? _random.Below(7) - 1 : _random.Below(5);
                hold.Asset = _random.OneIn(20) ? _random.Below(6) - 1 : 1 + _random.Below(3);
                Int128 atoms = (_random.Below(100) - 1) * 1000;
                hold.Amount = new Amount(hold.Asset == 3 ? atoms * 1_000_000_000_000_000 : atoms);
                return Commands.Whole(in hold);
        }
    }

    /// <summary>Engages a switch, or lifts one soon: a dead venue would try little else.</summary>
    private ReadOnlySpan<byte> Kill()
    {
        ref var c = ref _commands.Begin<Kill>(CommandType.Kill, 0);
        c.Reason = Text40.From("drill");
        if (_engaged.Count > 0 && !_random.OneIn(4))
        {
            var at = _random.Below(_engaged.Count);
            (c.Scope, c.Target) = _engaged[at];
            // Sometimes engaged once more instead.
            c.Engaged = _random.OneIn(4) ? (byte)1 : (byte)0;
            if (c.Engaged == 0) _engaged.RemoveAt(at);
            return Commands.Whole(in c);
        }
        c.Scope = (KillScope)(_random.OneIn(10) ? _random.Below(6) : 2 + _random.Below(3));
        c.Target = c.Scope == KillScope.Venue && !_random.OneIn(5) ? 0 : _random.OneIn(10) ? _random.Below(12) - 1 : 1 + _random.Below(3);
        c.Engaged = (byte)(_random.OneIn(10) ? _random.Below(3) : 1);
        // One that is refused is lifted in vain later, which is refused too.
        if (c.Engaged == 1) _engaged.Add((c.Scope, c.Target));
        return Commands.Whole(in c);
    }
}
