using System.Text.Json;
using LiquidityBridge.Sandbox.Market;
using LiquidityBridge.Sandbox.Okx;

namespace LiquidityBridge.Tests.Sandbox;

/// <summary>The stand-in OKX, spoken to by a client that shares nothing with it.</summary>
[Parallelizable]
internal sealed class OkxTests
{
    private const string Btc = """{"channel":"books","instId":"BTC-USDT"}""";
    private const string Orders = """{"channel":"orders","instType":"SPOT"}""";

    private RunningSandbox _sandbox = null!;

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

    /// <summary>docs-v5, "Checksum": both worked examples, and an independent CRC.</summary>
    [TestCase("3366.1:7 3366:6", "3366.8:9 3368:8", "3366.1:7:3366.8:9:3366:6:3368:8")]
    [TestCase("3366.1:7", "3366.8:9 3368:8 3372:8", "3366.1:7:3366.8:9:3368:8:3372:8")]
    public void The_checksum_is_over_the_documented_text(string bids, string asks, string text)
    {
        var instrument = new LiquidityBridge.Sandbox.Market.Instrument
        {
            Index = 0, Symbol = "X", Base = "X", Quote = "Y", PriceDecimals = 1, QtyDecimals = 3, MinLots = 1, MaxLots = 1, StartTicks = 1, MakerFeePpm = 0, TakerFeePpm = 0,
        };
        Assert.That(OkxBook.Checksum(instrument, Levels(bids), Levels(asks)), Is.EqualTo((int)TextBook.Crc(text)));

        static List<(long, long)> Levels(string levels) => [.. levels.Split(' ').Select(l => l.Split(':')).Select(l =>
        {
            Assert.That(Decimals.TryScale(l[0], 1, out var ticks) & Decimals.TryScale(l[1], 3, out var lots), Is.True);
            return (ticks, lots);
        })];
    }

    [Test]
    public async Task A_book_begins_with_a_snapshot_and_goes_on_in_a_chain()
    {
        using var client = await OkxClient.Public(_sandbox);
        await client.Subscribe(Btc);
        Assert.That((await client.Event("subscribe")).GetProperty("arg").GetRawText(), Is.EqualTo(Btc));
        var snapshot = (await client.Channel("books", "snapshot")).GetProperty("data")[0];
        Assert.Multiple(() =>
        {
            Assert.That(snapshot.GetProperty("bids").GetRawText(), Is.EqualTo("""[["49999","1","0","1"],["49998.5","2","0","1"]]"""));
            Assert.That(snapshot.GetProperty("asks").GetRawText(), Is.EqualTo("""[["50001","0.5","0","1"],["50002.5","3","0","1"]]"""));
            Assert.That(snapshot.GetProperty("prevSeqId").GetInt64(), Is.EqualTo(-1));
            Assert.That(snapshot.GetProperty("checksum").GetInt32(), Is.EqualTo((int)TextBook.Crc("49999:1:50001:0.5:49998.5:2:50002.5:3")));
        });
        var last = snapshot.GetProperty("seqId").GetInt64();
        foreach (var (levels, bids, asks) in new[] { ("buy 0 @ 49999.0", """[["49999","0","0","0"]]""", "[]"), ("sell 0.25 @ 50000.5", "[]", """[["50000.5","0.25","0","1"]]""") })
        {
            await _sandbox.Book("okx", "BTC-USDT", levels);
            var update = (await client.Channel("books", "update")).GetProperty("data")[0];
            Assert.Multiple(() =>
            {
                Assert.That(update.GetProperty("bids").GetRawText(), Is.EqualTo(bids));
                Assert.That(update.GetProperty("asks").GetRawText(), Is.EqualTo(asks));
                Assert.That(update.GetProperty("prevSeqId").GetInt64(), Is.EqualTo(last));
                Assert.That(update.GetProperty("seqId").GetInt64(), Is.GreaterThan(last));
            });
            last = update.GetProperty("seqId").GetInt64();
        }
        Assert.That((await OkxClient.Get(_sandbox, "/api/v5/market/books?instId=BTC-USDT&sz=1")).GetProperty("data")[0].GetProperty("asks").GetRawText(), Is.EqualTo("""[["50000.5","0.25","0","1"]]"""));
    }

