using Venue.Matching;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Market;

/// <summary>
/// One exchange without a protocol: books, accounts, orders. Balances are held before an order trades, and every
/// fill moves them exactly.
/// </summary>
/// <remarks>Owned by the loop's thread.</remarks>
internal sealed class Exchange
{
    private const int OrdersMax = 1 << 16;
    private const int FinishedMax = 50_000;

    private readonly OrderSlab _slab = new(OrdersMax);
    private readonly Order?[] _resting = new Order?[OrdersMax + 1];
    private readonly Dictionary<long, Order> _orders = [];
    private readonly Queue<long> _finished = new();
    private readonly Book<Fills>[] _books;
    private readonly bool[] _halted, _dirty;
    private readonly long[] _tradeIDs;
    private SlotQueue _free;
    private Order? _taker;
    private long _orderIDs, _execIDs;

    /// <summary>An exchange with empty books.</summary>
    public Exchange(string name, IReadOnlyList<Instrument> instruments)
    {
        Name = name;
        Instruments = instruments;
        var pages = new LevelPages(1 << 14);
        _books = [.. instruments.Select(i => new Book<Fills>(_slab, pages, new Price(i.HighestTicks), new Fills(this)))];
        _halted = new bool[instruments.Count];
        _dirty = new bool[instruments.Count];
        _tradeIDs = new long[instruments.Count];
        for (var slot = 1; slot <= OrdersMax; slot++) _free.Push(_slab, slot);
    }

    /// <summary>Orders, fills and trades are numbered from behind this one: an exchange that begins anew must not give old numbers to new fills.</summary>
    public long FirstNumber
    {
        get;
        init
        {
            field = _orderIDs = _execIDs = value;
            Array.Fill(_tradeIDs, value);
        }
    }

    /// <summary>Fees are paid in what an order receives: a buyer pays them in the base asset, in 10^-8 of it. Otherwise all are paid in the quote asset.</summary>
    public bool HasFeesInReceived { get; init; }

    /// <summary>As in the settings: kraken, fix...</summary>
    public string Name { get; }

    /// <summary>What trades here.</summary>
    public IReadOnlyList<Instrument> Instruments { get; }

    /// <summary>Who is told.</summary>
    public IExchangeEvents? Events { get; set; }

    /// <summary>Time of the request at hand, nanoseconds since 1970-01-01 UTC.</summary>
    public long NowNs { get; set; }

    /// <summary>Orders of clients that can still trade.</summary>
    public IEnumerable<Order> Open => _orders.Values.Where(o => o.IsOpen);

    /// <summary>The order with this number, open or lately finished.</summary>
    public Order? Find(long id) => _orders.GetValueOrDefault(id);

    /// <summary>The instrument of this name.</summary>
    public Instrument? Find(string symbol)
    {
        foreach (var instrument in Instruments)
            if (instrument.Symbol == symbol) return instrument;
        return null;
    }

    /// <summary>The book behind an instrument, to look at.</summary>
    public Book<Fills> Book(Instrument instrument) => _books[instrument.Index];

    /// <summary>True while only cancels are taken.</summary>
    public bool IsHalted(Instrument instrument) => _halted[instrument.Index];

    /// <summary>Halts or resumes.</summary>
    public void Halt(Instrument instrument, bool halted)
    {
        if (_halted[instrument.Index] == halted) return;
        _halted[instrument.Index] = halted;
        Events?.OnHalt(instrument, halted);
    }

