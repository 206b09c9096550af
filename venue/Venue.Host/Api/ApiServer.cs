using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Venue.Host;

/// <summary>gRPC for the house's other processes, on threads of its own: HTTP/2 without TLS, on loopback alone.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ApiServer(WebApplication application) => _application = application;

    /// <summary>Address and port in use.</summary>
    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>Opens the port.</summary>
    public static async Task<ApiServer> Start(int port, FeedService feed, OperationsService operations, OperatorsService operators)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(feed);
        builder.Services.AddSingleton(operations);
        builder.Services.AddSingleton(operators);
        var application = builder.Build();
        application.MapGrpcService<FeedService>();
        application.MapGrpcService<OperationsService>();
        application.MapGrpcService<OperatorsService>();
        await application.StartAsync();
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new ApiServer(application) { EndPoint = new IPEndPoint(IPAddress.Loopback, new Uri(address).Port) };
    }

    /// <summary>Ends the streams and closes the port.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _application.StopAsync(limit.Token);
        await _application.DisposeAsync();
    }
}
