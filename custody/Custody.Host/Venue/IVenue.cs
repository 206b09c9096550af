using Venue.Messages;

namespace Custody.Host.Venue;

/// <summary>What custody asks of the venue. Every call carries a key and can be repeated: the second time answers as the first.</summary>
/// <remarks>Calls block. <see cref="VenueUnavailableException"/> means that nothing is known: ask again.</remarks>
public interface IVenue
{
    /// <summary>Adds a deposit to a firm's balance.</summary>
    void Credit(int firm, int asset, Amount amount, string key);

    /// <summary>Moves an amount from a firm's balance to a withdrawal's hold; null, or why the venue will not.</summary>
    string? Hold(int firm, int asset, Amount amount, string key);

    /// <summary>The held amount leaves the venue.</summary>
    void Settle(string key);

    /// <summary>The held amount is the firm's again.</summary>
    void Release(string key);

    /// <summary>All balances at one sequence number.</summary>
    (long Seq, IReadOnlyList<VenueBalance> Balances) Balances();
}

/// <summary>A firm's balance of an asset by the venue's numbers: available and held by orders, and held by withdrawals.</summary>
public readonly record struct VenueBalance(int Firm, int Asset, Amount Owned, Amount Withdrawing);

/// <summary>The venue cannot be asked now.</summary>
public sealed class VenueUnavailableException(string message, Exception inner) : Exception(message, inner);
