using System.Globalization;
using System.Text;
using Venue.Fix;

namespace Venue.Tests.Fix;

/// <summary>What each setting of QuickFIX that loosens or tightens the session changes.</summary>
public sealed class RulesTests
{
    private const string Order = "11=a|55=BTC-USD|54=1|60=20261122-12:00:00|38=1|40=1";

    [TestCase(Validation.Default, "0 9001", "0 2000", "2 262", "4 58", "14 43", "-")]
    [TestCase(Validation.Default & ~Validation.UserDefinedFields, "-", "0 2000", "2 262", "4 58", "14 43", "-")]
    [TestCase(Validation.Default & ~Validation.UnknownMsgFields, "0 9001", "-", "-", "4 58", "14 43", "-")]
    [TestCase(Validation.Default & ~Validation.FieldsHaveValues, "0 9001", "0 2000", "2 262", "-", "14 43", "-")]
    [TestCase(Validation.Default & ~Validation.FieldsOutOfOrder, "0 9001", "0 2000", "2 262", "4 58", "-", "-")]
    [TestCase(Validation.Default | Validation.UnorderedGroupFields, "0 9001", "0 2000", "2 262", "4 58", "14 43", "15 447")]
    public void Each_rule_stands_for_itself(Validation rules, string userTag, string newTag, string otherMessage, string empty, string header, string groupOrder)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Fault(rules, Order + "|9001=x"), Is.EqualTo(userTag));
            Assert.That(Fault(rules, Order + "|2000=x"), Is.EqualTo(newTag));
            Assert.That(Fault(rules, Order + "|262=x"), Is.EqualTo(otherMessage));
            Assert.That(Fault(rules, Order + "|58="), Is.EqualTo(empty));
            Assert.That(Fault(rules, Order + "|43=N"), Is.EqualTo(header));
            Assert.That(Fault(rules, Order + "|453=1|448=x|452=1|447=D"), Is.EqualTo(groupOrder));
        }
    }

    [TestCase("11=a|55=BTC-USD|54=1|60=20261122-12:00:00|38=1|49=THEM|56=US|34=2|52=20261122-12:00:00|40=1", "-")]
    [TestCase("11=a|55=BTC-USD|54=1|60=20261122-12:00:00|38=1|49=THEM|56=US|34=2|40=1", "1 52")]
    [TestCase("11=a|55=BTC-USD|54=1|60=20261122-12:00:00|38=1|49=THEM|56=US|34=2|52=20261122-12:00:00", "1 40")]
    [TestCase("11=a|49=THEM|11=b|56=US|34=2|52=20261122-12:00:00|55=BTC-USD|54=1|60=20261122-12:00:00|38=1|40=1", "13 11")]
    [TestCase("49=THEM|56=US|34=2|52=20261122-12:00:00|93=1|89=x|11=a|55=BTC-USD|54=1|60=20261122-12:00:00|38=1|40=1", "-")]
    public void Without_an_order_everything_else_is_still_looked_at(string fields, string expected) =>
        Assert.That(ValidationTests.Fault("35=D|" + fields, Validation.Default & ~Validation.FieldsOutOfOrder), Is.EqualTo(expected));

    [Test]
    public void A_field_that_nobody_knows_ends_the_group_before_it()
    {
        const Validation Rules = Validation.Default & ~Validation.UserDefinedFields;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Fault(Rules, Order + "|453=1|448=x|447=D|9001=x|58=y"), Is.EqualTo("-"));
            Assert.That(Fault(Rules, Order + "|453=2|448=x|9001=x|448=y"), Is.EqualTo("16 453"));
            Assert.That(Fault(Rules, "9001=x|" + Order), Is.EqualTo("-"));
            Assert.That(Fault(Rules, Order + "|9001=x|9001=y"), Is.EqualTo("-"));
            Assert.That(Fault(Rules, Order + "|0=y"), Is.EqualTo("0 0"));
        }
    }

    [Test]
    public void CheckCompID_off_takes_any_names() => ScriptedSession.Acceptor("""
        in 35=A|49=OTHER|34=1|98=0|108=30
        out 35=A|34=1|98=0|108=30
        logon
        in 35=0|49=ANOTHER|34=2
        next in 3 out 2
        """, s => s with { CheckCompID = false });

    [Test]
    public void RequiresOrigSendingTime_off_takes_a_duplicate_that_does_not_say_when() => ScriptedSession.Active($"""
        in 35=D|34=2|{Order}
        app D 2
        in 35=D|34=2|43=Y|{Order}
        next in 3 out 2
        """, s => s with { RequiresOrigSendingTime = false });

    [Test]
    public void SendRedundantResendRequests_asks_with_every_message_above_the_gap() => ScriptedSession.Active("""
        in 35=0|34=4
        out 35=2|34=2|7=2|16=0
        in 35=0|34=5
        out 35=2|34=3|7=2|16=0
        """, s => s with { SendRedundantResendRequests = true });

    [Test]
    public void SendRedundantResendRequests_asks_eight_times_for_one_gap_and_again_after_a_while()
    {
        var script = new StringBuilder();
        for (var n = 4; n < 12; n++) script.Append(CultureInfo.InvariantCulture, $"in 35=0|34={n}\nout 35=2|34={n - 2}|7=2|16=0\n");
        script.Append("in 35=0|34=12\nin 35=0|34=13\nnext in 2 out 10\n");
        // What fills the gap also begins the count anew.
        script.Append("in 35=4|34=2|43=Y|123=Y|36=14\nin 35=0|34=16\nout 35=2|34=10|7=14|16=0\nin 35=0|34=17\nout 35=2|34=11|7=14|16=0\n");
        ScriptedSession.Active(script.ToString(), s => s with { SendRedundantResendRequests = true });
    }

    [Test]
    public void ClosedResendInterval_names_the_end_and_asks_for_what_came_meanwhile() => ScriptedSession.Active("""
        in 35=0|34=4
        out 35=2|34=2|7=2|16=4
        in 35=0|34=5
        in 35=4|34=2|43=Y|123=Y|36=5
        out 35=2|34=3|7=5|16=5
        in 35=4|34=5|43=Y|123=Y|36=6
        in 35=0|34=6
        next in 7 out 4
        """, s => s with { ClosedResendInterval = true });

    [Test]
    public void MaxMessagesInResendRequest_asks_in_parts() => ScriptedSession.Active("""
        in 35=0|34=10
        out 35=2|34=2|7=2|16=4
        in 35=4|34=2|43=Y|123=Y|36=5
        out 35=2|34=3|7=5|16=7
        in 35=4|34=5|43=Y|123=Y|36=8
        out 35=2|34=4|7=8|16=0
        in 35=4|34=8|43=Y|123=Y|36=11
        in 35=0|34=11
        next in 12 out 5
        """, s => s with { MaxMessagesInResendRequest = 3 });

    [Test]
    public void PersistMessages_off_fills_every_gap() => ScriptedSession.Active("""
        send keep 35=8|11=a
        out 35=8|34=2|11=a
        in 35=2|34=2|7=1|16=0
        out 35=4|34=1|43=Y|122=*|123=Y|36=3
        """, s => s with { PersistMessages = false });

    [Test]
    public void EnableLastMsgSeqNumProcessed_tells_how_far_it_has_come() => ScriptedSession.Acceptor("""
        in 35=A|34=1|98=0|108=30
        out 35=A|34=1|369=0|98=0|108=30
        logon
        in 35=0|34=2
        in 35=1|34=3|112=x
        out 35=0|34=2|369=3|112=x
        """, s => s with { EnableLastMsgSeqNumProcessed = true });

    [Test]
    public void SubIDs_and_LocationIDs_go_into_the_header() => ScriptedSession.Acceptor("""
        in 35=A|34=1|98=0|108=30
        out 35=A|50=desk|142=NY|57=algo|143=LD|34=1|98=0|108=30
        logon
        """, s => s with { SenderSubID = "desk", SenderLocationID = "NY", TargetSubID = "algo", TargetLocationID = "LD" });

    [Test]
    public void SendLogoutBeforeDisconnectFromTimeout_says_goodbye() => ScriptedSession.Active("""
        wait 36s
        out 35=1|34=2|112=*
        wait 30s
        out 35=0|34=3
        wait 6s
        out 35=5|34=4|58=peer is silent
        logout silent
        """, s => s with { SendLogoutBeforeDisconnectFromTimeout = true });

    [Test]
    public void RefreshOnLogon_reads_the_numbers_again()
    {
        var store = new MemoryStore();
        var session = new ScriptedSession(s => s with { RefreshOnLogon = true }, store: store);
        store.NextIn = 5;
        store.NextOut = 7;
        session.Run("""
            connect
            in 35=A|34=5|98=0|108=30
            out 35=A|34=7|98=0|108=30
            logon
            """);
    }

    [Test]
    public void Two_sides_that_both_miss_something_are_both_served() => ScriptedSession.Active($"""
        send keep 35=8|11=a
        out 35=8|34=2|11=a
        in 35=2|34=4|7=1|16=0
        out 35=4|34=1|43=Y|122=*|123=Y|36=2
        out 35=8|34=2|43=Y|122=20261122-12:00:00.000|11=a
        out 35=2|34=3|7=2|16=0
        in 35=D|34=2|43=Y|122=20261122-12:00:00|{Order}
        app D 2
        in 35=4|34=3|43=Y|123=Y|36=5
        send keep 35=8|11=b
        out 35=8|34=4|11=b
        next in 5 out 5
        """);

    [Test]
    public void A_possible_resend_is_handed_over_with_its_flag() => ScriptedSession.Active($"""
        in 35=D|34=2|97=Y|{Order}
        app D 2 resend
        in 35=D|34=3|97=N|{Order}
        app D 3
        """);

    [Test]
    public void Garbled_bytes_messages_in_and_messages_out_are_logged()
    {
        var log = new Lines();
        var session = new ScriptedSession();
        session.Session.Log = log;
        session.Run("""
            connect
            in 35=A|34=1|98=0|108=30
            out 35=A|34=1|98=0|108=30
            logon
            raw noise
            in 35=1|34=2|112=x
            out 35=0|34=2|112=x
            """);
        session.Session.Log = null;
        session.Run("in 35=0|34=3");
        Assert.That(log.Text, Is.EqualTo(new[] { "In A", "Out A", "Garbled noise", "In 1", "Out 0" }));
    }

    private static string Fault(Validation rules, string body) =>
        ValidationTests.Fault("35=D|49=THEM|56=US|34=2|52=20261122-12:00:00|" + body, rules);

    private sealed class Lines : IMessageLog
    {
        public List<string> Text { get; } = [];

        public void Add(Session session, LogDirection direction, ReadOnlySpan<byte> bytes, long nowNs)
        {
            Assert.That((session.Settings.SenderCompID, nowNs), Is.EqualTo(("US", Wire.Noon)));
            var text = Wire.Text(bytes);
            var type = text.IndexOf("|35=", StringComparison.Ordinal);
            Text.Add($"{direction} {(type < 0 ? text : text[(type + 4)..(type + 5)])}");
        }
    }
}
