using Venue.Messages;

namespace LiquidityBridge;

/// <summary>One order at one exchange.</summary>
public sealed class HedgeOrder(HedgeIntent intent)
{
    /// <summary>As it was written down.</summary>
    public HedgeIntent Intent { get; } = intent;

    /// <summary>Where it stands.</summary>
    public HedgeState State { get; private set; } = HedgeState.Intended;

    /// <summary>Booked fills, on the grid.</summary>
    public long Cum { get; private set; }

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

    /// <summary>Books a fill's quantity.</summary>
    public void AddFill(long quantity) => Cum += quantity;

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
