using Venue.Messages;
using Wire = Venue.Api;

namespace Venue.Host;

/// <content>Limits, fees, accounts, credit lines, index prices.</content>
internal sealed partial class ActRunner
{
    private const long NsPerMs = 1_000_000;

    private async Task<PreparedAct> PrepareLimits(Wire.LimitsAct act)
    {
        var (firm, session) = await OnReplica(r => (
            act.Firm.Length == 0 ? 0 : Number(r.Known.Firms, d => d.Name.ToString() == act.Firm),
            act.Session.Length == 0 ? 0 : Number(r.Known.Sessions, d => d.ClientCompID.ToString() == act.Session)));
        if (firm < 0) throw ActTerms.Invalid($"there is no firm '{act.Firm}'");
        if (session < 0) throw ActTerms.Invalid($"there is no session '{act.Session}', or more than one");
        var sizes = new Sizes();
        if (act.Symbol.Length > 0)
        {
            var (instrument, quoteDecimals) = await Instrument(act.Symbol);
            sizes = new Sizes(instrument.Instrument, Lots("quantity_min", act.QuantityMin, in instrument), Lots("quantity_max", act.QuantityMax, in instrument),
                Lots("position_max", act.PositionMax, in instrument), Atoms("notional_min", act.NotionalMin, quoteDecimals), Atoms("notional_max", act.NotionalMax, quoteDecimals));
        }
        else if (act is not { QuantityMin: "", QuantityMax: "", NotionalMin: "", NotionalMax: "", PositionMax: "" })
            throw ActTerms.Invalid("quantities, notionals and positions are limited by instrument: a symbol is missing");
        if (act.PositionMax.Length > 0 && (firm == 0 || session != 0)) throw ActTerms.Invalid("a position is limited for a firm and a symbol, not for a session");
        if (act.RateMax > 0 != act.RateWindowMs > 0) throw ActTerms.Invalid("rate_max and rate_window_ms say something together only");
        return new PreparedAct(by =>
        {
            Span<byte> slot = stackalloc byte[CommandSlot.Size];
            ref var c = ref Command.Begin<DefineLimits>(slot, CommandType.DefineLimits);
            (c.Firm, c.LimitedSession, c.Instrument) = (firm, session, sizes.Instrument);
            (c.FatFingerPpm, c.CollarPpm, c.OpenOrdersMax) = (act.FatFingerPpm, act.CollarPpm, act.OpenOrdersMax);
            (c.RateMax, c.RateWindowNs, c.RepeatWindowNs) = (act.RateMax, act.RateWindowMs * NsPerMs, act.RepeatWindowMs * NsPerMs);
            (c.MinLots, c.MaxLots, c.PositionMaxLots) = (sizes.MinLots, sizes.MaxLots, sizes.PositionMaxLots);
            (c.MinNotional, c.MaxNotional) = (new Amount(sizes.MinNotional), new Amount(sizes.MaxNotional));
            (c.Operator, c.Reason) = (Printable.Cut(by.Names), Printable.Cut(by.Reason));
            return Submit(slot);
        });
    }

    private async Task<PreparedAct> PrepareFees(Wire.FeesAct act)
    {
        var (instrument, _) = await Instrument(act.Symbol);
        return new PreparedAct(by =>
        {
            Span<byte> slot = stackalloc byte[CommandSlot.Size];
            ref var c = ref Command.Begin<DefineFees>(slot, CommandType.DefineFees);
            (c.Instrument, c.Tier, c.MakerFeePpm, c.TakerFeePpm) = (instrument.Instrument, act.Tier, act.MakerPpm, act.TakerPpm);
            (c.Operator, c.Reason) = (Printable.Cut(by.Names), Printable.Cut(by.Reason));
            return Submit(slot);
        });
    }

    private async Task<PreparedAct> PrepareAccount(Wire.AccountAct act)
    {
        var firm = await OnReplica(r => Number(r.Known.Firms, d => d.Name.ToString() == act.Firm));
        if (firm < 0) throw ActTerms.Invalid($"there is no firm '{act.Firm}'");
        return new PreparedAct(by =>
        {
            Span<byte> slot = stackalloc byte[CommandSlot.Size];
            ref var c = ref Command.Begin<DefineAccount>(slot, CommandType.DefineAccount);
            (c.Firm, c.FeeTier, c.KeepsPositions) = (firm, act.FeeTier, act.KeepsPositions ? (byte)1 : (byte)0);
            (c.Operator, c.Reason) = (Printable.Cut(by.Names), Printable.Cut(by.Reason));
            return Submit(slot);
        });
    }

