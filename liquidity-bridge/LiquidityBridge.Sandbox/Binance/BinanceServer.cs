using System.Globalization;
using System.Text.Json;
using LiquidityBridge.Sandbox.Control;
using LiquidityBridge.Sandbox.Market;
using Microsoft.AspNetCore.Http;

namespace LiquidityBridge.Sandbox.Binance;

/// <summary>The port: REST under /api/v3, market streams at /ws and /stream, the WebSocket API at /ws-api/v3 (Binance has a host name for each).</summary>
internal sealed class BinanceServer(Exchange exchange, BinanceExchange binance, Loop loop)
{
    private const int BodyMax = 1 << 10;
    private const int ConnectionsMax = 300;
    private const long ConnectionsNs = 300_000_000_000;

    private readonly RateWindows<string> _connections = new(ConnectionsMax, ConnectionsNs);
    private readonly BinanceMarketData _market = new(exchange, binance);

    /// <summary>Opens the port.</summary>
    public Task<HttpServer> Start(int port) => HttpServer.Start(port, BodyMax, Handle);

    private Task Handle(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (!context.WebSockets.IsWebSocketRequest) return Rest(context, path);
        if (path == "/ws-api/v3") return WebSocket(context, BinanceLine.Api, []);
        if (path == "/stream") return WebSocket(context, BinanceLine.Combined, context.Request.Query["streams"].ToString().Split('/'));
        if (path == "/ws" || path.StartsWith("/ws/", StringComparison.Ordinal)) return WebSocket(context, BinanceLine.Raw, path.Split('/')[2..]);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private async Task WebSocket(HttpContext context, BinanceLine line, string[] streams)
    {
        // web-socket-streams.md: 300 connections by address every 5 minutes.
        if (!await loop.Ask(() => _connections.TryTake($"{context.Connection.RemoteIpAddress}", loop.NowNs)).ConfigureAwait(false))
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { DangerousEnableCompression = line != BinanceLine.Api }).ConfigureAwait(false);
        var connection = new BinanceConnection(socket, line);
        await loop.Post(() => binance.Opened(connection, streams)).ConfigureAwait(false);
        try
        {
            await connection.Run(async bytes =>
            {
                var request = BinanceRequest.Parse(bytes);
                await loop.Post(() => binance.Received(connection, request)).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        finally
        {
            await loop.Post(() => binance.Closed(connection)).ConfigureAwait(false);
        }
    }

    private async Task Rest(HttpContext context, string path)
    {
        var (status, body, used, retryAfter) = await loop.Ask(() => Rest(context.Request, path)).ConfigureAwait(false);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        context.Response.Headers["x-mbx-used-weight-1m"] = used.ToString(CultureInfo.InvariantCulture);
        if (retryAfter > 0) context.Response.Headers.RetryAfter = retryAfter.ToString(CultureInfo.InvariantCulture);
        await context.Response.Body.WriteAsync(body).ConfigureAwait(false);
    }

    private (int Status, byte[] Body, int Used, int RetryAfter) Rest(HttpRequest http, string path)
    {
        exchange.NowNs = loop.NowNs;
        var request = BinanceRequest.Of(http.Query);
        var weight = path switch { "/api/v3/exchangeInfo" => 20, "/api/v3/depth" => BinanceMarketData.DepthWeight(request), _ => 1 };
        var (error, retryAfter) = binance.Limits.Take(weight, loop.NowNs);
        Action<Utf8JsonWriter>? members = null;
        if (error is null && !HttpMethods.IsGet(http.Method)) error = BinanceError.NoMethod;
        if (error is null)
        {
            (error, members) = path switch
            {
                "/api/v3/ping" => (null, _ => { }),
                "/api/v3/time" => (null, w => w.WriteNumber("serverTime", binance.Login.Ms(loop.NowNs))),
                "/api/v3/exchangeInfo" => _market.Info(request),
                "/api/v3/depth" => _market.Depth(request),
                _ => (new BinanceError(-1121, "Not found.", StatusCodes.Status404NotFound), (Action<Utf8JsonWriter>?)null),
            };
        }
        var body = Json.Object(w =>
        {
            if (error is null)
            {
                members!(w);
                return;
            }
            w.WriteNumber("code", error.Code);
            w.WriteString("msg", error.Message);
        });
        return (error?.Status ?? StatusCodes.Status200OK, body, binance.Limits.Used(loop.NowNs), retryAfter);
    }
}

/// <summary>What the control port can do to Binance's connections.</summary>
internal sealed class BinanceConnections(BinanceExchange binance) : WebSocketConnections<BinanceConnection>(binance.Connections)
{
    public override void Shutdown() => binance.Shutdown();

    public override void ExpireTokens() => binance.ExpireSessions();

    public override long OrderNumber(string orderID) => long.TryParse(orderID, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
