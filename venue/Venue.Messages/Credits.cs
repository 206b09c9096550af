using System.Runtime.InteropServices;

namespace Venue.Messages;

/// <summary>Adds to a firm's balance (a deposit) or takes from it (a withdrawal, negative). Once per key.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Credit
{
    public CommandHeader Header;
    public int Firm;
    public int Asset;
    /// <summary>Low and high words of the signed 128-bit amount in atoms.</summary>
    public ulong AtomsLow;
    public long AtomsHigh;
    /// <summary>Idempotency key: the same key and content again changes nothing, the same key with other content is refused.</summary>
    public Text40 Key;

    /// <summary>The amount in atoms.</summary>
    public Amount Amount
    {
        readonly get => new(new Int128((ulong)AtomsHigh, AtomsLow));
        set => (AtomsHigh, AtomsLow) = ((long)(value.Atoms >> 64), (ulong)value.Atoms);
    }
}

/// <summary>Moves an amount from a firm's available balance to a withdrawal on its way. Once per key.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct HoldWithdrawal
{
    public CommandHeader Header;
    public int Firm;
    public int Asset;
    /// <summary>Low and high words of the positive 128-bit amount in atoms.</summary>
    public ulong AtomsLow;
    public long AtomsHigh;
    /// <summary>Names the withdrawal for ever; idempotency key.</summary>
    public Text40 Key;

    /// <summary>The amount in atoms.</summary>
    public Amount Amount
    {
        readonly get => new(new Int128((ulong)AtomsHigh, AtomsLow));
        set => (AtomsHigh, AtomsLow) = ((long)(value.Atoms >> 64), (ulong)value.Atoms);
    }
}

/// <summary>The withdrawal is final on its chain: the held amount leaves the venue. Once per key.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SettleWithdrawal
{
    public CommandHeader Header;
    /// <summary>The key of the hold.</summary>
    public Text40 Key;
}

/// <summary>The withdrawal will never happen: the held amount is available again. Once per key.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ReleaseWithdrawal
{
    public CommandHeader Header;
    /// <summary>The key of the hold.</summary>
    public Text40 Key;
}
