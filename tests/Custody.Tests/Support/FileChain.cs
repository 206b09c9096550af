using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Custody.Chains;
using Custody.Signer.Ethereum;
using Venue.Messages;

namespace Custody.Tests.Support;

/// <summary>
/// A stand-in account chain whose state is a file, so that a test and a host that is killed see the same one. Its transactions
/// are real EIP-1559 payloads, since the signer reads them.
/// </summary>
public sealed class FileChain(string folder) : IChain
{
    public const string Network = "eip155:31337", Usd = "USDT", UsdContract = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
    public const long GasPrice = 1_000_000_000, Gas = 21_000, TokenGas = 60_000;

    private readonly EthereumCheck _encoding = new(Network, "ETH", new Dictionary<string, string>(), 200_000);
    private readonly string _file = Path.Combine(folder, "chain.json"), _lock = Path.Combine(folder, "chain.lock");

    /// <summary>A transfer on this chain; sent ones have their raw bytes, so that twice the same can be told from two.</summary>
    public sealed record Transfer(string TxID, string? From, long Nonce, string To, string Asset, string Atoms, string Fee);

    public sealed record Block(long Height, string Hash, string Parent, List<Transfer> Transfers);

    public sealed record State(List<Block> Blocks, List<Transfer> Pool, int Forks, int Broadcasts);

    public string ChainID => Network;
    public string NativeAsset => "ETH";
    public IReadOnlyList<string> Assets => ["ETH", Usd];
    public int KeysPerAddress => 1;
    public int SignaturesPerInput => 1;

    public string AddressOf(IReadOnlyList<ReadOnlyMemory<byte>> publicKeys) => _encoding.NormalForm(_encoding.AddressOf(publicKeys))!;

    public bool TryParseAddress(string text, out string canonical) => (canonical = _encoding.NormalForm(text) ?? "").Length > 0;

    public BlockRef Tip() => Read(s => Ref(s.Blocks[^1]));

    public BlockRef? BlockAt(long height) => Read(s => s.Blocks.FirstOrDefault(b => b.Height == height) is { } b ? Ref(b) : null);

    public IReadOnlyList<ChainDeposit>? DepositsIn(BlockRef block, IReadOnlySet<string> addresses) => Read(s => s.Blocks.FirstOrDefault(b => b.Hash == block.Hash)?.Transfers
        .Where(t => addresses.Contains(t.To)).Select(t => new ChainDeposit(t.TxID, t.Asset == "ETH" ? -1 : 0, t.To, t.Asset, Amount(t.Atoms), block)).ToArray());

    public ChainBalance BalanceOf(string asset, IReadOnlyList<string> addresses) => Read(s =>
    {
        Int128 sum = 0;
        foreach (var t in s.Blocks.SelectMany(b => b.Transfers))
        {
            if (t.Asset == asset && addresses.Contains(t.To)) sum += Amount(t.Atoms).Atoms;
            if (t.From is null || !addresses.Contains(t.From)) continue;
            if (t.Asset == asset) sum -= Amount(t.Atoms).Atoms;
            if (asset == "ETH") sum -= Amount(t.Fee).Atoms;
        }
        return new ChainBalance(Ref(s.Blocks[^1]), new Amount(sum));
    });

    public BuildOutcome Build(Payment payment, IReadOnlyList<OwnAddress> from, IReadOnlySet<string> reserved)
    {
        var sender = from[0].Address;
        var fee = new Amount((Int128)GasPrice * (payment.Asset == "ETH" ? Gas : TokenGas));
        if (fee > payment.FeeMax) return new BuildOutcome(null, "the fee is above the bound");
        if (BalanceOf(payment.Asset, [sender]).Amount < payment.Amount) return new BuildOutcome(null, "the hot account has not enough");
        var nonce = Read(s => s.Blocks.SelectMany(b => b.Transfers).Count(t => t.From == sender));
        while (reserved.Contains($"{sender}#{nonce}")) nonce++;
        return new BuildOutcome(Transaction(payment, from[0].Address, nonce), null);
    }

    /// <summary>The payload of a payment; tests change single fields of it.</summary>
    public static UnsignedTransaction Transaction(Payment payment, string sender, long nonce, BigInteger? value = null, string? to = null, byte[]? data = null, long chain = 31337, long? gas = null, BigInteger? maxFee = null, byte[]? accessList = null)
    {
        var isNative = payment.Asset == "ETH";
        var amount = (BigInteger)payment.Amount.Atoms;
        byte[] raw =
        [
            0x02,
            .. Rlp.List(
                Rlp.Number(chain), Rlp.Number(nonce), Rlp.Number(1), Rlp.Number(maxFee ?? GasPrice), Rlp.Number(gas ?? (isNative ? Gas : TokenGas)),
                Rlp.Bytes(Convert.FromHexString((to ?? (isNative ? payment.Destination : UsdContract))[2..])),
                Rlp.Number(value ?? (isNative ? amount : 0)), Rlp.Bytes(data ?? (isNative ? [] : TransferData(payment.Destination, amount))), accessList ?? Rlp.List()),
        ];
        return new UnsignedTransaction
        {
            ChainID = Network,
            Raw = raw,
            Digests = [new DigestToSign(sender, FeeMarketTransaction.Keccak(raw))],
            Spends = [$"{sender}#{nonce}"],
            FeeMax = new Amount((Int128)GasPrice * (isNative ? Gas : TokenGas)),
        };
    }

