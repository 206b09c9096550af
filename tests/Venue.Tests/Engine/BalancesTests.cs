using Venue.Engine;

namespace Venue.Tests.Engine;

/// <summary>The check that finds made or lost money does find it.</summary>
internal sealed class BalancesTests
{
    [Test]
    public void Money_from_nowhere_is_found()
    {
        var balances = OneFirmWith(10);
        Assert.That(balances.CheckConserved, Throws.Nothing);
        balances.Of(0, 1).Available += 1;
        Assert.That(balances.CheckConserved, Throws.InvalidOperationException.With.Message.EqualTo("Asset 1: balances sum to 11, credits to 10"));
    }

    [Test]
    public void A_negative_balance_is_found_even_when_the_sum_is_right()
    {
        var balances = OneFirmWith(10);
        balances.Of(1, 1).Held -= 1;
        balances.Of(1, 1).Available += 1;
        Assert.That(balances.CheckConserved, Throws.InvalidOperationException.With.Message.EqualTo("Firm 1 asset 1: held -1 < 0"));
    }

    [Test]
    public void Balances_stay_when_firms_and_assets_come()
    {
        var balances = OneFirmWith(10);
        for (var i = 0; i < 40; i++)
        {
            balances.AddFirm();
            balances.AddAsset();
            Assert.That(balances.Of(1, 1).Available, Is.EqualTo((Int128)10));
            Assert.That(balances.CheckConserved, Throws.Nothing);
        }
    }

    private static Balances OneFirmWith(Int128 atoms)
    {
        var balances = new Balances();
        balances.AddAsset();
        balances.AddFirm();
        balances.Of(1, 1).Available = atoms;
        balances.CreditedOf(1) = atoms;
        return balances;
    }
}
