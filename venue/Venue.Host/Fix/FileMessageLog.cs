using System.Buffers.Binary;
using System.Text;
using Venue.Fix;

namespace Venue.Host;

/// <summary>
/// Messages as text in files, one for each session: time, direction, message, without credentials. Which sessions are
/// logged stands in the file <c>on</c> in the log's folder, one CompID of a counterparty in each line or * for all,
/// and may be changed while the venue runs; without the file nothing is logged and nothing is spent.
/// </summary>
/// <remarks>
/// The session's thread copies the bytes into a ring and goes on; a thread of the log's own writes. When the ring is full
/// messages are dropped and counted, and the count is written where they are missing. A file that has grown to its
/// bound becomes COMPID.1.log, and so on up to a bound on their number.
/// </remarks>
internal sealed class FileMessageLog : IMessageLog, IDisposable
{
    private const int HeaderSize = 16;   // length, session and direction, time
    private const int LookMs = 500;

    /// <summary>Bytes of a file before the next is begun.</summary>
    public const int FileBytesMax = 64 << 20;

    /// <summary>Files kept for one session.</summary>
    public const int FilesMax = 8;

    private readonly string _directory;
    private readonly Session[] _sessions;
    private readonly LogFile?[] _files;
    private readonly byte[] _ring;
    private readonly int _fileBytesMax;
    private readonly Thread _writer;
    private readonly AutoResetEvent _stop = new(false);
    private long _tail, _head, _dropped, _lost;   // what the session's thread dropped, and what the disk refused
    private DateTime _onStamp;
    private volatile bool _stopping;

    /// <summary>Begins to look at the file <c>on</c>.</summary>
    /// <param name="directory">Made when the first session is switched on.</param>
    /// <param name="sessions">All that may be logged.</param>
    /// <param name="ringBytes">Room between the sessions and the disk, a power of two.</param>
    /// <param name="fileBytesMax">See <see cref="FileBytesMax"/>.</param>
    public FileMessageLog(string directory, IEnumerable<Session> sessions, int ringBytes = 8 << 20, int fileBytesMax = FileBytesMax)
    {
        _directory = directory;
        _sessions = [.. sessions];
        _files = new LogFile?[_sessions.Length];
        _ring = new byte[ringBytes];
        _fileBytesMax = fileBytesMax;
        _writer = new Thread(Run) { IsBackground = true, Name = "message log" };
        _writer.Start();
    }

    /// <summary>Messages since the start that did not fit into the ring, or that the disk refused.</summary>
    public long Dropped => Volatile.Read(ref _dropped) + Volatile.Read(ref _lost);

    /// <summary>Why the last file could not be written or read; null while all is well.</summary>
    public string? Fault { get; private set; }

