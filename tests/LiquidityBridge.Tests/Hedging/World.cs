using Venue.Messages;

namespace LiquidityBridge.Tests.Hedging;

/// <summary>
/// Two exchanges, a venue and a disk from one seed, around one core. The exchanges keep the truth about their orders and
/// tell it late, twice, or not at all; the process dies between any two things that it does.
/// </summary>
internal sealed class World
{
    private const long StepNs = 50_000_000;

    private readonly Random _random;
    private readonly int _seed;
    private readonly bool _oneWay;
    private readonly BridgeOptions _options = TestBridge.Options(TestBridge.Instrument(size: 6, band: 1), soft: 1000, hard: 2000, drawdown: long.MaxValue / 1_000_000) with { GoneAfterNs = 10 * TestBridge.SecondNs };
    private readonly List<Record> _disk = [];
    private List<Record> _journal = [];                                         // the same, written anew now and then
    private readonly Exchange[] _exchanges;
    private readonly List<(long AtNs, Action Act)> _later = [];
    private readonly List<VenueFill> _feed = [];                                // all fills of the house, in order
    private readonly Dictionary<string, VenueOrder> _venueOrders = [];
    private readonly Queue<QuoteReport> _untold = new();                        // reports that a lost session missed
    private Bridge _bridge;
    private int _feedNext;
    private long _nowNs = TestBridge.StartNs;
    private bool _venueUp, _feedUp, _isCalm;
    private long _seq = 10;

    private sealed class VenueOrder(Side side, long price, long quantity)
    {
        public Side Side { get; } = side;
        public long Price { get; } = price;
        public long Leaves { get; set; } = quantity;
        public long Cum { get; set; }
    }

    private sealed class HedgeOrderAtExchange(HedgeIntent intent)
    {
        public HedgeIntent Intent { get; } = intent;
        public List<(string ExecId, long Quantity, long Price)> Fills { get; } = [];
        public long Cum => Fills.Sum(f => f.Quantity);
        public bool IsOpen { get; set; }
    }

    private sealed class Exchange
    {
        public bool IsUp;
        public bool IsLive;
        public int Connection;
        public Dictionary<string, HedgeOrderAtExchange> Orders { get; } = [];
    }

    public World(int seed, bool oneWay)
    {
        _seed = seed;
        _oneWay = oneWay;
        _random = new Random(seed);
        _exchanges = [new Exchange(), new Exchange()];
        _bridge = new Bridge(_options);
        Begin();
    }

    public BridgeOptions Options => _options;

    /// <summary>All that was ever written down.</summary>
    public IReadOnlyList<Record> Disk => _disk;

    private string Where => $"seed {_seed}, {(_nowNs - TestBridge.StartNs) / StepNs} steps";

    public void Run(int steps)
    {
        for (var i = 0; i < steps; i++) Step();
        // Calm: everything works, nothing new trades, and all that is unknown becomes known.
        _isCalm = true;
        for (var i = 0; i < 2400; i++) Step();
        var desk = _bridge.Snapshot(_nowNs, []);
        Assert.Multiple(() =>
        {
            Assert.That(desk.Hedges.Where(h => !h.State.IsDone()), Is.Empty, $"{Where}: not settled");
            Assert.That(desk.Instruments[0].Position, Is.EqualTo(VenuePosition + TruePosition), $"{Where}: what is booked is what happened");
            Assert.That(Math.Abs(desk.Instruments[0].Position), Is.LessThanOrEqualTo(_options.Instruments[0].Hedging.Band), $"{Where}: hedged");
            Assert.That(_feedNext, Is.EqualTo(_feed.Count));
        });
    }

    /// <summary>What the house got in the venue, as far as the core was told.</summary>
    private long VenuePosition => _feed.Take(_feedNext).Sum(f => f.Side == Side.Buy ? f.Lots : -f.Lots);

    /// <summary>What really traded outside.</summary>
    private long TruePosition => _exchanges.SelectMany(e => e.Orders.Values).Sum(o => o.Intent.Side == Side.Buy ? o.Cum : -o.Cum);

