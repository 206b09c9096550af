using Custody.Keys;
using Custody.Chains;
using Custody.Deposits;

using Venue.Messages;

namespace Custody.Host.Database;

/// <summary>Our addresses, the blocks that were read, and deposits with every move.</summary>
public static class DepositTable
{
    private const string Columns = "tx_id, index, address, asset, atoms, firm, height, hash, parent_hash, status";

    /// <summary>Writes an address down; known ones stay as they are.</summary>
    public static void AddAddress(Unit unit, SignerAddress address, string canonical, int firm) => unit.Execute(
        "insert into own_address (chain_id, address, key_group, firm, public_keys) values ($1, $2, $3, $4, $5) on conflict (chain_id, address) do nothing",
        address.ChainID, canonical, address.Group, firm, address.PublicKeys.Select(k => k.ToArray()).ToArray());

    /// <summary>Our addresses on a chain with the firm of each, the hot one first.</summary>
    public static List<(OwnAddress Address, string Group, int Firm)> Addresses(Unit unit, string chainID) => unit.Query(
        "select address, public_keys, key_group, firm from own_address where chain_id = $1 order by key_group <> 'hot', firm, key_group",
        r => (new OwnAddress(r.GetString(0), [.. r.GetFieldValue<byte[][]>(1).Select(k => (ReadOnlyMemory<byte>)k)]), r.GetString(2), r.GetInt32(3)), chainID);

    /// <summary>The last blocks that were read.</summary>
    public static BlockTrail Trail(Unit unit, string chainID) => new(unit.Query(
        "select height, hash, parent_hash from block_trail where chain_id = $1 order by height",
        r => new BlockRef(r.GetInt64(0), r.GetString(1), r.GetString(2)), chainID));

    /// <summary>Adds a block and forgets those that are too old to be undone.</summary>
    public static void AddBlock(Unit unit, string chainID, BlockRef block, int keep)
    {
        unit.Execute("insert into block_trail (chain_id, height, hash, parent_hash) values ($1, $2, $3, $4)", chainID, block.Height, block.Hash, block.ParentHash);
        unit.Execute("delete from block_trail where chain_id = $1 and height <= $2", chainID, block.Height - keep);
    }

    /// <summary>Takes off the blocks from a height on.</summary>
    public static void DropBlocks(Unit unit, string chainID, long fromHeight) =>
        unit.Execute("delete from block_trail where chain_id = $1 and height >= $2", chainID, fromHeight);

    /// <summary>One deposit; null when it was never seen.</summary>
    public static Deposit? Find(Unit unit, string chainID, string txID, int index) => unit.Query(
        $"select {Columns} from deposit where chain_id = $1 and tx_id = $2 and index = $3", r => Read(r, chainID), chainID, txID, index).FirstOrDefault();

    /// <summary>Deposits to which something may still happen by itself, oldest block first.</summary>
    public static List<Deposit> Open(Unit unit, string chainID) => unit.Query(
        $"select {Columns} from deposit where chain_id = $1 and status in ('Seen', 'Confirming', 'Crediting') order by height, tx_id, index", r => Read(r, chainID), chainID);

    /// <summary>Deposits in a block.</summary>
    public static List<Deposit> InBlock(Unit unit, string chainID, BlockRef block) => unit.Query(
        $"select {Columns} from deposit where chain_id = $1 and height = $2 and hash = $3 and status in ('Seen', 'Confirming', 'Crediting', 'Credited')", r => Read(r, chainID), chainID, block.Height, block.Hash);

    /// <summary>The latest deposits.</summary>
    public static List<Deposit> Latest(Unit unit, int limit) => unit.Query(
        $"select {Columns}, chain_id from deposit order by height desc, tx_id, index limit $1", r => Read(r, r.GetString(10)), limit);

    /// <summary>Atoms in blocks that are not booked yet.</summary>
    public static Amount OnTheWay(Unit unit, string chainID, string asset) => unit.Query(
        "select coalesce(sum(atoms), 0)::numeric(39, 0) from deposit where chain_id = $1 and asset = $2 and status in ('Seen', 'Confirming')", r => r.Amount(0), chainID, asset)[0];

    /// <summary>Writes a new deposit down.</summary>
    public static void Add(Unit unit, Deposit deposit)
    {
        var p = deposit.Payment;
        unit.Execute("insert into deposit (chain_id, tx_id, index, address, asset, atoms, firm, height, hash, parent_hash, status) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            deposit.ChainID, p.TxID, p.Index, p.Address, p.Asset, p.Amount, deposit.Firm, p.Block.Height, p.Block.Hash, p.Block.ParentHash, deposit.Status);
    }

    /// <summary>Writes a move down with the state that it led to. Throws when another one came in between.</summary>
    public static void Save(Unit unit, Deposit deposit, DepositMove move)
    {
        var p = deposit.Payment;
        if (unit.Execute("update deposit set status = $4, height = $5, hash = $6, parent_hash = $7 where chain_id = $1 and tx_id = $2 and index = $3 and status = $8",
                deposit.ChainID, p.TxID, p.Index, move.To, p.Block.Height, p.Block.Hash, p.Block.ParentHash, move.From) != 1)
            throw new InvalidOperationException($"Deposit: {deposit.Key} is no longer {move.From}");
        unit.Execute("insert into deposit_move (chain_id, tx_id, index, at_ns, from_status, event, to_status) values ($1, $2, $3, $4, $5, $6, $7)",
            deposit.ChainID, p.TxID, p.Index, move.AtNs, move.From, move.On, move.To);
    }

    private static Deposit Read(Npgsql.NpgsqlDataReader r, string chainID) => new(chainID,
        new ChainDeposit(r.GetString(0), r.GetInt32(1), r.GetString(2), r.GetString(3), r.Amount(4), new BlockRef(r.GetInt64(6), r.GetString(7), r.GetString(8))),
        r.GetInt32(5), r.State<DepositStatus>(9));
}
