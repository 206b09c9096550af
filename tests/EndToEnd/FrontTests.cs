using Venue.Tests.Gateway;

namespace EndToEnd;

/// <summary>What institutions ask of a venue beside single orders, with QuickFIX on the other side.</summary>
[TestFixture]
public sealed class FrontTests : Scene
{
    protected override void Seat()
    {
        Floor.Seat("quoter", ClientKind.QuickFix, "CLIENT1", "8013=S");
        Floor.Seat("other", ClientKind.QuickFix, "CLIENT2");
        Floor.Seat("watcher", ClientKind.QuickFix, "CLIENT3");
    }

    [Test]
    public void A_lost_session_takes_its_orders_and_is_told_when_it_is_back()
    {
        Play("""
            other: new $o sell BTC-USD 1 limit 50010
            other< 8 11=$o 150=0
            quoter: new $b buy BTC-USD 1 limit 50000
            quoter< 8 11=$b 150=0
            quoter: new $s sell BTC-USD 1 limit 50001
            quoter< 8 11=$s 150=0
            """);
        Floor["quoter"].Kill();
        Play("""
            other: new $t buy BTC-USD 1 limit 50010
            other< 8 11=$t 150=0
            other< 8 11=$o 150=F 31=50010
            other< 8 11=$t 150=F 31=50010
            """);
        Floor["quoter"].Connect();
        Play("""
            quoter< 8 11=$b 43=Y 150=4 39=4 378=7 58~DISCONNECT
            quoter< 8 11=$s 43=Y 150=4 39=4 378=7 58~DISCONNECT
            """);
    }

    [Test]
    public void A_killed_venue_pulls_the_orders_of_a_session_that_does_not_come_back()
    {
        Play("""
            quoter: new $b buy BTC-USD 1 limit 50000
            quoter< 8 11=$b 150=0
            """);
        var mark = Floor["other"].Mark;
        Floor.Venue.Kill();
        Floor["quoter"].Do("logout");   // it would connect again by itself
        Floor.Venue.Start();
        Floor["other"].WaitForLogon(mark);
        // The grace time is 10 seconds.
        Thread.Sleep(TimeSpan.FromSeconds(11));
        Floor["quoter"].Connect();
        Play("quoter< 8 11=$b 43=Y 150=4 39=4 378=7");
    }

    [Test]
    public void A_book_is_built_from_increments_and_proven_by_its_checksum()
    {
        const int Burst = 40;
        var (watcher, quoter, other) = (Floor["watcher"], Floor["quoter"], Floor["other"]);
        var (mark, burst) = (watcher.Mark, 0);
        // Groups go through QuickFIX's raw fields, with delimiters inside.
        watcher.Do("raw V 262=book|263=1|264=0|265=1|267=3\u0001269=0\u0001269=1\u0001269=2|146=1\u000155=ETH-USD");
        watcher.WaitForMessage("the snapshot", m => m.Type == "W", mark);
        for (var i = 0; i < 200; i++)
        {
            // A turn of the venue takes many commands at once, and what they changed may be one message: so each burst waits for one of its own.
            if (i % Burst == 0) burst = watcher.Mark;
            quoter.Do($"new book-q{i} {(i % 2 == 0 ? "buy" : "sell")} ETH-USD 0.{1 + i % 9} limit {3000 + (i % 2 == 0 ? -1 : 1) * (i * 7 % 23)}");
            if (i % 3 == 0) quoter.Do($"cancel book-c{i} book-q{i / 2} {(i / 2 % 2 == 0 ? "buy" : "sell")} ETH-USD");
            if (i % 5 == 0) other.Do($"new book-o{i} {(i % 2 == 0 ? "sell" : "buy")} ETH-USD 0.5 limit {3000 + (i % 2 == 0 ? -1 : 1) * (i % 11)} ioc");
            if (i % Burst == Burst - 1) watcher.WaitForMessage("an increment of the burst", m => m.Type == "X", burst);
        }
        quoter.Settle();
        quoter.Do("raw q 11=book-end|530=7|60=20261122-12:00:00");
        foreach (var client in new[] { quoter, other, watcher }) client.Settle();

        // Market data goes out in rounds of its own: it may come after the answers to orders.
        ClientBook book;
        for (var until = DateTime.UtcNow.AddSeconds(20); ; Thread.Sleep(20))
        {
            book = new ClientBook();
            foreach (var message in watcher.Received(mark)) book.Take(message.ToString()[message.ToString().IndexOf("35=", StringComparison.Ordinal)..], isWholeBook: true);
            if ((book.Trades.Count > 0 && book.Text == " / ") || DateTime.UtcNow > until) break;
        }
        Assert.That(book.Messages, Is.GreaterThan(3));
        Assert.That(book.Trades, Is.Not.Empty.And.Unique);
        Assert.That(book.Text, Is.EqualTo(" / "), "everything was canceled");
        watcher.Do("raw V 262=book|263=2|264=0|267=1\u0001269=0|146=1\u000155=ETH-USD");
        foreach (var client in new[] { quoter, other, watcher })
        {
            client.Settle();
            client.Skip();
        }
    }

    [Test]
    public void A_mass_status_and_a_mass_cancel_cover_what_is_open()
    {
        Play("""
            quoter: new $b buy BTC-USD 1 limit 50000
            quoter< 8 11=$b 150=0 37=@b
            quoter: new $e buy ETH-USD 1 limit 3000
            quoter< 8 11=$e 150=0 37=@e
            quoter: raw AF 584=$af|585=7
            quoter< 8 584=$af 11=$b 37=@b 150=I 39=0 911=2 912=N
            quoter< 8 584=$af 11=$e 37=@e 150=I 39=0 911=2 912=Y
            quoter: raw q 11=$q1|530=1|55=ETH-USD|60=20261122-12:00:00
            quoter< r 11=$q1 530=1 531=1 533=1 55=ETH-USD
            quoter< 8 11=$e 37=@e 150=4 39=4
            quoter: raw q 11=$q2|530=7|60=20261122-12:00:00
            quoter< r 11=$q2 530=7 531=7 533=1
            quoter< 8 11=$b 37=@b 150=4 39=4
            quoter: raw AF 584=$none|585=7
            quoter< 8 584=$none 37=NONE 150=I 39=8 103=5 911=0 912=Y
            """);
    }
}
