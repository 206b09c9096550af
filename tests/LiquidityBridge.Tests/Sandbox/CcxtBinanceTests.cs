using System.Text.Json;

namespace LiquidityBridge.Tests.Sandbox;

/// <summary>ccxt's Binance client, which shares nothing with us, trades on the sandbox.</summary>
[Parallelizable]
public class CcxtBinanceTests
{
    private RunningSandbox _sandbox = null!;

    [OneTimeSetUp]
    public void Install() => Places.Install("tests/LiquidityBridge.Tests/install");

    [SetUp]
    public async Task Start()
    {
        _sandbox = await RunningSandbox.Start();
        await _sandbox.Book("binance", "BTCUSDT", """
            buy  1 @ 49999.00
            buy  2 @ 49998.50
            sell 0.5 @ 50001.00
            sell 3 @ 50002.50
            """);
    }

    [TearDown]
    public async Task Stop() => await _sandbox.DisposeAsync();

    [Test]
    public async Task Rebuilds_the_book_and_follows_it()
    {
        using var client = Client();
        Ask(client, "watch-book BTC/USDT");
        // ccxt asks for the snapshot with the first diff.
        var moving = Task.Run(async () =>
        {
            for (var i = 1; i <= 40; i++)
            {
                await _sandbox.Book("binance", "BTCUSDT", $"buy 2.{i} @ 49990.00");
                await Task.Delay(100);
            }
        });
        client.WaitFor(l => l == "EVENT book [[49999,1],[50001,0.5]]");
        await moving;
        await _sandbox.Book("binance", "BTCUSDT", "buy 0.25 @ 50000.00");
        client.WaitFor(l => l == "EVENT book [[50000,0.25],[50001,0.5]]");
        Assert.That(client.Lines().Where(l => l.StartsWith("ERROR")), Is.Empty);
    }

    [Test]
    public async Task Sees_what_trades()
    {
        using var client = Client();
        Ask(client, "watch-public BTC/USDT");
        // It loads the markets before it listens.
        for (var i = 0; i < 100 && !client.Lines().Any(l => l.StartsWith("EVENT public")); i++)
        {
            await _sandbox.Do("trade", new { exchange = "binance", symbol = "BTCUSDT", side = "buy", qty = "0.001" });
            await Task.Delay(100);
        }
        client.WaitFor(l => l == """EVENT public [[50001,0.001,"buy"]]""");
    }

    [Test]
    public void Places_an_order_and_sees_its_fills()
    {
        using var client = Client();
        Ask(client, "watch-trades");
        Ask(client, "watch-orders");
        // Watching begins some time after it was asked for: the first report says that it has.
        Ask(client, "order BTC/USDT limit buy 0.5 49000");
        client.WaitFor(l => l.StartsWith("EVENT order") && l.Contains("\"exec\":\"NEW\""));
        var answer = Ask(client, "order BTC/USDT limit buy 0.75 50002.5");
        Assert.That(answer.GetProperty("status").GetString(), Is.EqualTo("closed"));
        var id = answer.GetProperty("id").GetString();
        client.WaitFor(l => l.StartsWith("EVENT trade") && l.Contains($"\"order\":\"{id}\",\"side\":\"buy\",\"price\":50001,\"amount\":0.5"));
        client.WaitFor(l => l.StartsWith("EVENT trade") && l.Contains("\"price\":50002.5,\"amount\":0.25") && l.Contains("\"taker\":\"taker\"") && l.Contains("\"currency\":\"BTC\""));
        client.WaitFor(l => l.StartsWith("EVENT order") && l.Contains($"\"id\":\"{id}\",\"status\":\"closed\""));
    }

    [Test]
    public void Rests_is_found_and_cancels()
    {
        using var client = Client();
        Ask(client, "watch-orders");
        var id = Ask(client, "order BTC/USDT limit buy 0.5 49000 GTC mine-1").GetProperty("id").GetString();
        client.WaitFor(l => l.StartsWith("EVENT order") && l.Contains("\"exec\":\"NEW\"") && l.Contains("mine-1"));
        Assert.That(Ask(client, $"fetch {id} BTC/USDT").GetProperty("status").GetString(), Is.EqualTo("open"));
        Ask(client, $"cancel {id} BTC/USDT");
        client.WaitFor(l => l.StartsWith("EVENT order") && l.Contains("\"exec\":\"CANCELED\"") && l.Contains("mine-1"));
        Assert.That(Refused(client, $"cancel {id} BTC/USDT"), Does.StartWith("OrderNotFound").And.Contains("-2011"));
    }

    [Test]
    public void A_key_pair_trades_too()
    {
        var seed = Convert.FromBase64String(RunningSandbox.BinanceEd25519Seed);
        // RFC 8410: the seed in PKCS #8.
        var pem = $"-----BEGIN PRIVATE KEY-----\\n{Convert.ToBase64String([.. Convert.FromHexString("302e020100300506032b657004220420"), .. seed])}\\n-----END PRIVATE KEY-----";
        using var client = Client(RunningSandbox.BinanceEd25519Key, pem);
        Assert.That(Ask(client, "order BTC/USDT limit buy 0.5 50001 IOC").GetProperty("filled").GetDouble(), Is.EqualTo(0.5));
    }

    [TestCase("order BTC/USDT limit buy 400 49000", "InsufficientFunds", "Account has insufficient balance for requested action.")]
    [TestCase("order BTC/USDT limit buy 0.5 49000 GTC not*a*name", "BadRequest", "-1100")]
    public void What_is_refused_has_the_documented_words(string command, string error, string words)
    {
        using var client = Client();
        Assert.That(Refused(client, command), Does.StartWith(error).And.Contains(words));
    }

    [Test]
    public void A_wrong_secret_is_an_AuthenticationError()
    {
        using var client = Client(secret: "not-the-secret");
        Assert.That(Refused(client, "order BTC/USDT limit buy 0.1 49000"), Does.StartWith("AuthenticationError").And.Contains("-1022"));
    }

    [Test]
    public void An_unknown_key_is_an_AuthenticationError()
    {
        using var client = Client(key: "SOMEBODY-ELSE");
        Assert.That(Refused(client, "fetch 1 BTC/USDT"), Does.StartWith("AuthenticationError").And.Contains("-2015"));
    }

    [Test]
    public void Sees_its_balances_move()
    {
        using var client = Client(RunningSandbox.SecondKey, "SANDBOX-ONLY-SECRET-OF-THE-SECOND");
        Ask(client, "watch-balance");
        Ask(client, "watch-orders");
        Ask(client, "order BTC/USDT limit sell 0.01 49999 IOC");
        // 499.99 and the fee of 0.1 percent.
        client.WaitFor(l => l.StartsWith("EVENT balance") && l.Contains("\"USDT\":1499.49001") && l.Contains("\"BTC\":0"));
    }

    private LineProcess Client(string key = RunningSandbox.Key, string secret = RunningSandbox.BinanceSecret)
    {
        var client = new LineProcess("node", Places.Path("tests/LiquidityBridge.Tests/ccxt-client/binance.js"), _sandbox.BinanceRest, _sandbox.BinanceSocket, key, secret);
        client.WaitFor(l => l == "READY");
        return client;
    }

    private static JsonElement Ask(LineProcess client, string command) => CcxtTests.Ask(client, command);

    private static string Refused(LineProcess client, string command) => CcxtTests.Refused(client, command);
}
