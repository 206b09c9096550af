namespace Venue.Tests.Gateway;

/// <summary>MassQuote (i), Quote (S), QuoteCancel (Z) and QuoteStatusRequest (a) over FIX.</summary>
public class QuoteTests
{
    private const string Sessions = """
        [SESSION]
        TargetCompID=LP
        Kind=LiquidityProvider
        Firm=ALPHA
        Quoting.ETH-USD=fills 1 window 1000
        """;

    private CoreHarness _venue = null!;

    [SetUp]
    public void Start() => _venue = new CoreHarness(more: Sessions);

    [TearDown]
    public void Stop() => _venue.Dispose();

    private const string Both = "302=s|304=2|295=2|299=1|55=BTC-USD|132=49990|133=50010|134=1|135=2|299=2|55=ETH-USD|132=2990|133=3010|134=3|135=4";

    //       message                                                                                                  answer; nothing for none
    [TestCase("35=i|117=q|301=2|296=1|" + Both, "35=b|34=2|117=q|297=0|301=2")]
    [TestCase("35=i|117=q|296=1|" + Both, "")]
    [TestCase("35=i|117=q|301=0|296=1|302=s|304=1|295=1|299=1|55=XRP-USD|132=1|134=1", "")]
    [TestCase("35=i|117=q|301=1|296=1|302=s|304=1|295=1|299=1|55=XRP-USD|132=1|134=1", "35=b|34=2|117=q|297=5|300=1|301=1|58=SYMBOL|Symbol(55) is not an instrument of this venue|296=1|302=s|304=1|295=1|299=1|368=1")]
    [TestCase("35=i|117=q|296=1|302=s|304=2|295=2|299=1|55=BTC-USD|132=50010|133=50010|134=1|135=2|299=2|55=ETH-USD|132=2990|134=3", "35=b|34=2|117=q|297=0|301=1|58=CROSSED|The bid is at or above the offer|296=1|302=s|304=1|295=1|299=1|55=BTC-USD|368=7")]
    [TestCase("35=i|117=q|296=2|302=s|304=1|295=1|299=1|55=BTC-USD|132=49990.123|134=1|302=t|304=1|295=1|299=1|55=BTC-USD|132=49990|134=0.000001", "35=b|34=2|117=q|297=5|300=8|301=1|58=TICK|Price(44) is not a multiple of the tick size|296=2|302=s|304=1|295=1|299=1|55=BTC-USD|368=8|302=t|304=1|295=1|299=1|55=BTC-USD|368=99")]
    [TestCase("35=i|117=q|301=2|293=1|294=2|296=1|302=s|304=1|295=1|299=1|55=BTC-USD|132=49990|133=50010", "35=b|34=2|117=q|297=0|301=2")]
    [TestCase("35=i|117=q|301=2|9773=Y", "35=b|34=2|117=q|297=0|301=2")]
    [TestCase("35=i|117=q|301=2", "35=j|34=2|45=2|372=i|379=q|380=5|58=A MassQuote has 1 to 1000 entries, or none with MMProtectionReset(9773)=Y")]
    [TestCase("35=i|117=q|296=1|302=s|304=1|295=1|299=1234567890123456|55=BTC-USD|132=49990|134=1", "35=3|34=2|45=2|371=299|372=i|373=5|58=QuoteSetID(302) and QuoteEntryID(299) have 1 to 15 characters")]
    [TestCase("35=S|117=q|301=2|55=BTC-USD|132=49990|134=1", "35=AI|34=2|117=q|55=BTC-USD|60=now|297=0")]
    [TestCase("35=S|117=q|55=BTC-USD|132=49990|133=1|134=1|135=1", "35=AI|34=2|117=q|55=BTC-USD|60=now|297=5|58=BAND|Price(44) is outside the price band")]
    [TestCase("35=Z|117=q|298=4", "35=AI|34=2|117=q|55=[N/A]|60=now|297=4")]
    [TestCase("35=Z|117=q|298=1|295=1|55=BTC-USD", "35=AI|34=2|117=q|55=BTC-USD|60=now|297=9|58=UNKNOWNQUOTE|There is no such quote")]
    [TestCase("35=Z|117=q|298=1", "35=j|34=2|45=2|372=Z|379=q|380=5|58=NoQuoteEntries(295) with Symbol(55) is required for QuoteCancelType(298) 1, at most 1000")]
    [TestCase("35=Z|117=q|298=5", "35=AI|34=2|117=q|55=[N/A]|60=now|297=9|58=UNKNOWNQUOTE|There is no such quote")]
    [TestCase("35=a|649=r|55=BTC-USD", "35=AI|34=2|649=r|117=NONE|55=BTC-USD|60=now|297=9|58=UNKNOWNQUOTE|There is no such quote")]
    public void A_message_is_answered(string message, string answer)
    {
        var peer = Provider();
        Assert.That(string.Join('\n', peer.Send(message).Inbox()), Is.EqualTo(answer.Replace("60=now", "60=20261122-12:00:00.000")));
    }

