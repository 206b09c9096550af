using CsCheck;
using Venue.Fix;

namespace Venue.Tests.Fix;

/// <summary>Random and mutated bytes: nothing breaks, and two parsers written apart agree.</summary>
public sealed class FuzzTests
{
    private const int Seed = 20261122;
    private const int Mutations = 200_000;

    private static readonly string[] Bodies =
    [
        "35=D|49=THEM|56=US|34=2|52=20261122-12:00:00.123|11=a|453=2|448=x|447=D|452=1|448=y|802=2|523=z|803=1|523=w|55=BTC-USD|54=1|60=20261122-12:00:00|38=1.5|40=2|44=50000.10|59=1|18=6 G|354=5|355=a|b=c|93=3|89=x|y",
        "35=G|49=THEM|56=US|34=3|43=Y|122=20261122-11:59:59|52=20261122-12:00:00|41=a|11=b|1=acc|21=1|55=BTC-USD|54=2|60=20261122-12:00:00.000001|38=2|40=1|58=text",
        "35=V|49=THEM|56=US|34=2|52=20261122-12:00:00|262=r|263=1|264=0|265=0|267=2|269=0|269=1|146=2|55=BTC-USD|55=ETH-USD",
        "35=A|49=THEM|56=US|34=1|627=1|628=h|629=20261122-12:00:00|630=7|52=20261122-12:00:00|98=0|108=30|95=4|96=a|b||141=Y|553=u|554=p",
        "35=2|49=THEM|56=US|34=2|52=20261122-12:00:00|7=1|16=0",
        "35=4|49=THEM|56=US|34=2|52=20261122-12:00:00|123=Y|36=9",
        "35=8|49=THEM|56=US|34=2|52=20261122-12:00:00|37=1|17=2|150=F|39=1|55=BTC-USD|54=1|151=1|14=1|6=50000|136=1|137=-0.5|138=USD|139=4",
    ];

    private static readonly string[] Words = ["|", "=", "453=", "448=", "55=", "0", "-", ".", "8=FIX.4.4|", "9=5|", "35=0|", "10=000|", "59=1|", "802=1|", "34=", "43=Y|", "355=", "9999=x|", "||", "\u00ff"];

