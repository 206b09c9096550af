using System.Globalization;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Market;

/// <summary>One act of the house: its quantity at a price is now this (0 for none), or it takes what it can get.</summary>
/// <param name="Instrument">Of which instrument.</param>
/// <param name="Side">Which side quotes or takes.</param>
/// <param name="IsTake">It takes.</param>
/// <param name="Ticks">The price; 0 when it takes at any.</param>
/// <param name="Lots">The quantity.</param>
internal readonly record struct MarketAct(Instrument Instrument, Side Side, bool IsTake, long Ticks, long Lots);

/// <summary>What the house did at one moment, in order.</summary>
/// <param name="AtNs">Nanoseconds since the recording began.</param>
/// <param name="Acts">What it did.</param>
internal sealed record MarketMoment(long AtNs, IReadOnlyList<MarketAct> Acts);

/// <summary>
/// A recorded market, as text: <c>at MICROSECONDS EXCHANGE</c> begins a moment, and under it stands what the house did then,
/// a line each: <c>SYMBOL buy|sell PRICE QUANTITY</c> (its quote there; 0 takes it away) or <c>SYMBOL buy|sell take QUANTITY [PRICE]</c>.
/// Lines that begin with # say nothing.
/// </summary>
internal static class MarketFile
{
    /// <summary>The line of a moment.</summary>
    public static string Line(string exchange, long atNs) => string.Create(CultureInfo.InvariantCulture, $"at {atNs / 1000} {exchange}");

    /// <summary>The line of an act.</summary>
    public static string Line(in MarketAct act)
    {
        var (i, side) = (act.Instrument, act.Side == Side.Buy ? "buy" : "sell");
        return !act.IsTake ? $"{i.Symbol} {side} {i.Price(act.Ticks)} {i.Quantity(act.Lots)}"
            : $"{i.Symbol} {side} take {i.Quantity(act.Lots)}{(act.Ticks == 0 ? "" : " " + i.Price(act.Ticks))}";
    }

    /// <summary>The moments of each exchange, in their order.</summary>
    /// <exception cref="InvalidDataException">A line is not what it must be; which, and why.</exception>
    public static Dictionary<string, List<MarketMoment>> Read(string path, IReadOnlyCollection<Exchange> exchanges)
    {
        var moments = exchanges.ToDictionary(e => e.Name, _ => new List<MarketMoment>());
        Exchange? exchange = null;
        List<MarketAct>? acts = null;
        long lastNs = 0;
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0 || line[0] == '#') continue;
            var words = line.Split(' ');
            if (words is ["at", var time, var name])
            {
                exchange = exchanges.FirstOrDefault(e => e.Name == name) ?? throw Fault($"there is no exchange '{name}'");
                if (!long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var us) || us > long.MaxValue / 1000 || us * 1000 < lastNs) throw Fault("a time is whole microseconds, and none before the last one");
                moments[name].Add(new MarketMoment(lastNs = us * 1000, acts = []));
                continue;
            }
            if (exchange is null || acts is null) throw Fault("an act needs a line 'at MICROSECONDS EXCHANGE' before it");
            acts.Add(Act(exchange, words) ?? throw Fault($"no act of {exchange.Name}: '{line}'"));
        }
        return moments;

        InvalidDataException Fault(string text) => new($"{path}:{number}: {text}");
    }

    private static MarketAct? Act(Exchange exchange, string[] words)
    {
        if (words.Length < 4 || exchange.Find(words[0]) is not { } i || words[1] is not ("buy" or "sell")) return null;
        var (side, isTake) = (words[1] == "buy" ? Side.Buy : Side.Sell, words[2] == "take");
        if (!Decimals.TryScale(words[3], i.QtyDecimals, out var lots) || lots < 0 || isTake && lots == 0) return null;
        long ticks = 0;
        if (words.Length > (isTake ? 5 : 4)) return null;
        if (!isTake || words.Length == 5)
        {
            if (!Decimals.TryScale(words[isTake ? 4 : 2], i.PriceDecimals, out ticks) || ticks <= 0) return null;
        }
        return new MarketAct(i, side, isTake, ticks, lots);
    }
}
