using Venue.Fix;

namespace Venue.Tests.Fix;

/// <summary>How the bytes arrive must not matter, and bad bytes must do no harm.</summary>
public sealed class StreamTests
{
    private static readonly byte[] Stream =
    [
        .. Wire.From("THEM", "US", Wire.Noon, "35=A|34=1|98=0|108=30"),
        .. Wire.Bytes("8=FIX.4.4|9=5|35=0|10=000|noise"),
        .. Wire.From("THEM", "US", Wire.Noon, "35=D|34=2|11=a|55=BTC-USD|54=1|60=20261122-12:00:00|38=1|40=1|354=25|355=8=FIX.4.4|9=5|35=0|10=163"),
        .. Wire.From("THEM", "US", Wire.Noon, "35=1|34=3|112=x"),
        .. Wire.From("THEM", "US", Wire.Noon, "35=D|34=4|11=b|55=BTC-USD|54=1|60=20261122-12:00:00|38=1|40=1"),
    ];

    [Test]
    public void Any_split_into_two_reads_gives_the_same()
    {
        var whole = Outcome([Stream.Length]);
        Assert.That(whole, Does.Contain("35=0|49=US|56=THEM|34=2"));
        for (var at = 1; at < Stream.Length; at++) Assert.That(Outcome([at, Stream.Length - at]), Is.EqualTo(whole), $"split at {at}");
    }

    [Test]
    public void One_byte_at_a_time_gives_the_same() =>
        Assert.That(Outcome(Enumerable.Repeat(1, Stream.Length)), Is.EqualTo(Outcome([Stream.Length])));

    [Test]
    public void A_garbled_message_is_ignored_and_its_number_asked_for()
    {
        var session = new ScriptedSession().Run("""
            connect
            in 35=A|34=1|98=0|108=30
            out 35=A|34=1|98=0|108=30
            logon
            """);
        var garbled = Wire.From("THEM", "US", Wire.Noon, "35=1|34=2|112=x");
        garbled[^2] ^= 1;
        session.Run($"""
            raw {Wire.Text(garbled)}
            next in 2 out 2
            in 35=0|34=3
            out 35=2|34=2|7=2|16=0
            """);
    }

    [Test]
    public void A_message_above_the_limit_ends_the_connection() => ScriptedSession.Active($"""
        raw 8=FIX.4.4|9=70000|35=0|
        raw 58={new string('x', 65_000)}
        state Active
        raw {new string('x', 600)}
        logout longer than 65536 bytes
        close longer than 65536 bytes
        """);

    [Test]
    public void A_length_that_the_line_made_too_large_costs_one_message() => ScriptedSession.Active("""
        raw 8=FIX.4.4|9=90054|35=0|49=THEM|56=US|34=2|52=20261122-12:00:00.000|10=000|
        state Active
        in 35=0|34=3
        out 35=2|34=2|7=2|16=0
        """);

    [Test]
    public void A_length_that_the_line_made_larger_costs_one_message_once_the_peer_seems_silent() => ScriptedSession.Active("""
        raw 8=FIX.4.4|9=9054|35=0|49=THEM|56=US|34=2|52=20261122-12:00:00.000|10=000|
        in 35=0|34=3
        wait 30s
        out 35=0|34=2
        in 35=0|34=4
        wait 6s
        out 35=1|34=3|112=20261122-12:00:36.000
        in 35=0|34=5|112=20261122-12:00:36.000
        out 35=2|34=4|7=2|16=0
        state Active
        """);

    [Test]
    public void A_full_send_buffer_ends_the_connection_and_the_messages_stay()
    {
        var log = new Log();
        var store = new MemoryStore();
        var session = new Session(new SessionSettings { SenderCompID = "US", TargetCompID = "THEM" }, Wire.Dictionary, store, log);
        session.Connect(new SendBuffer(200), Wire.Noon);
        session.OnBytes(Wire.From("THEM", "US", Wire.Noon, "35=A|34=1|98=0|108=30"), Wire.Noon);
        for (var i = 0; i < 5; i++)
        {
            session.Begin("8"u8, Wire.Noon);
            session.End(keep: true);
        }
        Assert.That(session.NextPollNs, Is.LessThanOrEqualTo(Wire.Noon));
        session.Poll(Wire.Noon);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(session.WantsClose, Is.True);
            Assert.That(session.CloseReason, Does.Contain("full"));
            Assert.That(log.ToString(), Does.Contain("logout"));
            Assert.That(session.NextOut, Is.EqualTo(7));
            Assert.That(store.Find(6).IsEmpty, Is.False);
        }
    }

    [Test]
    public void The_longest_message_can_be_sent_again()
    {
        var output = new SendBuffer(1 << 18);
        var session = new Session(new SessionSettings { SenderCompID = "US", TargetCompID = "THEM" }, Wire.Dictionary, new MemoryStore(), new Log());
        session.Connect(output, Wire.Noon);
        session.OnBytes(Wire.From("THEM", "US", Wire.Noon, "35=A|34=1|98=0|108=30"), Wire.Noon);
        output.Taken(output.Count);
        ref var message = ref session.Begin("y"u8, Wire.Noon);
        for (var i = 0; i < 6_540; i++) message.Add(58, "123456");
        session.End(keep: true);
        Assert.That(output.Count, Is.InRange(65_000, 65_536));
        output.Taken(output.Count);
        session.OnBytes(Wire.From("THEM", "US", Wire.Noon, "35=2|34=2|7=2|16=0"), Wire.Noon);
        Assert.That(Wire.Text(output.Unsent(output.Tail)), Does.Contain("|34=2|52=20261122-12:00:00.000|43=Y|122=20261122-12:00:00.000|58=123456|"));
    }

    [Test]
    public void A_dictionary_without_the_session_level_is_refused() => Assert.That(() => new Session(
        new SessionSettings { SenderCompID = "US", TargetCompID = "THEM" },
        FixDictionary.Load(new System.Xml.Linq.XDocument(System.Xml.Linq.XElement.Parse("""
            <fix major='4' minor='4'><header/><messages/><trailer/><fields><field number='8' name='BeginString' type='STRING'/></fields></fix>
            """))), new MemoryStore(), new Log()), Throws.ArgumentException);

    private static string Outcome(IEnumerable<int> reads)
    {
        var log = new Log();
        var output = new SendBuffer(1 << 16);
        var session = new Session(new SessionSettings { SenderCompID = "US", TargetCompID = "THEM" }, Wire.Dictionary, new MemoryStore(), log);
        session.Connect(output, Wire.Noon);
        int start = 0, end = 0;
        foreach (var read in reads)
        {
            end += read;
            start += session.OnBytes(Stream.AsSpan(start, end - start), Wire.Noon);
        }
        Assert.That(start, Is.EqualTo(Stream.Length));
        return log + Wire.Text(output.Unsent(output.Tail));
    }

    private sealed class Log : ISessionHandler
    {
        private readonly System.Text.StringBuilder _text = new();

        public void OnLogon(Session session, long nowNs) => _text.Append("logon ");

        public void OnMessage(Session session, in Message message, long nowNs) => _text.Append(Wire.Text(message.Bytes)).Append(' ');

        public void OnLogout(Session session, string reason, long nowNs) => _text.Append("logout ").Append(reason).Append(' ');

        public override string ToString() => _text.ToString();
    }
}
