using System.Globalization;
using System.Threading.Channels;
using Venue.Gateway;
using Venue.Messages;
using Wire = Venue.Api;

namespace Venue.Host;

/// <summary>Looks up trades in the feed's log, on a thread of its own: the core only asks and passes on.</summary>
internal sealed class TradeSearch : ITradeSearch, IDisposable
{
    private const int WaitingMax = 64, RecordsAtOnce = 256, PrunesMax = 100, PruneMs = 10;

    private readonly FeedLog _log;
    private readonly VenueCore _core;
    private readonly CoreLoop _loop;
    private readonly Channel<(TradeQuery Query, long ThroughSeq)> _waiting = Channel.CreateBounded<(TradeQuery, long)>(WaitingMax);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;

    /// <summary>Starts the thread.</summary>
    public TradeSearch(FeedLog log, VenueCore core, CoreLoop loop)
    {
        (_log, _core, _loop) = (log, core, loop);
        _thread = new Thread(Run) { Name = "trade search", IsBackground = true, Priority = ThreadPriority.BelowNormal };
        _thread.Start();
    }

    /// <inheritdoc/>
    public bool TryBegin(TradeQuery query) => _waiting.Writer.TryWrite((query, _core.LastSeq));

    /// <summary>Fills in what the log has of the query's trades, up to a command that the log may have to be waited for.</summary>
    public static void Search(FeedLog log, TradeQuery query, long throughSeq, CancellationToken stop)
    {
        for (var tries = 0;; tries++)
        {
            try
            {
                SearchOnce(log, query, throughSeq, stop);
                return;
            }
            catch (FileNotFoundException) when (tries < PrunesMax)
            {
                // What it was about to read has been pruned: what is left has another beginning, in a moment.
                stop.WaitHandle.WaitOne(PruneMs);
            }
        }
    }

    private static void SearchOnce(FeedLog log, TradeQuery query, long throughSeq, CancellationToken stop)
    {
        var found = new List<TradeSide>();
        using var reader = log.FromTime(query.FromNs);
        for (var isOver = false; !isOver;)
        {
            var records = reader.Read(RecordsAtOnce, out var through, out var more);
            foreach (var record in records) isOver |= Add(Wire.EventBatch.Parser.ParseFrom(record), query, found);
            if (through >= throughSeq && records.Count < RecordsAtOnce) isOver = true;
            else if (records.Count == 0) more.Wait(stop);
            if (found.Count <= TradeQuery.TradesMax) continue;
            query.IsTooMuch = isOver = true;
            found.Clear();
        }
        query.Found = found;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _waiting.Writer.Complete();
        _thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        try
        {
            while (_waiting.Reader.WaitToReadAsync(_stop.Token).AsTask().GetAwaiter().GetResult())
                while (_waiting.Reader.TryRead(out var next))
                {
                    Search(_log, next.Query, next.ThroughSeq, _stop.Token);
                    _ = _loop.Ask((gateway, nowNs) =>
                    {
                        gateway.Searched(next.Query, nowNs);
                        return true;
                    });
                }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The venue stops: nobody waits for an answer any more.
        }
    }

    /// <summary>True when what follows is later than what is asked for.</summary>
    private static bool Add(Wire.EventBatch batch, TradeQuery query, List<TradeSide> found)
    {
        foreach (var e in batch.Events)
        {
            if (e.TimeNs >= query.ToNs) return true;
            if (e.Fill is not { } fill) continue;
            foreach (var (side, of) in ((Side, Wire.FillSide)[])[(Side.Buy, fill.Buyer), (Side.Sell, fill.Seller)])
            {
                var trade = new TradeSide(e.TimeNs, fill.Instrument, fill.TradeId, fill.PriceTicks, fill.Lots, side, of.Firm, of.Session, of.OrderId, of.ClOrdId, of.ExecId,
                    Int128.Parse(of.FeeAtoms, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
                if (query.Wants(trade)) found.Add(trade);
            }
        }
        return false;
    }
}
