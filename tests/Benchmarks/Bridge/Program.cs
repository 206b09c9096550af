using System.Diagnostics;
using System.Globalization;
using HdrHistogram;
using LiquidityBridge.Benchmarks;

// Market data of several exchanges into the aggregated books, on one core, from the bytes that a socket gives: JSON read,
// levels set, proof checked, image told, top of the aggregated book known. Three questions:
//   how many level updates a second; how long from an update's bytes to the new top at a fixed rate; how many bytes are
//   allocated for one update. Beside each the least that any reader must do: copy the same bytes once and add them up.
//   dotnet run -c Release --project tests/Benchmarks/Bridge [seconds]

const int Instruments = 20, Exchanges = 5, UpdatesPerSecond = 20_000, LevelsPerUpdate = 4;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;

var market = new OutsideMarket(Instruments, Exchanges, LevelsPerUpdate);
for (var i = 0; i < 20_000; i++) market.Update();   // compiled, and every buffer has its size
Console.WriteLine($"{Instruments} instruments at {Exchanges} exchanges, {LevelsPerUpdate} levels and {market.BytesPerUpdate} bytes an update");

// As many as go.
var allocated = GC.GetAllocatedBytesForCurrentThread();
var started = Stopwatch.GetTimestamp();
long updates = 0;
while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
    for (var i = 0; i < 100; i++, updates++) market.Update();
var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
var floorStarted = Stopwatch.GetTimestamp();
for (long i = 0; i < updates; i++) market.Floor();
var floor = Stopwatch.GetElapsedTime(floorStarted).TotalSeconds;
Console.WriteLine($"as many as go:  {updates * LevelsPerUpdate / elapsed,10:N0} level updates/s   {elapsed / updates * 1e9,6:N0} ns/update   {elapsed / floor,5:F1} x floor   {(double)allocated / updates:F3} bytes allocated an update");

// At a fixed rate: a time that a full queue would hide counts, since each update has the time at which it was due.
var histogram = new LongHistogram(TimeSpan.TicksPerSecond * 100, 3);
var own = new LongHistogram(TimeSpan.TicksPerSecond * 100, 3);
var count = (long)UpdatesPerSecond * seconds;
started = Stopwatch.GetTimestamp();
for (long i = 0; i < count; i++)
{
    var due = started + i * Stopwatch.Frequency / UpdatesPerSecond;
    while (Stopwatch.GetTimestamp() < due) Thread.SpinWait(8);
    var begun = Stopwatch.GetTimestamp();
    market.Update();
    own.RecordValue(Math.Max(1, (Stopwatch.GetTimestamp() - begun) * 1_000_000_000 / Stopwatch.Frequency));
    histogram.RecordValue(Math.Max(1, (Stopwatch.GetTimestamp() - due) * 1_000_000_000 / Stopwatch.Frequency));
}
double Us(double percentile, LongHistogram of) => of.GetValueAtPercentile(percentile) / 1000.0;
foreach (var (what, of) in new[] { ("due time to aggregated top", histogram), ("its own time, the machine's other work left out of the queue", own) })
    Console.WriteLine($"at {UpdatesPerSecond:N0} updates/s, {what}:  p50 {Us(50, of):F1} us   p90 {Us(90, of):F1} us   p99 {Us(99, of):F1} us   p99.9 {Us(99.9, of):F1} us");
Console.WriteLine($"check: sum of tops {market.Tops}, books live {market.Live} of {Instruments * Exchanges}");
return market.Live == Instruments * Exchanges && allocated < updates ? 0 : 1;
