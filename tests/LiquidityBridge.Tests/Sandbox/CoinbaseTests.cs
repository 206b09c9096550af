using LiquidityBridge.Sandbox.Coinbase;

namespace LiquidityBridge.Tests.Sandbox;

/// <summary>The stand-in Coinbase, spoken to by a client that shares nothing with it.</summary>
[Parallelizable]
internal sealed class CoinbaseTests
{
    private RunningSandbox _sandbox = null!;

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

    private static string Levels(System.Text.Json.JsonElement e) => string.Join(' ', e.GetProperty("updates").EnumerateArray().Select(u => $"{u.GetProperty("side")} {u.GetProperty("new_quantity")}@{u.GetProperty("price_level")}"));

    [Test]
    public async Task Messages_of_all_channels_are_counted_in_one_line()
    {
        using var client = await CoinbaseClient.Connect(_sandbox);
        await client.Subscribe("level2");
        var (snapshot, first) = await client.Event("l2_data", "snapshot");
        Assert.That((Levels(snapshot), first), Is.EqualTo(("bid 1@49999 bid 2@49998.5 offer 0.5@50001 offer 3@50002.5", 0)));
        var (subscriptions, second) = await client.Event("subscriptions");
        Assert.That((subscriptions.GetProperty("subscriptions").GetRawText(), second), Is.EqualTo(("""{"level2":["BTC-USD"]}""", 1)));
        await _sandbox.Book("coinbase", "BTC-USD", "buy 0 @ 49999.0");
        var (update, third) = await client.Event("l2_data", "update");
        Assert.That((Levels(update), third), Is.EqualTo(("bid 0@49999", 2)));
        await client.Subscribe("heartbeats", product: null);
        Assert.That((await client.Event("subscriptions")).Sequence, Is.EqualTo(3));
        var (beat, fourth) = await client.Event("heartbeats");
        Assert.That((beat.TryGetProperty("heartbeat_counter", out _), fourth), Is.EqualTo((true, 4)));
        await client.Subscribe("level2", type: "unsubscribe");
        await client.Event("subscriptions");
        Assert.That(CoinbaseClient.Read((await CoinbaseClient.Rest(_sandbox, HttpMethod.Get, "/api/v3/brokerage/product_book?product_id=BTC-USD&limit=1")).Body).GetProperty("pricebook").GetProperty("bids").GetRawText(), Is.EqualTo("""[{"price":"49998.5","size":"2"}]"""));
    }

    [Test]
    public async Task Trades_and_the_status_of_products_are_told()
    {
        using var client = await CoinbaseClient.Connect(_sandbox);
        await client.Subscribe("market_trades");
        await client.Subscribe("status");
        Assert.That((await client.Event("status")).Event.GetProperty("products")[0].GetProperty("status").GetString(), Is.EqualTo("online"));
        await _sandbox.Do("trade", new { exchange = "coinbase", symbol = "BTC-USD", side = "buy", qty = "0.2" });
        var trade = (await client.Event("market_trades")).Event.GetProperty("trades")[0];
        Assert.That($"{trade.GetProperty("price")} {trade.GetProperty("size")} {trade.GetProperty("side")}", Is.EqualTo("50001.00 0.2 SELL"), "the maker's side");
        await _sandbox.Do("halt", new { exchange = "coinbase", symbol = "BTC-USD" });
        Assert.That((await client.Event("status")).Event.GetProperty("products")[0].GetProperty("status").GetString(), Is.EqualTo("offline"));
    }

