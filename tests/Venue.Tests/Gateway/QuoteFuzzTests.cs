using System.Text;

namespace Venue.Tests.Gateway;

/// <summary>Messages about quotes with fields changed, doubled, cut and moved at random: the venue answers or keeps silent, and its books stay sound.</summary>
public class QuoteFuzzTests
{
    private static readonly string[] Seeds =
    [
        "35=i|117=q1|301=2|9773=Y|293=1|294=2|296=2|302=s|367=20261122-13:00:00|304=2|295=2|299=1|55=BTC-USD|132=49990|133=50010|134=1|135=2|62=20261122-12:30:00|299=2|55=ETH-USD|132=2990|133=3010|134=3|302=t|304=1|295=1|299=1|55=BTC-USDC|133=50010.5|135=1",
        "35=S|117=q2|301=2|55=BTC-USD|132=49990|133=50010|134=1|135=2|62=20261122-12:30:00",
        "35=S|117=q3|131=R10|55=BTC-USD|132=49990|133=50010|134=1|135=2",
        "35=Z|117=q1|298=1|301=2|295=2|55=BTC-USD|55=ETH-USD",
        "35=Z|117=q1|298=5",
        "35=a|649=r|117=q1|55=BTC-USD",
        "35=AH|644=w|146=2|55=BTC-USD|55=ETH-USD|263=1",
        "35=R|131=r|146=1|55=BTC-USD|54=1|38=0.5|126=20261122-12:10:00|453=1|448=x|447=D|452=1",
        "35=AG|131=R10|658=10|146=1|55=BTC-USD|58=no",
        "35=AI|693=H12|117=mine|55=BTC-USD|297=5|300=8|58=moved",
        "35=AJ|693=x|117=Q9|694=1|11=h|55=BTC-USD|54=1|38=0.5|44=50010",
        "35=D|11=h2|55=BTC-USD|54=1|60=now|38=0.5|40=D|117=Q9",
    ];

    private static readonly string[] Values = ["", "0", "-1", "1", "4", "5", "9", "99999999999999999999", "0.00000000000000000001", "BTC-USD", "XRP", "R", "Q", "R0", "Q-1", "H", "H1", "Y", "20261122-11:00:00", "20991231-23:59:59.999999999", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "\u00ff"];

    [TestCase(1UL), TestCase(2UL), TestCase(3UL)]
    public void Whatever_stands_in_a_message_about_quotes_the_venue_goes_on(ulong seed)
    {
        using var venue = new CoreHarness(more: "[SESSION]\nTargetCompID=LP\nKind=LiquidityProvider\nFirm=ALPHA\nLastLookMs=200\nQuoting.BTC-USD=fills 3 window 1000 size 0.1 spread 1\n", segmentBytes: 64 << 20);
        var random = new Engine.SplitMix(seed);
        var peer = venue.Connect("LP").Logon();
        var (answers, refusals) = (0, 0);
        for (var i = 0; i < 1500; i++)
        {
            venue.NowNs += random.Below(5) * 100_000_000L;
            var fields = Seeds[random.Below(Seeds.Length)].Split('|').ToList();
            for (var change = random.Below(4); change > 0; change--) Change(fields, random);
            var told = peer.Send(string.Join('|', fields)).Inbox();
            answers += told.Length;
            refusals += told.Count(m => m.StartsWith("35=3|", StringComparison.Ordinal) || m.StartsWith("35=j|", StringComparison.Ordinal));
            if (peer.Connection.CloseReason is null) continue;
            // A session may end for what it was sent; the venue may not.
            peer.Drop();
            venue.Core.Drain();
            peer = venue.Connect("LP");
            peer.Logon("141=Y").Inbox();
        }
        venue.Core.CheckEngine();
        Assert.That(answers, Is.GreaterThan(500));
        Assert.That(refusals, Is.GreaterThan(50));
    }

    private static void Change(List<string> fields, Engine.SplitMix random)
    {
        // The type stays: it says which decoder is meant.
        var at = 1 + random.Below(fields.Count - 1);
        var other = 1 + random.Below(fields.Count - 1);
        switch (random.Below(5))
        {
            case 0: fields[at] = fields[at].Split('=')[0] + "=" + Values[random.Below(Values.Length)]; break;
            case 1: fields.Insert(at, fields[other]); break;
            case 2 when fields.Count > 2: fields.RemoveAt(at); break;
            case 3: (fields[at], fields[other]) = (fields[other], fields[at]); break;
            default:
                var text = new StringBuilder(fields[at]);
                text[random.Below(text.Length)] = (char)(33 + random.Below(90));
                fields[at] = text.ToString().Replace('|', '=');
                break;
        }
    }
}