    [Test]
    public void A_fill_names_the_message_and_the_entry()
    {
        var peer = Provider();
        peer.Send("35=i|117=q7|296=1|" + Both).Inbox();
        var client = _venue.Connect("CLIENT2").Logon();
        client.Inbox();
        client.Order("o", "sell", "0.4", "49990").Inbox();
        var fill = peer.Inbox().Single();
        Assert.That(fill, Does.StartWith("35=8|").And.Contain("|11=q7|117=q7|526=1|").And.Contain("|150=F|39=1|55=BTC-USD|54=1|38=1.00000|").And.Contain("|151=0.60000|14=0.40000|").And.Not.Contain("|41="));
        Assert.That(peer.Send("35=a|649=r|55=BTC-USD|117=q7").Inbox().Single(), Does.Contain("|649=r|117=q7|55=BTC-USD|132=49990.00|133=50010.00|134=0.60000|135=2.00000|").And.Contain("|297=8"));
    }

    [Test]
    public void A_protection_tells_what_it_pulled_and_takes_quotes_again_when_it_is_asked()
    {
        var peer = Provider();
        peer.Send("35=i|117=q1|296=1|" + Both).Inbox();
        var client = _venue.Connect("CLIENT2").Logon();
        client.Inbox();
        client.Order("o", "sell", "1", "2990", symbol: "ETH-USD").Inbox();
        var told = peer.Inbox();
        Assert.That(told.Select(m => m.Split("|34=")[0]), Is.EqualTo(new[] { "35=8", "35=AI", "35=8", "35=8" }));
        Assert.That(told[1], Does.Contain("|117=NONE|55=ETH-USD|").And.Contain("|297=6|58=PROTECTION|"));
        Assert.That(told[2..], Has.All.Contains("|150=4|39=4|").And.All.Contains("|117=q1|526=2|").And.All.Contains("58=PROTECTION|"));
        var quote = "35=i|117=q2|301=2|296=1|302=s|304=1|295=1|299=2|55=ETH-USD|132=2990|134=3";
        Assert.That(peer.Send(quote).Inbox().Single(), Does.Contain("|297=5|300=99|301=2|58=PROTECTED|").And.Contain("|368=99"));
        Assert.That(peer.Send(quote.Replace("301=2", "301=2|9773=Y")).Inbox().Single(), Does.Contain("|297=0|"));
    }

    [TestCase("298=1|295=1|55=BTC-USD", "ETH-USD"), TestCase("298=4", ""), TestCase("298=5", "BTC-USD")]
    public void A_cancel_pulls_what_it_names(string cancel, string left)
    {
        var peer = Provider();
        peer.Send("35=i|117=q1|296=1|302=s|304=1|295=1|299=1|55=BTC-USD|132=49990|133=50010|134=1|135=2").Send("35=i|117=q2|296=1|302=s|304=1|295=1|299=1|55=ETH-USD|132=2990|133=3010|134=1|135=2").Inbox();
        peer.Send("35=Z|117=q2|" + cancel).Inbox();
        var symbols = new[] { "BTC-USD", "ETH-USD" }.Where(symbol => peer.Send($"35=a|55={symbol}").Inbox().Single().Contains("|297=8"));
        Assert.That(string.Join(' ', symbols), Is.EqualTo(left));
    }

