using System.Runtime.InteropServices;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Requests for quotes, answers, hits.</summary>
internal sealed partial class RandomCommands
{
    private readonly List<(long Request, int Provider, int Instrument, long Lots)> _requested = [];
    private readonly List<(long Offer, int Asker, int Instrument, QuoteOffered Told)> _offered = [];

    private readonly List<(OfferHit Hit, int Provider)> _hits = [];

    /// <summary>Keeps account of what can be answered and hit.</summary>
    public void Note(ReadOnlySpan<byte> e)
    {
        var header = MemoryMarshal.Read<EventHeader>(e);
        if (header.Type == EventType.QuoteRequested && MemoryMarshal.Read<QuoteRequested>(e) is var asked) _requested.Add((asked.Request, header.Session, header.Instrument, asked.Lots));
        if (header.Type == EventType.QuoteOffered && MemoryMarshal.Read<QuoteOffered>(e) is var offer) _offered.Add((offer.Offer, header.Session, header.Instrument, offer));
        if (header.Type == EventType.OfferHit && MemoryMarshal.Read<OfferHit>(e) is var hit) _hits.Add((hit, header.Session));
        if (_hits.Count > 10) _hits.RemoveRange(0, 5);
        if (_requested.Count > 40) _requested.RemoveRange(0, 20);
        if (_offered.Count > 30) _offered.RemoveRange(0, 15);
    }

    private ReadOnlySpan<byte> Asking()
    {
        // Mostly soon, since a hold time is some thousand commands; some never.
        if (_hits.Count > 0 && _random.OneIn(12)) _hits.RemoveAt(_hits.Count - 1);
        if (_hits.Count > 0 && _random.OneIn(4)) return AnswerHit();
        switch (_random.Below(24))
        {
            case 20:
                ref var look = ref _commands.Begin<DefineLastLook>(CommandType.DefineLastLook, 0);
                look.DefinedSession = Provider();
                look.HoldMs = _random.OneIn(20) ? 201 : _random.Below(3);
                return Commands.Whole(in look);
            case 21 when _requested.Count > 0:
                var (request, provider, _, _) = _requested[^(1 + _random.Below(Math.Min(_requested.Count, 4)))];
                ref var decline = ref _commands.Begin<DeclineRequest>(CommandType.DeclineRequest, _random.OneIn(20) ? Session() : provider);
                decline.Request = request;
                return Commands.Whole(in decline);
            case 22 when _random.OneIn(3):
                ref var gone = ref _commands.Begin<Disconnect>(CommandType.Disconnect, Provider());
                _begun.Add(_commands.Seq);
                return Commands.Whole(in gone);
            case 0:
                ref var connect = ref _commands.Begin<Connect>(CommandType.Connect, Provider());
                connect.CancelOnDisconnect = (CancelOnDisconnect)_random.Below(3);
                return Commands.Whole(in connect);
            case 1:
                ref var watch = ref _commands.Begin<WatchRequests>(CommandType.WatchRequests, Provider());
                watch.Instrument = _random.OneIn(20) ? 9 : 1 + _random.Below(3);
                watch.IsOn = _random.OneIn(5) ? (byte)0 : (byte)1;
                return Commands.Whole(in watch);
            case < 8 when _requested.Count > 0: return Offer();
            case < 15 when _offered.Count > 0: return Hit();
            case 15 when _offered.Count > 0:
                var (number, asker, _, _) = _offered[^1];
                ref var end = ref _commands.Begin<EndRequest>(CommandType.EndRequest, _random.OneIn(20) ? Session() : asker);
                end.Offer = number;
                return Commands.Whole(in end);
            default: return Request();
        }
    }

    private ReadOnlySpan<byte> Request()
    {
        var session = Session();
        if (_random.OneIn(2))
        {
            ref var plain = ref _commands.Begin<RequestQuotes>(CommandType.RequestQuotes, session);
            Describe(ref plain);
            return Commands.Whole(in plain);
        }
        ref var best = ref _commands.Begin<RequestBestQuotes>(CommandType.RequestBestQuotes, session);
        Describe(ref best.Request);
        best.WindowNs = _random.OneIn(4) ? 0 : _random.OneIn(60) ? -1 : _random.Below(300_000);
        best.AnswersMax = _random.OneIn(60) ? 17 * _random.Below(2) : 1 + _random.Below(3);
        return Commands.Whole(in best);
    }

