using Custody.Host.Database;
using Custody.Ledger;
using Custody.Tests.Support;
using Npgsql;
using Venue.Messages;

namespace Custody.Tests.Ledger;

/// <summary>What the ledger's database refuses by itself, whoever writes to it.</summary>
public sealed class LedgerTests
{
    private NpgsqlDataSource _source = null!;
    private Store _store = null!;

    [SetUp]
    public void Open()
    {
        _source = NpgsqlDataSource.Create(TestCluster.NewDatabase());
        _store = new Store(_source);
    }

    [TearDown]
    public void Close() => _source.Dispose();

    [Test]
    public void A_batch_is_booked_and_balances_follow()
    {
        var booked = Post(Move("a", 1, 2, 100), Move("b", 2, 3, 30), Trade("c"));

        Assert.That(booked, Is.EqualTo(3));
        Assert.That(BalanceText(), Is.EqualTo("""
            fees//USDT 3
            firm/1/BTC -90
            firm/1/USDT -502
            firm/2/BTC 60
            firm/2/USDT 499
            firm/3/BTC 30
            """));
    }

    [Test]
    public void The_same_key_with_the_same_content_is_nothing_new()
    {
        Post(Move("a", 1, 2, 100));

        Assert.That(Post(Move("a", 1, 2, 100), Move("a", 1, 2, 100)), Is.Zero);
        Assert.That(BalanceText(), Is.EqualTo("firm/1/BTC -100\nfirm/2/BTC 100"));
    }

    [Test]
    public void The_same_key_with_other_content_is_an_error()
    {
        Post(Move("a", 1, 2, 100));

        Assert.Throws<KeyConflictException>(() => Post(Move("b", 1, 2, 5), Move("a", 1, 2, 101)));
        Assert.Throws<KeyConflictException>(() => Post(Move("c", 1, 2, 5), Move("c", 1, 2, 6)));
        Assert.That(BalanceText(), Is.EqualTo("firm/1/BTC -100\nfirm/2/BTC 100"), "nothing of the batches was kept");
    }

    [Test]
    public void A_transaction_that_does_not_balance_is_a_bug_before_it_reaches_the_database() =>
        Assert.Throws<InvalidOperationException>(() => LedgerTransaction.Of("a", 0,
            new Posting(Account.Firm(1, "BTC"), new Amount(-1)), new Posting(Account.Firm(1, "ETH"), new Amount(1))));

    // Transaction 1 is booked. Accounts 1 and 2 are BTC of firms 1 and 2, 3 is ETH of firm 1, 4 and 5 are BTC of others.
    [TestCase("insert into posting values (new(), 1, 5)", "ledger-unbalanced")]
    [TestCase("insert into posting values (new(), 1, 5), (currval('ledger_transaction_id_seq'), 2, -4)", "ledger-unbalanced")]
    [TestCase("insert into posting values (new(), 1, 5), (currval('ledger_transaction_id_seq'), 3, -5)", "ledger-unbalanced")]
    [TestCase("set constraints all immediate; insert into posting values (1, 4, 5)", "ledger-unbalanced")]
    [TestCase("insert into posting select 1, a, n from (values (1, 5), (2, -5)) as v (a, n)", "posting_pkey")]
    [TestCase("insert into posting select 1, a, n from (values (4, 5), (5, -5)) as v (a, n)", "ledger-closed")]
    [TestCase("select new()", "ledger-empty")]
    [TestCase("insert into posting values (new(), 1, 0)", "posting_atoms_check")]
    [TestCase("update posting set atoms = 1", "append-only")]
    [TestCase("update posting set atoms = atoms where false", "append-only")]
    [TestCase("delete from posting", "append-only")]
    [TestCase("truncate posting", "append-only")]
    [TestCase("truncate ledger_transaction cascade", "append-only")]
    [TestCase("update ledger_transaction set key = 'x'", "append-only")]
    [TestCase("delete from ledger_transaction", "append-only")]
    [TestCase("update account set asset = 'ETH'", "append-only")]
    [TestCase("delete from account", "append-only")]
    [TestCase("update balance set atoms = 0", "balance-derived")]
    [TestCase("insert into balance values (5, 1)", "balance-derived")]
    [TestCase("delete from balance", "append-only")]
    [TestCase("insert into ledger_transaction (key, venue_seq, content_hash) values ('a', 0, sha256('')); select 1", "ledger_transaction_key_key")]
    [TestCase("update feed_cursor set seq = 5; update feed_cursor set seq = 4", "feed-cursor")]
    [TestCase("insert into feed_cursor (only_one, seq) values (false, 1)", "feed_cursor_only_one_check")]
    public void By_hand_written_SQL_it_is_refused(string sql, string words)
    {
        Post(Move("a", 1, 2, 100));
        Run("""
            insert into account (name, kind, owner, asset) values ('firm/1/ETH', 'firm', '1', 'ETH'), ('firm/8/BTC', 'firm', '8', 'BTC'), ('firm/9/BTC', 'firm', '9', 'BTC');
            create function new() returns bigint language sql as $$ insert into ledger_transaction (key, venue_seq, content_hash) values ('by hand', 0, sha256('')) returning id $$;
            """);
        var before = BalanceText();

        var refusal = Assert.Throws<PostgresException>(() => Run(sql))!;
        Assert.That(refusal.MessageText + refusal.ConstraintName, Does.Contain(words));
        Assert.That(BalanceText(), Is.EqualTo(before));
        Assert.That(Scalar("select count(*) from posting"), Is.EqualTo(2));
    }

