global using Recorder = Venue.Messages.EveryEvent<Venue.Tests.Engine.Recording>;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>The bytes of all events since the last <see cref="Clear"/>.</summary>
internal sealed class EventLog
{
    private byte[] _bytes = new byte[1 << 16];
    private int _length;

    public delegate void Report(in ExecReport e);

    /// <summary>Told each execution report as it happens.</summary>
    public Report? OnReport { get; init; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>What an engine tells its events to.</summary>
    public Recorder Recorder => new(new Recording(this));

    public void Clear() => _length = 0;

    public void Add<T>(in T e) where T : unmanaged
    {
        if (typeof(T) == typeof(ExecReport)) OnReport?.Invoke(in Unsafe.As<T, ExecReport>(ref Unsafe.AsRef(in e)));
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in e));
        if (_length + bytes.Length > _bytes.Length) Array.Resize(ref _bytes, _bytes.Length * 2);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }
}

/// <summary>Writes an engine's events to a log.</summary>
internal readonly struct Recording(EventLog log) : IEventTaker
{
    public void On<T>(in T e) where T : unmanaged => log.Add(in e);
}
