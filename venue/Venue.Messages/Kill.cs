using System.Runtime.InteropServices;

namespace Venue.Messages;

/// <summary>What a kill switch covers.</summary>
public enum KillScope : byte
{
    Venue = 1,
    Firm = 2,
    Session = 3,
    Instrument = 4,
}

/// <summary>Engages a kill switch (cancels every open order that it covers, refuses new ones) or lifts it.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Kill
{
    public CommandHeader Header;
    public KillScope Scope;
    /// <summary>1 to engage, 0 to lift.</summary>
    public byte Engaged;
    /// <summary>Zero.</summary>
    public ushort Reserved;
    /// <summary>Number of the firm, session or instrument; 0 for the venue.</summary>
    public int Target;
    /// <summary>Who and why, for the record.</summary>
    public Text40 Reason;
}