    public static byte[] TransferData(string to, BigInteger amount)
    {
        var number = amount.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [0xA9, 0x05, 0x9C, 0xBB, .. new byte[12], .. Convert.FromHexString(to[2..]), .. new byte[32 - number.Length], .. number];
    }

    public SignedTransaction Assemble(UnsignedTransaction transaction, IReadOnlyList<IReadOnlyList<TransactionSignature>> signatures)
    {
        var signature = signatures[0][0];
        byte[] raw = [.. transaction.Raw.Span, signature.Parity, .. signature.RS.Span];
        return new SignedTransaction("0x" + Convert.ToHexStringLower(FeeMarketTransaction.Keccak(raw)), raw);
    }

    public BroadcastOutcome Broadcast(SignedTransaction transaction)
    {
        var unsigned = FeeMarketTransaction.Read(transaction.Raw.Span[..^65]);
        var isToken = unsigned.Data.Length > 0;
        return Change(s =>
        {
            var sender = s.Blocks.SelectMany(b => b.Transfers).First(t => t.From is null).To;
            if (s.Pool.Concat(s.Blocks.SelectMany(b => b.Transfers)).Any(t => t.TxID == transaction.TxID)) return (s, new BroadcastOutcome(BroadcastResult.Accepted, null));
            if (s.Pool.Concat(s.Blocks.SelectMany(b => b.Transfers)).Any(t => t.From == sender && t.Nonce == (long)unsigned.Nonce)) return (s, new BroadcastOutcome(BroadcastResult.Refused, "nonce too low"));
            var atoms = isToken ? new BigInteger(unsigned.Data.AsSpan(36), isUnsigned: true, isBigEndian: true) : unsigned.Value;
            var to = "0x" + Convert.ToHexStringLower(isToken ? unsigned.Data.AsSpan(16, 20) : unsigned.To);
            s.Pool.Add(new Transfer(transaction.TxID, sender, (long)unsigned.Nonce, to, isToken ? Usd : "ETH", atoms.ToString(CultureInfo.InvariantCulture), (unsigned.GasLimit * unsigned.MaxFee).ToString(CultureInfo.InvariantCulture)));
            return (s with { Broadcasts = s.Broadcasts + 1 }, new BroadcastOutcome(BroadcastResult.Accepted, null));
        });
    }

    public TransactionStatus StatusOf(string txID) => Read(s =>
    {
        if (s.Pool.Any(t => t.TxID == txID)) return new TransactionStatus(TransactionState.Pooled, null, 0, null);
        var block = s.Blocks.FirstOrDefault(b => b.Transfers.Any(t => t.TxID == txID));
        return block is null
            ? new TransactionStatus(TransactionState.Unknown, null, 0, null)
            : new TransactionStatus(TransactionState.Included, Ref(block), s.Blocks[^1].Height - block.Height + 1, Amount(block.Transfers.First(t => t.TxID == txID).Fee));
    });

    /// <summary>Somebody pays; it is in the next block.</summary>
    public string Pay(string to, string asset, Int128 atoms)
    {
        var txID = "0x" + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray()).PadLeft(64, '0');
        Change(s =>
        {
            s.Pool.Add(new Transfer(txID, null, 0, to, asset, atoms.ToString(CultureInfo.InvariantCulture), "0"));
            return (s, 0);
        });
        return txID;
    }

    /// <summary>Blocks, the first with all that waits.</summary>
    public void Mine(int count = 1) => Change(s =>
    {
        for (var i = 0; i < count; i++)
        {
            var last = s.Blocks[^1];
            s.Blocks.Add(new Block(last.Height + 1, $"b{last.Height + 1}.{s.Forks}", last.Hash, [.. s.Pool]));
            s.Pool.Clear();
        }
        return (s, 0);
    });

    /// <summary>The last blocks leave the chain; their transactions wait again, or are gone.</summary>
    public void Reorganise(int count, bool isDropped) => Change(s =>
    {
        var lost = s.Blocks.GetRange(s.Blocks.Count - count, count);
        s.Blocks.RemoveRange(s.Blocks.Count - count, count);
        if (!isDropped) s.Pool.AddRange(lost.SelectMany(b => b.Transfers));
        return (s with { Forks = s.Forks + 1 }, 0);
    });

    /// <summary>Takes money from an address with a transaction that custody did not make.</summary>
    public void Steal(string from, string asset, Int128 atoms) => Change(s =>
    {
        s.Pool.Add(new Transfer($"0xstolen{s.Pool.Count}", from, -1, "0x" + new string('9', 40), asset, atoms.ToString(CultureInfo.InvariantCulture), "0"));
        return (s, 0);
    });

    public T Read<T>(Func<State, T> read) => Change(s => (s, read(s)));

    private T Change<T>(Func<State, (State, T)> change)
    {
        using var held = Lock();
        var state = File.Exists(_file)
            ? JsonSerializer.Deserialize<State>(File.ReadAllBytes(_file))!
            : new State([new Block(0, "b0.0", "", [])], [], 0, 0);
        var (after, result) = change(state);
        File.WriteAllBytes(_file + ".new", JsonSerializer.SerializeToUtf8Bytes(after));
        File.Move(_file + ".new", _file, overwrite: true);
        return result;
    }

    private FileStream Lock()
    {
        while (true)
        {
            try
            {
                return new FileStream(_lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                Thread.Sleep(1);
            }
        }
    }

    private static BlockRef Ref(Block block) => new(block.Height, block.Hash, block.Parent);

    private static Amount Amount(string atoms) => new(Int128.Parse(atoms, CultureInfo.InvariantCulture));
}
