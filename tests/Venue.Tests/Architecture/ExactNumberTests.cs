using System.Reflection;
using System.Runtime.CompilerServices;

namespace Venue.Tests.Architecture;

/// <summary>No binary floating point, and no decimal, where money is.</summary>
[TestFixture]
public sealed class ExactNumberTests
{
    [TestCase("Venue.Messages")]
    [TestCase("Venue.Matching")]
    [TestCase("Venue.Engine")]
    public void Money_is_counted_in_whole_numbers(string assembly) =>
        Assert.That(FloatingPoint.In(Assembly.Load(assembly)), Is.Empty);

    [Test]
    public void The_check_itself_sees_every_way_in()
    {
        var found = FloatingPoint.In(typeof(Sloppy<>)).ToArray();
        foreach (var expected in new[]
        {
            "_rate: field", "Rates: property", "Scale: parameter or return type", "Local: local",
            "OnTheStack: conv.r8", "OnTheStack: ldc.r8", "InALambda", "Inexact: System.Decimal.op_Implicit", "Inexact: System.Decimal.op_Division",
        })
            Assert.That(found.Concat(typeof(Sloppy<>).GetNestedTypes(BindingFlags.NonPublic).SelectMany(FloatingPoint.In)), Has.Some.Contains(expected));
    }

    [Test]
    public void The_check_itself_accepts_whole_numbers() => Assert.That(FloatingPoint.In(typeof(Exact)), Is.Empty);

    // Never called: what counts is what the compiler makes of it.
    private sealed class Sloppy<T>(T value)
    {
        private readonly double _rate = Unsafe.SizeOf<T>();

        public Dictionary<string, List<float>>? Rates { get; set; }

        public T Scale(in decimal factor) => factor > 0 ? value : default!;

        [MethodImpl(MethodImplOptions.NoOptimization)]
        public long Local(long ticks)
        {
            var half = _rate * ticks;
            return (long)half + (long)Math.Sqrt(half);
        }

        public static long OnTheStack(long ticks) => (long)(ticks * 1.5);

        public static long[] InALambda(long[] ticks) => [.. ticks.Select(t => (long)(t * 0.5f))];

        public static long Inexact(long ticks) => (long)(ticks / 3m);
    }

    private sealed class Exact
    {
        public static Int128 Notional(long ticks, long lots) => (Int128)ticks * lots;

        public static string Text(long ticks) => $"{ticks} at {Notional(ticks, 3)}";

        public static int Pick(int n) => n switch { 0 => 5, 1 => 7, 2 => 11, 3 => 13, _ => 0 };
    }
}
