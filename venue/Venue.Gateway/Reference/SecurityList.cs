using Venue.Fix;

namespace Venue.Gateway;

/// <summary>What trades here, in which steps and sizes: SecurityListRequest (x) answered with one SecurityList (y), SecurityDefinitionRequest (c) with one SecurityDefinition (d).</summary>
internal static class SecurityList
{
    /// <summary>Answers x. SecurityListRequestType(559) 0: the one of Symbol(55); 4: all.</summary>
    public static void Answer(ClientSession client, Instruments instruments, in Message message, long nowNs)
    {
        message.TryGet(320, out var requestId);
        message.TryGetInt(559, out var type);
        var one = type == 0 && message.TryGet(55, out var symbol) ? instruments.Find(symbol) : null;
        ref var w = ref client.Fix!.Begin("y"u8, nowNs);
        w.Add(320, requestId);
        w.Add(322, requestId);          // SecurityResponseID
        if (type == 0 && one is null)
        {
            w.Add(560, (byte)'2');      // SecurityRequestResult: no instruments match
        }
        else
        {
            w.Add(560, (byte)'0');      // valid request
            w.Add(146, one is null ? instruments.All.Count : 1);
            if (one is not null) Terms(ref w, one);
            else
                foreach (var instrument in instruments.All) Terms(ref w, instrument);
        }
        client.Fix.End(keep: false);
    }

    /// <summary>Answers c: its symbol names the instrument.</summary>
    public static void AnswerOne(ClientSession client, Instruments instruments, in Message message, long nowNs)
    {
        message.TryGet(320, out var requestId);
        var instrument = message.TryGet(55, out var symbol) ? instruments.Find(symbol) : null;
        ref var w = ref client.Fix!.Begin("d"u8, nowNs);
        w.Add(320, requestId);
        w.Add(322, requestId);
        w.Add(323, instrument is null ? 6 : 1);   // SecurityResponseType: 1 accepted as is, 6 cannot match selection criteria
        if (instrument is not null) Terms(ref w, instrument);
        else if (!symbol.IsEmpty) w.Add(55, symbol);
        client.Fix.End(keep: false);
    }

    private static void Terms(ref MessageWriter w, Instrument instrument)
    {
        ref readonly var d = ref instrument.Terms;
        w.Add(55, instrument.Symbol);
        w.Add(15, instrument.QuoteCode);
        w.AddDecimal(561, d.LotMantissa, d.LotDecimals);                       // RoundLot: the lot size
        w.AddDecimal(562, (Int128)d.MinLots * d.LotMantissa, d.LotDecimals);   // MinTradeVol
        w.AddDecimal(1140, (Int128)d.MaxLots * d.LotMantissa, d.LotDecimals);  // MaxTradeVol, a FIX 5.0 tag
        w.AddDecimal(969, d.TickMantissa, d.TickDecimals);                     // MinPriceIncrement, a FIX 5.0 tag
    }
}