    private async Task<PreparedAct> PrepareCreditLine(Wire.CreditLineAct act)
    {
        var (firm, asset, decimals) = await FirmAndAsset(act.Firm, act.Asset);
        var atoms = Atoms("amount", act.Amount, decimals);
        return new PreparedAct(by =>
        {
            Span<byte> slot = stackalloc byte[CommandSlot.Size];
            ref var c = ref Command.Begin<SetCreditLine>(slot, CommandType.SetCreditLine);
            (c.Firm, c.Asset, c.Amount) = (firm, asset, new Amount(atoms));
            (c.Operator, c.Reason) = (Printable.Cut(by.Names), Printable.Cut(by.Reason));
            return Submit(slot);
        });
    }

    private async Task<PreparedAct> PrepareIndexPrice(Wire.IndexPriceAct act)
    {
        var (instrument, _) = await Instrument(act.Symbol);
        var ticks = Ticks("price", act.Price, in instrument);
        return new PreparedAct(_ =>
        {
            Span<byte> slot = stackalloc byte[CommandSlot.Size];
            ref var c = ref Command.Begin<SetIndexPrice>(slot, CommandType.SetIndexPrice);
            (c.Instrument, c.PriceTicks) = (instrument.Instrument, ticks);
            return Submit(slot);
        });
    }

    private async Task<(DefineInstrument Instrument, int QuoteDecimals)> Instrument(string symbol)
    {
        var found = await OnReplica(r =>
        {
            var number = Number(r.Known.Instruments, d => d.Symbol.ToString() == symbol);
            return number < 0 ? default : (Instrument: r.Known.Instruments[number - 1], QuoteDecimals: (int)r.Known.Assets[r.Known.Instruments[number - 1].QuoteAsset - 1].Decimals);
        });
        return found.Instrument.Instrument > 0 ? found : throw ActTerms.Invalid($"there is no instrument '{symbol}'");
    }

    private async Task<(int Firm, int Asset, int Decimals)> FirmAndAsset(string firmName, string assetCode)
    {
        var (firm, asset, decimals) = await OnReplica(r =>
        {
            var number = Number(r.Known.Assets, d => d.Code.ToString() == assetCode);
            return (Number(r.Known.Firms, d => d.Name.ToString() == firmName), number, number < 0 ? 0 : (int)r.Known.Assets[number - 1].Decimals);
        });
        if (firm < 0) throw ActTerms.Invalid($"there is no firm '{firmName}'");
        if (asset < 0) throw ActTerms.Invalid($"there is no asset '{assetCode}'");
        return (firm, asset, decimals);
    }

    /// <summary>A decimal number as whole atoms; 0 for an empty one.</summary>
    private static Int128 Atoms(string field, string text, int decimals) => Whole(field, text, 1, decimals, $"of at most {decimals} places");

    private static long Lots(string field, string text, in DefineInstrument d) => Number64(field, text, d.LotMantissa, d.LotDecimals);

    private static long Ticks(string field, string text, in DefineInstrument d) => Number64(field, text, d.TickMantissa, d.TickDecimals);

    private static long Number64(string field, string text, long stepMantissa, int stepDecimals)
    {
        var steps = Whole(field, text, stepMantissa, stepDecimals, $"in steps of {Decimals.Text(stepMantissa, stepDecimals)}");
        return steps <= long.MaxValue ? (long)steps : throw ActTerms.Invalid($"{field} '{text}' is too large");
    }

    private static Int128 Whole(string field, string text, long stepMantissa, int stepDecimals, string rule)
    {
        if (text.Length == 0) return 0;
        if (Decimals.TryParse(text, out var mantissa, out var places) && Decimals.TryScale(mantissa, places, stepDecimals, out var units) && units % stepMantissa == 0) return units / stepMantissa;
        throw ActTerms.Invalid($"{field} '{text}' is not a decimal number {rule}");
    }

    private readonly record struct Sizes(int Instrument, long MinLots, long MaxLots, long PositionMaxLots, Int128 MinNotional, Int128 MaxNotional);
}
