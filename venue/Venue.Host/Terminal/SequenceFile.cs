using System.Globalization;
using Venue.Fix;

namespace Venue.Host.Terminal;

/// <summary>
/// The terminal's memory of its session: only the number of its next message. What the venue sent is asked for again at
/// each start, and rebuilds the blotter; own orders are never resent, since a stale order is worse than a missing one.
/// </summary>
internal sealed class SequenceFile : ISessionStore
{
    private readonly string _path;

    public SequenceFile(string path)
    {
        _path = path;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        NextOut = File.Exists(path) && int.TryParse(File.ReadAllText(path), NumberStyles.None, CultureInfo.InvariantCulture, out var next) && next > 0 ? next : 1;
    }

    public int NextOut { get; private set; }

    public int NextIn => 1;

    public void Sent(int msgSeqNum, ReadOnlySpan<byte> message) => Write(msgSeqNum + 1);

    public void Received(int nextIn)
    {
    }

    public void Reset(long nowNs) => Write(1);

    public ReadOnlySpan<byte> Find(int msgSeqNum) => default;

    private void Write(int next)
    {
        NextOut = next;
        // Whole or not at all: a half-written number would end the session with "too low".
        File.WriteAllText(_path + ".new", next.ToString(CultureInfo.InvariantCulture));
        File.Move(_path + ".new", _path, overwrite: true);
    }
}
