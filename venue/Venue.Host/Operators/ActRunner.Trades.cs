using System.Globalization;
using Venue.Messages;
using Wire = Venue.Api;

namespace Venue.Host;

/// <content>Busts and corrections. What a trade was is taken from the feed's log, never from who wants it undone.</content>
internal sealed partial class ActRunner
{
    private async Task<PreparedAct> PrepareTrade(Wire.TradeAct act)
    {
        var (seq, fill) = Find(act.ExecId);
        var instrument = await OnReplica(r => r.Known.Instruments[fill.Instrument - 1]);
        var (newTicks, newLots) = (Ticks("price", act.Price, in instrument), Lots("quantity", act.Quantity, in instrument));
        if (newTicks == 0 != (newLots == 0)) throw ActTerms.Invalid("a correction has a price and a quantity, a bust neither");
        if (newLots > fill.Lots) throw ActTerms.Invalid($"quantity {act.Quantity} is more than was traded");
        return new PreparedAct(by =>
        {
            Span<byte> slot = stackalloc byte[CommandSlot.Size];
            ref var c = ref Command.Begin<CorrectTrade>(slot, CommandType.CorrectTrade);
            (c.TradeSeq, c.BuyIndex, c.SellIndex, c.TradeID, c.Instrument) = (seq, IndexOf(fill.Buyer), IndexOf(fill.Seller), fill.TradeId, fill.Instrument);
            (c.PriceTicks, c.Lots, c.NewPriceTicks, c.NewLots) = (fill.PriceTicks, fill.Lots, newTicks, newLots);
            (c.BuyOrderID, c.SellOrderID, c.BuySession, c.SellSession) = (fill.Buyer.OrderId, fill.Seller.OrderId, fill.Buyer.Session, fill.Seller.Session);
            (c.BuyFee, c.SellFee) = (FeeOf(fill.Buyer), FeeOf(fill.Seller));
            (c.Operator, c.Reason) = (Printable.Cut(by.Names), Printable.Cut(by.Reason));
            return Submit(slot);
        });
    }

    /// <summary>The trade of which this is one side's ExecID(17): the command's number and the report's place in it.</summary>
    private (long Seq, Wire.Fill Fill) Find(string execID)
    {
        if (execID.Split('-') is not [var first, _] || !long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var seq) || seq < 1) throw Unknown(execID);
        try
        {
            using var reader = feed.After(seq - 1);
            if (reader is null) throw ActTerms.Invalid($"the trade '{execID}' is older than what the feed keeps");
            foreach (var record in reader.Read(1, out _, out _))
                foreach (var e in Wire.EventBatch.Parser.ParseFrom(record).Events)
                    if (e.Seq == seq && e.Fill is { } fill && (fill.Buyer.ExecId == execID || fill.Seller.ExecId == execID)) return (seq, fill);
        }
        catch (FileNotFoundException)
        {
            throw ActTerms.Invalid($"the trade '{execID}' is older than what the feed keeps");
        }
        throw Unknown(execID);
    }

    private static Grpc.Core.RpcException Unknown(string execID) => ActTerms.Invalid($"'{execID}' is the ExecID of no trade");

    private static int IndexOf(Wire.FillSide side) => int.Parse(side.ExecId.AsSpan(side.ExecId.IndexOf('-', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);

    private static Amount FeeOf(Wire.FillSide side) => new(Int128.Parse(side.FeeAtoms, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
}
