using System.Text.Json;

namespace LiquidityBridge.Tests.Sandbox;

/// <summary>ccxt's Kraken client, which shares nothing with us, trades on the sandbox.</summary>
[Parallelizable]
public class CcxtTests
{
    private RunningSandbox _sandbox = null!;

    [OneTimeSetUp]
    public void Install() => Places.Install("tests/LiquidityBridge.Tests/install");

    [SetUp]
    public async Task Start()
    {
        _sandbox = await RunningSandbox.Start();
        await _sandbox.Book("kraken", "BTC/USD", """
            buy  1.00000000 @ 49999.0
            buy  2.00000000 @ 49998.5
            sell 0.50000000 @ 50001.0
            sell 3.00000000 @ 50002.5
            """);
    }

    [TearDown]
    public async Task Stop() => await _sandbox.DisposeAsync();

    [Test]
    public void Loads_the_markets_with_their_precisions()
    {
        using var client = Client();
        var markets = Ask(client, "markets").EnumerateArray().ToDictionary(m => m.GetProperty("symbol").GetString()!);
        Assert.That(markets.Keys, Is.EquivalentTo(new[] { "BTC/USD", "ETH/USD", "BTC/USDC", "ETH/USDC" }));
        Assert.That(markets["BTC/USD"].GetProperty("price").GetDouble(), Is.EqualTo(0.1));
        Assert.That(markets["BTC/USD"].GetProperty("amount").GetDouble(), Is.EqualTo(1e-8));
        Assert.That(markets["BTC/USD"].GetProperty("taker").GetDouble(), Is.EqualTo(0.0026));
    }

    [Test]
    public async Task Watches_the_book_as_it_changes()
    {
        using var client = Client();
        Assert.That(Ask(client, "book BTC/USD 10").GetRawText(), Does.Contain("\"bids\":[[49999,1],[49998.5,2]],\"asks\":[[50001,0.5],[50002.5,3]]"));
        Ask(client, "watch-book BTC/USD 10");
        await _sandbox.Book("kraken", "BTC/USD", "buy 0.25000000 @ 50000.0");
        client.WaitFor(l => l == "EVENT book [[50000,0.25],[50001,0.5]]");
    }

    [Test]
    public void Takes_both_ask_levels_and_is_told_each_fill_and_the_end()
    {
        using var client = Client();
        Ask(client, "watch-trades");
        Ask(client, "watch-orders");
        var id = Ask(client, "order BTC/USD limit buy 0.75 50002.5").GetProperty("id").GetString();
        client.WaitFor(l => l.StartsWith("EVENT trade") && l.Contains($"\"order\":\"{id}\",\"side\":\"buy\",\"price\":50001,\"amount\":0.5,\"cost\":25000.5"));
        client.WaitFor(l => l.StartsWith("EVENT trade") && l.Contains("\"price\":50002.5,\"amount\":0.25") && l.Contains("\"taker\":\"taker\"") && l.Contains("\"currency\":\"USD\""));
        client.WaitFor(l => l.StartsWith("EVENT order") && l.Contains($"\"id\":\"{id}\",\"status\":\"closed\"") && l.Contains("\"exec\":\"filled\""));
    }

    [Test]
    public void Rests_amends_and_cancels()
    {
        using var client = Client();
        Ask(client, "watch-orders");
        var id = Ask(client, "order BTC/USD limit buy 0.5 49000 gtc mine-1").GetProperty("id").GetString();
        client.WaitFor(l => l.StartsWith("EVENT order") && l.Contains("\"exec\":\"new\"") && l.Contains("mine-1"));
        Ask(client, $"edit {id} BTC/USD buy 0.4 49500");
        client.WaitFor(l => l.StartsWith("EVENT order") && l.Contains("\"exec\":\"amended\"") && l.Contains("\"amount\":0.4,\"price\":49500"));
        Ask(client, $"cancel {id}");
        client.WaitFor(l => l.StartsWith("EVENT order") && l.Contains("\"exec\":\"canceled\""));
        Assert.That(Refused(client, $"cancel {id}"), Does.StartWith("OrderNotFound").And.Contains("EOrder:Unknown order"));
    }

    [Test]
    public async Task A_resting_order_is_filled_as_maker_by_the_script()
    {
        using var client = Client();
        Ask(client, "watch-trades");
        var id = Ask(client, "order BTC/USD limit sell 0.2 50000.5").GetProperty("id").GetString();
        await _sandbox.Do("trade", new { exchange = "kraken", symbol = "BTC/USD", side = "buy", qty = "0.1", price = "50000.5" });
        client.WaitFor(l => l.StartsWith("EVENT trade") && l.Contains($"\"order\":\"{id}\"") && l.Contains("\"amount\":0.1") && l.Contains("\"taker\":\"maker\""));
    }

    [Test]
    public void Too_large_an_order_is_refused_for_lack_of_funds()
    {
        using var client = Client(RunningSandbox.SecondKey, RunningSandbox.SecondSecret);
        Assert.That(Refused(client, "order BTC/USD limit buy 1 49000"), Does.Contain("EOrder:Insufficient funds"));
    }

    [Test]
    public void Sees_its_balances()
    {
        using var client = Client(RunningSandbox.SecondKey, RunningSandbox.SecondSecret);
        Assert.That(Ask(client, "balance").GetRawText(), Is.EqualTo("{\"BTC\":0.01,\"USD\":1000}"));
    }

    [Test]
    public void An_unknown_key_is_an_AuthenticationError()
    {
        using var client = Client(key: "SOMEBODY-ELSE");
        Assert.That(Refused(client, "token"), Does.StartWith("AuthenticationError").And.Contains("EAPI:Invalid key"));
    }

    [Test]
    public void A_wrong_secret_is_an_AuthenticationError()
    {
        using var client = Client(secret: RunningSandbox.SecondSecret);
        Assert.That(Refused(client, "token"), Does.StartWith("AuthenticationError").And.Contains("EAPI:Invalid key"));
    }

    [Test]
    public async Task An_expired_token_is_an_AuthenticationError()
    {
        using var client = Client();
        Ask(client, "token");
        await _sandbox.Fault("kraken", "expire-tokens");
        Assert.That(Refused(client, "order BTC/USD limit buy 0.1 49000"), Does.StartWith("AuthenticationError").And.Contains("ESession:Invalid session"));
    }

    private LineProcess Client(string key = RunningSandbox.Key, string secret = RunningSandbox.Secret)
    {
        var client = new LineProcess("node", Places.Path("tests/LiquidityBridge.Tests/ccxt-client/client.js"), _sandbox.KrakenRest, _sandbox.KrakenSocket, key, secret);
        client.WaitFor(l => l == "READY");
        return client;
    }

    internal static JsonElement Ask(LineProcess client, string command)
    {
        var answer = Answer(client, command);
        Assert.That(answer, Does.StartWith("OK "));
        using var json = JsonDocument.Parse(answer[("OK ".Length + command.Split(' ')[0].Length + 1)..]);
        return json.RootElement.Clone();
    }

    internal static string Refused(LineProcess client, string command)
    {
        var answer = Answer(client, command);
        Assert.That(answer, Does.StartWith("ERROR "));
        return answer[("ERROR ".Length + command.Split(' ')[0].Length + 1)..];
    }

    private static string Answer(LineProcess client, string command)
    {
        var mark = client.Mark;
        client.Send(command);
        var verb = command.Split(' ')[0];
        return client.WaitFor(l => l.StartsWith($"OK {verb} ", StringComparison.Ordinal) || l.StartsWith($"ERROR {verb} ", StringComparison.Ordinal), mark);
    }
}
