using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>Last look, out: QuoteResponse (AJ) to the provider whose answer was hit, and what Quote (S) says of it to who asked.</summary>
internal static class LookEncoder
{
    /// <summary>QuoteResponse (AJ) with QuoteRespType(694)=1: the provider answers it with a QuoteStatusReport (AI) until ValidUntilTime(62) (FIX 4.4 vol 3, Quote Status Report; vol 7, Fixed Income, negotiated trade).</summary>
    public static void Write(Session session, Instruments instruments, in OfferHit e)
    {
        Span<byte> scratch = stackalloc byte[24];
        ref var w = ref session.Begin("AJ"u8, e.Header.TimeNs);
        w.Add(693, RequestEncoder.Marked(RequestDecoder.HitMark, e.Hit, scratch));
        w.Add(117, e.QuoteID.Span);
        w.Add(694, 1);   // QuoteRespType: hit or lift
        var instrument = instruments[e.Header.Instrument];
        ref readonly var d = ref instrument.Terms;
        w.Add(55, instrument.Symbol);
        w.Add(54, (byte)('0' + (byte)e.Side));
        w.AddDecimal(38, (Int128)e.Lots * d.LotMantissa, d.LotDecimals);
        w.AddTime(60, e.Header.TimeNs);
        w.AddDecimal(44, (Int128)e.PriceTicks * d.TickMantissa, d.TickDecimals);
        w.AddTime(62, e.UntilNs);
        session.End(keep: true);
    }

    /// <summary>How long the answer's provider may look at a hit, and what it did with those before.</summary>
    public static void Add(ref MessageWriter w, in QuoteOffered e)
    {
        w.Add(8046, (long)e.LastLookMs);
        if (e.LastLookMs == 0 || e.Looks == 0) return;
        w.Add(8047, (long)e.Looks);
        w.Add(8048, (long)e.AcceptedPercent);
        w.Add(8049, (long)e.HoldMeanMs);
    }
}
