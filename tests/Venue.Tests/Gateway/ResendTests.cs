namespace Venue.Tests.Gateway;

/// <summary>Resends beside each other, beside live traffic and over restarts.</summary>
public sealed class ResendTests
{
    private CoreHarness _venue = null!;

    [SetUp]
    public void Start() => _venue = new CoreHarness();

    [TearDown]
    public void Stop() => _venue.Dispose();

    private static int Number(string message) => int.Parse(message.Split('|').First(f => f.StartsWith("34=", StringComparison.Ordinal))[3..]);

    // An order and its cancel, so that the firm can pay for as many as wanted.
    private CoreHarness.Peer WithHistory(string compID, int orders)
    {
        var peer = _venue.Connect(compID).Logon();
        for (var i = 0; i < orders; i++)
        {
            peer.Order($"o{i}", "buy", "0.1", "45000");
            peer.Send($"35=F|11=c{i}|41=o{i}|55=BTC-USD|54=1|60=now|38=0.1");
        }
        Assert.That(peer.Inbox(), Has.Length.EqualTo(1 + 2 * orders));
        return peer;
    }

    [Test]
    public void Resends_take_turns_in_slices_and_live_orders_are_answered_between_them()
    {
        CoreHarness.Peer[] missing = [WithHistory("CLIENT1", 200), WithHistory("CLIENT2", 200)];
        var trader = _venue.Connect("CLIENT3").Logon();
        trader.Inbox();
        foreach (var peer in missing) peer.Send("35=2|7=1|16=0");

        var got = new[] { new List<int>(), new List<int>() };
        var slices = new List<int>();
        for (var live = 0; _venue.Core.Gateway.IsResending; live++)
        {
            Assert.That(live, Is.LessThan(1000), "it ends");
            for (var who = 0; who < 2; who++)
            {
                var part = missing[who].Taken();
                if (part.Length == 0) continue;
                got[who].AddRange(part.Select(Number));
                slices.Add(who);
            }
            trader.Order($"live{live}", "buy", "0.001", "45000");
            Assert.That(trader.Taken().Single(), Does.Contain("|150=0|"), "answered at once");
            _venue.Core.Gateway.ContinueResend(_venue.NowNs);
        }
        foreach (var (peer, numbers) in missing.Zip(got))
        {
            numbers.AddRange(peer.Taken().Select(Number));
            Assert.That(numbers, Is.EqualTo(Enumerable.Range(1, 401)), "the Logon as a gap fill, then every report, in order");
        }
        Assert.That(slices.Take(20), Is.EqualTo(Enumerable.Range(0, 20).Select(i => i % 2)), "one slice each, in turns");
    }

    [Test]
    public void A_reader_that_does_not_read_leaves_the_turn_to_the_others()
    {
        var slow = WithHistory("CLIENT1", 100);
        var quick = WithHistory("CLIENT2", 100);
        slow.Send("35=2|7=1|16=0");
        quick.Send("35=2|7=1|16=0");
        for (var i = 0; i < 20; i++)
        {
            quick.Taken();
            _venue.Core.Gateway.ContinueResend(_venue.NowNs);
        }
        Assert.That(quick.Connection.Client!.Fix!.IsResending, Is.False);
        Assert.That(slow.Connection.Output.Count, Is.InRange(8 << 10, 10 << 10), "one slice waits for it, and no more");
        Assert.That(_venue.Core.Gateway.ContinueResend(_venue.NowNs), Is.False, "nobody has room");
    }

    [Test]
    public void Messages_that_are_not_kept_are_one_gap_fill_also_between_blocks_of_the_index()
    {
        var peer = WithHistory("CLIENT1", 20);
        // A snapshot of the book has a number and is not kept: 100 of them are whole blocks without a kept message.
        for (var i = 0; i < 100; i++) peer.Send($"35=V|262=r{i}|263=0|264=1|265=0|267=1|269=0|146=1|55=BTC-USD");
        peer.Order("last", "buy", "0.1", "45000");
        peer.Inbox();
        peer.Send("35=2|7=40|16=0");
        var again = peer.Inbox();
        Assert.That(again.Select(m => m.Split('|')[0]), Is.EqualTo(new[] { "35=8", "35=8", "35=4", "35=8" }));
        Assert.That(again[2], Does.Contain("34=42|").And.Contains("|36=142"));
        Assert.That(again[3], Does.Contain("34=142|").And.Contains("|11=last|"));
    }

    [Test]
    public void Snapshots_wait_for_the_end_of_a_resend()
    {
        var peer = WithHistory("CLIENT1", 100);
        var book = "264=1|265=0|267=1|269=0|146=1|55=BTC-USD";
        peer.Send($"35=V|262=before|263=1|{book}").Inbox();
        peer.Send("35=2|7=1|16=0");
        peer.Send($"35=V|262=once|263=0|{book}");
        peer.Send($"35=V|262=later|263=1|{book}");
        peer.Order("moves", "buy", "0.1", "45000");
        _venue.Core.Gateway.Poll(_venue.NowNs += 1_000_000_000);
        var resent = peer.Inbox();
        Assert.That(resent.Select(m => m[..4]), Has.None.EqualTo("35=W"));
        Assert.That(resent[^1], Does.Contain("|11=moves|"));

        _venue.Core.Gateway.Poll(_venue.NowNs += 1_000_000_000);
        Assert.That(peer.Inbox().Select(m => m.Split('|')[2]), Is.EqualTo(new[] { "262=before", "262=once", "262=later" }));
        peer.Order("moves again", "buy", "0.1", "45000").Inbox();
        _venue.Core.Gateway.Poll(_venue.NowNs += 1_000_000_000);
        Assert.That(peer.Inbox().Select(m => m.Split('|')[2]), Is.EqualTo(new[] { "262=before", "262=later" }), "once is once");
    }

    [Test]
    public void A_restart_in_the_next_period_of_a_schedule_starts_the_numbers_over_and_one_in_the_same_does_not()
    {
        const long HourNs = 3_600_000_000_000;
        var schedule = Venue.Fix.SessionSchedule.Daily(TimeSpan.FromHours(8), TimeSpan.FromHours(20), TimeZoneInfo.Utc);
        using var venue = new CoreHarness(settings: s => s with { Schedule = schedule });

        Assert.That(Logon(1), Is.EqualTo("35=A|34=1|98=0|108=30"));
        venue.NowNs += 2 * HourNs;
        venue.Restart();
        Assert.That(Logon(2), Is.EqualTo("35=A|34=2|98=0|108=30"), "14:00, the same period");
        venue.NowNs += 20 * HourNs;
        venue.Restart();
        Assert.That(Logon(1), Is.EqualTo("35=A|34=1|98=0|108=30"), "10:00 the next day");
        venue.Restart();
        Assert.That(Logon(2), Is.EqualTo("35=A|34=2|98=0|108=30"), "still the same day");

        string Logon(int number)
        {
            var peer = venue.Connect("CLIENT1");
            peer.NextOut = number;
            var answer = peer.Logon().Inbox().Single();
            peer.Drop();
            return answer;
        }
    }

    [Test]
    public void A_message_sent_while_its_block_is_resent_is_resent_too()
    {
        var peer = WithHistory("CLIENT1", 100);
        peer.Send("35=2|7=190|16=0");
        peer.Order("live", "buy", "0.1", "45000");
        var got = peer.Inbox();
        Assert.That(got.Select(Number), Is.EqualTo(Enumerable.Range(190, 13)));
        Assert.That(got[^1], Does.Contain("|11=live|"));
    }
}
