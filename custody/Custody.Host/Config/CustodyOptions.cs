using System.Globalization;

namespace Custody.Host.Config;

/// <summary>All options of the custody process; made once, at the start, and complete.</summary>
public sealed record CustodyOptions
{
    /// <summary>Folder of the database and its secrets.</summary>
    public string Data { get; init; } = "data/custody";

    /// <summary>Connection string of a PostgreSQL of somebody else's; null for a private one in <see cref="Data"/>.</summary>
    public string? Database { get; init; }

    /// <summary>policy.json: limits, approvers, whitelist.</summary>
    public string Policy { get; init; } = "data/custody/policy.json";

    /// <summary>chains.json: networks, their nodes and confirmations.</summary>
    public string Chains { get; init; } = "data/custody/chains.json";

    /// <summary>operators.json: who may call the operator API.</summary>
    public string Operators { get; init; } = "data/custody/operators.json";

    /// <summary>The signer's Unix socket.</summary>
    public string Signer { get; init; } = "data/signer/run/signer.sock";

    /// <summary>File with the signer's token.</summary>
    public string SignerTokenFile { get; init; } = "data/signer/signer.token";

    /// <summary>The venue's gRPC address.</summary>
    public string Venue { get; init; } = "http://127.0.0.1:9879";

    /// <summary>File with custody's token at the venue.</summary>
    public string VenueTokenFile { get; init; } = "data/custody/venue.token";

    /// <summary>IP address of the operator API.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>TCP port of the operator API, 0 for any free one.</summary>
    public int Port { get; init; } = 9883;

    /// <summary>Milliseconds between two rounds of a chain's worker.</summary>
    public int PollMs { get; init; } = 500;

    /// <summary>Every fault, each with its consequence; empty when the options can be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(Data)) faults.Add("data: no folder given, the ledger has no place");
        Exists(nameof(Policy), Policy, "everything would be refused");
        Exists(nameof(Operators), Operators, "nobody could ask for anything");
        Exists(nameof(SignerTokenFile), SignerTokenFile, "the signer would not listen (run 'signer init')");
        Exists(nameof(VenueTokenFile), VenueTokenFile, "the venue would not listen");
        if (!Uri.TryCreate(Venue, UriKind.Absolute, out var venue) || venue.Scheme is not ("http" or "https")) faults.Add($"venue: '{Venue}' is not an http or https address");
        if (!System.Net.IPAddress.TryParse(Host, out _)) faults.Add($"host: '{Host}' is not an IP address to listen on");
        Range(nameof(Port), Port, 0, 65535, "a TCP port, or 0 for any free one");
        Range(nameof(PollMs), PollMs, 10, 60_000, "milliseconds between two rounds of a worker");
        return faults;

        void Exists(string name, string path, string consequence)
        {
            if (!File.Exists(path)) faults.Add($"{OptionTable.Flag(name)}: '{path}' does not exist, {consequence}");
        }

        void Range(string name, long value, long min, long max, string what)
        {
            if (value < min || value > max)
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{OptionTable.Flag(name)}: {value} is not between {min} and {max} ({what})"));
        }
    }
}
