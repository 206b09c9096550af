using Custody.Chains.Bitcoin;

namespace Custody.Tests.Chains.Bitcoin;

/// <summary>Which coins pay: never too little, never for dust, the same ones each time.</summary>
[TestFixture]
internal sealed class CoinSelectionTests
{
    private const int PayScript = 22;
    private static readonly byte[] ChangeScript = Script.Witness(0, new byte[32]);
    private static readonly CoinSelection AtTen = new(10_000, PayScript, ChangeScript);

    // For 100,000 sat at 10 sat/vB. An input of ours is 418 weight units, the rest with one output of 31 bytes 166, change 172:
    // 146 vB with one coin, 189 with change, 294 with two coins and change.
    [TestCase("500000", "500000", 398_110, 1_890, TestName = "one coin and change")]
    [TestCase("101460", "101460", 0, 1_460, TestName = "exactly the payment and its fee")]
    [TestCase("101459", "", 0, 0, TestName = "a satoshi less is not enough")]
    [TestCase("300000 102000", "102000", 0, 2_000, TestName = "a set without change before a larger coin")]
    [TestCase("50000 60000 30000", "60000 50000", 7_060, 2_940, TestName = "the largest coins")]
    [TestCase("102400", "102400", 0, 2_400, TestName = "a rest that is dust goes to the miner")]
    [TestCase("1000 1000 1000 500000", "500000", 398_110, 1_890, TestName = "coins that cost more than they bring stay")]
    [TestCase("1045 1045", "", 0, 0, TestName = "nothing but such coins")]
    public void Chooses(string coins, string chosen, long changeSats, long feeSats)
    {
        var selection = AtTen.Choose(Coins(coins), 100_000);
        Assert.That(selection is null ? "" : string.Join(' ', selection.Coins.Select(static coin => coin.Sats)), Is.EqualTo(chosen));
        Assert.That((selection?.ChangeSats ?? 0, selection?.FeeSats ?? 0), Is.EqualTo((changeSats, feeSats)));
    }

    [Test]
    public void Random_sets_are_paid_in_full_at_the_rate_and_only_once()
    {
        var random = Seed.New();
        var (paid, changeless) = (0, 0);
        for (var i = 0; i < 2_000; i++)
        {
            var rate = random.NextInt64(1_000, 200_000);
            var selection = new CoinSelection(rate, PayScript, ChangeScript);
            var coins = Coins(string.Join(' ', Enumerable.Range(0, random.Next(1, 60)).Select(_ => random.NextInt64(300, 1 << random.Next(10, 30)))));
            var sats = random.NextInt64(330, 1 << random.Next(10, 30));
            if (selection.Choose(coins, sats) is not { } chosen)
            {
                // Truly too little: all coins that are worth their fee do not pay.
                var useful = coins.Where(coin => coin.Sats > selection.FeeOf(1, false) - selection.FeeOf(0, false) + 1).ToArray();
                Assert.That(useful.Sum(static coin => coin.Sats), Is.LessThan(sats + selection.FeeOf(useful.Length, change: false)));
                continue;
            }
            paid++;
            if (chosen.ChangeSats == 0) changeless++;
            Assert.That(chosen.Coins.Sum(static coin => coin.Sats), Is.EqualTo(sats + chosen.ChangeSats + chosen.FeeSats));
            Assert.That(chosen.FeeSats, Is.GreaterThanOrEqualTo(selection.FeeOf(chosen.Coins.Count, chosen.ChangeSats > 0)));
            Assert.That(chosen.ChangeSats, Is.EqualTo(0).Or.GreaterThanOrEqualTo(330));
            if (chosen.ChangeSats > 0) Assert.That(chosen.FeeSats, Is.EqualTo(selection.FeeOf(chosen.Coins.Count, true)));
            Assert.That(chosen.Coins.Distinct().Count(), Is.EqualTo(chosen.Coins.Count));

            var again = selection.Choose(coins.OrderBy(_ => random.Next()).ToArray(), sats)!;
            Assert.That(again.Coins, Is.EqualTo(chosen.Coins));
        }
        Assert.That((paid > 500, changeless > 20), Is.EqualTo((true, true)), $"{paid} paid, {changeless} of them without change");
    }

    [Test]
    public void More_coins_than_a_transaction_may_have_are_not_taken()
    {
        var coins = Coins(string.Join(' ', Enumerable.Repeat("10000", 200)));
        // 100 coins bring 1,000,000 and cost 104,910 at 10 sat/vB with one output.
        Assert.That(AtTen.FeeOf(CoinSelection.CoinsMax, change: false), Is.EqualTo(104_920));
        Assert.That(AtTen.Choose(coins, 1_000_000 - 104_920)!.Coins.Count, Is.EqualTo(CoinSelection.CoinsMax));
        Assert.That(AtTen.Choose(coins, 1_000_001 - 104_920), Is.Null);
    }

    private static Coin[] Coins(string amounts) =>
        [.. amounts.Split(' ').Select(static (sats, i) => new Coin(new OutPoint($"{i:x64}", 0), long.Parse(sats), "ours"))];
}
