using Venue.Matching;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Margin accounts: their definitions, what they are worth, and how their states change. README.md has the rules.</summary>
public sealed partial class VenueEngine<TEvents>
{
    private readonly MarginAccounts _margins = new();

    /// <summary>True when <see cref="CommandType.ContinueMargin"/> would do something now.</summary>
    public bool HasMarginWork => _margins.HasWork;

    /// <summary>Accounts that are being liquidated or are stranded.</summary>
    public int Liquidating => _margins.Liquidating.Count;

    /// <summary>True since the insurance fund could not take an account over. An alarm.</summary>
    public bool IsFundExhausted => _margins.IsFundExhausted;

    /// <summary>Where a firm's margin stands, and its equity and debt in atoms of the unit.</summary>
    public (MarginState State, Amount Equity, Amount Debt) Margin(int firm)
    {
        if (_margins.Of(firm) is not { } account) return default;
        var view = ViewOf(account.Firm);
        return (account.State, new Amount(view.Equity), new Amount(view.Debt));
    }

    private void On(in DefineMarginAsset c)
    {
        if (!IsSound(in c))
        {
            Refuse(in c.Header, Reason.Contradiction);
            return;
        }
        _margins.Set(new MarginAsset(c.Asset, c.Instrument, c.HaircutBps));
        TellDone(in c);
        _margins.LookAtAll();
        _margins.Wake();
    }

    private bool IsSound(in DefineMarginAsset c)
    {
        var assets = _margins.Assets;
        if (!IsKnown(c.Asset, _assets.Count) || c.HaircutBps is < 0 or > MarginMath.BpsScale) return false;
        var isUnit = assets.Length == 0 || assets[0].Asset == c.Asset;
        if (isUnit) return c.Instrument == 0;
        if (_margins.AssetOf(c.Asset) is null && assets.Length == MarginMath.AssetsMax) return false;
        return InstrumentOf(c.Instrument) is { } instrument && instrument.Definition.BaseAsset == c.Asset && instrument.Definition.QuoteAsset == assets[0].Asset;
    }

    private void On(in DefineMarginAccount c)
    {
        var isSound = IsKnown(c.Firm, _firms.Count) && c.Firm != _margins.Fund && (c.InitialBps == 0 ? CanEnd(c.Firm) : CanBegin(in c));
        if (!isSound)
        {
            Refuse(in c.Header, Reason.Contradiction);
            return;
        }
        TellDone(in c);
        var account = _margins.Of(c.Firm);
        if (c.InitialBps == 0)
        {
            Move(account!, MarginState.None, ViewOf(c.Firm));
            _margins.Remove(c.Firm);
            return;
        }
        if (account is null)
        {
            account = _margins.Add(c.Firm);
            foreach (var slot in OpenOrdersOf(c.Firm).OrderBy(_sessionOrders.EnteredOf)) account.Add(slot);
        }
        (account.ToldSession, account.InitialBps, account.MaintenanceBps) = (c.ToldSession, c.InitialBps, c.MaintenanceBps);
        Watch();
        if (account.State is MarginState.None or MarginState.Bankrupt) Move(account, MarginState.Healthy, ViewOf(c.Firm));
        NoteChange(c.Firm);
    }

    private bool CanBegin(in DefineMarginAccount c)
    {
        if (FirmOf(c.ToldSession) != c.Firm || c.MaintenanceBps < 1 || c.MaintenanceBps > c.InitialBps || c.InitialBps > MarginMath.RatioBpsMax || _margins.Assets.Length == 0) return false;
        for (var asset = 1; asset < _assets.Count; asset++)
            if (_balances.Of(c.Firm, asset).Own < 0 && _margins.AssetOf(asset) is null) return false;
        return OpenOrdersOf(c.Firm).Take(MarginAccount.OrdersMax + 1).Count() <= MarginAccount.OrdersMax;
    }

    private bool CanEnd(int firm)
    {
        if (_margins.Of(firm) is not { IsQueued: false }) return false;
        for (var asset = 1; asset < _assets.Count; asset++)
            if (_balances.Of(firm, asset).Own < 0) return false;
        return true;
    }

    /// <summary>A firm's open orders, session by session, for definitions.</summary>
    private IEnumerable<int> OpenOrdersOf(int firm)
    {
        for (var session = 1; session < _sessions.Count; session++)
        {
            if (FirmOf(session) != firm) continue;
            for (var slot = _sessionOrders.First(session); slot != 0; slot = _sessionOrders.Next(slot)) yield return slot;
        }
    }

    private void On(in DefineLiquidation c)
    {
        var isSound = InstrumentOf(c.Instrument) is not null && c is { SlippageBps: >= 0 and < MarginMath.BpsScale, SliceLots: >= 0, OrdersMax: >= 1 and <= 1_000_000, WindowNs: >= 1 and <= Definitions.LongestNs };
        if (!isSound)
        {
            Refuse(in c.Header, Reason.Contradiction);
            return;
        }
        ref var rule = ref _margins.RuleOf(c.Instrument);
        (rule.SlippageBps, rule.SliceLots, rule.WindowNs, rule.OrdersMax) = (c.SlippageBps, c.SliceLots, c.WindowNs, c.OrdersMax);
        TellDone(in c);
        _margins.Wake();
    }

