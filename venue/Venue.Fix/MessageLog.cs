namespace Venue.Fix;

/// <summary>What happened to the bytes that a log is given.</summary>
public enum LogDirection : byte
{
    /// <summary>A whole message came.</summary>
    In,
    /// <summary>A message was put into the send buffer.</summary>
    Out,
    /// <summary>Bytes came that are no message, and were passed over.</summary>
    Garbled,
}

/// <summary>Given every message of a session, in and out, as it stood on the line. See <see cref="Session.Log"/>.</summary>
/// <remarks>Called on the session's own thread, between the bytes and their handling: must not block and must not call back into the session.</remarks>
public interface IMessageLog
{
    /// <summary>The bytes are a view: copy what is to be kept. Credentials are in them: see <see cref="Redaction"/>.</summary>
    void Add(Session session, LogDirection direction, ReadOnlySpan<byte> bytes, long nowNs);
}
