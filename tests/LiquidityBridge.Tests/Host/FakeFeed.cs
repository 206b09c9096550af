using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Venue.Api;

namespace LiquidityBridge.Tests.Host;

/// <summary>The venue's feed in this process: batches that a test puts in, from after the sequence number asked for.</summary>
internal sealed class FakeFeed : Feed.FeedBase, IAsyncDisposable
{
    public const string Token = "bridge-token";

    private readonly List<EventBatch> _batches = [];
    private readonly ConcurrentBag<CancellationTokenSource> _calls = [];
    private WebApplication? _application;

    /// <summary>after_seq of every call, in order.</summary>
    public ConcurrentQueue<long> AskedAfter { get; } = new();

    /// <summary>Index prices as they came, refused ones included.</summary>
    public ConcurrentQueue<(int Instrument, long Ticks)> Told { get; } = new();

    /// <summary>Index prices are refused with this; null: they are taken.</summary>
    public Status? Refusal { get; set; }

    public Uri Address { get; private set; } = null!;

    public static async Task<FakeFeed> Start()
    {
        var feed = new FakeFeed();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(feed);
        feed._application = builder.Build();
        feed._application.MapGrpcService<FakeFeed>();
        feed._application.MapGrpcService<IndexTaker>();
        await feed._application.StartAsync();
        feed.Address = new Uri(feed._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return feed;
    }

    public void Put(long throughSeq, params Event[] events)
    {
        var batch = new EventBatch { ThroughSeq = throughSeq };
        batch.Events.AddRange(events);
        lock (_batches) _batches.Add(batch);
    }

    /// <summary>Breaks every stream that is open.</summary>
    public void Cut()
    {
        foreach (var call in _calls) call.Cancel();
    }

    public override async Task Events(EventsRequest request, IServerStreamWriter<EventBatch> responseStream, ServerCallContext context)
    {
        if (context.RequestHeaders.GetValue("authorization") != $"Bearer {Token}") throw new RpcException(new Status(StatusCode.Unauthenticated, "no such token"));
        AskedAfter.Enqueue(request.AfterSeq);
        // Not disposed of: Cut may still come.
        var cut = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        _calls.Add(cut);
        for (var next = 0; ; )
        {
            EventBatch? batch = null;
            lock (_batches)
                if (next < _batches.Count) batch = _batches[next++];
            if (batch is null) await Task.Delay(10, cut.Token);
            else if (batch.ThroughSeq > request.AfterSeq) await responseStream.WriteAsync(batch, cut.Token);
        }
    }

    /// <summary>The one operation that the bridge asks for without being asked.</summary>
    internal sealed class IndexTaker(FakeFeed feed) : Operations.OperationsBase
    {
        public override Task<Receipt> SetIndexPrice(IndexPriceRequest request, ServerCallContext context)
        {
            if (context.RequestHeaders.GetValue("authorization") != $"Bearer {Token}") throw new RpcException(new Status(StatusCode.Unauthenticated, "no such token"));
            feed.Told.Enqueue((request.Instrument, request.PriceTicks));
            return feed.Refusal is { } refusal ? throw new RpcException(refusal) : Task.FromResult(new Receipt());
        }
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        if (_application is not null) await _application.DisposeAsync();
    }
}