    private void On(in DefineInsurance c)
    {
        if (c.Firm != 0 && (!IsKnown(c.Firm, _firms.Count) || _margins.Of(c.Firm) is not null))
        {
            Refuse(in c.Header, Reason.Contradiction);
            return;
        }
        (_margins.Fund, _margins.IsFundExhausted) = (c.Firm, false);
        TellDone(in c);
        _margins.Wake();
    }

    /// <summary>What a firm has, its orders' holds included, in atoms of the unit.</summary>
    private MarginView ViewOf(int firm)
    {
        Int128 equity = 0, debt = 0, net = 0;
        foreach (ref readonly var asset in _margins.Assets)
        {
            ref var balance = ref _balances.Of(firm, asset.Asset);
            var atoms = balance.Own + balance.Held;
            var value = ValueOf(in asset, Int128.Abs(atoms), roundsUp: atoms < 0);
            equity += atoms < 0 ? -MarginMath.More(value, asset.HaircutBps) : MarginMath.Less(value, asset.HaircutBps);
            if (atoms < 0) debt += value;
            net += atoms < 0 ? -value : value;
        }
        return new MarginView(equity, debt, net);
    }

    private Int128 ValueOf(in MarginAsset asset, Int128 atoms, bool roundsUp)
    {
        if (asset.Instrument == 0) return Int128.Min(atoms, MarginMath.ValueMax);
        var instrument = _instruments[asset.Instrument]!;
        ref var definition = ref instrument.Definition;
        return MarginMath.Value(atoms, definition.LotAtoms, instrument.IndexTicks, definition.TickLotAtoms, roundsUp);
    }

    /// <summary>Where an account's values put it.</summary>
    private static MarginState StateFor(MarginAccount account, in MarginView view)
    {
        if (view.Debt == 0) return MarginState.Healthy;
        if (!MarginMath.IsPayable(view.Debt) || view.Equity < MarginMath.Required(view.Debt, account.MaintenanceBps)) return MarginState.Liquidating;
        return view.Equity < MarginMath.Required(view.Debt, account.InitialBps) ? MarginState.MarginCall : MarginState.Healthy;
    }

    /// <summary>Every move that there is; one that is not here is a bug.</summary>
    private static bool CanMove(MarginState from, MarginState to) => (from, to) switch
    {
        (MarginState.None or MarginState.Bankrupt, MarginState.Healthy) => true,
        (MarginState.Healthy, MarginState.MarginCall or MarginState.Liquidating or MarginState.None) => true,
        (MarginState.MarginCall, MarginState.Healthy or MarginState.Liquidating or MarginState.None) => true,
        (MarginState.Liquidating, MarginState.Healthy or MarginState.Bankrupt or MarginState.Stranded) => true,
        (MarginState.Stranded, MarginState.Liquidating or MarginState.Healthy or MarginState.Bankrupt) => true,
        (MarginState.Bankrupt, MarginState.None) => true,
        _ => false,
    };

    /// <summary>The only place that assigns a state.</summary>
    private void Move(MarginAccount account, MarginState to, in MarginView view)
    {
        if (!CanMove(account.State, to)) throw new InvalidOperationException($"Firm {account.Firm}: margin {to} while {account.State}");
        var before = account.State;
        account.State = to;
        _events.On(new MarginChanged
        {
            Header = Header<MarginChanged>(EventType.MarginChanged, account.ToldSession, 0),
            Firm = account.Firm,
            State = to,
            Before = before,
            Equity = new Amount(view.Equity),
            Debt = new Amount(view.Debt),
        });
    }

    /// <summary>Money came or went otherwise than by a trade.</summary>
    private void NoteChange(int firm)
    {
        if (_margins.Of(firm) is not { } account) return;
        if (account.IsQueued) _margins.Wake();
        else NoteDue(account);
    }

    /// <summary>The account is looked at soon; while it is liquidated its turns do that.</summary>
    private void NoteDue(MarginAccount account)
    {
        if (account.IsDue || account.IsClosed) return;
        account.IsDue = true;
        _margins.Due.Enqueue(account);
    }

    /// <summary>An index price has moved: those that it values are looked at, in slices.</summary>
    private void NoteIndex(int instrument)
    {
        foreach (ref readonly var asset in _margins.Assets)
        {
            if (asset.Instrument != instrument) continue;
            _margins.LookAtAll();
            _margins.Wake();
            return;
        }
    }

    /// <summary>An order of the account was closed; when that was not its own turn's doing, it is its turn soon.</summary>
    private void NoteClosed(MarginAccount account, int slot)
    {
        account.Remove(slot);
        if (account.IsQueued) _margins.Wake();
    }

    private void CheckMargins()
    {
        foreach (var account in _margins.All)
        {
            if (_margins.Of(account.Firm) != account) continue;
            if (!OpenOrdersOf(account.Firm).OrderBy(_sessionOrders.EnteredOf).SequenceEqual(account.Orders.ToArray()))
                throw new InvalidOperationException($"Firm {account.Firm}: {account.Orders.Length} orders in its margin account are not its open orders");
            if (account.IsQueued != _margins.Liquidating.Contains(account) || account.IsQueued != account.State is MarginState.Liquidating or MarginState.Stranded)
                throw new InvalidOperationException($"Firm {account.Firm}: {account.State}, queued {account.IsQueued}");
        }
        if (_margins.RoundLeft < 0 || _margins.RoundLeft > _margins.Liquidating.Count) throw new InvalidOperationException($"{_margins.RoundLeft} of {_margins.Liquidating.Count} liquidations are left of a round");
    }
}
