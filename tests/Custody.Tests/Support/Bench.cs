using Custody.Host.Api;
using Custody.Withdrawals;
using Google.Protobuf;
using Grpc.Core;

namespace Custody.Tests.Support;

/// <summary>All that a host needs around it: database, signer, venue, and a chain on which the treasury has 10 ETH.</summary>
public sealed class Bench : IAsyncDisposable
{
    public static readonly Int128 Eth = 1_000_000_000_000_000_000;
    public static readonly Metadata AsOperator = HostUnderTest.As(HostUnderTest.OperatorToken), AsRequester = HostUnderTest.As(HostUnderTest.RequesterToken);

    public required TestSigner Signer { get; init; }
    public required FakeVenue Venue { get; init; }
    public required FileChain Chain { get; init; }
    public required string Folder { get; init; }
    public required string Database { get; init; }

    public string Hot => Chain.AddressOf(Signer.Hot(FileChain.Network).PublicKeys);

    public static async Task<Bench> Start()
    {
        var folder = Directory.CreateTempSubdirectory("host-").FullName;
        var bench = new Bench { Folder = folder, Database = TestCluster.NewDatabase(), Signer = new TestSigner(), Venue = await FakeVenue.Start(), Chain = new FileChain(folder) };
        bench.Signer.Start();
        HostUnderTest.Prepare(folder, bench.Database, bench.Venue.Url, bench.Signer);
        bench.Chain.Pay(bench.Hot, "ETH", 10 * Eth);
        bench.Chain.Mine();
        return bench;
    }

    public async ValueTask DisposeAsync()
    {
        await Venue.DisposeAsync();
        Signer.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    public static WithdrawalRequest Request(string key, Int128 atoms) => new()
    {
        Key = key,
        Firm = 1,
        Chain = FileChain.Network,
        Asset = "ETH",
        Atoms = atoms.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Destination = TestSigner.Payee,
        FeeMax = "100000000000000",
        LifetimeSeconds = 3600,
    };

    public static WithdrawalState Get(HostUnderTest host, string nonce) => host.Api.GetWithdrawal(new WithdrawalID { Nonce = nonce }, AsOperator);

    public static WithdrawalIntent Intent(HostUnderTest host, string nonce)
    {
        Assert.That(WithdrawalIntent.TryParse(Get(host, nonce).Intent.Span, out var intent), Is.True);
        return intent;
    }

    public static Approval[] BothApprove(WithdrawalIntent intent) => [Approval.Sign("alice", TestSigner.Alice, intent), Approval.Sign("bob", TestSigner.Bob, intent)];

    public static void HandIn(HostUnderTest host, string nonce, Approval approval) =>
        host.Api.Approve(new ApprovalRequest { Nonce = nonce, Approver = approval.Approver, Signature = ByteString.CopyFrom(approval.Signature.Span) }, AsRequester);

    /// <summary>Waits for what another process will do.</summary>
    public static void Until(Func<bool> condition, string what)
    {
        var end = DateTime.UtcNow.AddSeconds(60);
        while (!condition())
        {
            if (DateTime.UtcNow > end) Assert.Fail($"waited in vain until {what}");
            Thread.Sleep(50);
        }
    }
}
