using LiquidityBridge.Sandbox.Market;
using Microsoft.AspNetCore.Http;

namespace LiquidityBridge.Sandbox.Okx;

/// <summary>The port: REST under /api/v5, WebSockets at /ws/v5/public and /ws/v5/private.</summary>
internal sealed class OkxServer(Exchange exchange, OkxExchange okx, OkxLogin login, Loop loop)
{
    /// <summary>WebSocket path of market data.</summary>
    public const string PublicPath = "/ws/v5/public";

    /// <summary>WebSocket path of orders and accounts.</summary>
    public const string PrivatePath = "/ws/v5/private";

    private const long SecondNs = 1_000_000_000;
    private const int ConnectionsPerSecond = 3;

    private readonly OkxRest _rest = new(exchange, okx, login, loop);
    private readonly RateWindows<string> _connections = new(ConnectionsPerSecond, SecondNs);

    /// <summary>Opens the port.</summary>
    public Task<HttpServer> Start(int port) => HttpServer.Start(port, OkxRest.BodyMax, Handle);

    private async Task Handle(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest && context.Request.Path.Value is PublicPath or PrivatePath) await WebSocket(context).ConfigureAwait(false);
        else await _rest.Handle(context).ConfigureAwait(false);
    }

    private async Task WebSocket(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        // docs-v5, "Connect": 3 requests per second, by address and service.
        if (!await loop.Ask(() => _connections.TryTake(path + context.Connection.RemoteIpAddress, loop.NowNs)).ConfigureAwait(false))
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { DangerousEnableCompression = path == PublicPath }).ConfigureAwait(false);
        var connection = await loop.Ask(() =>
        {
            var opened = new OkxConnection(socket, path == PrivatePath, okx.NextConnectionID(), loop.NowNs);
            okx.Opened(opened);
            return opened;
        }).ConfigureAwait(false);
        try
        {
            await connection.Run(async bytes =>
            {
                var request = OkxRequest.Parse(bytes);
                await loop.Post(() => okx.Received(connection, request)).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        finally
        {
            await loop.Post(() => okx.Closed(connection)).ConfigureAwait(false);
        }
    }
}
