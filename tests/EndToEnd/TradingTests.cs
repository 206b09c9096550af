namespace EndToEnd;

/// <summary>Two foreign clients trade against each other; both sides of every trade are looked at.</summary>
[TestFixture(ClientKind.QuickFix, ClientKind.QuickFix)]
[TestFixture(ClientKind.JsPureFix, ClientKind.JsPureFix)]
[TestFixture(ClientKind.QuickFix, ClientKind.JsPureFix)]
public sealed class TradingTests(ClientKind maker, ClientKind taker) : Scene
{
    protected override void Seat()
    {
        Floor.Seat("maker", maker, "CLIENT1");
        Floor.Seat("taker", taker, "CLIENT2");
    }

    [Test]
    public void A_limit_order_meets_a_limit_order() => Play("""
        maker: new $m sell BTC-USD 0.5 limit 50000.00 gtc
        maker< 8 11=$m 150=0 39=0 37=@m 17=* 54=2 55=BTC-USD 38=0.5 40=2 44=50000 59=1 151=0.5 14=0 6=0 60=* !31 !32 !41
        taker: new $t buy BTC-USD 0.5 limit 50000.00
        taker< 8 11=$t 150=0 39=0 37=@t 54=1 38=0.5 151=0.5 14=0 6=0
        taker< 8 11=$t 150=F 39=2 37=@t 32=0.5 31=50000 151=0 14=0.5 6=50000 880=@trade 851=2
        maker< 8 11=$m 150=F 39=2 37=@m 32=0.5 31=50000 151=0 14=0.5 6=50000 880=@trade 851=1
        """);

    [Test]
    public void Partial_fills_add_up_to_a_full_one() => Play("""
        maker: new $m sell BTC-USD 1 limit 50000.01
        maker< 8 11=$m 150=0 39=0 37=@m 151=1
        taker: new $t1 buy BTC-USD 0.4 limit 50000.01
        taker< 8 11=$t1 150=0 39=0
        taker< 8 11=$t1 150=F 39=2 32=0.4 31=50000.01 151=0 14=0.4 6=50000.01
        maker< 8 11=$m 150=F 39=1 37=@m 32=0.4 31=50000.01 151=0.6 14=0.4 6=50000.01
        taker: new $t2 buy BTC-USD 0.60001 limit 50001
        taker< 8 11=$t2 150=0 39=0
        taker< 8 11=$t2 150=F 39=1 32=0.6 31=50000.01 151=0.00001 14=0.6
        maker< 8 11=$m 150=F 39=2 37=@m 32=0.6 31=50000.01 151=0 14=1 6=50000.01
        taker: cancel $t3 $t2 buy BTC-USD
        taker< 8 11=$t3 41=$t2 150=4 39=4 151=0 14=0.6 38=0.60001
        """);

    [Test]
    public void A_sweep_takes_the_best_price_first_and_averages() => Play("""
        maker: new $far sell BTC-USD 1 limit 50002
        maker< 8 11=$far 150=0
        maker: new $near sell BTC-USD 1 limit 50001
        maker< 8 11=$near 150=0
        taker: new $t buy BTC-USD 3 limit 50002
        taker< 8 11=$t 150=0
        taker< 8 11=$t 150=F 39=1 32=1 31=50001 14=1 151=2 6=50001
        taker< 8 11=$t 150=F 39=1 32=1 31=50002 14=2 151=1 6=50001.5
        maker< 8 11=$near 150=F 39=2 31=50001
        maker< 8 11=$far 150=F 39=2 31=50002
        maker: new $last sell BTC-USD 1 limit 49999
        maker< 8 11=$last 150=0
        maker< 8 11=$last 150=F 39=2 32=1 31=50002 6=50002 851=2
        taker< 8 11=$t 150=F 39=2 32=1 31=50002 14=3 151=0 851=1
        """);

    [Test]
    public void The_earlier_order_at_a_price_trades_first() => Play("""
        maker: new $a buy ETH-USD 1 limit 2999
        maker< 8 11=$a 150=0
        maker: new $b buy ETH-USD 1 limit 2999
        maker< 8 11=$b 150=0
        taker: new $t sell ETH-USD 1.5 limit 2999
        taker< 8 11=$t 150=0
        taker< 8 11=$t 150=F 39=1 32=1
        taker< 8 11=$t 150=F 39=2 32=0.5
        maker< 8 11=$a 150=F 39=2 32=1 31=2999
        maker< 8 11=$b 150=F 39=1 32=0.5 31=2999
        maker: cancel $bc $b buy ETH-USD
        maker< 8 11=$bc 41=$b 150=4 39=4 14=0.5 151=0
        """);

    [Test]
    public void A_cancel_takes_the_order_out_of_the_book() => Play("""
        maker: new $m buy BTC-USD 0.25 limit 49000
        maker< 8 11=$m 150=0 37=@m
        maker: cancel $c $m buy BTC-USD 0.25
        maker< 8 11=$c 41=$m 37=@m 150=4 39=4 151=0 14=0 6=0 38=0.25
        taker: new $t sell BTC-USD 0.25 limit 49000 ioc
        taker< 8 11=$t 150=0
        taker< 8 11=$t 150=4 39=4 151=0 14=0
        """);

