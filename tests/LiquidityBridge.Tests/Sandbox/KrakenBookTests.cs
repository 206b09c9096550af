namespace LiquidityBridge.Tests.Sandbox;

[Parallelizable]
public class KrakenBookTests
{
    [TestCase("BTC/USD", 10)]
    [TestCase("ETH/USD", 25)]
    [TestCase("BTC/USDC", 100)]
    public async Task Every_update_of_a_living_market_has_the_right_checksum(string symbol, int depth)
    {
        await using var sandbox = await RunningSandbox.Start(scripted: false, seed: 3);
        using var client = await KrakenClient.Public(sandbox);
        await client.Subscribe("book", symbol, depth);
        var book = new TextBook(depth);
        Assert.That(book.Take(await client.Channel("book", "snapshot")), Is.True, "snapshot");
        // Stepped, so that the market moves as far in a second as it else does in a minute.
        for (var n = 0; n < 200; n++)
        {
            await sandbox.Do("step", new { count = 3 });
            Assert.That(book.Take(await client.Channel("book")), Is.True, $"update {n}");
        }
        Assert.That(book.Levels, Is.GreaterThanOrEqualTo(2 * Math.Min(depth, 29)));
    }

    [Test]
    public async Task Numbers_are_printed_with_all_their_decimals()
    {
        await using var sandbox = await RunningSandbox.Start();
        await sandbox.Book("kraken", "BTC/USD", "buy 1.5 @ 50000");
        using var client = await KrakenClient.Public(sandbox);
        await client.Subscribe("book", "BTC/USD");
        var snapshot = await client.Channel("book", "snapshot");
        Assert.That(snapshot.GetProperty("data")[0].GetProperty("bids").GetRawText(), Is.EqualTo("""[{"price":50000.0,"qty":1.50000000}]"""));
    }

    [Test]
    public async Task A_level_that_comes_back_into_view_is_told_again()
    {
        await using var sandbox = await RunningSandbox.Start();
        for (var n = 0; n < 10; n++) await sandbox.Book("kraken", "BTC/USD", $"buy 1 @ {50000 - n}");
        using var client = await KrakenClient.Public(sandbox);
        await client.Subscribe("book", "BTC/USD");
        var book = new TextBook(10);
        book.Take(await client.Channel("book", "snapshot"));
        await sandbox.Book("kraken", "BTC/USD", "buy 2 @ 50001");   // pushes 49991 out: not told
        var pushed = await client.Channel("book");
        Assert.That(pushed.GetProperty("data")[0].GetProperty("bids").GetRawText(), Is.EqualTo("""[{"price":50001.0,"qty":2.00000000}]"""));
        Assert.That(book.Take(pushed), Is.True);
        await sandbox.Book("kraken", "BTC/USD", "buy 0 @ 50001");
        var back = await client.Channel("book");
        Assert.That(back.GetProperty("data")[0].GetProperty("bids").GetRawText(), Is.EqualTo("""[{"price":49991.0,"qty":1.00000000},{"price":50001.0,"qty":0.00000000}]"""));
        Assert.That(book.Take(back), Is.True);
    }

    [Test]
    public async Task A_wrong_checksum_is_seen_and_the_next_is_right_again()
    {
        await using var sandbox = await RunningSandbox.Start();
        using var client = await KrakenClient.Public(sandbox);
        await client.Subscribe("book", "BTC/USD");
        var book = new TextBook(10);
        book.Take(await client.Channel("book", "snapshot"));
        await sandbox.Fault("kraken", "wrong-checksum");
        await sandbox.Book("kraken", "BTC/USD", "buy 1 @ 50000");
        Assert.That(book.Take(await client.Channel("book")), Is.False);
        await sandbox.Book("kraken", "BTC/USD", "buy 2 @ 50000");
        Assert.That(book.Take(await client.Channel("book")), Is.True);
    }

    [Test]
    public async Task A_lost_update_shows_in_the_checksum_of_the_next()
    {
        await using var sandbox = await RunningSandbox.Start();
        using var client = await KrakenClient.Public(sandbox);
        await client.Subscribe("book", "BTC/USD");
        var book = new TextBook(10);
        book.Take(await client.Channel("book", "snapshot"));
        await sandbox.Fault("kraken", "book-gap");
        await sandbox.Book("kraken", "BTC/USD", "buy 1 @ 50000");
        await sandbox.Book("kraken", "BTC/USD", "buy 1 @ 49999");
        var update = await client.Channel("book");
        Assert.That(update.GetProperty("data")[0].GetProperty("bids").GetRawText(), Does.Contain("49999.0").And.Not.Contain("50000.0"));
        Assert.That(book.Take(update), Is.False);
    }

