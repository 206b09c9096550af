using Venue.Host;

namespace Venue.Tests.Host;

public class SlicePaceTests
{
    [Test]
    public void A_short_round_is_followed_by_no_rest_and_each_slice_of_a_long_one_by_twice_its_time()
    {
        var pace = new SlicePace();
        pace.Took(0, 30_000, isOver: true);
        Assert.That(pace.DueNs, Is.EqualTo(30_000));
        pace.Took(100_000, 150_000, isOver: false);
        Assert.That(pace.DueNs, Is.EqualTo(150_000), "no longer than a few readers take");
        pace.Took(200_000, 250_000, isOver: false);
        Assert.That(pace.DueNs, Is.EqualTo(250_000 + 2 * 50_000));
        pace.Took(400_000, 420_000, isOver: true);
        Assert.That(pace.DueNs, Is.EqualTo(420_000 + 2 * 20_000), "the last of its round");
        pace.Took(500_000, 530_000, isOver: true);
        Assert.That(pace.DueNs, Is.EqualTo(530_000), "another round");
        pace.Took(0, 10_000_000_000, isOver: true);
        Assert.That(pace.DueNs, Is.EqualTo(10_001_000_000), "a slice that took seconds was not ours alone to blame");
        pace.Took(20, 10, isOver: true);
        Assert.That(pace.DueNs, Is.EqualTo(10), "a clock that was set back takes no time");
    }
}
