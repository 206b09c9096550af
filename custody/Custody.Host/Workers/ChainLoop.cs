using Custody.Chains;
using Custody.Host.Venue;
using Custody.Keys;
using Npgsql;

namespace Custody.Host.Workers;

/// <summary>One chain's thread: deposits, withdrawals, reconciliation, again and again.</summary>
public sealed class ChainLoop(Desk desk, IChain chain, AddressBook addresses, DepositWorker deposits, WithdrawalWorker withdrawals, Reconciler reconciler, int pollMs)
{
    private readonly Dictionary<string, string> _down = new(StringComparer.Ordinal);
    private bool _hasAddresses;
    private string? _reconciledHash;

    /// <summary>The chain.</summary>
    public IChain Chain => chain;

    /// <summary>The last block that was read.</summary>
    public BlockRef? Last => deposits.Last;

    /// <summary>Runs until it is stopped; a broken invariant comes out.</summary>
    public void Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Poll();
            stop.WaitHandle.WaitOne(pollMs);
        }
    }

    /// <summary>One round. A partner that is down is said once and asked again in the next round; the others go on.</summary>
    public void Poll()
    {
        Attempt("addresses", () =>
        {
            if (_hasAddresses) return;
            addresses.Refresh();
            _hasAddresses = true;
        });
        Attempt("deposits", deposits.Poll);
        Attempt("withdrawals", withdrawals.Poll);
        Attempt("reconciliation", () =>
        {
            if (!deposits.IsAtTip || deposits.Last is not { } last || last.Hash == _reconciledHash) return;
            if (reconciler.WithChain(chain, last) is not null) _reconciledHash = last.Hash;
        });
    }

    private void Attempt(string what, Action act)
    {
        try
        {
            act();
            if (_down.Remove(what)) desk.Log.PartnerUp(chain.ChainID, what);
        }
        catch (Exception e) when (e is ChainUnavailableException or VenueUnavailableException or SignerUnavailableException || e is NpgsqlException { IsTransient: true })
        {
            if (_down.TryAdd(what, e.Message)) desk.Log.PartnerDown(chain.ChainID, what, e.Message);
        }
    }
}
