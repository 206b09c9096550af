using System.Diagnostics;

namespace Venue.Tests.Fix.Fuzzing;

/// <summary>Coverage-guided: an input that took a branch as no input before is kept, and others are made of it.</summary>
internal sealed class CoverageFuzzer(Instrumented code, int seed)
{
    /// <summary>One input may not take longer, or make more garbage: neither grows without bound with what comes in.</summary>
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(5);
    private const long GarbageMax = 64 << 20;

    private readonly Random _random = new(seed);
    private readonly List<byte[]> _corpus = [];
    private readonly byte[] _seen = new byte[1 << 16];   // for each pair of branches, a bit for each order of magnitude of its count

    public int Executions { get; private set; }
    public int Kept => _corpus.Count;
    public int Branches => _seen.Count(bits => bits != 0);

    /// <summary>Runs until the time is over; what <paramref name="target"/> throws ends the test, with the input.</summary>
    public void Run(Action<byte[]> target, IEnumerable<byte[]> seeds, Mutator mutator, TimeSpan time)
    {
        foreach (var input in seeds)
        {
            Execute(target, input);
            if (!_corpus.Contains(input)) _corpus.Add(input);
        }
        for (var end = Stopwatch.GetTimestamp() + time.Ticks * (Stopwatch.Frequency / TimeSpan.TicksPerSecond); Stopwatch.GetTimestamp() < end;)
            Execute(target, mutator.Mutate(Any(), Any()));
    }

    /// <summary>A random of this run, so that its seed says all.</summary>
    public Random Random => _random;

    // The newest lead on more often than the oldest.
    private byte[] Any() => _corpus[_random.Next(3) == 0 ? _corpus.Count - 1 - _random.Next(Math.Min(16, _corpus.Count)) : _random.Next(_corpus.Count)];

    private void Execute(Action<byte[]> target, byte[] input)
    {
        Executions++;
        var (began, garbage) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
        code.Begin();
        try
        {
            target(input);
        }
        catch (Exception fault)
        {
            throw new AssertionException($"seed {seed}, execution {Executions}, {Convert.ToHexString(input)}\n{Wire.Text(input)}\n{fault}");
        }
        if (IsNew()) _corpus.Add(input);
        if (Stopwatch.GetElapsedTime(began) > TimeMax || GC.GetAllocatedBytesForCurrentThread() - garbage > GarbageMax)
            throw new AssertionException($"{Stopwatch.GetElapsedTime(began)} and {GC.GetAllocatedBytesForCurrentThread() - garbage} bytes for {input.Length} bytes: {Convert.ToHexString(input)}");
    }

    private bool IsNew()
    {
        var map = code.Map;
        var isNew = false;
        for (var at = map.IndexOfAnyExcept((byte)0); at >= 0;)
        {
            var bit = (byte)(1 << Math.Min(7, (int)Math.Log2(map[at]) + (map[at] >= 3 ? 1 : 0)));
            if ((_seen[at] & bit) == 0)
            {
                _seen[at] |= bit;
                isNew = true;
            }
            var next = map[(at + 1)..].IndexOfAnyExcept((byte)0);
            at = next < 0 ? -1 : at + 1 + next;
        }
        return isNew;
    }
}
