using System.Diagnostics;
using Custody.Chains;
using Custody.Host;
using Custody.Host.Api;
using Custody.Host.Config;
using Custody.Host.Venue;
using Custody.Host.Workers;
using Custody.Keys;
using Custody.Policy;
using Custody.Withdrawals;
using Grpc.Core;
using Grpc.Net.Client;
using Venue.Messages;

namespace Custody.Tests.Support;

/// <summary>
/// The real host as its own process, with real database, real signer and a stand-in chain. It can be told to kill itself
/// (SIGKILL) before or after any call to a partner: between them lie all steps of a withdrawal.
/// </summary>
public sealed class HostUnderTest : IDisposable
{
    public const string OperatorToken = "operator-token", RequesterToken = "requester-token";
    public static readonly ChainTerms Terms = new(FileChain.Network, DepositConfirmations: 3, FinalConfirmations: 3, TrailBlocks: 20, StartHeight: 0);

    private readonly Child _process;
    private readonly GrpcChannel? _channel;

    public Custody.Host.Api.Operator.OperatorClient Api { get; } = null!;

    /// <summary>Writes the settings that <see cref="Serve"/> reads.</summary>
    public static void Prepare(string folder, string database, string venueUrl, TestSigner signer)
    {
        File.WriteAllText(Path.Combine(folder, "database"), database);
        File.WriteAllText(Path.Combine(folder, "venue"), venueUrl);
        File.WriteAllText(Path.Combine(folder, "signer"), signer.Folder);
        File.WriteAllText(Path.Combine(folder, "venue.token"), FakeVenue.Token);
        File.Copy(signer.PolicyFile, Path.Combine(folder, "policy.json"), overwrite: true);
        File.WriteAllText(Path.Combine(folder, "operators.json"), $$"""
            [
              { "name": "ops", "role": "operator", "token_sha256": "{{OperatorsFile.HashOf(OperatorToken)}}" },
              { "name": "treasurer", "role": "requester", "token_sha256": "{{OperatorsFile.HashOf(RequesterToken)}}" }
            ]
            """);
    }

    /// <summary>The child process.</summary>
    public static async Task<int> Serve(string folder)
    {
        string Text(string name) => File.ReadAllText(Path.Combine(folder, name)).Trim();
        var faults = new List<string>();
        var signer = Text("signer");
        var options = new CustodyOptions
        {
            Data = folder,
            Database = Text("database"),
            Policy = Path.Combine(folder, "policy.json"),
            Operators = Path.Combine(folder, "operators.json"),
            Signer = Path.Combine(signer, "run", "signer.sock"),
            SignerTokenFile = Path.Combine(signer, "signer.token"),
            Venue = Text("venue"),
            VenueTokenFile = Path.Combine(folder, "venue.token"),
            Port = 0,
            PollMs = 30,
        };
        faults.AddRange(options.Validate());
        var policy = PolicyFile.Parse(File.ReadAllBytes(options.Policy), options.Policy, faults);
        if (faults.Count > 0) throw new InvalidOperationException(string.Join("; ", faults));
        var killer = new Killer(Environment.GetEnvironmentVariable("KILL_AT") ?? "");
        return await CustodyProcess.Run(new CustodyParts
        {
            Options = options,
            Policy = policy!,
            Operators = OperatorsFile.Read(options.Operators, faults),
            OpenChains = _ => [(new KilledChain(new FileChain(folder), killer), Terms)],
            Signer = new KilledSigner(new SignerClient(options.Signer, () => File.ReadAllText(options.SignerTokenFile).Trim()), killer),
            Venue = v => new KilledVenue(v, killer),
        });
    }

    /// <param name="folder">As prepared.</param>
    /// <param name="killAt">CALL:before or CALL:after; empty for never.</param>
    public HostUnderTest(string folder, string killAt = "")
    {
        var start = new ProcessStartInfo("dotnet") { ArgumentList = { typeof(HostUnderTest).Assembly.Location, "host", folder } };
        start.Environment["KILL_AT"] = killAt;
        _process = new Child(start);
        // Null: it was killed before it said READY, which is as good a moment as any.
        if (_process.Ready() is not { } ready) return;
        _channel = GrpcChannel.ForAddress("http://" + ready["READY grpc=".Length..].Split(' ')[0]);
        Api = new Custody.Host.Api.Operator.OperatorClient(_channel);
    }

