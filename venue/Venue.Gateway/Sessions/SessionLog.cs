using System.Runtime.InteropServices;
using Venue.Fix;

namespace Venue.Gateway;

/// <summary>
/// One session's memory over the venue's journal: sequence numbers and kept messages. What a crash may take from it
/// is at most the number of the next message expected, and then the client is asked again.
/// </summary>
internal sealed class SessionLog(int session, ISessionJournal journal) : ISessionStore
{
    private readonly SentIndex _index = new();
    private int _writtenNextIn = 1;
    private bool _isTellingAgain;

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
            ToldAgain = _isTellingAgain ? 1 : 0,
        };
        _writtenNextIn = NextIn;
        var position = journal.AppendSent(MemoryMarshal.AsBytes(new ReadOnlySpan<SentRecord>(in record)), message);
        _index.Add(msgSeqNum, position);
        if (Owes) Owed.Add(position);
    }

    // Not written down at once: an order's own command says how far the client had come, and of anything else the
    // client can be asked again.
    public void Received(int nextIn) => NextIn = nextIn;

    /// <summary>Sends the next owed report under a new number, its body as it was.</summary>
    public void TellAgain(Session fix, long nowNs)
    {
        if (!SentRecord.TryRead(journal.ReadSent(Owed.Next), out _, out var message))
            throw new InvalidOperationException($"Journal position {Owed.Next} holds no sent message of session {session}.");
        StoredMessage.SendAs(fix, message, nowNs, ref _isTellingAgain);
        Owed.Told();
    }

    public void Reset()
    {
        NextOut = NextIn = 1;
        _index.Clear();
        Owed.NumbersReset();
        WriteState(reset: true);
    }

    public ReadOnlySpan<byte> Find(int msgSeqNum)
    {
        for (var position = _index.StartOf(msgSeqNum); position >= 0;)
        {
            if (!SentRecord.TryRead(journal.ReadSent(position), out var record, out var message))
                throw new InvalidOperationException($"Journal position {position} holds no sent message of session {session}.");
            if (record.MsgSeqNum == msgSeqNum) return message;
            if (record.MsgSeqNum < msgSeqNum) return default;
            position = record.Previous;
        }
        return default;
    }

    /// <summary>Writes down the expected number when the journal does not know it yet: at the end of a connection.</summary>
    public void Settle()
    {
        if (_writtenNextIn != NextIn) WriteState(reset: false);
    }

    /// <summary>Recovery: this message was sent.</summary>
    public void Recover(in SentRecord record, long position, bool isOwed)
    {
        NextOut = record.MsgSeqNum + 1;
        NextIn = Math.Max(NextIn, record.NextIn);
        _writtenNextIn = record.NextIn;
        _index.Add(record.MsgSeqNum, position);
        if (isOwed) Owed.Add(position);
        if (record.ToldAgain != 0) Owed.Told();
    }

    /// <summary>Recovery: the numbers stood so.</summary>
    public void Recover(in SessionStateRecord record)
    {
        NextOut = record.NextOut;
        NextIn = record.Reset != 0 ? record.NextIn : Math.Max(NextIn, record.NextIn);
        _writtenNextIn = record.NextIn;
        if (record.Reset == 0) return;
        _index.Clear();
        Owed.NumbersReset();
    }

    /// <summary>Recovery: the command that came in message <paramref name="msgSeqNum"/> is in the journal.</summary>
    public void RecoverReceived(int msgSeqNum) => NextIn = Math.Max(NextIn, msgSeqNum + 1);

    private void WriteState(bool reset)
    {
        if (IsVolatile) return;
        _writtenNextIn = NextIn;
        var record = new SessionStateRecord { Session = session, NextOut = NextOut, NextIn = NextIn, Reset = reset ? 1 : 0 };
        journal.AppendState(MemoryMarshal.AsBytes(new ReadOnlySpan<SessionStateRecord>(in record)));
    }
}
