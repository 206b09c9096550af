namespace EndToEnd;

/// <summary>What institutions ask of a venue beside single orders, with QuickFIX on the other side.</summary>
[TestFixture]
public sealed class FrontTests : Scene
{
    protected override void Seat()
    {
        Floor.Seat("quoter", ClientKind.QuickFix, "CLIENT1", "8013=S");
        Floor.Seat("other", ClientKind.QuickFix, "CLIENT2");
    }

    [Test]
    public void A_lost_session_takes_its_orders_and_is_told_when_it_is_back()
    {
        Play("""
            other: new $o sell BTC-USD 1 limit 50010
            other< 8 11=$o 150=0
            quoter: new $b buy BTC-USD 1 limit 50000
            quoter< 8 11=$b 150=0
            quoter: new $s sell BTC-USD 1 limit 50001
            quoter< 8 11=$s 150=0
            """);
        Floor["quoter"].Kill();
        Play("""
            other: new $t buy BTC-USD 1 limit 50010
            other< 8 11=$t 150=0
            other< 8 11=$o 150=F 31=50010
            other< 8 11=$t 150=F 31=50010
            """);
        Floor["quoter"].Connect();
        Play("""
            quoter< 8 11=$b 43=Y 150=4 39=4 378=7 58~DISCONNECT
            quoter< 8 11=$s 43=Y 150=4 39=4 378=7 58~DISCONNECT
            """);
    }

    [Test]
    public void A_killed_venue_pulls_the_orders_of_a_session_that_does_not_come_back()
    {
        Play("""
            quoter: new $b buy BTC-USD 1 limit 50000
            quoter< 8 11=$b 150=0
            """);
        var mark = Floor["other"].Mark;
        Floor.Venue.Kill();
        Floor["quoter"].Do("logout");   // it would connect again by itself
        Floor.Venue.Start();
        Floor["other"].WaitForLogon(mark);
        // The grace time is 10 seconds.
        Thread.Sleep(TimeSpan.FromSeconds(11));
        Floor["quoter"].Connect();
        Play("quoter< 8 11=$b 43=Y 150=4 39=4 378=7");
    }

    [Test]
    public void A_mass_status_and_a_mass_cancel_cover_what_is_open()
    {
        Play("""
            quoter: new $b buy BTC-USD 1 limit 50000
            quoter< 8 11=$b 150=0 37=@b
            quoter: new $e buy ETH-USD 1 limit 3000
            quoter< 8 11=$e 150=0 37=@e
            quoter: raw AF 584=$af|585=7
            quoter< 8 584=$af 11=$b 37=@b 150=I 39=0 911=2 912=N
            quoter< 8 584=$af 11=$e 37=@e 150=I 39=0 911=2 912=Y
            quoter: raw q 11=$q1|530=1|55=ETH-USD|60=20261122-12:00:00
            quoter< r 11=$q1 530=1 531=1 533=1 55=ETH-USD
            quoter< 8 11=$e 37=@e 150=4 39=4
            quoter: raw q 11=$q2|530=7|60=20261122-12:00:00
            quoter< r 11=$q2 530=7 531=7 533=1
            quoter< 8 11=$b 37=@b 150=4 39=4
            quoter: raw AF 584=$none|585=7
            quoter< 8 584=$none 37=NONE 150=I 39=8 103=5 911=0 912=Y
            """);
    }
}
