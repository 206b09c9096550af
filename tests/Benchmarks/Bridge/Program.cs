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

// At a fixed rate: a time that a full queue would hide counts, since each update has the time at which it was due. Turn by
// turn, a tenth of a second each, the same pace without any work: what is late there is the machine's, not ours.
const int TurnsPerSecond = 10;
var (ours, own, nothing) = (Histogram(), Histogram(), Histogram());
for (var turn = 0; turn < seconds * TurnsPerSecond; turn++)
{
    Pace(UpdatesPerSecond / TurnsPerSecond, market.Update, ours, own);
    Pace(UpdatesPerSecond / TurnsPerSecond, static () => { }, nothing, null);
}
Say("due time to aggregated top", ours);
Say("the same pace and no work ", nothing);
Say("an update's own time      ", own);
var (p99, p99Nothing) = (Us(99, ours), Us(99, nothing));
Console.WriteLine($"p99 {p99:F1} us, of which the machine alone {p99Nothing:F1} us; at most 50 us: {(p99 <= 50 ? "yes" : p99Nothing > 25 ? "the machine is too busy to say" : "NO")}");
Console.WriteLine($"check: sum of tops {market.Tops}, books live {market.Live} of {Instruments * Exchanges}");
return market.Live == Instruments * Exchanges && allocated < updates ? 0 : 1;

static LongHistogram Histogram() => new(TimeSpan.TicksPerSecond * 100, 3);

static long Ns(long ticks) => Math.Max(1, ticks * 1_000_000_000 / Stopwatch.Frequency);

static double Us(double percentile, LongHistogram of) => of.GetValueAtPercentile(percentile) / 1000.0;

static void Say(string what, LongHistogram of) =>
    Console.WriteLine($"at {UpdatesPerSecond:N0} updates/s, {what}:  p50 {Us(50, of):F1} us   p90 {Us(90, of):F1} us   p99 {Us(99, of):F1} us   p99.9 {Us(99.9, of):F1} us");

static void Pace(int count, Action act, LongHistogram fromDue, LongHistogram? alone)
{
    var started = Stopwatch.GetTimestamp();
    for (var i = 0; i < count; i++)
    {
        var due = started + i * Stopwatch.Frequency / UpdatesPerSecond;
        while (Stopwatch.GetTimestamp() < due) Thread.SpinWait(8);
        var begun = Stopwatch.GetTimestamp();
        act();
        var ended = Stopwatch.GetTimestamp();
        alone?.RecordValue(Ns(ended - begun));
        fromDue.RecordValue(Ns(ended - due));
    }
}