    [Test]
    public void Two_parsers_agree_on_every_mutation()
    {
        TestContext.Out.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var naive = new NaiveFix(Wire.DictionaryPath);
        var table = new FieldTable();
        var validator = new Validator(Wire.Dictionary);
        var verdicts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Mutations; i++)
        {
            // Half of them get a right length and sum again, so that the mutation reaches the fields.
            var body = Bodies[random.Next(Bodies.Length)];
            var bytes = random.Next(10) == 0 ? Mutate(random, Wire.Frame(body)) : Wire.Frame(Wire.Text(Mutate(random, Wire.Bytes(body))));
            var fast = Judge(bytes, table, validator);
            Assert.That(fast, Is.EqualTo(naive.Judge(bytes)), $"mutation {i}: {Wire.Text(bytes)}");
            var verdict = fast.Split(' ')[0];
            verdicts[verdict] = verdicts.GetValueOrDefault(verdict) + 1;
        }
        TestContext.Out.WriteLine(string.Join(", ", verdicts.Select(v => $"{v.Key}: {v.Value}")));
        Assert.That(verdicts.Keys, Is.SupersetOf(new[] { "-", "garbled", "unknown", "0", "1", "2", "4", "5", "6", "13", "14", "15", "16", "17" }), "the mutations reach every verdict");
    }

    [Test]
    public void A_session_survives_any_bytes_in_any_pieces()
    {
        TestContext.Out.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var quiet = new Quiet();
        for (var i = 0; i < Mutations / 8; i++)
        {
            var session = new Session(new SessionSettings { SenderCompID = "US", TargetCompID = "THEM", Initiator = random.Next(4) == 0 }, Wire.Dictionary, new MemoryStore(), quiet);
            var output = new SendBuffer(1 << 14);
            session.Connect(output, Wire.Noon);
            var bytes = new List<byte>(Wire.From("THEM", "US", Wire.Noon, "35=A|34=1|98=0|108=30"));
            for (var n = random.Next(1, 5); n > 0; n--)
                bytes.AddRange(random.Next(5) == 0 ? Noise(random) : Mutate(random, Wire.Frame(Bodies[random.Next(Bodies.Length)])));
            var stream = bytes.ToArray();
            int start = 0, end = 0;
            while (end < stream.Length)
            {
                end = Math.Min(stream.Length, end + random.Next(1, 400));
                var done = session.OnBytes(stream.AsSpan(start, end - start), Wire.Noon);
                Assert.That(done, Is.InRange(0, end - start));
                start += done;
                session.Poll(Wire.Noon);
            }
            Assert.That(end - start, Is.LessThanOrEqualTo(session.Settings.MaxMessageBytes), "what is kept is bounded");
            Assert.That(session.NextIn, Is.GreaterThan(0));
        }
    }

    [Test]
    public void Decimals_come_back_as_they_were_written() => Gen.Select(Gen.Long, Gen.Int[0, 18]).Sample((mantissa, decimals) =>
    {
        if (mantissa == long.MinValue) return true;
        var writer = new MessageWriter("FIX.4.4", new TimestampText(3), 1000);
        writer.Start();
        writer.AddDecimal(44, mantissa, decimals);
        var text = writer.Finish();
        var value = text[(text.IndexOf("\u000144="u8) + 4)..^8];
        if (!FieldText.TryDecimal(value, out var m, out var d)) return false;
        for (; d < decimals; d++) m *= 10;
        return m == mantissa && d == decimals;
    });

    private static string Judge(byte[] bytes, FieldTable table, Validator validator)
    {
        if (Framing.Find(bytes, 1 << 16, out var length) != FrameKind.Frame || length != bytes.Length || !table.Read(bytes, Wire.Dictionary)) return "garbled";
        var message = new Message(bytes, table);
        if (Wire.Dictionary.Message(message.MsgType) is not { } definition) return "unknown";
        return validator.Check(table, bytes, definition, out var fault) ? "-" : $"{fault.Reason} {fault.Tag}";
    }

    private static byte[] Mutate(Random random, byte[] bytes)
    {
        var list = bytes.ToList();
        for (var n = random.Next(0, 3); n > 0 && list.Count > 1; n--)
        {
            var at = random.Next(list.Count);
            switch (random.Next(5))
            {
                case 0: list[at] = (byte)random.Next(256); break;
                case 1: list.RemoveAt(at); break;
                case 2: list.InsertRange(at, Wire.Bytes(Words[random.Next(Words.Length)])); break;
                case 3: MoveField(random, list, copy: true); break;
                default: MoveField(random, list, copy: false); break;
            }
        }
        return [.. list];
    }

    // Copies or moves a whole field: duplicates, wrong places and wrong counts need that.
    private static void MoveField(Random random, List<byte> list, bool copy)
    {
        var fields = Wire.Text(list.ToArray()).TrimEnd('|').Split('|').ToList();
        var field = fields[random.Next(fields.Count)];
        if (!copy) fields.Remove(field);
        if (random.Next(3) > 0 || copy) fields.Insert(random.Next(fields.Count + 1), field);
        list.Clear();
        list.AddRange(Wire.Bytes(string.Join('|', fields) + "|"));
    }

    private static byte[] Noise(Random random)
    {
        var noise = new byte[random.Next(1, 300)];
        random.NextBytes(noise);
        return noise;
    }

    private sealed class Quiet : ISessionHandler
    {
        public void OnLogon(Session session, long nowNs) { }
        public void OnMessage(Session session, in Message message, long nowNs) { }
        public void OnLogout(Session session, string reason, long nowNs) { }
    }
}
