using LiquidityBridge.Tests.Hedging;

namespace LiquidityBridge.Tests.Quoting;

/// <summary>Quotes in the venue: made from the hedge's price, kept with the fewest messages, pulled when it cannot be hedged.</summary>
internal sealed class QuoteTests
{
    // Half of A's 30 within 0.5 % is 15, of which 10 are quoted: the worst level that they need is the first. Markup 0.1 %.
    private const string Quoted =
        """
        up A
        feed up
        book A 10@9990 20@9980 | 10@10010 20@10020
        venue up
        => new bid 10 @ 9980
        => new ask 10 @ 10021
        quote accepted bid left 10
        quote accepted ask left 10
        => nothing
        """;

    private static Script Quote(string table, Instrument? instrument = null, long drawdown = 1_000_000) => new Script(TestBridge.Options(instrument ?? TestBridge.Instrument(), drawdown: drawdown)).Run(Quoted).Run(table);

    [Test]
    public void Both_sides_are_quoted_at_the_hedge_price_and_the_markup() => Quote("=> nothing");

    [Test]
    public void The_worst_level_that_the_size_needs_makes_the_price() => new Script(TestBridge.Options(TestBridge.Instrument(size: 15))).Run("""
        up A
        feed up
        book A 10@9990 20@9980 | 10@10010 20@10020
        venue up
        => new bid 15 @ 9970
        => new ask 15 @ 10031
        """);

    [Test]
    public void The_size_is_a_share_of_the_depth() => new Script(TestBridge.Options(TestBridge.Instrument(depthPercent: 10))).Run("""
        up A
        feed up
        book A 10@9990 20@9980 | 10@10010 20@10020
        venue up
        => new bid 3 @ 9980
        => new ask 3 @ 10021
        """);

    [Test]
    public void A_quote_that_is_too_good_moves_at_once_and_one_that_is_a_little_too_cautious_stays() => Quote("""
        book A 10@9989 20@9980 | 10@10011 20@10020
        => replace bid 10 @ 9979
        => replace ask 10 @ 10022
        quote replaced bid left 10
        quote replaced ask left 10
        book A 10@9990 20@9980 | 10@10010 20@10020
        => nothing
        book A 10@9991 20@9980 | 10@10009 20@10020
        => replace ask 10 @ 10020
        => replace bid 10 @ 9981
        """);

    [Test]
    public void A_part_that_traded_stays_in_the_total_of_a_replacement() => Quote("""
        quote traded bid left 4 cum 6
        => replace bid 16 @ 9980
        """);

    [TestCase("feed down")]
    [TestCase("kill bridge")]
    [TestCase("kill quoting")]
    [TestCase("kill instrument BTC-USD")]
    [TestCase("kill exchange A")]
    [TestCase("book A syncing")]
    [TestCase("book A 10@10010 | 10@10010")]
    [TestCase("book A 10@10020 | 10@10010")]
    public void Both_sides_are_pulled(string why) => Quote($"""
        {why}
        => cancel bid
        => cancel ask
        quote canceled bid
        quote canceled ask
        wait 2
        => nothing
        """);

    [Test]
    public void Both_sides_are_pulled_when_hedges_cannot_be_sent() => Quote("""
        down A
        => alert exchange-down
        => cancel bid
        => cancel ask
        """);

    [Test]
    public void Silence_of_the_exchange_pulls_both_sides() => Quote("""
        wait 5.2
        => cancel bid
        => cancel ask
        """);

    [Test]
    public void A_heartbeat_keeps_them() => Quote("""
        wait 4
        heard A
        wait 4
        => nothing
        """);

    [Test]
    public void A_bid_never_goes_where_our_own_ask_may_rest() => Quote("""
        book A 10@10100 20@10090 | 10@10120 20@10130
        => replace ask 10 @ 10131
        quote replaced ask left 10
        => replace bid 10 @ 10089
        """);

    [Test]
    public void At_the_soft_limit_only_the_side_that_helps_is_quoted() => Quote("""
        kill exchange B
        book A 10@9990 20@9980 | 10@10010 20@10020
        fill buy 50 @ 9980
        => hedge 1.1 at A: sell 30 @ 9941
        => cancel bid
        """);

    [Test]
    public void At_the_hard_limit_nothing_is_quoted() => Quote("""
        fill buy 100 @ 9980
        => hedge 1.1 at A: sell 30 @ 9941
        => cancel bid
        => cancel ask
        """);

