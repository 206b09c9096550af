using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace LiquidityBridge.Tests.Sandbox;

/// <summary>A plain WebSocket client: sends text, keeps what comes.</summary>
internal class SocketClient : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly List<JsonElement> _messages = [];
    private readonly byte[] _buffer = new byte[1 << 20];
    private int _next;

    /// <summary>How the other end closed, after <see cref="WaitForEnd"/>; 0 when it broke off without a word.</summary>
    public (int Code, string? Text) Closed => ((int?)_socket.CloseStatus ?? 0, _socket.CloseStatusDescription);

    public async Task Connect(string uri) => await _socket.ConnectAsync(new Uri(uri), CancellationToken.None);

    public Task Send(string text) => Send(Encoding.UTF8.GetBytes(text));

    public Task Send(byte[] bytes) => _socket.SendAsync(bytes, WebSocketMessageType.Text, true, CancellationToken.None);

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
            catch (Exception e) when (e is OperationCanceledException or WebSocketException)
            {
                throw new AssertionException($"no such message ({e.Message})\n{string.Join('\n', _messages)}");
            }
        }
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
        // A plain text, as some keep-alives are, is kept as a JSON string.
        if (length > 0 && _buffer[0] is not ((byte)'{' or (byte)'[')) return JsonSerializer.SerializeToElement(Encoding.UTF8.GetString(_buffer, 0, length));
        using var json = JsonDocument.Parse(_buffer.AsMemory(0, length));
        return json.RootElement.Clone();
    }
}
