namespace EndToEnd;

/// <summary>What the venue does not take comes back with the right codes, and changes nothing.</summary>
[TestFixture(ClientKind.QuickFix)]
[TestFixture(ClientKind.JsPureFix)]
public sealed class RefusalTests(ClientKind kind) : Scene
{
    protected override void Seat()
    {
        Floor.Seat("rich", kind, "CLIENT1");
        Floor.Seat("poor", kind, "CLIENT8");
    }

    [TestCase("BTC-USD 1 limit 50000.001", "103=99 58~TICK", Description = "price between two ticks")]
    [TestCase("BTC-USD 1 limit 0", "103=99 58~PRICE", Description = "no price at all")]
    [TestCase("BTC-USD 1 limit -50000", "103=99 58~PRICE", Description = "negative price")]
    [TestCase("BTC-USD 1 limit 9999999999999999", "103=99 58~PRICE", Description = "price above the highest")]
    [TestCase("BTC-USD 1 limit 60000.01", "103=99 58~BAND", Description = "price above the band")]
    [TestCase("BTC-USD 1 limit 39999.99", "103=99 58~BAND", Description = "price below the band")]
    [TestCase("BTC-USD 0.000001 limit 50000", "103=13 58~LOT", Description = "quantity between two lots")]
    [TestCase("BTC-USD 0 limit 50000", "103=13", Description = "nothing")]
    [TestCase("BTC-USD 1000.00001 limit 50000", "103=13 58~MAXQTY", Description = "more than one order may be")]
    [TestCase("DOGE-USD 1 limit 0.1", "103=1", Description = "unknown symbol")]
    public void A_wrong_order_is_rejected(string order, string codes) => Play($"""
        rich: new $a buy {order}
        rich< 8 11=$a 37=* 150=8 39=8 {codes} 14=0 151=0 58=*
        rich: status $a buy BTC-USD
        rich< 8 11=$a 150=I 39=8 37=NONE
        """);

    [Test]
    public void An_order_beyond_the_money_is_rejected_and_one_within_it_is_not() => Play("""
        poor: new $a buy BTC-USD 0.1 limit 50000
        poor< 8 11=$a 150=8 39=8 103=3 58~BALANCE
        poor: new $b sell BTC-USD 0.01001 limit 50000
        poor< 8 11=$b 150=8 39=8 103=3
        poor: new $c sell ETH-USD 0.0001 limit 3000
        poor< 8 11=$c 150=8 39=8 103=3
        poor: new $d sell BTC-USD 0.01 limit 50000
        poor< 8 11=$d 150=0 39=0
        poor: new $e sell BTC-USD 0.00001 limit 50000
        poor< 8 11=$e 150=8 39=8 103=3
        poor: cancel $f $d sell BTC-USD
        poor< 8 11=$f 41=$d 150=4 39=4
        poor: new $g sell BTC-USD 0.01 limit 50001
        poor< 8 11=$g 150=0 39=0
        poor: cancel $h $g sell BTC-USD
        poor< 8 11=$h 41=$g 150=4 39=4
        """);

    [Test]
    public void A_clordid_is_taken_once_and_the_first_order_stays() => Play("""
        rich: new $a buy BTC-USD 1 limit 49000
        rich< 8 11=$a 150=0 39=0 37=@a
        rich: new $a buy BTC-USD 1 limit 49000
        rich< 8 11=$a 150=8 39=8 103=6
        rich: status $a buy BTC-USD
        rich< 8 11=$a 150=I 39=0 37=@a 151=1
        rich: cancel $c $a buy BTC-USD
        rich< 8 11=$c 41=$a 150=4 39=4
        """);

    [Test]
    public void A_cancel_or_replace_of_an_unknown_order_is_refused() => Play("""
        rich: cancel $c $nobody buy BTC-USD
        rich< 9 11=$c 41=$nobody 37=NONE 39=8 102=1 434=1
        rich: replace $r $nobody buy BTC-USD 1 49000
        rich< 9 11=$r 41=$nobody 37=NONE 39=8 102=1 434=2
        """);

    [Test]
    public void A_cancel_or_replace_of_another_sessions_order_is_refused() => Play("""
        rich: new $a buy BTC-USD 1 limit 49000
        rich< 8 11=$a 150=0
        poor: cancel $c $a buy BTC-USD
        poor< 9 11=$c 41=$a 37=NONE 39=8 102=1 434=1
        rich: cancel $c $a buy BTC-USD
        rich< 8 11=$c 41=$a 150=4 39=4
        """);

