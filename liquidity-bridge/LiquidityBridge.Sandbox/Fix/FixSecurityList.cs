using LiquidityBridge.Sandbox.Market;
using Venue.Fix;

namespace LiquidityBridge.Sandbox.Fix;

/// <summary>SecurityListRequest(x) answered with SecurityList(y): everything, or the one symbol asked for.</summary>
internal static class FixSecurityList
{
    private const int BySymbol = 0, All = 4;

    public static void Answer(FixMember member, Exchange exchange, Faults faults, in Message message)
    {
        message.TryGet(320, out var requestID);
        message.TryGetInt(559, out var type);
        message.TryGet(55, out var symbol);
        var name = System.Text.Encoding.ASCII.GetString(symbol);
        var listed = type switch
        {
            All => exchange.Instruments,
            BySymbol => [.. exchange.Instruments.Where(i => i.Symbol == name)],
            _ => [],
        };
        ref var w = ref member.Begin("y"u8, exchange.NowNs);
        w.Add(320, requestID);
        w.Add(322, requestID);
        // SecurityRequestResult: 0 valid, 1 invalid or unsupported, 2 no instruments found.
        w.Add(560, type is not (All or BySymbol) ? '1' : listed.Count == 0 ? '2' : '0');
        w.Add(393, listed.Count);
        w.Add(893, 'Y');
        if (listed.Count > 0) w.Add(146, listed.Count);
        foreach (var i in listed)
        {
            w.Add(55, i.Symbol);
            w.Add(15, i.Quote);
            w.AddDecimal(561, 1, i.QtyDecimals);
            w.AddDecimal(562, i.MinLots, i.QtyDecimals);
            w.AddDecimal(1140, i.MaxLots, i.QtyDecimals);
            w.AddDecimal(969, 1, i.PriceDecimals + faults.ExtraDecimals);
        }
        member.Session.End(keep: false);
    }
}
