using Grpc.Core;
using Venue.Engine;
using Venue.Messages;
using Wire = Venue.Api;

namespace Venue.Host;

/// <summary>What the people who run the venue may look at and do.</summary>
internal sealed class OperatorsService(OperatorsFile file, ActDesk desk, ActLog log, ActRunner runner) : Wire.Operators.OperatorsBase
{
    private const int ActsDefault = 100, ActsMax = 1000;

    public override Task<Wire.ActReply> Act(Wire.ActRequest request, ServerCallContext context) => desk.Act(Who(context), request);

    public override Task<Wire.ActReply> Approve(Wire.ActNumber request, ServerCallContext context) => desk.Approve(Who(context), request.Number);

    public override Task<Wire.ActReply> Drop(Wire.ActNumber request, ServerCallContext context) => Task.FromResult(desk.Drop(Who(context), request.Number));

    public override Task<Wire.ActRecords> Waiting(Wire.WaitingRequest request, ServerCallContext context)
    {
        Who(context);
        return Task.FromResult(new Wire.ActRecords { Records = { desk.Waiting() } });
    }

    public override Task<Wire.ActRecords> Acts(Wire.ActsRequest request, ServerCallContext context)
    {
        Who(context);
        if (request.Count is < 0 or > ActsMax) throw ActTerms.Invalid($"count {request.Count} is not 0 to {ActsMax}");
        return Task.FromResult(new Wire.ActRecords { Records = { log.Last(request.Count == 0 ? ActsDefault : request.Count, request.Before) } });
    }

    public override async Task<Wire.SessionsReply> Sessions(Wire.SessionsRequest request, ServerCallContext context)
    {
        Who(context);
        var views = await runner.OnCore((gateway, nowNs) => gateway.ViewSessions(nowNs));
        var killed = await runner.OnReplica(r => views.Select(v => v.Id <= r.Known.Sessions.Count && r.Engine.IsKilled(KillScope.Session, v.Id)).ToArray());
        return new Wire.SessionsReply
        {
            Sessions =
            {
                views.Select((v, i) => new Wire.SessionState
                {
                    ClientCompId = v.ClientCompID, VenueCompId = v.VenueCompID, Firm = v.FirmName, Kind = v.Kind.ToString(), State = v.State.ToString(),
                    NextIn = v.NextIn, NextOut = v.NextOut, KeptMessages = v.Kept, RatePerSecond = v.RatePerSecond, Refused = v.Refused,
                    BlockedUntilNs = v.BlockedUntilNs, Killed = killed[i],
                }),
            },
        };
    }

    public override async Task<Wire.MarketsReply> Markets(Wire.MarketsRequest request, ServerCallContext context)
    {
        Who(context);
        return await runner.OnReplica(static r => new Wire.MarketsReply
        {
            Seq = r.Engine.LastSeq, Killed = r.Engine.IsKilled(KillScope.Venue, 0),
            Markets = { r.Known.Instruments.Select(d => Market(r, in d)) },
        });
    }

    public override async Task<Wire.AccountsReply> Accounts(Wire.AccountsRequest request, ServerCallContext context)
    {
        Who(context);
        return await runner.OnReplica(static r =>
        {
            var reply = new Wire.AccountsReply { Seq = r.Engine.LastSeq, ConservationChecks = r.Engine.ConservationChecks };
            for (var firm = 0; firm <= r.Known.Firms.Count; firm++)
                for (var asset = 1; asset <= r.Known.Assets.Count; asset++)
                    if (Account(r, firm, asset) is { } account) reply.Accounts.Add(account);
            return reply;
        });
    }

    public override async Task<Wire.ProvidersReply> Providers(Wire.ProvidersRequest request, ServerCallContext context)
    {
        Who(context);
        return await runner.OnReplica(static r =>
        {
            var reply = new Wire.ProvidersReply { Seq = r.Engine.LastSeq };
            for (var session = 1; session <= r.Known.Sessions.Count; session++)
                if (r.Engine.Requests(session) is { } counts) reply.Providers.Add(Provider(r, session, in counts));
            return reply;
        });
    }

