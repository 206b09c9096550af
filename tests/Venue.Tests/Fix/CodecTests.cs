using System.Text;
using Venue.Fix;

namespace Venue.Tests.Fix;

/// <summary>Values to bytes and back, and the frame around them.</summary>
public sealed class CodecTests
{
    [TestCase("50000.10", 500001, 1)]
    [TestCase("7.00", 7, 0)]
    [TestCase("7", 7, 0)]
    [TestCase("-0.05", -5, 2)]
    [TestCase("00.0", 0, 0)]
    [TestCase(".5", 5, 1)]
    [TestCase("5.", 5, 0)]
    [TestCase("100", 100, 0)]
    [TestCase("9223372036854775807", long.MaxValue, 0)]
    [TestCase("9.223372036854775807", long.MaxValue, 18)]
    [TestCase("1.0000000000000000000000000000", 1, 0)]
    public void Reads_a_decimal_in_its_shortest_form(string text, long mantissa, int decimals)
    {
        Assert.That(FieldText.TryDecimal(Encoding.ASCII.GetBytes(text), out var m, out var d), Is.True);
        Assert.That((m, d), Is.EqualTo((mantissa, decimals)));
    }

    [TestCase("")]
    [TestCase("-")]
    [TestCase(".")]
    [TestCase("+1")]
    [TestCase("1.2.3")]
    [TestCase("1e3")]
    [TestCase(" 1")]
    [TestCase("9223372036854775808")]
    [TestCase("99999999999999999999")]
    [TestCase("0.0000000000000000001")]
    [TestCase("9.2233720368547758071")]
    public void Refuses_a_decimal(string text) => Assert.That(FieldText.TryDecimal(Encoding.ASCII.GetBytes(text), out _, out _), Is.False);

