using System.Numerics;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Margin: values, states and what is asked of orders.</summary>
internal sealed partial class NaiveVenue
{
    private sealed class NaiveMargin
    {
        public required int Firm;
        public int Session;
        public int InitialBps;
        public int MaintenanceBps;
        public MarginState State;
        public bool HasEnded;
        public NaiveInstrument? Auction;
        public bool IsClosed => State is MarginState.Liquidating or MarginState.Bankrupt or MarginState.Stranded;
    }

    private static readonly BigInteger ValueMax = BigInteger.Pow(2, 96);

    private readonly List<(int Asset, NaiveInstrument? Instrument, int HaircutBps)> _marginAssets = [];
    private readonly List<NaiveMargin> _margins = [];
    private readonly List<NaiveMargin> _due = [];
    private readonly List<NaiveMargin> _liquidating = [];
    private readonly Dictionary<NaiveInstrument, (DefineLiquidation Rule, long WindowEnd, int Orders)> _liquidations = [];
    private int _fund;
    private bool _isFundExhausted;

    private NaiveMargin? MarginOf(int firm) => _margins.Find(account => account.Firm == firm && !account.HasEnded);

    private void Define(in DefineMarginAsset c)
    {
        var asset = c.Asset;
        var instrument = _instruments.GetValueOrDefault(c.Instrument);
        var isUnit = _marginAssets.Count == 0 || _marginAssets[0].Asset == asset;
        var fits = isUnit ? c.Instrument == 0 : instrument is not null && (instrument.Definition.BaseAsset, instrument.Definition.QuoteAsset) == (asset, _marginAssets[0].Asset);
        if (asset is < 1 or > 3 || c.HaircutBps is < 0 or > 10_000 || !fits)
        {
            Refuse(Reason.Contradiction);
            return;
        }
        var at = _marginAssets.FindIndex(known => known.Asset == asset);
        if (at < 0) _marginAssets.Add((asset, instrument, c.HaircutBps));
        else _marginAssets[at] = (asset, instrument, c.HaircutBps);
        Done(in c);
        LookAtAll();
        Wake();
    }

    private void Define(in DefineMarginAccount c)
    {
        var firm = c.Firm;
        var account = MarginOf(firm);
        var debts = Enumerable.Range(1, 3).Where(asset => Own(firm, asset) < 0).ToList();
        var isSound = firm is >= 1 and <= 4 && firm != _fund && (c.InitialBps == 0
            ? account is not null && !_liquidating.Contains(account) && debts.Count == 0
            : _firmOf.GetValueOrDefault(c.ToldSession) == firm && c.MaintenanceBps >= 1 && c.MaintenanceBps <= c.InitialBps && c.InitialBps <= 100_000
                && _marginAssets.Count > 0 && debts.All(IsMarginAsset) && OrdersOf(firm).Count <= 256);
        if (!isSound)
        {
            Refuse(Reason.Contradiction);
            return;
        }
        Done(in c);
        if (c.InitialBps == 0)
        {
            Move(account!, MarginState.None);
            account!.HasEnded = true;
            return;
        }
        if (account is null)
        {
            account = new NaiveMargin { Firm = firm };
            // One that comes back has the place that it had.
            var at = _margins.FindIndex(known => known.Firm == firm);
            if (at < 0) _margins.Add(account);
            else _margins[at] = account;
        }
        (account.Session, account.InitialBps, account.MaintenanceBps) = (c.ToldSession, c.InitialBps, c.MaintenanceBps);
        if (account.State is MarginState.None or MarginState.Bankrupt) Move(account, MarginState.Healthy);
        NoteChange(firm);
    }

    private void Define(in DefineLiquidation c)
    {
        var isSound = c.SlippageBps is >= 0 and < 10_000 && c.SliceLots >= 0 && c.OrdersMax is >= 1 and <= 1_000_000 && c.WindowNs is >= 1 and <= 604_800_000_000_000;
        if (!_instruments.TryGetValue(c.Instrument, out var instrument) || !isSound)
        {
            Refuse(Reason.Contradiction);
            return;
        }
        var (_, end, orders) = _liquidations.GetValueOrDefault(instrument);
        _liquidations[instrument] = (c, end, orders);
        Done(in c);
        Wake();
    }

