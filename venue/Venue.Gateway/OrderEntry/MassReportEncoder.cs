using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>Answers to mass requests: OrderMassCancelReport (r), and the ExecutionReports (8) of OrderMassStatusRequest.</summary>
internal static class MassReportEncoder
{
    /// <summary>OrderMassCancelReport (r) of what the engine said.</summary>
    public static void Write(Session session, Instruments instruments, in MassCancelReport e)
    {
        var type = e.Header.Instrument == 0 ? (byte)'7' : (byte)'1';
        ref var w = ref session.Begin("r"u8, e.Header.TimeNs);
        w.Add(11, e.ClOrdID.Span);
        w.Add(37, e.Header.Seq);
        w.Add(530, type);
        w.Add(531, e.Reason == Reason.None ? type : (byte)'0');
        if (e.Reason != Reason.None) w.Add(532, e.Reason == Reason.UnknownInstrument ? 1 : 99);
        else if (e.Affected >= 0) w.Add(533, e.Affected);
        if (e.Header.Instrument != 0) w.Add(55, instruments[e.Header.Instrument].Symbol);
        if (e.Side != 0) w.Add(54, (byte)('0' + (byte)e.Side));
        w.AddTime(60, e.Header.TimeNs);
        if (e.Reason != Reason.None) w.Add(58, Texts.Text(e.Reason));
        session.End(keep: true);
    }

    /// <summary>OrderMassCancelReport (r) for a request that no command can carry.</summary>
    /// <param name="session">Where it came.</param>
    /// <param name="request">The q.</param>
    /// <param name="reason532">MassCancelRejectReason(532).</param>
    /// <param name="text">Text(58).</param>
    /// <param name="nowNs">The time.</param>
    public static void Refuse(Session session, in Message request, int reason532, ReadOnlySpan<byte> text, long nowNs)
    {
        ref var w = ref session.Begin("r"u8, nowNs);
        if (request.TryGet(11, out var id)) w.Add(11, id);
        w.Add(37, "NONE"u8);
        if (request.TryGet(530, out var type)) w.Add(530, type);
        w.Add(531, (byte)'0');
        w.Add(532, reason532);
        if (request.TryGet(55, out var symbol)) w.Add(55, symbol);
        if (request.TryGet(54, out var side)) w.Add(54, side);
        w.AddTime(60, nowNs);
        w.Add(58, text);
        session.End(keep: true);
    }

    /// <summary>One order of an OrderMassStatusRequest's answer. Not kept: a status is worthless later, and the client can ask again.</summary>
    /// <param name="asker">Who asked.</param>
    /// <param name="owner">Whose order it is.</param>
    /// <param name="instruments">What can be traded.</param>
    /// <param name="e">What the engine said.</param>
    public static void Write(ClientSession asker, ClientSession owner, Instruments instruments, in MassStatusReport e)
    {
        ref var w = ref asker.Fix!.Begin("8"u8, e.Header.TimeNs);
        ReportEncoder.Names(ref w, e.Report);
        w.Add(584, e.RequestID.Span);
        if (e.Total >= 0) w.Add(911, e.Total);
        w.Add(912, e.IsLast != 0 ? (byte)'Y' : (byte)'N');
        if (owner != asker) ReportEncoder.Owner(ref w, owner);
        ReportEncoder.Rest(ref w, owner, instruments, e.Report);
        asker.Fix.End(keep: false);
    }
}
