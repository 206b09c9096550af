using System.Globalization;
using System.Net.WebSockets;
using Websocket.Client;

namespace LiquidityBridge.Exchanges;

/// <summary>What lives on a socket. Called by one thread at a time.</summary>
internal interface ISocketPeer
{
    /// <summary>Before each attempt; what it needs (a token) is brought here.</summary>
    Task Connecting(CancellationToken cancel);

    /// <summary>The socket is open; <paramref name="send"/> queues one text message.</summary>
    void Open(Action<byte[]> send);

    /// <summary>One message, good until this returns.</summary>
    void On(ReadOnlyMemory<byte> utf8);

    /// <summary>Often. False to have the socket closed.</summary>
    bool Poll();

    /// <summary>The socket is gone, or could not be opened.</summary>
    void Lost(string reason);

    /// <summary>True once the exchange has said that it will close this connection: another one should follow it now.</summary>
    bool IsEnding => false;
}

/// <summary>One WebSocket that is opened again whenever it is lost, with back-off and jitter.</summary>
internal sealed class SocketLine(Uri uri, ISocketPeer peer, Tally tally, Action<string> log, bool offersDeflate = false, Action? polled = null) : IDisposable
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10);
    private const int HoldsMs = 10_000;

    private readonly CancellationTokenSource _stop = new();
    private readonly Backoff _backoff = new();
    private Task? _loop;
    private long _openedMs;

    /// <summary>For how long it has been open; null when it is not.</summary>
    public TimeSpan? Age => Volatile.Read(ref _openedMs) is > 0 and var openedMs ? TimeSpan.FromMilliseconds(Environment.TickCount64 - openedMs) : null;

    /// <summary>Begins, on tasks of its own.</summary>
    public void Start() => _loop = Task.Run(Run);

    private async Task Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            string reason;
            var counted = OutsideReason.ConnectFailed;
            try
            {
                await peer.Connecting(_stop.Token).ConfigureAwait(false);
                (reason, counted) = await Serve().ConfigureAwait(false);
            }
            catch (Exception e) when (e is Websocket.Client.Exceptions.WebsocketException or WebSocketException or HttpRequestException or IOException or InvalidOperationException or OperationCanceledException)
            {
                // The innermost one knows why: a name that nobody knows, a port that nobody opened, a certificate that is not trusted.
                reason = e.GetBaseException().Message;
            }
            Volatile.Write(ref _openedMs, 0);
            if (_stop.IsCancellationRequested) reason = "stopping";
            else tally.Count(counted);
            // Also when nothing was ever connected: that is what there is to see then.
            tally.Poll(Clock.NowNs());
            peer.Lost(reason);
            var pause = _backoff.Next();
            log(_stop.IsCancellationRequested ? $"{uri}: {reason}" : string.Create(CultureInfo.InvariantCulture, $"{uri}: {reason}; again in {pause.TotalSeconds:0.0} s"));
            try
            {
                await Task.Delay(pause, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<(string Words, OutsideReason Reason)> Serve()
    {
        // The library's own reconnection has fixed pauses and no say for the peer: it is off.
        using var client = new WebsocketClient(uri, Make) { IsReconnectionEnabled = false, IsTextMessageConversionEnabled = false };
        var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var messages = client.MessageReceived.Subscribe(m =>
        {
            if (m.Binary is { } bytes) peer.On(bytes);
        });
        using var ends = client.DisconnectionHappened.Subscribe(d => ended.TrySetResult(d.CloseStatusDescription ?? d.Exception?.Message ?? d.Type.ToString()));
        await client.StartOrFail().ConfigureAwait(false);
        peer.Open(bytes => client.SendAsText(bytes));
        Volatile.Write(ref _openedMs, Environment.TickCount64);
        while (true)
        {
            var done = await Task.WhenAny(ended.Task, Task.Delay(PollEvery, _stop.Token)).ConfigureAwait(false);
            if (done == ended.Task) return (await ended.Task.ConfigureAwait(false), OutsideReason.Lost);
            if (_stop.IsCancellationRequested) break;
            // It holds: the next loss begins with a short pause again.
            if (Age > TimeSpan.FromMilliseconds(HoldsMs)) _backoff.Reset();
            tally.Poll(Clock.NowNs());
            if (!peer.Poll()) break;
            polled?.Invoke();
        }
        // A courtesy to the peer: whether it works changes nothing, the client is disposed of in any case.
        Task close = client.StopOrFail(WebSocketCloseStatus.NormalClosure, "");
        await close.WaitAsync(TimeSpan.FromSeconds(2)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ("closed by us: silent, or of no use", OutsideReason.Silent);
    }

    private ClientWebSocket Make()
    {
        var socket = new ClientWebSocket { Options = { KeepAliveInterval = KeepAlive } };
        if (offersDeflate) socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        return socket;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _loop?.Wait(TimeSpan.FromSeconds(5));
        _stop.Dispose();
    }
}
