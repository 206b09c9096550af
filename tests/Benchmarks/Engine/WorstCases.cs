using System.Diagnostics;
using System.Globalization;
using Venue.Matching;
using Venue.Messages;

namespace Venue.Benchmarks.Engine;

/// <summary>What a client could do to be expensive on purpose, one step at a time: the slowest step, and the mean.</summary>
internal static class WorstCases
{
    private const int Repetitions = 5;

    public static void Print()
    {
        Line("1,000,000 orders at one price, canceled in random order", CancelAtRandom);
        Line("1,000,000 orders at prices of pages of their own, swept one by one, best first", SweepFarApart);
        Line("two orders 268 million ticks apart, each the best in turn", BestFarApart);
    }

    private readonly struct NoEvents : IBookEvents
    {
        public void OnFill(int maker, Price price, Quantity quantity) { }
        public void OnStep(int slot, BookStep step) { }
    }

    /// <summary>The least of each step over the repetitions: what other processes took does not count.</summary>
    private static void Line(string what, Func<IEnumerable<Action>> make)
    {
        long[] best = [];
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            var at = 0;
            var times = new List<long>(1 << 20);
            foreach (var step in make())
            {
                var started = Stopwatch.GetTimestamp();
                step();
                times.Add(Stopwatch.GetTimestamp() - started);
            }
            if (repetition == 0) best = [.. times];
            else foreach (var time in times) best[at] = Math.Min(best[at++], time);
        }
        Array.Sort(best);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: book, mean {Ns(best.Average()):F0} ns, p99.9 {Ns(best[(int)(best.Length * 0.999)]):F0} ns, max {Ns(best[^1]):F0} ns a step"));
    }

    private static IEnumerable<Action> CancelAtRandom()
    {
        const int count = 1_000_000;
        var book = new Book<NoEvents>(new OrderSlab(count), new LevelPages(4), new Price(1000), default);
        for (var slot = 1; slot <= count; slot++) book.Rest(slot, Side.Buy, new Price(500), new Quantity(1));
        var slots = Enumerable.Range(1, count).ToArray();
        var random = new SplitMix(7);
        for (var i = count - 1; i > 0; i--)
        {
            var other = (int)random.Below((uint)i + 1);
            (slots[i], slots[other]) = (slots[other], slots[i]);
        }
        var at = 0;
        Action step = () => book.Cancel(slots[at++]);
        for (var i = 0; i < count; i++) yield return step;
    }

    private static IEnumerable<Action> SweepFarApart()
    {
        const int count = 1_000_000;
        var book = new Book<NoEvents>(new OrderSlab(count), new LevelPages(count), new Price(Ladder.TicksMax), default);
        for (var slot = 1; slot <= count; slot++) book.Rest(slot, Side.Sell, new Price(slot * 256), new Quantity(1));
        Action step = () => book.Match(Side.Buy, new Price(Ladder.TicksMax), new Quantity(1));
        for (var i = 0; i < count; i++) yield return step;
    }

    private static IEnumerable<Action> BestFarApart()
    {
        var book = new Book<NoEvents>(new OrderSlab(2), new LevelPages(2), new Price(Ladder.TicksMax), default);
        book.Rest(2, Side.Sell, new Price(Ladder.TicksMax), new Quantity(1));
        Action come = () => book.Rest(1, Side.Sell, new Price(1), new Quantity(1));
        Action go = () => book.Cancel(1);
        for (var i = 0; i < 100_000; i++)
        {
            yield return come;
            yield return go;
        }
    }

    private static double Ns(double ticks) => ticks * 1e9 / Stopwatch.Frequency;
}
