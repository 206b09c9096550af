using System.Globalization;
using System.Text.Json;
using Venue.Messages;

namespace Custody.Policy;

/// <summary>Reads the policy's file: JSON, amounts as decimal text of atoms, keys in hex, times as ISO 8601. Names are in README.md.</summary>
public static class PolicyFile
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        // A misspelt limit must not become no limit.
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private sealed record Terms(int ApprovalsRequired, long WhitelistWaitSeconds, long IntentLifetimeMaxSeconds, Person[] Approvers, Limit[] Assets, Entry[] Whitelist);
    private sealed record Person(string Name, string PublicKey);
    private sealed record Limit(string Chain, string Asset, string AmountMax, string DailyMax, string FeeMax);
    private sealed record Entry(int Firm, string Chain, string Address, DateTimeOffset Since);

    /// <summary>Null, with the faults, when the file cannot be used.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="name">Its name, for the faults.</param>
    /// <param name="faults">Gets every fault that was found.</param>
    public static PolicyTerms? Parse(ReadOnlySpan<byte> bytes, string name, List<string> faults)
    {
        try
        {
            var read = JsonSerializer.Deserialize<Terms>(bytes, Json) ?? throw new JsonException("the file is empty");
            var terms = new PolicyTerms
            {
                ApprovalsRequired = read.ApprovalsRequired,
                WhitelistWaitSeconds = read.WhitelistWaitSeconds,
                IntentLifetimeMaxSeconds = read.IntentLifetimeMaxSeconds,
                Approvers = [.. read.Approvers.Select(a => new Approver(a.Name, Convert.FromHexString(a.PublicKey)))],
                Assets = [.. read.Assets.Select(a => new AssetLimit(a.Chain, a.Asset, Atoms(a.AmountMax), Atoms(a.DailyMax), Atoms(a.FeeMax)))],
                Whitelist = [.. read.Whitelist.Select(w => new WhitelistEntry(w.Firm, w.Chain, w.Address, w.Since.ToUnixTimeSeconds()))],
            };
            var found = terms.Validate();
            faults.AddRange(found.Select(f => $"{name}: {f}"));
            return found.Count == 0 ? terms : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException)
        {
            faults.Add($"{name}: {e.Message}");
            return null;
        }
    }

    private static Amount Atoms(string text) => new(Int128.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture));
}
