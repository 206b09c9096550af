using System.Numerics;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>What a firm has of an asset: free, held by orders, on its way out.</summary>
internal readonly record struct NaiveBalance(BigInteger Available, BigInteger Held, BigInteger Withdrawing)
{
    public BigInteger Sum => Available + Held + Withdrawing;
}

/// <summary>Balances, credits and withdrawals.</summary>
internal sealed partial class NaiveVenue
{
    private void Credit(in Credit c)
    {
        BigInteger atoms = c.Amount.Atoms;
        var reason = Reason.None;
        var isRepeat = _credits.TryGetValue(c.Key, out var before);
        if (isRepeat) reason = before == (c.Firm, c.Asset, atoms) ? Reason.None : Reason.KeyReused;
        else
        {
            var asset = c.Asset;
            var exceeded = CheckMargin(c.Firm, asset, -atoms);
            var sum = Balances.Where(b => b.Key.Asset == asset).Aggregate(BigInteger.Zero, (total, b) => total + b.Value.Sum);
            if (exceeded != Reason.None) reason = exceeded;
            else if (sum + atoms > BigInteger.Pow(2, 120) || (atoms < 0 && Own(c.Firm, c.Asset) + atoms < 0)) reason = Reason.AmountOutOfRange;
            else
            {
                Move(c.Firm, c.Asset, atoms);
                _credits[c.Key] = (c.Firm, c.Asset, atoms);
            }
        }
        if (reason == Reason.None && isRepeat) return;
        if (reason == Reason.None) NoteChange(c.Firm);
        if (reason == Reason.None) log.Add(new Credited { Header = Header<Credited>(EventType.Credited, 0, 0), Definition = c });
        else Refuse(reason);
    }

    private void Hold(in HoldWithdrawal c)
    {
        BigInteger atoms = c.Amount.Atoms;
        var isRepeat = _withdrawals.TryGetValue(c.Key, out var before);
        var reason = !Balances.ContainsKey((1, c.Asset)) || c.Firm is < 0 or > 4 || c.Key.IsEmpty ? Reason.Contradiction
            : isRepeat ? (before.Held.Firm, before.Held.Asset, before.Held.Amount) == (c.Firm, c.Asset, c.Amount) ? Reason.None : Reason.KeyReused
            : atoms <= 0 || Own(c.Firm, c.Asset) < atoms ? Reason.AmountOutOfRange
            : CheckMargin(c.Firm, c.Asset, atoms);
        if (reason != Reason.None)
        {
            Refuse(reason);
            return;
        }
        if (isRepeat) return;
        Move(c.Firm, c.Asset, -atoms, withdrawing: atoms);
        _withdrawals[c.Key] = (c, EventType.WithdrawalHeld);
        log.Add(new WithdrawalHeld { Header = Header<WithdrawalHeld>(EventType.WithdrawalHeld, 0, 0), Withdrawal = c });
    }

    private void End(Text40 key, EventType end)
    {
        if (!_withdrawals.TryGetValue(key, out var withdrawal))
        {
            Refuse(Reason.UnknownKey);
            return;
        }
        var (held, last) = withdrawal;
        if (last is not EventType.WithdrawalHeld && last != end)
        {
            Refuse(Reason.AlreadyEnded);
            return;
        }
        if (last == end) return;
        BigInteger atoms = held.Amount.Atoms;
        Move(held.Firm, held.Asset, end == EventType.WithdrawalReleased ? atoms : 0, withdrawing: -atoms);
        if (end == EventType.WithdrawalReleased) NoteChange(held.Firm);
        _withdrawals[key] = (held, end);
        // The two events have the same shape.
        log.Add(new WithdrawalSettled { Header = Header<WithdrawalSettled>(end, 0, 0), Withdrawal = held });
    }

    private void SetHold(NaiveOrder order, BigInteger hold)
    {
        Move(order.Firm, order.Instrument.Paid(order.Side), order.Hold - hold, held: hold - order.Hold);
        order.Hold = hold;
    }

    private void Move(int firm, int asset, BigInteger available, BigInteger held = default, BigInteger withdrawing = default)
    {
        var was = Balances.GetValueOrDefault((firm, asset));
        Balances[(firm, asset)] = new NaiveBalance(was.Available + available, was.Held + held, was.Withdrawing + withdrawing);
    }
}
