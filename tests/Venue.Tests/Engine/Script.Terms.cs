using System.Globalization;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Terms of orders, phases, and the passing of time.</summary>
/// <remarks>
/// <code>
/// alice buy a1 10@100 post                or: slide
/// alice buy a1 10@100 show 3              an iceberg; hidden: never shown
/// alice buy a1 10@100 min 4 [ioc]
/// alice buy a1 10@100 day                 or: gtd 60 (at second 60), opening, closing (these also for: 10 market)
/// alice buy a1 10 mtl                     market to limit
/// alice buy a1 cash 1000
/// alice buy a1 10 stop 105                10@107 stop 105: stop-limit; trail 5; by quote, by index
/// alice buy a1 10@103 peg mid             or: peg primary; offset -1
/// alice buy a1 10@100 group 1 oldest      or: newest, both, decrement
/// alice sell a2 10 stop 95 link a1
/// alice replace r1 a1 12@101 show 5       with what the order is: stop 95, trail 5, peg, mtl; gtd 90
/// phase preopen                           or: continuous, volatility, close, halt, cancelonly, closed
/// trading static 10000 dynamic 5000 day 3600 volatility 60 indicative 1 allocation ProRata refuse 1
/// index 105
/// selftrade alice 1 oldest
/// time 60                                 it is that many seconds after midnight
/// </code>
/// </remarks>
internal sealed partial class Script
{
    private static readonly string[] TradingWords = ["phase", "trading", "index", "selftrade", "time", "later"];

    private static readonly string[] TermWords =
        ["post", "slide", "show", "hidden", "min", "day", "gtd", "opening", "closing", "mtl", "cash", "stop", "trail", "by", "peg", "offset", "group", "link"];

    private static readonly Dictionary<string, SelfTradeMode> Modes = new()
    {
        ["newest"] = SelfTradeMode.CancelNewest, ["oldest"] = SelfTradeMode.CancelOldest, ["both"] = SelfTradeMode.CancelBoth, ["decrement"] = SelfTradeMode.Decrement,
    };

    private static readonly Dictionary<string, Phase> Phases = new()
    {
        ["continuous"] = Phase.Continuous, ["preopen"] = Phase.PreOpen, ["volatility"] = Phase.VolatilityAuction, ["close"] = Phase.CloseAuction,
        ["halt"] = Phase.Halt, ["cancelonly"] = Phase.CancelOnly, ["closed"] = Phase.Closed,
    };

    /// <summary>The mode among these words; none without one.</summary>
    public static SelfTradeMode SelfTradeModeIn(string[] words) => Modes.FirstOrDefault(mode => words.Contains(mode.Key)).Value;

    private static bool HasTerms(string[] words) => words.Any(TermWords.Contains);

