using Grpc.Core;
using Wire = Venue.Api;

namespace Venue.Host;

/// <summary>An act that can be carried out: its names are known, what is left is to do it.</summary>
/// <param name="Run">Does it; gives the command's sequence number, 0 where it is none.</param>
internal sealed record PreparedAct(Func<ActBy, Task<long>> Run);

/// <summary>Who does an act, and why, for the journal.</summary>
/// <param name="Names">The person, or both with a plus between.</param>
/// <param name="Reason">Why.</param>
internal readonly record struct ActBy(string Names, string Reason)
{
    /// <summary>Both, for commands that have one place for them.</summary>
    public string Line => $"{Names}: {Reason}";
}

/// <summary>Who may do what, and with whom: the record first, then the act; what is dangerous waits for a second person.</summary>
/// <param name="log">The record.</param>
/// <param name="prepare">Finds what an act names, or throws what is wrong with it.</param>
/// <param name="nowNs">The time, in nanoseconds since 1970 UTC.</param>
internal sealed class ActDesk(ActLog log, Func<Wire.ActRequest, Task<PreparedAct>> prepare, Func<long> nowNs)
{
    /// <summary>A proposal that nobody approves in this time is gone.</summary>
    public const long WaitNs = 600_000_000_000;

    private const int WaitingMax = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, Proposal> _waiting = [];

    private sealed record Proposal(Wire.ActRecord Record, Wire.ActRequest Request, ActTerms Terms);

    /// <summary>Does an act, or proposes it.</summary>
    public async Task<Wire.ActReply> Act(Operator by, Wire.ActRequest request)
    {
        var terms = ActTerms.Of(request);
        Require(by, terms);
        var prepared = await prepare(request);
        if (terms.Persons == 1) return await Do(log.Begin(by.Name, "begun", terms.What, request.Reason), by.Name, by.Name, prepared, request.Reason);
        lock (_lock)
        {
            Expire();
            if (_waiting.Count == WaitingMax) throw new RpcException(new Status(StatusCode.ResourceExhausted, $"{WaitingMax} acts wait for a second person; nothing was done"));
            var record = log.Begin(by.Name, "waiting", terms.What, request.Reason);
            _waiting[record.Number] = new Proposal(record, request, terms);
            return new Wire.ActReply { Number = record.Number, State = record.State };
        }
    }

    /// <summary>The second person's word: the act is done.</summary>
    public async Task<Wire.ActReply> Approve(Operator by, long number)
    {
        var proposal = Find(number);
        Require(by, proposal.Terms);
        if (by.Name == proposal.Record.By) throw new RpcException(new Status(StatusCode.PermissionDenied, "who proposed an act cannot approve it"));
        // What it names can be gone by now: then it goes on waiting.
        var prepared = await prepare(proposal.Request);
        Take(proposal);
        var record = log.Add(proposal.Record, by.Name, "approved");
        return await Do(record, by.Name, $"{proposal.Record.By}+{by.Name}", prepared, proposal.Request.Reason);
    }

    /// <summary>A proposal is taken back or refused.</summary>
    public Wire.ActReply Drop(Operator by, long number)
    {
        var proposal = Find(number);
        Require(by, proposal.Terms);
        Take(proposal);
        log.Add(proposal.Record, by.Name, "dropped");
        return new Wire.ActReply { Number = number, State = "dropped" };
    }

    /// <summary>What waits, the oldest first.</summary>
    public IReadOnlyList<Wire.ActRecord> Waiting()
    {
        lock (_lock)
        {
            Expire();
            return [.. _waiting.Values.Select(p => p.Record)];
        }
    }

    private async Task<Wire.ActReply> Do(Wire.ActRecord record, string by, string names, PreparedAct act, string reason)
    {
        try
        {
            var seq = await act.Run(new ActBy(names, reason));
            log.Add(record, by, "done", seq: seq);
            return new Wire.ActReply { Number = record.Number, State = "done", Seq = seq };
        }
        catch (RpcException refusal)
        {
            log.Add(record, by, "refused", refusal.Status.Detail);
            throw;
        }
    }

    private Proposal Find(long number)
    {
        lock (_lock)
        {
            Expire();
            return _waiting.GetValueOrDefault(number) ?? throw Gone(number);
        }
    }

    /// <summary>Only one of two who come at once gets it.</summary>
    private void Take(Proposal proposal)
    {
        lock (_lock)
            if (!_waiting.Remove(proposal.Record.Number)) throw Gone(proposal.Record.Number);
    }

    private void Expire()
    {
        var now = nowNs();
        foreach (var proposal in _waiting.Values.Where(p => now - p.Record.TimeNs > WaitNs).ToList())
        {
            _waiting.Remove(proposal.Record.Number);
            log.Add(proposal.Record, "", "expired");
        }
    }

    private static RpcException Gone(long number) => new(new Status(StatusCode.NotFound, $"no act {number} waits for a second person"));

    private static void Require(Operator by, ActTerms terms)
    {
        if ((by.Roles & terms.Role) == 0)
            throw new RpcException(new Status(StatusCode.PermissionDenied, $"{by.Name} has not the role {terms.Role.ToString().ToLowerInvariant()}, which this takes: {terms.What}"));
    }
}
