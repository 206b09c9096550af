using System.Globalization;
using System.Threading.Channels;
using Venue.Gateway;
using Venue.Messages;
using Wire = Venue.Api;

namespace Venue.Host;

/// <summary>Looks up trades in the feed's log, on a thread of its own: the core only asks and passes on.</summary>
internal sealed class TradeSearch : ITradeSearch, IDisposable
{
    private const int WaitingMax = 64, RecordsAtOnce = 256;

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
        while (query.Found is null)
        {
            try
            {
                using var reader = log.After(query.FromNs == 0 ? log.OldestSeq : Before(log, query.FromNs));
                if (reader is not null) query.Found = Read(reader, query, throughSeq, stop);
            }
            catch (FileNotFoundException)
            {
                // The oldest file was pruned in the meantime: once more, from what is the oldest now.
            }
        }
    }

    private static List<TradeSide> Read(FeedReader reader, TradeQuery query, long throughSeq, CancellationToken stop)
    {
        var found = new List<TradeSide>();
        while (true)
        {
            var records = reader.Read(RecordsAtOnce, out var through, out var more);
            foreach (var record in records)
                if (Add(Wire.EventBatch.Parser.ParseFrom(record), query, found)) return found;
            if (found.Count > TradeQuery.TradesMax)
            {
                query.IsTooMuch = true;
                return [];
            }
            if (through >= throughSeq && records.Count < RecordsAtOnce) return found;
            if (records.Count == 0) more.Wait(stop);
        }
    }

    /// <summary>A command before the first event from this time on: a search by halves, since time and numbers grow together.</summary>
    private static long Before(FeedLog log, long timeNs)
    {
        var (low, high) = (log.OldestSeq, log.LastSeq);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            using var reader = log.After(middle);
            var isEarlier = reader is null || (reader.Read(1, out _, out _) is [var next] && Wire.EventBatch.Parser.ParseFrom(next).Events[0].TimeNs < timeNs);
            if (isEarlier) low = middle + 1;
            else high = middle;
        }
        return low;
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
            foreach (var trade in SidesOf(e))
                if (query.Wants(trade)) found.Add(trade);
        }
        return false;
    }

    /// <summary>Both sides of a trade, or of what became of one; none of other events.</summary>
    private static TradeSide[] SidesOf(Wire.Event e) => e switch
    {
        { Fill: { } f } =>
        [
            SideOf(e, (f.Instrument, f.TradeId, f.PriceTicks, f.Lots), Side.Buy, f.Buyer),
            SideOf(e, (f.Instrument, f.TradeId, f.PriceTicks, f.Lots), Side.Sell, f.Seller),
        ],
        { TradeCorrected: { } c } =>
        [
            SideOf(e, WhatIsLeft(c), Side.Buy, c.Buyer) with { Undoes = c.BuyerUndoes, IsBust = c.NewLots == 0 },
            SideOf(e, WhatIsLeft(c), Side.Sell, c.Seller) with { Undoes = c.SellerUndoes, IsBust = c.NewLots == 0 },
        ],
        _ => [],
    };

    /// <summary>A bust is told with what it takes back, a correction with what comes in its place (as the execution reports are).</summary>
    private static (int Instrument, long TradeID, long Ticks, long Lots) WhatIsLeft(Wire.TradeCorrected c) =>
        c.NewLots == 0 ? (c.Instrument, c.TradeId, c.PriceTicks, c.Lots) : (c.Instrument, c.TradeId, c.NewPriceTicks, c.NewLots);

    private static TradeSide SideOf(Wire.Event e, (int Instrument, long TradeID, long Ticks, long Lots) trade, Side side, Wire.FillSide of) => new(
        e.TimeNs, trade.Instrument, trade.TradeID, trade.Ticks, trade.Lots, side, of.Firm, of.Session, of.OrderId, of.ClOrdId, of.ExecId,
        Int128.Parse(of.FeeAtoms, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
}
