using System.Buffers.Text;
using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>Engine events to ExecutionReport (8) and OrderCancelReject (9).</summary>
/// <remarks>
/// Everything in the message comes from the event, SendingTime(52) too: the same event and MsgSeqNum(34) give the same
/// bytes at any time, which is what lets a replay be checked against what was sent.
/// </remarks>
internal static class ReportEncoder
{
    /// <summary>Side(54) of a report that is about no order.</summary>
    private const byte UndisclosedSide = (byte)'7';

    /// <summary>ExecutionReport (8).</summary>
    public static void Write(ClientSession client, Instruments instruments, in ExecReport e)
    {
        ref var w = ref client.Fix!.Begin("8"u8, e.Header.TimeNs);
        Names(ref w, e);
        Rest(ref w, client, instruments, e);
        client.Fix.End(keep: true);
    }

    /// <summary>A drop copy: CopyMsgIndicator(797)=Y, and whose order it is.</summary>
    public static void WriteCopy(Session session, ClientSession owner, Instruments instruments, in ExecReport e)
    {
        ref var w = ref session.Begin("8"u8, e.Header.TimeNs);
        Names(ref w, e);
        w.Add(797, (byte)'Y');
        Owner(ref w, owner);
        Rest(ref w, owner, instruments, e);
        session.End(keep: true);
    }

    /// <summary>The session that the order is of, as a party.</summary>
    internal static void Owner(ref MessageWriter w, ClientSession owner)
    {
        w.Add(453, 1);
        w.Add(448, owner.ClientCompID);
        w.Add(447, (byte)'D');   // PartyIDSource: proprietary code
        w.Add(452, 36);          // PartyRole: entering trader
    }

    /// <summary>What the order is called.</summary>
    internal static void Names(ref MessageWriter w, in ExecReport e)
    {
        if (e.OrderID == 0) w.Add(37, "NONE"u8);
        else w.Add(37, e.OrderID);
        if (!e.ClOrdID.IsEmpty) w.Add(11, e.ClOrdID.Span);
        if (IsQuote(e))
        {
            // FIX 5.0 on ClOrdID(11) and SecondaryClOrdID(526): the QuoteID(117) of the message and the QuoteEntryID(299).
            if (!e.ClOrdID.IsEmpty) w.Add(117, e.ClOrdID.Span);
            if (!e.OrigClOrdID.IsEmpty && !IsCorrection(e)) w.Add(526, e.OrigClOrdID.Span);
        }
        if (IsCorrection(e)) w.Add(19, e.OrigClOrdID.Span);
        else if (!e.OrigClOrdID.IsEmpty && !HasUnknownSymbol(e) && !IsQuote(e)) w.Add(41, e.OrigClOrdID.Span);
    }

    /// <summary>True when the report has a symbol of the client's instead of an OrigClOrdID.</summary>
    private static bool HasUnknownSymbol(in ExecReport e) => e.ExecType == ExecType.Rejected && e.Header.Instrument == 0 && !e.OrigClOrdID.IsEmpty;

    /// <summary>True when the report undoes another, which ExecRefID(19) names, or puts it right (FIX 4.4 vol 4, ExecType H and G).</summary>
    private static bool IsCorrection(in ExecReport e) => e.ExecType is ExecType.TradeCancel or ExecType.TradeCorrect;

    /// <summary>True for a side of a quote.</summary>
    private static bool IsQuote(in ExecReport e) => (e.Terms.Instructions & (OrderInstructions.Quote | OrderInstructions.Offer)) != 0;

    /// <summary>What happened to it and where it stands.</summary>
    internal static void Rest(ref MessageWriter w, ClientSession owner, Instruments instruments, in ExecReport e)
    {
        Span<byte> scratch = stackalloc byte[64];
        w.Add(17, ExecID(e.Header, scratch));
        w.Add(150, (byte)e.ExecType);
        w.Add(39, (byte)e.OrdStatus);
        if (e.Header.Instrument == 0)
        {
            w.Add(55, HasUnknownSymbol(e) ? e.OrigClOrdID.Span : "[N/A]"u8);
            w.Add(54, e.Side == 0 ? UndisclosedSide : (byte)('0' + (byte)e.Side));
            w.Add(151, 0);
            w.Add(14, 0);
            w.Add(6, 0);
        }
        else
        {
            Body(ref w, instruments[e.Header.Instrument], e, scratch);
        }
        w.Add(1, owner.Account);
        w.AddTime(60, e.Header.TimeNs);
        if (e.OrdStatus == OrdStatus.Rejected) w.Add(103, Texts.OrdRejReason(e.Reason));
        // ExecRestatementReason(378) also explains an unsolicited cancel (FIX 4.4 vol 4); 7: cancel on system failure.
        if (e.Reason == Reason.Disconnected && e.OrdStatus != OrdStatus.Rejected) w.Add(378, 7);
        // 5: partial decline of OrderQty; 8: market (exchange) option.
        if (e.Reason == Reason.SelfTrade) w.Add(378, e.ExecType == ExecType.Restated ? 5 : 8);
        var text = Texts.Text(e.Reason);
        if (!text.IsEmpty) w.Add(58, text);
    }

