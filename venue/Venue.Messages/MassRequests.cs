using System.Runtime.InteropServices;

namespace Venue.Messages;

/// <summary>Whose orders a mass request is about.</summary>
public enum MassScope : byte
{
    /// <summary>Those of one session.</summary>
    Session = 1,
    /// <summary>Those of all sessions of one firm.</summary>
    Firm = 2,
    /// <summary>All; for operators.</summary>
    Venue = 3,
}

/// <summary>OrderMassCancelRequest (35=q): orders that are entered after it are not touched.</summary>
/// <remarks>Large ones are carried out in slices (<see cref="ContinueWalk"/>): until its turn comes an order may still trade.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct MassCancel
{
    public CommandHeader Header;
    public Text40 ClOrdID;
    /// <summary>Number of the session or firm; 0 for the venue.</summary>
    public int Target;
    /// <summary>0 for all.</summary>
    public int Instrument;
    /// <summary>0 for both.</summary>
    public Side Side;
    public MassScope Scope;
    /// <summary>1 when the gateway has seen an operator's right: the target may be another firm's.</summary>
    public byte AsOperator;
    public byte Reserved1;
    public int Reserved2;
}

/// <summary>OrderMassStatusRequest (35=AF): tells every open order, changes nothing.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MassStatus
{
    public CommandHeader Header;
    /// <summary>MassStatusReqID(584).</summary>
    public Text40 RequestID;
    /// <inheritdoc cref="MassCancel.Target"/>
    public int Target;
    /// <inheritdoc cref="MassCancel.Instrument"/>
    public int Instrument;
    /// <inheritdoc cref="MassCancel.Side"/>
    public Side Side;
    public MassScope Scope;
    /// <inheritdoc cref="MassCancel.AsOperator"/>
    public byte AsOperator;
    public byte Reserved1;
    public int Reserved2;
}

/// <summary>The next slice of a walk over many orders, which a mass request or a disconnect began.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ContinueWalk
{
    public CommandHeader Header;
    /// <summary>Sequence number of the command that began it.</summary>
    public long Walk;
}

/// <summary>OrderMassCancelReport (35=r): the request was taken or refused. The reports of the orders follow.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MassCancelReport
{
    public EventHeader Header;
    public Text40 ClOrdID;
    /// <summary>Orders that will be canceled; -1 when there are too many to count at once.</summary>
    public int Affected;
    /// <summary>None when it was taken.</summary>
    public Reason Reason;
    public Side Side;
    public MassScope Scope;
}

/// <summary>One order in the answer to an OrderMassStatusRequest; or none, when there is no order to tell.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MassStatusReport
{
    public EventHeader Header;
    /// <summary>MassStatusReqID(584).</summary>
    public Text40 RequestID;
    /// <summary>TotNumReports(911); -1 when there are too many to count at once.</summary>
    public int Total;
    /// <summary>1 on the last report of the answer: LastRptRequested(912).</summary>
    public byte IsLast;
    public byte Reserved1;
    public ushort Reserved2;
    /// <summary>The order, with its owner's session in the header; OrderID is 0 when there is none.</summary>
    public ExecReport Report;
}
