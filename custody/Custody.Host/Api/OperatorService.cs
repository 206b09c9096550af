using System.Globalization;
using System.Security.Cryptography;
using Custody.Chains;
using Custody.Host.Config;
using Custody.Host.Database;
using Custody.Host.Venue;
using Custody.Host.Workers;
using Custody.Keys;
using Custody.Policy;
using Custody.Withdrawals;
using Google.Protobuf;
using Grpc.Core;
using Venue.Messages;
using Withdrawal = Custody.Withdrawals.Withdrawal;

namespace Custody.Host.Api;

/// <summary>The operator API: writes down what is asked; workers do it.</summary>
public sealed class OperatorService(Desk desk, OperatorsFile operators, IReadOnlyList<ChainLoop> loops, AddressBook addresses, Reconciler reconciler, FeedReader feed) : Operator.OperatorBase
{
    /// <inheritdoc/>
    public override Task<WithdrawalState> RequestWithdrawal(WithdrawalRequest request, ServerCallContext context)
    {
        var caller = Require(context, OperatorRole.Requester);
        if (request.Key.Length is 0 or > 128) throw Invalid("key: 1 to 128 characters");
        var chain = ChainOf(request.Chain);
        if (!chain.TryParseAddress(request.Destination, out var destination)) throw Invalid($"destination: '{request.Destination}' is not an address of {chain.ChainID}");
        var intent = new WithdrawalIntent
        {
            Nonce = RandomNumberGenerator.GetHexString(32, lowercase: true),
            Firm = request.Firm,
            ChainID = chain.ChainID,
            Asset = request.Asset,
            Amount = Atoms(request.Atoms, "atoms"),
            Destination = destination,
            FeeMax = Atoms(request.FeeMax, "fee_max"),
            Requester = caller.Name,
            ExpiresAt = desk.Now + request.LifetimeSeconds,
        };
        if (intent.Fault() is { } fault) throw Invalid(fault);
        using var unit = desk.Store.Begin();
        var refusal = Rules.Check(desk.Policy, new PolicyCase
        {
            Intent = intent,
            Now = desk.Now,
            SpentInDay = WithdrawalTable.SpentSince(unit, intent.ChainID, intent.Asset, desk.WindowStartNs, intent.Nonce),
            IsDestinationOwn = DepositTable.Addresses(unit, chain.ChainID).Any(a => a.Address.Address == destination),
            IsHalted = AlarmTable.HaltedBecause(unit) is not null,
        }, PolicyStage.Request);
        var withdrawal = new Withdrawal(intent, refusal is null ? WithdrawalStatus.Holding : WithdrawalStatus.Refused, refusal?.ToString() ?? "");
        var before = WithdrawalTable.Add(unit, request.Key, withdrawal, desk.NowNs);
        if (before is not null && !IsSame(before.Withdrawal.Intent, intent)) throw new RpcException(new Status(StatusCode.AlreadyExists, $"key '{request.Key}' asked for something else"));
        unit.Commit();
        var answer = before?.Withdrawal ?? withdrawal;
        if (before is null && refusal is not null) throw Refused(refusal.ToString());
        if (answer.Status == WithdrawalStatus.Refused) throw Refused(answer.Reason);
        return Task.FromResult(desk.Store.Read(u => StateOf(u, answer)));
    }

    /// <inheritdoc/>
    public override Task<WithdrawalState> GetWithdrawal(WithdrawalID request, ServerCallContext context)
    {
        Require(context, OperatorRole.Viewer);
        return Task.FromResult(desk.Store.Read(u => StateOf(u, Find(u, request.Nonce).Withdrawal)));
    }

    /// <inheritdoc/>
    public override Task<WithdrawalList> ListWithdrawals(ListRequest request, ServerCallContext context)
    {
        Require(context, OperatorRole.Viewer);
        return Task.FromResult(desk.Store.Read(u => new WithdrawalList { Withdrawals = { WithdrawalTable.Latest(u, Limit(request), request.OpenOnly).Select(w => StateOf(u, w.Withdrawal)) } }));
    }

    /// <inheritdoc/>
    public override Task<WithdrawalState> Approve(ApprovalRequest request, ServerCallContext context)
    {
        Require(context, OperatorRole.Requester);
        using var unit = desk.Store.Begin();
        var withdrawal = Find(unit, request.Nonce).Withdrawal;
        if (withdrawal.Status is not (WithdrawalStatus.Holding or WithdrawalStatus.Requested)) throw Refused($"it is {withdrawal.Status}: no approval is asked for");
        var approval = new Approval(request.Approver, request.Signature.Memory);
        // Only what policy would take is kept: a wrong approval would refuse the withdrawal for good.
        var refusal = Rules.Check(desk.Policy with { ApprovalsRequired = 1 }, new PolicyCase { Intent = withdrawal.Intent, Now = desk.Now, Approvals = [approval] }, PolicyStage.Quorum);
        if (refusal is not null) throw Refused(refusal.ToString());
        WithdrawalTable.Approve(unit, request.Nonce, approval, desk.NowNs);
        unit.Commit();
        return Task.FromResult(desk.Store.Read(u => StateOf(u, Find(u, request.Nonce).Withdrawal)));
    }

