using System.Text;
using Venue.Fix;

namespace Venue.Tests.Fix;

/// <summary>What is wrong with a message, by the venue's dictionary: SessionRejectReason(373) and RefTagID(371).</summary>
public sealed class ValidationTests
{
    private const string Good = "35=D|49=THEM|56=US|34=2|52=20261122-12:00:00|11=a|55=BTC-USD|54=1|60=20261122-12:00:00.123456789|38=1.5|40=2|44=50000|59=1";

    // Each row changes the good message by one replacement; "-" is a good one.
    [TestCase("44=50000", "44=50000.10", "-")]
    [TestCase("44=50000", "44=-00050000.", "-")]
    [TestCase("44=50000", "44=.5", "-")]
    [TestCase("59=1", "59=1|18=6 G", "-")]
    [TestCase("59=1", "59=1|453=2|448=x|447=D|452=1|448=y|802=1|523=z|803=1", "-")]
    [TestCase("59=1", "59=1|453=2|448=x|452=1|447=D|448=y", "-")]
    [TestCase("59=1", "59=1|453=0", "-")]
    [TestCase("59=1", "59=1|354=5|355=a|b=c", "-")]
    [TestCase("59=1", "59=1|93=3|89=||||", "-")]
    [TestCase("34=2", "627=1|628=HOP|34=2", "-")]
    [TestCase("59=1", "59=1|9999=x", "0 9999")]
    [TestCase("59=1", "59=1|0=x", "0 0")]
    [TestCase("59=1", "59=1|059=x", "0 0")]
    [TestCase("59=1", "59=1|no tag", "17 59")]
    [TestCase("59=1", "59=1||", "17 59")]
    [TestCase("59=1", "59=1|99999999=x", "0 0")]
    [TestCase("|11=a", "", "1 11")]
    [TestCase("|55=BTC-USD", "", "1 55")]
    [TestCase("|52=20261122-12:00:00|", "|", "1 52")]
    [TestCase("59=1", "59=1|262=x", "2 262")]
    [TestCase("59=1", "59=", "4 59")]
    [TestCase("59=1", "59=9", "5 59")]
    [TestCase("59=1", "59=11", "6 59")]
    [TestCase("40=2", "40=5", "5 40")]
    [TestCase("54=1", "54=5", "5 54")]
    [TestCase("59=1", "59=1|18=6 Z", "5 18")]
    [TestCase("59=1", "59=1|18=6  G", "6 18")]
    [TestCase("38=1.5", "38=1,5", "6 38")]
    [TestCase("38=1.5", "38=1.5.1", "6 38")]
    [TestCase("38=1.5", "38=1e5", "6 38")]
    [TestCase("38=1.5", "38=+1", "6 38")]
    [TestCase("38=1.5", "38=-", "6 38")]
    [TestCase("38=1.5", "38=.", "6 38")]
    [TestCase("60=20261122-12:00:00.123456789", "60=20261122-24:00:00", "6 60")]
    [TestCase("60=20261122-12:00:00.123456789", "60=20260229-12:00:00", "6 60")]
    [TestCase("60=20261122-12:00:00.123456789", "60=20261122-12:00:00.", "6 60")]
    [TestCase("60=20261122-12:00:00.123456789", "60=20261122", "6 60")]
    [TestCase("34=2", "34=2|43=T", "6 43")]
    [TestCase("59=1", "59=1|581=1x", "6 581")]
    [TestCase("59=1", "59=1|354=4|355=a|b=c", "6 355")]
    [TestCase("59=1", "59=1|59=1", "13 59")]
    [TestCase("34=2", "34=2|34=2", "13 34")]
    [TestCase("59=1", "59=1|453=1|448=x|447=D|447=D", "13 447")]
    [TestCase("59=1", "59=1|43=N", "14 43")]
    [TestCase("59=1", "93=1|89=x|59=1", "14 59")]
    [TestCase("59=1", "59=1|453=1|447=D|448=x", "15 447")]
    [TestCase("59=1", "59=1|453=2|448=x|447=D", "16 453")]
    [TestCase("59=1", "59=1|453=1|448=x|448=y", "16 453")]
    [TestCase("59=1", "59=1|453=1", "16 453")]
    [TestCase("59=1", "59=1|453=0|448=x", "16 453")]
    [TestCase("59=1", "59=1|453=1|448=x|802=2|523=y", "16 802")]
    public void A_new_order_with(string part, string instead, string expected) => Assert.That(Fault(Good.Replace(part, instead)), Is.EqualTo(expected));

    [TestCase("35=V|49=THEM|56=US|34=2|52=20261122-12:00:00|262=r|263=1|264=0|267=2|269=0|269=1|146=1|55=BTC-USD", "-")]
    [TestCase("35=V|49=THEM|56=US|34=2|52=20261122-12:00:00|262=r|263=1|264=0|267=2|269=0|269=9|146=1|55=BTC-USD", "5 269")]
    [TestCase("35=V|49=THEM|56=US|34=2|52=20261122-12:00:00|262=r|263=1|264=0|267=1|269=0|146=0", "-")]
    [TestCase("35=V|49=THEM|56=US|34=2|52=20261122-12:00:00|262=r|263=1|264=0|267=1|269=0", "1 146")]
    [TestCase("35=A|49=THEM|56=US|34=2|52=20261122-12:00:00|98=0|108=30|95=3|96=||||", "-")]
    [TestCase("35=1|49=THEM|56=US|34=2|52=20261122-12:00:00", "1 112")]
    public void Another_message(string body, string expected) => Assert.That(Fault(body), Is.EqualTo(expected));

    [Test]
    public void Finds_fields_at_their_level_only()
    {
        var table = Read("35=D|49=T|56=U|34=2|52=20261122-12:00:00|11=a|55=X|54=1|60=20261122-12:00:00|38=1|40=1|453=2|448=p|452=1|802=2|523=s|803=1|523=t|448=q|452=3|58=end", out var bytes);
        Assert.That(new Validator(Wire.Dictionary).Check(table, bytes, Wire.Dictionary.Message("D"u8)!, out _), Is.True);
        var message = new Message(bytes, table);
        var text = new StringBuilder();
        foreach (var party in message.Groups(453))
        {
            party.TryGet(448, out var id);
            party.TryGetInt(452, out var role);
            text.Append(Encoding.ASCII.GetString(id)).Append(role).Append('(');
            foreach (var sub in party.Groups(802))
                if (sub.TryGet(523, out var subID)) text.Append(Encoding.ASCII.GetString(subID)).Append(sub.TryGet(803, out _) ? "+" : "-");
            text.Append(')');
        }
        using (Assert.EnterMultipleScope())
        {
            Assert.That(text.ToString(), Is.EqualTo("p1(s+t-)q3()"));
            Assert.That(message.TryGet(448, out _), Is.False);
            Assert.That(message.TryGet(58, out var end) ? Encoding.ASCII.GetString(end) : "", Is.EqualTo("end"));
        }
    }

    internal static string Fault(string body, Validation rules = Validation.Default)
    {
        var table = Read(body, out var bytes);
        var message = new Message(bytes, table);
        var definition = Wire.Dictionary.Message(message.MsgType)!;
        return new Validator(Wire.Dictionary, rules).Check(table, bytes, definition, out var fault) ? "-" : $"{fault.Reason} {fault.Tag}";
    }

    private static FieldTable Read(string body, out byte[] bytes)
    {
        bytes = Wire.Frame(body);
        var table = new FieldTable();
        Assert.That(table.Read(bytes, Wire.Dictionary), Is.True);
        return table;
    }
}
