using System.Text.Json;
using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.Binance;

/// <summary>What may be asked: weight by address in each minute, orders by account in each ten seconds and each day.</summary>
internal sealed class BinanceLimits
{
    public const int WeightPerMinute = 6000, OrdersPerTenSeconds = 100, OrdersPerDay = 200_000;

    /// <summary>So much more than allowed, and the address is banned.</summary>
    private const int BanAt = 2 * WeightPerMinute;

    private const long SecondNs = 1_000_000_000, MinuteNs = 60 * SecondNs, TenSecondsNs = 10 * SecondNs, DayNs = 86_400 * SecondNs;

    private readonly Dictionary<Account, (Count Ten, Count Day)> _orders = [];
    private readonly Count _weight = new(MinuteNs);

    /// <summary>Occasions within the window that began at the last whole multiple of its length.</summary>
    private sealed class Count(long windowNs)
    {
        private long _window;
        private int _used;

        public int Add(int weight, long nowNs)
        {
            if (nowNs / windowNs != _window) _used = 0;
            _window = nowNs / windowNs;
            return _used += weight;
        }
    }

    /// <summary>Counts a request; an error when that is too much, with the seconds to wait.</summary>
    public (BinanceError? Error, int RetryAfter) Take(int weight, long nowNs)
    {
        var used = _weight.Add(weight, nowNs);
        var error = used > BanAt ? BinanceError.Banned : used > WeightPerMinute ? BinanceError.TooManyRequests : null;
        return (error, error is null ? 0 : (int)((MinuteNs - nowNs % MinuteNs) / SecondNs) + 1);
    }

    /// <summary>Counts a new order; an error when that is too many.</summary>
    public BinanceError? TakeOrder(Account account, long nowNs)
    {
        var (ten, day) = Of(account);
        return ten.Add(1, nowNs) > OrdersPerTenSeconds | day.Add(1, nowNs) > OrdersPerDay ? BinanceError.TooManyOrders : null;
    }

    /// <summary>Weight used in this minute.</summary>
    public int Used(long nowNs) => _weight.Add(0, nowNs);

    /// <summary>Orders used in these ten seconds.</summary>
    public int UsedOrders(Account account, long nowNs) => Of(account).Ten.Add(0, nowNs);

    /// <summary>rateLimits as answers and exchangeInfo have it; without counts for exchangeInfo.</summary>
    public void Write(Utf8JsonWriter w, long? nowNs, Account? account)
    {
        w.WriteStartArray("rateLimits");
        Write(w, "REQUEST_WEIGHT", "MINUTE", 1, WeightPerMinute, nowNs is { } now ? Used(now) : null);
        if (nowNs is null || account is not null)
        {
            Write(w, "ORDERS", "SECOND", 10, OrdersPerTenSeconds, nowNs is { } at ? UsedOrders(account!, at) : null);
            Write(w, "ORDERS", "DAY", 1, OrdersPerDay, nowNs is { } then ? Of(account!).Day.Add(0, then) : null);
        }
        w.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter w, string type, string interval, int number, int limit, int? count)
    {
        w.WriteStartObject();
        w.WriteString("rateLimitType", type);
        w.WriteString("interval", interval);
        w.WriteNumber("intervalNum", number);
        w.WriteNumber("limit", limit);
        if (count is { } c) w.WriteNumber("count", c);
        w.WriteEndObject();
    }

    private (Count Ten, Count Day) Of(Account account)
    {
        if (!_orders.TryGetValue(account, out var counts)) _orders[account] = counts = (new Count(TenSecondsNs), new Count(DayNs));
        return counts;
    }
}
