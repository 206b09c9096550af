using System.Diagnostics;
using System.Text.Json;
using Custody.Host.Workers;
using Custody.Keys;
using Custody.Withdrawals;

namespace Custody.Tests.Support;

/// <summary>The real signer as its own process over a real SoftHSM, with two approvers whose keys the tests have.</summary>
public sealed class TestSigner : IDisposable
{
    public const string Bitcoin = "bip122:0f9188f13cb7b2c71f2a335e3a4fc328";
    public static readonly byte[] Alice = [.. Enumerable.Range(1, 32).Select(i => (byte)i)], Bob = [.. Enumerable.Range(101, 32).Select(i => (byte)i)];
    public const string Payee = "0x1111111111111111111111111111111111111111", BitcoinPayee = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

    private Child? _process;

    public string Folder { get; } = Directory.CreateTempSubdirectory("signer-").FullName;

    public ISigner Client => new SignerClient(Path.Combine(Folder, "run", "signer.sock"), () => File.ReadAllText(Path.Combine(Folder, "signer.token")).Trim());

    public string PolicyFile => Path.Combine(Folder, "policy.json");

    /// <summary>Writes the settings and holds the ceremony.</summary>
    public TestSigner(string ethDailyMax = "5000000000000000000")
    {
        File.WriteAllText(Path.Combine(Folder, "signer.json"), $$"""
            {
              "library": "/usr/lib/softhsm/libsofthsm2.so", "softhsm_conf": "softhsm2.conf", "policy": "policy.json",
              "socket": "run/signer.sock", "token_file": "signer.token", "log": "signer.log",
              "chains": [
                { "chain": "{{Bitcoin}}", "native_asset": "BTC", "bech32": "bcrt", "base58": [111, 196],
                  "tokens": [{ "label": "bitcoin-a", "pin_file": "pins/a" }, { "label": "bitcoin-b", "pin_file": "pins/b" }, { "label": "bitcoin-c", "pin_file": "pins/c" }] },
                { "chain": "{{FileChain.Network}}", "native_asset": "ETH", "tokens": [{ "label": "ethereum", "pin_file": "pins/e" }],
                  "contracts": [{ "asset": "{{FileChain.Usd}}", "address": "{{FileChain.UsdContract}}" }] }
              ]
            }
            """);
        File.WriteAllText(PolicyFile, $$"""
            {
              "approvals_required": 2, "whitelist_wait_seconds": 3600, "intent_lifetime_max_seconds": 86400,
              "approvers": [
                { "name": "alice", "public_key": "{{Convert.ToHexStringLower(Approval.PublicKeyOf(Alice))}}" },
                { "name": "bob", "public_key": "{{Convert.ToHexStringLower(Approval.PublicKeyOf(Bob))}}" }
              ],
              "assets": [
                { "chain": "{{FileChain.Network}}", "asset": "ETH", "amount_max": "2000000000000000000", "daily_max": "{{ethDailyMax}}", "fee_max": "1000000000000000" },
                { "chain": "{{FileChain.Network}}", "asset": "{{FileChain.Usd}}", "amount_max": "1000000000", "daily_max": "1000000000", "fee_max": "1000000000000000" },
                { "chain": "{{Bitcoin}}", "asset": "BTC", "amount_max": "100000000", "daily_max": "500000000", "fee_max": "100000" }
              ],
              "whitelist": [
                { "firm": 1, "chain": "{{FileChain.Network}}", "address": "{{Payee}}", "since": "2026-01-01T00:00:00Z" },
                { "firm": 1, "chain": "{{Bitcoin}}", "address": "{{BitcoinPayee}}", "since": "2026-01-01T00:00:00Z" }
              ]
            }
            """);
        Assert.That(Run("init", out var said), Is.Zero, said);
    }

    public void Start()
    {
        _process = Spawn("run");
        Assert.That(_process.Ready(), Is.Not.Null, () => _process.Said);
    }

    public void Kill()
    {
        _process?.Dispose();
        _process = null;
    }

    public int Run(string command, out string said)
    {
        using var process = Spawn(command);
        var code = process.Wait($"signer {command} did not end");
        said = process.Said;
        return code;
    }

    public SignerAddress Hot(string chainID) => ((AddressesReply)Client.Addresses()).Addresses.Single(a => a.ChainID == chainID && a.Group == "hot");

    public void Dispose()
    {
        Kill();
        Directory.Delete(Folder, recursive: true);
    }

    private Child Spawn(string command) => new(new ProcessStartInfo("dotnet")
    {
        ArgumentList = { typeof(Custody.Signer.Secp256k1).Assembly.Location, command, "--config", Path.Combine(Folder, "signer.json") },
    });
}
