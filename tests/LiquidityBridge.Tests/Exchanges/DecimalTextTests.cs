using System.Text;
using LiquidityBridge.Exchanges;

namespace LiquidityBridge.Tests.Exchanges;

internal sealed class DecimalTextTests
{
    [TestCase("45283.5", 1, 452835)]
    [TestCase("0.00100000", 8, 100000)]
    [TestCase("1e-8", 8, 1)]
    [TestCase("1.5E3", 0, 1500)]
    [TestCase("-2.50", 1, -25)]
    [TestCase("0", 0, 0)]
    [TestCase("45283.55", 1, null)]
    [TestCase("1e-9", 8, null)]
    [TestCase("92233720368547758.08", 2, null)]
    [TestCase("1e50", 0, null)]
    [TestCase("", 0, null)]
    [TestCase(".", 0, null)]
    [TestCase("1.2.3", 3, null)]
    [TestCase("NaN", 0, null)]
    [TestCase("1e", 0, null)]
    public void Numbers_are_read_exactly_or_not_at_all(string text, int decimals, long? expected) =>
        Assert.That(DecimalText.TryScaled(Encoding.ASCII.GetBytes(text), decimals, out var units) ? units : (long?)null, Is.EqualTo(expected));

    [Test]
    public void What_is_written_is_read_again()
    {
        var random = new Random(3);
        for (var i = 0; i < 5000; i++)
        {
            var (units, decimals) = (random.NextInt64(-1_000_000_000_000, 1_000_000_000_000) / (long)Math.Pow(10, random.Next(12)), random.Next(12));
            var text = DecimalText.Of(units, decimals);
            Assert.That(DecimalText.TryScaled(Encoding.ASCII.GetBytes(text), decimals, out var again) ? again : (long?)null, Is.EqualTo(units), text);
        }
    }

    [Test]
    public void A_fee_finer_than_an_atom_is_rounded_up() =>
        Assert.That(DecimalText.TryAtoms("0.0000000000000000011"u8, 18, out var atoms) ? atoms : (Int128)(-1), Is.EqualTo((Int128)2));

    [Test]
    public void The_checksum_is_the_standard_one() => Assert.That(Crc32.Of("123456789"u8), Is.EqualTo(0xCBF43926));
}
