using Venue.Messages;

namespace Venue.Engine;

/// <summary>Which sessions are connected, and what is done with their orders when they are lost.</summary>
public sealed partial class VenueEngine<TEvents>
{
    private struct Presence
    {
        public bool IsConnected;
        public CancelOnDisconnect CancelOnDisconnect;
        public bool CancelOnLogout;
    }

    private Presence[] _presences = new Presence[16];

    private void On(in Connect c)
    {
        if (!IsKnown(c.Header.Session, _sessions.Count) || c.CancelOnDisconnect > CancelOnDisconnect.Firm || !IsDefault(c.SelfTradeGroup, c.SelfTradeMode))
        {
            Refuse(in c.Header, Reason.Contradiction);
            return;
        }
        _presences[c.Header.Session] = new Presence { IsConnected = true, CancelOnDisconnect = c.CancelOnDisconnect, CancelOnLogout = c.CancelOnLogout != 0 };
        _selfTrades.Ask(c.Header.Session, c.SelfTradeGroup, c.SelfTradeMode);
        _events.On(new SessionConnected { Header = Header<SessionConnected>(EventType.SessionConnected, c.Header.Session, 0), Connect = c });
    }

    private void On(in Disconnect c)
    {
        if ((uint)c.Header.Session >= (uint)_presences.Length || !_presences[c.Header.Session].IsConnected)
        {
            Refuse(in c.Header, Reason.Contradiction);
            return;
        }
        ref var presence = ref _presences[c.Header.Session];
        presence.IsConnected = false;
        _selfTrades.Ask(c.Header.Session, 0, SelfTradeMode.None);
        _events.On(new SessionDisconnected { Header = Header<SessionDisconnected>(EventType.SessionDisconnected, c.Header.Session, 0), Disconnect = c });
        EndRequestsOf(c.Header.Session);
        if (presence.CancelOnDisconnect != CancelOnDisconnect.None && (c.Cause != DisconnectCause.Logout || presence.CancelOnLogout))
            CancelDisconnected(c.Header.Session, presence.CancelOnDisconnect);
    }

    /// <summary>Makes room when a session is defined, so that none is made later.</summary>
    private void AddPresence(int session)
    {
        if (session >= _presences.Length) Array.Resize(ref _presences, session * 2);
        _selfTrades.Add(session);
    }

    private void HashPresences(ref StateHasher hasher)
    {
        for (var session = 1; session < _presences.Length; session++)
            if (_presences[session] is { IsConnected: true } presence)
                hasher.Add(session, (int)presence.CancelOnDisconnect << 1 | (presence.CancelOnLogout ? 1 : 0));
    }
}
