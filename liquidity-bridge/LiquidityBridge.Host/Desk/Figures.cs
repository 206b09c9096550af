using System.Globalization;

namespace LiquidityBridge.Host.Desk;

/// <summary>Numbers for people: grouped, with a fixed number of decimals, never through a binary fraction.</summary>
public static class Figures
{
    /// <summary>Stands where there is no number.</summary>
    public const string None = "\u2013";

    private const long MsNs = 1_000_000, SecondNs = 1_000_000_000, MinuteNs = 60 * SecondNs, HourNs = 60 * MinuteNs;
    private const long NsPerTick = 100;

    /// <summary>units / 10^decimals, all its digits.</summary>
    public static string Of(Int128 units, int decimals, bool isSigned = false)
    {
        var power = Instrument.Power(decimals);
        var size = Int128.Abs(units);
        var sign = units < 0 ? "\u2212" : isSigned && units > 0 ? "+" : "";
        var whole = (size / power).ToString("N0", CultureInfo.InvariantCulture);
        return decimals == 0 ? sign + whole : $"{sign}{whole}.{(size % power).ToString(CultureInfo.InvariantCulture).PadLeft(decimals, '0')}";
    }

    /// <summary>Atoms with so many decimals, rounded half away from zero.</summary>
    public static string Atoms(Int128 atoms, int decimals, bool isSigned = false)
    {
        var divisor = Instrument.Power(Instrument.AmountDecimals - decimals);
        var (quotient, rest) = Int128.DivRem(atoms, divisor);
        if (Int128.Abs(rest) * 2 >= divisor) quotient += Int128.Sign(rest);
        return Of(quotient, decimals, isSigned);
    }

    /// <summary>Decimals, at least <paramref name="min"/>, with which all of these are exact: what sums in atoms then also sums on the screen.</summary>
    public static int DecimalsOf(IEnumerable<Int128> atoms, int min)
    {
        var decimals = min;
        foreach (var a in atoms)
            while (decimals < Instrument.AmountDecimals && a % Instrument.Power(Instrument.AmountDecimals - decimals) != 0) decimals++;
        return decimals;
    }

    /// <summary>How long something takes or took, in two or three digits and a unit.</summary>
    public static string Age(long ns) => ns switch
    {
        < 0 => "0 ms",
        < SecondNs => string.Create(CultureInfo.InvariantCulture, $"{ns / MsNs} ms"),
        < MinuteNs => $"{Of(ns / (SecondNs / 10), 1)} s",
        < HourNs => string.Create(CultureInfo.InvariantCulture, $"{ns / MinuteNs} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{ns / HourNs} h"),
    };

    /// <summary>Time of day, UTC.</summary>
    public static string Time(long ns) => DateTime.UnixEpoch.AddTicks(ns / NsPerTick).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Where <paramref name="value"/> lies between -<paramref name="bound"/> (0) and +<paramref name="bound"/> (100), in percent with one decimal.</summary>
    public static string Place(Int128 value, Int128 bound)
    {
        var permille = bound == 0 ? 500 : Int128.Clamp(value, -bound, bound) * 500 / bound + 500;
        return string.Create(CultureInfo.InvariantCulture, $"{permille / 10}.{permille % 10}%");
    }
}
