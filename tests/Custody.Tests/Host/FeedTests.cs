using Custody.Host.Database;
using Custody.Host.Venue;
using Custody.Ledger;
using Custody.Settlement;
using Custody.Tests.Support;
using Npgsql;
using Venue.Api;
using Amount = Venue.Messages.Amount;

namespace Custody.Tests.Host;

/// <summary>The venue's feed becomes postings: what each event books, and each one exactly once.</summary>
public sealed class FeedTests
{
    [Test]
    public void Events_book_both_legs_and_the_fees_to_the_house() => Assert.That(Book(
        new Filled(1, 0, 0, Buyer: 1, Seller: 2, Notional: new Amount(1000), Base: new Amount(5), BuyerFee: new Amount(3), SellerFee: new Amount(-1)),
        new Filled(2, 4, 0, Buyer: 0, Seller: 2, Notional: new Amount(1000), Base: new Amount(5), BuyerFee: default, SellerFee: default),
        new Filled(3, 0, 0, Buyer: 1, Seller: 1, Notional: new Amount(1000), Base: new Amount(5), BuyerFee: new Amount(3), SellerFee: new Amount(2)),
        new Filled(4, 0, 0, Buyer: 1, Seller: 1, Notional: new Amount(1000), Base: new Amount(5), BuyerFee: default, SellerFee: default),
        new BalanceChanged(5, 0, BalanceChange.Credited, 1, 0, new Amount(9), "opening"),
        new BalanceChanged(6, 0, BalanceChange.Credited, 1, 0, new Amount(-9), "bank"),
        new BalanceChanged(7, 0, BalanceChange.Credited, 1, 0, new Amount(9), "deposit:net:tx:0"),
        new BalanceChanged(8, 0, BalanceChange.Held, 1, 0, new Amount(4), "payout:n"),
        new BalanceChanged(9, 0, BalanceChange.Released, 1, 0, new Amount(4), "payout:n"),
        new BalanceChanged(10, 0, BalanceChange.Settled, 1, 0, new Amount(4), "payout:n"),
        new BalanceChanged(11, 0, BalanceChange.Settled, 1, 0, new Amount(4), "another")), Is.EqualTo("""
        venue:1:0 fees//USD 2, firm/1/BTC 5, firm/1/USD -1003, firm/2/BTC -5, firm/2/USD 1001
        venue:2:4 firm/2/BTC -5, firm/2/USD 1000, house//BTC 5, house//USD -1000
        venue:3:0 fees//USD 5, firm/1/USD -5
        nothing
        venue:5:0 firm/1/BTC 9, outside//BTC -9
        venue:6:0 firm/1/BTC -9, outside//BTC 9
        venue:7:0 firm/1/BTC 9, in-transit//BTC -9
        venue:8:0 firm/1/BTC -4, withdrawing/1/BTC 4
        venue:9:0 firm/1/BTC 4, withdrawing/1/BTC -4
        venue:10:0 in-transit//BTC 4, withdrawing/1/BTC -4
        venue:11:0 outside//BTC 4, withdrawing/1/BTC -4
        """));

    [Test]
    public void A_corrected_trade_books_the_difference()
    {
        using var source = NpgsqlDataSource.Create(TestCluster.NewDatabase());
        var store = new Store(source);
        new FeedBooker(store).Book(
        [
            Batch(2, new Event { AssetDefined = new AssetDefined { Asset = 0, Code = "BTC", Decimals = 8 } }, new Event { AssetDefined = new AssetDefined { Asset = 1, Code = "USD", Decimals = 8 } },
                new Event { InstrumentDefined = new InstrumentDefined { Instrument = 1, Symbol = "BTC-USD", BaseAsset = 0, QuoteAsset = 1 } },
                new Event { Fill = new Fill { Instrument = 1, NotionalAtoms = "1000", BaseAtoms = "5", Buyer = new FillSide { Firm = 1, FeeAtoms = "3" }, Seller = new FillSide { Firm = 2, FeeAtoms = "-1" } } }),
            Batch(3, new Event
            {
                TradeCorrected = new TradeCorrected
                {
                    Instrument = 1, BuyerFirm = 1, SellerFirm = 2, BuyerFeeAtoms = "3", SellerFeeAtoms = "-1", NewBuyerFeeAtoms = "0", NewSellerFeeAtoms = "0", MoreNotionalAtoms = "-1000", MoreBaseAtoms = "-5",
                },
            }),
        ]);
        var balances = store.Read(LedgerTable.Balances);
        Assert.That(balances.Keys, Does.Contain(Account.Firm(1, "BTC")).And.Contain(Account.Fees("USD")));
        Assert.That(balances.Values.Select(a => a.Atoms), Is.All.EqualTo((Int128)0), "busted: as if it had never been");
    }

