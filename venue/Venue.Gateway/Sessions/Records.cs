using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Venue.Gateway;

/// <summary>
/// In front of each application message that a session sent and can be asked to resend. The message itself follows.
/// </summary>
/// <remarks>Journal record kind <c>Sent</c>. 40 bytes, little endian.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct SentRecord
{
    /// <summary>Sequence number of the command whose event the message reports; 0 when no event caused it.</summary>
    public long CauseSeq;
    /// <summary>Journal position of the session's sent message before this one; -1 for the first since a reset.</summary>
    public long Previous;
    /// <summary>Index of the event among the command's events.</summary>
    public int CauseIndex;
    public int Session;
    /// <summary>MsgSeqNum(34) of the message.</summary>
    public int MsgSeqNum;
    /// <summary>MsgSeqNum(34) expected of the client next, when this was sent.</summary>
    public int NextIn;
    /// <summary>Bytes of the message that follows.</summary>
    public int Length;
    /// <summary>For a report told again under a new number 1, and 1 more for each before it that the journal did not keep any more; else 0.</summary>
    public int ToldAgain;

    /// <summary>Bytes of the record in front of the message.</summary>
    public static int Size => Unsafe.SizeOf<SentRecord>();

    /// <summary>Reads the record's head; false when <paramref name="payload"/> is not one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out SentRecord record, out ReadOnlySpan<byte> message)
    {
        record = default;
        message = default;
        if (payload.Length < Size) return false;
        record = MemoryMarshal.Read<SentRecord>(payload);
        if (record.Length < 0 || record.Length > payload.Length - Size) return false;
        message = payload.Slice(Size, record.Length);
        return true;
    }
}

/// <summary>From where in the journal a session is given copies of its firm's reports.</summary>
public enum CopiesFrom : short
{
    /// <summary>As it was before.</summary>
    Unsaid = 0,
    /// <summary>Reports of commands behind this record are copied.</summary>
    Here = 1,
    /// <summary>Reports of commands behind this record are not.</summary>
    NoMore = 2,
}

/// <summary>Where a session's two sequence numbers stand, when no kept message says it: administrative messages, resets.</summary>
/// <remarks>Journal record kind <c>SessionState</c>. 24 bytes, little endian.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct SessionStateRecord
{
    public int Session;
    public int NextOut;
    public int NextIn;
    /// <summary>1 when both numbers went back to 1 and nothing sent before can be resent; else 0.</summary>
    public short Reset;
    /// <summary>Whether the session is given copies of its firm's reports.</summary>
    public CopiesFrom Copies;
    /// <summary>When both numbers were last 1, nanoseconds since 1970-01-01 UTC: a schedule voids them at the end of their period.</summary>
    public long TimeNs;
}

/// <summary>Where the gateway writes down what its sessions sent: the venue's one journal.</summary>
public interface ISessionJournal
{
    /// <summary>Appends a <see cref="SentRecord"/> and its message; returns the position for <see cref="ReadSent"/>.</summary>
    long AppendSent(ReadOnlySpan<byte> head, ReadOnlySpan<byte> message);

    /// <summary>Appends a <see cref="SessionStateRecord"/>.</summary>
    void AppendState(ReadOnlySpan<byte> state);

    /// <summary>The payload (head and message) at <paramref name="position"/>; empty when it is not kept any more.</summary>
    ReadOnlySpan<byte> ReadSent(long position);

    /// <summary>A session was asked for messages from this number on that are not kept any more: a gap fill stands for them (FIX 4.4 vol 2).</summary>
    void NotKept(int session, int msgSeqNum);
}

/// <summary>Where the gateway's commands go: the sequencer's ring.</summary>
public interface ICommandSink
{
    /// <summary>Takes one whole command; it is sequenced before this connection's next command.</summary>
    void Publish(ReadOnlySpan<byte> command);

    /// <summary>True while what is not urgent should wait: room is kept for what has been read.</summary>
    bool IsFull { get; }
}