    private static void Body(ref MessageWriter w, Instrument instrument, in ExecReport e, Span<byte> scratch)
    {
        ref readonly var d = ref instrument.Terms;
        w.Add(55, instrument.Symbol);
        w.Add(54, (byte)('0' + (byte)e.Side));
        if (e.OrderLots > 0) w.AddDecimal(38, (Int128)e.OrderLots * d.LotMantissa, d.LotDecimals);
        w.Add(40, (byte)('0' + (byte)e.OrdType));
        if (e.PriceTicks > 0) w.AddDecimal(44, (Int128)e.PriceTicks * d.TickMantissa, d.TickDecimals);
        if (e.TimeInForce != 0) w.Add(59, (byte)e.TimeInForce);
        if (e.Terms != default) TermsEncoder.Write(ref w, in d, e.Terms);
        if (e.ExecType == ExecType.Trade || IsCorrection(e))
        {
            w.AddDecimal(32, (Int128)e.LastLots * d.LotMantissa, d.LotDecimals);
            w.AddDecimal(31, (Int128)e.LastTicks * d.TickMantissa, d.TickDecimals);
        }
        w.AddDecimal(151, (Int128)e.LeavesLots * d.LotMantissa, d.LotDecimals);
        w.AddDecimal(14, (Int128)e.CumLots * d.LotMantissa, d.LotDecimals);
        var (average, decimals) = instrument.Average(e.CumTickLots, e.CumLots);
        w.AddDecimal(6, average, decimals);
        if (e.ExecType != ExecType.Trade && !IsCorrection(e)) return;

        if (e.Liquidity != Liquidity.None) w.Add(851, (byte)('0' + (byte)e.Liquidity));
        // TrdMatchID(880), the same on both sides; SecondaryExecID(527) is the number alone.
        w.Add(527, e.TradeID);
        instrument.Symbol.CopyTo(scratch);
        scratch[instrument.Symbol.Length] = (byte)'-';
        Utf8Formatter.TryFormat(e.TradeID, scratch[(instrument.Symbol.Length + 1)..], out var digits);
        w.Add(880, scratch[..(instrument.Symbol.Length + 1 + digits)]);
        if (e.Fee.Atoms != 0)
        {
            w.Add(136, 1);
            w.AddDecimal(137, e.Fee.Atoms, instrument.QuoteDecimals);
            w.Add(138, instrument.QuoteCode);
            w.Add(139, (byte)'4');   // MiscFeeType: exchange fees
        }
    }

    /// <summary>OrderCancelReject (9).</summary>
    public static void Write(Session session, in CancelReject e)
    {
        ref var w = ref session.Begin("9"u8, e.Header.TimeNs);
        if (e.OrderID == 0) w.Add(37, "NONE"u8);
        else w.Add(37, e.OrderID);
        w.Add(11, e.ClOrdID.Span);
        w.Add(41, e.OrigClOrdID.Span);
        w.Add(39, (byte)e.OrdStatus);
        w.AddTime(60, e.Header.TimeNs);
        w.Add(434, (byte)('0' + (byte)e.ResponseTo));
        w.Add(102, Texts.CxlRejReason(e.Reason));
        var text = Texts.Text(e.Reason);
        if (!text.IsEmpty) w.Add(58, text);
        session.End(keep: true);
    }

    /// <summary>ExecID(17): the command's number and the event's place, so that a replay gives it again.</summary>
    private static ReadOnlySpan<byte> ExecID(in EventHeader header, Span<byte> into)
    {
        Utf8Formatter.TryFormat(header.Seq, into, out var length);
        into[length++] = (byte)'-';
        Utf8Formatter.TryFormat(header.Index, into[length..], out var digits);
        return into[..(length + digits)];
    }
}
