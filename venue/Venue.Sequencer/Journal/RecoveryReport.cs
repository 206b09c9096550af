namespace Venue.Sequencer;

/// <summary>Gets every good record of the journal at the start, in order.</summary>
public interface IJournalReader
{
    /// <summary>A record of kind Command, Sent or SessionState. The payload is valid during the call only.</summary>
    void OnRecord(RecordKind kind, long position, ReadOnlySpan<byte> payload);
}

/// <summary>How far a replay is; given at most ten times a second.</summary>
/// <param name="BytesDone">Bytes of the journal read.</param>
/// <param name="BytesTotal">Bytes of all segments in use; the last one counts in full.</param>
/// <param name="Records">Records read.</param>
public readonly record struct RecoveryProgress(long BytesDone, long BytesTotal, long Records);

/// <summary>What recovery found.</summary>
/// <param name="Records">Good records, marks and rolls included.</param>
/// <param name="Commands">Commands among them.</param>
/// <param name="Bytes">Bytes of the good records.</param>
/// <param name="DroppedBytes">Bytes of a torn tail, from its first bad byte to its last that was not zero; never durable, never told.</param>
/// <param name="DroppedRecords">Whole records found in the torn tail, behind a hole.</param>
/// <param name="FirstPosition">Position of the first record; equal to <paramref name="End"/> when there is none.</param>
/// <param name="LastPosition">Position of the last record; equal to <paramref name="End"/> when there is none.</param>
/// <param name="End">Where the next record goes.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record RecoveryReport(long Records, long Commands, long Bytes, long DroppedBytes, long DroppedRecords,
    long FirstPosition, long LastPosition, long End, TimeSpan Elapsed);
