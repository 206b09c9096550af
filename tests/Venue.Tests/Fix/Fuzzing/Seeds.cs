using System.Text;

namespace Venue.Tests.Fix.Fuzzing;

/// <summary>What the fuzzer begins with: something of each kind, so that it need not find the format itself.</summary>
internal static class Seeds
{
    /// <summary>Messages that reach groups within groups, data fields, every type of value.</summary>
    public static readonly string[] Bodies =
    [
        "35=D|49=THEM|56=US|34=2|52=20261122-12:00:00.123|11=a|453=2|448=x|447=D|452=1|448=y|802=2|523=z|803=1|523=w|55=BTC-USD|54=1|60=20261122-12:00:00|38=1.5|40=2|44=50000.10|59=1|18=6 G|354=5|355=a|b=c|93=3|89=x|y",
        "35=G|49=THEM|56=US|34=3|43=Y|122=20261122-11:59:59|52=20261122-12:00:00|41=a|11=b|1=acc|21=1|55=BTC-USD|54=2|60=20261122-12:00:00.000001|38=2|40=1|58=text",
        "35=V|49=THEM|56=US|34=2|52=20261122-12:00:00|262=r|263=1|264=0|265=0|267=2|269=0|269=1|146=2|55=BTC-USD|55=ETH-USD",
        "35=i|49=THEM|56=US|34=2|52=20261122-12:00:00|117=q|301=2|296=2|302=s|304=2|295=2|299=1|55=BTC-USD|132=49990|133=50010|134=1|135=2|299=2|55=ETH-USD|62=20261122-12:30:00|302=t|304=1|295=1|299=1|55=BTC-USDC|133=50010.5|135=1",
        "35=R|49=THEM|56=US|34=2|52=20261122-12:00:00|131=r|146=1|55=BTC-USD|54=1|38=0.5|126=20261122-12:10:00|453=1|448=x|447=D|452=1",
        "35=Z|49=THEM|56=US|34=2|52=20261122-12:00:00|117=q|298=1|295=2|55=BTC-USD|55=ETH-USD",
        "35=A|49=THEM|56=US|34=1|627=1|628=h|629=20261122-12:00:00|630=7|52=20261122-12:00:00|98=0|108=30|95=4|96=a|b||141=Y|553=u|554=p",
        "35=2|49=THEM|56=US|34=2|52=20261122-12:00:00|7=1|16=0",
        "35=4|49=THEM|56=US|34=2|52=20261122-12:00:00|123=Y|36=9",
        "35=8|49=THEM|56=US|34=2|52=20261122-12:00:00|37=1|17=2|150=F|39=1|55=BTC-USD|54=1|151=1|14=1|6=50000|136=1|137=-0.5|138=USD|139=4",
    ];

    /// <summary>What stands between fields and in them.</summary>
    public const string MessageWords = "| = 453= 448= 55= 0 - . 8=FIX.4.4| 9=5| 35=0| 10=000| 59=1| 802=1| 34= 43=Y| 355= 9999=x| || \u00ff 2147483648 99999999999999999999 00000001 20261122-12:00:00|";

    public static IEnumerable<byte[]> Messages => Bodies.SelectMany(body => new[] { Bytes("\u0001" + body), [0, .. Wire.Frame(body)] });

    /// <summary>Lives of sessions, in the form of <see cref="FuzzedSession"/>.</summary>
    public static IEnumerable<byte[]> Lives => new[]
    {
        "m35=A|34=1|98=0|108=30~n35=1|112=a~n35=0~kkdn35=2|7=1|16=0~~n35=5~",
        "m35=A|34=1|98=0|108=30|141=Y~n35=D|11=a|55=BTC-USD|54=1|60=20261122-12:00:00|38=1|40=2|44=1~m35=0|34=9~m35=4|34=3|43=Y|123=Y|36=10~",
        "m35=A|34=5|98=0|108=30|789=1~kkkzm35=A|34=1|98=0|108=30|141=Y~cm35=A|34=2|98=0|108=30~o",
        "m35=A|34=1|98=0|108=1~\u007f\u007f\u007fn35=4|36=50~n35=3|45=2|373=5~r8=FIX.4.4|9=5|35=0|10=000|~",
        "kkkm35=A|34=1|98=0|108=30~n35=2|7=1|16=0~n35=1|112=a~n35=1|112=b~n35=2|7=1|16=2~kd\u0001\u0001\u0001",
    }.SelectMany(life => Enumerable.Range(0, 8).Select(bit => Bytes((char)(1 << bit) + life.Replace('~', '\0'))));