    [Test]
    public async Task Instruments_have_their_steps_and_a_halt_is_told()
    {
        using var client = await OkxClient.Public(_sandbox);
        await client.Subscribe("""{"channel":"instruments","instType":"SPOT"}""");
        Assert.That(Line((await client.Channel("instruments")).GetProperty("data")[0]), Is.EqualTo("BTC-USDT 10000 0.1 0.00000001 0.00001 live"));
        await _sandbox.Do("halt", new { exchange = "okx", symbol = "BTC-USDT" });
        Assert.That(Line((await client.Channel("instruments")).GetProperty("data")[0]), Does.EndWith("suspend"));
        var rest = (await OkxClient.Get(_sandbox, "/api/v5/public/instruments?instType=SPOT")).GetProperty("data");
        Assert.That(rest.EnumerateArray().Select(Line), Is.EqualTo(new[] { "BTC-USDT 10000 0.1 0.00000001 0.00001 suspend", "ETH-USDT 10001 0.01 0.000001 0.001 live", "BTC-USD 10002 0.1 0.00000001 0.00001 live", "BTC-USDC 10003 0.1 0.00000001 0.00001 live", "ETH-USDC 10004 0.01 0.000001 0.001 live" }));

        static string Line(JsonElement i) => string.Join(' ', new[] { "instId", "instIdCode", "tickSz", "lotSz", "minSz", "state" }.Select(n => i.GetProperty(n).ToString()));
    }

    [Test]
    public async Task A_ping_is_answered_in_plain_text_and_trades_are_told()
    {
        using var client = await OkxClient.Public(_sandbox);
        await client.Send("ping");
        await client.Next(m => m.ValueKind == JsonValueKind.String && m.GetString() == "pong");
        await client.Subscribe("""{"channel":"trades","instId":"BTC-USDT"}""");
        await client.Event("subscribe");
        await _sandbox.Do("trade", new { exchange = "okx", symbol = "BTC-USDT", side = "buy", qty = "0.2" });
        var trade = (await client.Channel("trades")).GetProperty("data")[0];
        Assert.That($"{trade.GetProperty("px")} {trade.GetProperty("sz")} {trade.GetProperty("side")}", Is.EqualTo("50001 0.2 buy"));
    }

    [TestCase("key", "60005")]
    [TestCase("secret", "60007")]
    [TestCase("passphrase", "60024")]
    [TestCase("time", "60006")]
    public async Task A_login_that_does_not_prove_itself_is_refused_and_closed(string wrong, string code)
    {
        using var client = new OkxClient();
        await client.Connect(_sandbox.OkxSocket + "/private");
        await client.LogIn(wrong == "key" ? "X" : OkxClient.Key, wrong == "secret" ? "X" : OkxClient.Secret, wrong == "passphrase" ? "X" : OkxClient.Passphrase, wrong == "time" ? -31 : 0);
        Assert.That((await client.Event("error")).GetProperty("code").GetString(), Is.EqualTo(code));
        await client.WaitForEnd();
        Assert.That(client.Closed, Is.EqualTo((4001, "Login Failed")));
    }

    [TestCase("key", "50111")]
    [TestCase("secret", "50113")]
    [TestCase("passphrase", "50105")]
    [TestCase("time", "50102")]
    public async Task A_REST_request_that_does_not_prove_itself_is_refused(string wrong, string code)
    {
        var answer = await OkxClient.Get(_sandbox, "/api/v5/account/balance", wrong == "key" ? "X" : OkxClient.Key, wrong == "secret" ? "X" : OkxClient.Secret, wrong == "passphrase" ? "X" : OkxClient.Passphrase, wrong == "time" ? -31 : 0);
        Assert.That(answer.GetProperty("code").GetString(), Is.EqualTo(code));
    }

