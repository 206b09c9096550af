using System.Globalization;
using Venue.Engine;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>
/// Runs a transcript: lines that start with "=>" are what the venue is expected to say to the line above them.
/// </summary>
/// <remarks>
/// One instrument X-USD, one tick and one lot are one atom each, so that numbers can be checked by head.
/// <code>
/// instrument fees 1000/2000 band 100000 ref 100 min 1 max 1000 top 10000   (all optional)
/// firm alice USD 1000 X 5                 a firm, a session of the same name, its credits
/// session desk of alice
/// credit alice USD -10 key k1
/// hold alice USD 10 key w1                then: settle w1, release w1
/// kill firm alice                         or: kill venue, session, instrument; lift firm alice
/// alice buy a1 10@100 [ioc|fok] [flags]   or: alice buy a1 10 market
/// alice cancel c1 a1 [order 5] [sell]
/// alice replace r1 a1 12@101
/// alice status a1
/// alice balance USD
/// connect alice N|S|A [logout]             then: disconnect alice lost|logout|notback
/// alice pull q1 [sell] [firm bob|session desk|venue] [operator]
/// alice list s1 [...as above]
/// continue                                the next slice of the oldest unfinished walk
/// </code>
/// <code>
/// limits of alice session desk on X-USD orders 2 rate 3 per 1 (second) repeat 1 fatfinger 50000 collar 50000 min 1 max 9 minnotional 10 maxnotional 900 position 5
/// </code>
/// Terms, and what makes the instrument trade otherwise, are read in Script.Terms.cs, quotes in Script.Quotes.cs.
/// </remarks>
internal sealed partial class Script
{
    private readonly EventLog _log = new();
    private readonly Commands _commands = new();
    private readonly VenueEngine<Recorder> _engine;
    private readonly List<string> _sessions = ["public"];
    private readonly List<int> _firmOf = [0];
    private readonly List<string> _firms = ["house"];
    private static readonly string[] Operations = ["hold", "settle", "release", "kill", "lift"];
    private static readonly string[] Assets = ["", "USD", "X"];
    private DefineInstrument _instrument = new()
    {
        Instrument = 1, BaseAsset = 2, QuoteAsset = 1, TickMantissa = 1, LotMantissa = 1, LotAtoms = 1, TickLotAtoms = 1,
        MinLots = 1, MaxLots = 1000, MaxPriceTicks = 10_000, Symbol = Text16.From("X-USD"),
    };

    private Script(EngineCapacity capacity, int reach)
    {
        _engine = new VenueEngine<Recorder>(capacity, _log.Recorder) { Reach = reach };
        _engine.Apply(_commands.Asset(1, "USD", 0));
        _engine.Apply(_commands.Asset(2, "X", 0));
        _engine.Apply(_commands.Instrument(_instrument));
    }

    public static readonly EngineCapacity Small = new() { Orders = 100, ClOrdIDs = 200, LevelPages = 100 };

