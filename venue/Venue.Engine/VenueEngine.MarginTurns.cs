using Venue.Messages;

namespace Venue.Engine;

/// <summary>What margin has to do beside orders: looking at accounts, charging interest, liquidating; a bounded slice for each command.</summary>
public sealed partial class VenueEngine<TEvents>
{
    /// <summary>Accounts that one command looks at, charges and liquidates.</summary>
    private const int LooksMax = 64, ChargesMax = 64, TurnsMax = 16;

    private void ContinueMargins()
    {
        for (var left = LooksMax; left > 0 && NextToLookAt() is { } account; left--) Look(account);
        for (var left = ChargesMax; left > 0 && _margins.InterestAsset != 0; left--) ChargeNext();
        for (var left = TurnsMax; left > 0 && _margins.RoundLeft > 0; left--)
        {
            var account = _margins.TakeTurn();
            var turn = Liquidate(account);
            if (turn != Turn.Last) _margins.Queue(account, isForNow: turn == Turn.Again);
        }
    }

    private MarginAccount? NextToLookAt()
    {
        if (_margins.Due.TryDequeue(out var due))
        {
            due.IsDue = false;
            return due;
        }
        if (_margins.SweepLeft == 0) return null;
        _margins.SweepLeft--;
        var account = _margins.All[_margins.SweepNext];
        _margins.SweepNext = (_margins.SweepNext + 1) % _margins.All.Count;
        return account;
    }

    private void Look(MarginAccount account)
    {
        if (account.IsClosed || _margins.Of(account.Firm) != account) return;
        var view = ViewOf(account.Firm);
        var state = StateFor(account, in view);
        if (state == account.State) return;
        Move(account, state, in view);
        if (state == MarginState.Liquidating) _margins.Queue(account, isForNow: true);
    }

    private void On(in ChargeInterest c)
    {
        var reason = _margins.AssetOf(c.Asset) is null || c.RatePpm is < 1 or > 1_000_000 ? Reason.Contradiction
            : _margins.InterestAsset != 0 ? Reason.TooManyRequests
            : Reason.None;
        if (reason != Reason.None)
        {
            Refuse(in c.Header, reason);
            return;
        }
        TellDone(in c);
        (_margins.InterestAsset, _margins.InterestPpm, _margins.InterestNext) = (c.Asset, c.RatePpm, 0);
    }

    private void ChargeNext()
    {
        const uint ppm = 1_000_000;
        var asset = _margins.InterestAsset;
        if (_margins.InterestNext == _margins.All.Count)
        {
            (_margins.InterestAsset, _margins.InterestPpm, _margins.InterestNext) = (0, 0, 0);
            return;
        }
        var account = _margins.All[_margins.InterestNext++];
        ref var balance = ref _balances.Of(account.Firm, asset);
        var owed = -(balance.Own + balance.Held);
        if (owed <= 0 || _margins.Of(account.Firm) != account) return;
        // In two parts, which is exact and cannot overflow.
        var (millions, rest) = UInt128.DivRem((UInt128)owed, ppm);
        var interest = (Int128)(millions * (uint)_margins.InterestPpm + (rest * (uint)_margins.InterestPpm + ppm - 1) / ppm);
        Transfer(account, 0, asset, Int128.Min(interest, balance.Available), isInterest: true);
        NoteDue(account);
    }

    /// <summary>Moves what is free, or what is owed, from a margin account to another firm.</summary>
    private void Transfer(MarginAccount account, int to, int asset, Int128 atoms, bool isInterest)
    {
        if (atoms == 0) return;
        _balances.Of(account.Firm, asset).Available -= atoms;
        _balances.Of(to, asset).Available += atoms;
        _events.On(new MarginTransferred
        {
            Header = Header<MarginTransferred>(EventType.MarginTransferred, account.ToldSession, 0),
            FromFirm = account.Firm,
            ToFirm = to,
            Asset = asset,
            IsInterest = isInterest ? (byte)1 : (byte)0,
            Amount = new Amount(atoms),
        });
    }
}