    public static Metadata As(string token) => new() { { "authorization", $"Bearer {token}" } };

    /// <summary>Waits until it has killed itself.</summary>
    public void AwaitKill() => Assert.That(_process.Wait("the host did not come to the step at which it is killed"), Is.EqualTo(128 + 9), () => _process.Said);

    /// <summary>SIGTERM; the exit code.</summary>
    public int Stop()
    {
        _process.Terminate();
        return _process.Wait("the host did not stop");
    }

    /// <summary>All its output so far.</summary>
    public string Said => _process.Said;

    public void Dispose()
    {
        _channel?.Dispose();
        _process.Dispose();
    }

    private sealed class Killer(string at)
    {
        public T Around<T>(string call, Func<T> ask)
        {
            At(call + ":before");
            var answer = ask();
            At(call + ":after");
            return answer;
        }

        private void At(string here)
        {
            if (here != at) return;
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }

    private sealed class KilledVenue(IVenue venue, Killer killer) : IVenue
    {
        public void Credit(int firm, int asset, Amount amount, string key) => killer.Around("credit", () => { venue.Credit(firm, asset, amount, key); return 0; });
        public string? Hold(int firm, int asset, Amount amount, string key) => killer.Around("hold", () => venue.Hold(firm, asset, amount, key));
        public void Settle(string key) => killer.Around("settle", () => { venue.Settle(key); return 0; });
        public void Release(string key) => killer.Around("release", () => { venue.Release(key); return 0; });
        public (long Seq, IReadOnlyList<VenueBalance> Balances) Balances() => venue.Balances();
    }

    private sealed class KilledSigner(ISigner signer, Killer killer) : ISigner
    {
        public SignerReply Sign(WithdrawalIntent intent, IReadOnlyList<Approval> approvals, UnsignedTransaction transaction) => killer.Around("sign", () => signer.Sign(intent, approvals, transaction));
        public SignerReply Void(WithdrawalIntent intent, string reason) => killer.Around("void", () => signer.Void(intent, reason));
        public SignerReply Addresses() => signer.Addresses();
        public SignerReply NewAddress(string chainID, string group) => signer.NewAddress(chainID, group);
        public SignerReply Halt(string reason) => signer.Halt(reason);
    }

    private sealed class KilledChain(IChain chain, Killer killer) : IChain
    {
        public string ChainID => chain.ChainID;
        public string NativeAsset => chain.NativeAsset;
        public IReadOnlyList<string> Assets => chain.Assets;
        public int KeysPerAddress => chain.KeysPerAddress;
        public int SignaturesPerInput => chain.SignaturesPerInput;
        public string AddressOf(IReadOnlyList<ReadOnlyMemory<byte>> publicKeys) => chain.AddressOf(publicKeys);
        public bool TryParseAddress(string text, out string canonical) => chain.TryParseAddress(text, out canonical);
        public BlockRef Tip() => chain.Tip();
        public BlockRef? BlockAt(long height) => chain.BlockAt(height);
        public IReadOnlyList<ChainDeposit>? DepositsIn(BlockRef block, IReadOnlySet<string> addresses) => killer.Around("deposits", () => chain.DepositsIn(block, addresses));
        public ChainBalance BalanceOf(string asset, IReadOnlyList<string> addresses) => chain.BalanceOf(asset, addresses);
        public BuildOutcome Build(Payment payment, IReadOnlyList<OwnAddress> from, IReadOnlySet<string> reserved) => killer.Around("build", () => chain.Build(payment, from, reserved));
        public SignedTransaction Assemble(UnsignedTransaction transaction, IReadOnlyList<IReadOnlyList<TransactionSignature>> signatures) => killer.Around("assemble", () => chain.Assemble(transaction, signatures));
        public BroadcastOutcome Broadcast(SignedTransaction transaction) => killer.Around("broadcast", () => chain.Broadcast(transaction));
        public TransactionStatus StatusOf(string txID) => killer.Around("status", () => chain.StatusOf(txID));
    }
}
