using Grpc.Core;
using Venue.Gateway;
using Venue.Messages;
using Wire = Venue.Api;

namespace Venue.Host;

/// <summary>Carries out operators' acts: as commands where they change what the engine decides, else on the core's thread.</summary>
/// <param name="door">Where commands go in.</param>
/// <param name="replica">Knows the names.</param>
/// <param name="feed">Knows the trades.</param>
/// <param name="loop">The core's thread.</param>
/// <param name="logFolder">Where the message logs' switch is.</param>
internal sealed partial class ActRunner(CommandDoor door, Replica replica, FeedLog feed, CoreLoop loop, string logFolder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Finds what an act names.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: it names what does not exist.</exception>
    public async Task<PreparedAct> Prepare(Wire.ActRequest request) => request.ActCase switch
    {
        Wire.ActRequest.ActOneofCase.Kill => await PrepareKill(request.Kill),
        Wire.ActRequest.ActOneofCase.Phase => await PreparePhase(request.Phase),
        Wire.ActRequest.ActOneofCase.Credit => await PrepareCredit(request.Credit),
        Wire.ActRequest.ActOneofCase.Logout => await OnSession(request.Logout.Session, (gateway, client, nowNs) =>
        {
            if (!gateway.LogOut(client, "Logged out by an operator", nowNs)) throw Refused($"{client.ClientCompID} is not connected");
        }),
        Wire.ActRequest.ActOneofCase.Unblock => await OnSession(request.Unblock.Session, (gateway, client, nowNs) =>
        {
            if (!gateway.Unblock(client, nowNs)) throw Refused($"{client.ClientCompID} is not kept out");
        }),
        Wire.ActRequest.ActOneofCase.Rate => await PrepareRate(request.Rate),
        Wire.ActRequest.ActOneofCase.MessageLog => await PrepareMessageLog(request.MessageLog),
        Wire.ActRequest.ActOneofCase.Limits => await PrepareLimits(request.Limits),
        Wire.ActRequest.ActOneofCase.Fees => await PrepareFees(request.Fees),
        Wire.ActRequest.ActOneofCase.Account => await PrepareAccount(request.Account),
        Wire.ActRequest.ActOneofCase.CreditLine => await PrepareCreditLine(request.CreditLine),
        Wire.ActRequest.ActOneofCase.Trade => await PrepareTrade(request.Trade),
        Wire.ActRequest.ActOneofCase.IndexPrice => await PrepareIndexPrice(request.IndexPrice),
        Wire.ActRequest.ActOneofCase.MarginAsset => await PrepareMarginAsset(request.MarginAsset),
        Wire.ActRequest.ActOneofCase.MarginAccount => await PrepareMarginAccount(request.MarginAccount),
        Wire.ActRequest.ActOneofCase.Liquidation => await PrepareLiquidation(request.Liquidation),
        Wire.ActRequest.ActOneofCase.Insurance => await PrepareInsurance(request.Insurance),
        Wire.ActRequest.ActOneofCase.Interest => await PrepareInterest(request.Interest),
        _ => throw ActTerms.Invalid("the request names no act"),
    };

    /// <summary>Asks something on the core's thread.</summary>
    public Task<T> OnCore<T>(Func<Gateway.Gateway, long, T> question) => loop.Ask(question).WaitAsync(Patience);

    /// <summary>Asks something of the replica, at one sequence number.</summary>
    public Task<T> OnReplica<T>(Func<Replica, T> question) => replica.Ask(question).WaitAsync(Patience);

    private async Task<PreparedAct> PrepareKill(Wire.KillAct kill)
    {
        if (!Enum.TryParse<KillScope>(kill.Scope, ignoreCase: true, out var scope) || !Enum.IsDefined(scope))
            throw ActTerms.Invalid($"scope '{kill.Scope}' is none of venue, firm, session, instrument");
        var target = await OnReplica(r => scope switch
        {
            KillScope.Firm => Number(r.Known.Firms, d => d.Name.ToString() == kill.Target),
            KillScope.Session => Number(r.Known.Sessions, d => d.ClientCompID.ToString() == kill.Target),
            KillScope.Instrument => Number(r.Known.Instruments, d => d.Symbol.ToString() == kill.Target),
            _ => kill.Target.Length == 0 ? 0 : -1,
        });
        if (target < 0) throw ActTerms.Invalid($"there is no {kill.Scope} '{kill.Target}', or more than one");
        return new PreparedAct(by =>
        {
            Span<byte> slot = stackalloc byte[CommandSlot.Size];
            ref var c = ref Command.Begin<Kill>(slot, CommandType.Kill);
            (c.Scope, c.Target, c.Engaged, c.Reason) = (scope, target, kill.Engaged ? (byte)1 : (byte)0, Printable.Cut(by.Line));
            return Submit(slot);
        });
    }

    private async Task<PreparedAct> PreparePhase(Wire.PhaseAct act)
    {
        if (!act.Phase.All(char.IsAsciiLetter) || !Enum.TryParse<Phase>(act.Phase, ignoreCase: true, out var phase))
            throw ActTerms.Invalid($"phase '{act.Phase}' is none of {string.Join(", ", Enum.GetNames<Phase>())}");
        var instrument = await OnReplica(r => Number(r.Known.Instruments, d => d.Symbol.ToString() == act.Symbol));
        if (instrument < 0) throw ActTerms.Invalid($"there is no instrument '{act.Symbol}'");
        return new PreparedAct(by =>
        {
            Span<byte> slot = stackalloc byte[CommandSlot.Size];
            ref var c = ref Command.Begin<SetPhase>(slot, CommandType.SetPhase);
            (c.Instrument, c.Phase, c.Reason) = (instrument, phase, Printable.Cut(by.Line));
            return Submit(slot);
        });
    }

    private async Task<PreparedAct> PrepareCredit(Wire.CreditAct act)
    {
        if (!Printable.IsKey(act.Key)) throw ActTerms.Invalid($"key '{act.Key}' is not 1 to {Text40.MaxLength} printable ASCII characters");
        var (firm, asset, decimals) = await FirmAndAsset(act.Firm, act.Asset);
        var atoms = Atoms("amount", act.Amount.TrimStart('-'), decimals);
        if (atoms == 0) throw ActTerms.Invalid("an amount of 0 is no credit");
        if (act.Amount.StartsWith('-')) atoms = -atoms;
        return new PreparedAct(_ =>
        {
            Span<byte> slot = stackalloc byte[CommandSlot.Size];
            ref var c = ref Command.Begin<Credit>(slot, CommandType.Credit);
            (c.Firm, c.Asset, c.Amount, c.Key) = (firm, asset, new Amount(atoms), Text40.From(act.Key));
            return Submit(slot);
        });
    }

    private Task<PreparedAct> PrepareRate(Wire.RateAct act)
    {
        if (act.PerSecond < 0 || act.Burst < 0) throw ActTerms.Invalid($"a rate of {act.PerSecond}/s, {act.Burst} at once, cannot be");
        return OnSession(act.Session, (gateway, client, _) => gateway.SetRate(client, client.Profile.Rate with { PerSecond = act.PerSecond, Burst = Math.Max(act.Burst, 1) }));
    }

    private async Task<PreparedAct> PrepareMessageLog(Wire.MessageLogAct act)
    {
        if (act.Session != "*") await Session(act.Session);
        return new PreparedAct(_ =>
        {
            MessageLogSwitch.Set(logFolder, act.Session, act.On);
            return Task.FromResult(0L);
        });
    }

    private async Task<PreparedAct> OnSession(string compID, Action<Gateway.Gateway, ClientSession, long> act)
    {
        await Session(compID);
        return new PreparedAct(_ => OnCore((gateway, nowNs) =>
        {
            act(gateway, gateway.FindClient(compID) ?? throw Refused($"the session {compID} is gone"), nowNs);
            return 0L;
        }));
    }

    private async Task Session(string compID)
    {
        if (!await OnCore((gateway, _) => gateway.FindClient(compID) is not null)) throw ActTerms.Invalid($"there is no session '{compID}', or more than one");
    }

    private Task<long> Submit(Span<byte> slot)
    {
        return Seq(door.Submit(slot, CancellationToken.None));

        static async Task<long> Seq(Task<Wire.Receipt> receipt) => (await receipt).Seq;
    }

    /// <summary>Number, from 1, of the only one that fits; -1 for none or several.</summary>
    private static int Number<T>(List<T> all, Predicate<T> fits)
    {
        var first = all.FindIndex(fits);
        return first < 0 || all.FindLastIndex(fits) != first ? -1 : first + 1;
    }

    private static RpcException Refused(string text) => new(new Status(StatusCode.FailedPrecondition, text + "; nothing was done"));
}
