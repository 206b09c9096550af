using System.Globalization;
using Venue.Engine;

namespace Venue.Benchmarks.Engine;

/// <summary>All flows through the ladder, the book and the engine, and the worst cases: what ./run bench prints.</summary>
internal static class Table
{
    /// <summary>Orders and twice as many ClOrdIDs that the engine remembers in the flows, unless more rest.</summary>
    public const int Remembered = 1 << 20;

    private const int Repetitions = 5;

    public static void Print()
    {
        using var yardstick = Yardstick.TryBuild();
        Console.WriteLine(yardstick is null
            ? "There is no g++: the yardsticks in C++ are not run beside the engine, and there are no ratios."
            : "Nanoseconds of thread CPU time a message, least of each 2000 messages over the repetitions (median of the repetitions).");
        Console.WriteLine("flow |    C++ ladder |       C# book |    C++ duties |  whole engine |   with journal | book/ladder | duties/ladder | engine/ladder | engine/duties | with journal/ladder | bytes allocated | collections");
        foreach (var name in (string[])["H", "A", "B", "D"]) Speed(Flow.Make(name), yardstick);
        Console.WriteLine();
        Each(Flow.Make("A"), yardstick);
        Sweeps(Flow.Make("D"));
        Memory(Flow.Make("C"), yardstick);
        Console.WriteLine();
        WorstCases.Print();
        WorstCommands.Print();
        QuoteCommands.Print();
    }

    private static void Speed(Flow flow, Yardstick? yardstick)
    {
        // The ladder before and after: the machine is not the same all the time.
        var before = yardstick?.Run(Yardstick.Ladder, flow, "thr", Repetitions);
        var dutiesBefore = yardstick?.Run(Yardstick.Duties, flow, "thr", Repetitions);
        var book = Measure.Run(flow, () => new BookRun(flow), Repetitions);
        var engine = Measure.Run(flow, () => new EngineRun(flow, Remembered, isHuge: true), Repetitions);
        var journaled = Measure.Run(flow, () => new EngineRun(flow, Remembered, isHuge: true, isJournaled: true), Repetitions);
        var (ladder, ladderMedian) = Least(before, yardstick?.Run(Yardstick.Ladder, flow, "thr", Repetitions));
        var (duties, dutiesMedian) = Least(dutiesBefore, yardstick?.Run(Yardstick.Duties, flow, "thr", Repetitions));
        Line($"   {flow.Name} | {ladder,6:F1} ({ladderMedian,4:F0}) | {book.LeastNs,6:F1} ({book.MedianNs,4:F0}) | {duties,6:F1} ({dutiesMedian,4:F0}) | {engine.LeastNs,6:F1} ({engine.MedianNs,4:F0}) | {journaled.LeastNs,7:F1} ({journaled.MedianNs,4:F0}) | {book.LeastNs / ladder,11:F2} | {duties / ladder,13:F2} | {engine.LeastNs / ladder,13:F2} | {engine.LeastNs / duties,13:F2} | {journaled.LeastNs / ladder,19:F2} | {book.Allocated + engine.Allocated + journaled.Allocated,15} | {book.Collections + engine.Collections + journaled.Collections,11}");
    }

    private static (double Ns, double MedianNs) Least(IReadOnlyDictionary<string, double>? before, IReadOnlyDictionary<string, double>? after) =>
        before is null || after is null ? (double.NaN, double.NaN) : (Math.Min(before["ns"], after["ns"]), Math.Min(before["median"], after["median"]));

    private static void Each(Flow flow, Yardstick? yardstick)
    {
        if (yardstick?.Run(Yardstick.Ladder, flow, "lat", 3) is { } ladder)
            Line($"{flow.Name}, each message: C++ ladder p50 {ladder["p50"]:F0} ns, p99.9 {ladder["p99.9"]:F0} ns, max {ladder["max"]:F0} ns");
        if (yardstick?.Run(Yardstick.Duties, flow, "lat", 3) is { } duties)
            Line($"{flow.Name}, each message: C++ duties p50 {duties["p50"]:F0} ns, p99.9 {duties["p99.9"]:F0} ns, max {duties["max"]:F0} ns");
        var engine = Measure.RunEach(flow, () => new EngineRun(flow, Remembered, isHuge: true, isJournaled: true), Repetitions);
        Line($"{flow.Name}, each message: whole engine with journal p50 {engine.Median:F0} ns, p99.9 {engine.P999:F0} ns, max {engine.Max:F0} ns (wall time, least of each message over {Repetitions} repetitions)");
    }

    private static void Sweeps(Flow flow)
    {
        var engine = Measure.RunEach(flow, () => new EngineRun(flow, Remembered, isHuge: true), Repetitions);
        Line($"{flow.Name}, each sweep of 100 levels with 1000 fills: whole engine median {engine.CrossMedian / 1000:F1} us, max {engine.CrossMax / 1000:F1} us");
    }

    public static void Memory(Flow flow, Yardstick? yardstick)
    {
        if (yardstick is not null) Line($"{flow.Name}, bytes per resting order: C++ ladder {yardstick.Run(Yardstick.Ladder, flow, "mem", 1)["bytes"]:F1}");
        Line($"{flow.Name}, bytes per resting order: C# book {Measure.BytesPerOrder(flow, () => new BookRun(flow)):F1}, its map of ids included");
        Line($"{flow.Name}, bytes per resting order: whole engine {Measure.BytesPerOrder(flow, () => new EngineRun(flow, Remembered, isHuge: false)):F1}");
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