    private void Step()
    {
        _nowNs += StepNs;
        foreach (var (_, act) in _later.Where(l => l.AtNs <= _nowNs).ToList()) act();
        _later.RemoveAll(l => l.AtNs <= _nowNs);
        if (Chance(2)) Connect();
        if (Chance(30)) Book();
        if (!_isCalm && Chance(15)) Trade();
        if (_feedUp && Chance(60)) ReadFeed();
        if (!_isCalm && Chance(1)) Crash();
        Tell(new Tick { NowNs = _nowNs });
        Check();
    }

    private void Check()
    {
        var desk = _bridge.Snapshot(_nowNs, []).Instruments[0];
        // What the core booked of hedges is at most what traded: told late, never invented.
        var booked = _disk.OfType<HedgeReport>().Where(r => r.Kind == HedgeReportKind.Filled).DistinctBy(r => (r.Exchange, r.ExecId)).ToList();
        var hedged = booked.Sum(r => _exchanges[r.Exchange].Orders[r.ClientId].Intent.Side == Side.Buy ? r.Quantity : -r.Quantity);
        Assert.That(desk.Position, Is.EqualTo(VenuePosition + hedged), $"{Where}: net exposure is the sum of the fills");
        if (_oneWay)
        {
            // Clients only buy: the house is short, and if anything were hedged twice it would become long.
            Assert.That(VenuePosition + TruePosition, Is.LessThanOrEqualTo(0), $"{Where}: hedged twice");
        }
        if (desk.WhyNotQuoted is not null && _venueUp)
        {
            Assert.That(desk.Bid.State, Is.AnyOf(QuoteState.Empty, QuoteState.CancelSent, QuoteState.Clearing), $"{Where}: {desk.WhyNotQuoted}");
            Assert.That(desk.Ask.State, Is.AnyOf(QuoteState.Empty, QuoteState.CancelSent, QuoteState.Clearing), $"{Where}: {desk.WhyNotQuoted}");
        }
        // An oracle of its own: without any exchange that both shows a book and takes orders there is no quote.
        if (!_exchanges.Any(e => e.IsUp && e.IsLive) || !_feedUp) Assert.That(desk.WhyNotQuoted, Is.Not.Null, $"{Where}: quoted without a hedge");
    }

    private void Connect()
    {
        var exchange = _random.Next(2);
        var e = _exchanges[exchange];
        if (!e.IsUp)
        {
            e.IsUp = true;
            e.Connection++;
            Tell(new ExchangeTrading { NowNs = _nowNs, Exchange = exchange, IsUp = true });
            Book(exchange);
        }
        else if (!_isCalm && Chance(30))
        {
            Drop(exchange);
        }
        if (!_venueUp)
        {
            _venueUp = true;
            Tell(new VenueSessionChanged { NowNs = _nowNs, IsUp = true });
            while (_untold.TryDequeue(out var report)) Tell(report with { NowNs = _nowNs });
        }
        else if (!_isCalm && Chance(30))
        {
            _venueUp = false;
            Tell(new VenueSessionChanged { NowNs = _nowNs, IsUp = false });
        }
        if (_feedUp != (_isCalm || !Chance(20)))
        {
            _feedUp = !_feedUp;
            Tell(new FeedChanged { NowNs = _nowNs, IsUp = _feedUp });
        }
    }

    private void Drop(int exchange)
    {
        var e = _exchanges[exchange];
        e.IsUp = e.IsLive = false;
        Tell(new BookImage { NowNs = _nowNs, Exchange = exchange, Instrument = 0, State = BookState.Disconnected });
        Tell(new ExchangeTrading { NowNs = _nowNs, Exchange = exchange, IsUp = false, Reason = "dropped" });
    }

    private void Book() => Book(_random.Next(2));

