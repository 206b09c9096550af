using Custody.Deposits;
using Custody.Host.Database;
using Custody.Host.Venue;
using Custody.Host.Workers;
using Custody.Keys;
using Custody.Ledger;
using Custody.Policy;
using Custody.Settlement;
using Custody.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Venue.Messages;

namespace Custody.Tests.Deposits;

/// <summary>Deposits on a chain that turns, against the real database and a venue that counts.</summary>
public sealed class DepositTests
{
    private const string Alpha = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", House = "0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    private string _folder = null!;
    private NpgsqlDataSource _source = null!;
    private Store _store = null!;
    private FileChain _chain = null!;
    private CountingVenue _venue = null!;
    private DepositWorker _worker = null!;

    [SetUp]
    public void Open()
    {
        _folder = Directory.CreateTempSubdirectory("deposits-").FullName;
        _source = NpgsqlDataSource.Create(TestCluster.NewDatabase());
        _store = new Store(_source);
        _chain = new FileChain(_folder);
        _venue = new CountingVenue();
        _store.Write(u =>
        {
            FeedTable.Name(u, new AssetNamed(1, 0, 1, "ETH", 18));
            DepositTable.AddAddress(u, new SignerAddress(FileChain.Network, "hot", House, [new byte[33]]), House, 0);
            DepositTable.AddAddress(u, new SignerAddress(FileChain.Network, "firm-1", Alpha, [new byte[33]]), Alpha, 1);
        });
        Restart();
    }

