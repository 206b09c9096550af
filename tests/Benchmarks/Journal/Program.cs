using System.Diagnostics;
using Venue.Messages;
using Venue.Sequencer;

// What the journal costs on this machine, beside the plainest way to do the same in the same run.
// Usage: dotnet run -c Release --project tests/Benchmarks/Journal [folder on the disk to measure]

const int PayloadBytes = 168;
const int Appends = 2_000_000;
const int Syncs = 2_000;
const int SegmentBytes = 64 << 20;
const double GroupSeconds = 2;

var parent = args.Length > 0 ? Path.GetFullPath(args[0]) : Path.GetTempPath();
var folder = Path.Combine(parent, $"journal-benchmark-{Environment.ProcessId}");
Directory.CreateDirectory(folder);
try
{
    Console.WriteLine($"{Environment.ProcessorCount} processors, {PayloadBytes} bytes of payload, disk of {parent}");
    Baselines();
    Appending();
    Syncing();
    Paced();
    foreach (var producers in new[] { 1, 2, 4 }) Grouped(producers);
    Recovering();
}
finally
{
    Directory.Delete(folder, recursive: true);
}

JournalOptions Options(string name, Durability durability = Durability.Fsync) =>
    new() { Directory = Path.Combine(folder, name), SegmentBytes = SegmentBytes, Durability = durability };

static Journal Start(JournalOptions options)
{
    var journal = Journal.Open(options);
    journal.Recover(new Ignore(), progress: null);
    return journal;
}

// Not by way of TimeSpan, whose tick is 100 ns.
static double Ns(long since) => (Stopwatch.GetTimestamp() - since) * (1e9 / Stopwatch.Frequency);

static void Report(string what, string figures) => Console.WriteLine($"{what,-44} {figures}");

void Baselines()
{
    var payload = new byte[PayloadBytes];
    var memory = new byte[SegmentBytes];
    long at = 0, started = 0;
    for (var round = 0; round < 2; round++)   // the first touches the pages
    {
        started = Stopwatch.GetTimestamp();
        at = 0;
        for (var i = 0; i < Appends; i++)
        {
            if (at + PayloadBytes > memory.Length) at = 0;
            payload.CopyTo(memory, at);
            at += PayloadBytes;
        }
    }
    Report("memcpy to memory", $"{Ns(started) / Appends,8:F1} ns each");

    using var file = File.OpenHandle(Path.Combine(folder, "pwrite"), FileMode.Create, FileAccess.ReadWrite, preallocationSize: SegmentBytes);
    started = Stopwatch.GetTimestamp();
    at = 0;
    for (var i = 0; i < Appends / 10; i++)
    {
        RandomAccess.Write(file, payload, at);
        at += PayloadBytes;
    }
    Report("pwrite to a file", $"{Ns(started) / (Appends / 10),8:F1} ns each");

    var times = new double[Syncs];
    for (var i = 0; i < Syncs; i++)
    {
        RandomAccess.Write(file, payload, at);
        at += PayloadBytes;
        var before = Stopwatch.GetTimestamp();
        RandomAccess.FlushToDisk(file);
        times[i] = Ns(before);
    }
    Report("fsync after one pwrite", Percentiles(times));
}

void Appending()
{
    var payload = new byte[PayloadBytes];
    using var journal = Start(Options("append", Durability.Async));
    using var commit = new GroupCommit(journal, _ => { }, fault => throw fault);
    for (var i = 0; i < Appends / 10; i++) journal.Append(RecordKind.Command, payload);
    var allocated = GC.GetAllocatedBytesForCurrentThread();
    var times = new double[Appends / 100];
    var started = Stopwatch.GetTimestamp();
    for (var i = 0; i < times.Length; i++)
    {
        var before = Stopwatch.GetTimestamp();
        for (var j = 0; j < 100; j++) journal.Append(RecordKind.Command, payload);
        times[i] = Ns(before) / 100;
    }
    var each = Ns(started) / Appends;
    // The array of times was made before the first append and is not part of it.
    allocated = GC.GetAllocatedBytesForCurrentThread() - allocated - times.Length * sizeof(double);
    Report("append, async durability", $"{each,8:F1} ns each, {Percentiles(times)} of 100 in a row, {(double)allocated / Appends:F4} bytes allocated each");
}

