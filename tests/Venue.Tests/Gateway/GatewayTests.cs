using System.Text;

namespace Venue.Tests.Gateway;

public class GatewayTests
{
    private CoreHarness _venue = null!;

    [SetUp]
    public void Start() => _venue = new CoreHarness();

    [TearDown]
    public void Stop() => _venue.Dispose();

    private static string Field(string message, int tag) =>
        message.Split('|').Select(f => f.Split('=', 2)).Where(f => f[0] == tag.ToString()).Select(f => f[1]).FirstOrDefault("");

    private CoreHarness.Peer LoggedOn(string compID)
    {
        var peer = _venue.Connect(compID).Logon();
        Assert.That(peer.Inbox(), Has.One.StartsWith("35=A"));
        return peer;
    }

    [Test]
    public void Two_clients_trade_and_both_are_told()
    {
        var seller = LoggedOn("CLIENT1");
        var buyer = LoggedOn("CLIENT2");
        seller.Order("s1", "sell", "1", "50000");
        buyer.Order("b1", "buy", "0.4", "50100");

        var sold = seller.Inbox();
        var bought = buyer.Inbox();
        Assert.That(sold, Has.Length.EqualTo(2));
        Assert.That(sold[0], Does.Match(@"^35=8\|34=2\|37=\d+\|11=s1\|17=\d+-0\|150=0\|39=0\|55=BTC-USD\|54=2\|38=1.00000\|40=2\|44=50000.00\|59=1\|151=1.00000\|14=0.00000\|6=0\|1=ALPHA\|60=20261122-12:00:00.000$"));
        Assert.That(sold[1], Does.Match(@"^35=8\|34=3\|37=\d+\|11=s1\|17=\d+-1\|150=F\|39=1\|.*\|32=0.40000\|31=50000.00\|151=0.60000\|14=0.40000\|6=50000.00\|851=1\|527=1\|880=BTC-USD-1\|136=1\|137=2.00000000\|138=USD\|139=4\|1=ALPHA\|60="));
        Assert.That(bought.Select(m => Field(m, 150)), Is.EqualTo(new[] { "0", "F" }));
        Assert.That(bought[1], Does.Match(@"\|39=2\|.*\|151=0.00000\|14=0.40000\|6=50000.00\|851=2\|527=1\|880=BTC-USD-1\|136=1\|137=4.00000000\|138=USD\|139=4\|"));
    }

    [Test]
    public void A_possible_resend_of_a_known_order_is_answered_with_its_status_and_not_executed_again()
    {
        var seller = LoggedOn("CLIENT1");
        var buyer = LoggedOn("CLIENT2");
        seller.Order("s1", "sell", "1", "50000");
        buyer.Order("b1", "buy", "0.4", "50100");
        buyer.Order("poor", "buy", "0.000001", "50100");
        seller.Inbox();
        buyer.Inbox();

        seller.Send("35=D|97=Y|11=s1|55=BTC-USD|54=2|60=now|38=1|40=2|44=50000|59=1");
        var status = seller.Inbox().Single();
        Assert.That(status, Does.Contain("|11=s1|").And.Contains("|150=I|39=1|").And.Contains("|151=0.60000|14=0.40000|"));

        buyer.Send("35=D|97=Y|11=poor|55=BTC-USD|54=1|60=now|38=0.000001|40=2|44=50100|59=1");
        Assert.That(buyer.Inbox().Single(), Does.Contain("|37=NONE|11=poor|").And.Contains("|150=I|39=8|"), "it was refused then");

        buyer.Send("35=D|97=Y|11=new|55=BTC-USD|54=1|60=now|38=0.4|40=2|44=50000|59=1");
        Assert.That(buyer.Inbox().Select(m => Field(m, 150)), Is.EqualTo(new[] { "0", "F" }), "not known: a new order");
        buyer.Send("35=D|97=N|11=new|55=BTC-USD|54=1|60=now|38=0.4|40=2|44=50000|59=1");
        Assert.That(buyer.Inbox().Single(), Does.Contain("|150=8|39=8|").And.Contains("|58=DUPLICATE"), "without the flag it is a mistake");
    }

