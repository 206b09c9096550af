using System.Threading.Channels;
using Custody.Host.Database;
using Grpc.Core;
using Npgsql;
using Venue.Api;

namespace Custody.Host.Venue;

/// <summary>Reads the venue's feed without end and hands it to the booker, as many batches at once as have come.</summary>
public sealed class FeedReader(Feed.FeedClient client, string token, FeedBooker booker, ILogger log)
{
    private const int BatchesMax = 256;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Why nothing is read now; null while the stream is open.</summary>
    public string? Down { get; private set; } = "not connected yet";

    /// <summary>Runs until it is stopped. A venue or database that is down is a state; anything else ends the process.</summary>
    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ReadOnce(stop);
                Went("the venue closed the feed");
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (RpcException e) when (!stop.IsCancellationRequested)
            {
                Went($"{e.StatusCode} {e.Status.Detail}");
            }
            catch (NpgsqlException e) when (e.IsTransient)
            {
                Went(e.Message);
            }
            await Task.Delay(Pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadOnce(CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var call = client.Events(new EventsRequest { AfterSeq = booker.Seq }, new Metadata { { "authorization", $"Bearer {token}" } }, cancellationToken: ended.Token);
        // Bounded: a slow database slows the reading, and gRPC's flow control the venue's sending.
        var batches = Channel.CreateBounded<EventBatch>(new BoundedChannelOptions(BatchesMax) { SingleReader = true, SingleWriter = true });
        var reading = Task.Run(async () =>
        {
            try
            {
                while (await call.ResponseStream.MoveNext(ended.Token))
                {
                    if (Down is not null) Came();
                    await batches.Writer.WriteAsync(call.ResponseStream.Current, ended.Token);
                }
                batches.Writer.Complete();
            }
            catch (Exception e)
            {
                batches.Writer.Complete(e);
            }
        }, CancellationToken.None);
        try
        {
            var taken = new List<EventBatch>(BatchesMax);
            while (await batches.Reader.WaitToReadAsync(ended.Token))
            {
                taken.Clear();
                while (taken.Count < BatchesMax && batches.Reader.TryRead(out var batch)) taken.Add(batch);
                booker.Book(taken);
            }
        }
        finally
        {
            await ended.CancelAsync();
            await reading;
        }
    }

    private void Came()
    {
        Down = null;
        log.FeedUp(booker.Seq);
    }

    private void Went(string why)
    {
        if (why != Down) log.FeedDown(why);
        Down = why;
    }
}
