using System.Text.Json;

namespace LiquidityBridge.Tests.Sandbox;

[Parallelizable]
public class KrakenTradingTests
{
    private RunningSandbox _sandbox = null!;
    private KrakenClient _client = null!;

    [SetUp]
    public async Task Start()
    {
        _sandbox = await RunningSandbox.Start();
        await _sandbox.Book("kraken", "BTC/USD", """
            buy  1 @ 49999
            sell 1 @ 50001
            """);
        _client = await KrakenClient.Private(_sandbox);
        await _client.Ask("subscribe", new { channel = "executions", snap_trades = true });
        var snapshot = await _client.Channel("executions", "snapshot");
        Assert.That((snapshot.GetProperty("data").GetArrayLength(), snapshot.GetProperty("sequence").GetInt32()), Is.EqualTo((0, 1)));
    }

    [TearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _sandbox.DisposeAsync();
    }

    private Task Order(string side, double quantity, double price, string timeInForce = "gtc", string? id = null) => _client.Ask("add_order", new
    {
        order_type = "limit", side, symbol = "BTC/USD", order_qty = quantity, limit_price = price, time_in_force = timeInForce, cl_ord_id = id,
    });

    [Test]
    public async Task A_taker_gets_its_answer_then_each_step_in_sequence()
    {
        await Order("buy", 0.25, 50001, id: "mine");
        var reply = await _client.Next(_ => true);
        Assert.That(KrakenClient.Text(reply, "method"), Is.EqualTo("add_order"));
        var id = reply.GetProperty("result").GetProperty("order_id").GetString()!;
        Assert.That(id, Does.Match("^O[A-Z2-7]{5}-[A-Z2-7]{5}-[A-Z2-7]{6}$"));
        Assert.That((await _client.Execution("pending_new")).Sequence, Is.EqualTo(2));
        Assert.That((await _client.Execution("new")).Sequence, Is.EqualTo(3));
        var trade = await _client.Execution("trade");
        Assert.That(trade.Sequence, Is.EqualTo(4));
        Assert.That(trade.Data.GetRawText(), Does.Contain("\"last_qty\":0.25000000,\"last_price\":50001.0,\"liquidity_ind\":\"t\",\"cost\":12500.25,\"cum_qty\":0.25000000,\"avg_price\":50001.0")
            .And.Contain("\"order_status\":\"partially_filled\"").And.Contain("\"fees\":[{\"asset\":\"USD\",\"qty\":32.50065}]"));
        var filled = await _client.Execution("filled");
        Assert.That(filled.Sequence, Is.EqualTo(5));
        Assert.That(filled.Data.GetRawText(), Does.Contain($"\"order_id\":\"{id}\"").And.Contain("\"cum_qty\":0.25000000").And.Not.Contain("symbol"));
    }

    [Test]
    public async Task A_clients_name_is_free_again_once_its_order_is_done()
    {
        await Order("buy", 0.25, 50001, id: "mine");   // fills
        await Order("buy", 0.25, 40000, id: "mine");   // rests
        await Order("buy", 0.25, 40000, id: "mine");
        var outcomes = new List<string>();
        for (var n = 0; n < 3; n++) outcomes.Add(Outcome(await _client.Reply("add_order")));
        Assert.That(outcomes, Is.EqualTo(new[] { "ok", "ok", "EOrder:Duplicate cl_ord_id" }));
    }

    [Test]
    public async Task Balances_move_by_cost_and_fee()
    {
        await _client.Ask("subscribe", new { channel = "balances" });
        var snapshot = await _client.Channel("balances", "snapshot");
        Assert.That(snapshot.GetProperty("data").EnumerateArray().Select(b => b.GetProperty("balance").GetRawText()), Is.EqualTo(new[] { "200.0", "3000.0", "10000000.0", "10000000.0" }));
        await Order("buy", 0.25, 50001);
        var bought = await _client.Channel("balances");
        var paid = await _client.Channel("balances");
        Assert.That((bought.GetProperty("data")[0].GetProperty("balance").GetRawText(), bought.GetProperty("sequence").GetInt32()), Is.EqualTo(("200.25", 2)));
        Assert.That((paid.GetProperty("data")[0].GetProperty("balance").GetRawText(), paid.GetProperty("sequence").GetInt32()), Is.EqualTo(("9987467.24935", 3)));
    }

