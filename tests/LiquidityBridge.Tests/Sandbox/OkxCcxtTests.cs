namespace LiquidityBridge.Tests.Sandbox;

/// <summary>ccxt's OKX client, which shares nothing with us, trades on the sandbox.</summary>
[Parallelizable]
internal sealed class OkxCcxtTests
{
    private RunningSandbox _sandbox = null!;

    [OneTimeSetUp]
    public void Install() => Places.Install("tests/LiquidityBridge.Tests/install");

    [SetUp]
    public async Task Start()
    {
        _sandbox = await RunningSandbox.Start();
        await _sandbox.Book("okx", "BTC-USDT", """
            buy  1 @ 49999.0
            buy  2 @ 49998.5
            sell 0.5 @ 50001.0
            sell 3 @ 50002.5
            """);
    }

    [TearDown]
    public async Task Stop() => await _sandbox.DisposeAsync();

    private CcxtClient Client(string key = OkxClient.Key, string secret = OkxClient.Secret, string passphrase = OkxClient.Passphrase) => new("okx.js", _sandbox.OkxRest, _sandbox.OkxSocket, key, secret, passphrase);

    [Test]
    public async Task Loads_markets_rebuilds_the_book_and_notices_a_lost_update()
    {
        using var client = Client();
        Assert.That(client.Ask("markets").GetRawText(), Does.Contain("""{"symbol":"BTC/USDT","price":0.1,"amount":1e-8}"""));
        Assert.That(client.Ask("book BTC/USDT").GetRawText(), Is.EqualTo("""{"bids":[[49999,1],[49998.5,2]],"asks":[[50001,0.5],[50002.5,3]],"levels":[2,2]}"""));
        client.Ask("watch-book BTC/USDT");
        await _sandbox.Book("okx", "BTC-USDT", "buy 0.25 @ 50000.0");
        client.Event("book", "[[50000,0.25],[50001,0.5]]");
        await _sandbox.Fault("okx", "book-gap");
        await _sandbox.Book("okx", "BTC-USDT", "buy 0.75 @ 50000.0");
        await Task.Delay(150);
        await _sandbox.Book("okx", "BTC-USDT", "buy 0.5 @ 50000.0");
        Assert.That(client.Error("book"), Does.Contain("InvalidNonce"));
    }

    [Test]
    public void Takes_two_levels_rests_amends_and_cancels()
    {
        using var client = Client();
        client.Ask("watch-trades");
        client.Ask("watch-orders");
        var id = client.Ask("order BTC/USDT limit buy 0.75 50002.5").GetProperty("id").GetString();
        client.Event("trade", $"\"order\":\"{id}\",\"side\":\"buy\",\"price\":50001,\"amount\":0.5,\"cost\":25000.5", "\"currency\":\"USDT\"");
        client.Event("trade", "\"price\":50002.5,\"amount\":0.25", "\"taker\":\"taker\"");
        client.Event("order", $"\"id\":\"{id}\",\"status\":\"closed\"", "\"filled\":0.75");
        Assert.That(client.Ask($"fetch {id} BTC/USDT").GetRawText(), Does.Contain("\"status\":\"closed\",\"side\":\"buy\",\"amount\":0.75,\"filled\":0.75,\"price\":50002.5,\"average\":50001.5"));

        var rests = client.Ask("order BTC/USDT limit buy 0.5 49000 gtc mine1").GetProperty("id").GetString();
        client.Event("order", "\"status\":\"open\"", "mine1");
        client.Ask($"edit {rests} BTC/USDT buy 0.4 49500");
        client.Event("order", "\"amount\":0.4,\"filled\":0,\"price\":49500");
        client.Ask($"cancel {rests} BTC/USDT");
        client.Event("order", "\"status\":\"canceled\"");
        Assert.That(client.Refused($"cancel {rests} BTC/USDT"), Does.StartWith("OrderNotFound").And.Contains("51400"));
    }

    [Test]
    public void Sees_its_balances_and_is_refused_what_they_do_not_cover()
    {
        using var client = Client(OkxClient.SecondKey, OkxClient.SecondSecret, OkxClient.SecondPassphrase);
        Assert.That(client.Ask("balance").GetRawText(), Is.EqualTo("""{"BTC":0.01,"USDT":1000}"""));
        Assert.That(client.Refused("order BTC/USDT limit buy 1 49000"), Does.StartWith("InsufficientFunds").And.Contains("51008"));
    }

    [Test]
    public void A_wrong_secret_is_an_AuthenticationError_on_the_socket_and_over_REST()
    {
        using var client = Client(secret: "X");
        Assert.That(client.Refused("login"), Does.StartWith("AuthenticationError").And.Contains("60007"));
        Assert.That(client.Refused("fetch 1 BTC/USDT"), Does.StartWith("AuthenticationError").And.Contains("50113"));
    }
}
