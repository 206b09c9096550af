using Venue.Host;

namespace Venue.Tests.Host;

public class PublishPaceTests
{
    [Test]
    public void A_long_round_is_followed_by_a_rest_of_three_times_its_slices_and_a_short_one_by_none()
    {
        var pace = new PublishPace();
        pace.Took(0, 30_000, isOver: true);
        Assert.That(pace.DueNs, Is.EqualTo(30_000));
        pace.Took(100_000, 400_000, isOver: false);
        Assert.That(pace.DueNs, Is.EqualTo(30_000), "in the middle of a round nothing rests");
        pace.Took(500_000, 700_000, isOver: true);
        Assert.That(pace.DueNs, Is.EqualTo(700_000 + 3 * 500_000));
        pace.Took(0, 10_000_000_000, isOver: true);
        Assert.That(pace.DueNs, Is.EqualTo(10_100_000_000), "a round that took seconds was not ours alone to blame");
        pace.Took(20, 10, isOver: true);
        Assert.That(pace.DueNs, Is.EqualTo(10), "a clock that was set back takes no time");
    }
}
