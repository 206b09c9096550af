using System.Runtime.InteropServices;
using System.Runtime.CompilerServices;
using System.Text;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>Events as lines that a reader can check by hand.</summary>
internal static class EventText
{
    /// <summary>One line per event in <paramref name="bytes"/>.</summary>
    public static IEnumerable<string> Lines(byte[] bytes, Func<int, string> nameOf)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var header = MemoryMarshal.Read<EventHeader>(bytes.AsSpan(at));
            yield return Line(bytes.AsSpan(at, header.Length), header, nameOf);
            at += header.Length;
        }
    }

    private static string Line(ReadOnlySpan<byte> bytes, in EventHeader header, Func<int, string> nameOf) => header.Type switch
    {
        EventType.ExecReport => Line(MemoryMarshal.Read<ExecReport>(bytes), nameOf),
        EventType.CancelReject => Line(MemoryMarshal.Read<CancelReject>(bytes), nameOf),
        EventType.Trade => Line(MemoryMarshal.Read<Trade>(bytes)),
        EventType.LevelChanged => Line(MemoryMarshal.Read<LevelChanged>(bytes)),
        EventType.Refused => Line(MemoryMarshal.Read<Refused>(bytes)),
        EventType.WithdrawalHeld => Line("held", MemoryMarshal.Read<WithdrawalHeld>(bytes).Withdrawal),
        EventType.WithdrawalSettled => Line("settled", MemoryMarshal.Read<WithdrawalSettled>(bytes).Withdrawal),
        EventType.WithdrawalReleased => Line("released", MemoryMarshal.Read<WithdrawalReleased>(bytes).Withdrawal),
        EventType.MassCancelReport => Line(MemoryMarshal.Read<MassCancelReport>(bytes), nameOf),
        EventType.MassStatusReport => Line(MemoryMarshal.Read<MassStatusReport>(bytes), nameOf),
        EventType.SessionConnected => $"{nameOf(header.Session)} is connected",
        EventType.SessionDisconnected => $"{nameOf(header.Session)} is gone",
        EventType.OperationDone => $"done {Command.Header(bytes[Unsafe.SizeOf<EventHeader>()..]).Type}",
        EventType.MarginChanged => Line(MemoryMarshal.Read<MarginChanged>(bytes), nameOf),
        EventType.MarginTransferred => Line(MemoryMarshal.Read<MarginTransferred>(bytes)),
        EventType.Killed => Line(MemoryMarshal.Read<Killed>(bytes).Switch),
        EventType.MatchPrevented => Line(MemoryMarshal.Read<MatchPrevented>(bytes)),
        EventType.PhaseChanged => Line(MemoryMarshal.Read<PhaseChanged>(bytes)),
        EventType.Indicative => Line(MemoryMarshal.Read<Indicative>(bytes)),
        EventType.QuoteReport => Line(MemoryMarshal.Read<QuoteReport>(bytes), nameOf),
        EventType.QuotesCanceled => Line(MemoryMarshal.Read<QuotesCanceled>(bytes), nameOf),
        EventType.QuoteStatusReport => Line(MemoryMarshal.Read<QuoteStatusReport>(bytes), nameOf),
        EventType.ProtectionTripped => Line(MemoryMarshal.Read<ProtectionTripped>(bytes), nameOf),
        EventType.ProtectionReset => $"{nameOf(header.Session)} protection reset {MemoryMarshal.Read<ProtectionReset>(bytes).Reason}",
        EventType.QuoteRequested => Line(MemoryMarshal.Read<QuoteRequested>(bytes), nameOf),
        EventType.QuoteOffered => Line(MemoryMarshal.Read<QuoteOffered>(bytes), nameOf),
        EventType.OfferHit => Line(MemoryMarshal.Read<OfferHit>(bytes), nameOf),
        EventType.RequestEnded => $"{nameOf(header.Session)} request{Named(MemoryMarshal.Read<RequestEnded>(bytes).RequestID)} ended {MemoryMarshal.Read<RequestEnded>(bytes).Reason}",
        EventType.OfferEnded => $"{nameOf(header.Session)} answer{Named(MemoryMarshal.Read<OfferEnded>(bytes).QuoteID)} ended {MemoryMarshal.Read<OfferEnded>(bytes).Reason}",
        _ => header.Type.ToString(),
    };

    private static string Named(in Text40 id) => id.IsEmpty ? "" : $" {id}";

    private static string Line(in ExecReport e, Func<int, string> nameOf)
    {
        var text = new StringBuilder();
        text.Append($"{nameOf(e.Header.Session)} {e.ExecType} {e.ClOrdID}");
        if (!e.OrigClOrdID.IsEmpty) text.Append(e.Header.Instrument == 0 && e.ExecType == ExecType.Rejected ? $" symbol {e.OrigClOrdID}" : $" of {e.OrigClOrdID}");
        text.Append(e.PriceTicks != 0 || e.OrdType == OrdType.Limit ? $" {e.OrderLots}@{e.PriceTicks}" : $" {e.OrderLots}");
        if (e.ExecType == ExecType.Trade)
            text.Append($" fills {e.LastLots}@{e.LastTicks} {(e.Liquidity == Liquidity.Added ? "maker" : e.Liquidity == Liquidity.Auction ? "auction" : "taker")} fee {e.Fee.Atoms} trade {e.TradeID}");
        if (e.ExecType is ExecType.TradeCancel or ExecType.TradeCorrect) text.Append($" {(e.ExecType == ExecType.TradeCancel ? "not" : "but")} {e.LastLots}@{e.LastTicks} fee {e.Fee.Atoms} trade {e.TradeID}");
        text.Append($" {e.OrdStatus} {e.CumLots}+{e.LeavesLots}");
        if (e.Reason != Reason.None) text.Append($" {e.Reason}");
        // The only term that changes by itself.
        if (e.Terms.Instructions.HasFlag(OrderInstructions.TrailingStop)) text.Append($" stop {e.Terms.StopTicks}");
        return text.ToString();
    }

    private static string Line(in QuoteReport e, Func<int, string> nameOf) =>
        $"{nameOf(e.Header.Session)} quote {e.QuoteID}{(e.QuoteEntryID.Length == 0 ? "" : $" {e.QuoteEntryID}")} {(e.Reason == Reason.None ? (e.BidOrderID, e.AskOrderID) switch { (0, 0) => "empty", (_, 0) => "bid", (0, _) => "ask", _ => "both" } : e.Reason)}";

    private static string Line(in QuoteRequested e, Func<int, string> nameOf) =>
        $"{nameOf(e.Header.Session)} is asked by {nameOf(e.Asker)}{(e.Side == 0 ? "" : $" {e.Side}")}{(e.Lots == 0 ? "" : $" {e.Lots}")}";

    private static string Line(in QuoteOffered e, Func<int, string> nameOf) =>
        $"{nameOf(e.Header.Session)} is offered {e.RequestID} by {nameOf(e.Provider)} {e.BidLots}@{e.BidTicks} / {e.AskLots}@{e.AskTicks} until {e.ValidUntilNs / 1_000_000_000.0:0.###}"
        + (e.LastLookMs == 0 ? "" : $" look {e.LastLookMs}") + (e.Looks == 0 ? "" : $" accepted {e.AcceptedPercent} % of {e.Looks} in {e.HoldMeanMs} ms");

    private static string Line(in OfferHit e, Func<int, string> nameOf) =>
        $"{nameOf(e.Header.Session)} answer {e.QuoteID} is hit {e.Side.ToString().ToLowerInvariant()} {e.Lots}@{e.PriceTicks} until {e.UntilNs / 1_000_000_000.0:0.###}";

    private static string Line(in QuotesCanceled e, Func<int, string> nameOf) =>
        $"{nameOf(e.Header.Session)} quotes {e.QuoteID} {e.Scope} canceled {e.Sides}{(e.Reason == Reason.None ? "" : $" {e.Reason}")}";

    private static string Line(in QuoteStatusReport e, Func<int, string> nameOf) =>
        $"{nameOf(e.Header.Session)} quote status {e.QuoteID} {(e.Reason == Reason.None ? $"{e.BidLots}@{e.BidTicks} / {e.AskLots}@{e.AskTicks}" : e.Reason)}";

    private static string Line(in ProtectionTripped e, Func<int, string> nameOf) =>
        $"{nameOf(e.Header.Session)} protection {(e.Header.Instrument == 0 ? "of all" : $"of {e.Header.Instrument}")} {e.Fills} fills {e.Lots} lots {e.Notional.Atoms}";

    private static string Line(in MassCancelReport e, Func<int, string> nameOf) =>
        $"{nameOf(e.Header.Session)} mass cancel {e.ClOrdID} {(e.Reason == Reason.None ? $"of {e.Affected}" : e.Reason)}";

    private static string Line(in MassStatusReport e, Func<int, string> nameOf) =>
        $"{nameOf(e.Header.Session)} {e.RequestID}{(e.Total < 0 ? "" : $" of {e.Total}")}{(e.IsLast == 1 ? " last" : "")}: {(e.Report.OrderID == 0 ? e.Report.Reason : Line(e.Report, nameOf))}";

    private static string Line(in CancelReject e, Func<int, string> nameOf) =>
        $"{nameOf(e.Header.Session)} {e.ResponseTo}Reject {e.ClOrdID} of {e.OrigClOrdID} {e.OrdStatus} {e.Reason}";

    private static string Line(in Trade e) => $"trade {e.TradeID} {(e.AggressorSide == 0 ? "auction" : e.AggressorSide.ToString().ToLowerInvariant())} {e.Lots}@{e.PriceTicks}";

    private static string Line(in MatchPrevented e) => $"prevented {e.Lots}@{e.PriceTicks} group {e.SelfTradeGroup} {e.Mode}";

    private static string Line(in PhaseChanged e) => $"phase {e.Phase} after {e.Before}" + (e.UntilNs == 0 ? "" : $" until {e.UntilNs / 1_000_000_000.0:0.###} s");

    private static string Line(in Indicative e) => e.Lots == 0 ? "indicative none" : $"indicative {e.Lots}@{e.PriceTicks} surplus {e.BuySurplusLots}/{e.SellSurplusLots}";

    private static string Line(in LevelChanged e) => $"level {e.Side.ToString().ToLowerInvariant()} {e.Lots}@{e.PriceTicks}";

    private static string Line(string what, in HoldWithdrawal e) => $"withdrawal {e.Key} {what} firm {e.Firm} asset {e.Asset} {e.Amount.Atoms}";

    private static string Line(in Kill e) => $"{e.Scope.ToString().ToLowerInvariant()} {e.Target} {(e.Engaged == 1 ? "killed" : "lifted")}";

    private static string Line(in MarginChanged e, Func<int, string> nameOf) => $"{nameOf(e.Header.Session)} {e.State} after {e.Before} equity {e.Equity.Atoms} debt {e.Debt.Atoms}";

    private static string Line(in MarginTransferred e) => $"{(e.IsInterest == 1 ? "interest" : "taken over")} asset {e.Asset} {e.Amount.Atoms} from firm {e.FromFirm} to {e.ToFirm}";

    private static string Line(in Refused e) => $"refused {e.CommandType} {e.Reason}";
}
