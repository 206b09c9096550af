using Venue.Fix;

namespace Venue.Tests.Fix;

/// <summary>NextExpectedMsgSeqNum(789) on the Logons: both sides resend without being asked.</summary>
public sealed class NextExpectedTests
{
    private static SessionSettings On(SessionSettings settings) => settings with { EnableNextExpectedMsgSeqNum = true };

    [Test]
    public void The_acceptor_says_what_it_expects_after_the_logon() => ScriptedSession.Acceptor("""
        in 35=A|34=1|98=0|108=30|789=1
        out 35=A|34=1|98=0|108=30|789=2
        logon
        next in 2 out 2
        """, On);

    [Test]
    public void The_acceptor_resends_what_the_client_misses() => Between("""
        send keep 35=8|11=a
        out 35=8|34=2|11=a
        drop
        connect
        in 35=A|34=2|98=0|108=30|789=2
        out 35=A|34=3|98=0|108=30|789=3
        out 35=8|34=2|43=Y|122=20261122-12:00:00.000|11=a
        out 35=4|34=3|43=Y|122=*|123=Y|36=4
        logon
        in 35=0|34=3
        next in 4 out 4
        """);

    [Test]
    public void A_gap_in_front_of_the_clients_logon_is_awaited_and_the_logon_counts_behind_it() => Between("""
        drop
        connect
        in 35=A|34=5|98=0|108=30|789=2
        out 35=A|34=2|98=0|108=30|789=2
        logon
        next in 2 out 3
        in 35=4|34=2|43=Y|123=Y|36=5
        next in 6 out 3
        in 35=0|34=6
        next in 7 out 3
        """);

    [Test]
    public void The_resend_may_cover_the_clients_logon_too() => Between("""
        drop
        connect
        in 35=A|34=5|98=0|108=30|789=2
        out 35=A|34=2|98=0|108=30|789=2
        logon
        in 35=4|34=2|43=Y|123=Y|36=6
        in 35=4|34=5|43=Y|123=Y|36=6
        in 35=0|34=6
        next in 7 out 3
        """);

    [Test]
    public void Asks_after_all_when_the_resend_does_not_come() => Between("""
        drop
        connect
        in 35=A|34=5|98=0|108=30|789=2
        out 35=A|34=2|98=0|108=30|789=2
        logon
        in 35=0|34=6
        wait 29s
        wait 1s
        out 35=0|34=3
        in 35=0|34=7
        out 35=2|34=4|7=2|16=0
        """);

    [Test]
    public void Logs_out_when_the_client_expects_what_was_never_sent() => ScriptedSession.Acceptor("""
        in 35=A|34=1|98=0|108=30|789=9
        out 35=5|34=1|58=NextExpectedMsgSeqNum(789) too high, expecting 1 but received 9
        close too high
        """, On);

    [Test]
    public void Falls_back_to_asking_when_the_client_does_not_send_it() => ScriptedSession.Acceptor("""
        in 35=A|34=3|98=0|108=30
        out 35=A|34=1|98=0|108=30|789=1
        out 35=2|34=2|7=1|16=0
        logon
        """, On);

    [Test]
    public void The_initiator_resends_what_the_venue_misses_and_what_was_held() => new ScriptedSession(On, initiator: true).Run("""
        send keep 35=D|11=a
        connect
        out 35=A|34=2|98=0|108=30|789=1
        send keep 35=D|11=b
        in 35=A|34=1|98=0|108=30|789=1
        out 35=D|34=1|43=Y|122=20261122-12:00:00.000|11=a
        out 35=4|34=2|43=Y|122=*|123=Y|36=3
        out 35=D|34=3|43=Y|122=20261122-12:00:00.000|11=b
        logon
        next in 2 out 4
        """);

    [Test]
    public void The_initiator_logs_out_when_the_venue_expects_too_much() => ScriptedSession.Initiator("""
        out 35=A|34=1|98=0|108=30|789=1
        in 35=A|34=1|98=0|108=30|789=3
        out 35=5|34=2|58=NextExpectedMsgSeqNum(789) too high, expecting 2 but received 3
        close too high
        """, On);

    [Test]
    public void Both_ends_agree_after_each_lost_something()
    {
        var venue = new MemoryStore { NextIn = 4, NextOut = 9 };
        new ScriptedSession(On, store: venue).Run("""
            connect
            in 35=A|34=7|98=0|108=30|789=5
            out 35=A|34=9|98=0|108=30|789=4
            out 35=4|34=5|43=Y|122=*|123=Y|36=10
            logon
            in 35=4|34=4|43=Y|123=Y|36=7
            next in 8 out 10
            """);
    }

    // After a first connection: both numbers are 2.
    private static void Between(string script) => ScriptedSession.Acceptor("""
        in 35=A|34=1|98=0|108=30|789=1
        out 35=A|34=1|98=0|108=30|789=2
        logon
        """ + "\n" + script.Replace("drop", "drop\nlogout socket closed"), settings => On(settings));
}