    [Test]
    public async Task An_order_lives_trades_and_ends()
    {
        using var client = await CoinbaseClient.Connect(_sandbox, "/user");
        await client.Subscribe("user", jwt: CoinbaseClient.Jwt());
        await client.Event("user", "snapshot");
        var created = await CoinbaseClient.Order(_sandbox, "BUY", "0.75", "50002.5", "sor_limit_ioc", "mine");
        var id = created.GetProperty("success_response").GetProperty("order_id").GetString();
        await client.Push("OPEN");
        var done = await client.Push("FILLED");
        Assert.That($"{done.GetProperty("order_id")} {done.GetProperty("client_order_id")} {done.GetProperty("cumulative_quantity")} {done.GetProperty("avg_price")} {done.GetProperty("total_fees")}", Is.EqualTo($"{id} mine 0.75 50001.5 45.00135"));
        var order = CoinbaseClient.Read((await CoinbaseClient.Rest(_sandbox, HttpMethod.Get, $"/api/v3/brokerage/orders/historical/{id}")).Body).GetProperty("order");
        Assert.That($"{order.GetProperty("status")} {order.GetProperty("filled_size")} {order.GetProperty("time_in_force")}", Is.EqualTo("FILLED 0.75 IMMEDIATE_OR_CANCEL"));
        var fills = CoinbaseClient.Read((await CoinbaseClient.Rest(_sandbox, HttpMethod.Get, $"/api/v3/brokerage/orders/historical/fills?order_ids={id}")).Body).GetProperty("fills");
        Assert.That(fills.EnumerateArray().Select(f => $"{f.GetProperty("size")}@{f.GetProperty("price")} {f.GetProperty("commission")}"), Is.EqualTo(new[] { "0.25@50002.5 15.00075", "0.5@50001 30.0006" }));
        Assert.That((await CoinbaseClient.Order(_sandbox, "BUY", "0.75", "50002.5", "sor_limit_ioc", "mine")).GetProperty("success_response").GetProperty("order_id").GetString(), Is.EqualTo(id), "the same id is the same order");
    }

    [Test]
    public async Task Rests_is_edited_and_canceled()
    {
        var id = (await CoinbaseClient.Order(_sandbox, "BUY", "1", "49000")).GetProperty("success_response").GetProperty("order_id").GetString();
        Assert.That((await CoinbaseClient.Rest(_sandbox, HttpMethod.Post, "/api/v3/brokerage/orders/edit", $$"""{"order_id":"{{id}}","price":"49500.5","size":"0.5"}""")).Body, Does.Contain("\"success\":true"));
        Assert.That((await CoinbaseClient.Rest(_sandbox, HttpMethod.Post, "/api/v3/brokerage/orders/batch_cancel", $$"""{"order_ids":["{{id}}"]}""")).Body, Does.Contain("\"success\":true"));
        Assert.That((await CoinbaseClient.Rest(_sandbox, HttpMethod.Post, "/api/v3/brokerage/orders/batch_cancel", $$"""{"order_ids":["{{id}}"]}""")).Body, Does.Contain("UNKNOWN_CANCEL_ORDER"));
        var orders = CoinbaseClient.Read((await CoinbaseClient.Rest(_sandbox, HttpMethod.Get, "/api/v3/brokerage/orders/historical/batch?product_ids=BTC-USD&limit=1")).Body).GetProperty("orders");
        Assert.That($"{orders[0].GetProperty("status")} {orders[0].GetProperty("order_configuration").GetRawText()}", Is.EqualTo("""CANCELLED {"limit_limit_gtc":{"base_size":"0.5","limit_price":"49500.5"}}"""));
    }

    [TestCase("BUY", "400", "49000", "INSUFFICIENT_FUND")]
    [TestCase("BUY", "1", "49000.123", "INVALID_PRICE_PRECISION")]
    [TestCase("BUY", "0.000000001", "49000", "INVALID_SIZE_PRECISION")]
    [TestCase("BUY", "0.000001", "49000", "INVALID_SIZE")]
    [TestCase("HOLD", "1", "49000", "INVALID_SIDE")]
    public async Task An_order_that_is_not_good_is_refused_by_name(string side, string size, string price, string error) =>
        Assert.That((await CoinbaseClient.Order(_sandbox, side, size, price)).GetProperty("error_response").GetProperty("error").GetString(), Is.EqualTo(error));

