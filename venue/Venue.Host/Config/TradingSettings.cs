using System.Globalization;
using Venue.Messages;

namespace Venue.Host;

/// <summary>What instruments.cfg and sessions.cfg say of how is traded: allocation, bands, auctions, the day's end, phases, self-trade groups.</summary>
internal static class TradingSettings
{
    private const long SecondNs = 1_000_000_000, MillisecondNs = 1_000_000;

    /// <summary>An instrument's, all zero where nothing is said.</summary>
    public static DefineTrading Read(Section s)
    {
        var trading = default(DefineTrading);
        var allocation = s.Text("Allocation", nameof(Allocation.PriceTime));
        if (!Enum.TryParse(allocation, out trading.Allocation) || !Enum.IsDefined(trading.Allocation) || char.IsAsciiDigit(allocation[0])) s.Fault($"Allocation={allocation} is none of {string.Join(", ", Enum.GetNames<Allocation>())}");
        trading.StaticBandPpm = Percent(s, "StaticBandPercent");
        trading.DynamicBandPpm = Percent(s, "DynamicBandPercent");
        trading.VolatilityAuctionNs = s.Number("VolatilityAuctionSeconds", 0, 0, 86_400) * SecondNs;
        trading.IndicativeNs = s.Number("IndicativeMilliseconds", 0, 0, 3_600_000) * MillisecondNs;
        var dayEnd = s.Text("DayEnd", "");
        if (dayEnd.Length > 0)
        {
            if (TimeSpan.TryParseExact(dayEnd, @"hh\:mm\:ss", CultureInfo.InvariantCulture, out var time)) trading.DayEnd = (int)time.TotalSeconds + 1;
            else s.Fault($"DayEnd={dayEnd} is not a time of day (HH:MM:SS)");
        }
        trading.HaltRefusesCancels = s.Flag("HaltRefusesCancels", false) ? (byte)1 : (byte)0;
        return trading;
    }

    /// <summary>An instrument's phases by the clock; null for none.</summary>
    public static PhaseSchedule? ReadPhases(Section s, string symbol)
    {
        var schedule = PhaseSchedule.TryParse(symbol, s.Text("Phases", ""), s.Text("TimeZone", "UTC"), out var fault);
        if (fault is not null) s.Fault(fault);
        return schedule;
    }

    /// <summary>A session's self-trade group and mode; all zero where nothing is said.</summary>
    public static DefineSelfTrade ReadSelfTrade(Section s)
    {
        var group = s.Number("SelfTradeGroup", 0, 0, int.MaxValue);
        var text = s.Text("SelfTradeMode", "");
        if (text is not ("" or "N" or "O" or "B" or "D")) s.Fault($"SelfTradeMode={text} is none of N (cancel newest), O (oldest), B (both), D (decrement)");
        if (text.Length > 0 && group == 0) s.Fault("SelfTradeMode without a SelfTradeGroup prevents nothing");
        return new DefineSelfTrade { Group = group, Mode = text.Length == 1 && group > 0 ? (SelfTradeMode)text[0] : SelfTradeMode.None };
    }

    private static int Percent(Section s, string key)
    {
        var ppm = s.Units(key, 4, "a ten-thousandth of a percent", "0");
        if (ppm >= 0 && ppm <= 999_999) return (int)ppm;
        s.Fault($"{key} is not 0 to 99.9999");
        return 0;
    }
}
