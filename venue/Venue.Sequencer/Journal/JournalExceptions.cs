namespace Venue.Sequencer;

/// <summary>The journal cannot be used as it is; the message says what to do.</summary>
public class JournalException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Another process holds the journal's folder.</summary>
public sealed class JournalInUseException(string message, Exception? inner = null) : JournalException(message, inner);

/// <summary>There is no room for the next segment. Nothing of the refused record was written.</summary>
public sealed class JournalFullException(string message, Exception? inner = null) : JournalException(message, inner);

/// <summary>
/// Something that had been made durable is not there any more: not the torn tail of a power cut, which is repaired
/// without asking, but lost or changed bytes that somebody may have been told of.
/// </summary>
public sealed class JournalDamagedException(string segment, long offset, string what)
    : JournalException($"Journal segment {segment} is damaged at byte {offset}: {what}. " +
        "What was written there had been made durable and may have been told to members, so the venue does not start without it. " +
        "Check the disk, then restore this segment (and the later ones) from a copy or a replica; do not delete or edit it.")
{
    /// <summary>The segment's file, or its name on another store.</summary>
    public string Segment { get; } = segment;

    /// <summary>Byte in that segment at which the first bad record begins.</summary>
    public long Offset { get; } = offset;
}
