using System.Globalization;
using HdrHistogram;

namespace Venue.Load;

/// <summary>Sessions at a steady rate on one server, without and with a loud one beside them: what they feel, and how long the server's thread waited for a processor.</summary>
internal sealed class Neighbours : IDisposable
{
    private readonly Server _server;
    private readonly Noise _noise;
    private readonly Traffic _traffic;
    private readonly LongHistogram _histogram = new(TimeSpan.FromMinutes(5).Ticks * 100, 3);
    private readonly List<Figures> _alone = [], _beside = [];

    /// <summary>Connects <paramref name="sessions"/> sessions with <paramref name="rate"/> requests a second in all, and the loud one.</summary>
    public Neighbours(Server server, int sessions, double rate, ref int run)
    {
        _server = server;
        _noise = new Noise(server, sessions + 1, $"{++run}");
        _traffic = new Traffic { Rate = rate };
        for (var n = 1; n <= sessions; n++) _traffic.Add(new Session(SessionFolder.CompID(n), $"{++run}", server.EndPoint, server.IsEcho, _histogram), 0);
    }

    /// <summary>Measures both for <paramref name="time"/> each; round 0 does not count: code is compiled, files are there.</summary>
    public void Round(int round, int window, TimeSpan time)
    {
        var alone = Measure(time, out _);
        _noise.Order($"loud {window}");
        _noise.Wait();
        var beside = Measure(time, out var serving);
        _noise.Order("quiet");
        var loud = _noise.Wait();
        if (round == 0) return;
        _alone.Add(alone);
        _beside.Add(beside);
        Console.WriteLine($"round {round} {_server.Name}: alone {alone}\n        beside a loud one {beside}; the loud one {loud}\n        {serving}");
    }

    /// <summary>Prints the medians of both and their ratio; returns the medians beside the loud one.</summary>
    public Figures Result()
    {
        var beside = Figures.Median(_beside);
        Console.WriteLine($"{_server.Name} {Figures.Beside("beside a loud one", Figures.Median(_alone), beside)}");
        return beside;
    }

    public void Dispose()
    {
        _traffic.Dispose();
        _noise.Dispose();
    }

    private Figures Measure(TimeSpan time, out string serving)
    {
        _histogram.Reset();
        _traffic.Run(time / 4, isMeasured: false);
        var (cpu, before) = (_server.CpuUs, _server.Serving);
        _traffic.Run(time, isMeasured: true);
        var after = _server.Serving;
        serving = string.Create(CultureInfo.InvariantCulture,
            $"the serving thread: {(after.RanNs - before.RanNs) / (time.TotalSeconds * 1e9):P0} of the time on a processor, {(after.WaitedNs - before.WaitedNs) / (time.TotalSeconds * 1e9):P0} ready and waiting for one, on average {(after.WaitedNs - before.WaitedNs) / 1000.0 / Math.Max(1, after.Times - before.Times):N0} us each time");
        return Figures.Of(_histogram, time, _server.CpuUs - cpu);
    }
}
