using System.Numerics;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Fee tiers, credit lines, busts and corrections.</summary>
internal sealed partial class NaiveVenue
{
    private readonly Dictionary<(int Instrument, int Tier), (int Maker, int Taker)> _fees = [];
    private readonly Dictionary<int, int> _tierOf = [];
    private readonly Dictionary<(int Firm, int Asset), BigInteger> _lines = [];
    private readonly HashSet<(int Instrument, long TradeID)> _correctedTrades = [];

    /// <summary>What a firm may hold: its own and its credit line.</summary>
    private BigInteger Available(int firm, int asset) => Own(firm, asset) + _lines.GetValueOrDefault((firm, asset));

    private BigInteger Own(int firm, int asset) => Balances.GetValueOrDefault((firm, asset)).Available;

    private (int Maker, int Taker) RatesOf(int firm, NaiveInstrument instrument) =>
        _fees.TryGetValue((instrument.Definition.Instrument, _tierOf.GetValueOrDefault(firm)), out var rates) ? rates : (instrument.Definition.MakerFeePpm, instrument.Definition.TakerFeePpm);

    private void Define(in DefineFees c)
    {
        var isSound = _instruments.ContainsKey(c.Instrument) && c.Tier is >= 0 and < 16 && Math.Abs(c.MakerFeePpm) < 1_000_000 && c.TakerFeePpm is >= 0 and < 1_000_000;
        if (!isSound)
        {
            Refuse(Reason.Contradiction);
            return;
        }
        _fees[(c.Instrument, c.Tier)] = (c.MakerFeePpm, c.TakerFeePpm);
        Done(in c);
    }

    private void Define(in DefineAccount c)
    {
        if (c.Firm is < 1 or > 4 || c.FeeTier is < 0 or > 15 || c.KeepsPositions > 1)
        {
            Refuse(Reason.Contradiction);
            return;
        }
        _tierOf[c.Firm] = c.FeeTier;
        if (c.KeepsPositions == 1) KeepPositions(c.Firm);
        Done(in c);
    }

    private void SetLine(in SetCreditLine c)
    {
        var (firm, asset, atoms, most) = (c.Firm, c.Asset, (BigInteger)c.Amount.Atoms, BigInteger.Pow(2, 120));
        var others = _lines.Where(line => line.Key.Asset == asset && line.Key.Firm != firm).Aggregate(BigInteger.Zero, (sum, line) => sum + line.Value);
        var reason = firm is < 1 or > 4 || asset is < 1 or > 3 ? Reason.Contradiction
            : atoms < 0 || others + atoms > most || Own(firm, asset) + atoms < 0 ? Reason.AmountOutOfRange
            : Reason.None;
        if (reason != Reason.None)
        {
            Refuse(reason);
            return;
        }
        _lines[(firm, asset)] = atoms;
        Done(in c);
    }

    private void Correct(CorrectTrade c)
    {
        var reason = _correctedTrades.Contains((c.Instrument, c.TradeID)) ? Reason.AlreadyEnded : !IsSound(c) ? Reason.Contradiction : Reason.None;
        if (reason != Reason.None)
        {
            Refuse(reason);
            return;
        }
        var instrument = _instruments[c.Instrument];
        var (quote, @base) = (instrument.Definition.QuoteAsset, instrument.Definition.BaseAsset);
        var sides = new[]
        {
            (Session: c.BuySession, OrderID: c.BuyOrderID, Index: c.BuyIndex, Sign: 1, Fee: (BigInteger)c.BuyFee.Atoms),
            (Session: c.SellSession, OrderID: c.SellOrderID, Index: c.SellIndex, Sign: -1, Fee: (BigInteger)c.SellFee.Atoms),
        };
        BigInteger NewFee(BigInteger fee) => c.NewLots == 0 ? 0 : fee * c.NewPriceTicks * c.NewLots / ((BigInteger)c.PriceTicks * c.Lots);
        var before = Balances.ToDictionary();
        foreach (var side in sides)
        {
            var firm = _firmOf[side.Session];
            Move(firm, @base, side.Sign * (instrument.BaseAtoms(c.NewLots) - instrument.BaseAtoms(c.Lots)));
            Move(firm, quote, side.Sign * (instrument.Notional(c.PriceTicks, c.Lots) - instrument.Notional(c.NewPriceTicks, c.NewLots)) + side.Fee - NewFee(side.Fee));
            Move(0, quote, NewFee(side.Fee) - side.Fee);
        }
        if (sides.Select(side => _firmOf[side.Session]).Append(0).Any(firm => Available(firm, quote) < 0 || Available(firm, @base) < 0))
        {
            foreach (var (key, balance) in before) Balances[key] = balance;
            Refuse(Reason.AmountOutOfRange);
            return;
        }
        _correctedTrades.Add((c.Instrument, c.TradeID));
        foreach (var side in sides) NoteChange(_firmOf[side.Session]);
        foreach (var side in sides)
        {
            if (Known(side.OrderID) is { } order)
            {
                if (order.IsOpen) order.Lots -= c.Lots - c.NewLots;
                order.Cum -= c.Lots - c.NewLots;
                order.CumTickLots += ((BigInteger)c.NewPriceTicks * c.NewLots) - ((BigInteger)c.PriceTicks * c.Lots);
            }
            Book(_firmOf[side.Session], instrument, -side.Sign * c.Lots, c.PriceTicks, -side.Fee);
            if (c.NewLots > 0) Book(_firmOf[side.Session], instrument, side.Sign * c.NewLots, c.NewPriceTicks, NewFee(side.Fee));
        }
        foreach (var side in sides)
        {
            var execType = c.NewLots == 0 ? ExecType.TradeCancel : ExecType.TradeCorrect;
            var e = Known(side.OrderID) is { } order ? ReportOf(order, execType, Reason.Corrected) : new ExecReport
            {
                Header = Header<ExecReport>(EventType.ExecReport, side.Session, c.Instrument), OrderID = side.OrderID, Side = side.Sign > 0 ? Side.Buy : Side.Sell,
                OrdType = OrdType.Limit, ExecType = execType, OrdStatus = OrdStatus.Canceled, Reason = Reason.Corrected,
            };
            e.OrigClOrdID = Text40.From($"{c.TradeSeq}-{side.Index}");
            (e.LastLots, e.LastTicks, e.TradeID) = c.NewLots == 0 ? (c.Lots, c.PriceTicks, c.TradeID) : (c.NewLots, c.NewPriceTicks, c.TradeID);
            e.Fee = new Amount((Int128)(c.NewLots == 0 ? -side.Fee : NewFee(side.Fee)));
            log.Add(in e);
        }
        Done(in c);
    }

    /// <summary>What the random commands can get wrong.</summary>
    private bool IsSound(CorrectTrade c)
    {
        if (!_instruments.TryGetValue(c.Instrument, out var instrument) || c.TradeID < 1 || c.TradeID > instrument.LastTradeID || c.NewLots > c.Lots) return false;
        return new[] { c.BuyOrderID, c.SellOrderID }.Select(Known).All(order => order is null || (order.Cum >= c.Lots && order.CumTickLots >= (BigInteger)c.PriceTicks * c.Lots));
    }

    private NaiveOrder? Known(long orderID) => _orderIn.GetValueOrDefault((int)(uint)orderID) is { } order && order.OrderID == orderID ? order : null;
}
