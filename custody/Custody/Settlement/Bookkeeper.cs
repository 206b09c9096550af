using Custody.Deposits;
using Custody.Ledger;
using Custody.Withdrawals;
using Venue.Messages;

namespace Custody.Settlement;

/// <summary>Turns the venue's events into postings. Same events in, same postings out; it remembers only what numbers mean.</summary>
public sealed class Bookkeeper
{
    private readonly Dictionary<int, AssetNamed> _assets = [];
    private readonly Dictionary<int, InstrumentNamed> _instruments = [];

    /// <summary>What the event books; null when it books nothing.</summary>
    public LedgerTransaction? Book(VenueEvent happened)
    {
        switch (happened)
        {
            case AssetNamed asset:
                _assets[asset.Asset] = asset;
                return null;
            case InstrumentNamed instrument:
                _instruments[instrument.Instrument] = instrument;
                return null;
            case Filled fill:
                return Book(fill);
            case BalanceChanged change:
                return Book(change);
            case Transferred moved:
                return Book(moved);
            default:
                return null;
        }
    }

    /// <summary>Code of an asset number.</summary>
    public string CodeOf(int asset) => _assets.TryGetValue(asset, out var named)
        ? named.Code
        : throw new InvalidOperationException($"Settlement: the venue moved asset {asset} before it defined it");

    /// <summary>The number of an asset code; null when the venue does not know it.</summary>
    public int? NumberOf(string code)
    {
        foreach (var named in _assets.Values)
            if (named.Code == code) return named.Asset;
        return null;
    }

    private LedgerTransaction? Book(Filled fill)
    {
        if (!_instruments.TryGetValue(fill.Instrument, out var instrument))
            throw new InvalidOperationException($"Settlement: the venue traded instrument {fill.Instrument} before it defined it");
        var (give, pay) = (CodeOf(instrument.BaseAsset), CodeOf(instrument.QuoteAsset));
        return LedgerTransaction.Of(KeyOf(fill), fill.Seq,
            new Posting(Account.Firm(fill.Seller, give), -fill.Base),
            new Posting(Account.Firm(fill.Buyer, give), fill.Base),
            new Posting(Account.Firm(fill.Buyer, pay), -(fill.Notional + fill.BuyerFee)),
            new Posting(Account.Firm(fill.Seller, pay), fill.Notional - fill.SellerFee),
            new Posting(Account.Fees(pay), fill.BuyerFee + fill.SellerFee));
    }

    private LedgerTransaction? Book(Transferred moved)
    {
        var asset = CodeOf(moved.Asset);
        return LedgerTransaction.Of(KeyOf(moved), moved.Seq, new Posting(FirmOrHouse(moved.From, asset), -moved.Amount), new Posting(FirmOrHouse(moved.To, asset), moved.Amount));
    }

    private static Account FirmOrHouse(int firm, string asset) => firm == 0 ? Account.Fees(asset) : Account.Firm(firm, asset);

    private LedgerTransaction? Book(BalanceChanged change)
    {
        var asset = CodeOf(change.Asset);
        // A credit of ours comes out of transit, any other one from outside. Withdrawals of others do not exist.
        var (from, to) = change.Change switch
        {
            BalanceChange.Credited when change.Key.StartsWith(Deposit.KeyPrefix, StringComparison.Ordinal) => (Account.InTransit(asset), Account.Firm(change.Firm, asset)),
            BalanceChange.Credited => (Account.Outside(asset), Account.Firm(change.Firm, asset)),
            BalanceChange.Held => (Account.Firm(change.Firm, asset), Account.Withdrawing(change.Firm, asset)),
            BalanceChange.Settled when change.Key.StartsWith(WithdrawalIntent.KeyPrefix, StringComparison.Ordinal) => (Account.Withdrawing(change.Firm, asset), Account.InTransit(asset)),
            BalanceChange.Settled => (Account.Withdrawing(change.Firm, asset), Account.Outside(asset)),
            BalanceChange.Released => (Account.Withdrawing(change.Firm, asset), Account.Firm(change.Firm, asset)),
            _ => throw new InvalidOperationException($"Settlement: balance change {change.Change} has no posting"),
        };
        return LedgerTransaction.Of(KeyOf(change), change.Seq, new Posting(from, -change.Amount), new Posting(to, change.Amount));
    }

    private static string KeyOf(VenueEvent happened) => $"venue:{happened.Seq}:{happened.Index}";
}
