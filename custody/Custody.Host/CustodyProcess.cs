using System.Net;
using Custody.Chains;
using Custody.Host.Api;
using Custody.Host.Config;
using Custody.Host.Database;
using Custody.Host.Venue;
using Custody.Host.Workers;
using Custody.Keys;
using Custody.Policy;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Npgsql;
using Venue.Api;

namespace Custody.Host;

/// <summary>What the process is made of; tests put their own partners in.</summary>
public sealed record CustodyParts
{
    /// <summary>The options, valid.</summary>
    public required CustodyOptions Options { get; init; }

    /// <summary>The policy, valid.</summary>
    public required PolicyTerms Policy { get; init; }

    /// <summary>Who may call.</summary>
    public required OperatorsFile Operators { get; init; }

    /// <summary>Opens the networks, given who owns an address (network, canonical text).</summary>
    public required Func<Func<string, string, OwnAddress?>, IReadOnlyList<(IChain Chain, ChainTerms Terms)>> OpenChains { get; init; }

    /// <summary>The signer.</summary>
    public required ISigner Signer { get; init; }

    /// <summary>Wraps the venue's operations.</summary>
    public Func<IVenue, IVenue> Venue { get; init; } = v => v;
}

/// <summary>Starts database, feed, chain workers and API, and runs until it is told to stop or an invariant breaks.</summary>
public static class CustodyProcess
{
    /// <summary>Exit codes: 0 stopped cleanly, 1 stopped by a fault.</summary>
    public static async Task<int> Run(CustodyParts parts)
    {
        var options = parts.Options;
        Directory.CreateDirectory(options.Data);
        var cluster = options.Database is null ? new Cluster(Path.Combine(options.Data, "db")) : null;
        await using var source = NpgsqlDataSource.Create(options.Database ?? cluster!.Start());
        try
        {
            var applied = Migrations.Apply(source);
            if (applied > 0) Console.WriteLine($"database: {applied} migrations applied");
            return await Serve(parts, new Store(source));
        }
        finally
        {
            await source.DisposeAsync();
            cluster?.Stop();
        }
    }

    private static async Task<int> Serve(CustodyParts parts, Store store)
    {
        var options = parts.Options;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddSimpleConsole(o => o.SingleLine = true).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Parse(options.Host), options.Port, l => l.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();

        using var channel = GrpcChannel.ForAddress(options.Venue, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true } });
        var token = (await File.ReadAllTextAsync(options.VenueTokenFile)).Trim();
        var venue = parts.Venue(new OperationsClient(new Operations.OperationsClient(channel), token));
        var booker = new FeedBooker(store);
        var chains = parts.OpenChains((chainID, address) => store.Read(u => DepositTable.Addresses(u, chainID)).FirstOrDefault(a => a.Address.Address == address).Address);
        var addresses = new AddressBook(store, parts.Signer, [.. chains.Select(c => c.Chain)]);
        var loops = new List<ChainLoop>();
        builder.Services.AddSingleton(s => new Desk(store, parts.Policy, NowNs, s.GetRequiredService<ILoggerFactory>().CreateLogger("custody")));
        builder.Services.AddSingleton(s => new FeedReader(new Feed.FeedClient(channel), token, booker, s.GetRequiredService<Desk>().Log));
        builder.Services.AddSingleton(s => new Reconciler(s.GetRequiredService<Desk>(), venue, parts.Signer));
        builder.Services.AddSingleton(s => new OperatorService(s.GetRequiredService<Desk>(), parts.Operators, loops, addresses, s.GetRequiredService<Reconciler>(), s.GetRequiredService<FeedReader>()));
        await using var app = builder.Build();
        app.MapGrpcService<OperatorService>();

        var desk = app.Services.GetRequiredService<Desk>();
        foreach (var (chain, terms) in chains)
            loops.Add(new ChainLoop(desk, chain, addresses, new DepositWorker(desk, chain, terms, venue), new WithdrawalWorker(desk, chain, terms, venue, parts.Signer), app.Services.GetRequiredService<Reconciler>(), options.PollMs));

        await app.StartAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(app.Lifetime.ApplicationStopping);
        var work = loops.Select(l => Watch(l.Chain.ChainID, () => Task.Factory.StartNew(() => l.Run(stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)))
            .Append(Watch("feed", () => app.Services.GetRequiredService<FeedReader>().Run(stop.Token)))
            .ToArray();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Console.WriteLine($"READY grpc={new Uri(address).Authority} seq={booker.Seq} chains={string.Join(',', loops.Select(l => l.Chain.ChainID))}");
        await app.WaitForShutdownAsync();
        await stop.CancelAsync();
        return (await Task.WhenAll(work)).All(isWell => isWell) ? 0 : 1;

        // An invariant that breaks ends the process: what is in the database is whole, and the next start goes on from there.
        async Task<bool> Watch(string what, Func<Task> run)
        {
            try
            {
                await run();
                return true;
            }
            catch (Exception e)
            {
                desk.Log.Broken(what, e);
                app.Lifetime.StopApplication();
                return false;
            }
        }
    }

    private static long NowNs() => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;
}