    /// <inheritdoc/>
    public override Task<WithdrawalState> Cancel(WithdrawalID request, ServerCallContext context)
    {
        var caller = Require(context, OperatorRole.Requester);
        using var unit = desk.Store.Begin();
        var stored = Find(unit, request.Nonce);
        if (caller.Role != OperatorRole.Operator && stored.Withdrawal.Intent.Requester != caller.Name) throw new RpcException(new Status(StatusCode.PermissionDenied, $"it was asked for by '{stored.Withdrawal.Intent.Requester}'"));
        if (!stored.Withdrawal.IsCancelable) throw Refused($"it is {stored.Withdrawal.Status}: it cannot be canceled");
        if (!WithdrawalTable.Save(unit, stored, stored.Withdrawal.Move(WithdrawalEvent.ClientCanceled, desk.NowNs, $"canceled by {caller.Name}")))
            throw new RpcException(new Status(StatusCode.Aborted, "it moved in this moment: ask again"));
        unit.Commit();
        return Task.FromResult(desk.Store.Read(u => StateOf(u, stored.Withdrawal)));
    }

    /// <inheritdoc/>
    public override Task<AddressReply> DepositAddress(AddressRequest request, ServerCallContext context)
    {
        Require(context, OperatorRole.Operator);
        if (request.Firm < 0) throw Invalid("firm: negative");
        try
        {
            return Task.FromResult(new AddressReply { Address = addresses.DepositAddress(ChainOf(request.Chain), request.Firm) });
        }
        catch (SignerUnavailableException e)
        {
            throw Down(e);
        }
    }

    /// <inheritdoc/>
    public override Task<DepositList> ListDeposits(ListRequest request, ServerCallContext context)
    {
        Require(context, OperatorRole.Viewer);
        return Task.FromResult(new DepositList
        {
            Deposits =
            {
                desk.Store.Read(u => DepositTable.Latest(u, Limit(request))).Select(d => new DepositState
                {
                    Key = d.Key,
                    Firm = d.Firm,
                    Chain = d.ChainID,
                    Asset = d.Payment.Asset,
                    Atoms = AtomsText.Of(d.Amount),
                    Status = d.Status.ToString(),
                    Height = d.Payment.Block.Height,
                    Address = d.Payment.Address,
                }),
            },
        });
    }

    /// <inheritdoc/>
    public override Task<BalanceList> Balances(Nothing request, ServerCallContext context)
    {
        Require(context, OperatorRole.Viewer);
        var (seq, balances) = desk.Store.Read(u => (FeedTable.Seq(u), LedgerTable.Balances(u)));
        return Task.FromResult(new BalanceList
        {
            VenueSeq = seq,
            Balances = { balances.Where(b => b.Value.Atoms != 0).Select(b => new AccountBalance { Account = b.Key.ToString(), Atoms = AtomsText.Of(b.Value) }).OrderBy(b => b.Account, StringComparer.Ordinal) },
        });
    }

    /// <inheritdoc/>
    public override async Task<ReconcileReply> Reconcile(Nothing request, ServerCallContext context)
    {
        Require(context, OperatorRole.Operator);
        var reply = new ReconcileReply { Agrees = true };
        try
        {
            // The engine is ahead of the ledger by what is on its way here.
            for (var tries = 0; tries < 50; tries++)
            {
                if (reconciler.WithVenue() is not var (seq, differences))
                {
                    if (tries == 49) Say(false, $"venue: the feed is behind ({feed.Down ?? "open"})");
                    await Task.Delay(100, context.CancellationToken);
                    continue;
                }
                Say(differences.Count == 0, $"venue: {(differences.Count == 0 ? "agrees" : "differs")} at {seq}");
                foreach (var difference in differences) Say(false, $"venue: {difference}");
                break;
            }
            foreach (var loop in loops)
            {
                var cuts = loop.Last is { } last ? reconciler.WithChain(loop.Chain, last) : null;
                if (cuts is null) Say(false, $"{loop.Chain.ChainID}: not read up to its tip, ask again");
                foreach (var cut in cuts ?? []) Say(cut.Difference is null, $"{cut.ChainID} {cut.Asset}: {cut.Difference?.ToString() ?? $"agrees, {cut.OnChain.Atoms} atoms"}");
            }
        }
        catch (Exception e) when (e is VenueUnavailableException or ChainUnavailableException or SignerUnavailableException)
        {
            throw Down(e);
        }
        return reply;

        void Say(bool agrees, string line)
        {
            reply.Agrees &= agrees;
            reply.Lines.Add(line);
        }
    }

