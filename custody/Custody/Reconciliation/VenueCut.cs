using Custody.Ledger;
using Venue.Messages;

namespace Custody.Reconciliation;

/// <summary>One firm's balance of one asset, as the engine has it at a sequence number.</summary>
/// <param name="Firm">Firm number, 0 for the house.</param>
/// <param name="Asset">Asset code.</param>
/// <param name="Owned">Available and held by orders, in atoms.</param>
/// <param name="Withdrawing">Held by withdrawals, in atoms.</param>
public readonly record struct EngineBalance(int Firm, string Asset, Amount Owned, Amount Withdrawing);

/// <summary>Two books that should say the same and do not.</summary>
/// <param name="What">The account, or the network and asset.</param>
/// <param name="Ledger">What the ledger says, in atoms.</param>
/// <param name="Other">What the engine or the chain says, in atoms.</param>
public readonly record struct Difference(string What, Amount Ledger, Amount Other)
{
    /// <summary>Both sides, for people.</summary>
    public override string ToString() => $"{What}: ledger {Ledger.Atoms}, other {Other.Atoms}, off by {Other.Atoms - Ledger.Atoms} atoms";
}

/// <summary>The ledger against the engine, both at the same sequence number.</summary>
public static class VenueCut
{
    /// <summary>Every account that differs; empty when both agree to the atom.</summary>
    /// <param name="engine">All balances of the engine.</param>
    /// <param name="ledger">Balances of the ledger's accounts at the same sequence number.</param>
    public static IReadOnlyList<Difference> Compare(IEnumerable<EngineBalance> engine, IReadOnlyDictionary<Account, Amount> ledger)
    {
        // The engine's house has its fees in one balance with the rest; the ledger keeps them apart.
        var ours = new SortedDictionary<string, Amount>(StringComparer.Ordinal);
        foreach (var (account, amount) in ledger)
        {
            var of = account.Kind switch
            {
                AccountKind.Firm or AccountKind.Withdrawing => account,
                AccountKind.House or AccountKind.Fees => Account.Firm(0, account.Asset),
                _ => default,
            };
            if (of != default) Add(ours, of, amount);
        }
        var theirs = new SortedDictionary<string, Amount>(StringComparer.Ordinal);
        foreach (var balance in engine)
        {
            Add(theirs, Account.Firm(balance.Firm, balance.Asset), balance.Owned);
            Add(theirs, Account.Withdrawing(balance.Firm, balance.Asset), balance.Withdrawing);
        }
        var differences = new List<Difference>();
        foreach (var name in ours.Keys.Union(theirs.Keys).Order(StringComparer.Ordinal))
        {
            var (our, their) = (ours.GetValueOrDefault(name), theirs.GetValueOrDefault(name));
            if (our != their) differences.Add(new Difference(name, our, their));
        }
        return differences;

        static void Add(SortedDictionary<string, Amount> sums, Account account, Amount amount) =>
            sums[account.ToString()] = sums.GetValueOrDefault(account.ToString()) + amount;
    }
}