    [TestCase("35=D|11=x|55=XRP-USD|54=1|60=now|38=1|40=2|44=1|59=1", "103=1")]
    [TestCase("35=D|11=x|55=BTC-USD|54=1|60=now|38=1|40=2|44=50000.005|59=1", "103=99|58=TICK")]
    [TestCase("35=D|11=x|55=BTC-USD|54=1|60=now|38=1|40=2|44=70000|59=1", "103=99|58=BAND")]
    [TestCase("35=D|11=x|55=BTC-USD|54=1|60=now|38=0.000001|40=2|44=50000|59=1", "103=13|58=LOT")]
    [TestCase("35=D|11=x|55=BTC-USD|54=1|60=now|38=1000.00001|40=2|44=50000|59=1", "103=13|58=MAXQTY")]
    [TestCase("35=D|11=x|55=BTC-USD|54=1|60=now|38=9223372036854775807|40=2|44=50000|59=1", "103=13|58=MAXQTY")]
    [TestCase("35=D|11=x|55=BTC-USD|54=1|60=now|38=0.1|40=2|44=50000|59=1", "103=3|58=BALANCE")]
    public void A_refused_order_is_told_why(string order, string expected)
    {
        var poor = LoggedOn("CLIENT8");
        var report = poor.Send(order).Inbox().Single();
        Assert.That(report, Does.StartWith("35=8|").And.Contain("|37=NONE|11=x|").And.Contain("|150=8|39=8|").And.Contain(expected));
        Assert.That(Field(report, 151) + Field(report, 14), Does.Match("^0(.0+)?0(.0+)?$"));
    }

    [TestCase("35=D|11=x|55=BTC-USD|54=1|60=now|38=1|40=2|59=1", "35=j", "380=5|58=Price(44) is required")]
    [TestCase("35=D|11=x|55=BTC-USD|54=1|60=now|40=2|44=1|59=1", "35=j", "380=5|58=OrderQty(38) or CashOrderQty(152) is required")]
    [TestCase("35=D|11=1234567890123456789012345678901234567|55=BTC-USD|54=1|60=now|38=1|40=2|44=1|59=1", "35=3", "371=11|372=D|373=5")]
    [TestCase("35=D|11=x|55=BTC-USD|54=1|60=now|38=1|40=2|44=99999999999999999999|59=1", "35=3", "371=44|372=D|373=6")]
    [TestCase("35=D|11=x|55=BTC-USD|54=9|60=now|38=1|40=2|44=1|59=1", "35=3", "371=54|372=D|373=5")]
    public void What_no_command_can_carry_is_refused_in_fixs_own_terms(string order, string type, string expected)
    {
        var client = LoggedOn("CLIENT1");
        Assert.That(client.Send(order).Inbox().Single(), Does.StartWith(type).And.Contain(expected));
        // The session goes on.
        Assert.That(client.Order("y", "buy", "1", "50000").Inbox().Single(), Does.Contain("|11=y|").And.Contain("|150=0|"));
    }

    [Test]
    public void A_second_connection_with_a_live_identity_is_closed_and_the_first_goes_on()
    {
        var first = LoggedOn("CLIENT1");
        var second = _venue.Connect("CLIENT1").Logon();
        Assert.That(second.Connection.CloseReason, Does.StartWith("CLIENT1 is connected already"));
        Assert.That(second.Inbox(), Is.Empty);
        Assert.That(first.Order("a", "buy", "1", "50000").Inbox().Single(), Does.Contain("|150=0|"));
    }

    [TestCase("NOBODY", "35=A|98=0|108=30", "unknown session NOBODY -> VENUE")]
    [TestCase("CLIENT1", "35=D|11=a", "the first message is not a Logon")]
    public void A_stranger_is_closed_without_a_word(string compID, string first, string reason)
    {
        var peer = _venue.Connect(compID).Send(first);
        Assert.That(peer.Connection.CloseReason, Is.EqualTo(reason));
        Assert.That(peer.Inbox(), Is.Empty);
    }

    [Test]
    public void Bytes_that_are_not_FIX_are_closed()
    {
        var peer = _venue.Connect("x");
        peer.Bytes("GET / HTTP/1.1\r\n\r\n"u8);
        Assert.That(peer.Connection.CloseReason, Is.EqualTo("the first bytes are not a FIX message"));
    }

    [Test]
    public void A_connection_without_a_logon_is_closed_in_time()
    {
        var peer = _venue.Connect("x");
        _venue.Core.Gateway.Poll(_venue.NowNs + 9_000_000_000);
        Assert.That(peer.Connection.CloseReason, Is.Null);
        _venue.Core.Gateway.Poll(_venue.NowNs + 11_000_000_000);
        Assert.That(peer.Connection.CloseReason, Is.EqualTo("no Logon in time"));
    }

