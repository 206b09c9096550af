using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Venue.Engine;
using Venue.Matching;
using Venue.Messages;

namespace Venue.Benchmarks.Engine;

/// <summary>What a client could do to make one command long, through the whole engine: the longest step from one event to the next.</summary>
internal sealed partial class WorstCommands
{
    private const int Count = 10_000, Levels = 40_000, Million = 1_000_000;
    private const int Repetitions = 5;
    private const int Price = 20_000;
    private const int EventsMax = 1 << 18;

    /// <summary>When each event of the command came.</summary>
    private readonly FixedArray<long> _times;
    private readonly VenueEngine<EveryEvent<Timed>> _engine;
    private readonly Clock _clock;
    private readonly byte[] _slot = new byte[CommandSlot.Size];
    private long _seq, _laterNs;

    private WorstCommands(int orders)
    {
        _times = new FixedArray<long>(2 * orders + EventsMax);
        _clock = new Clock(_times);
        _engine = new VenueEngine<EveryEvent<Timed>>(new EngineCapacity { Orders = orders, ClOrdIDs = 2 * orders, LevelPages = 1 << 12 }, new EveryEvent<Timed>(new Timed(_clock)));
        Define();
    }

    public static void Print()
    {
        Line("an iceberg refreshed 10,000 times by one order", run =>
        {
            run.Enter(Side.Sell, Count + 1, Price, OrdType.Limit, new OrderTerms { DisplayLots = 1 });
            run.Enter(Side.Sell, 1, Price);
        }, run => run.Enter(Side.Buy, Count + 2, Price));
        Line("10,000 stops triggered by one trade", run =>
        {
            run.Enter(Side.Sell, 2 * Count, Price);
            for (var i = 0; i < Count; i++) run.Enter(Side.Buy, 1, 0, OrdType.Stop, new OrderTerms { StopTicks = Price - i % 7 });
        }, run => run.Enter(Side.Buy, 1, Price));
        Line("a cascade of 10,000 stops, each triggered by the trade of the one before", run =>
        {
            for (var i = 0; i <= Count; i++) run.Enter(Side.Sell, 1, Price + i);
            for (var i = 0; i < Count; i++) run.Enter(Side.Buy, 1, 0, OrdType.Stop, new OrderTerms { StopTicks = Price + i });
        }, run => run.Enter(Side.Buy, 1, Price));
        Line("a fill-or-kill order that 40,000 levels could not fill", run =>
        {
            for (var i = 0; i < Levels; i++) run.Enter(Side.Sell, 1, Price + i);
        }, run => run.Enter(Side.Buy, 2 * Levels, Price + Levels, timeInForce: TimeInForce.FillOrKill), Levels + 2);
        Line("a better bid that 1,024 pegged and 1,024 trailing orders follow", run =>
        {
            run.Enter(Side.Buy, 1, Price - 100);
            run.Enter(Side.Sell, 1, Price + 100);
            for (var i = 0; i < 1024; i++)
            {
                run.Enter(Side.Buy, 1, Price, OrdType.Pegged, new OrderTerms { Instructions = OrderInstructions.PegPrimary, OffsetTicks = -(i % 50) });
                run.Enter(Side.Sell, 1, 0, OrdType.Stop, new OrderTerms { Instructions = OrderInstructions.TrailingStop, OffsetTicks = 100 + i, StopTicks = 1, Trigger = TriggerPrice.Quote });
            }
        }, run => run.Enter(Side.Buy, 1, Price - 50), Count);
        Line("10,000 orders that expire at once", run =>
        {
            for (var i = 0; i < Count; i++) run.Enter(Side.Buy, 1, 1 + i, terms: new OrderTerms { ExpireNs = Million }, timeInForce: TimeInForce.GoodTillDate);
            run._laterNs = Million;
        }, run => run.Apply((ref Tick _) => { }, CommandType.Tick), Count + 2);
        Line("one lot against a price of 10,000 orders that is shared by size", run =>
        {
            run.Apply((ref DefineTrading c) => (c.Instrument, c.Allocation) = (1, Allocation.ProRata), CommandType.DefineTrading);
            for (var i = 0; i < Count; i++) run.Enter(Side.Sell, 5, Price);
        }, run => run.Enter(Side.Buy, 1, Price), Count + 2);
        // What operators can do, with a million orders open: another firm has one.
        Line("a kill switch for a firm with one order among 1,000,000", EnterMillion, run => run.Kill(KillScope.Firm, 2), Million + 2);
        Line("a limit on open orders for the firm that has 1,000,000, a slice a command", EnterMillion, run => run.Limit(1), Million + 2);
        Line("a kill switch for the venue with 1,000,000 orders", EnterMillion, run => run.Kill(KillScope.Venue, 0), Million + 2);
        Line("a price that puts 10,000 margin accounts under water, in thousands of commands", EnterAccounts, run => run.Liquidate(), LiquidationOrders);
    }

    private static void EnterMillion(WorstCommands run)
    {
        for (var i = 0; i < Million; i++) run.Enter(Side.Buy, 1, 1 + i * 7919L % (Price - 1));
        run.Enter(Side.Buy, 1, 1, session: 2);
    }

    private void Kill(KillScope scope, int target)
    {
        ref var c = ref Command.Begin<Kill>(_slot, CommandType.Kill);
        (c.Scope, c.Target, c.Engaged) = (scope, target, 1);
        Apply(0);
    }

