namespace EndToEnd;

/// <summary>A client that was away gets what it missed, once, and a venue that was away goes on where it was.</summary>
[TestFixture(ClientKind.QuickFix, ClientKind.JsPureFix)]
[TestFixture(ClientKind.JsPureFix, ClientKind.QuickFix)]
public sealed class RecoveryTests(ClientKind left, ClientKind stays) : Scene
{
    /// <summary>How a venue or a connection ends.</summary>
    public enum Way { Orderly, Killed }

    protected override void Seat()
    {
        Floor.Seat("left", left, "CLIENT1");
        Floor.Seat("stays", stays, "CLIENT2");
    }

    [Test]
    public void A_client_gets_what_it_missed_by_resend_and_nothing_twice([Values] Way end)
    {
        Play("""
            left: new $m sell BTC-USD 1 limit 50000
            left< 8 11=$m 150=0 37=@m
            """);
        if (end == Way.Killed) Floor["left"].Kill();
        else Floor["left"].Logout();
        Play("""
            stays: new $t1 buy BTC-USD 0.25 limit 50000
            stays< 8 11=$t1 150=0
            stays< 8 11=$t1 150=F 39=2 880=@first
            stays: new $t2 buy BTC-USD 0.5 limit 50000
            stays< 8 11=$t2 150=0
            stays< 8 11=$t2 150=F 39=2 880=@second
            """);
        var away = Floor["left"].Mark;
        Floor["left"].Connect();
        Play("""
            left< 8 11=$m 37=@m 43=Y 122=* 150=F 39=1 32=0.25 31=50000 14=0.25 151=0.75 880=@first
            left< 8 11=$m 37=@m 43=Y 122=* 150=F 39=1 32=0.5 31=50000 14=0.75 151=0.25 880=@second
            """);
        Floor["left"].Settle();
        Assert.That(Floor["left"].Received(away), Has.Count.EqualTo(2));
        Play("""
            left: status $m sell BTC-USD
            left< 8 11=$m 37=@m !43 150=I 39=1 14=0.75 151=0.25
            left: cancel $c $m sell BTC-USD
            left< 8 11=$c 41=$m 37=@m !43 150=4 39=4 14=0.75 151=0
            """);
    }

    [Test]
    public void A_restarted_client_gets_what_it_missed_by_resend()
    {
        Play("""
            left: new $m buy ETH-USD 2 limit 3000
            left< 8 11=$m 150=0 37=@m
            """);
        Floor.Reseat("left");
        Play("""
            stays: new $t sell ETH-USD 2 limit 3000
            stays< 8 11=$t 150=0
            stays< 8 11=$t 150=F 39=2 880=@trade
            """);
        Floor["left"].Connect();
        Play("""
            left< 8 11=$m 37=@m 43=Y 122=* 150=F 39=2 32=2 31=3000 14=2 151=0 880=@trade
            left: new $n buy ETH-USD 1 limit 3000 ioc
            left< 8 11=$n !43 150=0
            left< 8 11=$n !43 150=4
            """);
    }

    [Test]
    public void A_resend_repeats_what_was_told_with_the_same_content()
    {
        var mark = Floor["left"].Mark;
        Play("""
            left: new $m sell BTC-USD 1 limit 50000
            left< 8 11=$m 150=0
            stays: new $t buy BTC-USD 1 limit 50000
            stays< 8 11=$t 150=0
            stays< 8 11=$t 150=F
            left< 8 11=$m 150=F
            """);
        var told = Floor["left"].Received(mark);

        var again = Floor["left"].Mark;
        Play($"left: raw 2 7={told[0].SeqNum}|16={told[^1].SeqNum}");
        Floor["left"].WaitForMessage("last resent report", m => m.IsPossDup && m.SeqNum == told[^1].SeqNum, again);
        Floor["left"].Settle();
        var resent = Floor["left"].Received(again);
        Floor["left"].Skip();

        Assert.That(resent.Select(m => m.Content()), Is.EqualTo(told.Select(m => m.Content())));
        Assert.That(resent, Has.All.Property(nameof(FixMessage.IsPossDup)).True);
        Assert.That(resent.Select(m => m[122]), Is.EqualTo(told.Select(m => m[52])), "OrigSendingTime is when it was first sent");
    }

    [Test]
    public void A_restarted_venue_goes_on_where_it_was([Values] Way end)
    {
        Play("""
            left: new $m sell BTC-USD 1 limit 50000
            left< 8 11=$m 150=0 37=@m
            stays: new $t1 buy BTC-USD 0.25 limit 50000
            stays< 8 11=$t1 150=0
            stays< 8 11=$t1 150=F 39=2
            left< 8 11=$m 150=F 39=1
            """);
        var (leftMark, staysMark) = (Floor["left"].Mark, Floor["stays"].Mark);
        if (end == Way.Killed) Floor.Venue.Kill();
        else Floor.Venue.Stop();
        var folded = Floor.Venue.Replay();
        Floor.Venue.Start();
        Assert.That(Floor.Venue.Recovered, Is.EqualTo(folded), "the start and a replay of the same journal");
        Floor["left"].WaitForLogon(leftMark);
        Floor["stays"].WaitForLogon(staysMark);
        Play("""
            left: status $m sell BTC-USD
            left< 8 11=$m 37=@m 150=I 39=1 14=0.25 151=0.75
            stays: new $t1 buy BTC-USD 0.25 limit 50000
            stays< 8 11=$t1 150=8 103=6
            stays: new $t2 buy BTC-USD 0.25 limit 50000
            stays< 8 11=$t2 150=0
            stays< 8 11=$t2 150=F 39=2
            left< 8 11=$m 37=@m 150=F 39=1 14=0.5 151=0.5 6=50000
            left: replace $m2 $m sell BTC-USD 0.75 50000
            left< 8 11=$m2 41=$m 37=@m 150=5 39=1 38=0.75 14=0.5 151=0.25
            left: cancel $c $m2 sell BTC-USD
            left< 8 11=$c 41=$m2 37=@m 150=4 39=4 14=0.5 151=0
            """);
    }

    [Test]
    public void Reports_missed_before_a_restart_of_the_venue_come_after_it([Values] Way end)
    {
        Play("""
            left: new $m sell BTC-USD 1 limit 50000
            left< 8 11=$m 150=0 37=@m
            """);
        Floor["left"].Kill();
        Play("""
            stays: new $t buy BTC-USD 1 limit 50000
            stays< 8 11=$t 150=0
            stays< 8 11=$t 150=F 39=2 880=@trade
            """);
        var staysMark = Floor["stays"].Mark;
        if (end == Way.Killed) Floor.Venue.Kill();
        else Floor.Venue.Stop();
        Floor.Venue.Start();
        Floor["stays"].WaitForLogon(staysMark);
        Floor["left"].Connect();
        Play("left< 8 11=$m 37=@m 43=Y 122=* 150=F 39=2 14=1 151=0 880=@trade");
    }
}
