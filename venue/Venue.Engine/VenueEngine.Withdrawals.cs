using Venue.Messages;

namespace Venue.Engine;

/// <summary>Withdrawals on their way: held once, then settled or released once, each named by its key for ever.</summary>
public sealed partial class VenueEngine<TEvents>
{
    private enum WithdrawalState : byte
    {
        /// <summary>The amount is neither available nor gone.</summary>
        Held,
        /// <summary>The amount has left the venue.</summary>
        Settled,
        /// <summary>The amount is available again.</summary>
        Released,
    }

    private readonly List<(HoldWithdrawal Withdrawal, WithdrawalState State)> _withdrawals = [];
    private readonly Dictionary<Text40, int> _withdrawalOf = [];

    private void On(in HoldWithdrawal c)
    {
        var isRepeat = _withdrawalOf.TryGetValue(c.Key, out var index);
        var atoms = c.Amount.Atoms;
        var reason = Reason.None;
        if ((uint)c.Firm >= (uint)_firms.Count || !IsKnown(c.Asset, _assets.Count) || c.Key.IsEmpty) reason = Reason.Contradiction;
        else if (isRepeat) reason = IsSame(in c, _withdrawals[index].Withdrawal) ? Reason.None : Reason.KeyReused;
        else if (atoms <= 0 || atoms > _balances.Of(c.Firm, c.Asset).Own) reason = Reason.AmountOutOfRange;
        else reason = CheckMargin(c.Firm, c.Asset, atoms);
        if (reason != Reason.None)
        {
            Refuse(in c.Header, reason);
            return;
        }
        // A repetition does nothing, and events tell what was done: a ledger books each of them.
        if (isRepeat) return;
        ref var balance = ref _balances.Of(c.Firm, c.Asset);
        balance.Available -= atoms;
        balance.Withdrawing += atoms;
        _withdrawalOf.Add(c.Key, _withdrawals.Count);
        _withdrawals.Add((c, WithdrawalState.Held));
        _events.On(new WithdrawalHeld { Header = Header<WithdrawalHeld>(EventType.WithdrawalHeld, 0, 0), Withdrawal = c });
    }

    private void On(in SettleWithdrawal c) => End(in c.Header, c.Key, WithdrawalState.Settled);

    private void On(in ReleaseWithdrawal c) => End(in c.Header, c.Key, WithdrawalState.Released);

    private void End(in CommandHeader header, Text40 key, WithdrawalState end)
    {
        if (!_withdrawalOf.TryGetValue(key, out var index))
        {
            Refuse(in header, Reason.UnknownKey);
            return;
        }
        var (held, state) = _withdrawals[index];
        if (state != WithdrawalState.Held && state != end)
        {
            Refuse(in header, Reason.AlreadyEnded);
            return;
        }
        if (state == end) return;
        ref var balance = ref _balances.Of(held.Firm, held.Asset);
        balance.Withdrawing -= held.Amount.Atoms;
        if (end == WithdrawalState.Settled) _balances.CreditedOf(held.Asset) -= held.Amount.Atoms;
        else
        {
            balance.Available += held.Amount.Atoms;
            NoteChange(held.Firm);
        }
        _withdrawals[index] = (held, end);
        if (end == WithdrawalState.Settled) _events.On(new WithdrawalSettled { Header = Header<WithdrawalSettled>(EventType.WithdrawalSettled, 0, 0), Withdrawal = held });
        else _events.On(new WithdrawalReleased { Header = Header<WithdrawalReleased>(EventType.WithdrawalReleased, 0, 0), Withdrawal = held });
    }

    private static bool IsSame(in HoldWithdrawal a, in HoldWithdrawal b) => a.Firm == b.Firm && a.Asset == b.Asset && a.Amount == b.Amount;

    private void HashWithdrawals(ref StateHasher hasher)
    {
        foreach (var (withdrawal, state) in _withdrawals)
        {
            // With the header it came with: its end tells all of it again.
            hasher.AddWords(in withdrawal);
            hasher.Add((int)state);
        }
    }

    private void CheckWithdrawals()
    {
        var onTheWay = new Dictionary<(int Firm, int Asset), Int128>();
        foreach (var (withdrawal, state) in _withdrawals)
            if (state == WithdrawalState.Held)
                onTheWay[(withdrawal.Firm, withdrawal.Asset)] = onTheWay.GetValueOrDefault((withdrawal.Firm, withdrawal.Asset)) + withdrawal.Amount.Atoms;
        for (var firm = 0; firm < _firms.Count; firm++)
            for (var asset = 1; asset < _assets.Count; asset++)
            {
                var expected = onTheWay.GetValueOrDefault((firm, asset));
                var withdrawing = _balances.Of(firm, asset).Withdrawing;
                if (withdrawing != expected) throw new InvalidOperationException($"Firm {firm} asset {asset}: withdrawing {withdrawing}, its withdrawals hold {expected}");
            }
    }
}