    /// <summary>Checks, holds, trades, rests. The events come before this returns.</summary>
    public (Refusal Refusal, Order? Order) Enter(OrderRequest request)
    {
        if (Check(request) is var refusal and not Refusal.None) return (refusal, null);
        var order = new Order(++_orderIDs, request, NowNs);
        if (!request.Account.IsHouse)
        {
            _orders[order.ID] = order;
            Hold(order, Need(request, request.LimitTicks, request.Lots));
            Events?.OnAccepted(order);
        }
        var book = Book(request.Instrument);
        var limit = Limit(request);
        // Fill or kill is decided before the first fill, so that none has to be taken back.
        var trades = request.TimeInForce != TimeInForce.FillOrKill || book.Fillable(request.Side, limit, new Quantity(request.Lots)).Lots == request.Lots;
        if (trades) Match(order, book, limit);
        if (!order.IsOpen) return (Refusal.None, order);
        if (request.Type == OrdType.Limit && request.TimeInForce == TimeInForce.GoodTillCancel) Rest(order);
        else Finish(order, OrdStatus.Canceled, CancelReason.NotFilledAtOnce);
        return (Refusal.None, order);
    }

    /// <summary>Takes what is left of an order out of the book.</summary>
    public Refusal Cancel(Order order)
    {
        if (!order.IsOpen) return Refusal.TooLate;
        Remove(order);
        Finish(order, OrdStatus.Canceled, CancelReason.Requested);
        return Refusal.None;
    }

    /// <summary>
    /// Changes price and quantity of an open order. Its place in the queue is kept when only the quantity shrinks; a
    /// quantity of no more than what has traded cancels the rest.
    /// </summary>
    public Refusal Amend(Order order, long ticks, long lots, string clOrdID, bool postOnly)
    {
        if (!order.IsOpen) return Refusal.TooLate;
        var request = order.Request with { LimitTicks = ticks, Lots = lots };
        if (IsHalted(order.Instrument)) return Refusal.Halted;
        if (CheckPrice(request) is var priceRefusal and not Refusal.None) return priceRefusal;
        if (lots <= 0) return Refusal.InvalidQuantity;
        if (lots > order.Instrument.MaxLots) return Refusal.QuantityTooLarge;
        if (lots <= order.CumLots)
        {
            order.ClOrdID = clOrdID;
            Remove(order);
            Finish(order, OrdStatus.Canceled, CancelReason.AmendedAway);
            return Refusal.None;
        }
        var need = Need(request, ticks, lots - order.CumLots);
        if (need - order.Held > order.Account[HeldAsset(order)].Available) return Refusal.InsufficientFunds;
        if (postOnly && Crosses(request)) return Refusal.PostOnly;
        if (!Book(order.Instrument).HasRoom(order.Side, new Price(ticks))) return Refusal.Full;

        Hold(order, need);
        order.ClOrdID = clOrdID;
        var keepsPlace = ticks == order.LimitTicks && lots <= order.Lots;
        order.LimitTicks = ticks;
        order.Lots = lots;
        Events?.OnAmended(order);
        _dirty[order.Instrument.Index] = true;
        if (keepsPlace)
        {
            Book(order.Instrument).Reduce(order.Slot, new Quantity(order.Leaves));
            return Refusal.None;
        }
        Remove(order);
        Match(order, Book(order.Instrument), new Price(ticks));
        if (order.IsOpen) Rest(order);
        return Refusal.None;
    }

    /// <summary>Fills a resting order at its own price against the house, whoever stands before it: for scripts.</summary>
    public Refusal FillNow(Order order, long lots)
    {
        if (!order.IsOpen || order.Slot == 0) return Refusal.TooLate;
        lots = Math.Min(lots, order.Leaves);
        if (lots <= 0) return Refusal.InvalidQuantity;
        var book = Book(order.Instrument);
        if (lots == order.Leaves) Remove(order);
        else book.Reduce(order.Slot, new Quantity(order.Leaves - lots));
        _dirty[order.Instrument.Index] = true;
        var trade = new Trade(++_tradeIDs[order.Instrument.Index], order.Instrument, order.LimitTicks, lots,
            order.Side == Side.Buy ? Side.Sell : Side.Buy, OrdType.Market);
        Events?.OnTrade(trade);
        Settle(order, trade, Liquidity.Added);
        return Refusal.None;
    }

    /// <summary>All books count as changed: what a frozen feed has missed is told.</summary>
    public void Touch() => Array.Fill(_dirty, true);

