using System.Globalization;
using System.Text;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Exchanges.Binance;
using Venue.Messages;

namespace LiquidityBridge.Benchmarks;

/// <summary>Exchanges that speak Binance's protocol, their adapters' protocol halves, and one aggregated book for each instrument.</summary>
internal sealed class OutsideMarket
{
    private const int Snapshot = 200;
    private const long FirstId = 1000;
    private const long SecondNs = 1_000_000_000;

    private readonly int _levelsPerUpdate;
    private readonly OutsideBooks[] _books;
    private readonly BinanceBooks[] _exchanges;
    private readonly long[][] _lastIds;
    private readonly string[] _symbols;
    private readonly byte[] _frame = new byte[4096], _copy = new byte[4096];
    private ulong _state = 1;
    private long _nowNs = 1000 * SecondNs, _floor;
    private int _next, _length;

    /// <summary>Connected, and every book live.</summary>
    public OutsideMarket(int instruments, int exchanges, int levelsPerUpdate)
    {
        _levelsPerUpdate = levelsPerUpdate;
        _symbols = [.. Enumerable.Range(0, instruments).Select(i => string.Create(CultureInfo.InvariantCulture, $"A{i:00}USD"))];
        var all = Enumerable.Range(0, instruments).Select(i => new Instrument(i, _symbols[i], $"A{i:00}", "USD", 2, 8)
        {
            VenueTick = 1, VenueLot = 1, VenueMin = 1,
            Quoting = new QuoteTerms { MarkupPpm = 0, SkewPpm = 0, Size = 1, DepthPercent = 100, RequoteTicks = 1 },
            Hedging = new HedgeTerms { Band = 0, SlippagePpm = 0, SlippageStepPpm = 0, AttemptsMax = 1, PauseNs = 1 },
            Markets = [.. Enumerable.Range(0, exchanges).Select(e => new Market { Exchange = e, Symbol = _symbols[i], Tick = 1, Lot = 1000, Min = 1000, TakerFeePpm = 100 * e })],
        }).ToArray();
        _books = [.. all.Select(i => new OutsideBooks(i, new Rates([])))];
        _lastIds = [.. Enumerable.Range(0, exchanges).Select(_ => Enumerable.Repeat(FirstId, instruments).ToArray())];
        _exchanges = [.. Enumerable.Range(0, exchanges).Select(e => Connect(e, all))];
        Compose(0, 0);
        _lastIds[0][0] = FirstId;
    }

    /// <summary>Size of an update.</summary>
    public int BytesPerUpdate => _length;

    /// <summary>Sum of the best prices seen: the work cannot be left out.</summary>
    public Int128 Tops { get; private set; }

    /// <summary>Books that are live now.</summary>
    public int Live => _books.Sum(b => b.Sources.Count(s => s.IsLive(_nowNs, 100 * SecondNs)));

    /// <summary>One update of one book, from its bytes to the top of the aggregated book.</summary>
    public void Update()
    {
        var (exchange, instrument) = (_next % _exchanges.Length, _next / _exchanges.Length % _books.Length);
        _next++;
        _nowNs += 5_000;
        Compose(exchange, instrument);
        _exchanges[exchange].On(_frame.AsMemory(0, _length), _nowNs);
        if (_books[instrument].TryBest(Side.Buy, _nowNs, 100 * SecondNs, out var ask) && _books[instrument].TryBest(Side.Sell, _nowNs, 100 * SecondNs, out var bid)) Tops += ask.Price - bid.Price;
    }

    /// <summary>Composes an update likewise, copies its bytes and adds them up.</summary>
    public void Floor()
    {
        var last = _lastIds[0][0];
        Compose(0, 0);
        _lastIds[0][0] = last;
        _frame.AsSpan(0, _length).CopyTo(_copy);
        foreach (var b in _copy.AsSpan(0, _length)) _floor += b;
    }

    private BinanceBooks Connect(int exchange, Instrument[] instruments)
    {
        var questions = new List<BinanceQuestion>();
        var books = new BinanceBooks(exchange, instruments, Take, new Tally(exchange, _ => { }), q =>
        {
            questions.Add(q);
            return true;
        });
        books.Connecting(_nowNs);
        books.Open(_ => { }, _nowNs);
        const string filters = """
            "filters":[{"filterType":"PRICE_FILTER","tickSize":"0.01"},{"filterType":"LOT_SIZE","minQty":"0.00001","stepSize":"0.00001"}]
            """;
        books.OnAnswer(questions[0], Encoding.UTF8.GetBytes($"{{\"symbols\":[{string.Join(',', _symbols.Select(s => $"{{\"symbol\":\"{s}\",\"status\":\"TRADING\",{filters}}}"))}]}}"), _nowNs);
        books.On("""{"result":null,"id":1}"""u8.ToArray(), _nowNs);
        books.Poll(_nowNs + 2 * SecondNs);
        foreach (var question in questions.Skip(1).ToList())
        {
            var bids = string.Join(',', Enumerable.Range(1, Snapshot).Select(i => $"[\"{50000 - i}.00\",\"1.00000000\"]"));
            var asks = string.Join(',', Enumerable.Range(1, Snapshot).Select(i => $"[\"{50000 + i}.00\",\"1.00000000\"]"));
            books.OnAnswer(question, Encoding.UTF8.GetBytes($"{{\"lastUpdateId\":{FirstId},\"bids\":[{bids}],\"asks\":[{asks}]}}"), _nowNs);
        }
        return books;
    }

    private void Take(Input input)
    {
        switch (input)
        {
            case BookImage image: _books[image.Instrument].On(image); break;
            case ExchangeHeard heard:
                foreach (var books in _books) books.On(heard);
                break;
        }
    }

    /// <summary>Sizes change within the first fifty levels of both sides; a level in ten goes and comes back.</summary>
    private void Compose(int exchange, int instrument)
    {
        _length = 0;
        Add("{\"e\":\"depthUpdate\",\"E\":1700000000000,\"s\":\""u8);
        foreach (var c in _symbols[instrument]) _frame[_length++] = (byte)c;
        var first = _lastIds[exchange][instrument] + 1;
        Add("\",\"U\":"u8);
        Add(first);
        Add(",\"u\":"u8);
        Add(_lastIds[exchange][instrument] = first + _levelsPerUpdate - 1);
        for (var side = 0; side < 2; side++)
        {
            Add(side == 0 ? ",\"b\":["u8 : ",\"a\":["u8);
            for (var n = 0; n < _levelsPerUpdate / 2; n++)
            {
                if (n > 0) Add(","u8);
                var away = Random(50) + 1;
                Add("[\""u8);
                Add(50000 + (side == 0 ? -away : away));
                Add(".00000000\",\""u8);
                var size = Random(10);
                Add(size);
                Add(".00000000\"]"u8);
            }
            Add("]"u8);
        }
        Add("}"u8);
    }

    private void Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_frame.AsSpan(_length));
        _length += text.Length;
    }

    private void Add(long number)
    {
        System.Buffers.Text.Utf8Formatter.TryFormat(number, _frame.AsSpan(_length), out var length);
        _length += length;
    }

    // SplitMix64.
    private long Random(int below)
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return (long)((z ^ z >> 31) % (ulong)below);
    }
}
