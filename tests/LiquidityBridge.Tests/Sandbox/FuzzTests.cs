using System.Net;
using System.Text;
using System.Text.Json;
using LiquidityBridge.Sandbox.Kraken;

namespace LiquidityBridge.Tests.Sandbox;

/// <summary>Whatever bytes come: an answer in Kraken's form or an end of the connection, never a crash.</summary>
public class FuzzTests
{
    private static readonly string[] _seeds =
    [
        """{"method":"subscribe","params":{"channel":"book","symbol":["BTC/USD"],"depth":10,"snapshot":true},"req_id":1}""",
        """{"method":"subscribe","params":{"channel":"executions","token":"T","snap_orders":true}}""",
        """{"method":"add_order","params":{"order_type":"limit","side":"buy","order_qty":0.01,"symbol":"BTC/USD","limit_price":30000.0,"time_in_force":"GTC","cl_ord_id":"O-1","post_only":true,"token":"T"},"req_id":42}""",
        """{"method":"amend_order","params":{"order_id":"OAAAAA-AAAAA-AAAAAA","order_qty":1.5,"limit_price":1e3,"token":"T"},"req_id":2}""",
        """{"method":"cancel_order","params":{"order_id":["OAAAAA-AAAAA-AAAAAA"],"cl_ord_id":["x"],"token":"T"}}""",
        """{"method":"cancel_all","params":{"token":"T"}}""",
        """{"method":"ping","req_id":9}""",
        """{"method":"unsubscribe","params":{"channel":"trade","symbol":["ETH/USD"]}}""",
    ];

    private static readonly string[] _pieces =
    [
        "null", "[]", "{}", "\"", "\\ud800", "\\u0000", "-", "1e400", "1e-400", "99999999999999999999999999", "-0", "0.000000000000000001", "true", ",", ":", "[[[[[[[[[[[[[[[[[[[[",
        "\"BTC/USD\"", "\"req_id\":", "\"symbol\":", "\"token\":", "\"params\":", "\u00e9", "\ud83d\ude00", "\"limit_price\":-1", "\"order_qty\":0",
    ];

