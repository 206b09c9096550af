using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Venue.Messages;

namespace Custody.Ledger;

/// <summary>One leg: an amount added to an account (negative: taken from it).</summary>
public readonly record struct Posting(Account Account, Amount Amount);

/// <summary>Postings that belong together and sum to zero in each asset; written once, under a key of its own.</summary>
public sealed class LedgerTransaction
{
    /// <summary>Idempotency key: the same key with other content is an error, with the same content nothing new.</summary>
    public string Key { get; }

    /// <summary>Sequence number of the venue's command that it books; 0 when it does not come from the feed.</summary>
    public long VenueSeq { get; }

    /// <summary>The legs, one for each account, ordered by account name, none of them zero.</summary>
    public IReadOnlyList<Posting> Postings { get; }

    /// <summary>SHA-256 of everything above: what "the same content" means.</summary>
    public ReadOnlyMemory<byte> ContentHash { get; }

    private LedgerTransaction(string key, long venueSeq, Posting[] postings)
    {
        Key = key;
        VenueSeq = venueSeq;
        Postings = postings;
        ContentHash = SHA256.HashData(Encoding.UTF8.GetBytes(Canonical()));
    }

    /// <summary>
    /// Legs to the same account are added up and zero legs left out; null when nothing is left to book.
    /// Throws when they do not balance: whoever wrote them has a bug, and the ledger must not carry it.
    /// </summary>
    public static LedgerTransaction? Of(string key, long venueSeq, params ReadOnlySpan<Posting> legs)
    {
        if (key.Length == 0) throw new InvalidOperationException("Ledger: a transaction without a key could be booked twice");
        var sums = new SortedDictionary<string, Posting>(StringComparer.Ordinal);
        var assets = new Dictionary<string, Int128>(StringComparer.Ordinal);
        foreach (var leg in legs)
        {
            var name = leg.Account.ToString();
            var sum = sums.TryGetValue(name, out var before) ? checked(before.Amount.Atoms + leg.Amount.Atoms) : leg.Amount.Atoms;
            sums[name] = new Posting(leg.Account, new Amount(sum));
            assets[leg.Account.Asset] = checked(assets.GetValueOrDefault(leg.Account.Asset) + leg.Amount.Atoms);
        }
        foreach (var (asset, sum) in assets)
            if (sum != 0) throw new InvalidOperationException($"Ledger: {key} leaves {sum} atoms of {asset} unbalanced");
        var postings = sums.Values.Where(p => p.Amount.Atoms != 0).ToArray();
        return postings.Length == 0 ? null : new LedgerTransaction(key, venueSeq, postings);
    }

    private string Canonical()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"ledger-v1\n{Key}\n{VenueSeq}\n");
        foreach (var posting in Postings)
            text.Append(CultureInfo.InvariantCulture, $"{posting.Account} {posting.Amount.Atoms}\n");
        return text.ToString();
    }
}
