using static Venue.Tests.Fix.ScriptedSession;

namespace Venue.Tests.Fix;

/// <summary>Gaps, duplicates, resends, resets, heartbeats: FIX 4.4 vol 2 and its session test cases.</summary>
public sealed class SequenceTests
{
    private const string Order = "11=a|55=BTC-USD|54=1|60=20261122-12:00:00|38=1|40=1";

    [Test]
    public void Sends_a_heartbeat_after_an_interval_without_sending() => Active("""
        wait 29999ms
        wait 1ms
        out 35=0|34=2
        in 35=0|34=2
        wait 29999ms
        wait 1ms
        out 35=0|34=3
        """);

    [Test]
    public void Asks_a_silent_peer_and_closes_when_it_stays_silent() => Active("""
        wait 30s
        out 35=0|34=2
        wait 6s
        out 35=1|34=3|112=20261122-12:00:36.000
        wait 30s
        out 35=0|34=4
        wait 5999ms
        state Active
        wait 1ms
        logout silent
        close peer is silent
        """);

    [Test]
    public void Stays_when_the_silent_peer_answers() => Active("""
        wait 36s
        out 35=1|34=2|112=20261122-12:00:36.000
        in 35=0|34=2|112=20261122-12:00:36.000
        wait 30s
        out 35=0|34=3
        state Active
        """);

    [Test]
    public void Sends_no_heartbeats_when_the_interval_is_0() => Acceptor("""
        in 35=A|34=1|98=0|108=0
        out 35=A|34=1|98=0|108=0
        logon
        wait 3600s
        state Active
        """, settings => settings with { HeartBtIntMinSeconds = 0 });

    [Test]
    public void Answers_a_test_request_with_its_id() => Active("""
        in 35=1|34=2|112=are you there
        out 35=0|34=2|112=are you there
        next in 3 out 3
        """);

    [Test]
    public void Asks_once_for_a_gap_and_takes_everything_from_it_on() => Active($"""
        in 35=D|34=4|{Order}
        out 35=2|34=2|7=2|16=0
        in 35=D|34=5|{Order}
        in 35=D|34=2|43=Y|122=20261122-12:00:00|{Order}
        app D 2
        in 35=4|34=3|43=Y|123=Y|36=4
        in 35=D|34=4|43=Y|122=20261122-12:00:00|{Order}
        app D 4
        in 35=D|34=5|43=Y|122=20261122-12:00:00|{Order}
        app D 5
        in 35=D|34=6|{Order}
        app D 6
        in 35=D|34=8|{Order}
        out 35=2|34=3|7=7|16=0
        next in 7 out 4
        """);

    [Test]
    public void Asks_again_when_the_resend_does_not_come() => Active($"""
        in 35=D|34=4|{Order}
        out 35=2|34=2|7=2|16=0
        wait 9s
        in 35=D|34=5|{Order}
        wait 1s
        in 35=D|34=6|{Order}
        out 35=2|34=3|7=2|16=0
        """, settings => settings with { ResendTimeoutSeconds = 10 });

    [Test]
    public void Answers_a_test_request_and_a_resend_request_above_a_gap() => Active("""
        in 35=1|34=4|112=x
        out 35=0|34=2|112=x
        out 35=2|34=3|7=2|16=0
        in 35=2|34=5|7=1|16=0
        out 35=4|34=1|43=Y|122=*|123=Y|36=4
        next in 2 out 4
        """);

    [Test]
    public void Logs_out_when_a_number_comes_again_without_the_flag() => Active("""
        in 35=0|34=2
        in 35=0|34=2
        out 35=5|34=2|58=MsgSeqNum too low, expecting 3 but received 2
        logout too low
        close too low
        """);

    [Test]
    public void Ignores_a_number_that_comes_again_with_the_flag() => Active($"""
        in 35=D|34=2|{Order}
        app D 2
        in 35=D|34=2|43=Y|122=20261122-12:00:00|{Order}
        next in 3 out 2
        """);

    [Test]
    public void Rejects_a_duplicate_that_does_not_say_when_it_was_sent_first() => Active($"""
        in 35=D|34=2|{Order}
        app D 2
        in 35=D|34=2|43=Y|{Order}
        out 35=3|34=2|45=2|371=122|372=D|373=1|58=Required tag missing
        next in 3 out 3
        """);

    [Test]
    public void Refuses_a_duplicate_first_sent_after_it_was_sent() => Active($"""
        in 35=D|34=2|43=Y|122=20261122-12:00:01|{Order}
        out 35=3|34=2|45=2|371=52|372=D|373=10|58=SendingTime accuracy problem
        out 35=5|34=3|58=SendingTime accuracy problem
        state LogoutSent
        next in 3 out 4
        """);