    /// <inheritdoc/>
    public void Add(Session session, LogDirection direction, ReadOnlySpan<byte> bytes, long nowNs)
    {
        var index = Array.IndexOf(_sessions, session);
        var size = (HeaderSize + bytes.Length + 7) & ~7;
        if (index < 0 || size > _ring.Length - (_tail - Volatile.Read(ref _head)))
        {
            Volatile.Write(ref _dropped, _dropped + 1);
            return;
        }
        Span<byte> header = stackalloc byte[HeaderSize];
        BinaryPrimitives.WriteInt32LittleEndian(header, bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], index << 2 | (int)direction);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], nowNs);
        Put(header, _tail);
        Put(bytes, _tail + HeaderSize);
        Volatile.Write(ref _tail, _tail + size);
    }

    private void Put(ReadOnlySpan<byte> bytes, long at)
    {
        var start = (int)(at & (_ring.Length - 1));
        var first = Math.Min(bytes.Length, _ring.Length - start);
        bytes[..first].CopyTo(_ring.AsSpan(start));
        bytes[first..].CopyTo(_ring);
    }

    private void Get(Span<byte> bytes, long at)
    {
        var start = (int)(at & (_ring.Length - 1));
        var first = Math.Min(bytes.Length, _ring.Length - start);
        _ring.AsSpan(start, first).CopyTo(bytes);
        _ring.AsSpan(0, bytes.Length - first).CopyTo(bytes[first..]);
    }

    private void Run()
    {
        long noted = 0;
        var bytes = new byte[1 << 16];
        var clear = new byte[Redaction.MaxLength(bytes.Length)];
        while (true)
        {
            var last = _stopping;
            try
            {
                if (!last) Look();
                Drain(ref bytes, ref clear, ref noted);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The disk is full or gone: sessions go on, their messages are counted as dropped, and the next look tries again.
                Fault = e.Message;
                Skip();
            }
            if (last) break;
            _stop.WaitOne(_files.Any(file => file is not null) ? 20 : LookMs);
        }
        foreach (var file in _files) file?.Dispose();
    }

    private void Skip()
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        while (_head < Volatile.Read(ref _tail))
        {
            Get(length, _head);
            Volatile.Write(ref _head, _head + ((HeaderSize + BinaryPrimitives.ReadInt32LittleEndian(length) + 7) & ~7));
            Volatile.Write(ref _lost, _lost + 1);
        }
        for (var i = 0; i < _files.Length; i++)
        {
            _files[i]?.Dispose();
            _files[i] = null;
        }
        _onStamp = default;
    }

    private void Look()
    {
        var path = MessageLogSwitch.PathIn(_directory);
        var stamp = File.Exists(path) ? File.GetLastWriteTimeUtc(path) : default;
        if (stamp == _onStamp) return;
        var names = MessageLogSwitch.Read(_directory);
        _onStamp = stamp;
        for (var i = 0; i < _sessions.Length; i++)
        {
            var isOn = names.Contains("*") || names.Contains(_sessions[i].Settings.TargetCompID);
            if (isOn) _files[i] ??= new LogFile(_directory, _sessions[i].Settings.TargetCompID, _fileBytesMax, FilesMax);
            _sessions[i].Log = isOn ? this : null;
        }
    }

    private void Drain(ref byte[] bytes, ref byte[] clear, ref long noted)
    {
        var header = new byte[HeaderSize];
        while (_head < Volatile.Read(ref _tail))
        {
            Get(header, _head);
            var length = BinaryPrimitives.ReadInt32LittleEndian(header);
            var where = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4));
            var nowNs = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(8));
            if (length > bytes.Length)
            {
                bytes = new byte[length];
                clear = new byte[Redaction.MaxLength(length)];
            }
            Get(bytes.AsSpan(0, length), _head + HeaderSize);
            var file = _files[where >> 2] ??= new LogFile(_directory, _sessions[where >> 2].Settings.TargetCompID, _fileBytesMax, FilesMax);
            var dropped = Dropped;
            if (dropped > noted) file.Line(Encoding.ASCII.GetBytes($"{Time(nowNs)} note {dropped - noted} messages of all sessions were dropped: the disk was too slow"));
            noted = dropped;
            var used = Redaction.Write(bytes.AsSpan(0, length), clear, (byte)'|');
            file.Line(Encoding.ASCII.GetBytes($"{Time(nowNs)} {Word((LogDirection)(where & 3))} "), clear.AsSpan(0, used));
            Volatile.Write(ref _head, _head + ((HeaderSize + length + 7) & ~7));
        }
        foreach (var file in _files) file?.Flush();
    }

    private static string Word(LogDirection direction) => direction switch
    {
        LogDirection.In => "in",
        LogDirection.Out => "out",
        _ => "garbled",
    };

    /// <summary>Switches everything off, writes what is there and ends the thread.</summary>
    public void Dispose()
    {
        if (_stopping) return;
        foreach (var session in _sessions) session.Log = null;
        _stopping = true;
        _stop.Set();
        _writer.Join();
        _stop.Dispose();
    }

    private static string Time(long ns) => DateTime.UnixEpoch.AddTicks(ns / 100).ToString("yyyyMMdd-HH:mm:ss.fffffff", System.Globalization.CultureInfo.InvariantCulture);
}
