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
}
