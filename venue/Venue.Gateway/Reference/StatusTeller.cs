using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>SecurityStatusRequest (e) answered with SecurityStatus (f), TradingSessionStatusRequest (g) with TradingSessionStatus (h), now and at each change.</summary>
/// <remarks>Statuses are not kept for resend. A reader that is behind, or is being resent something, is told the latest when it has caught up.</remarks>
internal sealed class StatusTeller(Instruments instruments, TradingState state)
{
    /// <summary>Most watches of one session.</summary>
    private const int WatchesMax = 1000;
    /// <summary>A reader with more than this unread is behind.</summary>
    private const int BehindBytes = 1 << 16;
    // BusinessRejectReason(380).
    private const int Other = 0, UnknownSecurity = 2, NotAuthorized = 6;

    /// <summary>TradingSessionID(336): there is one, and it never ends by itself.</summary>
    private static ReadOnlySpan<byte> TradingSession => "VENUE"u8;

    /// <summary>SecurityStatusRequest (e).</summary>
    public void RequestSecurity(ClientSession client, in Message message, long nowNs)
    {
        message.TryGet(324, out var requestId);
        message.TryGet(55, out var symbol);
        if (instruments.Find(symbol) is not { } instrument) client.Fix!.BusinessReject(message, UnknownSecurity, requestId, "SYMBOL|Symbol(55) is not an instrument of this venue"u8, nowNs);
        else if (!client.May(instrument)) client.Fix!.BusinessReject(message, NotAuthorized, requestId, "RIGHTS|This session may not watch this instrument"u8, nowNs);
        else Request(client, message, requestId, instrument.Id, nowNs);
    }

    /// <summary>TradingSessionStatusRequest (g).</summary>
    public void RequestSession(ClientSession client, in Message message, long nowNs)
    {
        message.TryGet(335, out var requestId);
        if (!message.TryGet(336, out var id) || id.SequenceEqual(TradingSession))
        {
            Request(client, message, requestId, 0, nowNs);
            return;
        }
        ref var w = ref client.Fix!.Begin("h"u8, nowNs);
        w.Add(335, requestId);
        w.Add(336, id);
        w.Add(340, (byte)'6');   // TradSesStatus: request rejected
        w.Add(567, 1);           // TradSesStatusRejReason: unknown or invalid TradingSessionID
        client.Fix.End(keep: false);
    }

    /// <summary>What the client has not been told yet.</summary>
    public void Publish(ClientSession client, long nowNs)
    {
        if (client.Connection is not { Output.Count: < BehindBytes } || client.Fix!.IsResending) return;
        for (var i = 0; i < client.Watches.Count; i++)
        {
            var watch = client.Watches[i];
            var version = watch.Instrument == 0 ? state.Version : state[watch.Instrument].Version;
            if (watch.ToldVersion == version) continue;
            if (watch.Instrument == 0) Session(client.Fix, watch, nowNs);
            else Security(client.Fix, watch, nowNs);
            watch.ToldVersion = version;
            if (watch.IsOnce) client.Watches.RemoveAt(i--);
        }
    }

    private void Request(ClientSession client, in Message message, ReadOnlySpan<byte> requestId, int instrument, long nowNs)
    {
        message.TryGetChar(263, out var type);
        for (var i = client.Watches.Count - 1; i >= 0; i--)
            if (requestId.SequenceEqual(client.Watches[i].RequestId)) client.Watches.RemoveAt(i);
        if (type == (byte)'2') return;
        if (client.Watches.Count == WatchesMax)
        {
            client.Fix!.BusinessReject(message, Other, requestId, "SUBSCRIPTIONS|A session has at most 1000 status subscriptions"u8, nowNs);
            return;
        }
        client.Watches.Add(new StatusWatch(requestId.ToArray(), instrument, isOnce: type == (byte)'0'));
        Publish(client, nowNs);
    }

    private void Security(Session fix, StatusWatch watch, long nowNs)
    {
        var now = state[watch.Instrument];
        ref var w = ref fix.Begin("f"u8, nowNs);
        w.Add(324, watch.RequestId);
        w.Add(55, instruments[watch.Instrument].Symbol);
        w.Add(336, TradingSession);
        w.Add(325, watch.ToldVersion == 0 ? (byte)'N' : (byte)'Y');   // UnsolicitedIndicator
        w.Add(326, TradingState.SecurityStatus(now.Phase));
        w.Add(ReferenceTags.Phase, (long)now.Phase);
        if (now.UntilNs != 0) w.AddTime(ReferenceTags.PhaseEndTime, now.UntilNs);
        w.AddTime(60, now.SinceNs == 0 ? nowNs : now.SinceNs);
        fix.End(keep: false);
    }

    private void Session(Session fix, StatusWatch watch, long nowNs)
    {
        ref var w = ref fix.Begin("h"u8, nowNs);
        w.Add(335, watch.RequestId);
        w.Add(336, TradingSession);
        w.Add(338, 1);                // TradSesMethod: electronic
        w.Add(325, watch.ToldVersion == 0 ? (byte)'N' : (byte)'Y');
        w.Add(340, state.SessionStatus(instruments.All.Count));
        fix.End(keep: false);
    }
}
