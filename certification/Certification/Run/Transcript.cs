using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Certification;

/// <summary>What kind of line a transcript has.</summary>
internal enum EntryKind { Sent, Received, Garbled, Note }

/// <summary>One line of a transcript.</summary>
/// <param name="Utc">When.</param>
/// <param name="At">Time since the case began.</param>
/// <param name="Session">Which scripted session: first or second.</param>
/// <param name="Kind">Direction.</param>
/// <param name="Text">The message with | for the delimiter, or the note.</param>
/// <param name="Name">The message's name; empty for notes.</param>
internal sealed record Entry(DateTime Utc, TimeSpan At, string Session, EntryKind Kind, string Text, string Name);

/// <summary>Everything that happened in one case, in order.</summary>
internal sealed class Transcript(Vocabulary words)
{
    private readonly List<Entry> _entries = [];
    private readonly Stopwatch _since = Stopwatch.StartNew();

    /// <summary>Time since the case began.</summary>
    public TimeSpan Elapsed => _since.Elapsed;

    /// <summary>All lines so far.</summary>
    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>Notes a message.</summary>
    public void Message(PeerName peer, EntryKind kind, FixMessage message) => Add(peer, kind, message.ToString(), words.MessageName(message.Type));

    /// <summary>Notes bytes that are no message.</summary>
    public void Garbled(PeerName peer, ReadOnlySpan<byte> bytes) => Add(peer, EntryKind.Garbled, FixMessage.Readable(bytes), "");

    /// <summary>Notes something else that happened.</summary>
    public void Note(PeerName peer, string text) => Add(peer, EntryKind.Note, text, "");

    /// <summary>SHA-256 over all lines: time, session, direction, text, each line ended by a line feed.</summary>
    public static string Hash(IEnumerable<Entry> entries)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var e in entries)
            sha.AppendData(Encoding.UTF8.GetBytes($"{e.Utc.ToString("O", CultureInfo.InvariantCulture)} {e.Session} {e.Kind} {e.Text}\n"));
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }

    private void Add(PeerName peer, EntryKind kind, string text, string name) =>
        _entries.Add(new Entry(DateTime.UtcNow, Elapsed, peer == PeerName.First ? "first" : "second", kind, text, name));
}