    [Test]
    public void An_event_of_something_undefined_is_a_bug_not_a_guess() =>
        Assert.Throws<InvalidOperationException>(() => new Bookkeeper().Book(new BalanceChanged(1, 0, BalanceChange.Credited, 1, 7, new Amount(1), "k")));

    [Test]
    public void Events_that_come_again_are_booked_once()
    {
        using var source = NpgsqlDataSource.Create(TestCluster.NewDatabase());
        var store = new Store(source);
        var batches = new List<EventBatch>
        {
            Batch(1, new Event { AssetDefined = new AssetDefined { Asset = 0, Code = "BTC", Decimals = 8 } }),
            Batch(2, Credit(10, "a")),
            Batch(3),
            Batch(5, Credit(20, "b"), Credit(30, "c")),
            Batch(6, Credit(40, "d")),
        };
        foreach (var batch in batches)
        {
            new FeedBooker(store).Book([batch]);
            // A new process each time; and one batch for all, the booked events among them, under the next number.
            var all = new EventBatch { ThroughSeq = batch.ThroughSeq };
            foreach (var before in batches.Where(b => b.ThroughSeq <= batch.ThroughSeq)) all.Events.Add(before.Events);
            new FeedBooker(store).Book([all]);
        }

        Assert.That(store.Read(LedgerTable.Balances)[Account.Firm(1, "BTC")].Atoms, Is.EqualTo((Int128)100));
        Assert.That(store.Read(FeedTable.Seq), Is.EqualTo(6));
    }

    [Test]
    public void Two_hosts_on_one_feed_are_found()
    {
        using var source = NpgsqlDataSource.Create(TestCluster.NewDatabase());
        var store = new Store(source);
        var (first, second) = (new FeedBooker(store), new FeedBooker(store));
        first.Book([Batch(1)]);

        Assert.Throws<InvalidOperationException>(() => second.Book([Batch(2)]));
        Assert.That(store.Read(FeedTable.Seq), Is.EqualTo(1));
    }

    [Test]
    public void A_venue_that_is_behind_the_ledger_is_another_venue()
    {
        using var source = NpgsqlDataSource.Create(TestCluster.NewDatabase());
        var booker = new FeedBooker(new Store(source));
        booker.Book([Batch(5)]);

        Assert.Throws<InvalidDataException>(() => booker.Book([Batch(4)]));
        Assert.Throws<InvalidDataException>(() => booker.Book([Batch(9), Batch(8)]));
        Assert.That(booker.Seq, Is.EqualTo(5));
    }

    private static EventBatch Batch(long through, params Event[] events)
    {
        for (var i = 0; i < events.Length; i++) (events[i].Seq, events[i].Index) = (through, i);
        return new EventBatch { ThroughSeq = through, Events = { events } };
    }

    private static Event Credit(int atoms, string key) => new() { Credited = new Credited { Firm = 1, Asset = 0, Atoms = atoms.ToString(System.Globalization.CultureInfo.InvariantCulture), Key = key } };

    private static string Book(params VenueEvent[] events)
    {
        var bookkeeper = new Bookkeeper();
        bookkeeper.Book(new AssetNamed(0, 0, 0, "BTC", 8));
        bookkeeper.Book(new AssetNamed(0, 1, 1, "USD", 2));
        bookkeeper.Book(new InstrumentNamed(0, 2, 0, "BTC-USD", 0, 1));
        return string.Join('\n', events.Select(e => bookkeeper.Book(e) is { } t ? $"{t.Key} {string.Join(", ", t.Postings.Select(p => $"{p.Account} {p.Amount.Atoms}"))}" : "nothing"));
    }
}
