using System.Diagnostics;

namespace Venue.Benchmarks.Engine;

/// <summary>What one message takes, in nanoseconds of thread CPU time.</summary>
/// <param name="LeastNs">Mean of the least per chunk over all repetitions: what other processes took does not count.</param>
/// <param name="MedianNs">Median of the repetitions' means.</param>
/// <param name="Allocated">Bytes allocated while timed.</param>
/// <param name="Collections">Garbage collections while timed.</param>
internal readonly record struct Throughput(double LeastNs, double MedianNs, long Allocated, int Collections);

/// <summary>What single messages take, in nanoseconds, the least of each message over all repetitions.</summary>
internal readonly record struct Latency(double Median, double P999, double Max, double CrossMedian, double CrossMax);

/// <summary>Runs a flow through an engine, several times, and checks what came out.</summary>
internal static class Measure
{
    /// <summary>Messages that are timed together.</summary>
    public const int Chunk = 2000;

    public static Throughput Run(Flow flow, Func<IRun> make, int repetitions)
    {
        var timed = flow.Messages.Length - flow.SetUp;
        var best = new long[(timed + Chunk - 1) / Chunk];
        Array.Fill(best, long.MaxValue);
        var means = new List<double>();
        var (allocated, collections) = (0L, 0);
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            using var run = Begin(flow, make);
            long sum = 0;
            for (var chunk = 0; chunk < best.Length; chunk++)
            {
                var from = flow.SetUp + chunk * Chunk;
                var to = Math.Min(from + Chunk, flow.Messages.Length);
                run.Prepare(from, to);
                var bytes = GC.GetAllocatedBytesForCurrentThread();
                var counted = GC.CollectionCount(0);
                var started = ThreadClock.NowNs();
                run.Run(from, to);
                var spent = ThreadClock.NowNs() - started;
                best[chunk] = Math.Min(best[chunk], spent);
                sum += spent;
                // The first repetition runs code for the first time, for which the runtime itself may allocate.
                if (repetition == 0) continue;
                allocated += GC.GetAllocatedBytesForCurrentThread() - bytes;
                collections += GC.CollectionCount(0) - counted;
            }
            means.Add((double)sum / timed);
            Check(flow, run);
        }
        means.Sort();
        return new Throughput((double)best.Sum() / timed, means[means.Count / 2], allocated, collections);
    }

    public static Latency RunEach(Flow flow, Func<IRun> make, int repetitions)
    {
        var timed = flow.Messages.Length - flow.SetUp;
        var best = new long[timed];
        Array.Fill(best, long.MaxValue);
        for (var repetition = 0; repetition < repetitions; repetition++)
        {
            using var run = Begin(flow, make);
            for (var i = 0; i < timed; i++)
            {
                if (i % Chunk == 0) run.Prepare(flow.SetUp + i, Math.Min(flow.SetUp + i + Chunk, flow.Messages.Length));
                var started = Stopwatch.GetTimestamp();
                run.Run(flow.SetUp + i, flow.SetUp + i + 1);
                best[i] = Math.Min(best[i], Stopwatch.GetTimestamp() - started);
            }
            Check(flow, run);
        }
        var crosses = new List<double>();
        for (var i = 0; i < timed; i++)
            if (flow.Messages[flow.SetUp + i].Op == FlowOp.Cross) crosses.Add(Ns(best[i]));
        crosses.Sort();
        Array.Sort(best);
        return new Latency(Ns(best[timed / 2]), Ns(best[(int)(timed * 0.999)]), Ns(best[^1]), crosses.Count == 0 ? 0 : crosses[crosses.Count / 2], crosses.LastOrDefault());
    }

    /// <summary>What the process grows by for each order that rests at the end, in bytes.</summary>
    public static double BytesPerOrder(Flow flow, Func<IRun> make)
    {
        // What others left must go back to the system: memory that is already there would not count.
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var run = make();
        var before = Environment.WorkingSet;
        for (var from = 0; from < flow.Messages.Length; from += Chunk) Step(run, from, Math.Min(from + Chunk, flow.Messages.Length));
        var grown = Environment.WorkingSet - before;
        Check(flow, run);
        return (double)grown / flow.MaxLive;
    }

    private static IRun Begin(Flow flow, Func<IRun> make)
    {
        // What the repetition before left goes before the clock starts.
        GC.Collect();
        var run = make();
        for (var from = 0; from < flow.SetUp; from += Chunk) Step(run, from, Math.Min(from + Chunk, flow.SetUp));
        return run;
    }

    private static void Step(IRun run, int from, int to)
    {
        run.Prepare(from, to);
        run.Run(from, to);
    }

    private static void Check(Flow flow, IRun run)
    {
        if (run.Trades != flow.Trades || run.TradeHash != flow.TradeHash)
            throw new InvalidOperationException($"{run.Trades} trades, hash {run.TradeHash:x16}; expected {flow.Trades}, {flow.TradeHash:x16}");
        if (run is EngineRun engine) engine.Check();
    }

    // Reading the clock takes time itself; the least that it was ever seen to take comes off.
    private static readonly long ClockTicks = Enumerable.Range(0, 100_000).Min(_ =>
    {
        var started = Stopwatch.GetTimestamp();
        return Stopwatch.GetTimestamp() - started;
    });

    private static double Ns(long ticks) => Math.Max(0, ticks - ClockTicks) * 1e9 / Stopwatch.Frequency;
}