    private void Book(int exchange)
    {
        var e = _exchanges[exchange];
        e.IsLive = e.IsUp && (_isCalm || Chance(90));
        var mid = 10_000 + _random.Next(-50, 50);
        Tell(new BookImage
        {
            NowNs = _nowNs, Exchange = exchange, Instrument = 0, State = e.IsLive ? BookState.Live : BookState.Syncing,
            Bids = e.IsLive ? [new Level(mid - 5, 1 + _random.Next(8)), new Level(mid - 10, 30)] : [],
            Asks = e.IsLive ? [new Level(mid + 5, 1 + _random.Next(8)), new Level(mid + 10, 30)] : [],
        });
    }

    /// <summary>A client trades with one of the house's quotes that rest.</summary>
    private void Trade()
    {
        var resting = _venueOrders.Where(o => o.Value.Leaves > 0 && (!_oneWay || o.Value.Side == Side.Sell)).ToList();
        if (resting.Count == 0) return;
        var (id, order) = resting[_random.Next(resting.Count)];
        var quantity = 1 + _random.NextInt64(order.Leaves);
        order.Leaves -= quantity;
        order.Cum += quantity;
        _seq++;
        _feed.Add(new VenueFill { NowNs = 0, Seq = _seq, Index = 1, Number = 1, Firm = 7, Side = order.Side, Ticks = order.Price, Lots = quantity, FeeAtoms = 3, ClOrdID = id });
        Say(new QuoteReport { NowNs = _nowNs, Kind = QuoteReportKind.Traded, Instrument = 0, Side = order.Side, ClOrdID = id, Cum = order.Cum, Leaves = order.Leaves, Seq = _seq });
    }

    private void ReadFeed()
    {
        // Sometimes from before where it was: a stream that was opened again.
        if (Chance(10))
        {
            foreach (var known in _feed.Take(_feedNext).TakeLast(3)) Tell(known with { NowNs = _nowNs });
        }
        if (_feedNext == _feed.Count) return;
        Tell(_feed[_feedNext++] with { NowNs = _nowNs });
        Tell(new FeedPosition { NowNs = _nowNs, ThroughSeq = _feed[_feedNext - 1].Seq });
    }

    /// <summary>The process dies and starts again on what is on the disk.</summary>
    private void Crash()
    {
        var before = Summary(_bridge.Snapshot(_nowNs, []));
        _bridge = new Bridge(_options);
        if (Chance(50)) _journal = [.. States.Of(_options, _journal)];
        foreach (var record in _journal) _bridge.Recover(record);
        Assert.That(Summary(_bridge.Snapshot(_nowNs, [])), Is.EqualTo(before), $"{Where}: the journal gives what was there");
        // What is on its way to the exchanges arrives; what they tell goes to connections that are gone.
        for (var i = 0; i < 2; i++) (_exchanges[i].IsUp, _exchanges[i].IsLive) = (false, false);
        _venueUp = _feedUp = false;
        Begin();
        // Read again from where the journal stands, which tells some fills twice.
        _feedNext = _disk.OfType<VenueFill>().Count();
        foreach (var known in _feed.Take(_feedNext).Where(f => f.Seq > _bridge.FeedAfterSeq)) Tell(known with { NowNs = _nowNs });
    }

    private static string Summary(DeskState desk)
    {
        var i = desk.Instruments[0];
        return string.Join('\n', desk.Hedges.Select(h => $"{h.ClientId} {h.State} {h.Cum}")
            .Append($"{i.Position} {i.RealisedAtoms} {i.MarkupAtoms} {i.SlippageAtoms} {i.FeesAtoms} {i.VenueQuantity} {i.HedgeQuantity} {i.PendingHedge}"));
    }

    private void Begin()
    {
        Heed(_bridge.Start(_nowNs));
        foreach (var definition in TestBridge.Definitions(_nowNs)) Tell(definition);
    }

    private void Tell(Input input) => Heed(_bridge.On(input));

    private void Heed(IReadOnlyList<Output> outputs)
    {
        var all = outputs.ToList();
        foreach (var log in all.OfType<Log>())
        {
            _disk.Add(log.Record);
            _journal.Add(log.Record);
        }
        // The process dies after the write and before it does what it wanted.
        if (!_isCalm && all.OfType<SendHedge>().Any() && Chance(3))
        {
            Later(0, Crash);
            return;
        }
        foreach (var output in all)
        {
            switch (output)
            {
                case SendHedge send: Arrive(send.Intent); break;
                case CancelHedge cancel: OnExchange(cancel.Intent, 0, e => End(e, cancel.Intent)); break;
                case QueryHedge query: OnExchange(query.Intent, 0, e => Answer(e, query.Intent)); break;
                case NewQuote or ReplaceQuote or CancelQuote when _venueUp: OnVenue(output); break;
            }
        }
    }

