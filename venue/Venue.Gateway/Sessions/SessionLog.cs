using System.Runtime.InteropServices;
using Venue.Fix;

namespace Venue.Gateway;

/// <summary>
/// One session's memory over the venue's journal: sequence numbers and kept messages. What a crash may take from it
/// is at most the number of the next message expected, and then the client is asked again.
/// </summary>
internal sealed class SessionLog(int session, ISessionJournal journal, long definedNs) : ISessionStore
{
    private readonly SentIndex _index = new();
    private long[]? _positions;   // of the numbers of one block, -1 where none is kept; for a resend, which asks for one after the other
    private int _block = -1;
    private int _writtenNextIn = 1;
    private bool _isTellingAgain;
    private int _owedGone;    // owed reports whose records were gone, since the last that was told again
    private int _keptFrom;    // numbers before are known to be gone
    private int _askedLast = -1;   // the last of them that was asked for

    public int NextOut { get; private set; } = 1;
    public int NextIn { get; private set; } = 1;

    /// <summary>Messages that can be resent.</summary>
    public long Kept => _index.Count;

    /// <summary>The event that the next kept message reports; set around each report.</summary>
    public (long Seq, int Index) Cause { get; set; }

    /// <summary>True for a session whose messages are worth nothing later: its numbers live as long as the process, and nothing is resent.</summary>
    public bool IsVolatile { get; set; }

    /// <summary>Reports that a reset would keep from the client.</summary>
    public OwedReports Owed { get; } = new();

    /// <summary>True while a report is written that the client must get even after a reset.</summary>
    public bool Owes { get; set; }

    public void Sent(int msgSeqNum, ReadOnlySpan<byte> message)
    {
        NextOut = msgSeqNum + 1;
        if (message.IsEmpty || IsVolatile)
        {
            WriteState(reset: false);
            return;
        }
        var record = new SentRecord
        {
            Session = session,
            MsgSeqNum = msgSeqNum,
            NextIn = NextIn,
            CauseSeq = Cause.Seq,
            CauseIndex = Cause.Index,
            Previous = _index.Last,
            Length = message.Length,
            ToldAgain = _isTellingAgain ? 1 + _owedGone : 0,
        };
        if (_isTellingAgain) _owedGone = 0;
        _writtenNextIn = NextIn;
        if (SentIndex.BlockOf(msgSeqNum) == _block) _block = -1;
        var position = journal.AppendSent(MemoryMarshal.AsBytes(new ReadOnlySpan<SentRecord>(in record)), message);
        _index.Add(msgSeqNum, position);
        if (Owes) Owed.Add(position);
    }

    // Not written down at once: an order's own command says how far the client had come, and of anything else the
    // client can be asked again.
    public void Received(int nextIn) => NextIn = nextIn;

    /// <summary>When both numbers were last 1: at the last reset, or when the session was defined. Outlives the process.</summary>
    public long ResetNs { get; private set; } = definedNs;

    /// <summary>Sends the next owed report under a new number, its body as it was.</summary>
    public void TellAgain(Session fix, long nowNs)
    {
        if (TryRead(Owed.Next, out _, out var message)) StoredMessage.SendAs(fix, message, nowNs, ref _isTellingAgain);
        else _owedGone++;
        Owed.Told();
    }

    public void Reset(long nowNs)
    {
        NextOut = NextIn = 1;
        ResetNs = nowNs;
        Forget();
        Owed.NumbersReset();
        WriteState(reset: true);
    }

    public ReadOnlySpan<byte> Find(int msgSeqNum)
    {
        var block = SentIndex.BlockOf(msgSeqNum);
        if (block != _block) Walk(block);
        var position = _positions![(msgSeqNum - 1) % SentIndex.Stride];
        if (position >= 0 && TryRead(position, out _, out var message)) return message;
        if (msgSeqNum < _keptFrom) AskedForGone(msgSeqNum);
        return default;
    }

    /// <summary>Told once for a run of numbers, not for each.</summary>
    private void AskedForGone(int msgSeqNum)
    {
        if (msgSeqNum != _askedLast + 1) journal.NotKept(session, msgSeqNum);
        _askedLast = msgSeqNum;
    }

    /// <summary>The journal has nothing before this position any more.</summary>
    public void ForgetBefore(long position)
    {
        _index.ForgetBefore(position);
        _block = -1;
    }

    private void Walk(int block)
    {
        _positions ??= new long[SentIndex.Stride];
        Array.Fill(_positions, -1);
        _block = block;
        var oldest = (block + 1) * SentIndex.Stride + 1;
        var position = _index.EndOf(block);
        while (position >= 0 && TryRead(position, out var record, out _))
        {
            if (SentIndex.BlockOf(record.MsgSeqNum) != block) return;
            oldest = record.MsgSeqNum;
            _positions[(oldest - 1) % SentIndex.Stride] = position;
            position = record.Previous;
        }
        if (position != SentIndex.None) _keptFrom = Math.Max(_keptFrom, oldest);   // and with it all before: the journal goes in their order
    }

    /// <summary>False when the journal does not keep the message any more.</summary>
    private bool TryRead(long position, out SentRecord record, out ReadOnlySpan<byte> message)
    {
        var payload = journal.ReadSent(position);
        if (SentRecord.TryRead(payload, out record, out message)) return true;
        return payload.IsEmpty ? false : throw new InvalidOperationException($"Journal position {position} holds no sent message of session {session}.");
    }

    private void Forget()
    {
        _index.Clear();
        _block = -1;
        (_keptFrom, _askedLast) = (0, -1);
    }

    /// <summary>Writes down the expected number when the journal does not know it yet: at the end of a connection.</summary>
    public void Settle()
    {
        if (_writtenNextIn != NextIn) WriteState(reset: false);
    }

    /// <summary>Writes down from where on the session is given copies.</summary>
    public void Say(CopiesFrom copies) => WriteState(reset: false, copies);

    /// <summary>Recovery: this message was sent.</summary>
    public void Recover(in SentRecord record, long position, bool isOwed)
    {
        NextOut = record.MsgSeqNum + 1;
        NextIn = Math.Max(NextIn, record.NextIn);
        _writtenNextIn = record.NextIn;
        _index.Add(record.MsgSeqNum, position);
        if (isOwed) Owed.Add(position);
        for (var told = 0; told < record.ToldAgain; told++) Owed.Told();
    }

    /// <summary>Recovery: the numbers stood so.</summary>
    public void Recover(in SessionStateRecord record)
    {
        NextOut = record.NextOut;
        NextIn = record.Reset != 0 ? record.NextIn : Math.Max(NextIn, record.NextIn);
        _writtenNextIn = record.NextIn;
        if (record.Reset == 0) return;
        ResetNs = record.TimeNs;
        Forget();
        Owed.NumbersReset();
    }

    /// <summary>Recovery: the command that came in message <paramref name="msgSeqNum"/> is in the journal.</summary>
    public void RecoverReceived(int msgSeqNum) => NextIn = Math.Max(NextIn, msgSeqNum + 1);

    private void WriteState(bool reset, CopiesFrom copies = CopiesFrom.Unsaid)
    {
        if (IsVolatile) return;
        _writtenNextIn = NextIn;
        var record = new SessionStateRecord { Session = session, NextOut = NextOut, NextIn = NextIn, Reset = reset ? (short)1 : (short)0, Copies = copies, TimeNs = ResetNs };
        journal.AppendState(MemoryMarshal.AsBytes(new ReadOnlySpan<SessionStateRecord>(in record)));
    }
}
