using System.Globalization;
using System.Text;
using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>News (B) about the state of a margin account, to its session.</summary>
/// <remarks>Rare, so it may allocate.</remarks>
internal static class MarginNotice
{
    /// <summary>Urgency(61) 1 is Flash: something is asked of the client or done to it (FIX 4.4 vol 3, News).</summary>
    public static void Write(Session session, in MarginChanged e)
    {
        ref var w = ref session.Begin("B"u8, e.Header.TimeNs);
        w.AddTime(42, e.Header.TimeNs);   // OrigTime
        w.Add(61, e.State is MarginState.None or MarginState.Healthy ? (byte)'0' : (byte)'1');
        w.Add(148, HeadlineOf(e.State));
        w.Add(33, 2);
        w.Add(58, Line("EQUITY", e.Equity));
        w.Add(58, Line("DEBT", e.Debt));
        session.End(keep: true);
    }

    private static ReadOnlySpan<byte> HeadlineOf(MarginState state) => state switch
    {
        MarginState.Healthy => "MARGIN HEALTHY|The collateral meets the initial requirement"u8,
        MarginState.MarginCall => "MARGIN CALL|The collateral is below the initial requirement: only what adds no debt is taken"u8,
        MarginState.Liquidating => "MARGIN LIQUIDATION|The collateral is below maintenance: orders are canceled and the venue trades for the account"u8,
        MarginState.Bankrupt => "MARGIN BANKRUPT|The insurance fund has taken the account over"u8,
        MarginState.Stranded => "MARGIN STRANDED|The account is with the venue's operators"u8,
        _ => "MARGIN ENDED|The account is no margin account any more"u8,
    };

    /// <summary>In atoms of the asset that margin is counted in.</summary>
    private static byte[] Line(string name, Amount amount) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name} {amount.Atoms} atoms"));
}