    [Test]
    public void What_was_missed_comes_by_resend_with_the_same_content()
    {
        var maker = LoggedOn("CLIENT1");
        maker.Order("m1", "sell", "1", "50000");
        var seen = maker.Inbox();
        maker.Drop();

        var taker = LoggedOn("CLIENT2");
        taker.Order("t1", "buy", "0.3", "50000").Order("t2", "buy", "0.7", "50000");

        var back = _venue.Connect("CLIENT1");
        back.NextOut = maker.NextOut;
        back.Logon();
        var logon = back.Inbox().Single(m => m.StartsWith("35=A"));
        Assert.That(Field(logon, 34), Is.EqualTo("5"), "two fills took numbers 3 and 4 while nobody was there");
        var resent = back.Send("35=2|7=3|16=0").Inbox();
        Assert.That(resent[..2].Select(m => Field(m, 34)), Is.EqualTo(new[] { "3", "4" }));
        Assert.That(resent[..2], Has.All.Contains("|43=Y|122=20261122-12:00:00.000|"));
        Assert.That(resent[..2].Select(m => Field(m, 32)), Is.EqualTo(new[] { "0.30000", "0.70000" }));
        Assert.That(resent[2], Does.StartWith("35=4|34=5|").And.Contain("|123=Y|36=6"), "the Logon is filled");
        Assert.That(resent.Select(m => Field(m, 17)), Has.None.EqualTo(Field(seen[0], 17)));
    }

    [Test]
    public void A_crash_takes_nothing_and_doubles_nothing()
    {
        var client = LoggedOn("CLIENT1");
        for (var i = 0; i < 50; i++) client.Order($"o{i}", i % 2 == 0 ? "sell" : "buy", "1", i % 3 == 0 ? "50000" : "50001");
        var told = client.Inbox();
        var hash = _venue.Core.Engine.StateHash();

        _venue.Restart();
        Assert.That(_venue.Core.Engine.StateHash(), Is.EqualTo(hash));
        Assert.That(_venue.Untold, Is.Zero);
        var back = _venue.Connect("CLIENT1");
        back.NextOut = client.NextOut;
        back.Logon();
        Assert.That(Field(back.Inbox().Single(), 34), Is.EqualTo((told.Length + 2).ToString()), "numbers go on");
        var resent = back.Send("35=2|7=2|16=" + (told.Length + 1)).Inbox();
        Assert.That(resent.Select(Without), Is.EqualTo(told.Select(Without)));

        static string Without(string m) => string.Join('|', m.Split('|').Where(f => !f.StartsWith("43=") && !f.StartsWith("122=")));
    }

    [Test]
    public void A_command_whose_reports_the_crash_cut_off_is_reported_after_the_start()
    {
        var client = LoggedOn("CLIENT1");
        client.Order("first", "buy", "1", "50000");
        var before = _venue.JournalEnd;
        client.Order("second", "sell", "1", "50000");
        Assert.That(client.Inbox(), Has.Length.EqualTo(4));

        // What a crash between the command and its reports leaves: the command's record alone.
        _venue.CutAfterCommandAt(before);
        Assert.That(_venue.Untold, Is.EqualTo(3), "New of the second, and both fills");
        var back = _venue.Connect("CLIENT1");
        back.NextOut = client.NextOut;
        back.Logon();
        Assert.That(Field(back.Inbox().Single(), 34), Is.EqualTo("6"));
        var resent = back.Send("35=2|7=3|16=5").Inbox();
        Assert.That(resent.Select(m => (Field(m, 11), Field(m, 150))), Is.EqualTo(new[] { ("second", "0"), ("first", "F"), ("second", "F") }));
    }

    [Test]
    public void A_reset_logon_begins_both_sequences_again_and_survives_a_restart()
    {
        var client = LoggedOn("CLIENT1");
        client.Order("a", "buy", "1", "50000");
        client.Drop();
        var again = _venue.Connect("CLIENT1").Logon("141=Y");
        Assert.That(again.Inbox().Single(), Does.StartWith("35=A|34=1|").And.Contain("141=Y"));
        again.Drop();
        _venue.Restart();
        var after = _venue.Connect("CLIENT1");
        after.NextOut = 2;
        after.Logon();
        Assert.That(after.Inbox().Single(), Does.StartWith("35=A|34=2|"));
        Assert.That(after.Send("35=2|7=1|16=0").Inbox().Single(), Does.StartWith("35=4|34=1|").And.Contain("|36=3"), "nothing before the reset is resent");
    }

    [Test]
    public void New_orders_are_refused_while_the_journal_is_behind_and_cancels_are_not()
    {
        var client = LoggedOn("CLIENT1");
        client.Order("a", "buy", "1", "50000").Inbox();
        _venue.Core.Gateway.IsCongested = true;
        client.Send("35=D|11=b|55=BTC-USD|54=1|60=now|38=1|40=2|44=50000|59=1", drain: false);
        Assert.That(client.Inbox().Single(), Does.StartWith("35=j|").And.Contain("379=b|380=4|58=BUSY"));
        _venue.Core.Gateway.IsCongested = true;
        client.Send("35=F|11=c|41=a|55=BTC-USD|54=1|60=now", drain: true);
        Assert.That(client.Inbox().Single(), Does.Contain("|11=c|41=a|").And.Contain("|150=4|39=4|"));
    }

