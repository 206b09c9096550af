using System.Globalization;
using System.Text;
using LiquidityBridge.Exchanges;
using Venue.Fix;

namespace LiquidityBridge.Host;

/// <summary>Reads one section of the configuration file and collects every fault with its file and line.</summary>
internal sealed class Section(SettingsSection section, string file, IReadOnlyDictionary<string, string> environment, List<string> faults)
{
    private const string FromEnvironment = "env:";

    private readonly HashSet<string> _read = [];
    private readonly HashSet<string> _faulty = [];   // keys: a value is read once for its decimals and once for its units

    public string Name => section.Name;

    public void Fault(string text) => faults.Add($"{file}:{section.Line}: [{section.Name}] {text}");

    private void Fault(string key, string text)
    {
        if (_faulty.Add(key)) Fault(text);
    }

    /// <summary>A text that must be there. <c>env:NAME</c> takes it from the environment, where secrets belong.</summary>
    public string Text(string key)
    {
        var text = Text(key, "");
        if (text.Length == 0) Fault(key, $"{key} is missing");
        return text;
    }

    public string Text(string key, string otherwise)
    {
        _read.Add(key);
        if (!section.TryGet(key, out var value)) return otherwise;
        if (!value.StartsWith(FromEnvironment, StringComparison.Ordinal)) return value;
        var name = value[FromEnvironment.Length..];
        if (environment.TryGetValue(name, out var text) && text.Length > 0) return text;
        Fault(key, $"{key}={value}, and the environment has no {name}");
        return otherwise;
    }

    public int Number(string key, int otherwise, int min, int max)
    {
        var text = Text(key, otherwise.ToString(CultureInfo.InvariantCulture));
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) return number;
        Fault($"{key}={text} is not a whole number between {min} and {max}");
        return otherwise;
    }

    public Uri Address(string key, params ReadOnlySpan<string> schemes)
    {
        var text = Text(key);
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme)) return uri;
        if (text.Length > 0) Fault($"{key}={text} is not an address that begins with {string.Join(":// or ", schemes!)}://");
        return new Uri("http://invalid.invalid");
    }

    /// <summary>Decimals that a positive number needs: 0.0050 needs 3.</summary>
    public int DecimalsOf(string key)
    {
        var text = Bytes(key);
        for (var decimals = 0; decimals <= Instrument.AmountDecimals; decimals++)
            if (DecimalText.TryScaled(text, decimals, out var units) && units > 0) return decimals;
        Fault(key, $"{key}={Encoding.ASCII.GetString(text)} is not a positive number of at most {Instrument.AmountDecimals} decimals");
        return 0;
    }

    /// <summary>A positive number in units of 10^-decimals.</summary>
    public long Units(string key, int decimals, string? otherwise = null)
    {
        var text = otherwise is null ? Bytes(key) : Encoding.UTF8.GetBytes(Text(key, otherwise));
        if (DecimalText.TryScaled(text, decimals, out var units) && units > 0) return units;
        if (text.Length > 0) Fault(key, $"{key}={Encoding.UTF8.GetString(text)} is not a positive number of at most {decimals} decimals");
        return 1;
    }

    /// <summary>A positive amount in atoms.</summary>
    public Int128 Atoms(string key)
    {
        var text = Bytes(key);
        if (DecimalText.TryAtoms(text, Instrument.AmountDecimals, out var atoms) && atoms > 0) return atoms;
        if (text.Length > 0) Fault($"{key}={Encoding.UTF8.GetString(text)} is not a positive amount");
        return 1;
    }

    /// <summary>Keys that nobody asked for are mistakes.</summary>
    public void Finish()
    {
        foreach (var (key, _, line) in section.Entries)
            if (!_read.Contains(key)) faults.Add($"{file}:{line}: '{key}' is not a setting of [{section.Name}]");
    }

    private byte[] Bytes(string key) => Encoding.UTF8.GetBytes(Text(key));
}
