using System.Diagnostics;
using Venue.Load;

namespace EndToEnd;

/// <summary>Many sessions, readers that do not read, and addresses from which nobody may come.</summary>
[Category("EndToEnd")]
public sealed class TransportTests
{
    [Test]
    public void An_address_is_refused_at_the_accept_or_at_the_Logon()
    {
        using var floor = new TransportFloor(3, "AllowedRemoteAddresses=10.0.0.0/8, 2001:db8::/32", n => n switch
        {
            1 => "AllowedRemoteAddresses=127.0.0.1",
            2 => "AllowedRemoteAddresses=::1, 127.0.0.2/31",
            _ => "",
        });
        using (var nobody = floor.Plain(1, from: "127.0.0.9")) nobody.ExpectClose();
        floor.Venue.WaitForLine("no session may come from this address");
        foreach (var (session, from) in ((int, string)[])[(1, "127.0.0.2"), (2, "127.0.0.1"), (3, "127.0.0.1")])
        {
            using var wrong = floor.Plain(session, from);
            wrong.Send("A", "98=0|108=30");
            wrong.ExpectClose();
            floor.Venue.WaitForLine($"refused as LOAD{session}: its address is not among the session's AllowedRemoteAddresses");
        }
        using var first = floor.Plain(1, "127.0.0.1");
        using var second = floor.Plain(2, "127.0.0.3");
        Assert.That((first.Logon()?.Type, second.Logon()?.Type), Is.EqualTo(("A", "A")));
        first.RoundTrip("a");
        second.RoundTrip("b");
    }

    [Test]
    public void A_reader_that_does_not_read_is_cut_off_and_recovers_all_while_others_go_on([Values] bool overTls)
    {
        const int fills = 12_000, window = 64;
        using var floor = new TransportFloor(3, options: ["--send-buffer-mib", "1"]);
        using var taker = floor.Plain(2);
        using var other = floor.Plain(3);
        Assert.That((taker.Logon()?.Type, other.Logon()?.Type), Is.EqualTo(("A", "A")));
        using (var slow = Slow(floor, overTls, 1))
        {
            Assert.That(slow.Logon()?.Type, Is.EqualTo("A"));
            slow.Order("m", "2", "1000");
            Assert.That(slow.Next()[150], Is.EqualTo("0"));

            // From here on it reads nothing. Each fill is two reports to the taker and one to it.
            var answered = 0;
            var slowest = TimeSpan.Zero;
            for (var i = 0; i < fills; i++)
            {
                taker.Order($"t{i}", "1", "0.00001");
                if (i - answered >= window) for (; answered < i; answered++) Filled(taker, answered);
                if (i % 100 != 0) continue;
                var since = Stopwatch.GetTimestamp();
                other.RoundTrip($"o{i}");
                if (Stopwatch.GetElapsedTime(since) is var time && time > slowest) slowest = time;
            }
            for (; answered < fills; answered++) Filled(taker, answered);
            floor.Venue.WaitForLine("LOAD1 closed: too slow: its send buffer is full");
            TestContext.Out.WriteLine($"slowest of the other's {fills / 100} round trips: {slowest.TotalMilliseconds:N1} ms");
            Assert.That(slowest, Is.LessThan(TimeSpan.FromSeconds(2)), "the others do not wait for the slow one");
        }

        using var back = Slow(floor, overTls, 3);
        Assert.That(back.Logon()?.Type, Is.EqualTo("A"));
        back.Send("2", "7=3|16=0");
        for (var i = 0; i < fills; i++)
        {
            var report = back.Next();
            Assert.That((report.SeqNum, report[150], report.IsPossDup, report[11]), Is.EqualTo((3 + i, "F", true, "m")), report.ToString());
        }
        Assert.That(back.Next().Type, Is.EqualTo("4"), "the Logon's number is filled");
        back.RoundTrip("after");
    }

    [Test]
    public void A_surge_is_slowed_and_not_refused_and_others_are_served_meanwhile()
    {
        // Twice as much journal as may wait for the disk, at once; the reports would fill a small send buffer.
        const int orders = 20_000;
        using var floor = new TransportFloor(2, options: ["--backlog-mib", "4", "--send-buffer-mib", "16"]);
        using var loud = floor.Plain(1);
        using var quiet = floor.Plain(2);
        Assert.That((loud.Logon()?.Type, quiet.Logon()?.Type), Is.EqualTo(("A", "A")));
        for (var i = 0; i < orders; i++) loud.Order($"o{i}", "1", "0.00001", "45000");
        var sending = Task.Run(loud.Flush);
        for (var i = 0; i == 0 || !sending.IsCompleted; i++) quiet.RoundTrip($"q{i}");
        sending.GetAwaiter().GetResult();
        for (var i = 0; i < orders; i++)
        {
            var report = loud.Next();
            Assert.That((report.Type, report.Find(11), report.Find(150)), Is.EqualTo(("8", $"o{i}", "0")), report.ToString());
        }
    }

    [Test]
    public void A_thousand_sessions_are_served_at_once()
    {
        const int sessions = 1000;
        using var floor = new TransportFloor(sessions);
        var clients = Enumerable.Range(1, sessions).Select(n => floor.Plain(n)).ToArray();
        try
        {
            foreach (var client in clients) Assert.That(client.Logon()?.Type, Is.EqualTo("A"));
            for (var round = 0; round < 3; round++)
            {
                for (var i = 0; i < sessions; i++)
                {
                    // 20 at once from each: together more than the venue's ring holds.
                    for (var n = 0; n < 20; n++) clients[i].Order($"{SessionFolder.CompID(i + 1)}-{round}-{n}", "1", "0.001", "45000");
                    clients[i].Flush();
                }
                for (var i = 0; i < sessions; i++)
                    for (var n = 0; n < 20; n++)
                        Assert.That(clients[i].Next()[11], Is.EqualTo($"{SessionFolder.CompID(i + 1)}-{round}-{n}"));
            }
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }
    }

    private static TransportClient Slow(TransportFloor floor, bool overTls, int nextOut) => overTls
        ? floor.Tls(1, receiveBytes: 16 << 10, nextOut: nextOut)
        : floor.Plain(1, receiveBytes: 16 << 10, nextOut: nextOut);

    private static void Filled(TransportClient taker, int i)
    {
        Assert.That(taker.Next()[150], Is.EqualTo("0"));
        var fill = taker.Next();
        Assert.That((fill[11], fill[150]), Is.EqualTo(($"t{i}", "F")));
    }
}
