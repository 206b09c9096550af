using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LiquidityBridge.Sandbox;

/// <summary>Kestrel on one local port, without files, logs or anything else of a web site.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private const int ConnectionsMax = 500;

    private readonly WebApplication _app;

    private HttpServer(WebApplication app) => _app = app;

    /// <summary>Address and port in use.</summary>
    public IPEndPoint EndPoint
    {
        get
        {
            var uri = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
            return new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port);
        }
    }

    /// <summary>Opens the port; <paramref name="handle"/> answers everything that comes.</summary>
    public static async Task<HttpServer> Start(int port, int bodyMax, RequestDelegate handle)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, port);
            options.AddServerHeader = false;
            options.Limits.MaxConcurrentConnections = ConnectionsMax;
            options.Limits.MaxConcurrentUpgradedConnections = ConnectionsMax;
            options.Limits.MaxRequestBodySize = bodyMax + 1;
        });
        var app = builder.Build();
        // Pings of our own would make a half-open connection look alive.
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        app.Run(handle);
        await app.StartAsync().ConfigureAwait(false);
        return new HttpServer(app);
    }

    /// <summary>Closes the port and breaks what is still connected.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(patience.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }
}
