namespace LiquidityBridge.Sandbox;

/// <summary>What can be made to go wrong on purpose.</summary>
internal enum FaultKind
{
    /// <summary>The next update of the public book is lost on its way; the one after it follows as if nothing had happened.</summary>
    BookGap,
    /// <summary>The next execution message takes its sequence number and is lost.</summary>
    ExecutionGap,
    /// <summary>Kraken: the next book update has a wrong checksum. FIX: the next market data message has a wrong CheckSum(10).</summary>
    WrongChecksum,
    /// <summary>The next order is accepted and may trade, but its acknowledgement never comes.</summary>
    AckLost,
    /// <summary>The next order's fills are told before its acknowledgement.</summary>
    FillBeforeAck,
    /// <summary>The next fill is told twice, under the same execution identifier.</summary>
    DuplicateFill,
    /// <summary>The next order is refused.</summary>
    Reject,
    /// <summary>The next request is looked at only after a delay.</summary>
    SlowAck,
    /// <summary>The next order is taken, and then its connection breaks before anything is told.</summary>
    DropAfterOrder,
    /// <summary>The next update of the public book comes twice.</summary>
    BookDuplicate,
    /// <summary>The next update of the public book comes after the one that follows it.</summary>
    BookReorder,
    /// <summary>The next update of the public book bids more than the best ask, and the one after it takes that back.</summary>
    BookCrossed,
    /// <summary>The next subscription begins with a snapshot from before the last update.</summary>
    OldSnapshot,
    /// <summary>The next order is refused for its rate.</summary>
    RateLimit,
    /// <summary>The next order is taken, and then refused by the maker's last look.</summary>
    LastLook,
}

/// <summary>The faults of one exchange that are armed, each for so many occasions.</summary>
internal sealed class Faults
{
    private readonly int[] _armed = new int[Enum.GetValues<FaultKind>().Length];

    /// <summary>The public feed stands still; heartbeats go on.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>Heartbeats and answers to pings do not come; everything else goes on.</summary>
    public bool IsMute { get; set; }

    /// <summary>How far the exchange's clock is ahead, nanoseconds.</summary>
    public long SkewNs { get; set; }

    /// <summary>This moment by the exchange's clock.</summary>
    public long ByItsClock(long nowNs) => nowNs + SkewNs;

    /// <summary>Prices are announced with so many decimals more than they have.</summary>
    public int ExtraDecimals { get; set; }

    /// <summary>How long a slow request waits, nanoseconds.</summary>
    public long SlowNs { get; set; }

    /// <summary>What a refused order is told; null for the protocol's own words.</summary>
    public string? RejectText { get; set; }

    /// <summary>The next <paramref name="count"/> occasions.</summary>
    public void Arm(FaultKind kind, int count) => _armed[(int)kind] = count;

    /// <summary>Occasions that are left.</summary>
    public int Left(FaultKind kind) => _armed[(int)kind];

    /// <summary>True when this occasion is one of them.</summary>
    public bool Take(FaultKind kind)
    {
        if (_armed[(int)kind] == 0) return false;
        _armed[(int)kind]--;
        return true;
    }

    /// <summary>Everything is as it should be again.</summary>
    public void Clear()
    {
        Array.Clear(_armed);
        IsFrozen = IsMute = false;
        SkewNs = ExtraDecimals = 0;
        RejectText = null;
    }
}