    /// <inheritdoc/>
    public override Task<AlarmList> Alarms(ListRequest request, ServerCallContext context)
    {
        Require(context, OperatorRole.Viewer);
        var (halted, alarms) = desk.Store.Read(u => (AlarmTable.HaltedBecause(u), AlarmTable.Latest(u, Limit(request))));
        return Task.FromResult(new AlarmList
        {
            HaltedBecause = halted ?? "",
            Alarms = { alarms.Select(a => new AlarmState { Tag = a.Tag, Subject = a.Subject, Text = a.Text, RaisedNs = a.RaisedNs, Stands = a.ClearedNs is null }) },
        });
    }

    /// <inheritdoc/>
    public override Task<Nothing> Halt(HaltRequest request, ServerCallContext context)
    {
        var caller = Require(context, OperatorRole.Operator);
        try
        {
            reconciler.Halt($"{caller.Name}: {request.Reason}");
        }
        catch (SignerUnavailableException e)
        {
            // We have stopped; that the signer has not heard of it is what the caller must know.
            throw Down(e);
        }
        return Task.FromResult(new Nothing());
    }

    /// <inheritdoc/>
    public override Task<Nothing> Resume(HaltRequest request, ServerCallContext context)
    {
        Require(context, OperatorRole.Operator);
        desk.Store.Write(unit =>
        {
            AlarmTable.Halt(unit, null);
            AlarmTable.Clear(unit, "withdrawals-halted", "custody", desk.NowNs);
        });
        return Task.FromResult(new Nothing());
    }

    private WithdrawalState StateOf(Unit unit, Withdrawal withdrawal)
    {
        var nonce = withdrawal.Intent.Nonce;
        return new WithdrawalState
        {
            Nonce = nonce,
            Status = withdrawal.Status.ToString(),
            Reason = withdrawal.Reason,
            Intent = ByteString.CopyFrom(withdrawal.Intent.ToBytes()),
            Approvers = { WithdrawalTable.Approvals(unit, nonce).Select(a => a.Approver) },
            ApprovalsRequired = desk.Policy.ApprovalsRequired,
            TxId = WithdrawalTable.Transaction(unit, nonce)?.Signed?.TxID ?? "",
            Moves = { WithdrawalTable.Moves(unit, nonce).Select(m => new Move { AtNs = m.AtNs, From = m.From.ToString(), Event = m.On.ToString(), To = m.To.ToString(), Reason = m.Reason }) },
        };
    }

    private Caller Require(ServerCallContext context, OperatorRole role)
    {
        const string scheme = "Bearer ";
        var header = context.RequestHeaders.GetValue("authorization") ?? "";
        var caller = header.StartsWith(scheme, StringComparison.Ordinal) ? operators.CallerOf(header[scheme.Length..]) : null;
        if (caller is null) throw new RpcException(new Status(StatusCode.Unauthenticated, "no or unknown token"));
        return caller.Role >= role ? caller : throw new RpcException(new Status(StatusCode.PermissionDenied, $"'{caller.Name}' is {caller.Role}, this takes {role}"));
    }

    private IChain ChainOf(string chainID) => loops.FirstOrDefault(l => l.Chain.ChainID == chainID)?.Chain
        ?? throw Invalid($"chain: '{chainID}' is not served here, only {string.Join(", ", loops.Select(l => l.Chain.ChainID))}");

    private static StoredWithdrawal Find(Unit unit, string nonce) =>
        WithdrawalTable.Find(unit, nonce) ?? throw new RpcException(new Status(StatusCode.NotFound, $"there is no withdrawal {nonce}"));

    // The nonce is ours, and a repeated request comes later: it expires as the first one does.
    private static bool IsSame(WithdrawalIntent a, WithdrawalIntent b) => a == b with { Nonce = a.Nonce, ExpiresAt = a.ExpiresAt };

    private static Amount Atoms(string text, string name) => Int128.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var atoms)
        ? new Amount(atoms)
        : throw Invalid($"{name}: '{text}' is not a whole number of atoms");

    private static int Limit(ListRequest request) => request.Limit <= 0 ? 100 : Math.Min(request.Limit, 1000);

    private static RpcException Invalid(string text) => new(new Status(StatusCode.InvalidArgument, text));

    private static RpcException Refused(string text) => new(new Status(StatusCode.FailedPrecondition, text));

    private static RpcException Down(Exception e) => new(new Status(StatusCode.Unavailable, e.Message));
}