    /// <summary>Tells of every book that has changed since the last call.</summary>
    public void Flush()
    {
        for (var i = 0; i < _dirty.Length; i++)
        {
            if (!_dirty[i]) continue;
            _dirty[i] = false;
            Events?.OnBook(Instruments[i]);
        }
    }

    private Refusal Check(OrderRequest request)
    {
        if (IsHalted(request.Instrument) && !request.Account.IsHouse) return Refusal.Halted;
        if (CheckPrice(request) is var priceRefusal and not Refusal.None) return priceRefusal;
        if (request.Lots <= 0) return Refusal.InvalidQuantity;
        if (request.Lots < request.Instrument.MinLots) return Refusal.QuantityTooSmall;
        if (request.Lots > request.Instrument.MaxLots) return Refusal.QuantityTooLarge;
        if (request.Type == OrdType.Market && !Book(request.Instrument).TryBest(Opposite(request.Side), out _)) return Refusal.NoLiquidity;
        if (request.PostOnly && Crosses(request)) return Refusal.PostOnly;
        if (!request.Account.IsHouse && Need(request, request.LimitTicks, request.Lots) > request.Account[HeldAsset(request)].Available) return Refusal.InsufficientFunds;
        if (_free.Count == 0 || request.Type == OrdType.Limit && !Book(request.Instrument).HasRoom(request.Side, new Price(request.LimitTicks))) return Refusal.Full;
        return Refusal.None;
    }

    private static Refusal CheckPrice(OrderRequest request) =>
        request.Type == OrdType.Limit && (request.LimitTicks <= 0 || request.LimitTicks > request.Instrument.HighestTicks) ? Refusal.InvalidPrice : Refusal.None;

    private bool Crosses(OrderRequest request) =>
        Book(request.Instrument).TryBest(Opposite(request.Side), out var best)
        && (request.Side == Side.Buy ? best.Ticks <= request.LimitTicks : best.Ticks >= request.LimitTicks);

    private static Price Limit(OrderRequest request) =>
        request.Type == OrdType.Limit ? new Price(request.LimitTicks) : new Price(request.Side == Side.Buy ? request.Instrument.HighestTicks : 1);

    /// <summary>What an order could cost: a buyer pays the taker's fee on top, unless it comes out of what he gets as a seller's does.</summary>
    private Int128 Need(OrderRequest request, long ticks, long lots)
    {
        if (request.Side == Side.Sell) return request.Instrument.BaseAtoms(lots);
        Int128 cost;
        if (request.Type == OrdType.Limit)
        {
            cost = request.Instrument.Cost(ticks, lots);
        }
        else
        {
            var sum = new CostOfFills(request.Instrument);
            Book(request.Instrument).Walk(request.Side, Limit(request), new Quantity(lots), ref sum);
            cost = sum.Cost;
        }
        // Each fill rounds its fee up by less than one atom; an order has at most one fill per lot.
        return HasFeesInReceived ? cost : cost + Instrument.Fee(cost, request.Instrument.TakerFeePpm) + lots;
    }

    private static void Hold(Order order, Int128 need)
    {
        order.Account[HeldAsset(order)].Held += need - order.Held;
        order.Held = need;
    }

    private static string HeldAsset(OrderRequest request) => request.Side == Side.Buy ? request.Instrument.Quote : request.Instrument.Base;

    private static string HeldAsset(Order order) => HeldAsset(order.Request);

    private static Side Opposite(Side side) => side == Side.Buy ? Side.Sell : Side.Buy;

    private void Match(Order order, Book<Fills> book, Price limit)
    {
        _taker = order;
        book.Match(order.Side, limit, new Quantity(order.Leaves));
        _taker = null;
    }

    private void Rest(Order order)
    {
        order.Slot = _free.Pop(_slab);
        _resting[order.Slot] = order;
        Book(order.Instrument).Rest(order.Slot, order.Side, new Price(order.LimitTicks), new Quantity(order.Leaves));
        _dirty[order.Instrument.Index] = true;
    }

    private void Remove(Order order)
    {
        Book(order.Instrument).Cancel(order.Slot);
        Release(order);
        _dirty[order.Instrument.Index] = true;
    }

