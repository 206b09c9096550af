using System.Globalization;
using HdrHistogram;

namespace Venue.Load;

/// <summary>What one measurement found: latencies and processor time in microseconds, answers per second.</summary>
internal sealed record Figures(double P50Us, double P99Us, double P999Us, double PerSecond, double CpuUs)
{
    /// <summary>From a histogram of nanoseconds.</summary>
    public static Figures Of(LongHistogram h, TimeSpan time, double cpuUs) => new(
        h.GetValueAtPercentile(50) / 1000.0, h.GetValueAtPercentile(99) / 1000.0, h.GetValueAtPercentile(99.9) / 1000.0,
        h.TotalCount / time.TotalSeconds, cpuUs / Math.Max(1, h.TotalCount));

    /// <summary>The median of each figure.</summary>
    public static Figures Median(IReadOnlyList<Figures> rounds) => new(
        Middle(rounds, f => f.P50Us), Middle(rounds, f => f.P99Us), Middle(rounds, f => f.P999Us), Middle(rounds, f => f.PerSecond), Middle(rounds, f => f.CpuUs));

    private static double Middle(IReadOnlyList<Figures> rounds, Func<Figures, double> figure) => rounds.Select(figure).Order().ElementAt(rounds.Count / 2);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"p50 {P50Us:N1} us, p99 {P99Us:N1}, p99.9 {P999Us:N1}; {PerSecond:N0}/s; server cpu {CpuUs:N2} us each");
}
