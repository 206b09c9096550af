using Custody.Host.Api;
using Custody.Host.Database;
using Custody.Ledger;
using Custody.Tests.Support;
using Grpc.Core;
using Npgsql;
using static Custody.Tests.Support.Bench;

namespace Custody.Tests.Host;

/// <summary>The host is killed with SIGKILL between any two steps and started again: each effect happens once.</summary>
public sealed class KillTests
{
    private Bench _bench = null!;

    [SetUp]
    public async Task Open() => _bench = await Start();

    [TearDown]
    public async Task Close() => await _bench.DisposeAsync();

    [Test]
    public void Killed_between_any_two_steps_a_deposit_is_credited_and_a_withdrawal_paid_exactly_once()
    {
        string address;
        using (var host = new HostUnderTest(_bench.Folder))
        {
            address = host.Api.DepositAddress(new AddressRequest { Chain = FileChain.Network, Firm = 1 }, AsOperator).Address;
            _bench.Chain.Pay(address, "ETH", 2 * Eth);
            _bench.Chain.Mine(3);
            Until(() => _bench.Venue.Balance(1, 1).Available > 0, "the deposit is credited");
            Assert.That(host.Stop(), Is.Zero, () => host.Said);
        }

        // A second deposit, with the host killed while it reads the block and around the credit.
        _bench.Chain.Pay(address, "ETH", Eth);
        _bench.Chain.Mine(3);
        foreach (var point in new[] { "deposits:before", "deposits:after", "credit:before", "credit:after" })
            using (var host = new HostUnderTest(_bench.Folder, point)) host.AwaitKill();

        var nonce = "";
        foreach (var point in new[]
        {
            "hold:before", "hold:after", "build:before", "build:after", "sign:before", "sign:after", "assemble:after",
            "broadcast:before", "broadcast:after", "status:before", "status:after", "settle:before", "settle:after",
        })
        {
            using var host = new HostUnderTest(_bench.Folder, point);
            if (nonce.Length == 0) PerhapsUnanswered(() => host.Api.RequestWithdrawal(Request("first", Eth), AsRequester));
            if (point == "build:before")
                foreach (var approval in BothApprove(Intent(host, nonce))) PerhapsUnanswered(() => HandIn(host, nonce, approval));
            if (point == "settle:before") _bench.Chain.Mine(3);
            host.AwaitKill();
            if (nonce.Length == 0) nonce = Nonce();
        }

        using (var host = new HostUnderTest(_bench.Folder))
        {
            Until(() => Get(host, nonce).Status == "Settled", "the withdrawal is settled");
            Assert.That(host.Api.RequestWithdrawal(Request("first", Eth), AsRequester).Nonce, Is.EqualTo(nonce), "a requester that never heard asks again");
            var reply = host.Api.Reconcile(new Nothing(), AsOperator);
            Assert.That(reply.Agrees, Is.True, string.Join('\n', reply.Lines));
            Assert.That(host.Api.Alarms(new ListRequest(), AsOperator).Alarms.Where(a => a.Stands), Is.Empty);
            Assert.That(Get(host, nonce).Moves.Select(m => m.To), Is.EqualTo(new[] { "Requested", "Approved", "Signing", "Signed", "Broadcast", "Confirmed", "Settled" }));
            Assert.That(host.Stop(), Is.Zero, () => host.Said);
        }
        Assert.That(_bench.Chain.Read(s => s.Broadcasts), Is.EqualTo(1));
        Assert.That(_bench.Chain.Read(s => s.Blocks.SelectMany(b => b.Transfers).Count(t => t.To == TestSigner.Payee)), Is.EqualTo(1));
        Assert.That(_bench.Venue.Effects, Is.EquivalentTo(new Dictionary<string, int> { ["credit"] = 2, ["hold"] = 1, ["settle"] = 1 }));
        Assert.That(_bench.Venue.Balance(1, 1), Is.EqualTo((2 * Eth, (Int128)0)));
        var fee = (Int128)FileChain.GasPrice * FileChain.Gas;
        Assert.That(Balances(), Is.EqualTo(string.Join('\n',
            $"chain/{FileChain.Network}/ETH {-(12 * Eth - fee)}", $"firm/1/ETH {2 * Eth}", "in-transit//ETH 0", $"treasury//ETH {10 * Eth - fee}", "withdrawing/1/ETH 0")));
    }

    [Test]
    public void Killed_around_a_refusal_by_the_signer_the_hold_comes_back_once()
    {
        _bench.Venue.Open(1, 1, 2 * Eth, "opening");
        // The signer's copy of the policy allows less than the host's.
        File.WriteAllText(_bench.Signer.PolicyFile, File.ReadAllText(_bench.Signer.PolicyFile).Replace("\"2000000000000000000\"", "\"999999999999999999\"", StringComparison.Ordinal));
        _bench.Signer.Kill();
        _bench.Signer.Start();
        string nonce;
        using (var host = new HostUnderTest(_bench.Folder, "sign:after"))
        {
            nonce = host.Api.RequestWithdrawal(Request("first", Eth), AsRequester).Nonce;
            foreach (var approval in BothApprove(Intent(host, nonce))) PerhapsUnanswered(() => HandIn(host, nonce, approval));
            host.AwaitKill();
        }
        foreach (var point in new[] { "void:before", "void:after", "release:before", "release:after" })
            using (var host = new HostUnderTest(_bench.Folder, point)) host.AwaitKill();

        using var last = new HostUnderTest(_bench.Folder);
        Until(() => Get(last, nonce).Status == "Refused", "the withdrawal is refused");
        Assert.That(Get(last, nonce).Reason, Does.Contain("withdrawal-amount-max: "));
        Assert.That(_bench.Venue.Effects["release"], Is.EqualTo(1));
        Assert.That(_bench.Venue.Balance(1, 1), Is.EqualTo((2 * Eth, (Int128)0)));
        Assert.That(_bench.Chain.Read(s => s.Broadcasts), Is.Zero);
    }

    // The host may be killed by what it was asked for before it has answered.
    private static void PerhapsUnanswered(Action ask)
    {
        try
        {
            ask();
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            TestContext.Out.WriteLine("killed before it answered");
        }
    }

    private string Nonce()
    {
        using var source = NpgsqlDataSource.Create(_bench.Database);
        return new Store(source).Read(u => WithdrawalTable.Latest(u, 1, isOpenOnly: true)).Single().Withdrawal.Intent.Nonce;
    }

    private string Balances()
    {
        using var source = NpgsqlDataSource.Create(_bench.Database);
        return string.Join('\n', new Store(source).Read(LedgerTable.Balances).Select(b => $"{b.Key} {b.Value.Atoms}").Order(StringComparer.Ordinal));
    }
}