    private void Release(Order order)
    {
        _resting[order.Slot] = null;
        _free.Push(_slab, order.Slot);
        order.Slot = 0;
    }

    private void OnMakerFill(int slot, Price price, Quantity quantity)
    {
        var maker = _resting[slot] ?? throw new InvalidOperationException($"Slot {slot} traded and holds no order");
        var taker = _taker ?? throw new InvalidOperationException("A fill without an incoming order");
        var instrument = taker.Instrument;
        _dirty[instrument.Index] = true;
        var trade = new Trade(++_tradeIDs[instrument.Index], instrument, price.Ticks, quantity.Lots, taker.Side, taker.Request.Type);
        if (maker.Leaves == quantity.Lots) Release(maker);
        Events?.OnTrade(trade);
        Settle(maker, trade, Liquidity.Added);
        Settle(taker, trade, Liquidity.Removed);
    }

    private void Settle(Order order, in Trade trade, Liquidity liquidity)
    {
        var instrument = order.Instrument;
        var cost = instrument.Cost(trade.Ticks, trade.Lots);
        var feePpm = liquidity == Liquidity.Added ? instrument.MakerFeePpm : instrument.TakerFeePpm;
        var isFeeInBase = HasFeesInReceived && order.Side == Side.Buy;
        var fee = isFeeInBase ? Instrument.BaseFee(instrument.BaseAtoms(trade.Lots), feePpm) : Instrument.Fee(cost, feePpm);
        order.CumLots += trade.Lots;
        order.CumCost += cost;
        order.CumFee += fee;
        order.Status = order.CumLots == order.Lots ? OrdStatus.Filled : OrdStatus.PartiallyFilled;
        if (order.Account.IsHouse) return;

        Hold(order, order.IsOpen ? Need(order) : 0);
        var sign = order.Side == Side.Buy ? 1 : -1;
        var baseChange = sign * instrument.BaseAtoms(trade.Lots) - (isFeeInBase ? fee : 0);
        var quoteChange = -sign * cost - (isFeeInBase ? 0 : fee);
        order.Account[instrument.Base].Total += baseChange;
        order.Account[instrument.Quote].Total += quoteChange;
        if (!order.IsOpen) Forget(order);
        Events?.OnFill(order, new Fill(++_execIDs, trade, liquidity, cost, fee, isFeeInBase ? instrument.Base : instrument.Quote, order.CumLots, order.AverageTicks));
        Events?.OnBalance(order.Account, instrument.Base, baseChange, trade);
        Events?.OnBalance(order.Account, instrument.Quote, quoteChange, trade);
    }

    // A market order's hold was for the fills that it is having now; what is left of it is let go when it is done.
    private Int128 Need(Order order) => order.Request.Type == OrdType.Market ? order.Held : Need(order.Request, order.LimitTicks, order.Leaves);

    private void Finish(Order order, OrdStatus status, CancelReason reason)
    {
        order.Status = status;
        if (order.Account.IsHouse) return;
        Hold(order, 0);
        Forget(order);
        Events?.OnCanceled(order, reason);
    }

    // Finished orders can be asked for, but not for ever.
    private void Forget(Order order)
    {
        _finished.Enqueue(order.ID);
        if (_finished.Count > FinishedMax) _orders.Remove(_finished.Dequeue());
    }

    /// <summary>The book's listener.</summary>
    internal readonly struct Fills(Exchange exchange) : IBookEvents
    {
        /// <inheritdoc/>
        public void OnFill(int maker, Price price, Quantity quantity) => exchange.OnMakerFill(maker, price, quantity);

        /// <inheritdoc/>
        public void OnStep(int slot, BookStep step) => throw new InvalidOperationException("The sandbox follows no book.");
    }

    private struct CostOfFills(Instrument instrument) : IFillVisitor
    {
        public Int128 Cost { get; private set; }

        public void Visit(Price price, Quantity quantity) => Cost += instrument.Cost(price.Ticks, quantity.Lots);
    }
}