    [TestCase("ioc", "0.5", "canceled")]
    [TestCase("fok", "0.0", "canceled")]
    public async Task What_cannot_trade_at_once_is_canceled(string timeInForce, string filled, string end)
    {
        await _sandbox.Book("kraken", "BTC/USD", "sell 0.5 @ 50001");
        await Order("buy", 2, 50001, timeInForce);
        var (data, _) = await _client.Execution(end);
        Assert.That(data.GetProperty("cum_qty").GetRawText(), Is.EqualTo(filled + "0000000"));
    }

    [Test]
    public async Task A_new_connection_is_told_open_orders_and_past_trades()
    {
        await Order("buy", 0.5, 50001, id: "filled");
        await Order("buy", 0.5, 40000, id: "open");
        await _client.Reply("add_order");
        await _client.Reply("add_order");
        using var second = await KrakenClient.Private(_sandbox);
        await second.Ask("subscribe", new { channel = "executions", snap_trades = true });
        var data = (await second.Channel("executions", "snapshot")).GetProperty("data");
        Assert.That(data.EnumerateArray().Select(d => $"{KrakenClient.Text(d, "cl_ord_id")} {KrakenClient.Text(d, "exec_type")}"), Is.EqualTo(new[] { "open new", "filled trade" }));
    }

