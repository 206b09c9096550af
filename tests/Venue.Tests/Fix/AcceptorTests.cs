using static Venue.Tests.Fix.ScriptedSession;

namespace Venue.Tests.Fix;

/// <summary>Logon, Logout and time limits of an acceptor.</summary>
public sealed class AcceptorTests
{
    [Test]
    public void Answers_a_logon_with_the_clients_heartbeat_interval() => Acceptor("""
        state AwaitingLogon
        in 35=A|34=1|98=0|108=17
        out 35=A|34=1|98=0|108=17
        logon
        state Active
        next in 2 out 2
        stored in 2 out 2
        """);

    [Test]
    public void Closes_when_the_first_message_is_not_a_logon() => Acceptor("""
        in 35=0|34=1
        close not a Logon
        next in 1 out 1
        """);

    [Test]
    public void Closes_without_an_answer_when_the_names_are_wrong() => Acceptor("""
        in 35=A|49=OTHER|34=1|98=0|108=30
        close wrong CompIDs
        next in 1 out 1
        """);

    [Test]
    public void Refuses_encryption() => Acceptor("""
        in 35=A|34=1|98=1|108=30
        out 35=5|34=1|58=Value is incorrect (out of range) for this tag: EncryptMethod(98)
        close EncryptMethod(98)
        next in 1 out 2
        """);

    [Test]
    public void Refuses_a_logon_without_a_heartbeat_interval() => Acceptor("""
        in 35=A|34=1|98=0
        out 35=5|34=1|58=Required tag missing: HeartBtInt(108)
        close HeartBtInt(108)
        """);

    [Test]
    public void Refuses_a_heartbeat_interval_outside_of_its_limits() => Acceptor("""
        in 35=A|34=1|98=0|108=4
        out 35=5|34=1|58=HeartBtInt(108) must be 5 to 60
        close HeartBtInt(108)
        """, settings => settings with { HeartBtIntMinSeconds = 5, HeartBtIntMaxSeconds = 60 });

    [Test]
    public void Refuses_a_logon_from_another_time() => Acceptor("""
        in 35=A|34=1|52=20261122-11:57:59|98=0|108=30
        out 35=5|34=1|58=SendingTime accuracy problem
        close SendingTime
        """);

    [Test]
    public void Takes_a_logon_from_another_time_when_told_not_to_check() => Acceptor("""
        in 35=A|34=1|52=20251122-11:57:59|98=0|108=30
        out 35=A|34=1|98=0|108=30
        logon
        """, settings => settings with { CheckLatency = false });

    [Test]
    public void Asks_the_owner_before_anything_is_reset() => new ScriptedSession(store: new Venue.Fix.MemoryStore { NextIn = 5, NextOut = 7 }) { Refusal = "wrong password" }.Run("""
        connect
        in 35=A|34=1|98=0|108=30|141=Y
        out 35=5|34=7|58=wrong password
        close wrong password
        next in 5 out 8
        """);

    [Test]
    public void Resets_both_numbers_when_the_client_asks() => new ScriptedSession(store: new Venue.Fix.MemoryStore { NextIn = 5, NextOut = 7 }).Run("""
        connect
        in 35=A|34=1|98=0|108=30|141=Y
        out 35=A|34=1|98=0|108=30|141=Y
        logon
        next in 2 out 2
        stored in 2 out 2
        """);

    [Test]
    public void Resets_both_numbers_at_every_logon_when_set_to() => new ScriptedSession(s => s with { ResetOnLogon = true }, store: new Venue.Fix.MemoryStore { NextIn = 5, NextOut = 7 }).Run("""
        connect
        in 35=A|34=1|98=0|108=30
        out 35=A|34=1|98=0|108=30|141=Y
        logon
        next in 2 out 2
        """);

    [Test]
    public void Resets_both_numbers_in_the_middle_of_a_session() => Active("""
        in 35=0|34=2
        in 35=A|34=1|98=0|108=30|141=Y
        out 35=A|34=1|98=0|108=30|141=Y
        next in 2 out 2
        in 35=0|34=2
        next in 3 out 2
        """);

