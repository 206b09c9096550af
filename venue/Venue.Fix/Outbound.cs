using System.Text;

namespace Venue.Fix;

/// <summary>The sending half of a session: numbers, encodes, remembers and sends messages.</summary>
internal sealed class Outbound
{
    private const int PossDupRoom = 128;   // 43, 122, a longer SendingTime

    private readonly ISessionStore _store;
    private readonly byte[] _compIDs;      // 49=us|56=them|, and 50, 142, 57, 143 where they are set
    private readonly bool _persist, _tellLast;
    private MessageWriter _writer;
    private IMessageLog? _log;
    private long _beginNs;
    private bool _open;

    public Outbound(SessionSettings settings, ISessionStore store)
    {
        _store = store;
        _compIDs = Encoding.ASCII.GetBytes($"49={settings.SenderCompID}\u000156={settings.TargetCompID}\u0001"
            + Optional(Tags.SenderSubID, settings.SenderSubID) + Optional(Tags.SenderLocationID, settings.SenderLocationID)
            + Optional(Tags.TargetSubID, settings.TargetSubID) + Optional(Tags.TargetLocationID, settings.TargetLocationID));
        _persist = settings.PersistMessages;
        _tellLast = settings.EnableLastMsgSeqNumProcessed;
        _writer = new MessageWriter(settings.BeginString, new TimestampText(settings.TimestampDigits), settings.MaxMessageBytes);
        NextOut = store.NextOut;
        FirstHeld = NextOut;
    }

    /// <summary>Number of the next message.</summary>
    public int NextOut { get; private set; }

    /// <summary>The connection's bytes; null while there is none.</summary>
    public SendBuffer? Buffer { get; set; }

    /// <summary>Number of the last message that came in sequence: LastMsgSeqNumProcessed(369).</summary>
    public int LastIn { get; set; }

    /// <summary>Whose messages these are, for <see cref="Log"/>.</summary>
    public required Session Owner { get; init; }

    /// <summary>Given what is sent; null, and free, most of the time. Set by any thread.</summary>
    public IMessageLog? Log
    {
        get => Volatile.Read(ref _log);
        set => Volatile.Write(ref _log, value);
    }

    /// <summary>When bytes were last sent.</summary>
    public long LastSentNs { get; private set; }

    /// <summary>Messages from this number on have not been put on this connection; equals NextOut when there are none.</summary>
    public int FirstHeld { get; set; }

    /// <summary>True when a message does not go out at once: not logged on, or a resend is under way and must stay in order.</summary>
    public bool Holding { get; set; } = true;

    /// <summary>Starts the message that takes the next number.</summary>
    public ref MessageWriter Begin(ReadOnlySpan<byte> msgType, long nowNs)
    {
        if (_open) throw new InvalidOperationException("Begin before the End of the message before");
        _open = true;
        _beginNs = nowNs;
        Header(msgType, NextOut);
        _writer.AddTime(Tags.SendingTime, nowNs);
        return ref _writer;
    }

    /// <summary>Gives it up: no number is taken.</summary>
    public void Discard() => _open = false;

    /// <summary>An application message: takes its number, is remembered, and goes out unless messages are held.</summary>
    public void End(bool keep)
    {
        var bytes = Take(keep && _persist);
        if (!Holding) Send(bytes, _beginNs);
    }

    /// <summary>An administrative message: goes out at once, and a gap fill stands for it in a resend.</summary>
    public void EndAdmin()
    {
        var bytes = Take(keep: false);
        Send(bytes, _beginNs);
    }

    /// <summary>Sends a stored message again under its number (FIX 4.4 vol 2: only PossDupFlag and the times change).</summary>
    public void SendAgain(ReadOnlySpan<byte> stored, long nowNs)
    {
        // LastMsgSeqNumProcessed stays as it was. Begin writes SendingTime(52) before any field of the body, so its first occurrence is the header's.
        var at = stored.IndexOf("\u000152="u8) + 1;
        var body = stored.IndexOf("\u000135="u8) + 1;
        var sendingTime = stored[(at + 3)..];
        sendingTime = sendingTime[..sendingTime.IndexOf(Framing.Soh)];
        _writer.Start(PossDupRoom);
        _writer.AddFields(stored[body..at]);
        PossDupTimes(sendingTime, nowNs);
        _writer.AddFields(stored[(at + 3 + sendingTime.Length + 1)..^CheckSum.FieldLength]);
        Send(_writer.Finish(), nowNs);
    }

    /// <summary>Stands for all numbers from <paramref name="from"/> to before <paramref name="next"/>.</summary>
    public void GapFill(int from, int next, long nowNs)
    {
        Header("4"u8, from);
        _writer.AddTime(Tags.SendingTime, nowNs);
        _writer.Add(Tags.PossDupFlag, (byte)'Y');
        _writer.AddTime(Tags.OrigSendingTime, nowNs);
        _writer.Add(Tags.GapFillFlag, (byte)'Y');
        _writer.Add(Tags.NewSeqNo, next);
        Send(_writer.Finish(), nowNs);
    }

    /// <summary>The next number is 1 and the store forgets both numbers and all messages.</summary>
    public void Reset(long nowNs)
    {
        _store.Reset(nowNs);
        NextOut = FirstHeld = 1;
    }

    /// <summary>Takes the number from the store again.</summary>
    public void Refresh() => NextOut = FirstHeld = _store.NextOut;

    private static string Optional(int tag, string? value) => value is null ? "" : $"{tag}={value}\u0001";

    private void Header(ReadOnlySpan<byte> msgType, int number)
    {
        _writer.Start();
        _writer.Add(Tags.MsgType, msgType);
        _writer.AddFields(_compIDs);
        _writer.Add(Tags.MsgSeqNum, number);
        if (_tellLast) _writer.Add(Tags.LastMsgSeqNumProcessed, LastIn);
    }

    private void PossDupTimes(ReadOnlySpan<byte> origSendingTime, long nowNs)
    {
        _writer.AddTime(Tags.SendingTime, nowNs);
        _writer.Add(Tags.PossDupFlag, (byte)'Y');
        _writer.Add(Tags.OrigSendingTime, origSendingTime);
    }

    private ReadOnlySpan<byte> Take(bool keep)
    {
        if (!_open) throw new InvalidOperationException("End without Begin");
        _open = false;
        var bytes = _writer.Finish();
        _store.Sent(NextOut, keep ? bytes : default);
        NextOut++;
        return bytes;
    }

    private void Send(ReadOnlySpan<byte> bytes, long nowNs)
    {
        if (Buffer is null) return;
        var room = Buffer.Reserve(bytes.Length);
        if (room.IsEmpty) return;   // overflowed: the session closes at its next step, the store has the message
        Log?.Add(Owner, LogDirection.Out, bytes, nowNs);
        bytes.CopyTo(room);
        Buffer.Commit(bytes.Length);
        LastSentNs = nowNs;
    }
}