    private ReadOnlySpan<byte> SpecialOrder(string[] words, int session)
    {
        ref var c = ref _commands.Begin<NewSpecialOrder>(CommandType.NewSpecialOrder, session);
        c.Order.ClOrdID = Text40.From(words[2]);
        c.Order.Instrument = 1;
        c.Order.Side = words[1] == "buy" ? Side.Buy : Side.Sell;
        if (words[3] == "cash") c.Cash = new Amount(Number(words, "cash"));
        else (c.Order.Lots, c.Order.PriceTicks) = Terms(words[3]);
        c.Order.OrdType = TypeOf(words, c.Order.PriceTicks);
        c.Order.TimeInForce = TimeOf(words);
        c.Terms = TermsOf(words);
        if (words.Contains("link")) c.LinkClOrdID = Text40.From(After(words, "link"));
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> SpecialReplace(string[] words, int session)
    {
        ref var c = ref _commands.Begin<ReplaceSpecialOrder>(CommandType.ReplaceSpecialOrder, session);
        c.Order.ClOrdID = Text40.From(words[2]);
        c.Order.OrigClOrdID = Text40.From(words[3]);
        c.Order.Instrument = 1;
        (c.Order.Lots, c.Order.PriceTicks) = Terms(words[4]);
        c.Order.OrdType = TypeOf(words, c.Order.PriceTicks);
        c.Terms = TermsOf(words) with { Instructions = 0, Trigger = 0 };
        return Commands.Whole(in c);
    }

    private static OrdType TypeOf(string[] words, long ticks) =>
        words.Contains("stop") || words.Contains("trail") ? ticks == 0 ? OrdType.Stop : OrdType.StopLimit
        : words.Contains("mtl") ? OrdType.MarketToLimit
        : words.Contains("peg") ? OrdType.Pegged
        : words.Contains("market") || words.Contains("cash") ? OrdType.Market
        : OrdType.Limit;

    private static TimeInForce TimeOf(string[] words) =>
        words.Contains("ioc") ? TimeInForce.ImmediateOrCancel
        : words.Contains("fok") ? TimeInForce.FillOrKill
        : words.Contains("day") ? TimeInForce.Day
        : words.Contains("gtd") ? TimeInForce.GoodTillDate
        : words.Contains("opening") ? TimeInForce.AtTheOpening
        : words.Contains("closing") ? TimeInForce.AtTheClose
        : TimeInForce.GoodTillCancel;

    private static OrderTerms TermsOf(string[] words)
    {
        var terms = new OrderTerms
        {
            DisplayLots = Number(words, "show"), MinLots = Number(words, "min"), ExpireNs = Number(words, "gtd") * 1_000_000_000,
            StopTicks = (int)Number(words, "stop"), OffsetTicks = (int)(Number(words, "offset") + Number(words, "trail")), SelfTradeGroup = (int)Number(words, "group"),
            SelfTradeMode = SelfTradeModeIn(words),
        };
        if (words.Contains("post")) terms.Instructions |= OrderInstructions.PostOnly;
        if (words.Contains("slide")) terms.Instructions |= OrderInstructions.PostOnly | OrderInstructions.Slide;
        if (words.Contains("hidden")) terms.Instructions |= OrderInstructions.Hidden;
        if (words.Contains("trail")) terms.Instructions |= OrderInstructions.TrailingStop;
        if (words.Contains("peg")) terms.Instructions |= After(words, "peg") == "mid" ? OrderInstructions.PegMid : OrderInstructions.PegPrimary;
        if (words.Contains("by")) terms.Trigger = After(words, "by") == "quote" ? TriggerPrice.Quote : TriggerPrice.Index;
        return terms;
    }

    private ReadOnlySpan<byte> TradingCommand(string[] words)
    {
        switch (words[0])
        {
            case "phase":
                ref var phase = ref _commands.Begin<SetPhase>(CommandType.SetPhase, 0);
                (phase.Instrument, phase.Phase) = (1, Phases[words[1]]);
                return Commands.Whole(in phase);
            case "index":
                ref var index = ref _commands.Begin<SetIndexPrice>(CommandType.SetIndexPrice, 0);
                (index.Instrument, index.PriceTicks) = (1, Number(words, "index"));
                return Commands.Whole(in index);
            case "selftrade":
                ref var group = ref _commands.Begin<DefineSelfTrade>(CommandType.DefineSelfTrade, 0);
                (group.DefinedSession, group.Group, group.Mode) = (_sessions.IndexOf(words[1]), int.Parse(words[2], CultureInfo.InvariantCulture), Modes.GetValueOrDefault(words[^1]));
                return Commands.Whole(in group);
            case "later":
                _commands.LaterNs += Number(words, "later") * 1_000_000;
                return Commands.Whole(in _commands.Begin<Tick>(CommandType.Tick, 0));
            case "time":
                _commands.LaterNs = (Number(words, "time") * 1_000_000_000) - ((_commands.Seq + 1) * 1000);
                return Commands.Whole(in _commands.Begin<Tick>(CommandType.Tick, 0));
            default:
                ref var trading = ref _commands.Begin<DefineTrading>(CommandType.DefineTrading, 0);
                trading.Instrument = 1;
                (trading.StaticBandPpm, trading.DynamicBandPpm) = ((int)Number(words, "static"), (int)Number(words, "dynamic"));
                trading.DayEnd = words.Contains("day") ? (int)Number(words, "day") + 1 : 0;
                (trading.VolatilityAuctionNs, trading.IndicativeNs) = (Number(words, "volatility") * 1_000_000_000, Number(words, "indicative") * 1_000_000_000);
                if (words.Contains("allocation")) trading.Allocation = Enum.Parse<Allocation>(After(words, "allocation"));
                trading.HaltRefusesCancels = (byte)Number(words, "refuse");
                return Commands.Whole(in trading);
        }
    }

    private static string After(string[] words, string word) => words[Array.IndexOf(words, word) + 1];

    private static long Number(string[] words, string word) => words.Contains(word) ? long.Parse(After(words, word), CultureInfo.InvariantCulture) : 0;
}
