namespace LiquidityBridge.Tests.Sandbox;

/// <summary>ccxt's Coinbase client, which shares nothing with us, trades on the sandbox.</summary>
[Parallelizable]
internal sealed class CoinbaseCcxtTests
{
    private RunningSandbox _sandbox = null!;

    [OneTimeSetUp]
    public void Install() => Places.Install("tests/LiquidityBridge.Tests/install");

    [SetUp]
    public async Task Start()
    {
        _sandbox = await RunningSandbox.Start();
        await _sandbox.Book("coinbase", "BTC-USD", """
            buy  1 @ 49999.0
            buy  2 @ 49998.5
            sell 0.5 @ 50001.0
            sell 3 @ 50002.5
            """);
    }

    [TearDown]
    public async Task Stop() => await _sandbox.DisposeAsync();

    private CcxtClient Client(string key = CoinbaseClient.Key, string secret = CoinbaseClient.Secret) => new("coinbase.js", _sandbox.CoinbaseRest, _sandbox.CoinbaseSocket, key, CoinbaseClient.Pem(secret).Replace("\n", "\\n", StringComparison.Ordinal));

    [Test]
    public async Task Loads_markets_rebuilds_the_book_trades_and_cancels()
    {
        using var client = Client();
        Assert.That(client.Ask("markets").GetRawText(), Does.Contain("""{"symbol":"BTC/USD","price":0.01,"amount":1e-8}"""));
        Assert.That(client.Ask("book BTC/USD").GetRawText(), Is.EqualTo("""{"bids":[[49999,1],[49998.5,2]],"asks":[[50001,0.5],[50002.5,3]],"levels":[2,2]}"""));
        client.Ask("watch-book BTC/USD");
        await _sandbox.Book("coinbase", "BTC-USD", "buy 0.25 @ 50000.0");
        client.Event("book", "[[50000,0.25],[50001,0.5]]");

        var rests = client.Ask("order BTC/USD limit buy 0.5 49000 GTC mine").GetProperty("id").GetString();
        client.Ask("watch-orders BTC/USD");
        Assert.That(client.Ask($"fetch {rests} BTC/USD").GetRawText(), Does.Contain("\"status\":\"open\"").And.Contain("mine"));
        client.Ask($"cancel {rests} BTC/USD");
        Assert.That(client.Ask($"fetch {rests} BTC/USD").GetRawText(), Does.Contain("\"status\":\"canceled\""));

        var id = client.Ask("order BTC/USD limit buy 0.75 50002.5 IOC").GetProperty("id").GetString();
        client.Event("order", $"\"id\":\"{id}\",\"status\":\"closed\"", "\"filled\":0.75");
        Assert.That(client.Ask($"fetch {id} BTC/USD").GetRawText(), Does.Contain("\"status\":\"closed\",\"side\":\"buy\",\"amount\":0.75,\"filled\":0.75,\"price\":50002.5,\"average\":50001.5"));
        Assert.That(client.Ask("trades BTC/USD").GetRawText(), Does.Contain("\"price\":50001,\"amount\":0.5").And.Contain("\"price\":50002.5,\"amount\":0.25").And.Contain("\"currency\":\"USD\""));
    }

    [Test]
    public void Sees_its_balances_and_is_refused_what_they_do_not_cover()
    {
        using var client = Client(CoinbaseClient.SecondKey, CoinbaseClient.SecondSecret);
        Assert.That(client.Ask("balance").GetRawText(), Is.EqualTo("""{"BTC":0.01,"USD":1000}"""));
        Assert.That(client.Refused("order BTC/USD limit buy 1 49000"), Does.Contain("INSUFFICIENT_FUND"));
    }

    [TestCase(CoinbaseClient.Key, CoinbaseClient.SecondSecret)]
    public void A_wrong_secret_is_an_AuthenticationError(string key, string secret)
    {
        using var client = Client(key, secret);
        Assert.That(client.Refused("balance"), Does.StartWith("AuthenticationError"));
    }
}
