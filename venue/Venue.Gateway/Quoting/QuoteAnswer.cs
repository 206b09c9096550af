using Venue.Messages;

namespace Venue.Gateway;

/// <summary>An entry of a MassQuote (i) that was refused.</summary>
internal struct RefusedEntry
{
    public Text16 QuoteSetID;
    public Text16 QuoteEntryID;
    public Reason Reason;
    public int Instrument;
}

/// <summary>What one message's entries have come to so far: its answer goes out with the last one.</summary>
internal sealed class QuoteAnswer
{
    private readonly List<RefusedEntry> _refused = [];

    /// <summary>Entries that were taken.</summary>
    public int Taken { get; private set; }

    /// <summary>Entries that were not.</summary>
    public IReadOnlyList<RefusedEntry> Refused => _refused;

    /// <summary>Counts an entry.</summary>
    public void Add(in QuoteReport e)
    {
        if (e.Reason == Reason.None) Taken++;
        else _refused.Add(new RefusedEntry { QuoteSetID = e.QuoteSetID, QuoteEntryID = e.QuoteEntryID, Reason = e.Reason, Instrument = e.Header.Instrument });
    }

    /// <summary>True when a message goes out: QuoteResponseLevel(301) 1 asks for refusals alone, 2 for all.</summary>
    public bool IsWanted(byte level) => level >= 2 || (level == 1 && _refused.Count > 0);

    /// <summary>The answer to the entries so far, to be told later.</summary>
    public QuoteAnswer Taking()
    {
        var answer = new QuoteAnswer { Taken = Taken };
        answer._refused.AddRange(_refused);
        return answer;
    }

    /// <summary>The next message begins.</summary>
    public void Clear()
    {
        Taken = 0;
        _refused.Clear();
    }
}