    [Test]
    public void The_request_parser_takes_any_bytes([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        for (var n = 0; n < 20_000; n++)
        {
            var bytes = Mutate(random);
            var request = Request.Parse(bytes);
            // Whatever is asked of it afterwards has an answer too.
            request.Only("token", "symbol");
            _ = (request.Text("token"), request.Number("order_qty"), request.Flag("post_only", false), request.Integer("depth", 10), request.Texts("symbol", 5), request.RequiredText("side"));
            Assert.That(request.Method, Is.Not.Null);
        }
    }

    [Test]
    public async Task Both_sockets_answer_every_message_with_a_reply_of_the_right_form([Values(4, 5)] int seed)
    {
        await using var sandbox = await RunningSandbox.Start();
        using var client = await KrakenClient.Private(sandbox);
        using var reader = await KrakenClient.Public(sandbox);
        var random = new Random(seed);
        for (var n = 0; n < 1500; n++)
        {
            var bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Mutate(random)).Replace("\"T\"", $"\"{client.Token}\""));
            var to = n % 2 == 0 ? client : reader;
            await to.Send(bytes);
            if (n % 50 != 0) continue;
            await to.Send("""{"method":"ping","req_id":424242}""");
            await to.Next(m => m.TryGetProperty("req_id", out var id) && id.ValueKind == JsonValueKind.Number && id.GetInt64() == 424242);
        }
    }

    [Test]
    public async Task A_message_that_is_too_long_ends_the_connection_and_no_other()
    {
        await using var sandbox = await RunningSandbox.Start();
        using var client = await KrakenClient.Public(sandbox);
        using var other = await KrakenClient.Public(sandbox);
        await client.Send(new byte[1 << 20]);
        await client.WaitForEnd();
        await other.Send("""{"method":"ping"}""");
        await other.Reply("pong");
    }

    [Test]
    public async Task REST_answers_every_request_with_an_error_list([Values(6, 7)] int seed)
    {
        await using var sandbox = await RunningSandbox.Start();
        using var http = new HttpClient();
        var random = new Random(seed);
        string[] paths = ["/0/private/GetWebSocketsToken", "/0/private/Balance", "/0/private/", "/0/public/Assets", "/0/public/x", "/", "/0/private/%41%2f", "/v2"];
        for (var n = 0; n < 300; n++)
        {
            using var request = new HttpRequestMessage(random.Next(4) == 0 ? HttpMethod.Get : HttpMethod.Post, sandbox.KrakenRest + paths[random.Next(paths.Length)]);
            if (request.Method == HttpMethod.Post)
                request.Content = random.Next(3) switch
                {
                    0 => new ByteArrayContent(Mutate(random)),
                    1 => new StringContent("nonce=" + new string('9', random.Next(40)) + "&" + Convert.ToBase64String(Mutate(random))),
                    _ => new StringContent($$"""{"nonce":{{_pieces[random.Next(_pieces.Length)]}}}"""),
                };
            if (random.Next(5) > 0) request.Headers.TryAddWithoutValidation("API-Key", random.Next(3) == 0 ? "x" : RunningSandbox.Key);
            if (random.Next(5) > 0) request.Headers.TryAddWithoutValidation("API-Sign", Convert.ToBase64String(new byte[random.Next(80)]));
            using var response = await http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            Assert.That(text, Does.StartWith("{\"error\":["), $"{(int)response.StatusCode} to {request}");
            using var json = JsonDocument.Parse(text);
            Assert.That(json.RootElement.GetProperty("error").ValueKind, Is.EqualTo(JsonValueKind.Array));
            if (request.RequestUri!.AbsolutePath.StartsWith("/0/private", StringComparison.Ordinal)) Assert.That(json.RootElement.GetProperty("error").GetArrayLength(), Is.EqualTo(1));
        }
        Assert.That((await KrakenClient.Rest(sandbox, "Balance", RunningSandbox.Key, RunningSandbox.Secret)).GetProperty("error").GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task Too_long_a_body_is_refused()
    {
        await using var sandbox = await RunningSandbox.Start();
        using var http = new HttpClient();
        using var response = await http.PostAsync($"{sandbox.KrakenRest}/0/private/Balance", new ByteArrayContent(new byte[65 << 10]));
        Assert.That((int)response.StatusCode, Is.EqualTo(413).Or.EqualTo(200));
    }

    [Test]
    public async Task The_control_port_refuses_what_it_does_not_understand()
    {
        await using var sandbox = await RunningSandbox.Start();
        using var http = new HttpClient();
        Assert.That(await Status(http, sandbox, "status", "{}", "wrong"), Is.EqualTo(HttpStatusCode.Unauthorized));
        foreach (var (verb, body) in new[]
        {
            ("dance", "{}"), ("book", "{}"), ("book", "["), ("book", "[]"), ("book", """{"exchange":"kraken","symbol":"X"}"""), ("fault", """{"exchange":"fix","fault":"fire"}"""),
            ("step", """{"count":-1}"""), ("trade", """{"exchange":"fix","symbol":"BTC-USD","side":"buy","qty":"1"}"""), ("fill", """{"exchange":"fix","order_id":"S1"}"""),
            ("halt", """{"exchange":"\ud800"}"""),
            ("book", """{"exchange":"kraken","symbol":"BTC/USD","levels":[{"side":"buy","price":"0","qty":"1"}]}"""),
        })
            Assert.That(await Status(http, sandbox, verb, body, "sandbox-only-control-token"), Is.EqualTo(HttpStatusCode.BadRequest), $"{verb} {body}");
    }

    private static async Task<HttpStatusCode> Status(HttpClient http, RunningSandbox sandbox, string verb, string body, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{sandbox.Control}/{verb}") { Content = new StringContent(body) };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>A valid message with a few wounds: pieces put in, bytes changed, cut or doubled.</summary>
    private static byte[] Mutate(Random random)
    {
        var bytes = new List<byte>(Encoding.UTF8.GetBytes(_seeds[random.Next(_seeds.Length)]));
        for (var wounds = random.Next(4); wounds > 0 && bytes.Count > 0; wounds--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(_pieces[random.Next(_pieces.Length)]));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 30), bytes.Count - at)));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }
        return [.. bytes];
    }
}
