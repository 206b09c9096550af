using System.Globalization;
using System.Runtime.InteropServices;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Quotes of liquidity providers.</summary>
/// <remarks>
/// <code>
/// quoter alice fills 2 window 1 life 5    for the session; window and life in seconds
/// quoter alice on fills 2 lots 9 notional 900 window 1 size 2 spread 50000     for X-USD
/// alice quote q1 10@99 / 5@101 [entry e1] [until 3]    - for a side that is not said, 0@0 to pull it
/// alice unquote q1 on                     or: all, id (those of q1)
/// alice quoted [q1]                       how it stands
/// alice rearm q1
/// alice obligation
/// lp watch                                lp watch off
/// lp looking 100                          how long it may look at hits, in milliseconds
/// bob ask r1 [buy|sell] [size 10] until 30 [window 4 best 2]    the window in seconds
/// lp answer s1 10@99 / 8@101 [until 20]    to the last request; - for a side that is not said
/// lp decline                              the last request
/// bob take h1 buy 5[@101] [first|of s1]   the last answer, or the first, or one by its name
/// lp accept                               the last hit; or: refuse price, refuse validity
/// bob pass
/// later 50                                milliseconds from now
/// </code>
/// </remarks>
internal sealed partial class Script
{
    private readonly List<long> _answers = [];
    private readonly Dictionary<string, long> _answerOf = [];
    private long _lastRequest;
    private long _lastHit;

    private static readonly string[] QuoteWords = ["quote", "unquote", "quoted", "rearm", "watch", "looking", "ask", "answer", "decline", "take", "accept", "refuse", "pass"];

