namespace Venue.Fix;

/// <summary>
/// What a session must remember beyond a connection: its two sequence numbers and the application messages that it
/// sent. Implemented by the venue over its journal and by initiators over a file.
/// </summary>
/// <remarks>Called on the session's own thread; must not call back into the session.</remarks>
public interface ISessionStore
{
    /// <summary>MsgSeqNum(34) of the next message to send, from 1; read once, when the session is made.</summary>
    int NextOut { get; }

    /// <summary>MsgSeqNum(34) expected of the next message to come, from 1; read once, when the session is made.</summary>
    int NextIn { get; }

    /// <summary>
    /// A message took number <paramref name="msgSeqNum"/>. <paramref name="message"/> is the whole message when it is to
    /// be resent on request, and empty when a gap fill may stand for it (administrative messages, market data).
    /// </summary>
    void Sent(int msgSeqNum, ReadOnlySpan<byte> message);

    /// <summary>The next message expected is now <paramref name="nextIn"/>. May be remembered lazily: if it is lost, the peer is asked again.</summary>
    void Received(int nextIn);

    /// <summary>Both numbers go back to 1 and nothing can be resent any more.</summary>
    void Reset(long nowNs);

    /// <summary>
    /// When both numbers were last 1, nanoseconds since 1970-01-01 UTC; 0 when that is not known: then a session with
    /// a <see cref="SessionSchedule"/> takes its numbers for those of the period in which the process started.
    /// </summary>
    long ResetNs => 0;

    /// <summary>RefreshOnLogon: another process may have written since; reads both numbers again.</summary>
    void Refresh()
    {
    }

    /// <summary>The stored message of this number, or an empty span when there is none (then it is gap-filled).</summary>
    ReadOnlySpan<byte> Find(int msgSeqNum);
}
