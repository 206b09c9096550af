using static Venue.Tests.Fix.ScriptedSession;

namespace Venue.Tests.Fix;

/// <summary>What differs when we connect: the first Logon is ours.</summary>
public sealed class InitiatorTests
{
    [Test]
    public void Sends_its_logon_with_credentials_and_is_active_after_the_answer() => Initiator("""
        out 35=A|34=1|98=0|108=10|553=me|554=secret
        state LogonSent
        in 35=A|34=1|98=0|108=10
        logon
        state Active
        next in 2 out 2
        """, settings => settings with { HeartBtIntSeconds = 10, Username = "me", Password = "secret" });

    [Test]
    public void Starts_over_with_every_logon_when_set_to() => new ScriptedSession(s => s with { ResetOnLogon = true }, initiator: true, new Venue.Fix.MemoryStore { NextIn = 5, NextOut = 7 }).Run("""
        connect
        out 35=A|34=1|98=0|108=30|141=Y
        in 35=A|34=1|98=0|108=30|141=Y
        logon
        next in 2 out 2
        """);

    [Test]
    public void Follows_an_acceptor_that_starts_over_by_itself() => new ScriptedSession(initiator: true, store: new Venue.Fix.MemoryStore { NextIn = 5, NextOut = 7 }).Run("""
        connect
        out 35=A|34=7|98=0|108=30
        in 35=A|34=1|98=0|108=30|141=Y
        logon
        next in 2 out 1
        """);

    [Test]
    public void Keeps_its_first_number_when_the_acceptor_starts_over() => new ScriptedSession(initiator: true, store: new Venue.Fix.MemoryStore { NextIn = 5 }).Run("""
        connect
        out 35=A|34=1|98=0|108=30
        in 35=A|34=1|98=0|108=30|141=Y
        logon
        next in 2 out 2
        """);

    [Test]
    public void Closes_when_the_answer_does_not_come() => Initiator("""
        out 35=A|34=1|98=0|108=30
        wait 10s
        close no Logon
        """);

    [Test]
    public void Closes_when_the_logon_is_refused_and_says_why() => Initiator("""
        out 35=A|34=1|98=0|108=30
        in 35=5|34=1|58=unknown user
        close Logon refused: unknown user
        next in 2 out 2
        """);

    [Test]
    public void Closes_when_something_else_is_answered() => Initiator("""
        out 35=A|34=1|98=0|108=30
        in 35=0|34=1
        close not a Logon
        """);

    [Test]
    public void Closes_when_another_firm_answers() => Initiator("""
        out 35=A|34=1|98=0|108=30
        in 35=A|49=OTHER|34=1|98=0|108=30
        close wrong CompIDs
        """);

    [Test]
    public void Logs_out_when_the_answer_is_below_the_expected_number() => new ScriptedSession(initiator: true, store: new Venue.Fix.MemoryStore { NextIn = 5 }).Run("""
        connect
        out 35=A|34=1|98=0|108=30
        in 35=A|34=4|98=0|108=30
        out 35=5|34=2|58=MsgSeqNum too low, expecting 5 but received 4
        close too low
        """);

    [Test]
    public void Asks_for_what_it_missed_when_the_answer_is_above_the_expected_number() => Initiator("""
        out 35=A|34=1|98=0|108=30
        in 35=A|34=4|98=0|108=30
        out 35=2|34=2|7=1|16=0
        logon
        in 35=8|34=1|43=Y|122=20261122-11:00:00|37=1|17=1|150=0|39=0|55=BTC-USD|54=1|151=1|14=0|6=0
        app 8 1
        in 35=4|34=2|43=Y|123=Y|36=5
        next in 5 out 3
        """);

    [Test]
    public void Sends_what_was_ended_before_the_answer_right_after_it() => Initiator("""
        out 35=A|34=1|98=0|108=30
        send keep 35=D|11=a
        send drop 35=D|11=b
        send keep 35=D|11=c
        next in 1 out 4
        in 35=A|34=1|98=0|108=30
        out 35=D|34=2|43=Y|122=20261122-12:00:00.000|11=a
        out 35=D|34=3|43=Y|122=20261122-12:00:00.000|11=c
        logon
        send keep 35=D|11=d
        out 35=D|34=4|11=d
        """);

    [Test]
    public void Resends_what_was_ended_while_there_was_no_connection() => new ScriptedSession(initiator: true).Run("""
        send keep 35=D|11=a
        send drop 35=D|11=b
        next in 1 out 2
        wait 5s
        connect
        out 35=A|34=2|98=0|108=30
        in 35=A|34=1|98=0|108=30
        logon
        in 35=2|34=2|7=1|16=0
        out 35=D|34=1|43=Y|122=20261122-12:00:00.000|11=a
        out 35=4|34=2|43=Y|122=*|123=Y|36=3
        next in 3 out 3
        """);
}
