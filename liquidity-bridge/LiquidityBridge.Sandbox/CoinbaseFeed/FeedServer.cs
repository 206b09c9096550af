using LiquidityBridge.Sandbox.Market;
using Microsoft.AspNetCore.Http;

namespace LiquidityBridge.Sandbox.CoinbaseFeed;

/// <summary>The port: REST at the root, the WebSocket at /feed (Coinbase has a host name for each).</summary>
internal sealed class FeedServer(Exchange exchange, FeedExchange feed, FeedLogin login, Faults faults, Loop loop)
{
    private const string SocketPath = "/feed";
    private const long SecondNs = 1_000_000_000;
    private const int ConnectionsPerSecond = 8;

    private readonly FeedRest _rest = new(exchange, feed, login, faults, loop);
    private readonly RateWindows<string> _connections = new(ConnectionsPerSecond, SecondNs);

    /// <summary>Opens the port.</summary>
    public Task<HttpServer> Start(int port) => HttpServer.Start(port, FeedRest.BodyMax, Handle);

    private async Task Handle(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest || !(context.Request.Path.Value ?? "").StartsWith(SocketPath, StringComparison.Ordinal))
        {
            await _rest.Handle(context).ConfigureAwait(false);
            return;
        }
        if (!await loop.Ask(() => _connections.TryTake($"{context.Connection.RemoteIpAddress}", loop.NowNs)).ConfigureAwait(false))
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { DangerousEnableCompression = true }).ConfigureAwait(false);
        var connection = await loop.Ask(() =>
        {
            var opened = new FeedConnection(socket, loop.NowNs);
            feed.Opened(opened);
            return opened;
        }).ConfigureAwait(false);
        try
        {
            await connection.Run(async bytes =>
            {
                var request = FeedRequest.Parse(bytes);
                await loop.Post(() => feed.Received(connection, request)).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        finally
        {
            await loop.Post(() => feed.Closed(connection)).ConfigureAwait(false);
        }
    }
}