    private void Limit(int firm)
    {
        ref var c = ref Command.Begin<DefineLimits>(_slot, CommandType.DefineLimits);
        (c.Firm, c.OpenOrdersMax) = (firm, 2 * Million);
        Apply(0);
        _clock.Tick();
        while (_engine.Walks > 0)
        {
            Apply((ref ContinueWalk c) => c.Walk = _engine.WalkAt(0).Number, CommandType.ContinueWalk);
            _clock.Tick();
        }
    }

    /// <summary>The least of each step over the repetitions: what other processes took does not count.</summary>
    private static void Line(string what, Action<WorstCommands> prepare, Action<WorstCommands> command, int orders = 4 * Count)
    {
        long[] best = [];
        // Enough that the runtime has made what is called best: that takes it some thousand calls and a while.
        var repetitions = orders < Million ? 6 * Repetitions : Repetitions;
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            var run = new WorstCommands(orders);
            prepare(run);
            var before = run._engine.Trades;
            run._clock.Count = 0;
            var last = Stopwatch.GetTimestamp();
            command(run);
            var end = Stopwatch.GetTimestamp();
            var steps = new long[run._clock.Count + 1];
            for (var i = 0; i < run._clock.Count; i++) (steps[i], last) = (run._times[i] - last, run._times[i]);
            steps[^1] = end - last;
            if (repetition == 0) best = steps;
            else for (var i = 0; i < best.Length; i++) best[i] = Math.Min(best[i], steps[i]);
            if (orders == 4 * Count && run._engine.Trades - before <= Count) throw new InvalidOperationException($"{what}: {run._engine.Trades - before} trades only");
            run._engine.CheckInvariants();
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: whole engine, {best.Length - 1} events, mean {Ns(best.Average()):F0} ns an event, most {Ns(best.Max()) / 1000:F1} us from one to the next, {Ns(best.Sum()) / 1e6:F1} ms in all"));
    }

    private void Enter(Side side, long lots, long ticks, OrdType ordType = OrdType.Limit, OrderTerms terms = default, int session = 1, TimeInForce timeInForce = TimeInForce.GoodTillCancel)
    {
        ref var c = ref Command.Begin<NewSpecialOrder>(_slot, CommandType.NewSpecialOrder);
        c.Order.ClOrdID = Text40.From(_seq.ToString(CultureInfo.InvariantCulture));
        (c.Order.Instrument, c.Order.Side, c.Order.OrdType, c.Order.TimeInForce, c.Order.Lots, c.Order.PriceTicks, c.Terms) = (1, side, ordType, timeInForce, lots, ticks, terms);
        if (ordType == OrdType.Stop && terms.Trigger == TriggerPrice.None) c.Terms.Trigger = TriggerPrice.LastTrade;
        Apply(session);
    }

    private void Define()
    {
        foreach (var number in (ReadOnlySpan<int>)[1, 2])
        {
            ref var asset = ref Command.Begin<DefineAsset>(_slot, CommandType.DefineAsset);
            (asset.Asset, asset.Code) = (number, Text16.From(number == 1 ? "USD" : "X"));
            Apply(0);
        }
        ref var instrument = ref Command.Begin<DefineInstrument>(_slot, CommandType.DefineInstrument);
        (instrument.Instrument, instrument.BaseAsset, instrument.QuoteAsset, instrument.Symbol) = (1, 2, 1, Text16.From("X-USD"));
        (instrument.TickMantissa, instrument.LotMantissa, instrument.LotAtoms, instrument.TickLotAtoms) = (1, 1, 1, 1);
        (instrument.MakerFeePpm, instrument.TakerFeePpm, instrument.MinLots, instrument.MaxLots, instrument.MaxPriceTicks) = (200, 500, 1, 1 << 20, 1 << 16);
        Apply(0);
        foreach (var number in (ReadOnlySpan<int>)[1, 2])
        {
            ref var firm = ref Command.Begin<DefineFirm>(_slot, CommandType.DefineFirm);
            (firm.Firm, firm.Name) = (number, Text40.From($"firm {number}"));
            Apply(0);
            ref var session = ref Command.Begin<DefineSession>(_slot, CommandType.DefineSession);
            (session.DefinedSession, session.Firm, session.ClientCompID, session.VenueCompID) = (number, number, Text40.From($"client {number}"), Text40.From("VENUE"));
            Apply(0);
            foreach (var asset in (ReadOnlySpan<int>)[1, 2])
            {
                ref var credit = ref Command.Begin<Credit>(_slot, CommandType.Credit);
                (credit.Firm, credit.Asset, credit.Amount, credit.Key) = (number, asset, new Amount((Int128)1 << 100), Text40.From($"credit {number} {asset}"));
                Apply(0);
            }
        }
    }

    private void Apply(int session)
    {
        ref var header = ref Command.Header(_slot.AsSpan());
        (header.Seq, header.TimeNs, header.Session) = (++_seq, _laterNs + _seq, session);
        _engine.Apply(MemoryMarshal.CreateReadOnlySpan(ref _slot[0], header.Length));
    }

    private static double Ns(double ticks) => ticks * 1e9 / Stopwatch.Frequency;
}

/// <summary>Writes down when events come.</summary>
internal sealed class Clock(FixedArray<long> times)
{
    public int Count;

    public void Tick() => times[Count++] = Stopwatch.GetTimestamp();
}
