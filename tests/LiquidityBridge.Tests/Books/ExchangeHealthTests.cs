namespace LiquidityBridge.Tests.Books;

/// <summary>Where an exchange stands as a whole.</summary>
internal sealed class ExchangeHealthTests
{
    private const long Now = TestBridge.StartNs;

    [TestCase("", true, ExchangeState.Disabled)]
    [TestCase("Disconnected Disconnected", false, ExchangeState.Disconnected)]
    [TestCase("Disconnected Disconnected", true, ExchangeState.Connecting)]
    [TestCase("Connecting Connecting", false, ExchangeState.Connecting)]
    [TestCase("Syncing Syncing", true, ExchangeState.Syncing)]
    [TestCase("Live Live", true, ExchangeState.Live)]
    [TestCase("Live Live", false, ExchangeState.Degraded)]
    [TestCase("Live Syncing", true, ExchangeState.Degraded)]
    [TestCase("Live Stale", true, ExchangeState.Degraded)]
    [TestCase("Stale Stale", true, ExchangeState.Degraded)]
    [TestCase("Live Disabled", true, ExchangeState.Live)]
    [TestCase("Disabled Disabled", true, ExchangeState.Disabled)]
    [TestCase("Suspended Suspended", true, ExchangeState.Suspended)]
    [TestCase("Live Suspended", true, ExchangeState.Degraded)]
    public void It_follows_from_its_books_and_its_orders(string books, bool isTradingUp, ExchangeState expected)
    {
        var states = books.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<BookState>).ToList();
        var health = new ExchangeHealth(5, TestBridge.SecondNs);
        Assert.Multiple(() =>
        {
            Assert.That(health.StateAt(Now, states, isTradingUp, isKilled: false, isUnknown: false), Is.EqualTo(expected));
            Assert.That(health.StateAt(Now, states, isTradingUp, isKilled: true, isUnknown: false), Is.EqualTo(ExchangeState.Disabled));
            if (expected == ExchangeState.Live) Assert.That(health.StateAt(Now, states, isTradingUp, isKilled: false, isUnknown: true), Is.EqualTo(ExchangeState.Degraded));
        });
    }

    [Test]
    public void Refusals_in_a_row_suspend_it_for_a_while_and_many_degrade_it()
    {
        var health = new ExchangeHealth(3, TestBridge.SecondNs);
        ExchangeState State(long atNs) => health.StateAt(atNs, [BookState.Live], isTradingUp: true, isKilled: false, isUnknown: false);
        health.OnReject(Now);
        health.OnReject(Now);
        health.OnTaken();
        Assert.That(health.OnReject(Now), Is.False, "the row was broken");
        Assert.That(State(Now), Is.EqualTo(ExchangeState.Degraded), "three of four");
        health.OnReject(Now);
        Assert.That(health.OnReject(Now), Is.True);
        Assert.That(State(Now), Is.EqualTo(ExchangeState.Suspended));
        for (var i = 0; i < 16; i++) health.OnTaken();
        Assert.That(State(Now + TestBridge.SecondNs), Is.EqualTo(ExchangeState.Live));
        Assert.That(health.Counts(-1).Single(c => c.Reason == OutsideReason.OrderRejected).Count, Is.EqualTo(5));
    }
}
