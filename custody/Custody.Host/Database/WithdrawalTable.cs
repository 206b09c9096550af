using Custody.Chains;
using Custody.Keys;
using Custody.Withdrawals;
using Venue.Messages;

namespace Custody.Host.Database;

/// <summary>A withdrawal as stored, with the count of its moves: who saves an old one is told so.</summary>
public sealed record StoredWithdrawal(Withdrawal Withdrawal, int Version, long RequestedNs);

/// <summary>A withdrawal's transaction: built, and signed once <see cref="Signed"/> is there.</summary>
public sealed record StoredTransaction(UnsignedTransaction Unsigned, SignedTransaction? Signed);

/// <summary>Withdrawals, their approvals, moves and transactions.</summary>
public static class WithdrawalTable
{
    private const string Columns = "intent, status, reason, version, requested_ns";

    /// <summary>Writes a new one down; null when the request key is new, else the withdrawal that has it.</summary>
    public static StoredWithdrawal? Add(Unit unit, string requestKey, Withdrawal withdrawal, long nowNs)
    {
        var i = withdrawal.Intent;
        var made = unit.Execute("""
            insert into withdrawal (nonce, request_key, intent, chain_id, asset, atoms, firm, requested_ns, status, reason)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (request_key) do nothing
            """, i.Nonce, requestKey, i.ToBytes(), i.ChainID, i.Asset, i.Amount, i.Firm, nowNs, withdrawal.Status, withdrawal.Reason);
        return made == 1 ? null : unit.Query($"select {Columns} from withdrawal where request_key = $1", Read, requestKey)[0];
    }

    /// <summary>One withdrawal; null when there is none of this nonce.</summary>
    public static StoredWithdrawal? Find(Unit unit, string nonce) => unit.Query($"select {Columns} from withdrawal where nonce = $1", Read, nonce).FirstOrDefault();

    /// <summary>Those of a chain to which something may still happen, oldest first.</summary>
    public static List<StoredWithdrawal> Open(Unit unit, string chainID) => unit.Query(
        $"select {Columns} from withdrawal where chain_id = $1 and status not in ('Settled', 'Refused', 'Canceled', 'Failed') order by requested_ns, nonce", Read, chainID);

    /// <summary>The latest ones.</summary>
    public static List<StoredWithdrawal> Latest(Unit unit, int limit, bool isOpenOnly) => unit.Query(
        $"select {Columns} from withdrawal where not $2 or status not in ('Settled', 'Refused', 'Canceled', 'Failed') order by requested_ns desc, nonce limit $1", Read, limit, isOpenOnly);

    /// <summary>Writes a move down with the state that it led to; false when another move came in between.</summary>
    public static bool Save(Unit unit, StoredWithdrawal stored, WithdrawalMove move)
    {
        var nonce = stored.Withdrawal.Intent.Nonce;
        if (unit.Execute("update withdrawal set status = $3, reason = $4, version = version + 1, approved_ns = coalesce(approved_ns, $5) where nonce = $1 and version = $2",
                nonce, stored.Version, move.To, move.Reason, move.To == WithdrawalStatus.Approved ? move.AtNs : null) != 1) return false;
        unit.Execute("insert into withdrawal_move (nonce, at_ns, from_status, event, to_status, reason) values ($1, $2, $3, $4, $5, $6)",
            nonce, move.AtNs, move.From, move.On, move.To, move.Reason);
        if (move.To is WithdrawalStatus.Confirmed or WithdrawalStatus.Refusing or WithdrawalStatus.Failing) unit.Execute("delete from reservation where nonce = $1", nonce);
        return true;
    }

    /// <summary>All moves of one, in order.</summary>
    public static List<WithdrawalMove> Moves(Unit unit, string nonce) => unit.Query(
        "select from_status, event, to_status, at_ns, reason from withdrawal_move where nonce = $1 order by id",
        r => new WithdrawalMove(r.State<WithdrawalStatus>(0), r.State<WithdrawalEvent>(1), r.State<WithdrawalStatus>(2), r.GetInt64(3), r.GetString(4)), nonce);