    [Test]
    public async Task A_frozen_feed_has_heartbeats_and_nothing_else_and_catches_up_afterwards()
    {
        await using var sandbox = await RunningSandbox.Start();
        using var client = await KrakenClient.Public(sandbox);
        await client.Subscribe("book", "BTC/USD");
        var book = new TextBook(10);
        book.Take(await client.Channel("book", "snapshot"));
        await sandbox.Fault("kraken", "freeze");
        await sandbox.Book("kraken", "BTC/USD", "buy 1 @ 50000");
        for (var n = 0; n < 2; n++)
        {
            var message = await client.Next(_ => true);
            Assert.That(message.GetRawText(), Is.EqualTo("""{"channel":"heartbeat"}"""));
        }
        await sandbox.Fault("kraken", "freeze", on: false);
        Assert.That(book.Take(await client.Channel("book")), Is.True);
        Assert.That(book.Levels, Is.EqualTo(1));
    }

    [Test]
    public async Task A_disconnect_breaks_the_connection_and_another_can_be_made()
    {
        await using var sandbox = await RunningSandbox.Start();
        using var client = await KrakenClient.Public(sandbox);
        await client.Channel("status");
        await sandbox.Fault("kraken", "disconnect");
        await client.WaitForEnd();
        using var again = await KrakenClient.Public(sandbox);
        await again.Channel("status");
    }

    [Test]
    public async Task A_half_open_connection_stays_up_and_says_nothing()
    {
        await using var sandbox = await RunningSandbox.Start();
        using var client = await KrakenClient.Public(sandbox);
        await client.Subscribe("book", "BTC/USD");
        await client.Channel("book", "snapshot");
        await sandbox.Fault("kraken", "half-open");
        await client.Send("""{"method":"ping"}""");
        await sandbox.Book("kraken", "BTC/USD", "buy 1 @ 50000");
        Assert.That(await client.During(2500), Is.Empty, "neither pong, nor update, nor heartbeat");
    }

    [TestCase("""{"channel":"book","symbol":["X/Y"]}""", "Currency pair not supported X/Y")]
    [TestCase("""{"channel":"book","symbol":["BTC/USD"],"depth":11}""", "Subscription depth not supported")]
    [TestCase("""{"channel":"book"}""", "Field 'symbol' is required")]
    [TestCase("""{"channel":"book","symbol":"BTC/USD"}""", "Field 'symbol' must be a list of at most 100 strings")]
    [TestCase("""{"channel":"weather"}""", "Subscription name invalid: 'weather'")]
    [TestCase("""{"channel":"executions"}""", "Private data and trading are unavailable on this endpoint. Try ws-auth.kraken.com")]
    [TestCase("""{}""", "Field 'channel' is required")]
    public async Task A_wrong_subscription_is_refused(string parameters, string error)
    {
        await using var sandbox = await RunningSandbox.Start();
        using var client = await KrakenClient.Public(sandbox);
        await client.Send($$"""{"method":"subscribe","params":{{parameters}} ,"req_id":3}""");
        var reply = await client.Reply("subscribe");
        Assert.That(KrakenClient.Text(reply, "error"), Is.EqualTo(error));
        Assert.That((reply.GetProperty("success").GetBoolean(), reply.GetProperty("req_id").GetInt32()), Is.EqualTo((false, 3)));
    }

    [Test]
    public async Task Unsubscribed_means_silence_and_a_second_time_is_refused()
    {
        await using var sandbox = await RunningSandbox.Start();
        using var client = await KrakenClient.Public(sandbox);
        await client.Subscribe("book", "BTC/USD");
        await client.Channel("book", "snapshot");
        const string Unsubscribe = """{"method":"unsubscribe","params":{"channel":"book","symbol":["BTC/USD"]}}""";
        await client.Send(Unsubscribe);
        Assert.That((await client.Reply("unsubscribe")).GetProperty("success").GetBoolean(), Is.True);
        await client.Send(Unsubscribe);
        Assert.That((await client.Reply("unsubscribe")).GetProperty("success").GetBoolean(), Is.False);
        await sandbox.Book("kraken", "BTC/USD", "buy 1 @ 50000");
        Assert.That(await client.During(300), Is.Empty);
    }

    [Test]
    public async Task Instruments_have_their_steps_and_a_halt_is_told()
    {
        await using var sandbox = await RunningSandbox.Start();
        using var client = await KrakenClient.Public(sandbox);
        await client.Send("""{"method":"subscribe","params":{"channel":"instrument"}}""");
        var pairs = (await client.Channel("instrument", "snapshot")).GetProperty("data").GetProperty("pairs");
        Assert.That(pairs.EnumerateArray().Select(p => $"{p.GetProperty("symbol")} {p.GetProperty("price_increment").GetRawText()} {p.GetProperty("qty_increment").GetRawText()} {p.GetProperty("status")}"),
            Is.EqualTo(new[] { "BTC/USD 0.1 0.00000001 online", "ETH/USD 0.01 0.00000001 online", "BTC/USDC 0.01 0.00000001 online", "ETH/USDC 0.01 0.00000001 online" }));
        await sandbox.Do("halt", new { exchange = "kraken", symbol = "ETH/USD" });
        var update = (await client.Channel("instrument")).GetProperty("data").GetProperty("pairs");
        Assert.That(update.EnumerateArray().Single().GetRawText(), Does.Contain("\"symbol\":\"ETH/USD\"").And.Contain("\"status\":\"cancel_only\""));
    }
}
