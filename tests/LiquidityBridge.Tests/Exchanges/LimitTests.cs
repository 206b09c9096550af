using LiquidityBridge.Exchanges;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>How much may be asked, as each exchange counts.</summary>
internal sealed class LimitTests
{
    [Test]
    public void Messages_that_may_not_go_yet_wait_in_their_order_and_those_of_two_connections_count_together()
    {
        var limit = new SlidingLimit(2, 1000);
        var (first, second, sent) = (new PacedSend(limit), new PacedSend(limit), new List<byte>());
        first.Open(m => sent.Add(m[0]));
        second.Open(m => sent.Add(m[0]));
        first.Send([1], 0);
        second.Send([2], 10);
        first.Send([3], 20);
        first.Send([4], 30);
        second.Send([5], 40);
        second.Close();
        first.Poll(999);
        Assert.That(sent, Is.EqualTo(new[] { 1, 2 }));
        first.Poll(1000);
        Assert.That(sent, Is.EqualTo(new[] { 1, 2, 3 }));
        first.Poll(1010);
        second.Poll(5000);
        Assert.That(sent, Is.EqualTo(new[] { 1, 2, 3, 4 }), "what waited for a connection that is gone is gone too");
    }

    private const long SecondNs = TestBridge.SecondNs;

    [Test]
    public void A_window_begins_at_a_whole_multiple_of_its_length()
    {
        var limit = new WindowLimit(10, 60 * SecondNs);
        Assert.That(limit.TryTake(10, 119 * SecondNs), Is.True);
        Assert.That(limit.TryTake(1, 119 * SecondNs), Is.False);
        Assert.That(limit.TryTake(1, 120 * SecondNs), Is.True, "the next minute");
    }

    [Test]
    public void What_others_used_counts_and_a_stop_holds()
    {
        var limit = new WindowLimit(10, 60 * SecondNs);
        limit.OnUsed(9, 0);
        Assert.That(limit.TryTake(2, 0), Is.False);
        Assert.That(limit.TryTake(1, 0), Is.True);
        limit.Hold(90 * SecondNs);
        Assert.That(limit.TryTake(1, 60 * SecondNs), Is.False);
        Assert.That(limit.TryTake(1, 90 * SecondNs), Is.True);
    }

    [Test]
    public void In_no_stretch_of_the_window_are_there_more_than_allowed()
    {
        var random = new Random(11);
        var limit = new SlidingLimit(5, SecondNs);
        var taken = new List<long>();
        long nowNs = 0;
        for (var i = 0; i < 2000; i++)
        {
            nowNs += random.NextInt64(SecondNs / 8);
            var weight = random.Next(1, 3);
            if (!limit.TryTake(weight, nowNs)) continue;
            for (; weight > 0; weight--) taken.Add(nowNs);
            Assert.That(taken.Count(t => t > nowNs - SecondNs), Is.LessThanOrEqualTo(5));
        }
        Assert.That(taken, Has.Count.GreaterThan(500), "and nearly all that is allowed is used");
    }

    [Test]
    public void A_counter_falls_evenly()
    {
        var limit = new DecayingLimit(3, 500);   // one each two seconds
        for (var i = 0; i < 3; i++) Assert.That(limit.TryTake(1, 0), Is.True);
        Assert.That(limit.TryTake(1, 2 * SecondNs - 1), Is.False);
        Assert.That(limit.TryTake(1, 2 * SecondNs), Is.True);
        limit.OnCount(3, 100 * SecondNs);
        Assert.That(limit.TryTake(1, 101 * SecondNs), Is.False, "the exchange says that it is full");
    }
}
