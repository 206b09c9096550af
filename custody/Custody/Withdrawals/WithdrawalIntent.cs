using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Venue.Messages;

namespace Custody.Withdrawals;

/// <summary>
/// What is to be paid, in the one form that everybody signs and checks: the requester asks for it, approvers sign these
/// bytes, the signer compares the transaction with them. It is text, so that what is signed can be read.
/// </summary>
public sealed record WithdrawalIntent
{
    private const string Version = "custody-withdrawal-v1";

    /// <summary>Once only, for ever: 32 lower-case hex digits. It is the withdrawal's number everywhere.</summary>
    public required string Nonce { get; init; }

    /// <summary>Whose balance pays.</summary>
    public required int Firm { get; init; }

    /// <summary>CAIP-2 network.</summary>
    public required string ChainID { get; init; }

    /// <summary>Asset code.</summary>
    public required string Asset { get; init; }

    /// <summary>What arrives, in atoms.</summary>
    public required Amount Amount { get; init; }

    /// <summary>Where, as the chain writes addresses canonically.</summary>
    public required string Destination { get; init; }

    /// <summary>Highest fee, in atoms of the chain's native asset; the house pays it.</summary>
    public required Amount FeeMax { get; init; }

    /// <summary>Who asked.</summary>
    public required string Requester { get; init; }

    /// <summary>Nothing is signed after this; seconds since 1970 UTC.</summary>
    public required long ExpiresAt { get; init; }

    /// <summary>Key of the withdrawal at the venue, which takes 39 characters, and in the ledger.</summary>
    public string Key => KeyPrefix + Nonce;

    /// <summary>What every such key begins with.</summary>
    public const string KeyPrefix = "payout:";

    /// <summary>The canonical bytes: a version line and one name=value line for each field, in this order, each ended by LF.</summary>
    public byte[] ToBytes()
    {
        var fault = Fault();
        if (fault is not null) throw new InvalidOperationException($"Intent: {fault}");
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{Version}\nnonce={Nonce}\nfirm={Firm}\nchain={ChainID}\nasset={Asset}\natoms={Amount.Atoms}\ndestination={Destination}\nfee_max={FeeMax.Atoms}\nrequester={Requester}\nexpires={ExpiresAt}\n"));
    }

    /// <summary>SHA-256 of <see cref="ToBytes"/>.</summary>
    public byte[] Hash() => SHA256.HashData(ToBytes());

    /// <summary>Reads canonical bytes. Anything that <see cref="ToBytes"/> would write otherwise is refused.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out WithdrawalIntent intent)
    {
        intent = null!;
        if (bytes.Length > 2048) return false;
        var lines = Encoding.Latin1.GetString(bytes).Split('\n');
        if (lines.Length != 11 || lines[0] != Version || lines[10].Length != 0) return false;
        string[] names = ["nonce", "firm", "chain", "asset", "atoms", "destination", "fee_max", "requester", "expires"];
        var values = new string[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            if (!lines[i + 1].StartsWith(names[i] + "=", StringComparison.Ordinal)) return false;
            values[i] = lines[i + 1][(names[i].Length + 1)..];
        }
        if (!int.TryParse(values[1], NumberStyles.None, CultureInfo.InvariantCulture, out var firm)
            || !Int128.TryParse(values[4], NumberStyles.None, CultureInfo.InvariantCulture, out var atoms)
            || !Int128.TryParse(values[6], NumberStyles.None, CultureInfo.InvariantCulture, out var feeMax)
            || !long.TryParse(values[8], NumberStyles.None, CultureInfo.InvariantCulture, out var expires)) return false;
        var read = new WithdrawalIntent
        {
            Nonce = values[0],
            Firm = firm,
            ChainID = values[2],
            Asset = values[3],
            Amount = new Amount(atoms),
            Destination = values[5],
            FeeMax = new Amount(feeMax),
            Requester = values[7],
            ExpiresAt = expires,
        };
        // One value, one spelling: 007 is not 7.
        if (read.Fault() is not null || !bytes.SequenceEqual(read.ToBytes())) return false;
        intent = read;
        return true;
    }

    /// <summary>What keeps this from being written; null when it can be.</summary>
    public string? Fault()
    {
        if (Nonce.Length != 32 || !Nonce.All(c => c is >= '0' and <= '9' or >= 'a' and <= 'f')) return "the nonce is not 32 lower-case hex digits";
        if (Firm < 0) return "the firm is negative";
        if (Amount.Atoms < 0 || Amount > Amount.Max) return "the amount is out of range";
        if (FeeMax.Atoms < 0 || FeeMax > Amount.Max) return "the fee is out of range";
        if (ExpiresAt < 0) return "the expiry is out of range";
        if (!IsWord(ChainID, 64)) return "the chain is not a word";
        if (!IsWord(Asset, 16)) return "the asset is not a word";
        if (!IsWord(Destination, 128)) return "the destination is not a word";
        if (!IsWord(Requester, 64)) return "the requester is not a word";
        return null;
    }

    // Printable ASCII without space: nothing that a screen would hide or a line would end at.
    private static bool IsWord(string text, int max) => text.Length is > 0 && text.Length <= max && text.All(c => c is > ' ' and <= '~');
}
