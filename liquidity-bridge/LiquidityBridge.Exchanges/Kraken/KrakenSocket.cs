using System.Net.WebSockets;
using Websocket.Client;

namespace LiquidityBridge.Exchanges.Kraken;

/// <summary>What lives on a socket. Called by one thread at a time.</summary>
internal interface ISocketPeer
{
    /// <summary>Before each attempt; what it needs (a token) is brought here.</summary>
    Task Connecting(CancellationToken cancel);

    /// <summary>The socket is open; <paramref name="send"/> queues one text message.</summary>
    void Open(Action<byte[]> send);

    /// <summary>One message.</summary>
    void On(ReadOnlyMemory<byte> utf8);

    /// <summary>Often. False to have the socket closed.</summary>
    bool Poll();

    /// <summary>The socket is gone, or could not be opened.</summary>
    void Lost(string reason);
}

/// <summary>One WebSocket that is opened again whenever it is lost, with back-off and jitter.</summary>
internal sealed class KrakenSocket(Uri uri, ISocketPeer peer, Action<string> log) : IDisposable
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly Backoff _backoff = new();
    private Task? _loop;

    /// <summary>Begins, on tasks of its own.</summary>
    public void Start() => _loop = Task.Run(Run);

    private async Task Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            string reason;
            try
            {
                await peer.Connecting(_stop.Token).ConfigureAwait(false);
                reason = await Serve().ConfigureAwait(false);
            }
            catch (Exception e) when (e is Websocket.Client.Exceptions.WebsocketException or WebSocketException or HttpRequestException or IOException or InvalidOperationException or OperationCanceledException)
            {
                reason = e.InnerException is { } inner ? $"{e.Message} {inner.Message}" : e.Message;
            }
            if (_stop.IsCancellationRequested) reason = "stopping";
            peer.Lost(reason);
            log($"{uri}: {reason}");
            try
            {
                await Task.Delay(_backoff.Next(), _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<string> Serve()
    {
        // The library's own reconnection has fixed pauses and no say for the peer: it is off.
        using var client = new WebsocketClient(uri) { IsReconnectionEnabled = false, IsTextMessageConversionEnabled = false };
        var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var messages = client.MessageReceived.Subscribe(m =>
        {
            if (m.Binary is { } bytes) peer.On(bytes);
        });
        using var ends = client.DisconnectionHappened.Subscribe(d => ended.TrySetResult(d.CloseStatusDescription ?? d.Exception?.Message ?? d.Type.ToString()));
        await client.StartOrFail().ConfigureAwait(false);
        peer.Open(bytes => client.SendAsText(bytes));
        var openedAt = Environment.TickCount64;
        while (true)
        {
            var done = await Task.WhenAny(ended.Task, Task.Delay(PollEvery, _stop.Token)).ConfigureAwait(false);
            if (done == ended.Task) return await ended.Task.ConfigureAwait(false);
            if (_stop.IsCancellationRequested) break;
            // It holds: the next loss begins with a short pause again.
            if (Environment.TickCount64 - openedAt > 10_000) _backoff.Reset();
            if (!peer.Poll()) break;
        }
        // A courtesy to the peer: whether it works changes nothing, the client is disposed of in any case.
        Task close = client.StopOrFail(WebSocketCloseStatus.NormalClosure, "");
        await close.WaitAsync(TimeSpan.FromSeconds(2)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return "closed by us: silent, or of no use";
    }

    public void Dispose()
    {
        _stop.Cancel();
        _loop?.Wait(TimeSpan.FromSeconds(5));
        _stop.Dispose();
    }
}
