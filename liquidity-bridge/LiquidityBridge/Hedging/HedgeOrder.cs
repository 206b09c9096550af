using Venue.Messages;

namespace LiquidityBridge;

/// <summary>Fills that are counted in an order's status and were not told.</summary>
/// <param name="Cum">All that was filled, on the grid.</param>
/// <param name="AveragePrice">On the grid.</param>
/// <param name="SinceNs">When the status first said so.</param>
/// <param name="LastNs">When it last said so.</param>
public readonly record struct Missing(long Cum, long AveragePrice, long SinceNs, long LastNs);

/// <summary>One order at one exchange.</summary>
public sealed class HedgeOrder(HedgeIntent intent)
{
    /// <summary>As it was written down.</summary>
    public HedgeIntent Intent { get; } = intent;

    /// <summary>Where it stands.</summary>
    public HedgeState State { get; private set; } = HedgeState.Intended;

    /// <summary>Booked fills, on the grid.</summary>
    public long Cum { get; private set; }

    /// <summary>Sum of price times quantity of the booked fills, in units of the grid.</summary>
    public Int128 CumValue { get; private set; }

    /// <summary>Part of <see cref="Cum"/> that was booked from the order's status and not from fills: told late, they are not booked again.</summary>
    public long FromStatus { get; set; }

    /// <summary>What the exchange's status says of fills that it did not tell; null when none is missing.</summary>
    public Missing? Missing { get; private set; }

    /// <summary>When <see cref="State"/> last changed, nanoseconds.</summary>
    public long ChangedNs { get; private set; } = intent.NowNs;

    /// <summary>True once the exchange said that it has it.</summary>
    public bool WasAcknowledged { get; private set; }

    /// <summary>When the exchange was last asked, nanoseconds; 0 for never.</summary>
    public long AskedNs { get; set; }

    /// <summary>True once a person was told that its outcome is unknown.</summary>
    public bool IsAlerted { get; set; }

    /// <summary>What it could still trade, on the grid; positive to buy.</summary>
    public long PendingSigned
    {
        get
        {
            if (State.IsDone()) return 0;
            var left = Math.Max(Intent.Quantity - Cum, 0);
            return Intent.Side == Side.Buy ? left : -left;
        }
    }

    /// <summary>As the journal's state has it.</summary>
    public static HedgeOrder Restored(HedgeOrderState state) => new(state.Intent)
    {
        State = state.State, Cum = state.Cum, CumValue = state.CumValue, FromStatus = state.FromStatus, Missing = state.Missing, ChangedNs = state.ChangedNs, WasAcknowledged = state.WasAcknowledged,
    };

    /// <summary>For the journal.</summary>
    public HedgeOrderState StateNow(long nowNs) => new()
    {
        NowNs = nowNs, Intent = Intent, State = State, Cum = Cum, CumValue = CumValue, FromStatus = FromStatus, Missing = Missing, ChangedNs = ChangedNs, WasAcknowledged = WasAcknowledged,
    };

    /// <summary>Books a fill.</summary>
    public void AddFill(long quantity, long price)
    {
        Cum += quantity;
        CumValue += (Int128)price * quantity;
        Missing = null;
    }

    /// <summary>The exchange's status may count more filled than is booked.</summary>
    public void MissFills(HedgeReport status)
    {
        if (status.Cum <= Cum || status.AveragePrice <= 0) return;
        if (Missing is not { } missing || missing.Cum != status.Cum || missing.AveragePrice != status.AveragePrice)
            Missing = new Missing(status.Cum, status.AveragePrice, status.NowNs, status.NowNs);
        else
            Missing = missing with { LastNs = status.NowNs };
    }

    /// <summary>Applies what happened; false when it does not belong there, and then nothing changes.</summary>
    public bool Move(HedgeEvent on, long nowNs)
    {
        if (HedgeTable.Next(State, on) is not { } next) return false;
        if (on == HedgeEvent.Acknowledged || on is HedgeEvent.TradedPart or HedgeEvent.TradedAll) WasAcknowledged = true;
        if (next != State) ChangedNs = nowNs;
        State = next;
        return true;
    }
}
