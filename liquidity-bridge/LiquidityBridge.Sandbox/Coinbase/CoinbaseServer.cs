using LiquidityBridge.Sandbox.Market;
using Microsoft.AspNetCore.Http;

namespace LiquidityBridge.Sandbox.Coinbase;

/// <summary>The port: REST under /api/v3/brokerage, WebSockets at /ws (market data) and /user (Coinbase has a host name for each).</summary>
internal sealed class CoinbaseServer(Exchange exchange, CoinbaseExchange coinbase, CoinbaseJwt tokens, Faults faults, Loop loop)
{
    /// <summary>WebSocket path of market data, and of a user's orders as well.</summary>
    public const string MarketPath = "/ws";

    /// <summary>WebSocket path of a user's orders only.</summary>
    public const string UserPath = "/user";

    private const long SecondNs = 1_000_000_000;
    private const int ConnectionsPerSecond = 8;

    private readonly CoinbaseRest _rest = new(exchange, coinbase, tokens, faults, loop);
    private readonly RateWindows<string> _connections = new(ConnectionsPerSecond, SecondNs);

    /// <summary>Opens the port.</summary>
    public Task<HttpServer> Start(int port) => HttpServer.Start(port, CoinbaseRest.BodyMax, Handle);

    private async Task Handle(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest && context.Request.Path.Value is MarketPath or UserPath) await WebSocket(context).ConfigureAwait(false);
        else await _rest.Handle(context).ConfigureAwait(false);
    }

    private async Task WebSocket(HttpContext context)
    {
        if (!await loop.Ask(() => _connections.TryTake($"{context.Connection.RemoteIpAddress}", loop.NowNs)).ConfigureAwait(false))
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }
        var isUser = context.Request.Path.Value == UserPath;
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { DangerousEnableCompression = !isUser }).ConfigureAwait(false);
        var connection = await loop.Ask(() =>
        {
            var opened = new CoinbaseConnection(socket, isUser, loop.NowNs);
            coinbase.Opened(opened);
            return opened;
        }).ConfigureAwait(false);
        try
        {
            await connection.Run(async bytes =>
            {
                var request = CoinbaseRequest.Parse(bytes);
                await loop.Post(() => coinbase.Received(connection, request)).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        finally
        {
            await loop.Post(() => coinbase.Closed(connection)).ConfigureAwait(false);
        }
    }
}