    [Test]
    public async Task An_order_is_answered_then_lives_trades_and_ends()
    {
        using var client = await OkxClient.Private(_sandbox);
        await client.Subscribe(Orders);
        await client.Event("subscribe");
        await client.Event("channel-conn-count");
        var id = await client.Order("buy", "0.75", "50002.5", "ioc", "1x2x3");
        Assert.That((await client.Push("live")).GetProperty("ordId").GetString(), Is.EqualTo(id));
        var first = await client.Push("partially_filled");
        Assert.That(string.Join(' ', new[] { "fillPx", "fillSz", "accFillSz", "fillFee", "fillFeeCcy", "execType", "clOrdId" }.Select(n => first.GetProperty(n).GetString())), Is.EqualTo("50001 0.5 0.5 -25.0005 USDT T 1x2x3"));
        var last = await client.Push("filled");
        Assert.That(string.Join(' ', new[] { "fillPx", "fillSz", "accFillSz", "avgPx" }.Select(n => last.GetProperty(n).GetString())), Is.EqualTo("50002.5 0.25 0.75 50001.5"));

        var order = (await OkxClient.Get(_sandbox, "/api/v5/trade/order?instId=BTC-USDT&clOrdId=1x2x3")).GetProperty("data")[0];
        Assert.That($"{order.GetProperty("state")} {order.GetProperty("accFillSz")} {order.GetProperty("ordId")}", Is.EqualTo($"filled 0.75 {id}"));
        var fills = (await OkxClient.Get(_sandbox, $"/api/v5/trade/fills?instId=BTC-USDT&ordId={id}")).GetProperty("data");
        Assert.That(fills.EnumerateArray().Select(f => $"{f.GetProperty("tradeId")} {f.GetProperty("fillSz")} {f.GetProperty("fee")}"), Is.EqualTo(new[] { $"{last.GetProperty("tradeId")} 0.25 -12.500625", $"{first.GetProperty("tradeId")} 0.5 -25.0005" }));
    }

    [Test]
    public async Task What_an_IOC_leaves_and_a_post_only_that_would_take_are_canceled()
    {
        using var client = await OkxClient.Private(_sandbox);
        await client.Subscribe(Orders);
        await client.Order("buy", "1", "50001.0", "ioc");
        var rest = await client.Push("canceled");
        Assert.That($"{rest.GetProperty("accFillSz")} {rest.GetProperty("cancelSource")}", Is.EqualTo("0.5 14"));
        var id = await client.Order("buy", "1", "50003", "post_only", "po1");
        var gone = await client.Push("canceled");
        Assert.That($"{gone.GetProperty("ordId")} {gone.GetProperty("cancelSource")}", Is.EqualTo($"{id} 31"));
        Assert.That((await OkxClient.Get(_sandbox, "/api/v5/trade/order?instId=BTC-USDT&clOrdId=po1")).GetProperty("data")[0].GetProperty("state").GetString(), Is.EqualTo("canceled"));
    }

    [Test]
    public async Task Amends_and_cancels_by_either_id()
    {
        using OkxClient client = await OkxClient.Private(_sandbox), listener = await OkxClient.Private(_sandbox);
        await listener.Subscribe(Orders);
        await listener.Event("subscribe");
        var id = await client.Order("buy", "1", "49000", clOrdId: "mine");
        var amended = await client.Ask("amend-order", """{"instIdCode":10000,"clOrdId":"mine","newSz":"0.5","newPx":"49500.5","reqId":"r1"}""");
        Assert.That($"{OkxClient.SCode(amended)} {amended.GetProperty("data")[0].GetProperty("reqId")}", Is.EqualTo("0 r1"));
        var push = (await listener.Next(m => m.TryGetProperty("arg", out _) && m.TryGetProperty("data", out var d) && SocketClient.Text(d[0], "amendResult") == "0")).GetProperty("data")[0];
        Assert.That($"{push.GetProperty("sz")} {push.GetProperty("px")} {push.GetProperty("reqId")} {push.GetProperty("state")}", Is.EqualTo("0.5 49500.5 r1 live"));
        Assert.That(OkxClient.SCode(await client.Ask("cancel-order", $$"""{"instIdCode":10000,"ordId":"{{id}}"}""")), Is.EqualTo("0"));
        Assert.That((await listener.Push("canceled")).GetProperty("cancelSource").GetString(), Is.EqualTo("1"));
        Assert.That(OkxClient.SCode(await client.Ask("cancel-order", $$"""{"instIdCode":10000,"ordId":"{{id}}"}""")), Is.EqualTo("51400"));
        Assert.That(OkxClient.SCode(await client.Ask("amend-order", $$"""{"instIdCode":10000,"ordId":"{{id}}","newSz":"2"}""")), Is.EqualTo("51503"));
    }

