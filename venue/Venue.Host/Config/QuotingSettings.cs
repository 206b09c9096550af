using Venue.Messages;

namespace Venue.Host;

/// <summary>
/// What sessions.cfg agrees with a liquidity provider: <c>Quoting=fills 20 window 1000</c> for the session,
/// <c>Quoting.BTC-USD=quantity 5 notional 250000 window 500 life 20 size 0.5 spread 0.2</c> for an instrument.
/// </summary>
internal static class QuotingSettings
{
    private const long MillisecondNs = 1_000_000;
    private const string Key = "Quoting";

    /// <summary>True for a setting that is read here.</summary>
    public static bool IsOne(string key) => key == Key || key.StartsWith(Key + ".", StringComparison.Ordinal);

    /// <summary>The instrument that a setting is for; empty for the whole session.</summary>
    public static string SymbolOf(string key) => key.Length > Key.Length ? key[(Key.Length + 1)..] : "";

    /// <summary>One setting as a command without session; false, and what is wrong, when it cannot be.</summary>
    /// <param name="text">Words and numbers in turn.</param>
    /// <param name="instrument">Whose units the numbers have; null for the whole session.</param>
    /// <param name="quoteDecimals">Of the instrument's quote asset.</param>
    /// <param name="c">The command.</param>
    /// <param name="fault">What is wrong.</param>
    public static bool TryRead(string text, in DefineInstrument? instrument, int quoteDecimals, out DefineQuoting c, out string fault)
    {
        c = new DefineQuoting { Instrument = instrument?.Instrument ?? 0 };
        fault = "";
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length && fault.Length == 0; i += 2)
        {
            if (i + 1 == words.Length || !Decimals.TryParse(words[i + 1], out var mantissa, out var decimals)) fault = $"'{words[i]}' wants a number";
            else if (words[i] is "quantity" or "notional" or "size" or "spread" && instrument is null) fault = $"'{words[i]}' is for one instrument, as Quoting.SYMBOL";
            else if (!TryTake(words[i], mantissa, decimals, instrument, quoteDecimals, ref c)) fault = $"'{words[i]} {words[i + 1]}' is not possible";
        }
        if (fault.Length == 0 && c.WindowNs > 0 != (c.FillsMax > 0 || c.LotsMax > 0 || c.NotionalMax.Atoms > 0)) fault = "a protection is a window and at least one of fills, quantity, notional";
        if (fault.Length == 0 && c.SpreadMaxPpm > 0 != c.SizeMinLots > 0) fault = "an obligation is a size and a spread";
        return fault.Length == 0;
    }

    private static bool TryTake(string word, Int128 mantissa, int decimals, in DefineInstrument? instrument, int quoteDecimals, ref DefineQuoting c)
    {
        var whole = decimals == 0 && mantissa <= int.MaxValue ? (int)mantissa : -1;
        switch (word)
        {
            case "fills": c.FillsMax = whole; return whole > 0;
            case "window": c.WindowNs = whole * MillisecondNs; return whole is > 0 and <= 604_800_000;
            case "life": c.LifeMinNs = whole * MillisecondNs; return whole is >= 0 and <= 604_800_000;
            case "quantity": return TryLots(mantissa, decimals, instrument!.Value, out c.LotsMax);
            case "size": return TryLots(mantissa, decimals, instrument!.Value, out c.SizeMinLots);
            case "notional":
                if (!Decimals.TryScale(mantissa, decimals, quoteDecimals, out var atoms) || atoms < 1 || atoms > Amount.Max.Atoms) return false;
                c.NotionalMax = new Amount(atoms);
                return true;
            case "spread":
                // In percent of the middle.
                if (!Decimals.TryScale(mantissa, decimals, 4, out var ppm) || ppm < 1 || ppm > 2_000_000) return false;
                c.SpreadMaxPpm = (int)ppm;
                return true;
            default: return false;
        }
    }

    private static bool TryLots(Int128 mantissa, int decimals, in DefineInstrument instrument, out long lots)
    {
        lots = 0;
        var most = Math.Max(decimals, instrument.LotDecimals);
        if (!Decimals.TryScale(mantissa, decimals, most, out var value) || !Decimals.TryScale(instrument.LotMantissa, instrument.LotDecimals, most, out var lot)) return false;
        if (value < 1 || value % lot != 0 || value / lot > 1L << 40) return false;
        lots = (long)(value / lot);
        return true;
    }
}