    // ---- an exchange ----

    /// <summary>A request on its way: lost with its connection, late, or there.</summary>
    private void OnExchange(HedgeIntent intent, int lossPercent, Action<Exchange> act)
    {
        var e = _exchanges[intent.Exchange];
        if (!e.IsUp || !_isCalm && Chance(lossPercent)) return;
        // Under way for less than the orders' deadline, also when the connection, or the process, is gone by then.
        Later(_random.Next(_isCalm ? 5 : 80), () => act(e));
    }

    private void Arrive(HedgeIntent intent)
    {
        if (!_exchanges[intent.Exchange].IsUp)
        {
            Report(intent, new HedgeReport { NowNs = _nowNs, Exchange = intent.Exchange, ClientId = intent.ClientId, Kind = HedgeReportKind.Rejected, Text = "never sent" });
            return;
        }
        OnExchange(intent, lossPercent: 5, e =>
        {
            Assert.That(e.Orders.ContainsKey(intent.ClientId), Is.False, $"{Where}: {intent.ClientId} was sent twice");
            if (!_isCalm && Chance(8))
            {
                e.Orders[intent.ClientId] = new HedgeOrderAtExchange(intent);
                Report(intent, new HedgeReport { NowNs = _nowNs, Exchange = intent.Exchange, ClientId = intent.ClientId, Kind = HedgeReportKind.Rejected, Text = "no" });
                return;
            }
            var order = e.Orders[intent.ClientId] = new HedgeOrderAtExchange(intent) { IsOpen = true };
            Report(intent, new HedgeReport { NowNs = _nowNs, Exchange = intent.Exchange, ClientId = intent.ClientId, Kind = HedgeReportKind.Acknowledged });
            while (order.Cum < intent.Quantity && Chance(85))
            {
                var quantity = 1 + _random.NextInt64(intent.Quantity - order.Cum);
                order.Fills.Add(($"{intent.ClientId}/{order.Fills.Count}", quantity, intent.Limit));
                Report(intent, Fill(intent, order.Fills[^1]));
            }
            // Sometimes it stays open though it should not.
            if (_isCalm || !Chance(5)) End(e, intent);
        });
    }

    private void End(Exchange e, HedgeIntent intent)
    {
        if (!e.Orders.TryGetValue(intent.ClientId, out var order) || !order.IsOpen) return;
        order.IsOpen = false;
        if (order.Cum < intent.Quantity) Report(intent, new HedgeReport { NowNs = _nowNs, Exchange = intent.Exchange, ClientId = intent.ClientId, Kind = HedgeReportKind.Canceled, Cum = order.Cum });
    }

    private void Answer(Exchange e, HedgeIntent intent)
    {
        e.Orders.TryGetValue(intent.ClientId, out var order);
        // The first exchange tells again what it told; the second, like one over FIX that began its numbers anew, says sums only.
        if (intent.Exchange == 0) foreach (var fill in order?.Fills ?? []) Report(intent, Fill(intent, fill));
        Report(intent, new HedgeReport { NowNs = _nowNs, Exchange = intent.Exchange, ClientId = intent.ClientId, Kind = order is { IsOpen: true } ? HedgeReportKind.Open : HedgeReportKind.Gone, Cum = order?.Cum ?? 0, AveragePrice = intent.Exchange == 1 && order?.Cum > 0 ? intent.Limit : 0 });
    }

    private static HedgeReport Fill(HedgeIntent intent, (string ExecId, long Quantity, long Price) fill) => new()
    {
        NowNs = 0, Exchange = intent.Exchange, ClientId = intent.ClientId, Kind = HedgeReportKind.Filled, ExecId = fill.ExecId, Quantity = fill.Quantity, Price = fill.Price, FeeAtoms = 5,
    };

