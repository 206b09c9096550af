using System.Runtime.InteropServices;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Requests for quotes, answers, hits.</summary>
internal sealed partial class RandomCommands
{
    private readonly List<(long Request, int Provider, int Instrument, long Lots)> _requested = [];
    private readonly List<(long Offer, int Asker, int Instrument, QuoteOffered Told)> _offered = [];

    /// <summary>Keeps account of what can be answered and hit.</summary>
    public void Note(ReadOnlySpan<byte> e)
    {
        var header = MemoryMarshal.Read<EventHeader>(e);
        if (header.Type == EventType.QuoteRequested && MemoryMarshal.Read<QuoteRequested>(e) is var asked) _requested.Add((asked.Request, header.Session, header.Instrument, asked.Lots));
        if (header.Type == EventType.QuoteOffered && MemoryMarshal.Read<QuoteOffered>(e) is var offer) _offered.Add((offer.Offer, header.Session, header.Instrument, offer));
        if (_requested.Count > 40) _requested.RemoveRange(0, 20);
        if (_offered.Count > 30) _offered.RemoveRange(0, 15);
    }

    private ReadOnlySpan<byte> Asking()
    {
        switch (_random.Below(20))
        {
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
            default:
                ref var c = ref _commands.Begin<RequestQuotes>(CommandType.RequestQuotes, Session());
                c.RequestID = Text40.From($"R{_commands.Seq}");
                c.Instrument = _random.OneIn(100) ? 9 : 1 + _random.Below(3);
                c.Side = (Side)_random.Below(_random.OneIn(50) ? 4 : 3);
                c.Lots = _random.OneIn(3) ? 0 : QuoteLots();
                c.ExpireNs = _commands.Seq * 1000 + _commands.LaterNs + _random.Below(800_000) - (_random.OneIn(20) ? 700_000 : 0);
                return Commands.Whole(in c);
        }
    }

    private ReadOnlySpan<byte> Offer()
    {
        var (request, provider, instrument, lots) = _requested[^(1 + _random.Below(Math.Min(_requested.Count, 4)))];
        ref var c = ref _commands.Begin<OfferQuote>(CommandType.OfferQuote, _random.OneIn(30) ? Provider() : provider);
        c.QuoteID = Text40.From($"S{_random.Below(50)}");
        (c.Request, c.Instrument) = (request, _random.OneIn(60) ? 1 + _random.Below(3) : instrument);
        var half = _random.OneIn(30) ? -1 : 1 + _random.Below(10);
        if (!_random.OneIn(8)) (c.BidTicks, c.BidLots) = (_middle - half, Math.Max(lots, QuoteLots()));
        if (!_random.OneIn(8)) (c.AskTicks, c.AskLots) = (_middle + half, Math.Max(lots, QuoteLots()));
        if (_random.OneIn(5)) c.ValidUntilNs = _commands.Seq * 1000 + _commands.LaterNs + _random.Below(300_000) - (_random.OneIn(10) ? 250_000 : 0);
        if (_random.OneIn(100)) c.BidFlags = OrderFlags.PriceOffTick;
        return Commands.Whole(in c);
    }

    private ReadOnlySpan<byte> Hit()
    {
        var (number, asker, instrument, told) = _offered[^(1 + _random.Below(Math.Min(_offered.Count, 3)))];
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