    private ReadOnlySpan<byte> QuotingCommand(string[] words)
    {
        ref var c = ref _commands.Begin<DefineQuoting>(CommandType.DefineQuoting, 0);
        c.DefinedSession = _sessions.IndexOf(words[1]);
        c.Instrument = words.Contains("on") ? 1 : 0;
        (c.FillsMax, c.LotsMax, c.NotionalMax) = ((int)Number(words, "fills"), Number(words, "lots"), new Amount(Number(words, "notional")));
        (c.WindowNs, c.LifeMinNs) = (Number(words, "window") * 1_000_000_000, Number(words, "life") * 1_000_000_000);
        (c.SizeMinLots, c.SpreadMaxPpm) = (Number(words, "size"), (int)Number(words, "spread"));
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> QuoteCommand(string[] words)
    {
        var session = _sessions.IndexOf(words[0]);
        switch (words[1])
        {
            case "quote":
                ref var c = ref _commands.Begin<Quote>(CommandType.Quote, session);
                c.QuoteID = Text40.From(words[2]);
                c.Instrument = 1;
                c.Flags = QuoteFlags.Last | (words[3] == "-" ? 0 : QuoteFlags.Bid) | (words[5] == "-" ? 0 : QuoteFlags.Ask);
                if (words[3] != "-") (c.BidLots, c.BidTicks) = Terms(words[3]);
                if (words[5] != "-") (c.AskLots, c.AskTicks) = Terms(words[5]);
                if (words.Contains("entry")) c.QuoteEntryID = Text16.From(After(words, "entry"));
                if (words.Contains("offlot")) c.BidFlags = OrderFlags.QuantityOffLot;
                if (words.Contains("offtick")) c.AskFlags = OrderFlags.PriceOffTick;
                c.ValidUntilNs = Number(words, "until") * 1_000_000_000;
                return Commands.Whole(in c);
            case "unquote":
                ref var cancel = ref _commands.Begin<CancelQuotes>(CommandType.CancelQuotes, session);
                cancel.QuoteID = Text40.From(words[2]);
                cancel.Scope = words[3] switch { "on" => QuoteCancelScope.Instrument, "all" => QuoteCancelScope.All, "id" => QuoteCancelScope.QuoteID, _ => (QuoteCancelScope)9 };
                cancel.Instrument = words.Contains("nowhere") ? 7 : cancel.Scope == QuoteCancelScope.Instrument ? 1 : 0;
                return Commands.Whole(in cancel);
            case "quoted":
                ref var status = ref _commands.Begin<QuoteStatus>(CommandType.QuoteStatus, session);
                status.Instrument = 1;
                if (words.Length > 2) status.QuoteID = Text40.From(words[2]);
                return Commands.Whole(in status);
            case "watch":
                ref var watch = ref _commands.Begin<WatchRequests>(CommandType.WatchRequests, session);
                (watch.Instrument, watch.IsOn) = (1, words.Contains("off") ? (byte)0 : (byte)1);
                return Commands.Whole(in watch);
            case "looking":
                ref var look = ref _commands.Begin<DefineLastLook>(CommandType.DefineLastLook, 0);
                (look.DefinedSession, look.HoldMs) = (session, (int)Number(words, "looking"));
                return Commands.Whole(in look);
            case "ask" when words.Contains("best"):
                ref var best = ref _commands.Begin<RequestBestQuotes>(CommandType.RequestBestQuotes, session);
                Describe(ref best.Request, words);
                (best.WindowNs, best.AnswersMax) = (Number(words, "window") * 1_000_000_000, (int)Number(words, "best"));
                return Commands.Whole(in best);
            case "ask":
                ref var ask = ref _commands.Begin<RequestQuotes>(CommandType.RequestQuotes, session);
                Describe(ref ask, words);
                return Commands.Whole(in ask);
            case "decline":
                ref var decline = ref _commands.Begin<DeclineRequest>(CommandType.DeclineRequest, session);
                decline.Request = _lastRequest;
                return Commands.Whole(in decline);
            case "accept" or "refuse":
                ref var answer = ref _commands.Begin<AnswerHit>(CommandType.AnswerHit, session);
                (answer.QuoteID, answer.Hit) = (Text40.From("said"), _lastHit);
                answer.Reason = words[^1] switch { "price" => Reason.LookPrice, "validity" => Reason.LookValidity, _ => Reason.None };
                return Commands.Whole(in answer);
            case "answer":
                ref var offer = ref _commands.Begin<OfferQuote>(CommandType.OfferQuote, session);
                (offer.QuoteID, offer.Request, offer.Instrument, offer.ValidUntilNs) = (Text40.From(words[2]), _lastRequest, 1, Number(words, "until") * 1_000_000_000);
                if (words[3] != "-") (offer.BidLots, offer.BidTicks) = Terms(words[3]);
                if (words[5] != "-") (offer.AskLots, offer.AskTicks) = Terms(words[5]);
                _answers.Add(_answerOf[words[2]] = _commands.Seq);
                return Commands.Whole(in offer);
            case "take":
                ref var take = ref _commands.Begin<TakeOffer>(CommandType.TakeOffer, session);
                (take.ClOrdID, take.Instrument, take.Side) = (Text40.From(words[2]), 1, words[3] == "buy" ? Side.Buy : Side.Sell);
                (take.Lots, take.PriceTicks) = Terms(words[4]);
                take.Offer = words.Contains("of") ? _answerOf[After(words, "of")] : _answers[words.Contains("first") ? 0 : ^1];
                return Commands.Whole(in take);
            case "pass":
                ref var pass = ref _commands.Begin<EndRequest>(CommandType.EndRequest, session);
                pass.Offer = _answers[^1];
                return Commands.Whole(in pass);
            default:
                ref var reset = ref _commands.Begin<ResetProtection>(CommandType.ResetProtection, session);
                reset.QuoteID = Text40.From(words[2]);
                return Commands.Whole(in reset);
        }
    }

    private void NoteHits(ReadOnlySpan<byte> events)
    {
        for (; events.Length > 0; events = events[MemoryMarshal.Read<EventHeader>(events).Length..])
            if (MemoryMarshal.Read<EventHeader>(events).Type == EventType.OfferHit) _lastHit = MemoryMarshal.Read<OfferHit>(events).Hit;
    }

    private void Describe(ref RequestQuotes ask, string[] words)
    {
        (ask.RequestID, ask.Instrument, ask.ExpireNs) = (Text40.From(words[2]), 1, Number(words, "until") * 1_000_000_000);
        ask.Side = words.Contains("buy") ? Side.Buy : words.Contains("sell") ? Side.Sell : 0;
        if (words.Contains("size")) ask.Lots = Number(words, "size");
        _lastRequest = _commands.Seq;
    }

    private string ObligationLine(string name)
    {
        if (_engine.Obligation(_sessions.IndexOf(name), 1) is not { } o) return "none";
        return string.Create(CultureInfo.InvariantCulture, $"met {Seconds(o.MetNs)} of {Seconds(o.OpenNs)} s, yesterday {Seconds(o.MetYesterdayNs)} of {Seconds(o.OpenYesterdayNs)} s");
    }

    private string RequestsLine(string name)
    {
        var counts = _engine.Requests(_sessions.IndexOf(name))!.Value;
        return $"asked {counts.Asked} answered {counts.Answered} missed {counts.Missed} taken {counts.Taken} gone {counts.Gone}{(counts.Declined == 0 ? "" : $" declined {counts.Declined}")}";
    }

    private string LooksLine(string name)
    {
        var looks = _engine.Requests(_sessions.IndexOf(name))!.Value.Looks;
        return $"held {looks.Held} accepted {looks.Accepted} price {looks.RefusedPrice} validity {looks.RefusedValidity} silent {looks.TimedOut} ended {looks.Ended}, "
            + $"mean {looks.HoldMeanNs / 1_000_000} max {looks.HoldMaxNs / 1_000_000} half {looks.Times.At(500)} most {looks.Times.At(990)} ms";
    }

    // Commands pass one per microsecond.
    private static long Seconds(long ns) => (ns + 500_000_000) / 1_000_000_000;
}
