using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using House.Launch;
using House.Nodes;

namespace House.Prepare;

/// <summary>
/// Writes what custody and its signer need and do not have yet: policy, chains, operators, approvers' keys, tokens. Sample
/// values for private test networks; a file that is there is left alone, but for the venue's token, which is the venue's.
/// </summary>
internal static class SampleCustody
{
    /// <summary>The sample client firm whose coins come and go over the chains.</summary>
    public const string Client = "INDIA";

    /// <summary>CAIP-2 names of the sample networks.</summary>
    public const string Bitcoin = "bip122:0f9188f13cb7b2c71f2a335e3a4fc328", Ethereum = "eip155:31337";

    /// <summary>Both approvers: two people, two keys.</summary>
    public static readonly IReadOnlyList<string> Approvers = ["alice", "bob"];

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Run(HouseFile file, Action<string> say)
    {
        Directory.CreateDirectory(file.InData("custody", "keys"));
        Directory.CreateDirectory(file.InData("signer", "run"), OwnerOnly | UnixFileMode.UserExecute);
        Secret(file.InData("custody", "venue.token"), ApiTokens.Of("custody", file.InData("venue", "api-tokens")));
        var made = new List<string>();
        Once("custody/operators.json", () => Operators(file));
        Once("custody/chains.json", () => Chains(file));
        Once("custody/policy.json", () => Policy(file));
        // The signer trusts no copy but its own.
        Once("signer/policy.json", () => JsonNode.Parse(File.ReadAllText(file.InData("custody", "policy.json")))!);
        Once("signer/signer.json", Signer);
        if (made.Count > 0) say($"sample files made: {string.Join(", ", made)}");

        void Once(string name, Func<JsonNode> make)
        {
            var path = file.InData(name);
            if (File.Exists(path)) return;
            var next = path + ".next";
            File.WriteAllText(next, make().ToJsonString(Indented) + "\n");
            File.Move(next, path);
            made.Add(name);
        }
    }

    private static JsonArray Operators(HouseFile file)
    {
        var callers = new JsonArray();
        foreach (var role in (string[])["viewer", "requester", "operator"])
        {
            var token = RandomNumberGenerator.GetHexString(64, lowercase: true);
            Secret(file.InData("custody", role + ".token"), token);
            callers.Add(new JsonObject { ["name"] = role, ["role"] = role, ["token_sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token))) });
        }
        return callers;
    }

    private static JsonArray Chains(HouseFile file) =>
    [
        new JsonObject
        {
            ["kind"] = "bitcoin", ["node"] = $"http://127.0.0.1:{file.Port("BitcoinPort")}", ["network"] = "regtest", ["cookie_file"] = file.InData("bitcoin", "regtest", ".cookie"),
            ["deposit_confirmations"] = 3, ["final_confirmations"] = 3,
        },
        new JsonObject
        {
            ["kind"] = "ethereum", ["node"] = $"http://127.0.0.1:{file.Port("EthereumPort")}", ["chain_id"] = 31337,
            ["deposit_confirmations"] = 3, ["final_confirmations"] = 3,
            ["tokens"] = new JsonArray(new JsonObject { ["asset"] = "USDC", ["address"] = EthereumNode.Token }),
        },
    ];

    private static JsonObject Policy(HouseFile file)
    {
        using var bitcoin = new BitcoinNode(file.Port("BitcoinPort"), file.InData("bitcoin"));
        using var ethereum = new EthereumNode(file.Port("EthereumPort"));
        var client = VenueNames.Read(file.Port("ApiPort"), file.InData("venue", "api-tokens"), Client).GetAwaiter().GetResult().Firm(Client);
        var since = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["approvals_required"] = Approvers.Count,
            // A day or more where there is anything to lose.
            ["whitelist_wait_seconds"] = 0,
            ["intent_lifetime_max_seconds"] = 86400,
            ["approvers"] = new JsonArray([.. Approvers.Select(name => KeyOf(file, name))]),
            ["assets"] = new JsonArray(
                Limit(Bitcoin, "BTC", "1000000000", "100000000000", "1000000"),
                Limit(Ethereum, "USDC", "1000000000000", "100000000000000", "50000000000000000"),
                Limit(Ethereum, "ETH", "100000000000000000000", "10000000000000000000000", "50000000000000000")),
            ["whitelist"] = new JsonArray(
                new JsonObject { ["firm"] = client, ["chain"] = Bitcoin, ["address"] = bitcoin.NewClientAddress(), ["since"] = since },
                new JsonObject { ["firm"] = client, ["chain"] = Ethereum, ["address"] = Checksummed(ethereum.Client), ["since"] = since }),
        };
    }

    private static JsonObject Limit(string chain, string asset, string each, string day, string fee) =>
        new() { ["chain"] = chain, ["asset"] = asset, ["amount_max"] = each, ["daily_max"] = day, ["fee_max"] = fee };

    // The node's well-known second account; canonical text is EIP-55's mixed case.
    private static string Checksummed(string account) => string.Equals(account, KnownClient, StringComparison.OrdinalIgnoreCase)
        ? KnownClient
        : throw new InvalidDataException($"the Ethereum node's second account is {account} and not {KnownClient}: it is not the sample node");

    private const string KnownClient = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

    private static JsonNode KeyOf(HouseFile file, string name)
    {
        var key = file.InData("custody", "keys", name + ".key");
        File.Delete(key);
        var program = Path.Combine(file.Root, "custody", "Custody.Host", file.Value("Out"), "custody-host.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "keygen", "--name", name, "--key", key]) { RedirectStandardOutput = true })!;
        var made = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? JsonNode.Parse(made)! : throw new IOException($"custody-host keygen ended with {process.ExitCode}: {made}");
    }

    private static JsonObject Signer() => new()
    {
        ["library"] = "/usr/lib/softhsm/libsofthsm2.so",
        ["softhsm_conf"] = "softhsm2.conf",
        ["policy"] = "policy.json",
        ["socket"] = "run/signer.sock",
        ["token_file"] = "signer.token",
        ["log"] = "signer.log",
        ["chains"] = new JsonArray(
            new JsonObject
            {
                ["chain"] = Bitcoin, ["native_asset"] = "BTC", ["bech32"] = "bcrt", ["base58"] = new JsonArray(111, 196),
                ["tokens"] = new JsonArray(Token("bitcoin-a"), Token("bitcoin-b"), Token("bitcoin-c")),
            },
            new JsonObject
            {
                ["chain"] = Ethereum, ["native_asset"] = "ETH", ["gas_max"] = 200000, ["tokens"] = new JsonArray(Token("ethereum")),
                ["contracts"] = new JsonArray(new JsonObject { ["asset"] = "USDC", ["address"] = EthereumNode.Token }),
            }),
    };

    private static JsonObject Token(string label) => new() { ["label"] = label, ["pin_file"] = "pins/" + label };

    private static void Secret(string path, string text)
    {
        if (File.Exists(path) && File.ReadAllText(path).Trim() == text) return;
        File.Delete(path);
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        file.Write(Encoding.ASCII.GetBytes(text + "\n"));
    }
}
