using Venue.Fix;

namespace Venue.Gateway;

/// <content>What operators do to sessions. On the core's thread.</content>
public sealed partial class Gateway
{
    /// <summary>The session of a client's CompID; null when there is none, or more than one.</summary>
    public ClientSession? FindClient(string clientCompID)
    {
        ClientSession? found = null;
        foreach (var client in _directory.Clients)
        {
            if (client.ClientCompID != clientCompID) continue;
            if (found is not null) return null;
            found = client;
        }
        return found;
    }

    /// <summary>Begins the Logout handshake; false when the session is not connected.</summary>
    public bool LogOut(ClientSession client, string text, long nowNs)
    {
        if (IsElsewhere(client))
        {
            var isThere = Served(client).Connection is { CloseReason: null };
            if (isThere) Edge!.LogOut(client.Id, text);
            return isThere;
        }
        if (client.Connection is not { CloseReason: null } connection) return false;
        if (client.Fix!.State == SessionState.Active) client.Fix.Logout(text, nowNs);
        else Close(connection, text);
        AfterSession(client);
        return true;
    }

    /// <summary>Lets a session log on again that is kept out for its rate; false when it is not.</summary>
    public bool Unblock(ClientSession client, long nowNs)
    {
        client = Served(client);
        var isBlocked = client.BlockedUntilNs > nowNs;
        client.BlockedUntilNs = 0;
        return isBlocked;
    }

    /// <summary>Gives a session another rate until the process ends.</summary>
    public void SetRate(ClientSession client, RateLimit rate) => Served(client).Throttle = rate.PerSecond > 0 ? new Throttle(rate) : null;

    /// <summary>How all sessions stand.</summary>
    public IReadOnlyList<SessionView> ViewSessions(long nowNs) => [.. _directory.Clients.Select(Served).Select(client => new SessionView(
        client.Id, client.ClientCompID, client.VenueCompID, client.Firm, _directory.NameOf(client.Firm), client.Profile.Kind,
        client.Connection is null ? SessionState.Disconnected : client.Fix!.State, client.NextIn, client.NextOut, client.SentMessages,
        client.Throttle?.Limit.PerSecond ?? 0, client.Throttle?.RefusalsAt(nowNs) ?? 0, client.BlockedUntilNs > nowNs ? client.BlockedUntilNs : 0))];
}

/// <summary>One session as an operator looks at it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="ClientCompID">The client's SenderCompID(49).</param>
/// <param name="VenueCompID">The client's TargetCompID(56).</param>
/// <param name="Firm">Number of its firm.</param>
/// <param name="FirmName">Name of its firm.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="State">Where its state machine is.</param>
/// <param name="NextIn">MsgSeqNum(34) expected next.</param>
/// <param name="NextOut">MsgSeqNum(34) sent next.</param>
/// <param name="Kept">Messages kept for resend.</param>
/// <param name="RatePerSecond">Messages a second that it may send; 0 for no limit.</param>
/// <param name="Refused">Refused for the rate in the last window.</param>
/// <param name="BlockedUntilNs">No Logon is taken before, nanoseconds since 1970 UTC; 0 for none.</param>
public sealed record SessionView(
    int Id, string ClientCompID, string VenueCompID, int Firm, string FirmName, SessionKind Kind, SessionState State,
    int NextIn, int NextOut, long Kept, int RatePerSecond, int Refused, long BlockedUntilNs);
