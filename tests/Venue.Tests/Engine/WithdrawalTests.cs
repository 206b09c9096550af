using Venue.Engine;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Withdrawals on their way: each is held once and ends once, told as often as it is asked.</summary>
internal sealed class WithdrawalTests
{
    [Test]
    public void A_settled_withdrawal_leaves_the_venue() => Script.Run("""
        firm alice USD 1000
        hold alice USD 300 key w1
        => withdrawal w1 held firm 1 asset 1 300
        alice balance USD
        => 700 + 0 held + 300 withdrawing
        settle w1
        => withdrawal w1 settled firm 1 asset 1 300
        alice balance USD
        => 700 + 0 held
        """);

    [Test]
    public void A_released_withdrawal_is_available_again() => Script.Run("""
        firm alice USD 1000
        hold alice USD 300 key w1
        => withdrawal w1 held firm 1 asset 1 300
        release w1
        => withdrawal w1 released firm 1 asset 1 300
        alice balance USD
        => 1000 + 0 held
        """);

    [Test]
    public void The_same_again_changes_nothing_and_no_event_says_that_it_did() => Script.Run("""
        firm alice USD 1000
        hold alice USD 300 key w1
        => withdrawal w1 held firm 1 asset 1 300
        hold alice USD 300 key w1
        alice balance USD
        => 700 + 0 held + 300 withdrawing
        settle w1
        => withdrawal w1 settled firm 1 asset 1 300
        settle w1
        hold alice USD 300 key w1
        alice balance USD
        => 700 + 0 held
        hold alice USD 100 key w2
        => withdrawal w2 held firm 1 asset 1 100
        release w2
        => withdrawal w2 released firm 1 asset 1 100
        release w2
        alice balance USD
        => 700 + 0 held
        """);

    [Test]
    public void A_withdrawal_ends_only_one_way() => Script.Run("""
        firm alice USD 1000
        hold alice USD 300 key w1
        => withdrawal w1 held firm 1 asset 1 300
        settle w1
        => withdrawal w1 settled firm 1 asset 1 300
        release w1
        => refused ReleaseWithdrawal AlreadyEnded
        hold alice USD 300 key w2
        => withdrawal w2 held firm 1 asset 1 300
        release w2
        => withdrawal w2 released firm 1 asset 1 300
        settle w2
        => refused SettleWithdrawal AlreadyEnded
        settle w3
        => refused SettleWithdrawal UnknownKey
        release w3
        => refused ReleaseWithdrawal UnknownKey
        alice balance USD
        => 700 + 0 held
        """);

    [Test]
    public void What_is_on_its_way_cannot_be_spent() => Script.Run("""
        firm alice USD 1000
        alice buy a1 4@100
        => alice New a1 4@100 New 0+4
        => level buy 4@100
        hold alice USD 601 key w1
        => refused HoldWithdrawal AmountOutOfRange
        hold alice USD 500 key w1
        => withdrawal w1 held firm 1 asset 1 500
        credit alice USD -101 key k1
        => refused Credit AmountOutOfRange
        alice buy a2 2@100
        => alice Rejected a2 2@100 Rejected 0+0 InsufficientBalance
        hold alice USD 101 key w2
        => refused HoldWithdrawal AmountOutOfRange
        credit alice USD -100 key k1
        => Credited
        alice balance USD
        => 0 + 400 held + 500 withdrawing
        """);

    [Test]
    public void What_is_on_its_way_still_counts_to_the_largest_amount_until_it_is_settled() => Script.Run("""
        firm alice USD 1329227995784915872903807060280344576
        firm bob X 1
        hold alice USD 1329227995784915872903807060280344576 key w1
        => withdrawal w1 held firm 1 asset 1 1329227995784915872903807060280344576
        credit bob USD 1 key k1
        => refused Credit AmountOutOfRange
        settle w1
        => withdrawal w1 settled firm 1 asset 1 1329227995784915872903807060280344576
        credit bob USD 1329227995784915872903807060280344576 key k1
        => Credited
        release w1
        => refused ReleaseWithdrawal AlreadyEnded
        """);

    [Test]
    public void The_house_withdraws_its_fees() => Script.Run("""
        instrument fees 10000/20000
        firm alice USD 1020
        firm bob X 10
        alice buy a1 10@100
        => alice New a1 10@100 New 0+10
        => level buy 10@100
        bob sell b1 10@100
        => bob New b1 10@100 New 0+10
        => alice Trade a1 10@100 fills 10@100 maker fee 10 trade 1 Filled 10+0
        => bob Trade b1 10@100 fills 10@100 taker fee 20 trade 1 Filled 10+0
        => trade 1 sell 10@100
        => level buy 0@100
        hold house USD 30 key w1
        => withdrawal w1 held firm 0 asset 1 30
        settle w1
        => withdrawal w1 settled firm 0 asset 1 30
        house balance USD
        => 0 + 0 held
        """);

    [Test]
    public void A_credit_and_a_withdrawal_may_have_the_same_key() => Script.Run("""
        firm alice USD 1000
        credit alice USD 5 key k1
        => Credited
        hold alice USD 5 key k1
        => withdrawal k1 held firm 1 asset 1 5
        """);

    /// <summary>Its end tells the hold's header again, so that header is state.</summary>
    [Test]
    public void Holds_that_will_be_told_differently_are_different_states() =>
        Assert.That(HashAfterHoldOf(request: 1), Is.Not.EqualTo(HashAfterHoldOf(request: 2)));

    private static ulong HashAfterHoldOf(int request)
    {
        var commands = new Commands();
        var engine = new VenueEngine<Recorder>(Script.Small, new EventLog().Recorder);
        engine.Apply(commands.Asset(1, "USD", 0));
        engine.Apply(commands.Credit(0, 1, 5, "k"));
        ref var hold = ref commands.Begin<HoldWithdrawal>(CommandType.HoldWithdrawal, 0);
        (hold.Header.Request, hold.Asset, hold.Amount, hold.Key) = (request, 1, new Amount(5), Text40.From("w"));
        engine.Apply(Commands.Whole(in hold));
        Assert.That(engine.Withdrawing(0, 1).Atoms, Is.EqualTo((Int128)5));
        return engine.StateHash();
    }
}
