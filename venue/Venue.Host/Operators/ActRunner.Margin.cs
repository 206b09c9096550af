using Venue.Messages;
using Wire = Venue.Api;

namespace Venue.Host;

/// <content>Margin: what counts, who has it, how is liquidated, the insurance fund, interest.</content>
internal sealed partial class ActRunner
{
    private async Task<PreparedAct> PrepareMarginAsset(Wire.MarginAssetAct act)
    {
        var asset = await AssetOf(act.Asset);
        var instrument = act.Symbol.Length == 0 ? 0 : (await Instrument(act.Symbol)).Instrument.Instrument;
        return new PreparedAct(by =>
        {
            Span<byte> slot = stackalloc byte[CommandSlot.Size];
            ref var c = ref Command.Begin<DefineMarginAsset>(slot, CommandType.DefineMarginAsset);
            (c.Asset, c.Instrument, c.HaircutBps) = (asset, instrument, act.HaircutBps);
            (c.Operator, c.Reason) = (Printable.Cut(by.Names), Printable.Cut(by.Reason));
            return Submit(slot);
        });
    }

    private async Task<PreparedAct> PrepareMarginAccount(Wire.MarginAccountAct act)
    {
        var (firm, session) = await OnReplica(r => (Number(r.Known.Firms, d => d.Name.ToString() == act.Firm), Number(r.Known.Sessions, d => d.ClientCompID.ToString() == act.Session)));
        if (firm < 0) throw ActTerms.Invalid($"there is no firm '{act.Firm}'");
        if (session < 0 && act.InitialBps > 0) throw ActTerms.Invalid($"there is no session '{act.Session}', or more than one");
        return new PreparedAct(by =>
        {
            Span<byte> slot = stackalloc byte[CommandSlot.Size];
            ref var c = ref Command.Begin<DefineMarginAccount>(slot, CommandType.DefineMarginAccount);
            (c.Firm, c.ToldSession, c.InitialBps, c.MaintenanceBps) = (firm, Math.Max(session, 0), act.InitialBps, act.MaintenanceBps);
            (c.Operator, c.Reason) = (Printable.Cut(by.Names), Printable.Cut(by.Reason));
            return Submit(slot);
        });
    }

    private async Task<PreparedAct> PrepareLiquidation(Wire.LiquidationAct act)
    {
        var (instrument, _) = await Instrument(act.Symbol);
        var slice = Lots("slice", act.Slice, in instrument);
        return new PreparedAct(by =>
        {
            Span<byte> slot = stackalloc byte[CommandSlot.Size];
            ref var c = ref Command.Begin<DefineLiquidation>(slot, CommandType.DefineLiquidation);
            (c.Instrument, c.SliceLots, c.SlippageBps, c.OrdersMax, c.WindowNs) = (instrument.Instrument, slice, act.SlippageBps, act.OrdersMax, act.WindowMs * NsPerMs);
            (c.Operator, c.Reason) = (Printable.Cut(by.Names), Printable.Cut(by.Reason));
            return Submit(slot);
        });
    }

    private async Task<PreparedAct> PrepareInsurance(Wire.InsuranceAct act)
    {
        var firm = act.Firm.Length == 0 ? 0 : await OnReplica(r => Number(r.Known.Firms, d => d.Name.ToString() == act.Firm));
        if (firm < 0) throw ActTerms.Invalid($"there is no firm '{act.Firm}'");
        return new PreparedAct(by =>
        {
            Span<byte> slot = stackalloc byte[CommandSlot.Size];
            ref var c = ref Command.Begin<DefineInsurance>(slot, CommandType.DefineInsurance);
            (c.Firm, c.Operator, c.Reason) = (firm, Printable.Cut(by.Names), Printable.Cut(by.Reason));
            return Submit(slot);
        });
    }

    private async Task<PreparedAct> PrepareInterest(Wire.InterestAct act)
    {
        var asset = await AssetOf(act.Asset);
        return new PreparedAct(by =>
        {
            Span<byte> slot = stackalloc byte[CommandSlot.Size];
            ref var c = ref Command.Begin<ChargeInterest>(slot, CommandType.ChargeInterest);
            (c.Asset, c.RatePpm) = (asset, act.RatePpm);
            (c.Operator, c.Reason) = (Printable.Cut(by.Names), Printable.Cut(by.Reason));
            return Submit(slot);
        });
    }

    private async Task<int> AssetOf(string code)
    {
        var asset = await OnReplica(r => Number(r.Known.Assets, d => d.Code.ToString() == code));
        return asset > 0 ? asset : throw ActTerms.Invalid($"there is no asset '{code}'");
    }
}
