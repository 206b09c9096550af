using System.Text;
using Venue.Fix;

namespace Venue.Tests.Fix;

/// <summary>Messages as people read them.</summary>
public sealed class MessageTextTests
{
    private static readonly byte[] Order = Wire.Frame("35=D|49=CLIENT1|56=VENUE|34=7|52=20261122-12:00:00.123|11=a|55=BTC-USD|54=1|60=20261122-12:00:00|38=1.5|40=2|44=50000|18=6 G|453=1|448=x|447=D|452=1|58=end");

    [Test]
    public void One_line_with_names_and_meanings() => Assert.That(new MessageText(Wire.Dictionary).Wide(Order), Is.EqualTo(
        "20261122-12:00:00.123 CLIENT1 -> VENUE 7 NewOrderSingle(D) ClOrdID=a Symbol=BTC-USD Side=1(BUY) TransactTime=20261122-12:00:00 OrderQty=1.5 OrdType=2(LIMIT) Price=50000 "
        + "ExecInst=6 G(PARTICIPATE_DONT_INITIATE ALL_OR_NONE) NoPartyIDs=1 PartyID=x PartyIDSource=D PartyRole=1 Text=end"));

    [Test]
    public void One_field_in_each_line_and_groups_indented() => Assert.That(new MessageText(Wire.Dictionary).Tall(Order), Does.StartWith(
        "20261122-12:00:00.123 CLIENT1 -> VENUE 7 NewOrderSingle(D)\n      11  ClOrdID                  a\n")
        .And.Contain("\n     453  NoPartyIDs               1\n       448  PartyID                  x\n")
        .And.EndsWith("\n      58  Text                     end\n"));

    [Test]
    public void No_credential_is_shown()
    {
        var logon = Wire.Frame("35=A|49=CLIENT1|56=VENUE|34=1|52=20261122-12:00:00|98=0|108=30|95=7|96=s|cret!|553=me|554=secret");
        var text = new MessageText(Wire.Dictionary);
        foreach (var shown in (string[])[text.Wide(logon), text.Tall(logon), text.Wide(logon.AsSpan(0, logon.Length - 1))])
            Assert.That(shown, Does.Contain("***").And.Not.Contain("cret"));
    }

    [TestCase("554=secret|58=x|", "554=***|58=x|")]
    [TestCase("95=6|96=a|b|96|58=x|", "95=6|96=***|58=x|")]
    [TestCase("96=abc|58=x|", "96=***|58=x|")]
    [TestCase("95=999|96=abc|58=x|", "95=999|96=***")]
    [TestCase("95=1|96=abc|58=x|", "95=1|96=***|58=x|")]
    [TestCase("925=new|554=|", "925=***|554=|")]
    [TestCase("noise|=|554|5541=x", "noise|=|554|5541=x")]
    [TestCase("", "")]
    public void Secrets_are_taken_out_of_any_bytes(string bytes, string expected)
    {
        var message = Wire.Bytes(bytes);
        var to = new byte[Redaction.MaxLength(message.Length)];
        Assert.That(Encoding.Latin1.GetString(to.AsSpan(0, Redaction.Write(message, to, (byte)'|'))), Is.EqualTo(expected));
    }

    [Test]
    public void Random_bytes_never_need_more_room_than_said()
    {
        var random = new Random(20261122);
        var alphabet = Wire.Bytes("0123456789=||||9596554x");
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(40)];
            for (var j = 0; j < bytes.Length; j++) bytes[j] = alphabet[random.Next(alphabet.Length)];
            var to = new byte[Redaction.MaxLength(bytes.Length)];
            Assert.That(() => Redaction.Write(bytes, to, (byte)'|'), Throws.Nothing, Wire.Text(bytes));
        }
    }
}