    [TestCase("0", 0)]
    [TestCase("007", 7)]
    [TestCase("-2147483648", int.MinValue)]
    [TestCase("2147483647", int.MaxValue)]
    public void Reads_an_int(string text, int expected)
    {
        Assert.That(FieldText.TryInt(Encoding.ASCII.GetBytes(text), out var value), Is.True);
        Assert.That(value, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("-")]
    [TestCase("1 ")]
    [TestCase("2147483648")]
    [TestCase("18446744073709551617")]
    public void Refuses_an_int(string text) => Assert.That(FieldText.TryInt(Encoding.ASCII.GetBytes(text), out _), Is.False);

    [TestCase("5000010", 2, "50000.10")]
    [TestCase("5", 2, "0.05")]
    [TestCase("-5", 2, "-0.05")]
    [TestCase("0", 0, "0")]
    [TestCase("0", 3, "0.000")]
    [TestCase("-12", 0, "-12")]
    [TestCase("9223372036854775807", 18, "9.223372036854775807")]
    [TestCase("-9223372036854775808", 0, "-9223372036854775808")]
    [TestCase("170141183460469231731687303715884105727", 18, "170141183460469231731.687303715884105727")]
    [TestCase("-170141183460469231731687303715884105728", 0, "-170141183460469231731687303715884105728")]
    public void Writes_a_decimal(string mantissa, int decimals, string expected)
    {
        var writer = Writer();
        writer.AddDecimal(44, Int128.Parse(mantissa, System.Globalization.CultureInfo.InvariantCulture), decimals);
        Assert.That(Wire.Text(writer.Finish()), Does.Contain($"|44={expected}|10="));
    }

    [Test]
    public void Writes_numbers_of_every_length()
    {
        var numbers = new List<long> { 0, long.MaxValue, long.MinValue, -1 };
        for (long power = 1; power < long.MaxValue / 10; power *= 10) numbers.AddRange([power * 10 - 1, power * 10, power * 10 + 1, 1 - power * 10]);
        for (var bit = 0; bit < 63; bit++) numbers.AddRange([1L << bit, (1L << bit) - 1]);
        foreach (var number in numbers)
        {
            var writer = Writer();
            writer.Add(38, number);
            Assert.That(Wire.Text(writer.Finish()), Does.Contain(FormattableString.Invariant($"|38={number}|10=")));
        }
    }

    [Test]
    public void Writes_each_kind_of_value_as_it_is_called()
    {
        var writer = Writer();
        writer.Add(453, 1);
        writer.Add(54, (byte)'2');
        writer.Add(59, '3');
        writer.Add(38, -7_000_000_000L);
        writer.Add(58, "text");
        writer.Add(11, "id"u8);
        writer.Add(123456, 0);
        writer.AddTime(60, Wire.Noon + 1_234_567);
        Assert.That(Wire.Text(writer.Finish()), Is.EqualTo(Wire.Text(Wire.Frame("453=1|54=2|59=3|38=-7000000000|58=text|11=id|123456=0|60=20261122-12:00:00.001"))));
    }

    [TestCase(0, "20261122-12:00:00")]
    [TestCase(3, "20261122-12:00:00.001")]
    [TestCase(6, "20261122-12:00:00.001234")]
    [TestCase(9, "20261122-12:00:00.001234567")]
    public void Writes_times_in_the_precision_of_the_session(int digits, string expected) =>
        Assert.That(Encoding.ASCII.GetString(new TimestampText(digits).At(Wire.Noon + 1_234_567)), Is.EqualTo(expected));

    [Test]
    public void Times_come_back_as_they_were_written_whatever_was_written_before()
    {
        var text = new TimestampText(9);
        foreach (var step in new long[] { 0, 1, -1, 999_999_999, 60_000_000_000, 3_599_999_999_999, 86_400_000_000_000, -86_400_000_000_001, 400L * 86_400_000_000_000, 94_672_800_000_000_000 })
        {
            var ns = Wire.Noon + step;
            Assert.That(FieldText.TryTime(text.At(ns), out var read), Is.True);
            Assert.That(read, Is.EqualTo(ns));
        }
    }

    [Test]
    public void Grows_for_a_long_message_and_refuses_one_above_the_limit()
    {
        var writer = Writer();
        writer.Add(35, "B");
        for (var i = 0; i < 4000; i++) writer.Add(58, "0123456789");
        Assert.That(Framing.Find(writer.Finish(), 1 << 16, out _), Is.EqualTo(FrameKind.Frame));
        Assert.That(() =>
        {
            var full = Writer();
            for (var i = 0; i < 8000; i++) full.Add(58, "0123456789");
        }, Throws.InvalidOperationException);
    }

    [TestCase("", FrameKind.NeedMore, 0)]
    [TestCase("8=FIX.4.4|9=5|35=", FrameKind.NeedMore, 0)]
    [TestCase("8=FIX.4.4|9=5|35=0|10=163|", FrameKind.Frame, 26)]
    [TestCase("8=FIX.4.4|9=5|35=0|10=163|8=FIX", FrameKind.Frame, 26)]
    [TestCase("8=FIX.4.4|9=005|35=0|10=003|", FrameKind.Frame, 28)]
    [TestCase("8=FIX.4.4|9=5|35=0|10=164|", FrameKind.Garbled, 26)]
    [TestCase("8=FIX.4.4|9=6|35=0|10=163|8=FIX.4.4|9=", FrameKind.Garbled, 26)]
    [TestCase("8=FIX.4.4|9=|35=0|10=163|", FrameKind.Garbled, 25)]
    [TestCase("8=FIX.4.4|9=x|35=0|10=163|", FrameKind.Garbled, 26)]
    [TestCase("8=FIX.4.4|9=-5|35=0|10=163|", FrameKind.Garbled, 27)]
    [TestCase("8=FIX.4.4|35=0|9=5|10=163|", FrameKind.Garbled, 26)]
    [TestCase("8=FIX.4.4|9=5|34=0|10=163|", FrameKind.Garbled, 26)]
    [TestCase("8=FIX.4.4.4.4.4.4.4", FrameKind.Garbled, 19)]
    [TestCase("GET / HTTP/1.1", FrameKind.Garbled, 14)]
    [TestCase("garbage8=FIX.4.4|9=5", FrameKind.Garbled, 7)]
    [TestCase("garbage8=F", FrameKind.Garbled, 7)]
    [TestCase("8=FIX.4.4|9=99999|35=0|", FrameKind.NeedMore, 0)]
    [TestCase("8=FIX.4.4|9=99999|35=0|34=2|8=FIX", FrameKind.Garbled, 28)]
    [TestCase("8=FIX.4.4|9=9999999999|35=0|", FrameKind.Garbled, 28)]
    public void Cuts_the_stream_at(string bytes, FrameKind kind, int length)
    {
        Assert.That(Framing.Find(Wire.Bytes(bytes), 1000, out var found), Is.EqualTo(kind));
        Assert.That(found, Is.EqualTo(length));
    }

    [Test]
    public void Reads_who_calls_without_a_dictionary()
    {
        Assert.That(Framing.TryReadHeader(Wire.From("THEM", "US", Wire.Noon, "35=A|34=12|98=0|108=30"), out var header), Is.True);
        Assert.That($"{Wire.Text(header.BeginString)} {Wire.Text(header.MsgType)} {Wire.Text(header.SenderCompID)} {Wire.Text(header.TargetCompID)} {header.MsgSeqNum}", Is.EqualTo("FIX.4.4 A THEM US 12"));
        Assert.That(Framing.TryReadHeader(Wire.Frame("35=A|49=x|34=1"), out _), Is.False);
        Assert.That(Framing.TryReadHeader(Wire.Frame("35=A|49=x|56=y|34=z"), out _), Is.False);
    }

    private static MessageWriter Writer()
    {
        var writer = new MessageWriter("FIX.4.4", new TimestampText(3), 1 << 16);
        writer.Start();
        return writer;
    }
}
