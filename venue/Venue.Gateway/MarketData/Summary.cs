using Venue.Messages;

namespace Venue.Gateway;

/// <summary>What an instrument has traded in the last 24 hours, counted in whole minutes: first, highest, lowest and last price, and the quantity.</summary>
/// <remarks>A trade costs a few comparisons; once a minute what is a day old is left out.</remarks>
internal sealed class Summary
{
    private const int Minutes = 24 * 60;
    private const long MinuteNs = 60_000_000_000;

    private struct Minute
    {
        public long Number, Open, High, Low, Close;
        public Int128 Lots;
    }

    private Minute[] _minutes = [];   // by the minute's number; made by the first trade
    private Minute _total;            // Number: the last minute that is in it

    /// <summary>True when there was a trade within 24 hours.</summary>
    public bool HasTraded => _total.Lots > 0;

    /// <summary>Price of the first trade.</summary>
    public long Open => _total.Open;

    /// <summary>Highest price.</summary>
    public long High => _total.High;

    /// <summary>Lowest price.</summary>
    public long Low => _total.Low;

    /// <summary>Price of the last trade.</summary>
    public long Close => _total.Close;

    /// <summary>Quantity, in lots.</summary>
    public Int128 Lots => _total.Lots;

    /// <summary>Something traded.</summary>
    public void On(in Trade e)
    {
        if (_minutes.Length == 0) _minutes = new Minute[Minutes];
        Advance(e.Header.TimeNs);
        var number = e.Header.TimeNs / MinuteNs;
        ref var minute = ref _minutes[number % Minutes];
        if (minute.Number != number) minute = new Minute { Number = number };
        Add(ref minute, new Minute { Number = number, Open = e.PriceTicks, High = e.PriceTicks, Low = e.PriceTicks, Close = e.PriceTicks, Lots = e.Lots });
        Add(ref _total, new Minute { Number = number, Open = e.PriceTicks, High = e.PriceTicks, Low = e.PriceTicks, Close = e.PriceTicks, Lots = e.Lots });
    }

    /// <summary>Makes it what the other is.</summary>
    public void Take(Summary other)
    {
        _minutes = [.. other._minutes];
        _total = other._total;
    }

    /// <summary>Leaves out what is a day old; true when that changed something.</summary>
    public bool Advance(long nowNs)
    {
        var now = nowNs / MinuteNs;
        if (now <= _total.Number || _minutes.Length == 0) return false;
        var before = _total;
        _total = new Minute { Number = now };
        for (var number = now - Minutes + 1; number <= now; number++)
            if (_minutes[number % Minutes] is var minute && minute.Number == number) Add(ref _total, minute);
        _total.Number = now;
        return before.Lots != _total.Lots;
    }

    private static void Add(ref Minute total, in Minute later)
    {
        if (total.Lots == 0)
        {
            total = later;
            return;
        }
        total.High = Math.Max(total.High, later.High);
        total.Low = Math.Min(total.Low, later.Low);
        total.Close = later.Close;
        total.Lots += later.Lots;
    }
}
