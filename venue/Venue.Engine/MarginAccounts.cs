using Venue.Messages;

namespace Venue.Engine;

/// <summary>A firm whose debts are carried by its collateral.</summary>
internal sealed class MarginAccount(int firm)
{
    /// <summary>Open orders that it may have: each entry looks at all of them.</summary>
    public const int OrdersMax = 256;

    private readonly int[] _orders = new int[OrdersMax];
    private int _orderCount;

    public readonly int Firm = firm;
    public int ToldSession;
    public int InitialBps;
    public int MaintenanceBps;
    public MarginState State;
    /// <summary>True while it stands in <see cref="MarginAccounts.Due"/>.</summary>
    public bool IsDue;
    /// <summary>True while it stands in <see cref="MarginAccounts.Liquidating"/>.</summary>
    public bool IsQueued;
    /// <summary>The instrument in whose auction its liquidation order rests; 0 for none.</summary>
    public int AuctionInstrument;

    /// <summary>Slots of its open orders, the oldest first.</summary>
    public ReadOnlySpan<int> Orders => _orders.AsSpan(0, _orderCount);

    public bool HasRoom => _orderCount < OrdersMax;

    /// <summary>True while it is the venue that trades for it, or nobody any more.</summary>
    public bool IsClosed => State >= MarginState.Liquidating;

    public void Add(int slot) => _orders[_orderCount++] = slot;

    public void Remove(int slot)
    {
        var at = Orders.IndexOf(slot);
        Orders[(at + 1)..].CopyTo(_orders.AsSpan(at));
        _orderCount--;
    }

    public void HashInto(ref StateHasher hasher)
    {
        hasher.Add(Firm, ToldSession);
        hasher.Add(InitialBps, MaintenanceBps);
        hasher.Add((int)State << 2 | (IsDue ? 2 : 0) | (IsQueued ? 1 : 0), AuctionInstrument);
        foreach (var slot in Orders) hasher.Add(slot);
    }
}

/// <summary>How accounts are liquidated on one instrument, and how often they were in the window that runs.</summary>
internal struct LiquidationRule
{
    public long SliceLots;
    public long WindowNs;
    public int SlippageBps;
    public int OrdersMax;
    public long WindowEndNs;
    public int Orders;
}

/// <summary>The margin accounts, what counts for them, and what is left to do with them.</summary>
internal sealed class MarginAccounts
{
    private readonly List<MarginAccount> _accounts = [];
    // By firm; null where there is none. Grown by definitions, never by an order.
    private MarginAccount?[] _of = [];
    private readonly List<MarginAsset> _assets = [];
    // By instrument.
    private LiquidationRule[] _rules = [];

    /// <summary>True when there is any account: one test where there is none.</summary>
    public bool Any => _accounts.Count > 0;

    /// <summary>Every account, in the order in which they were defined; those whose margin has ended too.</summary>
    public IReadOnlyList<MarginAccount> All => _accounts;