    [TestCase("secret")]
    [TestCase("key")]
    [TestCase("uri")]
    [TestCase("expired")]
    [TestCase("early")]
    [TestCase("long")]
    [TestCase("nonsense")]
    public async Task A_token_that_does_not_prove_itself_is_refused(string wrong)
    {
        const string path = "/api/v3/brokerage/accounts";
        var uri = CoinbaseClient.Uri(_sandbox, HttpMethod.Get, path);
        Assert.That((await CoinbaseClient.Rest(_sandbox, HttpMethod.Get, path)).Status, Is.EqualTo(200));
        var token = wrong switch
        {
            "secret" => CoinbaseClient.Jwt(secret: CoinbaseClient.SecondSecret, uri: uri),
            "key" => CoinbaseClient.Jwt(key: "organizations/x", uri: uri),
            "uri" => CoinbaseClient.Jwt(uri: uri + "x"),
            "expired" => CoinbaseClient.Jwt(uri: uri, offsetSeconds: -121),
            "early" => CoinbaseClient.Jwt(uri: uri, offsetSeconds: 60),
            "long" => CoinbaseClient.Jwt(uri: uri, lifeSeconds: 121),
            _ => "a.b.c",
        };
        Assert.That(await CoinbaseClient.Rest(_sandbox, HttpMethod.Get, path, jwt: token), Is.EqualTo((401, "Unauthorized\n")));
        if (wrong == "uri") return;
        using var client = await CoinbaseClient.Connect(_sandbox);
        await client.Subscribe("user", jwt: token);
        Assert.That((await client.Next(m => SocketClient.Text(m, "type") == "error")).GetProperty("message").GetString(), Is.EqualTo("authentication failure"));
    }

    [Test]
    public async Task Thirty_private_requests_in_a_second_and_no_more()
    {
        const string path = "/api/v3/brokerage/accounts";
        var jwt = CoinbaseClient.Jwt(uri: CoinbaseClient.Uri(_sandbox, HttpMethod.Get, path));
        var answers = await Task.WhenAll(Enumerable.Range(0, 35).Select(_ => CoinbaseClient.Rest(_sandbox, HttpMethod.Get, path, jwt: jwt)));
        Assert.That(answers.Count(a => a.Status == 200), Is.InRange(30, 34));
        Assert.That(answers.Select(a => a.Status).Distinct(), Is.EquivalentTo(new[] { 200, 429 }));
    }

    [Test]
    public async Task Who_does_not_subscribe_in_five_seconds_is_closed()
    {
        using var client = await CoinbaseClient.Connect(_sandbox);
        await client.WaitForEnd();
        Assert.That(client.Closed, Is.EqualTo((1008, "subscribe required")));
    }

    [Test]
    public async Task The_socket_and_REST_answer_whatever_bytes_come([Values(4)] int seed)
    {
        using var client = await CoinbaseClient.Connect(_sandbox);
        var mutant = new Mutant(seed,
        [
            """{"type":"subscribe","channel":"level2","product_ids":["BTC-USD"]}""", """{"type":"unsubscribe","channel":"user","jwt":"a.b.c"}""",
            """{"client_order_id":"x","product_id":"BTC-USD","side":"BUY","order_configuration":{"limit_limit_gtc":{"base_size":"1","limit_price":"49000"}}}""", """{"order_ids":["5a7d0000-0000-4000-8000-000000000001"]}""",
        ]);
        for (var n = 0; n < 300; n++) await client.Send(mutant.NextText());
        await client.Subscribe("heartbeats", product: null, jwt: CoinbaseClient.Jwt());
        await client.Event("heartbeats");
        for (var n = 0; n < 60; n++)
        {
            var path = new[] { "/api/v3/brokerage/orders", "/api/v3/brokerage/orders/batch_cancel", "/api/v3/brokerage/orders/edit" }[n % 3];
            var (status, body) = await CoinbaseClient.Rest(_sandbox, HttpMethod.Post, path, mutant.NextText());
            Assert.That(status, Is.EqualTo(200).Or.EqualTo(400).Or.EqualTo(429), body);
        }
        for (var n = 0; n < 20_000; n++) Assert.That(CoinbaseRequest.Parse(mutant.Next()).Products, Is.Not.Null);
    }
}