    [Test]
    public void Resends_kept_messages_and_fills_the_rest() => Active("""
        send keep 35=8|11=a
        out 35=8|34=2|11=a
        send drop 35=W|55=x
        out 35=W|34=3|55=x
        wait 30s
        out 35=0|34=4
        send keep 35=8|11=b
        out 35=8|34=5|11=b
        wait 1s
        in 35=2|34=2|7=1|16=0
        out 35=4|34=1|43=Y|122=20261122-12:00:31.000|123=Y|36=2
        out 35=8|34=2|43=Y|122=20261122-12:00:00.000|11=a
        out 35=4|34=3|43=Y|122=20261122-12:00:31.000|123=Y|36=5
        out 35=8|34=5|43=Y|122=20261122-12:00:30.000|11=b
        next in 3 out 6
        """);

    [Test]
    public void Resends_only_what_is_asked_for() => Active("""
        send keep 35=8|11=a
        out 35=8|34=2|11=a
        send keep 35=8|11=b
        out 35=8|34=3|11=b
        send keep 35=8|11=c
        out 35=8|34=4|11=c
        in 35=2|34=2|7=3|16=3
        out 35=8|34=3|43=Y|122=20261122-12:00:00.000|11=b
        in 35=2|34=3|7=4|16=999999
        out 35=8|34=4|43=Y|122=20261122-12:00:00.000|11=c
        in 35=2|34=4|7=5|16=0
        """);

    [Test]
    public void Rejects_a_resend_request_whose_end_is_before_its_begin() => Active("""
        in 35=2|34=2|7=3|16=2
        out 35=3|34=2|45=2|371=16|372=2|373=5|58=Value is incorrect (out of range) for this tag
        in 35=2|34=3|7=0|16=2
        out 35=3|34=3|45=3|371=7|372=2|373=5|58=Value is incorrect (out of range) for this tag
        next in 4 out 4
        """);

    [Test]
    public void Pauses_a_resend_at_the_window_and_keeps_new_messages_behind_it() => Active("""
        send keep 35=8|11=a
        out 35=8|34=2|11=a
        send keep 35=8|11=b
        out 35=8|34=3|11=b
        in 35=2|34=2|7=2|16=0
        out 35=8|34=2|43=Y|122=20261122-12:00:00.000|11=a
        send keep 35=8|11=c
        send drop 35=W|55=x
        next in 3 out 5
        wait 1ms
        out 35=8|34=3|43=Y|122=20261122-12:00:00.000|11=b
        wait 1ms
        out 35=8|34=4|43=Y|122=20261122-12:00:00.000|11=c
        wait 1ms
        send drop 35=W|55=x
        out 35=W|34=5|55=x
        """, settings => settings with { ResendWindowBytes = 1 });

    [Test]
    public void Answers_a_test_request_that_comes_during_a_resend_right_behind_it() => Active("""
        send keep 35=8|11=a
        out 35=8|34=2|11=a
        send keep 35=8|11=b
        out 35=8|34=3|11=b
        in 35=2|34=2|7=2|16=0
        out 35=8|34=2|43=Y|122=20261122-12:00:00.000|11=a
        in 35=1|34=3|112=one
        in 35=1|34=4|112=two
        send keep 35=8|11=c
        wait 1ms
        out 35=8|34=3|43=Y|122=20261122-12:00:00.000|11=b
        wait 1ms
        out 35=8|34=4|43=Y|122=20261122-12:00:00.000|11=c
        wait 1ms
        out 35=0|34=5|112=one
        out 35=0|34=6|112=two
        in 35=1|34=5|112=three
        out 35=0|34=7|112=three
        """, settings => settings with { ResendWindowBytes = 1 });

    [Test]
    public void Test_requests_beyond_a_kilobyte_are_answered_at_once()
    {
        var id = new string('x', 250);
        Active($"""
            send keep 35=8|11=a
            out 35=8|34=2|11=a
            in 35=2|34=2|7=2|16=0
            out 35=8|34=2|43=Y|122=20261122-12:00:00.000|11=a
            in 35=1|34=3|112=1{id}
            in 35=1|34=4|112=2{id}
            in 35=1|34=5|112=3{id}
            in 35=1|34=6|112=4{id}
            in 35=1|34=7|112=5{id}
            out 35=0|34=3|112=5{id}
            wait 1ms
            out 35=4|34=3|43=Y|122=20261122-12:00:00.001|123=Y|36=4
            wait 1ms
            out 35=0|34=4|112=1{id}
            out 35=0|34=5|112=2{id}
            out 35=0|34=6|112=3{id}
            out 35=0|34=7|112=4{id}
            """, settings => settings with { ResendWindowBytes = 1 });
    }

    [Test]
    public void A_request_that_is_repeated_while_it_is_answered_is_answered_once() => Active("""
        send keep 35=8|11=a
        out 35=8|34=2|11=a
        send keep 35=8|11=b
        out 35=8|34=3|11=b
        in 35=2|34=2|7=2|16=0
        out 35=8|34=2|43=Y|122=20261122-12:00:00.000|11=a
        in 35=2|34=3|7=2|16=0
        out 35=8|34=3|43=Y|122=20261122-12:00:00.000|11=b
        in 35=2|34=4|7=2|16=0
        in 35=2|34=5|7=2|16=0
        out 35=8|34=2|43=Y|122=20261122-12:00:00.000|11=a
        in 35=2|34=6|7=3|16=0
        out 35=8|34=3|43=Y|122=20261122-12:00:00.000|11=b
        """, settings => settings with { ResendWindowBytes = 1 });