    /// <summary>A report on its way, in order within its connection: lost with the connection, sometimes lost by itself, sometimes told twice.</summary>
    private void Report(HedgeIntent intent, HedgeReport report)
    {
        var e = _exchanges[intent.Exchange];
        if (!_isCalm && Chance(4)) return;
        var connection = e.Connection;
        for (var times = !_isCalm && Chance(6) ? 2 : 1; times > 0; times--)
        {
            // A moment for all of them, so that they stay in order.
            Later(1, () =>
            {
                if (e.Connection == connection && e.IsUp) Tell(report with { NowNs = _nowNs });
            });
        }
    }

    // ---- the venue ----

    private void OnVenue(Output quote) => Later(1, () =>
    {
        switch (quote)
        {
            case NewQuote q:
                _venueOrders[q.ClOrdID] = new VenueOrder(q.Side, q.Price, q.Quantity);
                Say(new QuoteReport { NowNs = _nowNs, Kind = QuoteReportKind.Accepted, Instrument = 0, Side = q.Side, ClOrdID = q.ClOrdID, Leaves = q.Quantity });
                CheckOwnCross();
                break;
            case ReplaceQuote q when _venueOrders.Remove(q.OrigClOrdID, out var old) && old.Leaves > 0:
                var replaced = _venueOrders[q.ClOrdID] = new VenueOrder(q.Side, q.Price, Math.Max(0, q.Quantity - old.Cum)) { Cum = old.Cum };
                Say(new QuoteReport { NowNs = _nowNs, Kind = QuoteReportKind.Replaced, Instrument = 0, Side = q.Side, ClOrdID = q.ClOrdID, OrigClOrdID = q.OrigClOrdID, Cum = replaced.Cum, Leaves = replaced.Leaves });
                CheckOwnCross();
                break;
            case ReplaceQuote q:
                Say(new QuoteReport { NowNs = _nowNs, Kind = QuoteReportKind.RequestRefused, Instrument = 0, Side = q.Side, ClOrdID = q.ClOrdID, OrigClOrdID = q.OrigClOrdID });
                break;
            case CancelQuote q when _venueOrders.Remove(q.OrigClOrdID, out var order) && order.Leaves > 0:
                Say(new QuoteReport { NowNs = _nowNs, Kind = QuoteReportKind.Canceled, Instrument = 0, Side = q.Side, ClOrdID = q.ClOrdID, OrigClOrdID = q.OrigClOrdID, Cum = order.Cum });
                break;
            case CancelQuote q:
                Say(new QuoteReport { NowNs = _nowNs, Kind = QuoteReportKind.RequestRefused, Instrument = 0, Side = q.Side, ClOrdID = q.ClOrdID, OrigClOrdID = q.OrigClOrdID });
                break;
        }
    });

    private void CheckOwnCross()
    {
        var live = _venueOrders.Values.Where(o => o.Leaves > 0).ToList();
        var bid = live.Where(o => o.Side == Side.Buy).Select(o => o.Price).DefaultIfEmpty(0).Max();
        var ask = live.Where(o => o.Side == Side.Sell).Select(o => o.Price).DefaultIfEmpty(long.MaxValue).Min();
        Assert.That(bid, Is.LessThan(ask), $"{Where}: the house trades with itself");
        Assert.That(live.Count(o => o.Side == Side.Buy), Is.LessThanOrEqualTo(1), $"{Where}: two bids rest");
        Assert.That(live.Count(o => o.Side == Side.Sell), Is.LessThanOrEqualTo(1), $"{Where}: two asks rest");
    }

    /// <summary>A session loses nothing: what cannot be told now is told after the next logon, in order.</summary>
    private void Say(QuoteReport report)
    {
        if (_venueUp) Tell(report);
        else _untold.Enqueue(report);
    }

    private void Later(int steps, Action act) => _later.Add((_nowNs + Math.Max(1, steps) * StepNs, act));

    private bool Chance(int percent) => _random.Next(100) < percent;
}
