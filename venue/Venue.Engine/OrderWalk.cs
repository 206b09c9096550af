using Venue.Messages;

namespace Venue.Engine;

/// <summary>What is done with the orders that a walk comes by.</summary>
internal enum WalkKind : byte
{
    Cancel = 1,
    Status = 2,
    /// <summary>They are counted for a limit.</summary>
    Count = 3,
}

/// <summary>A walk over the open orders of one session, of a firm's sessions or of all, and how far it has come.</summary>
internal struct OrderWalk
{
    public const int AllFirms = -1;

    /// <summary>Sequence number of the command that began it.</summary>
    public long Number;
    /// <summary>Orders beyond this one, counted as they were entered, came after the request.</summary>
    public long Through;
    /// <summary>MassStatusReqID(584), for a status walk.</summary>
    public Text40 RequestID;
    /// <summary>Session that is told of the orders' status; 0 for a walk that nobody asked for.</summary>
    public int Asker;
    /// <summary>Session whose list is being walked.</summary>
    public int Session;
    /// <summary>Last session to be walked.</summary>
    public int LastSession;
    /// <summary>Only sessions of this firm, or <see cref="AllFirms"/>; 0 is none's: sessions that trade for nobody.</summary>
    public int Firm;
    /// <summary>Count: whose limit it is, with the instrument; 0 for all.</summary>
    public int LimitedFirm, LimitedSession;
    /// <summary>Only orders of this instrument; 0 for all.</summary>
    public int Instrument;
    /// <summary>Slot of the next order to look at; 0 at the end of the session's list.</summary>
    public int Cursor;
    /// <summary>Status: the last order that fits, kept back until it is known whether it is the last one.</summary>
    public int KeptBack;
    /// <summary>Only orders of this side; 0 for both.</summary>
    public Side Side;
    public WalkKind Kind;
    /// <summary>Why the orders are canceled.</summary>
    public Reason Reason;
    /// <summary>True when quotes that their owner may not pull yet are passed over.</summary>
    public bool MindsLife;

    public readonly void HashInto(ref StateHasher hasher)
    {
        hasher.Add(Number);
        hasher.Add(Through);
        hasher.AddWords(in RequestID);
        hasher.Add(Asker, Session);
        hasher.Add(LastSession, Firm);
        hasher.Add(Instrument, Cursor);
        hasher.Add(LimitedFirm, LimitedSession);
        hasher.Add(KeptBack, (MindsLife ? 1 << 31 : 0) | (int)Side << 24 | (int)Kind << 16 | (int)Reason);
    }
}
