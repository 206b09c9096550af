using Custody.Chains;
using Custody.Host.Api;
using Custody.Keys;
using Custody.Policy;
using Custody.Tests.Support;
using Grpc.Core;
using static Custody.Tests.Support.Bench;

namespace Custody.Tests.Host;

/// <summary>Ledger, engine and chain say the same, or somebody is told; money that leaves without a reason stops everything.</summary>
public sealed class ReconcileTests
{
    private Bench _bench = null!;
    private HostUnderTest _host = null!;

    [SetUp]
    public async Task Open()
    {
        _bench = await Start();
        _bench.Venue.Open(1, 1, 5 * Eth, "opening");
        _bench.Venue.Open(2, 2, 1_000_000, "opening-2");
        _bench.Chain.Mine(2);
        _host = new HostUnderTest(_bench.Folder);
        _bench.Venue.Fill(buyer: 2, seller: 1, notional: 1000, baseAtoms: 50, buyerFee: 2, sellerFee: 1);
        Until(() => _host.Api.Reconcile(new Nothing(), AsOperator).Agrees, "ledger, engine and chain agree");
    }

    [TearDown]
    public async Task Close()
    {
        _host.Dispose();
        await _bench.DisposeAsync();
    }

    [Test]
    public void An_engine_that_is_an_atom_off_is_named_until_it_agrees_again()
    {
        _bench.Venue.Corrupt(1, 1, 1);
        var reply = _host.Api.Reconcile(new Nothing(), AsOperator);
        Assert.That(reply.Agrees, Is.False);
        Assert.That(reply.Lines, Has.Some.EqualTo("venue: firm/1/ETH: ledger 4999999999999999950, other 4999999999999999951, off by 1 atoms"));
        Assert.That(Standing(), Is.EqualTo("ledger-differs-from-engine"));

        _bench.Venue.Corrupt(1, 1, -1);
        Assert.That(_host.Api.Reconcile(new Nothing(), AsOperator).Agrees, Is.True);
        Assert.That(Standing(), Is.Empty);
    }

    [Test]
    public void Money_that_leaves_without_a_reason_stops_everything_within_a_block()
    {
        var nonce = _host.Api.RequestWithdrawal(Request("under-way", 11), AsRequester).Nonce;
        var intent = Intent(_host, nonce);
        _bench.Chain.Steal(_bench.Hot, "ETH", 1);
        _bench.Chain.Mine();
        Until(() => _host.Api.Alarms(new ListRequest(), AsOperator).HaltedBecause.Length > 0, "everything has stopped");

        Assert.That(_host.Api.Alarms(new ListRequest(), AsOperator).HaltedBecause, Does.StartWith("outflow-unexplained: block 4: eip155:31337 ETH: ledger 10000000000000000000, other 9999999999999999999"));
        Assert.That(Assert.Throws<RpcException>(() => _host.Api.RequestWithdrawal(Request("after", 1), AsRequester))!.Status.Detail, Does.StartWith("withdrawals-halted: "));
        var transaction = FileChain.Transaction(new Payment("ETH", intent.Amount, intent.Destination, intent.FeeMax), _bench.Hot, 0);
        Until(() => _bench.Signer.Client.Sign(intent, BothApprove(intent), transaction) is RefusedReply { Refusal.Tag: Rules.Halted }, "the signer has stopped too");
        foreach (var approval in BothApprove(intent)) HandIn(_host, nonce, approval);
        Thread.Sleep(500);
        Assert.That(Get(_host, nonce).Status, Is.EqualTo("Requested"), "it waits, it is not refused");
    }

    [Test]
    public void Money_that_nobody_sent_to_the_ledger_is_an_alarm_but_stops_nothing()
    {
        // Paid to ourselves by a transaction of which the chain's list of deposits says nothing.
        _bench.Chain.Steal("0x" + new string('9', 40), "ETH", 3);
        _bench.Chain.Steal(_bench.Hot, "ETH", -3);
        _bench.Chain.Mine();
        Until(() => Standing() == "chain-differs-from-ledger", "the difference is seen");

        Assert.That(_host.Api.Alarms(new ListRequest(), AsOperator).HaltedBecause, Is.Empty);
    }

    private string Standing() => string.Join(' ', _host.Api.Alarms(new ListRequest(), AsOperator).Alarms.Where(a => a.Stands).Select(a => a.Tag));
}