    [Test]
    public void The_book_is_shown_at_once_and_again_when_it_has_changed()
    {
        var watcher = LoggedOn("CLIENT3");
        var trader = LoggedOn("CLIENT1");
        trader.Order("a", "buy", "1", "49999").Order("b", "buy", "2", "50000").Order("c", "sell", "3", "50001");
        Assert.That(watcher.Send("35=V|262=w|263=1|264=1|265=0|267=3|269=0|269=1|269=2|146=1|55=BTC-USD").Inbox().Single(),
            Does.Match(@"^35=W\|34=2\|262=w\|55=BTC-USD\|8020=\d+\|268=2\|269=0\|270=50000.00\|271=2.00000\|290=1\|269=1\|270=50001.00\|271=3.00000\|290=1$"));
        Poll(200);
        Assert.That(watcher.Inbox(), Is.Empty, "nothing changed");
        trader.Order("d", "sell", "0.5", "50000");
        Poll(400);
        Assert.That(watcher.Inbox().Single(), Does.Contain("269=0|270=50000.00|271=1.50000|290=1").And.EndWith("269=2|270=50000.00|271=0.50000"));
        watcher.Send("35=V|262=w|263=2|264=1|267=2|269=0|269=1|146=1|55=BTC-USD");
        trader.Order("e", "sell", "0.5", "50000");
        Poll(600);
        Assert.That(watcher.Inbox(), Is.Empty, "not subscribed any more");

        void Poll(int ms) => _venue.Core.Gateway.Poll(_venue.NowNs + ms * 1_000_000L);
    }

    [TestCase("35=V|262=w|263=1|264=1|265=0|267=1|269=0|146=1|55=XRP-USD", "281=0")]
    [TestCase("35=V|262=w|263=1|264=-1|265=0|267=1|269=0|146=1|55=BTC-USD", "281=5")]
    public void A_market_data_request_that_cannot_be_served_is_refused(string request, string expected) =>
        Assert.That(LoggedOn("CLIENT3").Send(request).Inbox().Single(), Does.StartWith("35=Y|").And.Contain("262=w|" + expected));

    [Test]
    public void The_security_list_says_what_trades_here() =>
        Assert.That(LoggedOn("CLIENT3").Send("35=x|320=r|559=4").Inbox().Single(),
            Does.StartWith("35=y|").And.Contain("|320=r|322=r|560=0|146=4|55=BTC-USD|15=USD|561=0.00001|562=0.00001|1140=1000.00000|969=0.01|55=ETH-USD|"));

    [Test]
    public void From_bytes_to_bytes_nothing_is_allocated()
    {
        var seller = LoggedOn("CLIENT1");
        var buyer = LoggedOn("CLIENT2");
        var messages = new List<(CoreHarness.Peer Peer, byte[] Bytes)>();
        for (var i = 0; i < 3000; i++)
        {
            messages.Add((seller, seller.Encode($"35=D|11=s{i}|55=BTC-USD|54=2|60=now|38=1|40=2|44={50000 + i % 7}.01|59=1")));
            messages.Add((buyer, buyer.Encode($"35=D|11=b{i}|55=BTC-USD|54=1|60=now|38=0.5|40=2|44={50000 + i % 7}.01|59=1")));
            messages.Add((buyer, buyer.Encode($"35=F|11=c{i}|41=b{i}|55=BTC-USD|54=1|60=now")));
            messages.Add((seller, seller.Encode($"35=G|11=r{i}|41=s{i}|55=BTC-USD|54=2|60=now|38=0.8|40=2|44=50009.00|59=1")));
            messages.Add((seller, seller.Encode($"35=H|11=r{i}|55=BTC-USD|54=2")));
        }
        foreach (var (peer, bytes) in messages.Take(5000)) Pass(peer, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var (peer, bytes) in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(messages)[5000..]) Pass(peer, bytes);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(allocated, Is.Zero);
        Assert.That(seller.NextOut + buyer.NextOut, Is.EqualTo(15_004));

        void Pass(CoreHarness.Peer peer, byte[] bytes)
        {
            peer.Bytes(bytes);
            _venue.Core.Drain();
            foreach (var connection in _venue.Core.Gateway.Dirty) connection.Output.Taken(connection.Output.Count);
            _venue.Core.Gateway.ClearDirty();
        }
    }
}
