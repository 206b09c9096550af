using Venue.Messages;

namespace Custody.Settlement;

/// <summary>One event of the venue's feed that moves money or names what moves.</summary>
/// <param name="Seq">Sequence number of its command.</param>
/// <param name="Index">Place among the command's events.</param>
public abstract record VenueEvent(long Seq, int Index);

/// <summary>An asset's number and code.</summary>
public sealed record AssetNamed(long Seq, int Index, int Asset, string Code, int Decimals) : VenueEvent(Seq, Index);

/// <summary>An instrument's number and its two assets.</summary>
public sealed record InstrumentNamed(long Seq, int Index, int Instrument, string Symbol, int BaseAsset, int QuoteAsset) : VenueEvent(Seq, Index);

/// <summary>A firm's number and name.</summary>
public sealed record FirmNamed(long Seq, int Index, int Firm, string Name) : VenueEvent(Seq, Index);

/// <summary>What a balance event says happened.</summary>
public enum BalanceChange : byte
{
    /// <summary>Added to a firm's balance (negative: taken).</summary>
    Credited,

    /// <summary>From the balance to a withdrawal's hold.</summary>
    Held,

    /// <summary>From the hold out of the venue.</summary>
    Settled,

    /// <summary>From the hold back to the balance.</summary>
    Released,
}

/// <summary>A deposit or a step of a withdrawal.</summary>
public sealed record BalanceChanged(long Seq, int Index, BalanceChange Change, int Firm, int Asset, Amount Amount, string Key) : VenueEvent(Seq, Index);

/// <summary>One match: what moved between buyer, seller and house.</summary>
/// <param name="Seq">Sequence number of its command.</param>
/// <param name="Index">Place among the command's events.</param>
/// <param name="Instrument">Its number.</param>
/// <param name="Buyer">Firm that gets base and gives quote.</param>
/// <param name="Seller">Firm that gives base and gets quote.</param>
/// <param name="Notional">Quote atoms that the buyer paid the seller.</param>
/// <param name="Base">Base atoms that the seller gave.</param>
/// <param name="BuyerFee">Quote atoms from the buyer to the house; negative for a rebate.</param>
/// <param name="SellerFee">Quote atoms from the seller to the house.</param>
public sealed record Filled(long Seq, int Index, int Instrument, int Buyer, int Seller, Amount Notional, Amount Base, Amount BuyerFee, Amount SellerFee) : VenueEvent(Seq, Index);

/// <summary>Money that went from one firm to another without a trade: a margin account's interest, or what the insurance fund took over.</summary>
/// <param name="Seq">Sequence number of its command.</param>
/// <param name="Index">Place among the command's events.</param>
/// <param name="From">Firm that gives; 0 is the house.</param>
/// <param name="To">Firm that gets; 0 is the house.</param>
/// <param name="Asset">Its number.</param>
/// <param name="Amount">Negative when a debt goes.</param>
public sealed record Transferred(long Seq, int Index, int From, int To, int Asset, Amount Amount) : VenueEvent(Seq, Index);