    [Test]
    public void Exposure_moves_both_prices_against_itself() => Quote("""
        fill buy 25 @ 9980
        => replace bid 10 @ 9975
        => replace ask 10 @ 10016
        """, TestBridge.Instrument(skewPpm: 1000, band: 25));

    [Test]
    public void A_loss_beyond_the_limit_stops_quoting_until_a_person_resumes_it() => Quote("""
        fill buy 10 @ 9980
        => nothing
        book A 10@9890 20@9880 | 10@9910 20@9920
        => alert drawdown
        => cancel bid
        => cancel ask
        quote canceled bid
        quote canceled ask
        restart
        up A
        book A 10@9890 20@9880 | 10@9910 20@9920
        feed up
        venue up
        => nothing
        resume quoting
        => new bid 10 @ 9880
        => new ask 10 @ 9920
        """, TestBridge.Instrument(band: 25), drawdown: 500);

    [Test]
    public void A_lost_session_makes_them_uncertain_and_they_are_cleared_first() => Quote("""
        venue down
        => nothing
        venue up
        => cancel bid
        => cancel ask
        quote refused bid
        => new bid 10 @ 9980
        quote canceled ask
        => new ask 10 @ 10021
        """);

    [Test]
    public void Quotes_of_the_last_run_are_canceled_before_anything_new() => Quote("""
        restart
        up A
        book A 10@9990 20@9980 | 10@10010 20@10020
        feed up
        venue up
        => cancel bid
        => cancel ask
        quote canceled bid
        => new bid 10 @ 9980
        quote refused ask
        => new ask 10 @ 10021
        """);

    [Test]
    public void After_a_restart_nothing_is_quoted_before_the_last_runs_hedges_are_settled() => Quote("""
        fill sell 5 @ 10021
        => hedge 1.1 at A: buy 5 @ 10060
        restart
        up A
        book A 10@9990 20@9980 | 10@10010 20@10020
        => ask A about 1.1
        feed up
        venue up
        => cancel bid
        => cancel ask
        quote canceled bid
        quote canceled ask
        => nothing
        filled A 1.1 5 @ 10010 x1
        => new bid 10 @ 9980
        => new ask 10 @ 10021
        """);

    [Test]
    public void A_refusal_is_not_repeated_within_a_second() => Quote("""
        quote canceled bid
        => new bid 10 @ 9980
        quote rejected bid
        wait 0.8
        => nothing
        wait 0.4
        => new bid 10 @ 9980
        """);

    [Test]
    public void A_fill_that_the_feed_does_not_tell_pulls_the_quotes()
    {
        var options = TestBridge.Options(TestBridge.Instrument());
        var bridge = new Bridge(options);
        bridge.Start(TestBridge.StartNs);
        var now = TestBridge.StartNs;
        foreach (var d in TestBridge.Definitions(now)) bridge.On(d);
        bridge.On(new ExchangeTrading { NowNs = now, Exchange = 0, IsUp = true });
        bridge.On(new FeedChanged { NowNs = now, IsUp = true });
        bridge.On(new VenueSessionChanged { NowNs = now, IsUp = true });
        var quotes = bridge.On(new BookImage { NowNs = now, Exchange = 0, Instrument = 0, State = BookState.Live, Bids = [new Level(9990, 100)], Asks = [new Level(10010, 100)] }).OfType<NewQuote>().ToList();
        bridge.On(new QuoteReport { NowNs = now, Instrument = 0, Side = quotes[0].Side, Kind = QuoteReportKind.Traded, ClOrdID = quotes[0].ClOrdID, Cum = 1, Leaves = 9, Seq = 500 });
        bridge.On(new FeedPosition { NowNs = now, ThroughSeq = 499 });
        Assert.That(bridge.Snapshot(now, []).Instruments[0].WhyNotQuoted, Is.Null);

        now += 3 * TestBridge.SecondNs;
        Assert.That(bridge.On(new Tick { NowNs = now }).OfType<CancelQuote>().Count(), Is.EqualTo(2));
        Assert.That(bridge.Snapshot(now, []).Instruments[0].WhyNotQuoted, Is.EqualTo("venue feed behind"));

        bridge.On(new FeedPosition { NowNs = now, ThroughSeq = 500 });
        Assert.That(bridge.Snapshot(now, []).Instruments[0].WhyNotQuoted, Is.Null);
    }
}
