using Venue.Fix;

namespace Venue.Gateway;

/// <summary>SecurityListRequest (x) answered with one SecurityList (y): what trades here, in which steps and sizes.</summary>
internal static class SecurityList
{
    public static void Answer(ClientSession client, Instruments instruments, in Message message, long nowNs)
    {
        message.TryGet(320, out var requestId);
        ref var w = ref client.Fix!.Begin("y"u8, nowNs);
        w.Add(320, requestId);
        w.Add(322, requestId);          // SecurityResponseID
        w.Add(560, (byte)'0');          // SecurityRequestResult: valid request
        w.Add(146, instruments.All.Count);
        foreach (var instrument in instruments.All)
        {
            ref readonly var d = ref instrument.Terms;
            w.Add(55, instrument.Symbol);
            w.Add(15, instrument.QuoteCode);
            w.AddDecimal(561, d.LotMantissa, d.LotDecimals);                       // RoundLot: the lot size
            w.AddDecimal(562, (Int128)d.MinLots * d.LotMantissa, d.LotDecimals);   // MinTradeVol
            w.AddDecimal(1140, (Int128)d.MaxLots * d.LotMantissa, d.LotDecimals);  // MaxTradeVol, a FIX 5.0 tag
            w.AddDecimal(969, d.TickMantissa, d.TickDecimals);                     // MinPriceIncrement, a FIX 5.0 tag
        }
        client.Fix.End(keep: false);
    }
}
