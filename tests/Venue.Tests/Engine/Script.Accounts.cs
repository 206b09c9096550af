using System.Globalization;
using System.Runtime.InteropServices;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Fees, accounts, credit lines, busts.</summary>
/// <remarks>
/// <code>
/// fees tier 1 maker -500 taker 1000
/// account alice tier 1 positions
/// line alice USD 100
/// bust 3                                  the trade of this number; or: correct 3 5@101
/// alice position
/// </code>
/// </remarks>
internal sealed partial class Script
{
    private static readonly string[] AccountWords = ["fees", "account", "line", "bust", "correct"];

    private readonly Dictionary<long, List<ExecReport>> _trades = [];

    private ReadOnlySpan<byte> AccountCommand(string[] words)
    {
        switch (words[0])
        {
            case "fees":
                ref var fees = ref _commands.Begin<DefineFees>(CommandType.DefineFees, 0);
                (fees.Instrument, fees.Tier, fees.MakerFeePpm, fees.TakerFeePpm) = (1, (int)Number(words, "tier"), (int)Number(words, "maker"), (int)Number(words, "taker"));
                return Commands.Whole(in fees);
            case "account":
                ref var account = ref _commands.Begin<DefineAccount>(CommandType.DefineAccount, 0);
                (account.Firm, account.FeeTier, account.KeepsPositions) = (FirmOf(words[1]), (int)Number(words, "tier"), words.Contains("positions") ? (byte)1 : (byte)0);
                return Commands.Whole(in account);
            case "line":
                ref var line = ref _commands.Begin<SetCreditLine>(CommandType.SetCreditLine, 0);
                (line.Firm, line.Asset, line.Amount) = (FirmOf(words[1]), AssetOf(words[2]), new Amount(Int128.Parse(words[3], CultureInfo.InvariantCulture)));
                return Commands.Whole(in line);
            default:
                var sides = _trades[long.Parse(words[1], CultureInfo.InvariantCulture)];
                var (lots, ticks) = words[0] == "bust" ? (0, 0) : Terms(words[2]);
                return _commands.Correct(sides.Find(e => e.Side == Side.Buy), sides.Find(e => e.Side == Side.Sell), ticks, lots);
        }
    }

    private void NoteTrades(ReadOnlySpan<byte> events)
    {
        for (; events.Length > 0; events = events[MemoryMarshal.Read<EventHeader>(events).Length..])
        {
            if (MemoryMarshal.Read<EventHeader>(events).Type != EventType.ExecReport) continue;
            var e = MemoryMarshal.Read<ExecReport>(events);
            if (e.ExecType != ExecType.Trade) continue;
            if (!_trades.TryGetValue(e.TradeID, out var sides)) _trades[e.TradeID] = sides = [];
            sides.Add(e);
        }
    }

    private string PositionLine(string name)
    {
        var (lots, cost, realised) = _engine.Position(FirmOf(name), 1);
        return $"{lots} for {cost}, realised {realised.Atoms}";
    }
}
