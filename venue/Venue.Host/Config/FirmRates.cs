using Venue.Fix;
using Venue.Gateway;

namespace Venue.Host;

/// <summary>What firms.cfg says about rates; all else in it is for <see cref="Reference"/>, which also reports what is wrong with the file.</summary>
internal static class FirmRates
{
    /// <summary>The limits by the firm's name; firms without one are not there.</summary>
    public static IReadOnlyDictionary<string, RateLimit> Read(string config, List<string> faults)
    {
        var rates = new Dictionary<string, RateLimit>();
        var path = Path.Combine(config, "firms.cfg");
        if (!File.Exists(path)) return rates;
        foreach (var section in SettingsFile.Parse(File.ReadAllText(path), path).Sections)
            if (section.TryGet("Name", out var name) && ProfileSettings.ReadRate(new Section(section, path, faults)) is { PerSecond: > 0 } rate) rates[name] = rate;
        return rates;
    }
}
