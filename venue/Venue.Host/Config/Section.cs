using System.Globalization;
using Venue.Fix;

namespace Venue.Host;

/// <summary>Reads one section of a settings file and collects every fault with its file and line.</summary>
internal sealed class Section(SettingsSection section, string file, List<string> faults)
{
    private readonly HashSet<string> _read = [];

    public string Where => $"{file}:{section.Line}: [{section.Name}]";

    public void Fault(string text) => faults.Add($"{Where} {text}");

    public string Text(string key)
    {
        _read.Add(key);
        if (section.TryGet(key, out var value) && value.Length > 0) return value;
        Fault($"{key} is missing");
        return "";
    }

    public string Text(string key, string otherwise)
    {
        _read.Add(key);
        return section.TryGet(key, out var value) ? value : otherwise;
    }

    public int Number(string key, int otherwise, int min, int max)
    {
        var text = Text(key, otherwise.ToString(CultureInfo.InvariantCulture));
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) return number;
        Fault($"{key}={text} is not a whole number between {min} and {max}");
        return otherwise;
    }

    public bool Flag(string key, bool otherwise)
    {
        var text = Text(key, otherwise ? "Y" : "N");
        if (text is not ("Y" or "N")) Fault($"{key}={text} is neither Y nor N");
        return text == "Y";
    }

    public (Int128 Mantissa, int Decimals) Decimal(string key, string? otherwise = null)
    {
        var text = otherwise is null ? Text(key) : Text(key, otherwise);
        if (text.Length == 0) return (0, 0);
        if (Decimals.TryParse(text, out var mantissa, out var decimals)) return (mantissa, decimals);
        Fault($"{key}={text} is not a decimal number");
        return (0, 0);
    }

    /// <summary>A decimal in whole units of 10^-unitDecimals.</summary>
    public Int128 Units(string key, int unitDecimals, string what, string? otherwise = null)
    {
        var (mantissa, decimals) = Decimal(key, otherwise);
        if (Decimals.TryScale(mantissa, decimals, unitDecimals, out var units)) return units;
        Fault($"{key} is finer than {what}, or too large");
        return 0;
    }

    /// <summary>Keys that nobody asked for are mistakes.</summary>
    public void Finish(Func<string, bool>? also = null)
    {
        foreach (var (key, _, line) in section.Entries)
            if (!_read.Contains(key) && also?.Invoke(key) != true) faults.Add($"{file}:{line}: '{key}' is not a setting of [{section.Name}] here");
    }
}
