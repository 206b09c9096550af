namespace LiquidityBridge.Tests.Sandbox;

/// <summary>ccxt's Coinbase Exchange client, which shares nothing with us, trades on the sandbox.</summary>
[Parallelizable]
internal sealed class FeedCcxtTests
{
    private RunningSandbox _sandbox = null!;

    [OneTimeSetUp]
    public void Install() => Places.Install("tests/LiquidityBridge.Tests/install");

    [SetUp]
    public async Task Start()
    {
        _sandbox = await RunningSandbox.Start();
        await _sandbox.Book("coinbase-exchange", "BTC-USD", """
            buy  1 @ 49999.0
            buy  2 @ 49998.5
            sell 0.5 @ 50001.0
            sell 3 @ 50002.5
            """);
    }

    [TearDown]
    public async Task Stop() => await _sandbox.DisposeAsync();

    private CcxtClient Client(string key = RunningSandbox.Key, string secret = RunningSandbox.Secret, string passphrase = RunningSandbox.FeedPassphrase) =>
        new("coinbase-exchange.js", _sandbox.FeedRest, _sandbox.FeedSocket, key, secret, passphrase);

    [Test]
    public async Task Loads_markets_rebuilds_the_book_trades_and_cancels()
    {
        using var client = Client();
        Assert.That(client.Ask("markets").GetRawText(), Does.Contain("""{"symbol":"BTC/USD","price":0.01,"amount":1e-8}"""));
        Assert.That(client.Ask("book BTC/USD").GetRawText(), Is.EqualTo("""{"bids":[[49999,1],[49998.5,2]],"asks":[[50001,0.5],[50002.5,3]],"levels":[2,2]}"""));
        client.Ask("watch-book BTC/USD");
        await _sandbox.Book("coinbase-exchange", "BTC-USD", "buy 0.25 @ 50000.0");
        client.Event("book", "[[50000,0.25],[50001,0.5]]");

        var rests = client.Ask("order BTC/USD limit buy 0.5 49000 GTC 11111111-2222-4333-8444-555555555555").GetProperty("id").GetString();
        Assert.That(client.Ask($"fetch {rests}").GetRawText(), Does.Contain("\"status\":\"open\"").And.Contain("11111111-2222-4333-8444-555555555555"));
        client.Ask("watch-orders BTC/USD");
        client.Ask($"cancel {rests} BTC/USD");
        Assert.That(client.Refused($"fetch {rests}"), Does.StartWith("OrderNotFound"));

        var id = client.Ask("order BTC/USD limit buy 0.75 50002.5 IOC").GetProperty("id").GetString();
        Assert.That(client.Ask($"fetch {id}").GetRawText(), Does.Contain("\"status\":\"closed\"").And.Contain("\"filled\":0.75"));
        Assert.That(client.Ask("trades BTC/USD").GetRawText(), Does.Contain("\"price\":50001,\"amount\":0.5").And.Contain("\"price\":50002.5,\"amount\":0.25").And.Contain("\"currency\":\"USD\""));
    }

    /// <summary>Orders go in over REST, which is all that there is; what becomes of them is told on the socket.</summary>
    [Test]
    public async Task Is_told_of_its_orders_and_fills_on_the_user_channel()
    {
        using var client = Client();
        client.Ask("markets");
        client.Ask("watch-orders BTC/USD");
        client.Ask("watch-trades BTC/USD");
        // The subscriptions have no answer that the client shows: they go out when the connection is there.
        while ((await _sandbox.Do("status", new { })).GetProperty("coinbase-exchange").GetProperty("connections").GetInt32() == 0) await Task.Delay(20);
        await Task.Delay(500);

        var rests = client.Ask("order BTC/USD limit sell 0.5 50000 GTC 11111111-2222-4333-8444-555555555555").GetProperty("id").GetString();
        client.Event("order", $"\"id\":\"{rests}\"", "\"side\":\"sell\"", "\"amount\":0.5", "11111111-2222-4333-8444-555555555555");
        await _sandbox.Do("trade", new { exchange = "coinbase-exchange", symbol = "BTC-USD", side = "buy", qty = "0.2", price = "50000" });
        client.Event("trade", $"\"order\":\"{rests}\"", "\"side\":\"sell\"", "\"price\":50000,\"amount\":0.2", "\"taker\":\"maker\"", "\"currency\":\"USD\"");
        client.Ask($"cancel {rests} BTC/USD");
        client.Event("order", $"\"id\":\"{rests}\"", "\"status\":\"canceled\"");

        var takes = client.Ask("order BTC/USD limit buy 0.75 50002.5 IOC").GetProperty("id").GetString();
        client.Event("trade", $"\"order\":\"{takes}\"", "\"side\":\"buy\"", "\"price\":50001,\"amount\":0.5", "\"taker\":\"taker\"");
        client.Event("trade", $"\"order\":\"{takes}\"", "\"side\":\"buy\"", "\"price\":50002.5,\"amount\":0.25", "\"taker\":\"taker\"");
        client.Event("order", $"\"id\":\"{takes}\"", "\"status\":\"closed\"");
    }

    [Test]
    public void Sees_its_balances_and_is_refused_what_they_do_not_cover()
    {
        using var client = Client(RunningSandbox.SecondKey, RunningSandbox.SecondSecret, "sandbox-only-second");
        Assert.That(client.Ask("balance").GetRawText(), Is.EqualTo("""{"BTC":0.01,"USD":1000}"""));
        Assert.That(client.Refused("order BTC/USD limit buy 1 49000"), Does.StartWith("InsufficientFunds"));
    }

    [TestCase(RunningSandbox.Key, RunningSandbox.SecondSecret, RunningSandbox.FeedPassphrase)]
    [TestCase("SOMEBODY-ELSE", RunningSandbox.Secret, RunningSandbox.FeedPassphrase)]
    [TestCase(RunningSandbox.Key, RunningSandbox.Secret, "not-the-passphrase")]
    public void Wrong_credentials_are_an_AuthenticationError(string key, string secret, string passphrase)
    {
        using var client = Client(key, secret, passphrase);
        Assert.That(client.Refused("balance"), Does.StartWith("AuthenticationError"));
    }
}
