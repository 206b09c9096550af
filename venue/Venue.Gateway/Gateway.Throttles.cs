using System.Buffers.Text;
using Venue.Fix;

namespace Venue.Gateway;

/// <summary>Messages over the rate: refused with a reason, cancels never; who does not stop is logged out and kept out for a while.</summary>
public sealed partial class Gateway
{
    private readonly Dictionary<int, Throttle> _firmThrottles = [];

    private static ReadOnlySpan<byte> RateText => "RATE|Rate limit exceeded"u8;

    /// <summary>False when the message was refused for the rate of its session or its firm.</summary>
    private bool PassesThrottles(ClientSession client, in Message message, long nowNs)
    {
        // OrderCancelRequest (F), OrderMassCancelRequest (q) and QuoteCancel (Z): what lowers risk costs nothing. Nor does QuoteStatusReport (AI), which others set the pace of.
        if (message.MsgType is [(byte)'F'] or [(byte)'q'] or [(byte)'Z'] or [(byte)'A', (byte)'I']) return true;
        if (message.MsgType is [(byte)'B', (byte)'E'] && client.UsageThrottle.HasToken(nowNs))
        {
            client.UsageThrottle.Take(nowNs);
            return true;
        }
        var hasTokens = client.Throttle?.HasToken(nowNs) != false & client.FirmThrottle?.HasToken(nowNs) != false;
        if (hasTokens)
        {
            client.Throttle?.Take(nowNs);
            client.FirmThrottle?.Take(nowNs);
            return true;
        }
        if (message.MsgType is [(byte)'D']) RefuseOrder(client, message, 99, RateText, nowNs);
        else if (message.MsgType is [(byte)'G']) RefuseReplace(client, message, RateText, nowNs);
        // BusinessRejectReason(380) 0: other.
        else client.Fix!.BusinessReject(message, 0, IdOf(message), RateText, nowNs);
        if (client.Throttle?.Refuse(nowNs) == true)
        {
            client.BlockedUntilNs = nowNs + client.Throttle.Limit.BlockNs;
            _options.Guard.Alarm?.Invoke($"{client.ClientCompID} was logged out for {client.Throttle.Limit.BlockNs / 1_000_000_000} s: {client.Throttle.Refusals} messages over its rate");
            client.Fix!.Logout("Rate limit exceeded", nowNs);
        }
        return false;
    }

    /// <summary>ExecutionReport (8) with an OrdRejReason(103). The engine never hears of the order: its ClOrdID(11) may be sent again.</summary>
    private static void RefuseOrder(ClientSession client, in Message order, int reason103, ReadOnlySpan<byte> text, long nowNs)
    {
        Span<byte> execID = stackalloc byte[64];
        execID[0] = (byte)'R';
        var length = 1;
        foreach (var part in (ReadOnlySpan<long>)[client.Id, nowNs, order.MsgSeqNum])
        {
            Utf8Formatter.TryFormat(part, execID[length..], out var digits);
            length += digits;
            execID[length++] = (byte)'-';
        }
        ref var w = ref client.Fix!.Begin("8"u8, nowNs);
        w.Add(37, "NONE"u8);
        order.TryGet(11, out var clOrdID);
        w.Add(11, clOrdID);
        w.Add(17, execID[..(length - 1)]);
        w.Add(150, (byte)'8');
        w.Add(39, (byte)'8');
        foreach (var tag in (ReadOnlySpan<int>)[55, 54, 38, 40, 44, 59, 1])
            if (order.TryGet(tag, out var value)) w.Add(tag, value);
        w.Add(151, 0);
        w.Add(14, 0);
        w.Add(6, 0);
        w.AddTime(60, nowNs);
        w.Add(103, reason103);
        w.Add(58, text);
        client.Fix.End(keep: true);
    }

    /// <summary>
    /// OrderCancelReject (9) with CxlRejReason(102) 99. The order was not looked up, so it is told as FIX 4.4 tells an unknown one:
    /// OrderID(37) NONE, OrdStatus(39) 8. It works on as it was, and the ClOrdID(11) may be sent again.
    /// </summary>
    private static void RefuseReplace(ClientSession client, in Message replace, ReadOnlySpan<byte> text, long nowNs)
    {
        ref var w = ref client.Fix!.Begin("9"u8, nowNs);
        w.Add(37, "NONE"u8);
        foreach (var tag in (ReadOnlySpan<int>)[11, 41])
            if (replace.TryGet(tag, out var value)) w.Add(tag, value);
        w.Add(39, (byte)'8');
        w.AddTime(60, nowNs);
        w.Add(434, (byte)'2');   // CxlRejResponseTo: OrderCancelReplaceRequest
        w.Add(102, 99);
        w.Add(58, text);
        client.Fix.End(keep: true);
    }

    private void SetThrottles(ClientSession client)
    {
        client.Throttle = client.Profile.Rate.PerSecond > 0 ? new Throttle(client.Profile.Rate) : null;
        if (!_options.FirmRates.TryGetValue(_directory.NameOf(client.Firm), out var limit) || limit.PerSecond == 0) return;
        if (!_firmThrottles.TryGetValue(client.Firm, out var throttle)) _firmThrottles[client.Firm] = throttle = new Throttle(limit);
        client.FirmThrottle = throttle;
    }
}