    [Test]
    public async Task Cancels_answer_once_for_each_order_named()
    {
        await Order("buy", 0.1, 40000, id: "a");
        await Order("buy", 0.1, 40000, id: "b");
        await _client.Ask("cancel_order", new { cl_ord_id = new[] { "a", "nobody", "b" } });
        var replies = new List<string>();
        for (var n = 0; n < 3; n++) replies.Add(Outcome(await _client.Reply("cancel_order")));
        Assert.That(replies, Is.EqualTo(new[] { "ok", "EOrder:Unknown order", "ok" }));
        await Order("buy", 0.1, 40000, id: "a");
        await _client.Ask("cancel_all", new { });
        Assert.That((await _client.Reply("cancel_all")).GetProperty("result").GetProperty("count").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public async Task An_amend_below_what_has_traded_cancels_the_rest()
    {
        await Order("buy", 2, 50001, id: "a");   // 1 trades, 1 rests
        await _client.Ask("amend_order", new { cl_ord_id = "a", order_qty = 0.5 });
        var (data, _) = await _client.Execution("canceled");
        Assert.That(Outcome(await _client.Reply("amend_order")), Is.EqualTo("ok"));
        Assert.That(data.GetProperty("cum_qty").GetRawText(), Is.EqualTo("1.00000000"));
    }

    [Test]
    public async Task An_amend_that_only_shrinks_keeps_its_place_and_one_that_grows_does_not()
    {
        await Order("buy", 0.5, 49000, id: "first");
        await Order("buy", 0.5, 49000, id: "second");
        await _client.Ask("amend_order", new { cl_ord_id = "first", order_qty = 0.4 });
        await _sandbox.Do("clear", new { exchange = "kraken", symbol = "BTC/USD" });
        await _sandbox.Do("trade", new { exchange = "kraken", symbol = "BTC/USD", side = "sell", qty = "0.1" });
        Assert.That(KrakenClient.Text((await _client.Execution("trade")).Data, "cl_ord_id"), Is.EqualTo("first"));
        await _client.Ask("amend_order", new { cl_ord_id = "first", order_qty = 1.0 });
        await _client.Execution("amended");
        await _sandbox.Do("trade", new { exchange = "kraken", symbol = "BTC/USD", side = "sell", qty = "0.1" });
        Assert.That(KrakenClient.Text((await _client.Execution("trade")).Data, "cl_ord_id"), Is.EqualTo("second"));
    }

    [TestCase("""{"order_type":"limit","side":"buy","symbol":"BTC/USD","order_qty":300,"limit_price":50000}""", "EOrder:Insufficient funds")]
    [TestCase("""{"order_type":"limit","side":"buy","symbol":"BTC/USD","order_qty":0.1,"limit_price":50000.05}""", "EOrder:Invalid price:BTC/USD price can only be specified up to 1 decimals.")]
    [TestCase("""{"order_type":"limit","side":"buy","symbol":"BTC/USD","order_qty":0.00001,"limit_price":50000}""", "EOrder:Order minimum not met (volume too low)")]
    [TestCase("""{"order_type":"limit","side":"buy","symbol":"BTC/USD","order_qty":-1,"limit_price":50000}""", "EGeneral:Invalid arguments:volume")]
    [TestCase("""{"order_type":"limit","side":"buy","symbol":"BTC/USD","order_qty":1e999,"limit_price":50000}""", "EGeneral:Invalid arguments:volume")]
    [TestCase("""{"order_type":"limit","side":"buy","symbol":"BTC/USD","order_qty":"1","limit_price":50000}""", "Field 'order_qty' must be a number")]
    [TestCase("""{"order_type":"limit","side":"buy","symbol":"BTC/USD","order_qty":1,"limit_price":50001,"post_only":true}""", "EOrder:Post only order")]
    [TestCase("""{"order_type":"stop-loss","side":"buy","symbol":"BTC/USD","order_qty":1}""", "EGeneral:Invalid arguments:order_type")]
    [TestCase("""{"order_type":"limit","side":"buy","symbol":"BTC/USD","order_qty":1,"price":50001}""", "Unsupported field: 'price' for the given msg type: add order")]
    [TestCase("""{"order_type":"limit","side":"buy","symbol":"DOGE/USD","order_qty":1,"limit_price":1}""", "Currency pair not supported DOGE/USD")]
    [TestCase("""{"order_type":"limit","side":"buy","symbol":"BTC/USD","order_qty":1,"limit_price":50000,"deadline":"2020-01-01T00:00:00Z"}""", "EService:Deadline elapsed")]
    [TestCase("""{"order_type":"market","side":"buy","symbol":"ETH/USD","order_qty":1}""", "EOrder:Insufficient liquidity")]
    public async Task A_wrong_order_is_refused(string parameters, string error)
    {
        await _client.Send($$$"""{"method":"add_order","params":{{{parameters[..^1]}}},"token":"{{{_client.Token}}}"}}""");
        Assert.That(Outcome(await _client.Reply("add_order")), Is.EqualTo(error));
    }

    [Test]
    public async Task A_halted_instrument_takes_cancels_only()
    {
        await Order("buy", 0.1, 40000, id: "a");
        Assert.That(Outcome(await _client.Reply("add_order")), Is.EqualTo("ok"));
        await _sandbox.Do("halt", new { exchange = "kraken", symbol = "BTC/USD" });
        await Order("buy", 0.1, 40000);
        Assert.That(Outcome(await _client.Reply("add_order")), Is.EqualTo("EService:Market in cancel_only mode"));
        await _client.Ask("cancel_order", new { cl_ord_id = new[] { "a" } });
        Assert.That(Outcome(await _client.Reply("cancel_order")), Is.EqualTo("ok"));
        await _sandbox.Do("resume", new { exchange = "kraken", symbol = "BTC/USD" });
        await Order("buy", 0.1, 40000);
        Assert.That(Outcome(await _client.Reply("add_order")), Is.EqualTo("ok"));
    }

    [Test]
    public async Task A_lost_acknowledgement_never_comes_but_the_fill_does()
    {
        await _sandbox.Fault("kraken", "ack-lost");
        await Order("buy", 0.25, 50001, id: "mine");
        await _client.Execution("filled");
        await _client.Send("""{"method":"ping"}""");
        Assert.That(KrakenClient.Text(await _client.Next(m => KrakenClient.Text(m, "method") is not null), "method"), Is.EqualTo("pong"));
    }

    [Test]
    public async Task A_fill_can_come_before_the_acknowledgement()
    {
        await _sandbox.Fault("kraken", "fill-before-ack");
        await Order("buy", 0.25, 50001);
        await _client.Execution("filled");
        Assert.That(Outcome(await _client.Reply("add_order")), Is.EqualTo("ok"));
    }

    [Test]
    public async Task A_duplicate_fill_has_the_same_exec_id_and_another_sequence()
    {
        await _sandbox.Fault("kraken", "duplicate-fill");
        await Order("buy", 0.25, 50001);
        var first = await _client.Execution("trade");
        var second = await _client.Execution("trade");
        Assert.That(KrakenClient.Text(second.Data, "exec_id"), Is.EqualTo(KrakenClient.Text(first.Data, "exec_id")));
        Assert.That(second.Sequence, Is.EqualTo(first.Sequence + 1));
    }

    [Test]
    public async Task A_sequence_gap_leaves_out_one_number()
    {
        await _sandbox.Fault("kraken", "execution-gap");
        await Order("buy", 0.25, 40000);
        var (_, sequence) = await _client.Execution("new");
        Assert.That(sequence, Is.EqualTo(3), "2 was pending_new, which is lost");
    }

    [Test]
    public async Task Orders_are_refused_as_often_as_asked()
    {
        await _sandbox.Fault("kraken", "rate-limit", count: 2);
        for (var n = 0; n < 3; n++) await Order("buy", 0.1, 40000);
        var outcomes = new List<string>();
        for (var n = 0; n < 3; n++) outcomes.Add(Outcome(await _client.Reply("add_order")));
        Assert.That(outcomes, Is.EqualTo(new[] { "EOrder:Rate limit exceeded", "EOrder:Rate limit exceeded", "ok" }));
    }

    [Test]
    public async Task An_account_that_orders_and_cancels_too_much_is_refused()
    {
        // Nine for an order that is canceled at once, of 125.
        for (var n = 0; n < 13; n++)
        {
            await Order("buy", 0.1, 40000, id: "again");
            Assert.That(Outcome(await _client.Reply("add_order")), Is.EqualTo("ok"));
            await _client.Ask("cancel_order", new { cl_ord_id = new[] { "again" } });
        }
        var outcomes = new List<string>();
        for (var n = 0; n < 60; n++) await Order("buy", 0.1, 40000);
        for (var n = 0; n < 60; n++) outcomes.Add(Outcome(await _client.Reply("add_order")));
        Assert.That(outcomes, Has.Some.EqualTo("EOrder:Rate limit exceeded").And.Some.EqualTo("ok"));
        await _client.Ask("add_order", new { order_type = "limit", side = "buy", symbol = "ETH/USD", order_qty = 0.1, limit_price = 1000 });
        Assert.That(Outcome(await _client.Reply("add_order")), Is.EqualTo("ok"), "each pair has its own counter");
    }

    [TestCase(400, "EGeneral:Invalid arguments:deadline"), TestCase(-100, "EService:Deadline elapsed"), TestCase(5000, "ok"), TestCase(70_000, "EGeneral:Invalid arguments:deadline")]
    public async Task A_deadline_is_half_a_second_to_a_minute_ahead(int aheadMs, string outcome)
    {
        await _client.Ask("add_order", new { order_type = "limit", side = "buy", symbol = "BTC/USD", order_qty = 0.1, limit_price = 40000, deadline = DateTimeOffset.UtcNow.AddMilliseconds(aheadMs).ToString("O", System.Globalization.CultureInfo.InvariantCulture) });
        Assert.That(Outcome(await _client.Reply("add_order")), Is.EqualTo(outcome));
    }

    [Test]
    public async Task Nonces_of_the_time_to_come_are_used_where_its_clock_is_ahead()
    {
        await _sandbox.Fault("kraken", "clock-skew", ms: 60_000);
        var nowUs = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / 10;
        // Of another key: the first one has used ticks.
        Assert.That((await KrakenClient.Rest(_sandbox, "Balance", RunningSandbox.SecondKey, RunningSandbox.SecondSecret, nowUs)).GetRawText(), Does.Contain("EAPI:Invalid nonce"));
        Assert.That((await KrakenClient.Rest(_sandbox, "Balance", RunningSandbox.SecondKey, RunningSandbox.SecondSecret, nowUs + 90_000_000)).GetRawText(), Does.Contain("result"));
    }

    [TestCase(RunningSandbox.SecondSecret, null, "EAPI:Invalid key", TestName = "A signature of another secret is as good as no key")]
    [TestCase(RunningSandbox.Secret, "not base64 of 64 bytes", "EAPI:Invalid signature", TestName = "What cannot be a signature is an invalid one")]
    [TestCase(RunningSandbox.Secret, "", "EAPI:Invalid signature", TestName = "No signature is an invalid one")]
    public async Task A_request_is_signed_with_the_keys_secret(string secret, string? sign, string error) =>
        Assert.That((await KrakenClient.Rest(_sandbox, "Balance", RunningSandbox.Key, secret, sign: sign)).GetRawText(), Does.Contain(error));

    [Test]
    public async Task A_key_that_calls_too_often_over_rest_is_refused()
    {
        var answers = new List<string>();
        for (var n = 0; n < 25; n++) answers.Add((await KrakenClient.Rest(_sandbox, "Balance", RunningSandbox.SecondKey, RunningSandbox.SecondSecret)).GetRawText());
        Assert.That(answers.Take(20), Has.None.Contains("EAPI"));
        Assert.That(answers[^1], Does.Contain("EAPI:Rate limit exceeded"));
    }

    [Test]
    public async Task A_slow_acknowledgement_says_in_its_times_how_slow_it_was()
    {
        await _sandbox.Fault("kraken", "slow-ack", ms: 400);
        await Order("buy", 0.1, 40000);
        var reply = await _client.Reply("add_order");
        var took = reply.GetProperty("time_out").GetDateTime() - reply.GetProperty("time_in").GetDateTime();
        Assert.That(took, Is.GreaterThanOrEqualTo(TimeSpan.FromMilliseconds(400)));
    }

    [Test]
    public async Task An_order_whose_connection_breaks_is_found_afterwards()
    {
        await _sandbox.Fault("kraken", "drop-after-order");
        await Order("buy", 0.25, 50001, id: "mine");
        await _client.WaitForEnd();
        using var again = await KrakenClient.Private(_sandbox);
        await again.Ask("subscribe", new { channel = "executions", snap_trades = true });
        var data = (await again.Channel("executions", "snapshot")).GetProperty("data");
        Assert.That((data.GetArrayLength(), KrakenClient.Text(data[0], "cl_ord_id"), KrakenClient.Text(data[0], "exec_type")), Is.EqualTo((1, "mine", "trade")));
    }

    [Test]
    public async Task A_nonce_is_good_once()
    {
        const long Nonce = 9_000_000_000_000_000_000;
        Assert.That((await KrakenClient.Rest(_sandbox, "Balance", RunningSandbox.SecondKey, RunningSandbox.SecondSecret, Nonce)).GetRawText(),
            Is.EqualTo("""{"error":[],"result":{"XXBT":"0.0100000000","ZUSD":"1000.0000000000"}}"""));
        Assert.That((await KrakenClient.Rest(_sandbox, "Balance", RunningSandbox.SecondKey, RunningSandbox.SecondSecret, Nonce)).GetRawText(),
            Is.EqualTo("""{"error":["EAPI:Invalid nonce"]}"""));
    }

    [Test]
    public async Task One_account_can_neither_see_nor_cancel_the_orders_of_another()
    {
        using var other = await KrakenClient.Private(_sandbox, RunningSandbox.SecondKey, RunningSandbox.SecondSecret);
        await other.Ask("subscribe", new { channel = "executions" });
        await other.Channel("executions", "snapshot");
        await Order("buy", 0.1, 40000, id: "a");
        var id = (await _client.Reply("add_order")).GetProperty("result").GetProperty("order_id").GetString();
        await other.Ask("cancel_order", new { order_id = new[] { id } });
        Assert.That(Outcome(await other.Reply("cancel_order")), Is.EqualTo("EOrder:Unknown order"));
        Assert.That((await other.During(300)).Where(m => KrakenClient.Text(m, "channel") == "executions"), Is.Empty);
    }

    private static string Outcome(JsonElement reply) => reply.GetProperty("success").GetBoolean() ? "ok" : KrakenClient.Text(reply, "error")!;
}