    public const string LifeWords = "| = \0n35=0\0 \0m35=A|34=1|98=0|108=30\0 n35=1|112=x\0 n35=2|7=1|16=0\0 m35=2|34=9|7=2|16=5\0 n35=4|123=Y|36=9\0 m35=4|34=3|36=20\0 n35=5\0 k d c o z \u007f |43=Y|122=20261122-11:00:00 |141=Y |789=2 |34=2 0 9 2147483647";

    /// <summary>A small dictionary with one of everything.</summary>
    public static IEnumerable<byte[]> Dictionaries => [Bytes("""
        <fix type="FIX" major="4" minor="4">
        <header><field name="BeginString" required="Y"/><field name="BodyLength" required="Y"/><field name="MsgType" required="Y"/><group name="NoHops" required="N"><field name="HopID" required="N"/></group></header>
        <trailer><field name="CheckSum" required="Y"/></trailer>
        <messages>
        <message name="Heartbeat" msgtype="0" msgcat="admin"><field name="TestReqID" required="N"/></message>
        <message name="Order" msgtype="D" msgcat="app"><component name="Parties" required="Y"/><field name="RawDataLength" required="N"/><field name="RawData" required="N"/><field name="Side" required="Y"/></message>
        </messages>
        <components>
        <component name="Parties"><group name="NoParties" required="N"><field name="PartyID" required="Y"/><component name="Sub" required="N"/></group></component>
        <component name="Sub"><group name="NoSubs" required="N"><field name="SubID" required="N"/></group></component>
        </components>
        <fields>
        <field number="8" name="BeginString" type="STRING"/><field number="9" name="BodyLength" type="LENGTH"/><field number="35" name="MsgType" type="STRING"/><field number="10" name="CheckSum" type="STRING"/>
        <field number="627" name="NoHops" type="NUMINGROUP"/><field number="628" name="HopID" type="STRING"/><field number="112" name="TestReqID" type="STRING"/>
        <field number="453" name="NoParties" type="NUMINGROUP"/><field number="448" name="PartyID" type="STRING"/><field number="802" name="NoSubs" type="NUMINGROUP"/><field number="523" name="SubID" type="STRING"/>
        <field number="95" name="RawDataLength" type="LENGTH"/><field number="96" name="RawData" type="DATA"/>
        <field number="54" name="Side" type="CHAR"><value enum="1" description="BUY"/><value enum="2" description="SELL"/></field>
        </fields>
        </fix>
        """)];

    public const string DictionaryWords = "< > /> \" = <field_ <group_ <component_ <message_ </group> </component> name= number= type= required= msgtype= msgcat= enum= \"Y\" \"Parties\" \"Sub\" \"RawData\" \"99999\" \"0\" <!DOCTYPE &lt; &#0; <![CDATA[ ]]> <!-- --> <?xml";

    public static IEnumerable<byte[]> Settings => [Bytes("""
        # a comment
        [DEFAULT]
        ConnectionType=initiator
        BeginString=FIX.4.4
        SocketConnectHost=127.0.0.1
        SocketConnectPort=9878
        HeartBtInt=30
        StartTime=08:00:00
        EndTime=17:00:00
        StartDay=Monday
        EndDay=Friday
        TimeZone=Europe/Zurich
        [SESSION]
        SenderCompID=A
        TargetCompID=B
        ResetOnLogon=Y
        TimestampPrecision=6
        """), Bytes("[SESSION]\nSenderCompID=A\nTargetCompID=B\nConnectionType=acceptor\nStartTime=23:00:00\nEndTime=01:00:00\nWeekdays=Mon,Tue\nUseLocalTime=Y\n")];

    public const string SettingsWords = "[ ] = # \n [DEFAULT]\n [SESSION]\n StartTime= EndTime= StartDay= EndDay= Weekdays= TimeZone= UseLocalTime=Y NonStopSession=Y 00:00:00 24:00:00 Sunday Mon, UTC ../../etc/passwd HeartBtInt= MaxLatency= ResendWindowBytes= -1 99999999999 \u00ff";

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text.Replace('|', '\u0001'));
}
