using Custody.Host.Api;
using Custody.Tests.Support;
using Custody.Withdrawals;
using Grpc.Core;
using static Custody.Tests.Support.Bench;

namespace Custody.Tests.Host;

/// <summary>The operator API of a running host: who may, and what is refused.</summary>
public sealed class OperatorTests
{
    private Bench _bench = null!;
    private HostUnderTest _host = null!;

    [OneTimeSetUp]
    public async Task Open()
    {
        _bench = await Start();
        _bench.Venue.Open(1, 1, 5 * Eth, "opening");
        _host = new HostUnderTest(_bench.Folder);
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        _host.Dispose();
        await _bench.DisposeAsync();
    }

    [Test]
    public void Without_a_token_nothing_is_told_and_a_role_has_its_bounds()
    {
        Assert.That(Code(() => _host.Api.Balances(new Nothing(), HostUnderTest.As("guess"))), Is.EqualTo(StatusCode.Unauthenticated));
        Assert.That(Code(() => _host.Api.Balances(new Nothing())), Is.EqualTo(StatusCode.Unauthenticated));
        Assert.That(Code(() => _host.Api.Halt(new HaltRequest { Reason = "x" }, AsRequester)), Is.EqualTo(StatusCode.PermissionDenied));
        Assert.That(Code(() => _host.Api.DepositAddress(new AddressRequest { Chain = FileChain.Network, Firm = 1 }, AsRequester)), Is.EqualTo(StatusCode.PermissionDenied));
    }

    [TestCase("destination-not-whitelisted", "0x3333333333333333333333333333333333333333", "1", 3600)]
    [TestCase("withdrawal-amount-max", TestSigner.Payee, "2000000000000000001", 3600)]
    [TestCase("intent-lifetime-max", TestSigner.Payee, "1", 100_000)]
    [TestCase("intent-expired", TestSigner.Payee, "1", 0)]
    public void What_policy_refuses_is_said_at_once_with_its_tag(string tag, string destination, string atoms, long lifetime)
    {
        var request = Request($"refused-{tag}", 1);
        (request.Destination, request.Atoms, request.LifetimeSeconds) = (destination, atoms, lifetime);
        for (var i = 0; i < 2; i++)
        {
            var refusal = Assert.Throws<RpcException>(() => _host.Api.RequestWithdrawal(request, AsRequester))!;
            Assert.That(refusal.StatusCode, Is.EqualTo(StatusCode.FailedPrecondition));
            Assert.That(refusal.Status.Detail, Does.StartWith(tag + ": "));
        }
    }

    [TestCase("chain", "eip155:1")]
    [TestCase("destination", "0x33")]
    [TestCase("atoms", "1.5")]
    [TestCase("atoms", "-1")]
    [TestCase("key", "")]
    public void What_cannot_be_understood_is_an_invalid_argument(string field, string value)
    {
        var request = Request("invalid", 1);
        switch (field)
        {
            case "chain": request.Chain = value; break;
            case "destination": request.Destination = value; break;
            case "atoms": request.Atoms = value; break;
            default: request.Key = value; break;
        }
        Assert.That(Code(() => _host.Api.RequestWithdrawal(request, AsRequester)), Is.EqualTo(StatusCode.InvalidArgument));
    }

    [Test]
    public void A_request_asked_twice_is_made_once_and_a_changed_one_is_refused()
    {
        var first = _host.Api.RequestWithdrawal(Request("twice", 5), AsRequester);

        Assert.That(_host.Api.RequestWithdrawal(Request("twice", 5), AsRequester).Nonce, Is.EqualTo(first.Nonce));
        Assert.That(Code(() => _host.Api.RequestWithdrawal(Request("twice", 6), AsRequester)), Is.EqualTo(StatusCode.AlreadyExists));
    }

    [Test]
    public void Without_the_balance_it_is_refused_and_canceled_it_gives_the_balance_back()
    {
        var tokens = Request("poor", 5);
        tokens.Asset = FileChain.Usd;
        var poor = _host.Api.RequestWithdrawal(tokens, AsRequester).Nonce;
        Until(() => Get(_host, poor).Status == "Refused", "it is refused");
        Assert.That(Get(_host, poor).Reason, Does.StartWith("balance-missing"));

        var nonce = _host.Api.RequestWithdrawal(Request("regretted", 7), AsRequester).Nonce;
        Until(() => Get(_host, nonce).Status == "Requested", "it is held");
        _host.Api.Cancel(new WithdrawalID { Nonce = nonce }, AsRequester);
        Until(() => Get(_host, nonce).Status == "Canceled", "it is released");
        Assert.That(Code(() => _host.Api.Cancel(new WithdrawalID { Nonce = nonce }, AsRequester)), Is.EqualTo(StatusCode.FailedPrecondition));
    }

    [Test]
    public void A_wrong_approval_is_not_kept()
    {
        var nonce = _host.Api.RequestWithdrawal(Request("approvals", 9), AsRequester).Nonce;
        var intent = Intent(_host, nonce);
        foreach (var (approval, tag) in new[]
        {
            (Approval.Sign("alice", TestSigner.Bob, intent), "approval-signature-wrong"),
            (Approval.Sign("alice", TestSigner.Alice, intent with { Firm = 2 }), "approval-signature-wrong"),
            (Approval.Sign("mallory", TestSigner.Alice, intent), "approver-unknown"),
        })
            Assert.That(Assert.Throws<RpcException>(() => HandIn(_host, nonce, approval))!.Status.Detail, Does.StartWith(tag + ": "));
        HandIn(_host, nonce, Approval.Sign("alice", TestSigner.Alice, intent));

        Assert.That(Get(_host, nonce).Approvers, Is.EqualTo(new[] { "alice" }));
        Assert.That(Get(_host, nonce).Status, Is.EqualTo("Requested").Or.EqualTo("Holding"), "one of two is no quorum");
    }

    private static StatusCode Code(Action call) => Assert.Throws<RpcException>(() => call())!.StatusCode;
}
