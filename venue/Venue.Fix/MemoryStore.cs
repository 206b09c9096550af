namespace Venue.Fix;

/// <summary>A store for tests and for initiators that start afresh: lives as long as the process and keeps everything.</summary>
public sealed class MemoryStore : ISessionStore
{
    private byte[] _bytes;
    private (int Start, int Length)[] _messages;   // by MsgSeqNum
    private int _used;

    /// <summary>Starts both numbers at 1; the sizes only save growing later.</summary>
    public MemoryStore(int bytes = 4096, int messages = 64)
    {
        _bytes = new byte[bytes];
        _messages = new (int, int)[messages];
    }

    /// <inheritdoc/>
    public int NextOut { get; set; } = 1;

    /// <inheritdoc/>
    public int NextIn { get; set; } = 1;

    /// <inheritdoc/>
    public void Sent(int msgSeqNum, ReadOnlySpan<byte> message)
    {
        if (msgSeqNum >= _messages.Length) Array.Resize(ref _messages, Math.Max(msgSeqNum + 1, _messages.Length * 2));
        if (_bytes.Length - _used < message.Length) Array.Resize(ref _bytes, Math.Max(_used + message.Length, _bytes.Length * 2));
        message.CopyTo(_bytes.AsSpan(_used));
        _messages[msgSeqNum] = (_used, message.Length);
        _used += message.Length;
        NextOut = msgSeqNum + 1;
    }

    /// <inheritdoc/>
    public void Received(int nextIn) => NextIn = nextIn;

    /// <inheritdoc/>
    public long ResetNs { get; set; }

    /// <inheritdoc/>
    public void Reset(long nowNs)
    {
        ResetNs = nowNs;
        NextOut = NextIn = 1;
        _used = 0;
        Array.Clear(_messages);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Find(int msgSeqNum)
    {
        if ((uint)msgSeqNum >= (uint)_messages.Length) return default;
        var (start, length) = _messages[msgSeqNum];
        return _bytes.AsSpan(start, length);
    }
}