    /// <summary>Keeps an approval; the approver's second one changes nothing.</summary>
    public static void Approve(Unit unit, string nonce, Approval approval, long nowNs) => unit.Execute(
        "insert into approval (nonce, approver, signature, at_ns) values ($1, $2, $3, $4) on conflict (nonce, approver) do nothing", nonce, approval.Approver, approval.Signature, nowNs);

    /// <summary>Approvals in the order in which they came.</summary>
    public static List<Approval> Approvals(Unit unit, string nonce) => unit.Query(
        "select approver, signature from approval where nonce = $1 order by at_ns, approver", r => new Approval(r.GetString(0), r.GetFieldValue<byte[]>(1)), nonce);

    /// <summary>Approved of an asset since a time and not taken back, one nonce left out; in atoms.</summary>
    public static Amount SpentSince(Unit unit, string chainID, string asset, long sinceNs, string exceptNonce) => unit.Query(
        "select coalesce(sum(atoms), 0)::numeric(39, 0) from withdrawal where chain_id = $1 and asset = $2 and approved_ns > $3 and nonce <> $4 and status not in ('Refusing', 'Refused', 'Canceling', 'Canceled', 'Failing', 'Failed')",
        r => r.Amount(0), chainID, asset, sinceNs, exceptNonce)[0];

    /// <summary>Keeps the unsigned transaction and reserves what it spends.</summary>
    public static void AddTransaction(Unit unit, string nonce, UnsignedTransaction transaction)
    {
        unit.Execute("insert into withdrawal_transaction (nonce, chain_id, unsigned) values ($1, $2, $3)", nonce, transaction.ChainID, SignerWire.Text(transaction));
        unit.Execute("insert into reservation (chain_id, resource, nonce) select $1, unnest($2::text[]), $3", transaction.ChainID, transaction.Spends.ToArray(), nonce);
    }

    /// <summary>Keeps the signed bytes, once and for ever.</summary>
    public static void AddSigned(Unit unit, string nonce, SignedTransaction signed)
    {
        if (unit.Execute("update withdrawal_transaction set raw = $2, tx_id = $3 where nonce = $1 and raw is null", nonce, signed.Raw, signed.TxID) != 1)
            throw new InvalidOperationException($"Withdrawal: {nonce} has signed bytes already");
    }

    /// <summary>A withdrawal's transaction; null before one is built.</summary>
    public static StoredTransaction? Transaction(Unit unit, string nonce) => unit.Query(
        "select unsigned, raw, tx_id from withdrawal_transaction where nonce = $1",
        r => new StoredTransaction(SignerWire.Parse<UnsignedTransaction>(System.Text.Encoding.UTF8.GetBytes(r.GetString(0))),
            r.IsDBNull(1) ? null : new SignedTransaction(r.GetString(2), r.GetFieldValue<byte[]>(1))), nonce).FirstOrDefault();

    /// <summary>What transactions under way spend.</summary>
    public static HashSet<string> Reserved(Unit unit, string chainID) =>
        [.. unit.Query("select resource from reservation where chain_id = $1", r => r.GetString(0), chainID)];

    /// <summary>Which of these transactions are withdrawals of ours.</summary>
    public static HashSet<string> Ours(Unit unit, string chainID, IEnumerable<string> txIDs) =>
        [.. unit.Query("select tx_id from withdrawal_transaction where chain_id = $1 and tx_id = any ($2)", r => r.GetString(0), chainID, txIDs.ToArray())];

    private static StoredWithdrawal Read(Npgsql.NpgsqlDataReader r)
    {
        if (!WithdrawalIntent.TryParse(r.GetFieldValue<byte[]>(0), out var intent)) throw new InvalidOperationException("Withdrawal: a stored intent cannot be read");
        return new StoredWithdrawal(new Withdrawal(intent, r.State<WithdrawalStatus>(1), r.GetString(2)), r.GetInt32(3), r.GetInt64(4));
    }
}
