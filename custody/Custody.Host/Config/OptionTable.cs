using System.Globalization;
using System.Text.RegularExpressions;

namespace Custody.Host.Config;

/// <summary>One option: what it is called, what it takes, how a value gets into the options.</summary>
/// <param name="Name">As in <see cref="CustodyOptions"/>.</param>
/// <param name="Value">What it takes, for the help.</param>
/// <param name="Help">What it means.</param>
/// <param name="Set">Null when the text is not a value.</param>
public sealed record OptionRow(string Name, string Value, string Help, Func<CustodyOptions, string, CustodyOptions?> Set);

/// <summary>
/// One name per option in two places: <c>--venue-token-file</c> on the command line, <c>CUSTODY_VENUE_TOKEN_FILE</c> in the
/// environment; the first that is there wins.
/// </summary>
public static partial class OptionTable
{
    /// <summary>All options.</summary>
    public static readonly IReadOnlyList<OptionRow> All =
    [
        new(nameof(CustodyOptions.Data), "DIR", "folder of the database (default data/custody)", (o, v) => o with { Data = v }),
        new(nameof(CustodyOptions.Database), "CONNECTION", "a PostgreSQL to use instead of a private one in the data folder", (o, v) => o with { Database = v }),
        new(nameof(CustodyOptions.Policy), "FILE", "limits, approvers, whitelist (default data/custody/policy.json)", (o, v) => o with { Policy = v }),
        new(nameof(CustodyOptions.Chains), "FILE", "networks and their nodes (default data/custody/chains.json)", (o, v) => o with { Chains = v }),
        new(nameof(CustodyOptions.Operators), "FILE", "who may call the operator API (default data/custody/operators.json)", (o, v) => o with { Operators = v }),
        new(nameof(CustodyOptions.Signer), "SOCKET", "the signer's Unix socket (default data/signer/run/signer.sock)", (o, v) => o with { Signer = v }),
        new(nameof(CustodyOptions.SignerTokenFile), "FILE", "the signer's token (default data/signer/signer.token)", (o, v) => o with { SignerTokenFile = v }),
        new(nameof(CustodyOptions.Venue), "URL", "the venue's gRPC address (default http://127.0.0.1:9879)", (o, v) => o with { Venue = v }),
        new(nameof(CustodyOptions.VenueTokenFile), "FILE", "custody's token at the venue (default data/custody/venue.token)", (o, v) => o with { VenueTokenFile = v }),
        new(nameof(CustodyOptions.Host), "ADDRESS", "IP address of the operator API (default 127.0.0.1)", (o, v) => o with { Host = v }),
        new(nameof(CustodyOptions.Port), "PORT", "TCP port of the operator API, 0 for any free one (default 9883)", (o, v) => Number(v) is { } n ? o with { Port = n } : null),
        new(nameof(CustodyOptions.PollMs), "MS", "milliseconds between two rounds of a chain's worker (default 500)", (o, v) => Number(v) is { } n ? o with { PollMs = n } : null),
    ];

    /// <summary>VenueTokenFile as venue-token-file.</summary>
    public static string Flag(string name) => Words().Replace(name, "-").ToLowerInvariant();

    /// <summary>VenueTokenFile as CUSTODY_VENUE_TOKEN_FILE.</summary>
    public static string Variable(string name) => "CUSTODY_" + Words().Replace(name, "_").ToUpperInvariant();

    /// <summary>Reads the options; every fault of every place is in <paramref name="faults"/>.</summary>
    public static CustodyOptions Read(IReadOnlyDictionary<string, string> commandLine, IReadOnlyDictionary<string, string> environment, List<string> faults)
    {
        var options = new CustodyOptions();
        foreach (var row in All)
        {
            var place = "--" + Flag(row.Name);
            if (!commandLine.TryGetValue(row.Name, out var value))
            {
                place = Variable(row.Name);
                if (!environment.TryGetValue(place, out value)) continue;
            }
            if (row.Set(options, value) is { } set) options = set;
            else faults.Add($"{place}: '{value}' is not a whole number");
        }
        faults.AddRange(options.Validate());
        return options;
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex Words();
}
