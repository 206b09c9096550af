using System.Globalization;
using Grpc.Core;
using Venue.Messages;
using Wire = Venue.Api;

namespace Venue.Host;

/// <summary>What operators alone may ask: limits, fees, accounts, credit lines, corrections, phases, index prices.</summary>
internal sealed partial class OperationsService
{
    public override Task<Wire.Receipt> SetLimits(Wire.LimitsRequest request, ServerCallContext context)
    {
        Caller.Require(context, tokens, Role.Operator);
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<DefineLimits>(slot, CommandType.DefineLimits);
        (c.Firm, c.LimitedSession, c.Instrument) = (request.Firm, request.Session, request.Instrument);
        (c.FatFingerPpm, c.CollarPpm, c.OpenOrdersMax) = (request.FatFingerPpm, request.CollarPpm, request.OpenOrdersMax);
        (c.RateMax, c.RateWindowNs, c.RepeatWindowNs) = (request.RateMax, request.RateWindowNs, request.RepeatWindowNs);
        (c.MinLots, c.MaxLots, c.PositionMaxLots) = (request.MinLots, request.MaxLots, request.PositionMaxLots);
        (c.MinNotional, c.MaxNotional) = (LimitOf(request.MinNotionalAtoms), LimitOf(request.MaxNotionalAtoms));
        (c.Operator, c.Reason) = (NameOf(request.Operator), Cut(request.Reason));
        return Submit(slot, context);
    }

    public override Task<Wire.Receipt> SetFees(Wire.FeesRequest request, ServerCallContext context)
    {
        Caller.Require(context, tokens, Role.Operator);
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<DefineFees>(slot, CommandType.DefineFees);
        (c.Instrument, c.Tier, c.MakerFeePpm, c.TakerFeePpm) = (request.Instrument, request.Tier, request.MakerPpm, request.TakerPpm);
        (c.Operator, c.Reason) = (NameOf(request.Operator), Cut(request.Reason));
        return Submit(slot, context);
    }

    public override Task<Wire.Receipt> SetAccount(Wire.AccountRequest request, ServerCallContext context)
    {
        Caller.Require(context, tokens, Role.Operator);
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<DefineAccount>(slot, CommandType.DefineAccount);
        (c.Firm, c.FeeTier, c.KeepsPositions) = (request.Firm, request.FeeTier, request.KeepsPositions ? (byte)1 : (byte)0);
        (c.Operator, c.Reason) = (NameOf(request.Operator), Cut(request.Reason));
        return Submit(slot, context);
    }

    public override Task<Wire.Receipt> SetCreditLine(Wire.CreditLineRequest request, ServerCallContext context)
    {
        Caller.Require(context, tokens, Role.Operator);
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<SetCreditLine>(slot, CommandType.SetCreditLine);
        (c.Firm, c.Asset, c.Amount) = (request.Firm, request.Asset, LimitOf(request.Atoms));
        (c.Operator, c.Reason) = (NameOf(request.Operator), Cut(request.Reason));
        return Submit(slot, context);
    }

    public override Task<Wire.Receipt> CorrectTrade(Wire.CorrectTradeRequest request, ServerCallContext context)
    {
        Caller.Require(context, tokens, Role.Operator);
        if (request.Fill is not { Buyer: { } buyer, Seller: { } seller } fill) throw new RpcException(new Status(StatusCode.InvalidArgument, "the fill is missing, or a side of it"));
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<CorrectTrade>(slot, CommandType.CorrectTrade);
        (c.TradeSeq, c.BuyIndex, c.SellIndex, c.TradeID, c.Instrument) = (request.TradeSeq, IndexOf(buyer.ExecId, request.TradeSeq), IndexOf(seller.ExecId, request.TradeSeq), fill.TradeId, fill.Instrument);
        (c.PriceTicks, c.Lots, c.NewPriceTicks, c.NewLots) = (fill.PriceTicks, fill.Lots, request.NewPriceTicks, request.NewLots);
        (c.BuyOrderID, c.SellOrderID, c.BuySession, c.SellSession) = (buyer.OrderId, seller.OrderId, buyer.Session, seller.Session);
        (c.BuyFee, c.SellFee) = (FeeOf(buyer.FeeAtoms), FeeOf(seller.FeeAtoms));
        (c.Operator, c.Reason) = (NameOf(request.Operator), Cut(request.Reason));
        return Submit(slot, context);
    }

    public override Task<Wire.Receipt> SetPhase(Wire.PhaseRequest request, ServerCallContext context)
    {
        Caller.Require(context, tokens, Role.Operator);
        if (!Enum.IsDefined(request.Phase)) throw new RpcException(new Status(StatusCode.InvalidArgument, $"{(int)request.Phase} is no phase"));
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<SetPhase>(slot, CommandType.SetPhase);
        (c.Instrument, c.Phase, c.Reason) = (request.Instrument, (Phase)request.Phase, Cut($"{NameOf(request.Operator)}: {request.Reason}"));
        return Submit(slot, context);
    }

    public override Task<Wire.Receipt> SetIndexPrice(Wire.IndexPriceRequest request, ServerCallContext context)
    {
        Caller.Require(context, tokens, Role.Operator);
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<SetIndexPrice>(slot, CommandType.SetIndexPrice);
        (c.Instrument, c.PriceTicks) = (request.Instrument, request.PriceTicks);
        return Submit(slot, context);
    }

    /// <summary>Nobody changes a venue without a name in the record.</summary>
    private static Text40 NameOf(string name)
    {
        if (name.Length is > 0 and <= Text40.MaxLength && name.All(c => c is >= ' ' and < (char)127)) return Text40.From(name);
        throw new RpcException(new Status(StatusCode.InvalidArgument, $"operator '{name}' is not 1 to {Text40.MaxLength} printable ASCII characters"));
    }

    private static Amount LimitOf(string atoms) => atoms is "" or "0" ? default : AmountOf(atoms, allowNegative: false);

    private static Amount FeeOf(string atoms) => atoms is "" or "0" ? default : AmountOf(atoms, allowNegative: true);

    private static int IndexOf(string execID, long seq)
    {
        if (execID.Split('-') is [var first, var second] && first == seq.ToString(CultureInfo.InvariantCulture) && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var index)) return index;
        throw new RpcException(new Status(StatusCode.InvalidArgument, $"exec_id '{execID}' is not one of the command {seq}"));
    }
}
