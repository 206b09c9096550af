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

    /// <summary>Both, and the ratio of the second to the first.</summary>
    public static string Beside(string what, Figures alone, Figures beside) => string.Create(CultureInfo.InvariantCulture,
        $"medians: alone {alone}\n         {what} {beside}\n         p50 x{beside.P50Us / alone.P50Us:N2}, p99 x{beside.P99Us / alone.P99Us:N2}");

    private static double Middle(IReadOnlyList<Figures> rounds, Func<Figures, double> figure) => rounds.Select(figure).Order().ElementAt(rounds.Count / 2);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"p50 {P50Us:N1} us, p99 {P99Us:N1}, p99.9 {P999Us:N1}; {PerSecond:N0}/s; server cpu {CpuUs:N2} us each");
}
