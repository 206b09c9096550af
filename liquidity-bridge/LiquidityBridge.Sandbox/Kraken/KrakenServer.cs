using LiquidityBridge.Sandbox.Market;
using Microsoft.AspNetCore.Http;

namespace LiquidityBridge.Sandbox.Kraken;

/// <summary>The port: REST under /0, public WebSockets at /v2, private ones at /auth/v2 (Kraken has a host name for each).</summary>
internal sealed class KrakenServer(Exchange exchange, KrakenExchange kraken, IReadOnlyList<Account> accounts, Loop loop)
{
    /// <summary>WebSocket path of market data.</summary>
    public const string PublicPath = "/v2";

    /// <summary>WebSocket path of orders and accounts.</summary>
    public const string PrivatePath = "/auth/v2";

    private readonly KrakenRest _rest = new(exchange, kraken, accounts, loop);

    /// <summary>Opens the port.</summary>
    public Task<HttpServer> Start(int port) => HttpServer.Start(port, KrakenRest.BodyMax, Handle);

    private async Task Handle(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest && context.Request.Path.Value is PublicPath or PrivatePath) await WebSocket(context).ConfigureAwait(false);
        else await _rest.Handle(context).ConfigureAwait(false);
    }

    private async Task WebSocket(HttpContext context)
    {
        var isPrivate = context.Request.Path.Value == PrivatePath;
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { DangerousEnableCompression = !isPrivate }).ConfigureAwait(false);
        var connection = new Connection(socket, isPrivate, await loop.Ask(kraken.NextConnectionID).ConfigureAwait(false));
        await loop.Post(() => kraken.Opened(connection)).ConfigureAwait(false);
        try
        {
            await connection.Run(async bytes =>
            {
                var request = Request.Parse(bytes);
                await loop.Post(() => kraken.Received(connection, request)).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        finally
        {
            await loop.Post(() => kraken.Closed(connection)).ConfigureAwait(false);
        }
    }
}
