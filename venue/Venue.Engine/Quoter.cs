using System.Runtime.CompilerServices;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>A provider's quote on one instrument: two orders at most, and what is counted of it.</summary>
internal struct QuoteState
{
    /// <summary>What is agreed about this instrument alone.</summary>
    public DefineQuoting Terms;
    /// <summary>QuoteID(117) of the message that said it last.</summary>
    public Text40 QuoteID;
    public Text16 QuoteSetID, QuoteEntryID;
    /// <summary>Slots of its sides; 0 for none.</summary>
    public int BidSlot, AskSlot;
    /// <summary>Since when each side stands as it is, or better than that.</summary>
    public long BidSinceNs, AskSinceNs;
    public ProtectionWindow Window;
    /// <summary>True from when its window was full until the reset.</summary>
    public bool IsTripped;
    /// <summary>True when it is asked for quotes.</summary>
    public bool Watches;
    /// <summary>How long it met its obligation.</summary>
    public DayClock Met;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int SlotOf(Side side) => side == Side.Buy ? BidSlot : AskSlot;

    public readonly bool IsOpen => (BidSlot | AskSlot) != 0;

    public void Set(Side side, int slot, long sinceNs)
    {
        if (side == Side.Buy) (BidSlot, BidSinceNs) = (slot, sinceNs);
        else (AskSlot, AskSinceNs) = (slot, sinceNs);
    }

    public void HashInto(ref StateHasher hasher)
    {
        hasher.AddWords(in QuoteID);
        hasher.AddWords(in QuoteSetID);
        hasher.AddWords(in QuoteEntryID);
        hasher.Add(BidSlot, AskSlot);
        hasher.Add(BidSinceNs);
        hasher.Add(AskSinceNs);
        hasher.Add(IsTripped ? 1 : 0, Watches ? 1 : 0);
        Window.HashInto(ref hasher);
        Met.HashInto(ref hasher);
    }
}

/// <summary>One liquidity provider's session: its quotes by instrument.</summary>
internal sealed class Quoter
{
    private QuoteState[] _states = new QuoteState[16];

    /// <summary>What is agreed about all of its instruments together.</summary>
    public DefineQuoting Terms;
    public ProtectionWindow Window;
    /// <inheritdoc cref="QuoteState.IsTripped"/>
    public bool IsTripped;
    /// <summary>What it did when it was asked for quotes.</summary>
    public RequestCounts Requests;
    /// <summary>How long it may look at hits of what it answers from now on, in milliseconds; 0 for no last look.</summary>
    public int LastLookMs;

    /// <summary>Highest instrument that it may have quoted, plus one.</summary>
    public int Instruments => _states.Length;

    /// <summary>Its quote on an instrument that is defined; room is made when the first quote on so high a number comes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref QuoteState On(int instrument)
    {
        if (instrument >= _states.Length) Array.Resize(ref _states, Math.Max(instrument + 1, _states.Length * 2));
        return ref _states[instrument];
    }

    /// <summary>How long a quote on an instrument must stand, in nanoseconds.</summary>
    public long LifeMinNs(in QuoteState state) => Math.Max(Terms.LifeMinNs, state.Terms.LifeMinNs);

    public void HashInto(ref StateHasher hasher)
    {
        Window.HashInto(ref hasher);
        hasher.Add(IsTripped ? 1 : 0, LastLookMs);
        hasher.AddWords(in Requests);
        for (var instrument = 1; instrument < _states.Length; instrument++)
        {
            if (_states[instrument].QuoteID.IsEmpty && _states[instrument].Terms.DefinedSession == 0 && !_states[instrument].Watches) continue;
            hasher.Add(instrument);
            _states[instrument].HashInto(ref hasher);
        }
    }
}

/// <summary>The sessions that are liquidity providers'.</summary>
internal sealed class Quoters
{
    // Grown when a session is made a provider's, never by a quote.
    private Quoter?[] _ofSession = [];

    /// <summary>Highest session number that may be a provider's, plus one.</summary>
    public int Sessions => _ofSession.Length;

    /// <summary>Null for a session that is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Quoter? Of(int session) => (uint)session < (uint)_ofSession.Length ? _ofSession[session] : null;

    public Quoter Make(int session)
    {
        if (session >= _ofSession.Length) Array.Resize(ref _ofSession, session + 1);
        return _ofSession[session] ??= new Quoter();
    }
}
