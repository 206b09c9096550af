using Venue.Messages;

namespace LiquidityBridge.Exchanges.Paper;

/// <summary>
/// Orders that are never sent: each takes what the exchange's live book shows at its limit or better, level by level, and
/// what is left is canceled. What one order took the next one does not find, until the level is told anew with another
/// quantity. Books and time come in, reports go out. No socket inside.
/// </summary>
internal sealed class PaperOrders(int exchange, IReadOnlyList<Instrument> instruments, Inbox inbox)
{
    private const string Mark = "PAPER";
    private const int OrdersMax = 1024;
    private const long BookAgeMaxNs = 5_000_000_000;

    private readonly Book?[] _books = new Book?[instruments.Count];
    private readonly Dictionary<string, long> _filled = [];   // by our id
    private readonly Queue<string> _byAge = new();
    private long _heardNs;

    /// <summary>What the exchange says; it is passed on by whoever calls.</summary>
    public void On(Input input)
    {
        switch (input)
        {
            case BookImage image:
                (_books[image.Instrument] ??= new Book()).Take(image);
                break;
            case ExchangeHeard heard:
                _heardNs = heard.NowNs;
                break;
        }
    }

    /// <summary>An order, immediate-or-cancel.</summary>
    public void Place(HedgeIntent intent, long nowNs)
    {
        var (instrument, market) = (instruments[intent.Instrument], instruments[intent.Instrument].Markets.First(m => m.Exchange == exchange));
        Report(intent.ClientId, HedgeReportKind.Sent, nowNs);
        if (_books[intent.Instrument] is not { IsLive: true } book || nowNs - Math.Max(book.AtNs, _heardNs) > BookAgeMaxNs || nowNs - book.AtNs > market.AgeMaxNs || intent.Quantity < market.Min)
        {
            Report(intent.ClientId, HedgeReportKind.Rejected, nowNs, text: intent.Quantity < market.Min ? "below the smallest order" : "no live book");
            return;
        }
        Report(intent.ClientId, HedgeReportKind.Acknowledged, nowNs);
        long cum = 0;
        foreach (var (price, quantity) in book.Take(intent.Side, intent.Quantity, intent.Limit, market.IsFullAmount))
        {
            cum += quantity;
            inbox(new HedgeReport
            {
                NowNs = nowNs, Exchange = exchange, ClientId = intent.ClientId, Kind = HedgeReportKind.Filled, ExecId = $"{Mark}-{intent.ClientId}-{cum}", Quantity = quantity, Price = price,
                FeeAtoms = (instrument.Notional(price, quantity) * market.TakerFeePpm + 999_999) / 1_000_000,
            });
        }
        _filled[intent.ClientId] = cum;
        _byAge.Enqueue(intent.ClientId);
        if (_byAge.Count > OrdersMax) _filled.Remove(_byAge.Dequeue());
        if (cum < intent.Quantity) Report(intent.ClientId, HedgeReportKind.Canceled, nowNs, cum);
    }

    /// <summary>What became of it: over, with what it took; nothing is remembered over a restart.</summary>
    public void Query(HedgeIntent intent, long nowNs) => Report(intent.ClientId, HedgeReportKind.Gone, nowNs, _filled.GetValueOrDefault(intent.ClientId));

    private void Report(string clientId, HedgeReportKind kind, long nowNs, long cum = 0, string text = "") =>
        inbox(new HedgeReport { NowNs = nowNs, Exchange = exchange, ClientId = clientId, Kind = kind, Cum = cum, Text = text.Length > 0 ? $"{Mark}: {text}" : Mark });

    /// <summary>A copy of the last image, and what was taken of it.</summary>
    private sealed class Book
    {
        private readonly List<Level> _bids = [], _asks = [];
        private readonly Dictionary<Level, long> _taken = [];   // of bids and asks alike: they never have a price in common

        public bool IsLive { get; private set; }
        public long AtNs { get; private set; }

        public void Take(BookImage image)
        {
            (IsLive, AtNs) = (image.State == BookState.Live, image.NowNs);
            _bids.Clear();
            _asks.Clear();
            _bids.AddRange(image.Bids);
            _asks.AddRange(image.Asks);
            if (_taken.Count == 0) return;
            foreach (var level in _taken.Keys.Where(l => !_bids.Contains(l) && !_asks.Contains(l)).ToList()) _taken.Remove(level);
        }

        public List<(long Price, long Quantity)> Take(Side side, long quantity, long limit, bool isFullAmount)
        {
            var fills = new List<(long, long)>();
            foreach (var level in side == Side.Buy ? _asks : _bids)
            {
                if (quantity == 0 || (side == Side.Buy ? level.Price > limit : level.Price < limit)) break;
                var most = level.Quantity - _taken.GetValueOrDefault(level);
                if (most <= 0 || isFullAmount && most < quantity) continue;
                var part = Math.Min(most, quantity);
                _taken[level] = _taken.GetValueOrDefault(level) + part;
                quantity -= part;
                fills.Add((level.Price, part));
            }
            return fills;
        }
    }
}
