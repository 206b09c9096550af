using Venue.Host;

namespace Venue.Tests.Host;

/// <summary>How the core shares its time: between live traffic and resends, and between clients and the disk.</summary>
public sealed class PaceTests
{
    private const int Bound = 32 << 20;

    [TestCase(0, 0)]
    [TestCase(Bound / 2 - 1, 0)]
    [TestCase(Bound / 2, 250)]
    [TestCase(Bound / 2 + Bound / 16, 500)]
    [TestCase(Bound / 4 * 3, 4_000)]
    [TestCase(Bound - 1, 32_000)]
    [TestCase(Bound * 2L, 32_000)]
    public void A_client_with_much_to_say_waits_longer_the_more_waits_for_the_disk(long waitingBytes, long pauseUs) =>
        Assert.That(ReadPace.PauseNs(waitingBytes, Bound), Is.EqualTo(pauseUs * 1000));

    [TestCase(20, true, 60)]
    [TestCase(0, true, 0)]
    [TestCase(-50, true, 0, Description = "the clock was set back")]
    [TestCase(5_000, true, 1_000, Description = "the processor was somebody else's")]
    [TestCase(1, false, 200, Description = "no reader had room")]
    public void A_resend_pauses_three_times_as_long_as_its_slice_took(long tookUs, bool isSent, long pauseUs)
    {
        const long StartNs = 1_000_000_000;
        var pace = new ResendPace();
        Assert.That(pace.DueNs, Is.Zero);
        pace.Took(StartNs, StartNs + tookUs * 1000, isSent);
        Assert.That(pace.DueNs, Is.EqualTo(StartNs + (tookUs + pauseUs) * 1000));
    }

    [Test]
    public void Loud_clients_are_not_slowed_while_the_core_has_a_processor()
    {
        var pace = new LoudPace();
        for (var at = 0; at < 100; at++) pace.Waited(waitedNs: at * 900_000L, at * LoudPace.EveryNs);
        Assert.That(pace.Share, Is.EqualTo(LoudPace.Whole));
        Assert.That(pace.PauseNs(100_000), Is.Zero);
    }

    [TestCase(1, 2, 100)]
    [TestCase(2, 4, 300)]
    [TestCase(3, 8, 700)]
    [TestCase(4, 16, 1_500)]
    [TestCase(9, 16, 1_500, Description = "a sixteenth is never taken from them")]
    public void Each_time_that_the_core_waited_for_a_processor_halves_the_part_of_the_loud(int times, int part, long pauseUs)
    {
        var pace = Waited(times);
        Assert.That(pace.Share, Is.EqualTo(LoudPace.Whole / part));
        Assert.That(pace.PauseNs(100_000), Is.EqualTo(pauseUs * 1000), "after a turn of 100 us");
        Assert.That(pace.PauseNs(50_000_000), Is.EqualTo(pauseUs * 10_000), "a turn of 50 ms was somebody else's but for one");
        Assert.That(pace.PauseNs(-1), Is.Zero, "the clock was set back");
    }

    [Test]
    public void The_part_of_the_loud_doubles_in_half_a_second_without_waiting_until_it_is_whole()
    {
        var pace = Waited(2);
        for (var at = 3; at < 48; at++) pace.Waited(waitedNs: 20_000_000, at * LoudPace.EveryNs);
        Assert.That(pace.Share, Is.EqualTo(LoudPace.Whole / 2).Within(LoudPace.Whole / 50));
        for (var at = 48; at < 100; at++) pace.Waited(waitedNs: 20_000_000, at * LoudPace.EveryNs);
        Assert.That(pace.Share, Is.EqualTo(LoudPace.Whole));
    }

    [Test]
    public void What_the_core_waited_while_nobody_was_loud_slows_nobody()
    {
        var pace = new LoudPace();
        pace.Waited(waitedNs: 0, nowNs: 1);
        pace.Waited(waitedNs: 500_000_000, nowNs: 10_000_000_000);
        Assert.That(pace.Share, Is.EqualTo(LoudPace.Whole));
    }

    private static LoudPace Waited(int times)
    {
        var pace = new LoudPace();
        for (var at = 0; at <= times; at++) pace.Waited(waitedNs: at * 10_000_000L, at * LoudPace.EveryNs);
        return pace;
    }

    [Test]
    public void A_crowd_at_the_door_has_a_quarter_of_the_time_and_is_let_in_again_once_for_each_rest()
    {
        var pace = new AcceptPace();
        Assert.That((pace.DueNs, pace.IsOver(1_000_000)), Is.EqualTo((long.MaxValue, false)), "nobody came");
        pace.Took(1_000_000, 1_150_000);
        Assert.That(pace.DueNs, Is.EqualTo(1_600_000));
        Assert.That((pace.IsOver(1_599_999), pace.IsOver(1_600_000), pace.IsOver(1_600_001)), Is.EqualTo((false, true, false)));
        pace.Took(2_000_000, 90_000_000);
        Assert.That(pace.DueNs, Is.EqualTo(91_000_000), "a stalled turn is not made up for");
    }
}
