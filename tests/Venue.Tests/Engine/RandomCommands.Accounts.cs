using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Fee tiers, accounts, credit lines, busts and corrections of trades that have been.</summary>
internal sealed partial class RandomCommands
{
    private readonly List<(ExecReport Buy, ExecReport Sell)> _trades = [];
    private ExecReport _firstHalf;

    private ReadOnlySpan<byte> Account()
    {
        switch (_random.Below(8))
        {
            case 0:
                ref var fees = ref _commands.Begin<DefineFees>(CommandType.DefineFees, 0);
                (fees.Instrument, fees.Tier) = (1 + _random.Below(_random.OneIn(20) ? 5 : 3), _random.OneIn(20) ? 16 : _random.Below(3));
                (fees.MakerFeePpm, fees.TakerFeePpm) = (_random.Below(3000) - 300, _random.Below(3000));
                return Commands.Whole(in fees);
            case 1:
                ref var account = ref _commands.Begin<DefineAccount>(CommandType.DefineAccount, 0);
                (account.Firm, account.FeeTier, account.KeepsPositions) = (1 + _random.Below(_random.OneIn(20) ? 6 : 4), _random.Below(3), (byte)_random.Below(2));
                return Commands.Whole(in account);
            case 2 or 3:
                ref var line = ref _commands.Begin<SetCreditLine>(CommandType.SetCreditLine, 0);
                (line.Firm, line.Asset) = (1 + _random.Below(_random.OneIn(20) ? 6 : 4), 1 + _random.Below(3));
                var atoms = (Int128)_random.Below(100) * 100_000;
                line.Amount = new Amount(_random.OneIn(20) ? -1 : line.Asset == 3 ? atoms * 1_000_000_000_000_000 : atoms);
                return Commands.Whole(in line);
            default:
                return Correct();
        }
    }

    private ReadOnlySpan<byte> Correct()
    {
        if (_trades.Count == 0) return Commands.Whole(in _commands.Begin<CorrectTrade>(CommandType.CorrectTrade, 0));
        var (buy, sell) = _trades[_random.OneIn(2) ? _random.Below(_trades.Count) : _trades.Count - 1];
        var lots = _random.OneIn(2) ? 0 : 1 + _random.Below((int)buy.LastLots + (_random.OneIn(10) ? 5 : 0));
        return _commands.Correct(buy, sell, lots == 0 ? 0 : Math.Max(1, buy.LastTicks + _random.Below(21) - 10), lots);
    }

    /// <summary>The two reports of a match come one after the other.</summary>
    private void NoteTrade(in ExecReport e)
    {
        if (_firstHalf.OrderID == 0)
        {
            _firstHalf = e;
            return;
        }
        if (_trades.Count == 200) _trades.RemoveRange(0, 100);
        _trades.Add(e.Side == Venue.Messages.Side.Buy ? (e, _firstHalf) : (_firstHalf, e));
        _firstHalf = default;
    }
}
