using System.Globalization;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LiquidityBridge.Tests.Sandbox;

/// <summary>A plain client of the WebSocket API: sends text, keeps what comes.</summary>
internal sealed class KrakenClient : IDisposable
{
    private static readonly HttpClient _http = new();
    private static long _nonce = DateTime.UtcNow.Ticks;

    private readonly ClientWebSocket _socket = new();
    private readonly List<JsonElement> _messages = [];
    private readonly byte[] _buffer = new byte[1 << 20];
    private int _next;

    public string Token { get; private init; } = "";

    public static async Task<KrakenClient> Public(RunningSandbox sandbox)
    {
        var client = new KrakenClient();
        await client._socket.ConnectAsync(new Uri(sandbox.KrakenSocket + "/v2"), CancellationToken.None);
        return client;
    }

    public static async Task<KrakenClient> Private(RunningSandbox sandbox, string key = RunningSandbox.Key, string secret = RunningSandbox.Secret)
    {
        var answer = await Rest(sandbox, "GetWebSocketsToken", key, secret);
        var client = new KrakenClient { Token = answer.GetProperty("result").GetProperty("token").GetString()! };
        await client._socket.ConnectAsync(new Uri(sandbox.KrakenSocket + "/auth/v2"), CancellationToken.None);
        return client;
    }

    /// <summary>A signed REST call.</summary>
    public static async Task<JsonElement> Rest(RunningSandbox sandbox, string method, string key, string secret, long? nonce = null)
    {
        var number = nonce ?? Interlocked.Increment(ref _nonce);
        var body = string.Create(CultureInfo.InvariantCulture, $"nonce={number}");
        var path = $"/0/private/{method}";
        var inner = SHA256.HashData(Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture) + body));
        var sign = Convert.ToBase64String(HMACSHA512.HashData(Convert.FromBase64String(secret), (byte[])[.. Encoding.UTF8.GetBytes(path), .. inner]));
        using var request = new HttpRequestMessage(HttpMethod.Post, sandbox.KrakenRest + path) { Content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded") };
        request.Headers.Add("API-Key", key);
        request.Headers.Add("API-Sign", sign);
        using var response = await _http.SendAsync(request);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return json.RootElement.Clone();
    }

    public Task Send(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    public Task Send(byte[] bytes) => _socket.SendAsync(bytes, WebSocketMessageType.Text, true, CancellationToken.None);

    /// <summary>Sends a request with the token.</summary>
    public Task Ask(string method, object parameters)
    {
        var members = JsonSerializer.SerializeToNode(parameters)!.AsObject();
        members["token"] = Token;
        return Send($$"""{"method":"{{method}}","params":{{members.ToJsonString()}},"req_id":7}""");
    }

    public Task Subscribe(string channel, string symbol, int depth = 10)
    {
        var options = channel == "book" ? $",\"depth\":{depth}" : "";
        return Send($$$"""{"method":"subscribe","params":{"channel":"{{{channel}}}","symbol":["{{{symbol}}}"]{{{options}}}}}""");
    }

    /// <summary>The next message that fits and has not been looked at; waits for it.</summary>
    public async Task<JsonElement> Next(Func<JsonElement, bool> fits, int seconds = 10)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (true)
        {
            while (_next < _messages.Count)
                if (fits(_messages[_next++])) return _messages[_next - 1];
            try
            {
                _messages.Add(await Receive(patience.Token));
            }
            catch (OperationCanceledException)
            {
                throw new AssertionException($"no such message\n{string.Join('\n', _messages)}");
            }
        }
    }

    public Task<JsonElement> Channel(string channel, string type = "update") => Next(m => Text(m, "channel") == channel && Text(m, "type") == type);

    public Task<JsonElement> Reply(string method) => Next(m => Text(m, "method") == method);

    /// <summary>The next execution's data, with its sequence number.</summary>
    public async Task<(JsonElement Data, long Sequence)> Execution(string type)
    {
        var message = await Next(m => Text(m, "channel") == "executions" && m.GetProperty("data").EnumerateArray().Any(d => Text(d, "exec_type") == type));
        return (message.GetProperty("data")[0], message.GetProperty("sequence").GetInt64());
    }

    /// <summary>All that comes within a time.</summary>
    public async Task<List<JsonElement>> During(int milliseconds)
    {
        // A receive that is canceled breaks the socket: this is the last thing that a client does.
        var messages = _messages[_next..];
        using var patience = new CancellationTokenSource(milliseconds);
        try
        {
            while (true) messages.Add(await Receive(patience.Token));
        }
        catch (OperationCanceledException)
        {
            return messages;
        }
    }

    /// <summary>Waits for the connection to break.</summary>
    public async Task WaitForEnd()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            while (true) await Receive(patience.Token);
        }
        catch (WebSocketException)
        {
            // That is it.
        }
    }

    public static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public void Dispose() => _socket.Dispose();

    private async Task<JsonElement> Receive(CancellationToken patience)
    {
        var length = 0;
        ValueWebSocketReceiveResult result;
        do
        {
            result = await _socket.ReceiveAsync(_buffer.AsMemory(length), patience);
            length += result.Count;
        }
        while (!result.EndOfMessage);
        if (result.MessageType == WebSocketMessageType.Close) throw new WebSocketException($"closed: {_socket.CloseStatus}");
        using var json = JsonDocument.Parse(_buffer.AsMemory(0, length));
        return json.RootElement.Clone();
    }
}
