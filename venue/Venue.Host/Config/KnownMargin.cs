using Venue.Messages;

namespace Venue.Host;

/// <summary>The margin definitions that the engine has taken, without who made them and why.</summary>
public sealed class KnownMargin
{
    /// <summary>Assets that count, by number.</summary>
    public Dictionary<int, DefineMarginAsset> Assets { get; } = [];

    /// <summary>Margin accounts by firm; only of those for which it was ever said.</summary>
    public Dictionary<int, DefineMarginAccount> Accounts { get; } = [];

    /// <summary>How is liquidated, by instrument.</summary>
    public Dictionary<int, DefineLiquidation> Liquidations { get; } = [];

    /// <summary>Credit lines, by firm and asset.</summary>
    public Dictionary<(int Firm, int Asset), SetCreditLine> Lines { get; } = [];

    /// <summary>The insurance fund's firm; 0 for none.</summary>
    public int Fund { get; set; }

    /// <summary>Notes an operator's command that was taken, when it is about margin.</summary>
    internal void Note(ReadOnlySpan<byte> command)
    {
        switch (Command.Header(command).Type)
        {
            case CommandType.DefineMarginAsset:
                ref readonly var asset = ref Command.As<DefineMarginAsset>(command);
                Assets[asset.Asset] = asset;
                break;
            case CommandType.DefineMarginAccount:
                ref readonly var account = ref Command.As<DefineMarginAccount>(command);
                Accounts[account.Firm] = account;
                break;
            case CommandType.DefineLiquidation:
                ref readonly var liquidation = ref Command.As<DefineLiquidation>(command);
                Liquidations[liquidation.Instrument] = liquidation;
                break;
            case CommandType.SetCreditLine:
                ref readonly var line = ref Command.As<SetCreditLine>(command);
                Lines[(line.Firm, line.Asset)] = line;
                break;
            case CommandType.DefineInsurance: Fund = Command.As<DefineInsurance>(command).Firm; break;
            default: break;
        }
    }
}