void Syncing()
{
    var payload = new byte[PayloadBytes];
    using var journal = Start(Options("sync"));
    var times = new double[Syncs];
    for (var i = 0; i < Syncs; i++)
    {
        journal.Append(RecordKind.Command, payload);
        var before = Stopwatch.GetTimestamp();
        journal.Sync();
        times[i] = Ns(before);
    }
    Report("sync after one append", Percentiles(times));
}

// At a steady rate, with a sync under way all the time: what one append waits for the kernel's page handling.
void Paced()
{
    const int PerSecond = 50_000;
    var payload = new byte[PayloadBytes];
    using var journal = Start(Options("paced"));
    using var commit = new GroupCommit(journal, _ => { }, fault => throw fault);
    var times = new double[(int)(PerSecond * GroupSeconds)];
    var started = Stopwatch.GetTimestamp();
    for (var i = 0; i < times.Length; i++)
    {
        while (Ns(started) < i * (1e9 / PerSecond)) Thread.SpinWait(10);
        var before = Stopwatch.GetTimestamp();
        journal.Append(RecordKind.Command, payload);
        times[i] = Ns(before);
        commit.Request();
    }
    Report($"one append, {PerSecond / 1000} thousand a second", Percentiles(times));
}

void Grouped(int producers)
{
    var ring = new InboundRing(4096);
    using var journal = Start(Options($"group{producers}"));
    long syncs = 0, refused = 0;
    var stop = false;
    using var durable = new AutoResetEvent(false);
    var commit = new GroupCommit(journal, _ =>
    {
        syncs++;
        durable.Set();
    }, fault => throw fault);
    var sequencer = new Sequencer<Nothing>(ring, journal, default);
    var threads = Enumerable.Range(0, producers).Select(_ => new Thread(() =>
    {
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var order = ref Command.Begin<ReplaceOrder>(slot, CommandType.ReplaceOrder);
        var command = slot[..order.Header.Length];
        while (!Volatile.Read(ref stop))
        {
            if (ring.TryPublish(command)) continue;
            Interlocked.Increment(ref refused);
            Thread.Yield();
        }
    })).ToArray();
    foreach (var thread in threads) thread.Start();

    var started = Stopwatch.GetTimestamp();
    while (Stopwatch.GetElapsedTime(started).TotalSeconds < GroupSeconds)
    {
        if (sequencer.Drain(nowNs: 1, max: 1024) == 0) Thread.Yield();
        else commit.Request();
    }
    commit.Dispose();
    var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
    Volatile.Write(ref stop, true);
    foreach (var thread in threads) thread.Join();
    Report($"ring, journal, group commit, {producers} producers",
        $"{sequencer.LastSeq / seconds,12:N0} durable commands/s, {syncs / seconds:N0} syncs/s, {(double)sequencer.LastSeq / syncs:N0} commands per sync");
}

void Recovering()
{
    using (var journal = Start(Options("recover")))
    {
        var payload = new byte[PayloadBytes];
        for (var i = 0; i < Appends; i++) journal.Append(RecordKind.Command, payload);
        journal.Finish();
    }
    for (var round = 0; round < 2; round++)   // the first maps and compiles
    {
        using var journal = Journal.Open(Options("recover"));
        var report = journal.Recover(new Ignore(), progress: null);
        Report("recovery from the page cache",
            $"{report.Bytes / report.Elapsed.TotalSeconds / 1e6,8:N0} MB/s, {report.Records / report.Elapsed.TotalSeconds / 1e6:F1} million records/s");
    }
}

static string Percentiles(double[] times)
{
    Array.Sort(times);
    string At(double p) => $"{times[(int)(times.Length * p)] / 1000:F2}";
    return $"p50 {At(0.5)} p99 {At(0.99)} p99.9 {At(0.999)} max {times[^1] / 1000:F1} µs";
}

/// <summary>An engine that does nothing: what is measured is everything before it.</summary>
internal readonly struct Nothing : ICommandHandler
{
    public void Expect(ReadOnlySpan<byte> command)
    {
    }

    public void Apply(ReadOnlySpan<byte> command, long journalPosition)
    {
    }
}

/// <summary>A reader that does nothing.</summary>
internal sealed class Ignore : IJournalReader
{
    public void OnRecord(RecordKind kind, long position, ReadOnlySpan<byte> payload)
    {
    }
}
