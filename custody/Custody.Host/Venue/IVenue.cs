using Custody.Reconciliation;
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
    (long Seq, IReadOnlyList<EngineBalance> Balances) Balances(Func<int, string> codeOf);
}

/// <summary>The venue cannot be asked now.</summary>
public sealed class VenueUnavailableException(string message, Exception inner) : Exception(message, inner);