    [TearDown]
    public void Close()
    {
        _source.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void It_is_seen_then_confirming_then_credited_once()
    {
        _chain.Pay(Alpha, "ETH", 70);
        _chain.Mine();
        Assert.That(Poll(), Is.EqualTo("Seen"));
        _chain.Mine();
        Assert.That(Poll(), Is.EqualTo("Confirming"));
        Assert.That(_venue.Credits, Is.Empty);
        _chain.Mine();
        Assert.That(Poll(), Is.EqualTo("Credited"));
        Poll();
        Restart();
        Poll();

        Assert.That(_venue.Credits, Has.Count.EqualTo(1));
        Assert.That(_venue.Credits[0], Does.Match("^1 1 70 deposit:[0-9a-f]{31}$"), "39 characters, as many as the venue takes");
        Assert.That(Balance(Account.Chain(FileChain.Network, "ETH")), Is.EqualTo((Int128)(-70)));
        Assert.That(Balance(Account.InTransit("ETH")), Is.EqualTo((Int128)70), "until the venue's feed says that the firm has it");
    }

    [Test]
    public void Two_payments_of_the_same_amount_both_count()
    {
        _chain.Pay(Alpha, "ETH", 70);
        _chain.Pay(Alpha, "ETH", 70);
        _chain.Mine(3);
        Poll();

        Assert.That(_venue.Credits.Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public void What_is_paid_to_the_house_is_its_treasury_and_no_firms()
    {
        _chain.Pay(House, "ETH", 70);
        _chain.Mine(3);

        Assert.That(Poll(), Is.EqualTo("Credited"));
        Assert.That(_venue.Credits, Is.Empty);
        Assert.That(Balance(Account.Treasury("ETH")), Is.EqualTo((Int128)70));
    }

    [Test]
    public void A_reorganisation_before_credit_takes_it_back()
    {
        _chain.Pay(Alpha, "ETH", 70);
        _chain.Mine(2);
        Poll();
        _chain.Reorganise(2, isDropped: true);
        _chain.Mine(6);

        Assert.That(Poll(), Is.EqualTo("TakenBack"));
        Assert.That(_venue.Credits, Is.Empty);
        Assert.That(_store.Read(LedgerTable.Balances), Is.Empty);
        Assert.That(Alarms(), Is.Empty);
    }

    [Test]
    public void Seen_again_in_another_block_it_waits_from_there_and_is_credited_once()
    {
        _chain.Pay(Alpha, "ETH", 70);
        _chain.Mine(2);
        Poll();
        _chain.Reorganise(2, isDropped: false);
        _chain.Mine();
        Assert.That(Poll(), Is.EqualTo("Seen"));
        _chain.Mine(2);
        Assert.That(Poll(), Is.EqualTo("Credited"));

        Assert.That(_venue.Credits, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_reorganisation_after_credit_is_an_alarm_until_it_is_seen_again()
    {
        _chain.Pay(Alpha, "ETH", 70);
        _chain.Mine(3);
        Poll();
        _chain.Reorganise(3, isDropped: false);

        Assert.That(Poll(), Is.EqualTo("LostAfterCredit"));
        Assert.That(Alarms(), Is.EqualTo("deposit-lost-after-credit"));
        _chain.Mine(3);
        Assert.That(Poll(), Is.EqualTo("Credited"));
        Assert.That(Alarms(), Is.Empty);
        Assert.That(_venue.Credits.Distinct().Count(), Is.EqualTo(1), "the venue may be told again, under the same key");
        Assert.That(Balance(Account.Chain(FileChain.Network, "ETH")), Is.EqualTo((Int128)(-70)), "booked once");
    }

    [Test]
    public void A_reorganisation_deeper_than_the_trail_stops_and_says_so()
    {
        _chain.Mine(30);
        Poll();
        _chain.Reorganise(25, isDropped: true);
        _chain.Pay(Alpha, "ETH", 70);
        _chain.Mine(30);
        Poll();

        Assert.That(Alarms(), Is.EqualTo("reorganisation-too-deep"));
        Assert.That(Statuses(), Is.Empty);
    }

    [Test]
    public void A_venue_that_is_down_leaves_it_crediting_and_is_asked_again()
    {
        _venue.IsDown = true;
        _chain.Pay(Alpha, "ETH", 70);
        _chain.Mine(3);
        Assert.Throws<VenueUnavailableException>(() => _worker.Poll());
        Assert.That(Statuses(), Is.EqualTo("Crediting"));
        _venue.IsDown = false;

        Assert.That(Poll(), Is.EqualTo("Credited"));
    }

    [Test]
    public void An_asset_that_the_venue_does_not_know_waits_with_an_alarm()
    {
        _chain.Pay(Alpha, FileChain.Usd, 70);
        _chain.Mine(3);

        Assert.That(Poll(), Is.EqualTo("Crediting"));
        Assert.That(Alarms(), Is.EqualTo("asset-unknown-to-venue"));
    }

    private void Restart() => _worker = new DepositWorker(
        new Desk(_store, new PolicyTerms { ApprovalsRequired = 1, WhitelistWaitSeconds = 0, IntentLifetimeMaxSeconds = 1, Approvers = [], Assets = [], Whitelist = [] }, () => 1, NullLogger.Instance),
        _chain, HostUnderTest.Terms, _venue);

    private string Poll()
    {
        _worker.Poll();
        return Statuses();
    }

    private string Statuses() => string.Join(' ', _store.Read(u => DepositTable.Latest(u, 10)).Select(d => d.Status));

    private string Alarms() => string.Join(' ', _store.Read(u => AlarmTable.Latest(u, 10)).Where(a => a.ClearedNs is null).Select(a => a.Tag));

    private Int128 Balance(Account account) => _store.Read(LedgerTable.Balances).GetValueOrDefault(account).Atoms;

    private sealed class CountingVenue : IVenue
    {
        public List<string> Credits { get; } = [];
        public bool IsDown { get; set; }

        public void Credit(int firm, int asset, Amount amount, string key)
        {
            if (IsDown) throw new VenueUnavailableException("down", new IOException());
            Credits.Add($"{firm} {asset} {amount.Atoms} {key}");
        }

        public string? Hold(int firm, int asset, Amount amount, string key) => throw new InvalidOperationException();
        public void Settle(string key) => throw new InvalidOperationException();
        public void Release(string key) => throw new InvalidOperationException();
        public (long Seq, IReadOnlyList<VenueBalance> Balances) Balances() => throw new InvalidOperationException();
    }
}
