using System.Buffers.Binary;
using Venue.Sequencer;

namespace Venue.Tests.Sequencer;

/// <summary>A record as a test remembers it.</summary>
internal sealed record Written(RecordKind Kind, long Position, string Payload);

/// <summary>Remembers what a journal hands out.</summary>
internal sealed class Recording : IJournalReader
{
    public List<Written> Records { get; } = [];

    public void OnRecord(RecordKind kind, long position, ReadOnlySpan<byte> payload) =>
        Records.Add(new Written(kind, position, Convert.ToHexString(payload)));
}

/// <summary>Short ways to make and read journals.</summary>
internal static class Journals
{
    public const int SegmentBytes = 4096;

    public static JournalOptions Options(int segmentBytes = SegmentBytes) =>
        new() { Directory = "simulated", SegmentBytes = segmentBytes, JournalID = new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) };

    public static Journal Open(SimulatedDisk disk, out Recording found, out RecoveryReport report)
    {
        var journal = Journal.Open(Options(), disk.Mount());
        found = new Recording();
        try
        {
            report = journal.Recover(found, progress: null);
        }
        catch
        {
            journal.Dispose();
            throw;
        }
        return journal;
    }

    public static Journal Open(SimulatedDisk disk) => Open(disk, out _, out _);

    /// <summary>Appends a record that says which it is, of a length and kind that differ from one to the next.</summary>
    public static Written AppendNumbered(this Journal journal, int number, int payloadBytes)
    {
        Span<byte> payload = stackalloc byte[payloadBytes];
        for (var i = 0; i < payload.Length; i++) payload[i] = (byte)(number * 31 + i * 7 + 1);
        if (payloadBytes >= 4) BinaryPrimitives.WriteInt32LittleEndian(payload, number);
        var kind = (RecordKind)(1 + number % 3);
        var split = number % (payloadBytes + 1);
        var position = journal.Append(kind, payload[..split], payload[split..]);
        return new Written(kind, position, Convert.ToHexString(payload));
    }
}