    [Test]
    public void A_request_that_is_repeated_a_second_later_begins_again() => Active("""
        send keep 35=8|11=a
        out 35=8|34=2|11=a
        send keep 35=8|11=b
        out 35=8|34=3|11=b
        in 35=2|34=2|7=2|16=0
        out 35=8|34=2|43=Y|122=20261122-12:00:00.000|11=a
        wait 999ms
        out 35=8|34=3|43=Y|122=20261122-12:00:00.000|11=b
        send keep 35=8|11=c
        wait 1ms
        out 35=8|34=4|43=Y|122=20261122-12:00:00.999|11=c
        in 35=2|34=3|7=2|16=0
        out 35=8|34=2|43=Y|122=20261122-12:00:00.000|11=a
        """, settings => settings with { ResendWindowBytes = 1 });

    [Test]
    public void Moves_forward_on_a_gap_fill_and_never_back() => Active("""
        in 35=4|34=2|123=Y|36=9
        next in 9 out 2
        in 35=4|34=9|123=Y|36=5
        out 35=3|34=2|45=9|371=36|372=4|373=5|58=NewSeqNo(36) must be above MsgSeqNum(34)
        next in 10 out 3
        in 35=4|34=12|123=Y|36=20
        out 35=2|34=3|7=10|16=0
        next in 10 out 4
        """);

    [Test]
    public void Logs_out_on_a_gap_fill_below_the_expected_number_without_the_flag() => Active("""
        in 35=4|34=1|123=Y|36=9
        out 35=5|34=2|58=MsgSeqNum too low, expecting 2 but received 1
        logout too low
        """);

    [Test]
    public void Moves_forward_on_a_reset_whatever_its_number_and_never_back() => Active("""
        in 35=4|34=77|36=9
        next in 9 out 2
        in 35=4|34=1|123=N|36=9
        next in 9 out 2
        in 35=4|34=1|123=N|36=8
        out 35=3|34=2|45=1|371=36|372=4|373=5|58=NewSeqNo(36) must not be below the expected MsgSeqNum
        next in 9 out 3
        """);

    [Test]
    public void A_reset_ends_the_wait_for_a_resend() => Active($"""
        in 35=D|34=9|{Order}
        out 35=2|34=2|7=2|16=0
        in 35=4|34=1|36=10
        in 35=D|34=10|{Order}
        app D 10
        in 35=D|34=12|{Order}
        out 35=2|34=3|7=11|16=0
        """);

    [Test]
    public void Rejects_and_ends_when_the_names_change() => Active("""
        in 35=0|49=OTHER|34=2
        out 35=3|34=2|45=2|372=0|373=9|58=CompID problem
        out 35=5|34=3|58=CompID problem
        logout CompID
        close CompID
        next in 3 out 4
        """);

    [Test]
    public void Rejects_and_logs_out_when_the_time_is_wrong() => Active("""
        in 35=0|34=2|52=20261122-12:02:01
        out 35=3|34=2|45=2|371=52|372=0|373=10|58=SendingTime accuracy problem
        out 35=5|34=3|58=SendingTime accuracy problem
        state LogoutSent
        next in 3 out 4
        """);

    [Test]
    public void Rejects_a_message_without_a_time() => Active("""
        in 35=0|34=2|52=-
        out 35=3|34=2|45=2|371=52|372=0|373=1|58=Required tag missing
        in 35=0|34=3|52=yesterday
        out 35=3|34=3|45=3|371=52|372=0|373=6|58=Incorrect data format for value
        next in 4 out 4
        """);

    [Test]
    public void Ends_when_there_is_no_number() => Active("""
        in 35=0
        out 35=5|34=2|58=MsgSeqNum(34) missing or not a positive number
        logout MsgSeqNum
        close MsgSeqNum
        """);

    [Test]
    public void Ends_when_the_version_changes() => Active("""
        in 8=FIX.4.2|35=0|34=2
        out 35=5|34=2|58=Incorrect BeginString
        logout BeginString
        close BeginString
        """);

    [Test]
    public void Passes_a_reject_on_and_never_answers_it() => Active("""
        in 35=3|34=2|45=7|373=5
        rejected 7
        in 35=3|34=3|373=5
        next in 4 out 2
        """);

    [Test]
    public void Rejects_a_second_logon() => Active("""
        in 35=A|34=2|98=0|108=30
        out 35=3|34=2|45=2|372=A|373=99|58=Already logged on
        next in 3 out 3
        """);

    [Test]
    public void Rejects_types_that_the_dictionary_does_not_have() => Active("""
        in 35=E|34=2|66=x
        out 35=j|34=2|45=2|372=E|380=3|58=Unsupported Message Type
        in 35=AS|34=3|70=x
        out 35=j|34=3|45=3|372=AS|380=3|58=Unsupported Message Type
        in 35=ZZ|34=4
        out 35=3|34=4|45=4|371=35|372=ZZ|373=11|58=Invalid MsgType
        next in 5 out 5
        """);
}