    private void Define(in DefineInsurance c)
    {
        if (c.Firm is < 0 or > 4 || MarginOf(c.Firm) is not null)
        {
            Refuse(Reason.Contradiction);
            return;
        }
        (_fund, _isFundExhausted) = (c.Firm, false);
        Done(in c);
        Wake();
    }

    private bool IsMarginAsset(int asset) => _marginAssets.Any(known => known.Asset == asset);

    private List<NaiveOrder> OrdersOf(int firm)
    {
        _entered.RemoveAll(order => !order.IsOpen);
        return [.. _entered.Where(order => order.Firm == firm)];
    }

    /// <summary>By the lot at the index price, rounded against the account.</summary>
    private BigInteger Value(int asset, BigInteger atoms, bool isDebt)
    {
        var instrument = _marginAssets.First(known => known.Asset == asset).Instrument;
        if (instrument is null) return BigInteger.Min(atoms, ValueMax);
        var lots = isDebt ? CeilingOf(atoms, instrument.Definition.LotAtoms) : atoms / instrument.Definition.LotAtoms;
        var value = lots * instrument.Index * instrument.Definition.TickLotAtoms;
        return isDebt && lots > 0 && instrument.Index == 0 ? ValueMax : BigInteger.Min(value, ValueMax);
    }

    private int Haircut(int asset) => _marginAssets.First(known => known.Asset == asset).HaircutBps;

    private static BigInteger CeilingOf(BigInteger a, BigInteger b) => (a + b - 1) / b;

    private (BigInteger Equity, BigInteger Debt, BigInteger Net) ViewOf(int firm)
    {
        BigInteger equity = 0, debt = 0, net = 0;
        foreach (var (asset, _, haircut) in _marginAssets)
        {
            var atoms = Own(firm, asset) + Balances.GetValueOrDefault((firm, asset)).Held;
            var value = Value(asset, BigInteger.Abs(atoms), isDebt: atoms < 0);
            if (atoms >= 0) equity += value * (10_000 - haircut) / 10_000;
            else
            {
                equity -= CeilingOf(value * (10_000 + haircut), 10_000);
                debt += value;
            }
            net += atoms < 0 ? -value : value;
        }
        return (equity, debt, net);
    }

    private MarginState StateFor(NaiveMargin account)
    {
        var (equity, debt, _) = ViewOf(account.Firm);
        if (debt == 0) return MarginState.Healthy;
        if (debt >= ValueMax || equity < CeilingOf(debt * account.MaintenanceBps, 10_000)) return MarginState.Liquidating;
        return equity < CeilingOf(debt * account.InitialBps, 10_000) ? MarginState.MarginCall : MarginState.Healthy;
    }

    private void Move(NaiveMargin account, MarginState to)
    {
        var (equity, debt, _) = to == MarginState.Bankrupt ? default : ViewOf(account.Firm);
        log.Add(new MarginChanged
        {
            Header = Header<MarginChanged>(EventType.MarginChanged, account.Session, 0), Firm = account.Firm, State = to, Before = account.State,
            Equity = new Amount((Int128)equity), Debt = new Amount((Int128)debt),
        });
        account.State = to;
    }

    private Reason CheckMargin(NaiveOrder order, BigInteger need, bool isFillable)
    {
        if (_isLiquidation || MarginOf(order.Firm) is not { } account) return Reason.None;
        if (account.IsClosed) return Reason.MarginLiquidating;
        if (OrdersOf(order.Firm).Count >= 256) return Reason.TooManyOrders;
        var instrument = order.Instrument;
        var (pays, gets) = order.IsHeld ? AtLimit(instrument, order.Side, order.Ticks, order.Lots, Math.Max(order.MakerPpm, order.TakerPpm)) : isFillable ? AtOnce(order) : default;
        return CheckMargin(account, instrument.Paid(order.Side), need, instrument.Paid(Opposite(order.Side)), pays, gets, null);
    }

