using Custody.Host.Api;
using Custody.Host.Database;
using Custody.Ledger;
using Custody.Tests.Support;
using Custody.Withdrawals;
using Google.Protobuf;
using Npgsql;

namespace Custody.Tests.Host;

/// <summary>The host is killed with SIGKILL between any two steps and started again: each effect happens once.</summary>
public sealed class KillTests
{
    private const string Eth = "1000000000000000000";

    private string _folder = null!, _database = null!;
    private TestSigner _signer = null!;
    private FakeVenue _venue = null!;
    private FileChain _chain = null!;

    [SetUp]
    public async Task Open()
    {
        _folder = Directory.CreateTempSubdirectory("host-").FullName;
        _database = TestCluster.NewDatabase();
        _signer = new TestSigner();
        _signer.Start();
        _venue = await FakeVenue.Start();
        _chain = new FileChain(_folder);
        HostUnderTest.Prepare(_folder, _database, _venue.Url, _signer);
        // The treasury has 10 ETH in the hot account; firm 1's 2 ETH come as a deposit in the tests.
        _chain.Pay(_chain.AddressOf(_signer.Hot(FileChain.Network).PublicKeys), "ETH", 10 * Int128.Parse(Eth));
        _chain.Mine();
    }

    [TearDown]
    public async Task Close()
    {
        await _venue.DisposeAsync();
        _signer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void Killed_between_any_two_steps_a_deposit_is_credited_and_a_withdrawal_paid_exactly_once()
    {
        string address;
        using (var host = new HostUnderTest(_folder))
        {
            address = host.Api.DepositAddress(new AddressRequest { Chain = FileChain.Network, Firm = 1 }, HostUnderTest.As(HostUnderTest.OperatorToken)).Address;
            _chain.Pay(address, "ETH", 2 * Int128.Parse(Eth));
            _chain.Mine(3);
            Until(() => _venue.Balance(1, 1).Available > 0, "the deposit is credited");
            Assert.That(host.Stop(), Is.Zero);
        }

        // A second deposit, with the host killed while it reads the block and around the credit.
        _chain.Pay(address, "ETH", Int128.Parse(Eth));
        _chain.Mine(3);
        foreach (var point in new[] { "deposits:before", "deposits:after", "credit:before", "credit:after" })
            using (var host = new HostUnderTest(_folder, point)) host.AwaitKill();

        string nonce = "";
        foreach (var point in new[]
        {
            "hold:before", "hold:after", "build:before", "build:after", "sign:before", "sign:after", "assemble:after",
            "broadcast:before", "broadcast:after", "status:before", "status:after", "settle:before", "settle:after",
        })
        {
            using var host = new HostUnderTest(_folder, point);
            if (nonce.Length == 0) nonce = Request(host);
            if (point == "build:before") Approve(host, nonce);
            if (point == "settle:before") _chain.Mine(3);
            host.AwaitKill();
        }

        using (var host = new HostUnderTest(_folder))
        {
            Until(() => Status(host, nonce) == "Settled", "the withdrawal is settled");
            var reply = host.Api.Reconcile(new Nothing(), HostUnderTest.As(HostUnderTest.OperatorToken));
            Assert.That(reply.Agrees, Is.True, string.Join('\n', reply.Lines));
            Assert.That(host.Api.Alarms(new ListRequest(), HostUnderTest.As(HostUnderTest.OperatorToken)).Alarms.Where(a => a.Stands), Is.Empty);
            var moves = host.Api.GetWithdrawal(new WithdrawalID { Nonce = nonce }, HostUnderTest.As(HostUnderTest.OperatorToken)).Moves.Select(m => m.To);
            Assert.That(moves, Is.EqualTo(new[] { "Requested", "Approved", "Signing", "Signed", "Broadcast", "Confirmed", "Settled" }));
            Assert.That(host.Stop(), Is.Zero);
        }
        Assert.That(_chain.Read(s => s.Broadcasts), Is.EqualTo(1));
        Assert.That(_chain.Read(s => s.Blocks.SelectMany(b => b.Transfers).Count(t => t.To == TestSigner.Payee)), Is.EqualTo(1));
        Assert.That(_venue.Effects, Is.EquivalentTo(new Dictionary<string, int> { ["credit"] = 2, ["hold"] = 1, ["settle"] = 1 }));
        Assert.That(_venue.Balance(1, 1), Is.EqualTo((2 * Int128.Parse(Eth), (Int128)0)));
        var balances = Balances();
        var fee = (Int128)FileChain.GasPrice * FileChain.Gas;
        Assert.That(balances[Account.Firm(1, "ETH")], Is.EqualTo(2 * Int128.Parse(Eth)));
        Assert.That(balances[Account.Chain(FileChain.Network, "ETH")], Is.EqualTo(-(12 * Int128.Parse(Eth) - fee)));
        Assert.That(balances[Account.Treasury("ETH")], Is.EqualTo(10 * Int128.Parse(Eth) - fee));
        Assert.That(balances[Account.InTransit("ETH")], Is.Zero);
        Assert.That(balances[Account.Withdrawing(1, "ETH")], Is.Zero);
    }

    [Test]
    public void Killed_around_a_refusal_by_the_signer_the_hold_comes_back_once()
    {
        _venue.Open(1, 1, 2 * Int128.Parse(Eth), "opening");
        string nonce;
        // The signer's copy of the policy allows less than the host's.
        File.WriteAllText(_signer.PolicyFile, File.ReadAllText(_signer.PolicyFile).Replace("\"2000000000000000000\"", "\"999999999999999999\"", StringComparison.Ordinal));
        _signer.Kill();
        _signer.Start();
        using (var host = new HostUnderTest(_folder, "sign:after"))
        {
            nonce = Request(host);
            Approve(host, nonce);
            host.AwaitKill();
        }
        foreach (var point in new[] { "void:before", "void:after", "release:before", "release:after" })
            using (var host = new HostUnderTest(_folder, point)) host.AwaitKill();

        using var last = new HostUnderTest(_folder);
        Until(() => Status(last, nonce) == "Refused", "the withdrawal is refused");
        Assert.That(last.Api.GetWithdrawal(new WithdrawalID { Nonce = nonce }, HostUnderTest.As(HostUnderTest.OperatorToken)).Reason, Does.StartWith("withdrawal-amount-max: "));
        Assert.That(_venue.Effects["release"], Is.EqualTo(1));
        Assert.That(_venue.Balance(1, 1), Is.EqualTo((2 * Int128.Parse(Eth), (Int128)0)));
        Assert.That(_chain.Read(s => s.Broadcasts), Is.Zero);
    }

    private static string Request(HostUnderTest host) => host.Api.RequestWithdrawal(new WithdrawalRequest
    {
        Key = "first",
        Firm = 1,
        Chain = FileChain.Network,
        Asset = "ETH",
        Atoms = Eth,
        Destination = TestSigner.Payee,
        FeeMax = "100000000000000",
        LifetimeSeconds = 3600,
    }, HostUnderTest.As(HostUnderTest.RequesterToken)).Nonce;

    private static void Approve(HostUnderTest host, string nonce)
    {
        var state = host.Api.GetWithdrawal(new WithdrawalID { Nonce = nonce }, HostUnderTest.As(HostUnderTest.RequesterToken));
        WithdrawalIntent.TryParse(state.Intent.Span, out var intent);
        foreach (var (name, seed) in new[] { ("alice", TestSigner.Alice), ("bob", TestSigner.Bob) })
            host.Api.Approve(new ApprovalRequest { Nonce = nonce, Approver = name, Signature = ByteString.CopyFrom(Approval.Sign(name, seed, intent).Signature.Span) }, HostUnderTest.As(HostUnderTest.RequesterToken));
    }

    private static string Status(HostUnderTest host, string nonce) => host.Api.GetWithdrawal(new WithdrawalID { Nonce = nonce }, HostUnderTest.As(HostUnderTest.OperatorToken)).Status;

    private Dictionary<Account, Int128> Balances()
    {
        using var source = NpgsqlDataSource.Create(_database);
        return new Store(source).Read(LedgerTable.Balances).ToDictionary(b => b.Key, b => b.Value.Atoms);
    }

    private static void Until(Func<bool> condition, string what)
    {
        var end = DateTime.UtcNow.AddSeconds(60);
        while (!condition())
        {
            if (DateTime.UtcNow > end) Assert.Fail($"waited in vain until {what}");
            Thread.Sleep(50);
        }
    }
}
