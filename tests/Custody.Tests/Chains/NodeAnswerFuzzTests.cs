using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Custody.Chains;
using Custody.Chains.Bitcoin;
using Custody.Chains.Ethereum;
using Venue.Messages;

namespace Custody.Tests.Chains;

/// <summary>A node that answers anything at all: the chains answer, or say that they cannot be asked, and nothing else.</summary>
[TestFixture]
internal sealed class NodeAnswerFuzzTests
{
    private const int Rounds = 300;

    // Written as an escape that no text can hold.
    private const string HalfCharacter = "half-a-character";
    private const string Token = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", Account = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

    private HttpListener listener = null!;
    private Uri address = null!;
    private Random random = null!;
    private Func<string, JsonNode?> known = null!;

    [SetUp]
    public void Start()
    {
        random = Seed.New();
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        address = new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndpoint).Port}/");
        socket.Stop();
        listener = new HttpListener { Prefixes = { address.ToString() } };
        listener.Start();
        new Thread(Serve) { IsBackground = true }.Start();
    }

    [TearDown]
    public void Stop() => listener?.Close();

    [Test]
    public void Bitcoin()
    {
        known = method => method == "getblockhash" && random.Next(4) > 0 ? Network.Regtest.Genesis : Any(3);
        var keys = Enumerable.Range(0, 3).Select(_ => (ReadOnlyMemory<byte>)new TestKey(random).PublicKey).ToArray();
        Ask(() => new BitcoinChain(new BitcoinOptions { Node = address, Credentials = "a:b", Network = Network.Regtest }, static _ => null),
            new OwnAddress("bcrt1qan8gntac7z7me2ejt4hpru42ad2f759fmy0m3ejvs98656znv7eqga4uhv", keys), "BTC", Hex.Decode("01"));
    }

    [Test]
    public void Ethereum()
    {
        var key = new TestKey(random);
        var transaction = new FeeMarketTransaction { ChainID = 1, Nonce = 1, MaxPriorityFee = 1, MaxFee = 2, GasLimit = 21_000, To = new byte[20] };
        var signature = key.Sign(transaction.SigningHash());
        known = method => method switch
        {
            "eth_chainId" => "0x1",
            "eth_syncing" when random.Next(4) > 0 => false,
            "eth_feeHistory" when random.Next(4) > 0 => new JsonObject { ["baseFeePerGas"] = new JsonArray("0x1", "0x1") },
            "eth_estimateGas" or "eth_gasPrice" or "eth_maxPriorityFeePerGas" when random.Next(4) > 0 => "0x5208",
            _ => Any(3),
        };
        Ask(() => new EthereumChain(new EthereumOptions { Node = address, ChainID = 1, Tokens = [new Token("USDC", Token)] }),
            new OwnAddress(Account, [key.PublicKey]), "USDC", transaction.Signed(signature.RS.Span, signature.Parity));
    }

    private void Ask(Func<IChain> open, OwnAddress own, string asset, byte[] raw)
    {
        var (answered, unavailable) = (0, 0);
        var block = new BlockRef(5, Text(), Text());
        for (var i = 0; i < Rounds; i++)
        {
            var chain = open();
            foreach (var question in new Action[]
            {
                () => chain.Tip(),
                () => chain.BlockAt(random.Next(10)),
                () => chain.DepositsIn(block, new HashSet<string> { own.Address }),
                () => chain.BalanceOf(asset, [own.Address]),
                () => chain.BalanceOf(chain.NativeAsset, [own.Address]),
                () => chain.Build(new Payment(asset, new Amount(10_000), own.Address, new Amount(Int128.MaxValue / 2)), [own], new HashSet<string>()),
                () => chain.Broadcast(new SignedTransaction("ab", raw)),
                () => chain.StatusOf("ab"),
            })
            {
                try
                {
                    question();
                    answered++;
                }
                catch (ChainUnavailableException)
                {
                    unavailable++;
                }
            }
            (chain as IDisposable)!.Dispose();
        }
        Assert.That((answered > 0, unavailable > 0), Is.EqualTo((true, true)), $"{answered} answered, {unavailable} unavailable");
    }

    private void Serve()
    {
        try
        {
            while (true)
            {
                var context = listener.GetContext();
                var request = JsonNode.Parse(context.Request.InputStream)!;
                JsonNode answer = request is JsonArray batch ? new JsonArray([.. batch.Select(call => Answer(call!))]) : Answer(request);
                context.Response.Close(Encoding.UTF8.GetBytes(answer.ToJsonString().Replace(HalfCharacter, "\\ud800")), willBlock: true);
            }
        }
        catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private JsonObject Answer(JsonNode call) => random.Next(12) == 0
        ? new JsonObject { ["id"] = call["id"]!.DeepClone(), ["error"] = new JsonObject { ["code"] = random.Next(3) > 0 ? -5 : -random.Next(40), ["message"] = Any(0) } }
        : new JsonObject { ["id"] = call["id"]!.DeepClone(), ["result"] = known(call["method"]!.GetValue<string>()) };

    private static readonly string[] Names =
    [
        "number", "hash", "parentHash", "transactions", "to", "value", "status", "gasUsed", "effectiveGasPrice", "logs", "logIndex", "blockHash", "topics", "address", "data",
        "transactionHash", "baseFeePerGas", "height", "bestblockhash", "previousblockhash", "confirmations", "time", "blockhash", "hex", "walletconflicts", "fee", "desc",
        "descriptors", "descriptor", "scanning", "mempoolminfee", "minrelaytxfee", "feerate", "success", "txid", "vout", "amount", "scriptPubKey", "initialblockdownload", "blocks",
    ];

    private JsonNode? Any(int depth) => random.Next(depth > 0 ? 14 : 9) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.Next(-2, 10),
        3 => random.NextInt64(),
        4 => JsonNode.Parse("0.0001"),
        5 => Text(),
        6 => "0x" + random.NextInt64().ToString("x"),
        7 => Account,
        8 => HalfCharacter,
        9 or 10 => new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Any(depth - 1))]),
        _ => new JsonObject(Names.Where(_ => random.Next(8) > 0).Select(name => KeyValuePair.Create(name, Any(depth - 1)))),
    };

    private string Text() => Hex.Encode(random.Bytes(32));
}
