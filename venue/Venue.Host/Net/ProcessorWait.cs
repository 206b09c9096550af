using Microsoft.Win32.SafeHandles;

namespace Venue.Host;

/// <summary>How long the thread that makes this has been ready and waiting for a processor. A system that does not count it says 0.</summary>
internal sealed class ProcessorWait : IDisposable
{
    // Three numbers: nanoseconds on a processor, nanoseconds waiting for one, times.
    private const string Path = "/proc/thread-self/schedstat";

    private readonly SafeFileHandle? _file = File.Exists(Path) ? File.OpenHandle(Path) : null;
    private readonly byte[] _text = new byte[96];

    /// <summary>Nanoseconds since the thread's start; any thread may ask.</summary>
    public long Ns()
    {
        if (_file is null) return 0;
        var text = _text.AsSpan(0, RandomAccess.Read(_file, _text, 0));
        var number = text[(text.IndexOf((byte)' ') + 1)..];
        return System.Buffers.Text.Utf8Parser.TryParse(number, out long ns, out _) ? ns : 0;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file?.Dispose();
}