    private static Wire.ProviderState Provider(Replica r, int session, in RequestCounts counts)
    {
        var provider = new Wire.ProviderState
        {
            Session = r.Known.Sessions[session - 1].ClientCompID.ToString(),
            Asked = counts.Asked, Answered = counts.Answered, Missed = counts.Missed, Declined = counts.Declined, Taken = counts.Taken, Gone = counts.Gone,
            LastLook = LastLook(r.Known.LastLooks.GetValueOrDefault(session), in counts.Looks),
        };
        foreach (var d in r.Known.Instruments)
            if (r.Engine.Obligation(session, d.Instrument) is { } owed)
                provider.Obligations.Add(new Wire.ObligationState
                {
                    Symbol = d.Symbol.ToString(), SizeMin = Decimals.Text((Int128)owed.SizeMinLots * d.LotMantissa, d.LotDecimals), SpreadMaxPpm = owed.SpreadMaxPpm,
                    MetNs = owed.MetNs, OpenNs = owed.OpenNs, MetYesterdayNs = owed.MetYesterdayNs, OpenYesterdayNs = owed.OpenYesterdayNs,
                });
        return provider;
    }

    /// <summary>Null for a provider that never had a last look.</summary>
    private static Wire.LastLookState? LastLook(int holdMs, in LookCounts looks) => holdMs == 0 && looks.Held == 0 ? null : new Wire.LastLookState
    {
        HoldMs = holdMs, Held = looks.Held, Accepted = looks.Accepted, RefusedPrice = looks.RefusedPrice, RefusedValidity = looks.RefusedValidity, TimedOut = looks.TimedOut, Ended = looks.Ended,
        MeanNs = looks.HoldMeanNs, MaxNs = looks.HoldMaxNs, HalfMs = looks.Times.At(500), NinetyNineMs = looks.Times.At(990),
    };

    private static Wire.MarketState Market(Replica r, in DefineInstrument d)
    {
        var (view, mantissa, decimals) = (r.Engine.Market(d.Instrument), d.TickMantissa, d.TickDecimals);
        return new Wire.MarketState
        {
            Symbol = d.Symbol.ToString(), Phase = view.Phase.ToString(), Killed = r.Engine.IsKilled(KillScope.Instrument, d.Instrument),
            BestBid = Price(view.BestBid), BestAsk = Price(view.BestAsk), Last = Price(view.Last), Index = Price(view.Index),
        };

        string Price(long ticks) => ticks == 0 ? "" : Decimals.Text((Int128)ticks * mantissa, decimals);
    }

    /// <summary>Null when there is nothing of the asset.</summary>
    private static Wire.AccountState? Account(Replica r, int firm, int asset)
    {
        var (available, held) = r.Engine.Balance(firm, asset);
        var withdrawing = r.Engine.Withdrawing(firm, asset);
        if (available.Atoms == 0 && held.Atoms == 0 && withdrawing.Atoms == 0) return null;
        var definition = r.Known.Assets[asset - 1];
        return new Wire.AccountState
        {
            Firm = firm == 0 ? "" : r.Known.Firms[firm - 1].Name.ToString(), Asset = definition.Code.ToString(),
            Available = Decimals.Text(available.Atoms, definition.Decimals), Held = Decimals.Text(held.Atoms, definition.Decimals),
            Withdrawing = Decimals.Text(withdrawing.Atoms, definition.Decimals), Killed = firm > 0 && r.Engine.IsKilled(KillScope.Firm, firm),
        };
    }

    private Operator Who(ServerCallContext context) => file.Find(Caller.Token(context))
        ?? throw new RpcException(new Status(StatusCode.Unauthenticated, "the token is nobody's: see operators.cfg"));
}