    /// <summary>What counts, the unit first.</summary>
    public ReadOnlySpan<MarginAsset> Assets => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_assets);

    /// <summary>Accounts that something happened to, the first first.</summary>
    public Queue<MarginAccount> Due { get; } = [];

    /// <summary>Accounts that are liquidated or stranded, in turn.</summary>
    public Queue<MarginAccount> Liquidating { get; } = [];

    /// <summary>Those of <see cref="Liquidating"/> that are to be looked at now.</summary>
    public int RoundLeft;

    /// <summary>The next account to be looked at because an index price moved, and how many are left.</summary>
    public int SweepNext, SweepLeft;

    /// <summary>When those that could not be liquidated are tried again; the highest number for never.</summary>
    public long WakeNs = long.MaxValue;

    /// <summary>The fund's firm; 0 for none.</summary>
    public int Fund;

    /// <summary>True since the fund could not take an account over, until an operator says that it can again.</summary>
    public bool IsFundExhausted;

    /// <summary>The interest that is being charged: of which asset (0 for none), at which rate, and the next account.</summary>
    public int InterestAsset, InterestPpm, InterestNext;

    /// <summary>True when <see cref="ContinueMargin"/> would do something.</summary>
    public bool HasWork => Due.Count > 0 || SweepLeft > 0 || RoundLeft > 0 || InterestAsset != 0;

    /// <summary>Null for a firm that is no margin account.</summary>
    public MarginAccount? Of(int firm) => (uint)firm < (uint)_of.Length ? _of[firm] : null;

    /// <summary>The account of a firm, made when there is none, or made again when its margin had ended.</summary>
    public MarginAccount Add(int firm)
    {
        if (firm >= _of.Length) Array.Resize(ref _of, firm + 1);
        var account = new MarginAccount(firm);
        var at = _accounts.FindIndex(a => a.Firm == firm);
        if (at >= 0) _accounts[at] = account;
        else _accounts.Add(account);
        return _of[firm] = account;
    }

    /// <summary>Its debts are asked for no collateral any more.</summary>
    public void Remove(int firm) => _of[firm] = null;

    /// <summary>The definition of an asset; null when it counts for nothing.</summary>
    public MarginAsset? AssetOf(int asset)
    {
        foreach (ref readonly var known in Assets)
            if (known.Asset == asset) return known;
        return null;
    }

    public void Set(MarginAsset asset)
    {
        var at = _assets.FindIndex(known => known.Asset == asset.Asset);
        if (at >= 0) _assets[at] = asset;
        else _assets.Add(asset);
    }

    /// <summary>How accounts are liquidated on an instrument; all zero before it was said.</summary>
    public ref LiquidationRule RuleOf(int instrument)
    {
        if (instrument >= _rules.Length) Array.Resize(ref _rules, instrument + 1);
        return ref _rules[instrument];
    }

    /// <summary>Something is worth a look at all accounts.</summary>
    public void LookAtAll() => SweepLeft = _accounts.Count;

    /// <summary>Something is worth another try to liquidate.</summary>
    public void Wake() => RoundLeft = Liquidating.Count;

    /// <summary>The account that is next in turn, and no more among those that are left.</summary>
    public MarginAccount TakeTurn()
    {
        RoundLeft--;
        var account = Liquidating.Dequeue();
        account.IsQueued = false;
        return account;
    }

    /// <summary>Puts an account in line.</summary>
    public void Queue(MarginAccount account, bool isForNow)
    {
        if (account.IsQueued) return;
        account.IsQueued = true;
        Liquidating.Enqueue(account);
        if (isForNow) RoundLeft++;
    }

    public void HashInto(ref StateHasher hasher)
    {
        foreach (ref readonly var asset in Assets)
        {
            hasher.Add(asset.Asset, asset.Instrument);
            hasher.Add(asset.HaircutBps);
        }
        foreach (var account in _accounts)
        {
            hasher.Add(Of(account.Firm) == account ? 1 : 0);
            account.HashInto(ref hasher);
        }
        for (var instrument = 0; instrument < _rules.Length; instrument++)
        {
            ref var rule = ref _rules[instrument];
            if (rule.WindowNs == 0) continue;
            hasher.Add(instrument, rule.SlippageBps);
            hasher.Add(rule.SliceLots);
            hasher.Add(rule.WindowNs);
            hasher.Add(rule.WindowEndNs);
            hasher.Add(rule.OrdersMax, rule.Orders);
        }
        foreach (var account in Due) hasher.Add(account.Firm);
        foreach (var account in Liquidating) hasher.Add(account.Firm);
        hasher.Add(RoundLeft, Fund);
        hasher.Add(SweepNext, SweepLeft);
        hasher.Add(WakeNs);
        hasher.Add(InterestAsset, InterestPpm);
        hasher.Add(InterestNext, IsFundExhausted ? 1 : 0);
    }
}