    [TestCase("""{"instId":"X-Y","tdMode":"cash","side":"buy","ordType":"limit","sz":"1","px":"1"}""", "51001")]
    [TestCase("""{"instId":"BTC-USDT","tdMode":"cash","side":"buy","ordType":"limit","sz":"1","px":"49000.55"}""", "51000")]
    [TestCase("""{"instId":"BTC-USDT","tdMode":"cash","side":"buy","ordType":"limit","sz":"0.000000001","px":"49000"}""", "51121")]
    [TestCase("""{"instId":"BTC-USDT","tdMode":"cash","side":"buy","ordType":"limit","sz":"0.000001","px":"49000"}""", "51020")]
    [TestCase("""{"instId":"BTC-USDT","tdMode":"cash","side":"buy","ordType":"limit","sz":"400","px":"49000"}""", "51008")]
    [TestCase("""{"instId":"BTC-USDT","tdMode":"cash","side":"buy","ordType":"limit","sz":"1","px":"49000","clOrdId":"a-b"}""", "51000")]
    [TestCase("""{"instId":"BTC-USDT","tdMode":"cash","side":"buy","ordType":"limit","sz":"1","px":"49000","reduceOnly":true}""", "51000")]
    [TestCase("""{"instId":"BTC-USDT","tdMode":"cross","side":"buy","ordType":"limit","sz":"1","px":"49000"}""", "51000")]
    [TestCase("""{"instId":"BTC-USDT","tdMode":"cash","side":"buy","ordType":"limit","px":"49000"}""", "50014")]
    public async Task An_order_that_is_not_good_is_refused_with_its_code(string order, string code)
    {
        using var client = await OkxClient.Private(_sandbox);
        Assert.That(OkxClient.SCode(await client.Ask("order", order)), Is.EqualTo(code));
    }

    [Test]
    public async Task Too_late_a_request_and_an_id_in_use_are_refused()
    {
        using var client = await OkxClient.Private(_sandbox);
        const string order = """{"instId":"BTC-USDT","tdMode":"cash","side":"buy","ordType":"limit","sz":"1","px":"49000","clOrdId":"same"}""";
        Assert.That((await client.Ask("order", order, ",\"expTime\":\"1597026383085\"")).GetProperty("code").GetString(), Is.EqualTo("50036"));
        Assert.That(OkxClient.SCode(await client.Ask("order", order)), Is.EqualTo("0"));
        Assert.That(OkxClient.SCode(await client.Ask("order", order)), Is.EqualTo("51016"));
    }

    [Test]
    public async Task Sixty_orders_in_two_seconds_and_no_more()
    {
        using var client = await OkxClient.Private(_sandbox);
        for (var n = 0; n < 61; n++) await client.Send($$"""{"id":"n{{n}}","op":"order","args":[{"instId":"BTC-USDT","tdMode":"cash","side":"buy","ordType":"limit","sz":"0.001","px":"40000"}]}""");
        Assert.That(OkxClient.SCode(await client.Next(m => SocketClient.Text(m, "id") == "n59")), Is.EqualTo("0"));
        Assert.That(OkxClient.SCode(await client.Next(m => SocketClient.Text(m, "id") == "n60")), Is.EqualTo("50011"));
    }