    [Test]
    public void A_replace_to_less_keeps_its_place_and_one_to_more_loses_it() => Play("""
        maker: new $a sell BTC-USD 2 limit 50000
        maker< 8 11=$a 150=0 37=@a
        maker: new $b sell BTC-USD 1 limit 50000
        maker< 8 11=$b 150=0
        maker: replace $a2 $a sell BTC-USD 1.5 50000
        maker< 8 11=$a2 41=$a 37=@a 150=5 39=0 38=1.5 151=1.5 14=0 44=50000
        taker: new $t1 buy BTC-USD 0.5 limit 50000
        taker< 8 11=$t1 150=0
        taker< 8 11=$t1 150=F 39=2
        maker< 8 11=$a2 150=F 39=1 32=0.5 151=1 14=0.5
        maker: replace $a3 $a2 sell BTC-USD 2 50000
        maker< 8 11=$a3 41=$a2 37=@a 150=5 39=1 38=2 151=1.5 14=0.5
        taker: new $t2 buy BTC-USD 1 limit 50000
        taker< 8 11=$t2 150=0
        taker< 8 11=$t2 150=F 39=2
        maker< 8 11=$b 150=F 39=2
        maker: cancel $c $a3 sell BTC-USD
        maker< 8 11=$c 41=$a3 37=@a 150=4 39=4 14=0.5 151=0
        """);

    [Test]
    public void A_replace_of_the_price_can_trade() => Play("""
        taker: new $t buy BTC-USD 1 limit 49990
        taker< 8 11=$t 150=0
        maker: new $m sell BTC-USD 1 limit 50010
        maker< 8 11=$m 150=0 37=@m
        maker: replace $m2 $m sell BTC-USD 1 49990.00
        maker< 8 11=$m2 41=$m 37=@m 150=5 39=0 44=49990 151=1
        maker< 8 11=$m2 37=@m 150=F 39=2 32=1 31=49990 851=2
        taker< 8 11=$t 150=F 39=2 32=1 31=49990 851=1
        """);

    [Test]
    public void A_market_order_takes_what_is_there() => Play("""
        maker: new $m1 sell ETH-USD 1 limit 3000
        maker< 8 11=$m1 150=0
        maker: new $m2 sell ETH-USD 1 limit 3003
        maker< 8 11=$m2 150=0
        taker: new $t buy ETH-USD 2.5 market
        taker< 8 11=$t 150=0 39=0 40=1 !44
        taker< 8 11=$t 150=F 39=1 32=1 31=3000
        taker< 8 11=$t 150=F 39=1 32=1 31=3003 14=2 151=0.5 6=3001.5
        taker< 8 11=$t 150=4 39=4 14=2 151=0 6=3001.5
        maker< 8 11=$m1 150=F 39=2
        maker< 8 11=$m2 150=F 39=2
        """);

    [Test]
    public void An_immediate_order_trades_what_it_can_and_is_canceled() => Play("""
        maker: new $m buy BTC-USD 0.3 limit 49999
        maker< 8 11=$m 150=0
        taker: new $t sell BTC-USD 1 limit 49999 ioc
        taker< 8 11=$t 150=0 59=3
        taker< 8 11=$t 150=F 39=1 32=0.3 31=49999 151=0.7 14=0.3
        taker< 8 11=$t 150=4 39=4 151=0 14=0.3 38=1 58=*
        maker< 8 11=$m 150=F 39=2
        """);

    [Test]
    public void A_fill_or_kill_order_fills_whole_or_not_at_all() => Play("""
        maker: new $m buy BTC-USD 1 limit 49999
        maker< 8 11=$m 150=0
        taker: new $t1 sell BTC-USD 1.00001 limit 49999 fok
        taker< 8 11=$t1 150=0 59=4
        taker< 8 11=$t1 150=4 39=4 151=0 14=0
        taker: new $t2 sell BTC-USD 1 limit 49999 fok
        taker< 8 11=$t2 150=0
        taker< 8 11=$t2 150=F 39=2 32=1 31=49999
        maker< 8 11=$m 150=F 39=2
        """);

    [Test]
    public void A_status_request_is_told_how_the_order_stands() => Play("""
        maker: new $m sell BTC-USD 1 limit 50000
        maker< 8 11=$m 150=0 37=@m
        taker: new $t buy BTC-USD 0.25 limit 50000
        taker< 8 11=$t 150=0
        taker< 8 11=$t 150=F 39=2
        maker< 8 11=$m 150=F 39=1
        maker: status $m sell BTC-USD
        maker< 8 11=$m 37=@m 150=I 39=1 38=1 14=0.25 151=0.75 6=50000
        maker: cancel $c $m sell BTC-USD
        maker< 8 11=$c 41=$m 150=4 39=4
        """);

    [Test]
    public void A_test_request_is_answered_with_its_own_text()
    {
        Floor["maker"].Settle("are you there?");
        Floor["taker"].Settle("and you = too?");
    }
}
