using Custody.Host.Database;
using Custody.Ledger;
using Custody.Settlement;
using Venue.Api;

namespace Custody.Host.Venue;

/// <summary>Books the feed: the postings of whole commands and the sequence number after them, in one database transaction.</summary>
public sealed class FeedBooker
{
    private readonly Store _store;
    private readonly Bookkeeper _bookkeeper = new();

    /// <summary>The last command that is wholly booked.</summary>
    public long Seq { get; private set; }

    /// <summary>Starts where the database says that we were.</summary>
    public FeedBooker(Store store)
    {
        _store = store;
        using var unit = store.BeginSnapshot();
        Seq = FeedTable.Seq(unit);
        foreach (var named in FeedTable.Names(unit)) _bookkeeper.Book(named);
    }

    /// <summary>Books batches of the feed, in order; what is booked already is left out.</summary>
    public void Book(IReadOnlyList<EventBatch> batches)
    {
        var through = Seq;
        var names = new List<VenueEvent>();
        var transactions = new List<LedgerTransaction>();
        foreach (var batch in batches)
        {
            if (batch.ThroughSeq < through) throw new InvalidDataException($"feed: through {batch.ThroughSeq} after {through}: this is not the venue that the ledger follows");
            foreach (var read in batch.Events)
            {
                if (read.Seq <= Seq || FeedEvents.Of(read) is not { } happened) continue;
                if (read.Seq > batch.ThroughSeq) throw new InvalidDataException($"feed: event of {read.Seq} in a batch through {batch.ThroughSeq}");
                if (happened is AssetNamed or InstrumentNamed or FirmNamed) names.Add(happened);
                if (_bookkeeper.Book(happened) is { } booked) transactions.Add(booked);
            }
            through = batch.ThroughSeq;
        }
        if (through == Seq) return;
        using var unit = _store.Begin();
        FeedTable.MoveTo(unit, Seq, through);
        foreach (var named in names) FeedTable.Name(unit, named);
        LedgerTable.Post(unit, transactions);
        unit.Commit();
        Seq = through;
    }
}
