using Grpc.Core;
using Venue.Messages;
using Venue.Sequencer;
using Wire = Venue.Api;

namespace Venue.Host;

/// <summary>Puts commands of other processes and of operators into the one line, and answers when they are durable.</summary>
/// <param name="ring">The line.</param>
/// <param name="replica">Tells what became of a command.</param>
/// <param name="wake">Wakes the core loop.</param>
internal sealed class CommandDoor(InboundRing ring, Replica replica, Action wake)
{
    /// <summary>Submits a command; the receipt comes when it is durable.</summary>
    /// <exception cref="RpcException">The venue is busy, or refused it: nothing was done.</exception>
    public Task<Wire.Receipt> Submit(Span<byte> slot, CancellationToken cancellation)
    {
        var (request, outcome) = replica.Expect();
        Command.Header(slot).Request = request;
        if (!ring.TryPublish(slot[..Command.Header(slot).Length]))
        {
            replica.Forget(request);
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "the venue is busy: nothing was done, ask again with the same key"));
        }
        wake();
        return Answer(outcome, cancellation);
    }

    private static async Task<Wire.Receipt> Answer(Task<Outcome> outcome, CancellationToken cancellation)
    {
        // The caller that goes away does not undo anything: it asks again with the same key.
        var (seq, timeNs, refusal) = await outcome.WaitAsync(cancellation);
        return refusal switch
        {
            Reason.None => new Wire.Receipt { Seq = seq, TimeNs = timeNs },
            Reason.KeyReused => throw new RpcException(new Status(StatusCode.AlreadyExists, "the key was used before with another content; nothing was done")),
            Reason.AmountOutOfRange => throw new RpcException(new Status(StatusCode.FailedPrecondition, "the amount is not available, or more than the engine can count; nothing was done")),
            Reason.AlreadyEnded => throw new RpcException(new Status(StatusCode.FailedPrecondition, "the withdrawal was ended the other way; nothing was done")),
            Reason.UnknownKey => throw new RpcException(new Status(StatusCode.NotFound, "no withdrawal is held under this key; nothing was done")),
            Reason.Contradiction => throw new RpcException(new Status(StatusCode.InvalidArgument, "the firm, the asset, the target or the key does not exist or is empty; nothing was done")),
            Reason.MarginExceeded => throw new RpcException(new Status(StatusCode.FailedPrecondition, "the margin account's collateral does not carry it; nothing was done")),
            Reason.MarginLiquidating => throw new RpcException(new Status(StatusCode.FailedPrecondition, "the margin account is being liquidated; nothing was done")),
            Reason.TooManyRequests => throw new RpcException(new Status(StatusCode.FailedPrecondition, "the one before is not done yet; nothing was done")),
            _ => throw new RpcException(new Status(StatusCode.Internal, $"refused: {refusal}")),
        };
    }
}