    [Test]
    public void By_hand_written_SQL_what_balances_is_taken()
    {
        Post(Move("a", 1, 2, 100));
        Run("""
            with made as (insert into ledger_transaction (key, venue_seq, content_hash) values ('by hand', 0, sha256('')) returning id)
            insert into posting select made.id, a, n from made, (values (1, 7), (2, -7)) as v (a, n)
            """);

        Assert.That(BalanceText(), Is.EqualTo("firm/1/BTC -93\nfirm/2/BTC 93"));
    }

    [Test]
    public void Balances_at_a_sequence_number_leave_out_what_came_later()
    {
        Post(Move("a", 1, 2, 100, seq: 10), Move("b", 1, 2, 1, seq: 11), Move("c", 1, 3, 5, seq: 12), Move("d", 2, 3, 7, seq: 0));

        var at = _store.Read(u => LedgerTable.BalancesAt(u, 11));
        Assert.That(at[Account.Firm(1, "BTC")].Atoms, Is.EqualTo((Int128)(-101)));
        Assert.That(at[Account.Firm(3, "BTC")].Atoms, Is.EqualTo((Int128)7), "what the feed does not move has no place in it");
    }

    [Test]
    public void Amounts_of_more_than_64_bits_come_back_whole()
    {
        var atoms = Amount.Max.Atoms;
        Post(LedgerTransaction.Of("a", 0, new Posting(Account.Firm(1, "ETH"), new Amount(atoms)), new Posting(Account.Outside("ETH"), new Amount(-atoms)))!);

        Assert.That(_store.Read(LedgerTable.Balances)[Account.Outside("ETH")].Atoms, Is.EqualTo(-atoms));
    }

    [Test]
    public void Two_writers_of_the_same_batch_book_it_once()
    {
        var batch = Enumerable.Range(0, 200).Select(i => Move($"t{i}", i % 5, 5 + i % 3, 1 + i)).ToArray();

        Parallel.For(0, 6, _ => Post(batch));

        Assert.That(Scalar("select count(*) from ledger_transaction"), Is.EqualTo(200));
        Assert.That(Scalar("select coalesce(sum(atoms), 0)::bigint from balance"), Is.Zero);
        Assert.That(Scalar("select count(*) from balance b where atoms <> (select sum(atoms) from posting p where p.account_id = b.account_id)"), Is.Zero);
    }

    private static LedgerTransaction Move(string key, int from, int to, long atoms, long seq = 0) =>
        LedgerTransaction.Of(key, seq, new Posting(Account.Firm(from, "BTC"), new Amount(-atoms)), new Posting(Account.Firm(to, "BTC"), new Amount(atoms)))!;

    private static LedgerTransaction Trade(string key) => LedgerTransaction.Of(key, 7,
        new Posting(Account.Firm(1, "BTC"), new Amount(10)), new Posting(Account.Firm(2, "BTC"), new Amount(-10)),
        new Posting(Account.Firm(1, "USDT"), new Amount(-502)), new Posting(Account.Firm(2, "USDT"), new Amount(499)), new Posting(Account.Fees("USDT"), new Amount(3)))!;

    private int Post(params LedgerTransaction[] batch)
    {
        var booked = 0;
        _store.Write(u => booked = LedgerTable.Post(u, batch));
        return booked;
    }

    private string BalanceText() => string.Join('\n', _store.Read(LedgerTable.Balances).Select(b => $"{b.Key} {b.Value.Atoms}").Order(StringComparer.Ordinal));

    private void Run(string sql)
    {
        using var connection = _source.OpenConnection();
        using var transaction = connection.BeginTransaction();
        using var command = new NpgsqlCommand(sql, connection, transaction);
        command.ExecuteNonQuery();
        transaction.Commit();
    }

    private long Scalar(string sql)
    {
        using var command = _source.CreateCommand(sql);
        return (long)command.ExecuteScalar()!;
    }
}