    [Test]
    public void A_cancel_or_replace_of_a_filled_order_comes_too_late() => Play("""
        rich: new $a buy BTC-USD 0.01 limit 50000
        rich< 8 11=$a 150=0 37=@a
        poor: new $b sell BTC-USD 0.01 limit 50000
        poor< 8 11=$b 150=0
        poor< 8 11=$b 150=F 39=2
        rich< 8 11=$a 150=F 39=2
        rich: cancel $c $a buy BTC-USD
        rich< 9 11=$c 41=$a 37=@a 39=2 102=0 434=1
        rich: replace $r $a buy BTC-USD 0.02 50000
        rich< 9 11=$r 41=$a 37=@a 39=2 102=0 434=2
        rich: new $back sell BTC-USD 0.01 limit 50000
        rich< 8 11=$back 150=0
        poor: new $buyback buy BTC-USD 0.01 limit 50000
        poor< 8 11=$buyback 150=0
        poor< 8 11=$buyback 150=F 39=2
        rich< 8 11=$back 150=F 39=2
        """);

    [Test]
    public void A_wrong_replace_leaves_the_order_as_it_was() => Play("""
        rich: new $a buy BTC-USD 1 limit 49000
        rich< 8 11=$a 150=0 37=@a
        rich: replace $r1 $a buy BTC-USD 1 49000.005
        rich< 9 11=$r1 41=$a 37=@a 39=0 102=99 434=2 58~TICK
        rich: replace $r2 $a buy BTC-USD 2000 49000
        rich< 9 11=$r2 41=$a 37=@a 39=0 102=99 434=2 58~MAXQTY
        rich: replace $a $a buy BTC-USD 2 49000
        rich< 9 11=$a 41=$a 37=@a 39=0 102=6 434=2
        rich: status $a buy BTC-USD
        rich< 8 11=$a 37=@a 150=I 39=0 38=1 44=49000
        rich: cancel $c $a buy BTC-USD
        rich< 8 11=$c 41=$a 150=4 39=4
        """);

    [TestCase("D 54=1|55=BTC-USD|38=1|40=2|44=50000|60=20260101-00:00:00", "371=11 372=D 373=1", Description = "ClOrdID missing")]
    [TestCase("D 11=$x|55=BTC-USD|38=1|40=2|44=50000|60=20260101-00:00:00", "371=54 372=D 373=1", Description = "Side missing")]
    [TestCase("F 11=$x|54=1|55=BTC-USD|60=20260101-00:00:00", "371=41 372=F 373=1", Description = "OrigClOrdID missing")]
    [TestCase("D 11=$x|54=9|55=BTC-USD|38=1|40=2|44=50000|60=20260101-00:00:00", "371=54 372=D 373=5", Description = "Side that there is not")]
    [TestCase("D 11=$x|54=1|55=BTC-USD|38=one|40=2|44=50000|60=20260101-00:00:00", "371=38 372=D 373=6", Description = "quantity that is no number")]
    [TestCase("D 11=$x|54=1|55=BTC-USD|38=1|40=2|44=99999999999999999999|60=20260101-00:00:00", "371=44 372=D 373=6", Description = "price beyond any number")]
    [TestCase("D 11=$x|54=1|55=BTC-USD|38=1|40=2|44=50000|60=yesterday", "371=60 372=D 373=6", Description = "time that is no time")]
    [TestCase("D 11=$x|54=1|55=BTC-USD|38=1|40=2|44=50000|60=20260101-00:00:00|112=x", "371=112 372=D 373=2", Description = "tag of another message")]
    public void A_message_against_the_dictionary_is_rejected_by_the_session(string message, string codes) => Play($"""
        rich: raw {message}
        rich< 3 45=* {codes} 58=*
        rich: new $after buy BTC-USD 1 limit 49000 ioc
        rich< 8 11=$after 150=0
        rich< 8 11=$after 150=4
        """);

    [TestCase("ZZ 58=hello")]
    [TestCase("E 66=list|394=3|68=0")]
    public void A_message_type_that_is_not_served_is_refused(string message)
    {
        Play($"rich: raw {message}");
        var answer = Floor["rich"].Next("refusal");
        Assert.That(answer.Type, Is.AnyOf("3", "j"));
        Assert.That(answer[372], Is.EqualTo(message.Split(' ')[0]));
        if (answer.Type == "3") Assert.That(answer[373], Is.EqualTo("11"));
        else Assert.That(answer[380], Is.EqualTo("3"));
    }
}
