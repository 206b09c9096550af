using System.Globalization;
using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>One side of a trade to TradeCaptureReport (AE).</summary>
internal static class TradeReportEncoder
{
    /// <summary>Writes it. TradeReportID(571) is the ExecID(17) that the trade was told by first, so that what is told twice is known.</summary>
    /// <param name="fix">To whom.</param>
    /// <param name="instruments">What can be traded.</param>
    /// <param name="directory">Who is who.</param>
    /// <param name="query">Whose answer it is.</param>
    /// <param name="report">The trade; how many the answer has, 0 for a trade that has just happened; whether it is the last.</param>
    /// <param name="nowNs">The time.</param>
    public static void Write(Session fix, Instruments instruments, Directory directory, TradeQuery query, (TradeSide Trade, int Total, bool IsLast) report, long nowNs)
    {
        var t = report.Trade;
        var instrument = instruments[t.Instrument];
        ref readonly var d = ref instrument.Terms;
        ref var w = ref fix.Begin("AE"u8, nowNs);
        w.Add(571, t.ExecID);
        w.Add(487, t.Undoes.Length == 0 ? 0 : t.IsBust ? 1 : 2);   // TradeReportTransType: new, cancel, replace
        if (t.Undoes.Length > 0) w.Add(572, t.Undoes);              // TradeReportRefID: the report that this one takes back
        w.Add(856, 0);                 // TradeReportType: submit
        w.Add(568, query.RequestId);
        w.Add(150, t.Undoes.Length == 0 ? (byte)'F' : t.IsBust ? (byte)'H' : (byte)'G');
        if (report.Total > 0)
        {
            w.Add(748, report.Total);
            w.Add(912, report.IsLast ? (byte)'Y' : (byte)'N');
        }
        w.Add(325, report.Total > 0 ? (byte)'N' : (byte)'Y');   // UnsolicitedIndicator
        w.Add(880, string.Create(CultureInfo.InvariantCulture, $"{instrument.Name}-{t.TradeID}"));
        w.Add(17, t.ExecID);
        w.Add(527, t.TradeID);
        w.Add(570, (byte)'N');         // PreviouslyReported: to a counterparty, by whom it could have been
        w.Add(55, instrument.Symbol);
        w.AddDecimal(32, (Int128)t.Lots * d.LotMantissa, d.LotDecimals);
        w.AddDecimal(31, (Int128)t.PriceTicks * d.TickMantissa, d.TickDecimals);
        w.Add(75, DateOnly.FromDateTime(DateTime.UnixEpoch.AddTicks(t.TimeNs / 100)).ToString("yyyyMMdd", CultureInfo.InvariantCulture));
        w.AddTime(60, t.TimeNs);
        w.Add(552, 1);
        w.Add(54, (byte)('0' + (byte)t.Side));
        w.Add(37, t.OrderID);
        // The order of a trade long ago may be forgotten when the trade is put right.
        if (t.ClOrdID.Length > 0) w.Add(11, t.ClOrdID);
        w.Add(453, 2);
        w.Add(448, directory.NameOf(t.Firm));
        w.Add(447, (byte)'D');
        w.Add(452, 1);                 // executing firm
        w.Add(448, directory[t.Session].ClientCompID);
        w.Add(447, (byte)'D');
        w.Add(452, 36);                // entering trader
        if (t.FeeAtoms != 0)
        {
            w.Add(136, 1);
            w.AddDecimal(137, t.FeeAtoms, instrument.QuoteDecimals);
            w.Add(138, instrument.QuoteCode);
            w.Add(139, (byte)'4');     // exchange fees
        }
        fix.End(keep: false);
    }
}
