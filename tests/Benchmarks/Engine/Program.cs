using System.Diagnostics;
using System.Globalization;
using Venue.Benchmarks.Engine;
using Venue.Engine;

// Usage: [A|B|H] [book|engine] [repetitions] [orders remembered]
var name = args.Length > 0 ? args[0] : "H";
var what = args.Length > 1 ? args[1] : "engine";
var repetitions = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 5;
var remembered = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 1 << 20;
const int Chunk = 5000;

var flow = Flow.Make(name);
var timed = flow.Messages.Length - flow.SetUp;
var best = new long[(timed + Chunk - 1) / Chunk];
Array.Fill(best, long.MaxValue);
var sums = new List<double>();
for (var repetition = 0; repetition < repetitions; repetition++)
{
    var before = Process.GetCurrentProcess().WorkingSet64;
    IRun run = what == "book"
        ? new BookRun(flow)
        : new EngineRun(flow, new EngineCapacity { Orders = Math.Max(remembered, flow.MaxLive + 2), ClOrdIDs = 2 * Math.Max(remembered, flow.MaxLive + 2), LevelPages = 1 << 16 });
    var built = Process.GetCurrentProcess().WorkingSet64;
    for (var from = 0; from < flow.SetUp; from += Chunk) Step(run, from, Math.Min(from + Chunk, flow.SetUp), out _);
    long sum = 0;
    long allocated = 0;
    for (var chunk = 0; chunk < best.Length; chunk++)
    {
        var from = flow.SetUp + chunk * Chunk;
        var spent = Step(run, from, Math.Min(from + Chunk, flow.Messages.Length), out var bytes);
        best[chunk] = Math.Min(best[chunk], spent);
        sum += spent;
        // The first repetition runs code for the first time, for which the runtime itself may allocate.
        if (repetition > 0) allocated += bytes;
    }
    sums.Add((double)sum / timed);
    if (run.Trades != flow.Trades || run.TradeHash != flow.TradeHash) throw new InvalidOperationException($"{run.Trades} trades, hash {run.TradeHash:x16}; expected {flow.Trades}, {flow.TradeHash:x16}");
    if (allocated != 0) throw new InvalidOperationException($"{allocated} bytes were allocated while timed");
    if (run is EngineRun engine) engine.Check();
    Console.WriteLine($"  repetition {repetition + 1}: {sums[^1]:F1} ns, {(built - before) / 1e6:F1} MB when built, {(Process.GetCurrentProcess().WorkingSet64 - before) / 1e6:F1} MB at the end");
    GC.Collect();
}
sums.Sort();
Console.WriteLine($"{what} flow {name}: {(double)best.Sum() / timed:F1} ns a message (least per chunk), {sums[sums.Count / 2]:F1} median of {repetitions}, thread CPU time; {flow.Trades} trades, hash right, 0 bytes allocated");

static long Step(IRun run, int from, int to, out long allocated)
{
    run.Prepare(from, to);
    var bytes = GC.GetAllocatedBytesForCurrentThread();
    var started = ThreadClock.NowNs();
    run.Run(from, to);
    var spent = ThreadClock.NowNs() - started;
    allocated = GC.GetAllocatedBytesForCurrentThread() - bytes;
    return spent;
}
