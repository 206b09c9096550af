using System.Globalization;
using Grpc.Core;
using Venue.Matching;
using Venue.Messages;
using Wire = Venue.Api;

namespace Venue.Host;

/// <summary>What the house's other processes may ask: each becomes a command in the one line, and is answered when it is durable.</summary>
internal sealed class OperationsService(CommandDoor door, Replica replica, Tokens tokens, Func<int, bool> isBridge) : Wire.Operations.OperationsBase
{
    /// <summary>An index price that is further from the one before is a fault of its maker, or a day for people to decide: one in so many.</summary>
    private const int IndexMoveMax = 10;

    public override Task<Wire.Receipt> Credit(Wire.CreditRequest request, ServerCallContext context)
    {
        Caller.Require(context, tokens, Role.Custody);
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<Credit>(slot, CommandType.Credit);
        c.Firm = request.Firm;
        c.Asset = request.Asset;
        c.Amount = AmountOf(request.Atoms, allowNegative: true);
        c.Key = KeyOf(request.Key);
        return Submit(slot, context);
    }

    public override Task<Wire.Receipt> HoldWithdrawal(Wire.HoldWithdrawalRequest request, ServerCallContext context)
    {
        Caller.Require(context, tokens, Role.Custody);
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<HoldWithdrawal>(slot, CommandType.HoldWithdrawal);
        c.Firm = request.Firm;
        c.Asset = request.Asset;
        c.Amount = AmountOf(request.Atoms, allowNegative: false);
        c.Key = KeyOf(request.Key);
        return Submit(slot, context);
    }

    public override Task<Wire.Receipt> SettleWithdrawal(Wire.WithdrawalKey request, ServerCallContext context)
    {
        Caller.Require(context, tokens, Role.Custody);
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        Command.Begin<SettleWithdrawal>(slot, CommandType.SettleWithdrawal).Key = KeyOf(request.Key);
        return Submit(slot, context);
    }

    public override Task<Wire.Receipt> ReleaseWithdrawal(Wire.WithdrawalKey request, ServerCallContext context)
    {
        Caller.Require(context, tokens, Role.Custody);
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        Command.Begin<ReleaseWithdrawal>(slot, CommandType.ReleaseWithdrawal).Key = KeyOf(request.Key);
        return Submit(slot, context);
    }

    public override Task<Wire.Receipt> Kill(Wire.KillRequest request, ServerCallContext context)
    {
        Caller.Require(context, tokens, Role.Bridge);
        if (!isBridge(request.Firm)) throw new RpcException(new Status(StatusCode.PermissionDenied, "the bridge may stop its own firm alone"));
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<Kill>(slot, CommandType.Kill);
        (c.Scope, c.Target, c.Engaged, c.Reason) = (KillScope.Firm, request.Firm, 1, Printable.Cut(request.Reason));
        return Submit(slot, context);
    }

    public override async Task<Wire.Receipt> SetIndexPrice(Wire.IndexPriceRequest request, ServerCallContext context)
    {
        Caller.Require(context, tokens, Role.Bridge);
        var before = await replica.Ask(r => request.Instrument > 0 && request.Instrument <= r.Known.Instruments.Count ? r.Engine.Market(request.Instrument).Index : -1).WaitAsync(context.CancellationToken);
        if (before < 0) throw new RpcException(new Status(StatusCode.InvalidArgument, $"there is no instrument {request.Instrument}"));
        if (request.PriceTicks is < 1 or > Ladder.TicksMax) throw new RpcException(new Status(StatusCode.InvalidArgument, $"price_ticks {request.PriceTicks} is not 1 to {Ladder.TicksMax}"));
        if (before > 0 && Math.Abs(request.PriceTicks - before) > before / IndexMoveMax)
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"the index of instrument {request.Instrument} would go from {before} to {request.PriceTicks} ticks, more than a tenth at once: an operator must set it (index_price)"));
        var slot = new byte[CommandSlot.Size];
        ref var c = ref Command.Begin<SetIndexPrice>(slot, CommandType.SetIndexPrice);
        (c.Instrument, c.PriceTicks) = (request.Instrument, request.PriceTicks);
        return await door.Submit(slot, context.CancellationToken);
    }

    public override async Task<Wire.BalancesReply> Balances(Wire.BalancesRequest request, ServerCallContext context)
    {
        Caller.Require(context, tokens, Role.Custody | Role.Bridge | Role.Operator);
        return await replica.Ask(static r =>
        {
            var reply = new Wire.BalancesReply { Seq = r.Engine.LastSeq };
            for (var firm = 0; firm <= r.Counts.Firms; firm++)
                for (var asset = 1; asset <= r.Counts.Assets; asset++)
                {
                    var (available, held) = r.Engine.Balance(firm, asset);
                    var withdrawing = r.Engine.Withdrawing(firm, asset);
                    if (available.Atoms == 0 && held.Atoms == 0 && withdrawing.Atoms == 0) continue;
                    reply.Balances.Add(new Wire.Balance
                    {
                        Firm = firm,
                        Asset = asset,
                        AvailableAtoms = available.Atoms.ToString(CultureInfo.InvariantCulture),
                        HeldAtoms = held.Atoms.ToString(CultureInfo.InvariantCulture),
                        WithdrawingAtoms = withdrawing.Atoms.ToString(CultureInfo.InvariantCulture),
                    });
                }
            return reply;
        }).WaitAsync(context.CancellationToken);
    }

    private Task<Wire.Receipt> Submit(Span<byte> slot, ServerCallContext context) => door.Submit(slot, context.CancellationToken);

    private static Amount AmountOf(string atoms, bool allowNegative)
    {
        var style = allowNegative ? NumberStyles.AllowLeadingSign : NumberStyles.None;
        if (Int128.TryParse(atoms, style, CultureInfo.InvariantCulture, out var amount) && (allowNegative ? amount != 0 : amount > 0)) return new Amount(amount);
        throw new RpcException(new Status(StatusCode.InvalidArgument, $"atoms '{atoms}' is not a whole number{(allowNegative ? " other than 0" : " above 0")} of at most 127 bits"));
    }

    private static Text40 KeyOf(string key)
    {
        if (Printable.IsKey(key)) return Text40.From(key);
        throw new RpcException(new Status(StatusCode.InvalidArgument, $"key '{key}' is not 1 to {Text40.MaxLength} printable ASCII characters"));
    }
}
