using System.Diagnostics;
using Custody.Host.Api;
using Custody.Tests.Chains.Partners;
using Custody.Tests.Support;
using Grpc.Net.Client;
using static Custody.Tests.Support.Bench;

namespace Custody.Tests.Host;

/// <summary>The whole of custody as it is shipped, on a real bitcoind and a real Ethereum node: in, out, and every atom explained.</summary>
public sealed class RealChainTests
{
    [Test]
    public async Task Deposits_come_in_and_withdrawals_go_out_on_both_chains()
    {
        var folder = Directory.CreateTempSubdirectory("custody-").FullName;
        // The private cluster's user has to get through.
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        using var bitcoind = new Bitcoind();
        using var anvil = new Anvil();
        using var signer = new TestSigner();
        signer.Start();
        await using var venue = await FakeVenue.Start();
        HostUnderTest.Prepare(folder, "", venue.Url, signer);
        File.WriteAllText(Path.Combine(folder, "chains.json"), $$"""
            [
              { "kind": "bitcoin", "node": "{{bitcoind.Address}}", "network": "regtest", "cookie_file": "{{bitcoind.CookieFile}}", "deposit_confirmations": 2, "final_confirmations": 3 },
              { "kind": "ethereum", "node": "{{anvil.Address}}", "chain_id": 31337, "deposit_confirmations": 2, "final_confirmations": 3 }
            ]
            """);
        File.WriteAllText(Path.Combine(folder, "operator.token"), HostUnderTest.OperatorToken);

        using var host = new Child(Custody(folder));
        var ready = host.Ready();
        Assert.That(ready, Is.Not.Null, () => host.Said);
        var url = "http://" + ready!["READY grpc=".Length..].Split(' ')[0];
        using var channel = GrpcChannel.ForAddress(url);
        var api = new Operator.OperatorClient(channel);
        string Address(string chain, int firm) => api.DepositAddress(new AddressRequest { Chain = chain, Firm = firm }, AsOperator).Address;

        anvil.Pay(anvil.RichAccount, Address(FileChain.Network, 0), (UInt128)(2 * Eth));
        anvil.Pay(anvil.RichAccount, Address(FileChain.Network, 1), (UInt128)Eth);
        bitcoind.Pay(Address(TestSigner.Bitcoin, 0), "0.1");
        bitcoind.Pay(Address(TestSigner.Bitcoin, 1), "1.0");
        bitcoind.Mine(2);
        anvil.Mine(2);
        Until(() => venue.Balance(1, 0).Available == 100_000_000 && venue.Balance(1, 1).Available == Eth, "both deposits are credited");

        var ether = api.RequestWithdrawal(Request("ether", Eth / 2), AsOperator).Nonce;
        var bitcoin = Request("bitcoin", 40_000_000);
        (bitcoin.Chain, bitcoin.Asset, bitcoin.Destination, bitcoin.FeeMax) = (TestSigner.Bitcoin, "BTC", TestSigner.BitcoinPayee, "100000");
        var coins = api.RequestWithdrawal(bitcoin, AsOperator).Nonce;
        foreach (var (name, seed) in new[] { ("alice", TestSigner.Alice), ("bob", TestSigner.Bob) })
        {
            var key = Path.Combine(folder, name + ".key");
            File.WriteAllText(key, $"{name} {Convert.ToHexStringLower(seed)}\n");
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            foreach (var nonce in new[] { ether, coins })
            {
                using var approve = new Child(Custody(folder, "approve", "--url", url, "--token-file", Path.Combine(folder, "operator.token"), "--key", key, nonce));
                Assert.That(approve.Wait("approve does not end"), Is.Zero, () => approve.Said);
                Assert.That(approve.Said, Does.Contain($"nonce={nonce}").And.Contain("destination="));
            }
        }
        string Status(string nonce) => api.GetWithdrawal(new WithdrawalID { Nonce = nonce }, AsOperator) is var w ? $"{w.Status} {w.Reason}" : "";
        Until(() => Status(ether).StartsWith("Broadcast", StringComparison.Ordinal) && Status(coins).StartsWith("Broadcast", StringComparison.Ordinal), "both are sent");
        bitcoind.Mine(3);
        anvil.Mine(3);
        Until(() => Status(ether).StartsWith("Settled", StringComparison.Ordinal) && Status(coins).StartsWith("Settled", StringComparison.Ordinal), "both are settled");

        ReconcileReply? reply = null;
        Until(() => (reply = api.Reconcile(new Nothing(), AsOperator)).Agrees, "every atom is explained");
        TestContext.Out.WriteLine(string.Join('\n', reply!.Lines));
        Assert.That(api.Alarms(new ListRequest(), AsOperator).Alarms.Where(a => a.Stands), Is.Empty);
        Assert.That(venue.Balance(1, 0), Is.EqualTo(((Int128)60_000_000, (Int128)0)));
        Assert.That(venue.Balance(1, 1), Is.EqualTo((Eth / 2, (Int128)0)));
        host.Terminate();
        Assert.That(host.Wait("custody does not stop"), Is.Zero, () => host.Said);
        Directory.Delete(folder, recursive: true);

        ProcessStartInfo Custody(string data, params string[] arguments)
        {
            var start = new ProcessStartInfo("dotnet") { ArgumentList = { typeof(global::Custody.Host.CustodyProcess).Assembly.Location } };
            foreach (var argument in arguments) start.ArgumentList.Add(argument);
            if (arguments.Length > 0) return start;
            foreach (var (option, value) in new[]
            {
                ("--data", data), ("--policy", Path.Combine(data, "policy.json")), ("--chains", Path.Combine(data, "chains.json")), ("--operators", Path.Combine(data, "operators.json")),
                ("--signer", Path.Combine(signer.Folder, "run", "signer.sock")), ("--signer-token-file", Path.Combine(signer.Folder, "signer.token")),
                ("--venue", venue.Url), ("--venue-token-file", Path.Combine(data, "venue.token")), ("--port", "0"), ("--poll-ms", "50"),
            })
            {
                start.ArgumentList.Add(option);
                start.ArgumentList.Add(value);
            }
            return start;
        }
    }
}