    [Test]
    public void Nobody_but_a_provider_may_quote()
    {
        var client = _venue.Connect("CLIENT1").Logon();
        client.Inbox();
        foreach (var message in new[] { "35=i|117=q|296=1|" + Both, "35=S|117=q|55=BTC-USD|132=1|134=1", "35=Z|117=q|298=4", "35=a|55=BTC-USD" })
            Assert.That(client.Send(message).Inbox().Single(), Does.StartWith("35=j|").And.Contain("|380=6|58=RIGHTS|"));
    }

    [Test]
    public void Quotes_survive_a_crash_and_what_was_not_told_is_told()
    {
        var peer = Provider();
        peer.Send("35=i|117=q1|296=1|302=s|304=2|295=2|299=1|55=BTC-USD|132=49990|133=50010|134=1|135=2|299=9|55=ETH-USD|132=3010|133=3010|134=1|135=2").Inbox();
        var commands = _venue.Records().Where(record => record.Kind == Venue.Sequencer.RecordKind.Command).ToList();
        _venue.CutAfterCommandAt(commands[^1].Position);
        Assert.That(_venue.Untold, Is.EqualTo(1));
        peer = _venue.Connect("LP");
        peer.NextOut = 3;
        var told = peer.Logon().Send("35=2|7=2|16=0").Inbox();
        Assert.That(told, Has.Some.Contains("|117=q1|297=0|301=1|58=CROSSED|").And.Some.Contains("|299=9|55=ETH-USD|368=7"));
        Assert.That(peer.Send("35=a|55=BTC-USD").Inbox()[^1], Does.Contain("|117=q1|").And.Contain("|134=1.00000|135=2.00000|"));
    }

    [TestCase(1, 3), TestCase(2, 1)]
    public void A_message_that_a_crash_cut_in_two_counts_as_never_received(int fromEnd, int nextIn)
    {
        var peer = Provider();
        peer.Send("35=i|117=q1|296=1|" + Both).Inbox();
        var commands = _venue.Records().Where(record => record.Kind == Venue.Sequencer.RecordKind.Command).ToList();
        _venue.CutAfterCommandAt(commands[^fromEnd].Position);
        Assert.That(_venue.Core.Gateway.Clients.Single(client => client.ClientCompID == "LP").NextIn, Is.EqualTo(nextIn));
    }

    [Test]
    public void From_bytes_to_bytes_a_mass_quote_allocates_nothing()
    {
        var peer = Provider();
        var messages = new List<byte[]>();
        for (var i = 0; i < 2400; i++)
        {
            var (bid, ask) = (49000 + i % 90, 49100 + i % 70);
            messages.Add(peer.Encode($"35=i|117=q{i}|301=2|296=1|302=s|304=3|295=3|299=1|55=BTC-USD|132={bid}|133={ask}|134=1|135=2|299=2|55=BTC-USDC|132={bid}|133={ask}|134=0|135=2|299=3|55=XRP-USD|132=1|133=2|134=3|135=4"));
        }
        foreach (var bytes in messages.Take(1200)) Pass(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var bytes in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(messages)[1200..]) Pass(bytes);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(allocated, Is.Zero);
        Assert.That(peer.NextOut, Is.EqualTo(2402));
        Assert.That(string.Join('\n', peer.Send("35=a|55=BTC-USD").Inbox()), Does.Contain("|117=q2399|55=BTC-USD|"), peer.Connection.CloseReason);

        void Pass(byte[] bytes)
        {
            peer.Bytes(bytes);
            _venue.Core.Drain();
            foreach (var connection in _venue.Core.Gateway.Dirty) connection.Output.Taken(connection.Output.Count);
            _venue.Core.Gateway.ClearDirty();
        }
    }

    private CoreHarness.Peer Provider()
    {
        var peer = _venue.Connect("LP").Logon();
        peer.Inbox();
        return peer;
    }
}
