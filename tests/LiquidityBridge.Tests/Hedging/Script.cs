using System.Globalization;
using System.Text;
using Venue.Messages;

namespace LiquidityBridge.Tests.Hedging;

/// <summary>
/// A conversation with the core as a table: lines are inputs, lines after => are what it wanted done since the last
/// such line. Times are seconds from the start. Hedge ids are written short: 1.2 is the first hedge's second attempt.
/// </summary>
/// <remarks>
/// book A 10@999 20@998 | 10@1001   live book of an exchange, bids and asks; book A stale|disconnected...
/// up A, down A, venue up|down, feed up|down, wait 3
/// fill buy|sell 5 @ 1003 [ref 1001]     the house traded in the venue
/// sent|ack|lost|rejected A 1.1, filled A 1.1 3 @ 1001 x7 [fee 2 BNB], canceled|open|gone A 1.1 3, gone A 1.1 3 @ 1001
/// quote accepted|replaced|canceled|rejected|refused|traded bid [left 5 [cum 5]]      the venue on our last order of that side
/// kill|resume bridge|quoting|exchange A|instrument BTC-USD
/// restart                           the journal is written anew from its state, and that is folded into a new core
/// </remarks>
internal sealed class Script(BridgeOptions options)
{
    private readonly List<Record> _journal = [];
    private readonly List<string> _said = [];
    private readonly Dictionary<string, string> _ids = [];          // short by real
    private readonly Dictionary<Side, string> _quotes = [];         // ClOrdID of the order or replacement sent last
    private readonly Dictionary<Side, string> _quotesBefore = [];
    private Bridge _bridge = new(options);
    private long _nowNs = TestBridge.StartNs;
    private long _seq = 100;
    private bool _begun;

    public DeskState Desk => _bridge.Snapshot(_nowNs, []);

    public IReadOnlyList<Record> Journal => _journal;

