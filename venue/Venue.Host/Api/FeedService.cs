using Grpc.Core;
using Wire = Venue.Api;

namespace Venue.Host;

/// <summary>The feed: every event after a sequence number, then each as it becomes durable.</summary>
internal sealed class FeedService(FeedLog log, Tokens tokens) : Wire.Feed.FeedBase
{
    private const int RecordsPerBatch = 256;

    public override async Task Events(Wire.EventsRequest request, IServerStreamWriter<Wire.EventBatch> responseStream, ServerCallContext context)
    {
        Caller.Require(context, tokens, Role.Feed | Role.Custody | Role.Bridge | Role.Operator);
        if (request.AfterSeq < 0) throw new RpcException(new Status(StatusCode.InvalidArgument, $"after_seq {request.AfterSeq} is negative"));
        try
        {
            if (request.FromOldest) request.AfterSeq = log.OldestSeq;
            using var reader = log.After(request.AfterSeq) ?? throw TooOld(request.AfterSeq);
            await Tell(reader, request, responseStream, context);
        }
        catch (FileNotFoundException)
        {
            throw TooOld(request.AfterSeq);
        }
    }

    /// <summary>A consumer that comes back after longer than the feed is kept, or reads more slowly than it is pruned.</summary>
    private RpcException TooOld(long afterSeq) => new(new Status(StatusCode.OutOfRange,
        $"the feed cannot be resumed after command {afterSeq}: what follows it is pruned. The oldest after_seq that can be resumed from is {log.OldestSeq}; what lies between must come from elsewhere (see JournalKeep and JournalArchive of the venue)"));

    private static async Task Tell(FeedReader reader, Wire.EventsRequest request, IServerStreamWriter<Wire.EventBatch> responseStream, ServerCallContext context)
    {
        var told = request.AfterSeq;
        if (request.FromOldest && reader.Definitions is var (definitions, seq))
        {
            var first = Wire.EventBatch.Parser.ParseFrom(definitions);
            first.ThroughSeq = seq;
            await responseStream.WriteAsync(first, context.CancellationToken);
        }
        while (!context.CancellationToken.IsCancellationRequested)
        {
            var records = reader.Read(RecordsPerBatch, out var throughSeq, out var more);
            var batch = new Wire.EventBatch { ThroughSeq = throughSeq };
            foreach (var record in records) batch.Events.AddRange(Wire.EventBatch.Parser.ParseFrom(record).Events);
            if (throughSeq > told)
            {
                await responseStream.WriteAsync(batch, context.CancellationToken);
                told = throughSeq;
            }
            await more.WaitAsync(context.CancellationToken);
        }
    }
}

/// <summary>Who calls, by the bearer token.</summary>
internal static class Caller
{
    /// <summary>Refuses a call that lacks a token or whose role is not among <paramref name="allowed"/>; returns the role.</summary>
    public static Role Require(ServerCallContext context, Tokens tokens, Role allowed)
    {
        var role = tokens.RoleOf(Token(context));
        if (role == Role.None) throw new RpcException(new Status(StatusCode.Unauthenticated, "the token is unknown"));
        if ((role & allowed) == 0) throw new RpcException(new Status(StatusCode.PermissionDenied, $"the role {role.ToString().ToLowerInvariant()} may not call this"));
        return role;
    }

    /// <summary>The call's bearer token.</summary>
    public static string Token(ServerCallContext context)
    {
        const string Scheme = "Bearer ";
        var header = context.RequestHeaders.GetValue("authorization");
        if (header is not null && header.StartsWith(Scheme, StringComparison.Ordinal)) return header[Scheme.Length..];
        throw new RpcException(new Status(StatusCode.Unauthenticated, "the call has no \"authorization: Bearer TOKEN\""));
    }
}
