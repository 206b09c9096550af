using System.Globalization;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Margin accounts.</summary>
/// <remarks>
/// <code>
/// counts USD haircut 0                    makes an asset count; X is valued on X-USD; on nothing: without an instrument
/// margin alice initial 2000 maintenance 1000      in hundredths of a percent; initial 0 ends it
/// liquidation slice 10 slippage 500 orders 2 per 1 (second)
/// insurance fund                          or: insurance house
/// interest USD 100                        in millionths
/// work                                    a slice of what margin has left to do
/// alice margin
/// </code>
/// </remarks>
internal sealed partial class Script
{
    private static readonly string[] MarginWords = ["counts", "margin", "liquidation", "insurance", "interest", "work"];

    private ReadOnlySpan<byte> MarginCommand(string[] words)
    {
        switch (words[0])
        {
            case "counts":
                ref var asset = ref _commands.Begin<DefineMarginAsset>(CommandType.DefineMarginAsset, 0);
                (asset.Asset, asset.HaircutBps) = (AssetOf(words[1]), (int)Number(words, "haircut"));
                asset.Instrument = words[1] == "USD" || words.Contains("nothing") ? 0 : 1;
                return Commands.Whole(in asset);
            case "margin":
                ref var account = ref _commands.Begin<DefineMarginAccount>(CommandType.DefineMarginAccount, 0);
                (account.Firm, account.ToldSession) = (FirmOf(words[1]), _sessions.IndexOf(words.Contains("told") ? After(words, "told") : words[1]));
                (account.InitialBps, account.MaintenanceBps) = ((int)Number(words, "initial"), (int)Number(words, "maintenance"));
                return Commands.Whole(in account);
            case "liquidation":
                ref var liquidation = ref _commands.Begin<DefineLiquidation>(CommandType.DefineLiquidation, 0);
                (liquidation.Instrument, liquidation.SliceLots, liquidation.SlippageBps) = (1, Number(words, "slice"), (int)Number(words, "slippage"));
                (liquidation.OrdersMax, liquidation.WindowNs) = ((int)Number(words, "orders"), Number(words, "per") * 1_000_000_000);
                return Commands.Whole(in liquidation);
            case "insurance":
                ref var insurance = ref _commands.Begin<DefineInsurance>(CommandType.DefineInsurance, 0);
                insurance.Firm = FirmOf(words[1]);
                return Commands.Whole(in insurance);
            case "interest":
                ref var interest = ref _commands.Begin<ChargeInterest>(CommandType.ChargeInterest, 0);
                (interest.Asset, interest.RatePpm) = (AssetOf(words[1]), int.Parse(words[2], CultureInfo.InvariantCulture));
                return Commands.Whole(in interest);
            default:
                return Commands.Whole(in _commands.Begin<ContinueMargin>(CommandType.ContinueMargin, 0));
        }
    }

    private string MarginLine(string name)
    {
        var (state, equity, debt) = _engine.Margin(FirmOf(name));
        return $"{state} equity {equity.Atoms} debt {debt.Atoms}{(_engine.HasMarginWork ? " work" : "")}";
    }
}
