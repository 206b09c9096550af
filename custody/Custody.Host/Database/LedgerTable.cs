using Custody.Ledger;
using Venue.Messages;

namespace Custody.Host.Database;

/// <summary>A key that is in use came with other content: one of the two is wrong, and neither may be guessed.</summary>
public sealed class KeyConflictException(string key) : Exception($"'{key}' is in use with other content");

/// <summary>The ledger's tables. What they refuse by themselves is in 0001_ledger.sql.</summary>
public static class LedgerTable
{
    /// <summary>Books a batch; what is booked already with the same content is left out. How many were new.</summary>
    public static int Post(Unit unit, IReadOnlyList<LedgerTransaction> batch)
    {
        if (batch.Count == 0) return 0;
        var byKey = new Dictionary<string, LedgerTransaction>(batch.Count, StringComparer.Ordinal);
        foreach (var transaction in batch)
            if (!byKey.TryAdd(transaction.Key, transaction) && !byKey[transaction.Key].ContentHash.Span.SequenceEqual(transaction.ContentHash.Span))
                throw new KeyConflictException(transaction.Key);
        // In key order, so that two writers of the same keys wait for each other and do not lock each other out.
        var ordered = byKey.Values.OrderBy(t => t.Key, StringComparer.Ordinal).ToArray();
        var made = unit.Query("""
            insert into ledger_transaction (key, venue_seq, content_hash)
            select * from unnest($1::text[], $2::bigint[], $3::bytea[])
            on conflict (key) do nothing returning key
            """,
            r => r.GetString(0),
            ordered.Select(t => t.Key).ToArray(), ordered.Select(t => t.VenueSeq).ToArray(), ordered.Select(t => t.ContentHash.ToArray()).ToArray())
            .ToHashSet(StringComparer.Ordinal);
        if (made.Count < ordered.Length) CheckSame(unit, ordered.Where(t => !made.Contains(t.Key)).ToArray());
        if (made.Count == 0) return 0;

        var legs = ordered.Where(t => made.Contains(t.Key)).SelectMany(t => t.Postings.Select(p => (t.Key, p.Account, p.Amount))).ToArray();
        var accounts = legs.Select(l => l.Account).Distinct().OrderBy(a => a.ToString(), StringComparer.Ordinal).ToArray();
        var names = accounts.Select(a => a.ToString()).ToArray();
        unit.Execute("""
            insert into account (name, kind, owner, asset)
            select * from unnest($1::text[], $2::text[], $3::text[], $4::text[])
            on conflict (name) do nothing
            """,
            names, names.Select(n => n[..n.IndexOf('/')]).ToArray(), accounts.Select(a => a.Owner).ToArray(), accounts.Select(a => a.Asset).ToArray());
        var rows = unit.Execute("""
            insert into posting (transaction_id, account_id, atoms)
            select t.id, a.id, p.atoms
            from unnest($1::text[], $2::text[], $3::numeric[]) as p (key, account, atoms)
            join ledger_transaction t on t.key = p.key
            join account a on a.name = p.account
            """,
            legs.Select(l => l.Key).ToArray(), legs.Select(l => l.Account.ToString()).ToArray(), legs.Select(l => l.Amount).ToArray());
        if (rows != legs.Length) throw new InvalidOperationException($"Ledger: {legs.Length} legs, {rows} written");
        return made.Count;
    }

    /// <summary>All balances now.</summary>
    public static Dictionary<Account, Amount> Balances(Unit unit) => unit
        .Query("select a.name, b.atoms from balance b join account a on a.id = b.account_id", r => (Account.Parse(r.GetString(0)), r.Amount(1)))
        .ToDictionary();

    /// <summary>All balances as the feed had them after a sequence number, what came later taken off again.</summary>
    public static Dictionary<Account, Amount> BalancesAt(Unit unit, long venueSeq) => unit
        .Query("""
            select a.name, b.atoms - coalesce(later.atoms, 0)
            from balance b
            join account a on a.id = b.account_id
            left join (
                select p.account_id, sum(p.atoms) as atoms
                from ledger_transaction t join posting p on p.transaction_id = t.id
                where t.venue_seq > $1 and t.venue_seq > 0
                group by p.account_id
            ) later on later.account_id = b.account_id
            """, r => (Account.Parse(r.GetString(0)), r.Amount(1)), venueSeq)
        .ToDictionary();

    private static void CheckSame(Unit unit, LedgerTransaction[] booked)
    {
        var hashes = unit.Query("select key, content_hash from ledger_transaction where key = any ($1)", r => (r.GetString(0), r.GetFieldValue<byte[]>(1)), (object)booked.Select(t => t.Key).ToArray())
            .ToDictionary();
        foreach (var transaction in booked)
            if (!hashes.TryGetValue(transaction.Key, out var hash) || !transaction.ContentHash.Span.SequenceEqual(hash)) throw new KeyConflictException(transaction.Key);
    }
}
