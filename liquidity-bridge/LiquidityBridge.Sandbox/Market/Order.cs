using Venue.Messages;

namespace LiquidityBridge.Sandbox.Market;

/// <summary>What a client asks for, already in ticks and lots.</summary>
internal sealed record OrderRequest
{
    /// <summary>Whose it is.</summary>
    public required Account Account { get; init; }

    /// <summary>What is traded.</summary>
    public required Instrument Instrument { get; init; }

    /// <summary>Buy or sell.</summary>
    public required Side Side { get; init; }

    /// <summary>Limit or market.</summary>
    public required OrdType Type { get; init; }

    /// <summary>How long it stays.</summary>
    public required TimeInForce TimeInForce { get; init; }

    /// <summary>Limit in ticks; 0 for a market order.</summary>
    public long LimitTicks { get; init; }

    /// <summary>Quantity in lots.</summary>
    public required long Lots { get; init; }

    /// <summary>Refused rather than traded at once.</summary>
    public bool PostOnly { get; init; }

    /// <summary>The client's own name for it; empty for none.</summary>
    public string ClOrdID { get; init; } = "";

    /// <summary>The protocol's own: the session to tell.</summary>
    public object? Owner { get; init; }
}

/// <summary>An order that was accepted.</summary>
internal sealed class Order(long id, OrderRequest request, long nowNs)
{
    /// <summary>The exchange's number, from 1.</summary>
    public long ID { get; } = id;

    /// <summary>As it came in; price and quantity may have been amended since.</summary>
    public OrderRequest Request { get; } = request;

    /// <summary>Slot in the book; 0 when it is not in the book.</summary>
    public int Slot { get; set; }

    /// <summary>The client's latest name for it.</summary>
    public string ClOrdID { get; set; } = request.ClOrdID;

    /// <summary>Limit now, in ticks.</summary>
    public long LimitTicks { get; set; } = request.LimitTicks;

    /// <summary>Quantity now, in lots.</summary>
    public long Lots { get; set; } = request.Lots;

    /// <summary>Traded, in lots.</summary>
    public long CumLots { get; set; }

    /// <summary>Cost of what traded, in atoms of the quote asset.</summary>
    public Int128 CumCost { get; set; }

    /// <summary>Fees so far, in atoms of what they are paid in.</summary>
    public Int128 CumFee { get; set; }

    /// <summary>What it holds of the account's balance, in atoms.</summary>
    public Int128 Held { get; set; }

    /// <summary>Where it stands.</summary>
    public OrdStatus Status { get; set; } = OrdStatus.New;

    /// <summary>When it was accepted, nanoseconds since 1970-01-01 UTC.</summary>
    public long AcceptedNs { get; } = nowNs;

    /// <summary>What is traded.</summary>
    public Instrument Instrument => Request.Instrument;

    /// <summary>Whose it is.</summary>
    public Account Account => Request.Account;

    /// <summary>Buy or sell.</summary>
    public Side Side => Request.Side;

    /// <summary>True while it can still trade.</summary>
    public bool IsOpen => Status is OrdStatus.New or OrdStatus.PartiallyFilled;

    /// <summary>What can still trade, in lots.</summary>
    public long Leaves => IsOpen ? Lots - CumLots : 0;

    /// <summary>Average price in ticks, rounded to the nearest; 0 before the first fill.</summary>
    public long AverageTicks
    {
        get
        {
            if (CumLots == 0) return 0;
            var perTick = Instrument.Cost(1, CumLots);
            return (long)((CumCost + perTick / 2) / perTick);
        }
    }
}