    [Test]
    public void Continues_the_numbers_of_the_day_before() => new ScriptedSession(store: new Venue.Fix.MemoryStore { NextIn = 5, NextOut = 7 }).Run("""
        connect
        in 35=A|34=5|98=0|108=30
        out 35=A|34=7|98=0|108=30
        logon
        next in 6 out 8
        """);

    [Test]
    public void Answers_a_logon_above_the_expected_number_then_asks_for_the_gap() => new ScriptedSession(store: new Venue.Fix.MemoryStore { NextIn = 5, NextOut = 7 }).Run("""
        connect
        in 35=A|34=9|98=0|108=30
        out 35=A|34=7|98=0|108=30
        out 35=2|34=8|7=5|16=0
        logon
        next in 5 out 9
        in 35=4|34=5|43=Y|123=Y|36=10
        next in 10 out 9
        """);

    [Test]
    public void Refuses_a_logon_below_the_expected_number() => new ScriptedSession(store: new Venue.Fix.MemoryStore { NextIn = 5, NextOut = 7 }).Run("""
        connect
        in 35=A|34=4|98=0|108=30
        out 35=5|34=7|58=MsgSeqNum too low, expecting 5 but received 4
        close MsgSeqNum too low
        next in 5 out 8
        """);

    [Test]
    public void Closes_when_no_logon_comes() => Acceptor("""
        wait 9s
        state AwaitingLogon
        wait 1s
        close no Logon
        """);

    [Test]
    public void Answers_a_logout_and_closes() => Active("""
        in 35=5|34=2|58=bye
        out 35=5|34=2
        logout bye
        close peer logged out: bye
        next in 3 out 3
        """);

    [Test]
    public void Answers_a_logout_above_the_expected_number_without_counting_it() => Active("""
        in 35=5|34=7
        out 35=5|34=2
        logout peer logged out
        close peer logged out
        next in 2 out 3
        """);

    [Test]
    public void Waits_for_the_answer_to_its_logout_and_handles_what_comes_before_it() => Active("""
        ask end of day
        out 35=5|34=2|58=end of day
        state LogoutSent
        in 35=D|34=2|11=a|55=BTC-USD|54=1|60=20261122-12:00:00|38=1|40=1
        app D 2
        in 35=5|34=3
        logout logged out
        close logged out
        next in 4 out 3
        """);

    [Test]
    public void Closes_when_its_logout_is_not_answered() => Active("""
        ask end of day
        out 35=5|34=2|58=end of day
        wait 2s
        logout no answer
        close no answer to Logout
        """);

    [Test]
    public void Starts_over_after_a_logout_when_set_to() => Acceptor("""
        in 35=A|34=1|98=0|108=30
        out 35=A|34=1|98=0|108=30|141=Y
        logon
        in 35=5|34=2
        out 35=5|34=2
        logout peer
        next in 1 out 1
        stored in 1 out 1
        """, settings => settings with { ResetOnLogout = true });

    [Test]
    public void Starts_over_after_a_disconnect_when_set_to() => Acceptor("""
        in 35=A|34=1|98=0|108=30
        out 35=A|34=1|98=0|108=30|141=Y
        logon
        drop
        logout socket closed
        state Disconnected
        next in 1 out 1
        """, settings => settings with { ResetOnDisconnect = true });

    [Test]
    public void Tells_a_lost_socket_once_and_keeps_the_numbers() => Active("""
        in 35=0|34=2
        drop
        logout socket closed
        drop
        next in 3 out 2
        connect
        in 35=A|34=3|98=0|108=30
        out 35=A|34=2|98=0|108=30
        logon
        """);

    [Test]
    public void Handles_nothing_after_the_end() => Active("""
        in 35=5|34=2
        out 35=5|34=2
        logout peer
        in 35=1|34=3|112=x
        next in 3 out 3
        """);
}
