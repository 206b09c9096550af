using System.Globalization;
using System.Net;
using System.Threading.Channels;

namespace Venue.Host;

/// <summary>Why a connection never came to a session.</summary>
public enum RefusedFor
{
    /// <summary>No session may come from its address.</summary>
    Address,
    /// <summary>As many connections without a Logon as the venue holds.</summary>
    TooManyAnonymous,
    /// <summary>As many TLS handshakes under way as the venue does.</summary>
    TooManyHandshakes,
    /// <summary>The TLS handshake failed: protocol, certificate, or bytes that are not TLS.</summary>
    Handshake,
    /// <summary>The TLS handshake took too long.</summary>
    HandshakeTime,
}

/// <summary>Says on standard output which connections ended and why, and counts them. Never makes the core wait: a writer of its own, and a bound.</summary>
/// <remarks>Any thread.</remarks>
public sealed class ConnectionLog : IDisposable
{
    private const int LinesMax = 4096;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(LinesMax) { SingleReader = true });
    private readonly Task _writing;
    private readonly long[] _refused = new long[Enum.GetValues<RefusedFor>().Length];
    private long _accepted, _closed, _dropped;

    /// <summary>Starts the writer.</summary>
    public ConnectionLog(TextWriter output) => _writing = Task.Run(() => Write(output));

    /// <summary>A connection was accepted.</summary>
    public void Accepted() => Interlocked.Increment(ref _accepted);

    /// <summary>A connection was refused before the gateway saw it.</summary>
    public void Refuse(RefusedFor why, IPEndPoint remote, string detail)
    {
        Interlocked.Increment(ref _refused[(int)why]);
        Line($"connection {remote} refused: {detail}");
    }

    /// <summary>How many were refused for this.</summary>
    public long Count(RefusedFor why) => Interlocked.Read(ref _refused[(int)why]);

    /// <summary>A connection ended.</summary>
    public void Closed(string remote, string? compID, string reason)
    {
        Interlocked.Increment(ref _closed);
        Line($"connection {remote} {compID ?? "without a session"} closed: {reason}");
    }

    /// <summary>Something that happened.</summary>
    public void Note(string what) => Line(what);

    /// <summary>Something that somebody should look at.</summary>
    public void Alarm(string what) => Line($"ALARM {what}");

    private void Line(string line)
    {
        if (!_lines.Writer.TryWrite(Printable(line))) Interlocked.Increment(ref _dropped);
    }

    // Parts of a line are the other end's words: they must not steer a terminal.
    private static string Printable(string line) => string.Create(line.Length, line, static (to, from) =>
    {
        for (var i = 0; i < from.Length; i++) to[i] = from[i] is >= ' ' and <= '~' ? from[i] : '?';
    });

    private async Task Write(TextWriter output)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync()) await output.WriteLineAsync(line);
    }

    /// <summary>All counts in one line.</summary>
    public string Summary() => string.Create(CultureInfo.InvariantCulture,
        $"connections accepted={_accepted} closed={_closed} {string.Join(' ', Enum.GetValues<RefusedFor>().Select(r => $"refused-{r}={Count(r)}"))} lines-dropped={_dropped}");

    /// <summary>Writes what is left and ends the writer.</summary>
    public void Dispose()
    {
        _lines.Writer.TryComplete();
        _writing.GetAwaiter().GetResult();
    }
}