    private Reason CheckMargin(NaiveOrder order, long ticks, long leaves, BigInteger more)
    {
        if (MarginOf(order.Firm) is not { } account || (leaves <= order.Leaves && ticks == order.Ticks)) return Reason.None;
        var instrument = order.Instrument;
        var (pays, gets) = AtLimit(instrument, order.Side, ticks, leaves, Math.Max(order.MakerPpm, order.TakerPpm));
        return CheckMargin(account, instrument.Paid(order.Side), more, instrument.Paid(Opposite(order.Side)), pays, gets, order);
    }

    private Reason CheckMargin(int firm, int asset, BigInteger atoms)
    {
        if (MarginOf(firm) is not { } account || atoms <= 0 || atoms > Own(firm, asset)) return Reason.None;
        return account.IsClosed ? Reason.MarginLiquidating : CheckMargin(account, asset, atoms, 0, atoms, 0, null);
    }

    /// <summary>Whether the account still meets the initial requirement when the worst of its orders, and only those, trade.</summary>
    private Reason CheckMargin(NaiveMargin account, int paidAsset, BigInteger need, int receivedAsset, BigInteger pays, BigInteger gets, NaiveOrder? replaced)
    {
        BigInteger Left(int asset) => Own(account.Firm, asset) - (asset == paidAsset ? need : 0);
        BigInteger Loss(int paid, BigInteger paidAtoms, int received, BigInteger receivedAtoms)
        {
            BigInteger loss = 0;
            if (IsMarginAsset(paid)) loss += CeilingOf(Value(paid, paidAtoms, isDebt: true) * (Left(paid) >= 0 ? 10_000 - Haircut(paid) : 10_000 + Haircut(paid)), 10_000);
            if (IsMarginAsset(received)) loss -= Value(received, receivedAtoms, isDebt: false) * (10_000 - Haircut(received)) / 10_000;
            return BigInteger.Max(loss, 0);
        }

        if (Left(paidAsset) < 0 && !IsMarginAsset(paidAsset)) return Reason.MarginExceeded;
        var debt = _marginAssets.Aggregate(BigInteger.Zero, (sum, known) => sum + (Left(known.Asset) < 0 ? Value(known.Asset, -Left(known.Asset), isDebt: true) : 0));
        if (debt == 0) return Reason.None;
        var worst = Loss(paidAsset, pays, receivedAsset, gets);
        if (worst == 0 && (Left(paidAsset) >= 0 || need <= 0)) return Reason.None;
        foreach (var order in OrdersOf(account.Firm).Where(order => order != replaced))
        {
            var (orderPays, orderGets) = AtLimit(order.Instrument, order.Side, order.Ticks, order.Leaves, Math.Max(order.MakerPpm, order.TakerPpm));
            worst += Loss(order.Instrument.Paid(order.Side), orderPays, order.Instrument.Paid(Opposite(order.Side)), orderGets);
        }
        return debt < ValueMax && ViewOf(account.Firm).Equity - worst >= CeilingOf(debt * account.InitialBps, 10_000) ? Reason.None : Reason.MarginExceeded;
    }

    private static (BigInteger Pays, BigInteger Gets) AtLimit(NaiveInstrument instrument, Side side, long ticks, long lots, int ppm)
    {
        var (notional, fee, atoms) = (instrument.Notional(ticks, lots), instrument.Fee(ticks, lots, ppm), instrument.BaseAtoms(lots));
        return side == Side.Buy ? (notional + fee, atoms) : (atoms, notional - fee);
    }

    private static (BigInteger Pays, BigInteger Gets) AtOnce(NaiveOrder order)
    {
        var instrument = order.Instrument;
        var edge = instrument.Edge(order.Side, order.ReachTicks);
        var left = order.Lots;
        BigInteger notional = 0, fees = 0;
        foreach (var (ticks, orders) in instrument.Depth(Opposite(order.Side)))
        {
            if (left == 0 || !NaiveInstrument.Reaches(order.Side, ticks, edge)) break;
            var fill = Math.Min(left, orders.Sum(maker => maker.Leaves));
            left -= fill;
            notional += instrument.Notional(ticks, fill);
            fees += instrument.Fee(ticks, fill, order.TakerPpm);
        }
        var atoms = instrument.BaseAtoms(order.Lots - left);
        return order.Side == Side.Buy ? (notional + fees, atoms) : (atoms, notional - fees);
    }

    private static Side Opposite(Side side) => side == Side.Buy ? Side.Sell : Side.Buy;
}