    [Test]
    public async Task A_fourth_connection_in_a_second_is_refused()
    {
        using OkxClient a = await OkxClient.Public(_sandbox), b = await OkxClient.Public(_sandbox), c = await OkxClient.Public(_sandbox), d = new();
        Assert.That(async () => await d.Connect(_sandbox.OkxSocket + "/public"), Throws.Exception.With.Message.Contains("429"));
    }

    [TestCase("""{"op":"dance","args":[]}""", "60019")]
    [TestCase("""{"op":"subscribe"}""", "60012")]
    [TestCase("""{"op":"subscribe","args":[{"channel":"books","instId":"NOT-THERE"}]}""", "60018")]
    [TestCase("""{"op":"subscribe","args":[{"channel":"orders","instType":"SPOT"}]}""", "60018")]
    [TestCase("""{"id":"1","op":"order","args":[{}]}""", "60028")]
    [TestCase("not JSON", "60012")]
    public async Task What_is_not_understood_is_an_error_with_its_code(string request, string code)
    {
        using var client = await OkxClient.Public(_sandbox);
        await client.Send(request);
        Assert.That((await client.Event("error")).GetProperty("code").GetString(), Is.EqualTo(code));
    }

    [Test]
    public async Task Balances_follow_what_trades()
    {
        using var client = await OkxClient.Private(_sandbox, OkxClient.SecondKey, OkxClient.SecondSecret, OkxClient.SecondPassphrase);
        await client.Subscribe("""{"channel":"account"}""");
        Assert.That(Of(await client.Channel("account")), Is.EqualTo("BTC 0.01 USDT 1000"));
        await client.Order("sell", "0.005", "49999", "ioc");
        Assert.That(Of(await client.Channel("account")), Is.EqualTo("BTC 0.005"));
        Assert.That(Of(await client.Channel("account")), Is.EqualTo("USDT 1249.745005"));

        static string Of(JsonElement message) => string.Join(' ', message.GetProperty("data")[0].GetProperty("details").EnumerateArray().Select(d => $"{d.GetProperty("ccy")} {d.GetProperty("cashBal")}"));
    }

    [Test]
    public async Task Both_sockets_answer_whatever_bytes_come([Values(4, 5)] int seed)
    {
        using var reader = await OkxClient.Public(_sandbox);
        using var trader = await OkxClient.Private(_sandbox);
        string[] seeds =
        [
            """{"id":"1","op":"order","args":[{"instId":"BTC-USDT","tdMode":"cash","side":"buy","ordType":"limit","sz":"1","px":"49000","clOrdId":"x1"}]}""",
            """{"op":"subscribe","args":[{"channel":"trades","instId":"BTC-USDT"}]}""",
            """{"id":"2","op":"batch-orders","expTime":"1597026383085","args":[{"instIdCode":10000,"tdMode":"cash","side":"sell","ordType":"ioc","sz":"0.1","px":"49999"}]}""",
            """{"id":"3","op":"amend-order","args":[{"instIdCode":10000,"ordId":"2500000000000001","newSz":"2"}]}""",
            """{"op":"login","args":[{"apiKey":"k","passphrase":"p","timestamp":"1538054050","sign":"s"}]}""",
        ];
        var mutant = new Mutant(seed, seeds);
        for (var n = 0; n < 600; n++)
        {
            var client = n % 2 == 0 ? reader : trader;
            await client.Send(mutant.NextText());
            if (n % 50 > 1) continue;
            await client.Send("ping");
            await client.Next(m => m.ValueKind == JsonValueKind.String && m.GetString() == "pong");
        }
        for (var n = 0; n < 20_000; n++)
        {
            var request = OkxRequest.Parse(mutant.Next());
            foreach (var arguments in request.Args) _ = (arguments.Text("instId"), arguments.Integer("instIdCode"), arguments.RequiredText("side"));
            Assert.That(request.Op, Is.Not.Null);
        }
    }
}