    /// <summary>Fails unless the venue says exactly what the transcript says.</summary>
    public static void Run(string transcript, EngineCapacity? capacity = null, int reach = 16_384)
    {
        var script = new Script(capacity ?? Small, reach);
        var expected = new List<string>();
        var actual = new List<string>();
        foreach (var raw in transcript.Split('\n'))
        {
            var line = string.Join(' ', raw.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            if (line.Length == 0) continue;
            expected.Add(line);
            if (line.StartsWith("=>", StringComparison.Ordinal)) continue;
            actual.Add(line);
            script._log.Clear();
            actual.AddRange(script.Play(line.Split(' ')).Select(said => "=> " + said));
            script._engine.CheckInvariants();
        }
        Assert.That(string.Join('\n', actual), Is.EqualTo(string.Join('\n', expected)));
    }

    private IEnumerable<string> Play(string[] words)
    {
        if (words[0] == "instrument") return Silent(() => DefineInstrument(words));
        if (words[0] == "firm") return Silent(() => DefineFirm(words));
        if (words[0] == "session") return Silent(() => DefineSession(words[1], words[3]));
        if (words[0] == "credit") _engine.Apply(_commands.Credit(FirmOf(words[1]), AssetOf(words[2]), Int128.Parse(words[3], CultureInfo.InvariantCulture), words[5]));
        else if (Operations.Contains(words[0])) _engine.Apply(OperationCommand(words));
        else if (AccountWords.Contains(words[0])) _engine.Apply(AccountCommand(words));
        else if (MarginWords.Contains(words[0])) _engine.Apply(MarginCommand(words));
        else if (words[0] == "limits") _engine.Apply(LimitsCommand(words));
        else if (TradingWords.Contains(words[0])) _engine.Apply(TradingCommand(words));
        else if (MassWords.IsOne(words)) _engine.Apply(MassWords.Command(words, _commands, _sessions, _firms, _engine.Walks == 0 ? 0 : _engine.WalkAt(0).Number));
        else if (words[0] == "quoter") _engine.Apply(QuotingCommand(words));
        else if (QuoteWords.Contains(words[1])) _engine.Apply(QuoteCommand(words));
        else if (words[1] == "requests") return [RequestsLine(words[0])];
        else if (words[1] == "looks") return [LooksLine(words[0])];
        else if (words[1] == "obligation") return [ObligationLine(words[0])];
        else if (words[1] == "position") return [PositionLine(words[0])];
        else if (words[1] == "margin") return [MarginLine(words[0])];
        else if (words[1] == "balance") return [BalanceLine(words[0], words[2])];
        else _engine.Apply(OrderCommand(words));
        NoteTrades(_log.Bytes);
        NoteHits(_log.Bytes);
        return EventText.Lines(_log.Bytes.ToArray(), session => session < _sessions.Count ? _sessions[session] : "nobody");
    }

    private ReadOnlySpan<byte> OperationCommand(string[] words)
    {
        switch (words[0])
        {
            case "hold":
                ref var hold = ref _commands.Begin<HoldWithdrawal>(CommandType.HoldWithdrawal, 0);
                (hold.Firm, hold.Asset, hold.Key) = (FirmOf(words[1]), AssetOf(words[2]), Text40.From(words[5]));
                hold.Amount = new Amount(Int128.Parse(words[3], CultureInfo.InvariantCulture));
                return Commands.Whole(in hold);
            case "settle":
                ref var settle = ref _commands.Begin<SettleWithdrawal>(CommandType.SettleWithdrawal, 0);
                settle.Key = Text40.From(words[1]);
                return Commands.Whole(in settle);
            case "release":
                ref var release = ref _commands.Begin<ReleaseWithdrawal>(CommandType.ReleaseWithdrawal, 0);
                release.Key = Text40.From(words[1]);
                return Commands.Whole(in release);
            default:
                ref var kill = ref _commands.Begin<Kill>(CommandType.Kill, 0);
                kill.Scope = Enum.Parse<KillScope>(words[1], ignoreCase: true);
                kill.Target = kill.Scope switch { KillScope.Firm => FirmOf(words[2]), KillScope.Session => _sessions.IndexOf(words[2]), KillScope.Instrument => 1, _ => 0 };
                kill.Engaged = words[0] == "kill" ? (byte)1 : (byte)0;
                return Commands.Whole(in kill);
        }
    }

    private ReadOnlySpan<byte> LimitsCommand(string[] words)
    {
        ref var c = ref _commands.Begin<DefineLimits>(CommandType.DefineLimits, 0);
        if (words.Contains("of")) c.Firm = FirmOf(After(words, "of"));
        if (words.Contains("session")) c.LimitedSession = _sessions.IndexOf(After(words, "session"));
        if (words.Contains("X-USD")) c.Instrument = 1;
        (c.FatFingerPpm, c.CollarPpm, c.OpenOrdersMax) = ((int)Number(words, "fatfinger"), (int)Number(words, "collar"), (int)Number(words, "orders"));
        (c.RateMax, c.RateWindowNs, c.RepeatWindowNs) = ((int)Number(words, "rate"), Number(words, "per") * 1_000_000_000, Number(words, "repeat") * 1_000_000_000);
        (c.MinLots, c.MaxLots, c.PositionMaxLots) = (Number(words, "min"), Number(words, "max"), Number(words, "position"));
        (c.MinNotional, c.MaxNotional) = (new Amount(Number(words, "minnotional")), new Amount(Number(words, "maxnotional")));
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> OrderCommand(string[] words)
    {
        var session = words[0] == "nobody" ? 99 : _sessions.IndexOf(words[0]);
        switch (words[1])
        {
            case "buy" or "sell" when HasTerms(words):
                return SpecialOrder(words, session);
            case "buy" or "sell":
                ref var order = ref _commands.Begin<NewOrder>(CommandType.NewOrder, session);
                order.ClOrdID = Text40.From(words[2]);
                order.Instrument = 1;
                order.Side = words[1] == "buy" ? Side.Buy : Side.Sell;
                (order.Lots, order.PriceTicks) = Terms(words[3]);
                order.OrdType = words.Contains("market") ? OrdType.Market : OrdType.Limit;
                order.TimeInForce = words.Contains("ioc") ? TimeInForce.ImmediateOrCancel : words.Contains("fok") ? TimeInForce.FillOrKill : TimeInForce.GoodTillCancel;
                return Commands.Whole(in order);
            case "cancel":
                ref var cancel = ref _commands.Begin<CancelOrder>(CommandType.CancelOrder, session);
                cancel.ClOrdID = Text40.From(words[2]);
                cancel.OrigClOrdID = Text40.From(words[3]);
                cancel.Instrument = 1;
                if (words.Contains("order")) cancel.OrderID = long.Parse(words[^1], CultureInfo.InvariantCulture);
                if (words.Contains("sell")) cancel.Side = Side.Sell;
                return Commands.Whole(in cancel);
            case "replace" when HasTerms(words):
                return SpecialReplace(words, session);
            case "replace":
                ref var replace = ref _commands.Begin<ReplaceOrder>(CommandType.ReplaceOrder, session);
                replace.ClOrdID = Text40.From(words[2]);
                replace.OrigClOrdID = Text40.From(words[3]);
                replace.Instrument = 1;
                (replace.Lots, replace.PriceTicks) = Terms(words[4]);
                replace.OrdType = OrdType.Limit;
                replace.TimeInForce = TimeInForce.GoodTillCancel;
                return Commands.Whole(in replace);
            case "status":
                ref var status = ref _commands.Begin<OrderStatusRequest>(CommandType.OrderStatus, session);
                status.ClOrdID = Text40.From(words[2]);
                status.Instrument = 1;
                return Commands.Whole(in status);
            default:
                throw new ArgumentException($"'{words[1]}' is no verb");
        }
    }

    private void DefineInstrument(string[] words)
    {
        for (var i = 1; i < words.Length; i += 2)
        {
            var numbers = words[i + 1].Split('/').Select(n => long.Parse(n, CultureInfo.InvariantCulture)).ToArray();
            switch (words[i])
            {
                case "fees": (_instrument.MakerFeePpm, _instrument.TakerFeePpm) = ((int)numbers[0], (int)numbers[1]); break;
                case "band": _instrument.BandPpm = (int)numbers[0]; break;
                case "ref": _instrument.ReferenceTicks = numbers[0]; break;
                case "min": _instrument.MinLots = numbers[0]; break;
                case "max": _instrument.MaxLots = numbers[0]; break;
                case "top": _instrument.MaxPriceTicks = numbers[0]; break;
                default: throw new ArgumentException($"'{words[i]}' is no property");
            }
        }
        _engine.Apply(_commands.Instrument(_instrument));
    }

    private void DefineFirm(string[] words)
    {
        _firms.Add(words[1]);
        _engine.Apply(_commands.Firm(_firms.Count - 1, words[1]));
        DefineSession(words[1], words[1]);
        for (var i = 2; i < words.Length; i += 2)
            _engine.Apply(_commands.Credit(_firms.Count - 1, AssetOf(words[i]), Int128.Parse(words[i + 1], CultureInfo.InvariantCulture), $"{words[1]} {words[i]}"));
    }

    private void DefineSession(string name, string firm)
    {
        _sessions.Add(name);
        _firmOf.Add(FirmOf(firm));
        _engine.Apply(_commands.Session(_sessions.Count - 1, FirmOf(firm), name));
    }

    private string BalanceLine(string name, string asset)
    {
        var (available, held) = _engine.Balance(FirmOf(name), AssetOf(asset));
        var withdrawing = _engine.Withdrawing(FirmOf(name), AssetOf(asset)).Atoms;
        return $"{available.Atoms} + {held.Atoms} held" + (withdrawing == 0 ? "" : $" + {withdrawing} withdrawing");
    }

    /// <summary>Runs set-up that is expected to be taken without a refusal; its events are not part of the transcript.</summary>
    private string[] Silent(Action action)
    {
        action();
        return EventText.Lines(_log.Bytes.ToArray(), _ => "").Where(line => line.StartsWith("refused", StringComparison.Ordinal)).ToArray();
    }

    private int FirmOf(string name) => _firms.IndexOf(name) is var firm and >= 0 ? firm : throw new ArgumentException($"'{name}' is no firm");

    private static int AssetOf(string code) => Array.IndexOf(Assets, code);

    private static (long Lots, long Ticks) Terms(string text)
    {
        var parts = text.Split('@');
        return (long.Parse(parts[0], CultureInfo.InvariantCulture), parts.Length > 1 ? long.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
    }
}