    public Script Run(string table)
    {
        if (!_begun)
        {
            _begun = true;
            Heed(_bridge.Start(_nowNs));
            foreach (var definition in TestBridge.Definitions(_nowNs)) Tell(definition);
        }
        var expected = new List<string>();
        var number = 0;
        foreach (var raw in table.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            if (line.StartsWith("=>", StringComparison.Ordinal))
            {
                if (line.Length > 2) expected.Add(line[2..].Trim());
                continue;
            }
            Check(expected, number);
            Do(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
        Check(expected, number);
        return this;
    }

    private void Check(List<string> expected, int line)
    {
        if (expected.Count == 0) return;
        var wanted = expected is ["nothing"] ? [] : expected.ToArray();
        Assert.That(_said, Is.EqualTo(wanted), $"what was said before line {line}");
        _said.Clear();
        expected.Clear();
    }

    private void Do(string[] w)
    {
        _nowNs += 1_000_000;
        switch (w)
        {
            case ["book", var x, "live" or "stale" or "disconnected" or "syncing" or "suspended"]:
                Tell(new BookImage { NowNs = _nowNs, Exchange = Exchange(x), Instrument = 0, State = Enum.Parse<BookState>(w[2], ignoreCase: true) });
                break;
            case ["book", var x, .. var levels]:
                var bar = Array.IndexOf(levels, "|");
                Tell(new BookImage { NowNs = _nowNs, Exchange = Exchange(x), Instrument = 0, State = BookState.Live, Bids = Levels(levels[..bar]), Asks = Levels(levels[(bar + 1)..]) });
                break;
            case ["up", var x]: Tell(new ExchangeTrading { NowNs = _nowNs, Exchange = Exchange(x), IsUp = true }); break;
            case ["down", var x]: Tell(new ExchangeTrading { NowNs = _nowNs, Exchange = Exchange(x), IsUp = false, Reason = "gone" }); break;
            case ["venue", var state]: Tell(new VenueSessionChanged { NowNs = _nowNs, IsUp = state == "up" }); break;
            case ["feed", var state]: Tell(new FeedChanged { NowNs = _nowNs, IsUp = state == "up" }); break;
            case ["heard", var x]: Tell(new ExchangeHeard { NowNs = _nowNs, Exchange = Exchange(x) }); break;
            case ["wait", var seconds]:
                for (var until = _nowNs + (long)(double.Parse(seconds, CultureInfo.InvariantCulture) * TestBridge.SecondNs); _nowNs < until; _nowNs += TestBridge.SecondNs / 10) Tell(new Tick { NowNs = _nowNs });
                break;
            case ["fill", var side, var quantity, "@", var price, .. var rest]:
                var reference = rest is ["ref", var r] ? $"Q-1-{r}" : "";
                Tell(new VenueFill { NowNs = _nowNs, Seq = ++_seq, Index = 0, Number = 1, Firm = 7, Side = SideOf(side), Ticks = Number(price), Lots = Number(quantity), FeeAtoms = 0, ClOrdID = reference });
                break;
            case ["repeat", "fill"]: Tell(_journal.OfType<VenueFill>().Last()); break;
            case ["filled", var x, var id, var quantity, "@", var price, var exec]:
                Report(x, id, HedgeReportKind.Filled, exec: exec, quantity: Number(quantity), price: Number(price));
                break;
            case ["filled", var x, var id, var quantity, "@", var price, var exec, "fee", var fee, var asset]:
                Report(x, id, HedgeReportKind.Filled, exec: exec, quantity: Number(quantity), price: Number(price), feeAsset: asset, assetFee: Number(fee) * Instrument.Power(Instrument.AmountDecimals));
                break;
            case ["sent" or "ack" or "rejected", var x, var id]:
                Report(x, id, w[0] switch { "sent" => HedgeReportKind.Sent, "ack" => HedgeReportKind.Acknowledged, _ => HedgeReportKind.Rejected });
                break;
            case ["canceled" or "open" or "gone", var x, var id, var cum]:
                Report(x, id, w[0] switch { "canceled" => HedgeReportKind.Canceled, "open" => HedgeReportKind.Open, _ => HedgeReportKind.Gone }, cum: Number(cum));
                break;
            case ["gone", var x, var id, var cum, "@", var average]:
                Report(x, id, HedgeReportKind.Gone, cum: Number(cum), average: Number(average));
                break;
            case ["quote", var what, var side, .. var rest]: Quote(what, side == "bid" ? Side.Buy : Side.Sell, rest is ["left", var left, ..] ? Number(left) : 0, rest is [_, _, "cum", var traded] ? Number(traded) : 0); break;
            case ["kill" or "resume", var level, .. var target]:
                Tell(new Switched { NowNs = _nowNs, Level = Enum.Parse<KillLevel>(level, ignoreCase: true), Target = target is [var t] ? t : "", Engaged = w[0] == "kill", By = "desk", Reason = "test" });
                break;
            case ["restart"]:
                _bridge = new Bridge(options);
                foreach (var record in States.Of(options, _journal)) _bridge.Recover(record);
                Heed(_bridge.Start(_nowNs));
                break;
            default: throw new ArgumentException($"not understood: {string.Join(' ', w)}");
        }
    }

    private void Quote(string what, Side side, long left, long cum)
    {
        var id = _quotes[side];
        var before = _quotesBefore.GetValueOrDefault(side, "");
        Tell(new QuoteReport
        {
            NowNs = _nowNs, Instrument = 0, Side = side, Leaves = left, Cum = cum,
            Kind = what switch
            {
                "accepted" => QuoteReportKind.Accepted, "replaced" => QuoteReportKind.Replaced, "traded" => QuoteReportKind.Traded,
                "canceled" => QuoteReportKind.Canceled, "rejected" => QuoteReportKind.Rejected, "refused" => QuoteReportKind.RequestRefused,
                _ => throw new ArgumentException(what),
            },
            ClOrdID = what == "canceled" ? "C" : id,
            OrigClOrdID = what == "canceled" ? id : before,
        });
    }

    private void Report(string x, string shortId, HedgeReportKind kind, string exec = "", long quantity = 0, long price = 0, long cum = 0, long average = 0, string feeAsset = "", Int128 assetFee = default) => Tell(new HedgeReport
    {
        NowNs = _nowNs, Exchange = Exchange(x), ClientId = _ids.FirstOrDefault(i => i.Value == shortId).Key ?? shortId, Kind = kind,
        ExecId = exec, Quantity = quantity, Price = price, Cum = cum, AveragePrice = average, FeeAsset = feeAsset, AssetFeeAtoms = assetFee,
    });

    private void Tell(Input input) => Heed(_bridge.On(input));

    private void Heed(IReadOnlyList<Output> outputs)
    {
        foreach (var output in outputs)
        {
            switch (output)
            {
                case Log log:
                    _journal.Add(log.Record);
                    break;
                case SendHedge send:
                    var i = send.Intent;
                    _said.Add($"hedge {Short(i)} at {options.Exchanges[i.Exchange]}: {Word(i.Side)} {i.Quantity} @ {i.Limit}");
                    break;
                case QueryHedge query: _said.Add($"ask {options.Exchanges[query.Intent.Exchange]} about {Short(query.Intent)}"); break;
                case CancelHedge cancel: _said.Add($"cancel {Short(cancel.Intent)} at {options.Exchanges[cancel.Intent.Exchange]}"); break;
                case NewQuote q:
                    _quotes[q.Side] = q.ClOrdID;
                    _said.Add($"new {Name(q.Side)} {q.Quantity} @ {q.Price}");
                    break;
                case ReplaceQuote q:
                    _quotesBefore[q.Side] = _quotes[q.Side];
                    _quotes[q.Side] = q.ClOrdID;
                    _said.Add($"replace {Name(q.Side)} {q.Quantity} @ {q.Price}");
                    break;
                case CancelQuote q: _said.Add($"cancel {Name(q.Side)}"); break;
                case Alert { Severity: not Severity.Info } alert: _said.Add($"alert {alert.Code}"); break;
            }
        }
    }

    private string Short(HedgeIntent intent)
    {
        if (_ids.TryGetValue(intent.ClientId, out var known)) return known;
        var firsts = _ids.Keys.Select(k => k.Split('-')[1]).Append(intent.Seq.ToString(CultureInfo.InvariantCulture)).Distinct().ToList();
        return _ids[intent.ClientId] = $"{firsts.IndexOf(intent.Seq.ToString(CultureInfo.InvariantCulture)) + 1}.{intent.Attempt}";
    }

    private static Level[] Levels(string[] texts) => [.. texts.Select(t => t.Split('@')).Select(t => new Level(Number(t[1]), Number(t[0])))];

    private static int Exchange(string name) => name == "A" ? 0 : 1;

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static Side SideOf(string word) => word == "buy" ? Side.Buy : Side.Sell;

    private static string Word(Side side) => side == Side.Buy ? "buy" : "sell";

    private static string Name(Side side) => side == Side.Buy ? "bid" : "ask";
}