    private void Describe(ref RequestQuotes c)
    {
        c.RequestID = Text40.From($"R{_commands.Seq}");
        c.Instrument = _random.OneIn(100) ? 9 : 1 + _random.Below(3);
        c.Side = (Side)_random.Below(_random.OneIn(50) ? 4 : 3);
        c.Lots = _random.OneIn(3) ? 0 : QuoteLots();
        c.ExpireNs = _commands.Seq * 1000 + _commands.LaterNs + _random.Below(800_000) - (_random.OneIn(20) ? 700_000 : 0);
    }

    /// <summary>Mostly the last hit's provider, who mostly accepts.</summary>
    private ReadOnlySpan<byte> AnswerHit()
    {
        var (hit, provider) = _hits[^1];
        if (!_random.OneIn(20)) _hits.RemoveAt(_hits.Count - 1);
        ref var c = ref _commands.Begin<AnswerHit>(CommandType.AnswerHit, _random.OneIn(20) ? Session() : provider);
        (c.QuoteID, c.Hit) = (hit.QuoteID, _random.OneIn(20) ? hit.Request : hit.Hit);
        c.Reason = _random.Below(6) switch { 0 => Reason.LookPrice, 1 => Reason.LookValidity, 2 when _random.OneIn(10) => Reason.Killed, _ => Reason.None };
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> Offer()
    {
        var (request, provider, instrument, lots) = _requested[^(1 + _random.Below(Math.Min(_requested.Count, 4)))];
        ref var c = ref _commands.Begin<OfferQuote>(CommandType.OfferQuote, _random.OneIn(30) ? Provider() : provider);
        c.QuoteID = Text40.From($"S{_random.Below(50)}");
        (c.Request, c.Instrument) = (request, _random.OneIn(60) ? 1 + _random.Below(3) : instrument);
        var half = _random.OneIn(30) ? -1 : 1 + _random.Below(10);
        if (!_random.OneIn(8)) (c.BidTicks, c.BidLots) = (_middle - half, _random.OneIn(6) ? QuoteLots() : Math.Max(lots, QuoteLots()));
        if (!_random.OneIn(8)) (c.AskTicks, c.AskLots) = (_middle + half, _random.OneIn(6) ? QuoteLots() : Math.Max(lots, QuoteLots()));
        if (_random.OneIn(5)) c.ValidUntilNs = _commands.Seq * 1000 + _commands.LaterNs + _random.Below(300_000) - (_random.OneIn(10) ? 250_000 : 0);
        if (_random.OneIn(100)) c.BidFlags = OrderFlags.PriceOffTick;
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> Hit()
    {
        var at = _offered.Count - 1 - _random.Below(Math.Min(_offered.Count, 3));
        var (number, asker, instrument, told) = _offered[at];
        // Rarely a second time: most are gone then.
        if (!_random.OneIn(5)) _offered.RemoveAt(at);
        var session = _random.OneIn(50) ? Session() : asker;
        ref var c = ref _commands.Begin<TakeOffer>(CommandType.TakeOffer, session);
        c.ClOrdID = Text40.From(ClOrdID(session));
        (c.Offer, c.Instrument) = (number, _random.OneIn(60) ? _random.Below(5) : instrument);
        c.Side = _random.OneIn(60) ? (Side)_random.Below(4) : Side();
        c.Lots = _random.OneIn(20) ? QuoteLots() : Math.Max(1, c.Side == Venue.Messages.Side.Buy ? told.AskLots : told.BidLots);
        if (_random.OneIn(3)) c.PriceTicks = c.Side == Venue.Messages.Side.Buy ? told.AskTicks : told.BidTicks + (_random.OneIn(10) ? 1 : 0);
        if (_random.OneIn(100)) c.Flags = (OrderFlags)_random.Below(32);
        return Commands.Whole(in c);
    }
}
