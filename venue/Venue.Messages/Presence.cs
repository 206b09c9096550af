using System.Runtime.InteropServices;

namespace Venue.Messages;

/// <summary>CancelOnDisconnect(8013): which orders go when a session is lost.</summary>
public enum CancelOnDisconnect : byte
{
    /// <summary>8013=N: none.</summary>
    None = 0,
    /// <summary>8013=S: the session's.</summary>
    Session = 1,
    /// <summary>8013=A: those of all sessions of its firm.</summary>
    Firm = 2,
}

/// <summary>How a session ended.</summary>
public enum DisconnectCause : byte
{
    /// <summary>Socket lost, peer silent, or cut off by the venue.</summary>
    Lost = 1,
    /// <summary>The client logged out.</summary>
    Logout = 2,
    /// <summary>The venue was started again and the session did not come back in time.</summary>
    NotBack = 3,
}

/// <summary>A session has logged on.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Connect
{
    public CommandHeader Header;
    public CancelOnDisconnect CancelOnDisconnect;
    /// <summary>1 when a Logout cancels too.</summary>
    public byte CancelOnLogout;
    /// <summary>Of its orders that name none, while it is connected; none: as its DefineSelfTrade says.</summary>
    public SelfTradeMode SelfTradeMode;
    public byte Reserved;
    /// <summary>0 with a mode: that of its DefineSelfTrade, else 1.</summary>
    public int SelfTradeGroup;
}

/// <summary>A session has ended; what its Connect said is done.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Disconnect
{
    public CommandHeader Header;
    public DisconnectCause Cause;
    public byte Reserved1;
    public ushort Reserved2;
    public int Reserved3;
}

/// <summary>A session has logged on.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SessionConnected
{
    public EventHeader Header;
    public Connect Connect;
}

/// <summary>A session has ended; the cancels that this caused, as far as they are done, come after.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SessionDisconnected
{
    public EventHeader Header;
    public Disconnect Disconnect;
}
