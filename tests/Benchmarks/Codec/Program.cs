using System.Diagnostics;
using System.Globalization;
using Venue.Benchmarks.Codec;
using Venue.Fix;

// Nanoseconds and allocated bytes for one message through a whole session, beside the least that any codec must do with
// the same bytes: copy them once and add them up.
//   dotnet run -c Release --project tests/Benchmarks/Codec [dictionary]

const int Rounds = 2_000;
using var file = File.OpenRead(args.Length > 0 ? args[0] : "fix-config/VENUE44.xml");
var dictionary = FixDictionary.Load(file);
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var inbound = new Inbound(dictionary);
Print("NewOrderSingle in: bytes to handler, validated, 2 look-ups", inbound.Length, Best(inbound.Round));
Print("  copy and sum of the same bytes", inbound.Length, Best(new Floor(inbound.Length).Round));
var outbound = new Outbound(dictionary);
Print("ExecutionReport out: values to send buffer and store", outbound.Length, Best(outbound.Round));
Print("  copy and sum of the same bytes", outbound.Length, Best(new Floor(outbound.Length).Round));

static (double Ns, double Bytes) Best(Func<int> round)
{
    double ns = double.MaxValue, bytes = double.MaxValue;
    for (var i = 0; i < Rounds; i++)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        var messages = round();
        ns = Math.Min(ns, Stopwatch.GetElapsedTime(started).TotalNanoseconds / messages);
        bytes = Math.Min(bytes, (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / messages);
    }
    return (ns, bytes);
}

static void Print(string what, int length, (double Ns, double Bytes) best) =>
    Console.WriteLine($"{what,-60} {length,4} bytes  {best.Ns,7:F1} ns/message  {best.Bytes,5:F1} bytes allocated/message");
