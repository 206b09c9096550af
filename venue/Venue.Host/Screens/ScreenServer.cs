using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Venue.Host;

/// <summary>The WebSocket port for screens: public data, on threads of its own. WEBSOCKET.md is its page for counterparties.</summary>
internal sealed class ScreenServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Replica _replica;
    private readonly ScreenLimits _limits;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _connections = [];
    private long _malformed, _refused, _cutOff;
    private int _open;

    private ScreenServer(WebApplication application, Replica replica, ScreenLimits limits) => (_application, _replica, _limits) = (application, replica, limits);

    /// <summary>Address and port in use.</summary>
    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>Messages without sense so far.</summary>
    public long Malformed => Interlocked.Read(ref _malformed);

    /// <summary>Connections refused so far, for one of the limits.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Connections cut off so far.</summary>
    public long CutOff => Interlocked.Read(ref _cutOff);

    /// <summary>One line for the operator.</summary>
    public string Summary => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"screens open={_open} refused={Refused} malformed={Malformed} cut off={CutOff}");

    /// <summary>Opens the port.</summary>
    public static async Task<ScreenServer> Start(IPEndPoint endPoint, Replica replica, ScreenLimits limits)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxConcurrentConnections = limits.Connections * 2;
            kestrel.Limits.MaxConcurrentUpgradedConnections = limits.Connections;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(endPoint);
        });
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = at =>
        {
            // Inherited by what is accepted: without it the kernel would take megabytes for who never reads.
            var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { SendBufferSize = limits.KernelBytes };
            socket.Bind(at);
            return socket;
        });
        var application = builder.Build();
        var server = new ScreenServer(application, replica, limits);
        application.UseWebSockets();
        application.Map("/v1", server.Serve);
        await application.StartAsync();
        var address = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        server.EndPoint = new IPEndPoint(endPoint.Address, address.Port);
        return server;
    }

    private async Task Serve(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (!TryEnter(address))
        {
            Interlocked.Increment(ref _refused);
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }
        try
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await Serve(new ScreenClient(socket, address, _limits), socket);
        }
        finally
        {
            Leave(address);
        }
    }

    private async Task Serve(ScreenClient client, WebSocket socket)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var sending = client.Send(over.Token);
        try
        {
            await Listen(client, socket, _stop.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The other end went without a word, or we cut it off: neither is a fault of ours.
        }
        if (client.EndReason is not null) Interlocked.Increment(ref _cutOff);
        await over.CancelAsync();
        await sending.ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
        await _replica.Screen((feed, state) => feed.End(client, state));
    }

    private async Task Listen(ScreenClient client, WebSocket socket, CancellationToken stop)
    {
        var buffer = new byte[_limits.RequestBytes];
        var (malformed, requests, since) = (0, 0, Stopwatch.GetTimestamp());
        for (var length = 0; ;)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length), stop);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, stop);
                return;
            }
            length += received.Count;
            if (!received.EndOfMessage && length < buffer.Length) continue;
            if (Stopwatch.GetElapsedTime(since) > TimeSpan.FromSeconds(1)) (requests, since) = (0, Stopwatch.GetTimestamp());
            string? fault = null;
            if (!received.EndOfMessage || received.MessageType != WebSocketMessageType.Text) fault = "a message is text of at most 8192 bytes";
            else if (++requests > _limits.RequestsPerSecond) fault = "too many messages in a second";
            else if (ScreenRequest.TryRead(buffer.AsMemory(0, length), out var request, out fault)) await Do(client, request);
            length = 0;
            if (string.IsNullOrEmpty(fault)) continue;
            Interlocked.Increment(ref _malformed);
            client.Answer(ScreenJson.Answer(null, fault, null));
            if (received.EndOfMessage && ++malformed < _limits.MalformedMax) continue;
            client.End("too many messages without sense, or one that never ends");
            return;
        }
    }

    private async Task Do(ScreenClient client, ScreenRequest request)
    {
        if (request.Method == "ping") client.Answer(ScreenJson.Answer("pong", null, request.Id));
        else if (!await _replica.Screen((feed, state) => feed.Do(client, request, state, Clock.NowNs()))) client.Answer(ScreenJson.Answer(request.Method, "the venue is starting", request.Id));
    }

    private bool TryEnter(IPAddress address)
    {
        lock (_lock)
        {
            var own = _connections.GetValueOrDefault(address);
            if (_open >= _limits.Connections || own >= _limits.ConnectionsPerAddress) return false;
            _open++;
            _connections[address] = own + 1;
            return true;
        }
    }

    private void Leave(IPAddress address)
    {
        lock (_lock)
        {
            _open--;
            if (--_connections[address] == 0) _connections.Remove(address);
        }
    }

    /// <summary>Closes the port.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _application.StopAsync(limit.Token);
        await _application.DisposeAsync();
        _stop.Dispose();
    }
}
