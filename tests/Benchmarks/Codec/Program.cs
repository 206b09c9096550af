using System.Diagnostics;
using System.Globalization;
using Venue.Benchmarks.Codec;
using Venue.Fix;

// Nanoseconds and allocated bytes for one message through a whole session, beside the least that any codec must do with
// the same bytes: copy them once and add them up. The rounds take turns, so that a busy machine slows all of them alike:
// the medians of nanoseconds move with it, the ratio to the floor hardly does.
//   dotnet run -c Release --project tests/Benchmarks/Codec [dictionary]

const int Rounds = 2_000, Warm = 200;
using var file = File.OpenRead(args.Length > 0 ? args[0] : "fix-config/VENUE44.xml");
var dictionary = FixDictionary.Load(file);
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var inbound = new Inbound(dictionary);
var outbound = new Outbound(dictionary);
(string What, int Length, Func<int> Round)[] runs =
[
    ("NewOrderSingle in: bytes to handler, validated, 6 look-ups", inbound.Length, inbound.Round),
    ("  copy and sum of the same bytes", inbound.Length, new Floor(inbound.Length).Round),
    ("ExecutionReport out: values to send buffer and store", outbound.Length, outbound.Round),
    ("  copy and sum of the same bytes", outbound.Length, new Floor(outbound.Length).Round),
];
var ns = runs.Select(_ => new double[Rounds]).ToArray();
var bytes = new long[runs.Length];
for (var i = -Warm; i < Rounds; i++)
{
    for (var r = 0; r < runs.Length; r++)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        var messages = runs[r].Round();
        var elapsed = Stopwatch.GetElapsedTime(started).TotalNanoseconds / messages;
        if (i < 0) continue;
        ns[r][i] = elapsed;
        bytes[r] += GC.GetAllocatedBytesForCurrentThread() - allocated;
    }
}
for (var r = 0; r < runs.Length; r++)
{
    // The floor of a run stands behind it.
    var ratio = r % 2 == 0 ? $"{Median(ns[r].Zip(ns[r + 1], (run, floor) => run / floor)),5:F1} x floor" : "";
    Console.WriteLine($"{runs[r].What,-62} {runs[r].Length,4} bytes  median {Median(ns[r]),6:F0}  least {ns[r].Min(),6:F0} ns/message  {bytes[r],3} bytes allocated  {ratio}");
}

static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
