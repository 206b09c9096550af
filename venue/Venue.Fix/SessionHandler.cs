namespace Venue.Fix;

/// <summary>What a session tells its owner, from inside OnBytes, Poll, or Disconnected.</summary>
public interface ISessionHandler
{
    /// <summary>Logons are exchanged: messages may be sent.</summary>
    void OnLogon(Session session, long nowNs);

    /// <summary>An application message, in sequence and as the dictionary defines it. It is a view: copy what is to be kept.</summary>
    /// <remarks>
    /// NextIn moves on after this returns, so a message is never counted as received before it was handed over. A possible
    /// duplicate (PossDupFlag=Y) has not been handed over before, whatever it says. With <see cref="Message.PossResend"/> the
    /// content may have come under another number, which only the owner can know: an order whose ClOrdID is known is
    /// answered with its status and never carried out again (FIX 4.4 vol 4 appendix D, matrix F.1.b).
    /// </remarks>
    void OnMessage(Session session, in Message message, long nowNs);

    /// <summary>Once for each OnLogon, when nothing more will come: Logout exchanged, refused, timed out, or socket lost.</summary>
    void OnLogout(Session session, string reason, long nowNs);
}

/// <summary>A handler that also decides who may log on. Asked before anything is changed or answered.</summary>
public interface ILogonCheck
{
    /// <summary>Null to accept; otherwise the text of the Logout that refuses. <paramref name="logon"/> is valid by the dictionary.</summary>
    string? Refuse(Session session, in Message logon, long nowNs);
}

/// <summary>A handler that also adds what its counterparty wants in our Logon and the settings do not have: signatures, nonces, tags of its own.</summary>
public interface ILogonFields
{
    /// <summary>Behind all other fields of the Logon.</summary>
    /// <param name="session">Whose Logon it is.</param>
    /// <param name="logon">Takes the fields.</param>
    /// <param name="msgSeqNum">Its MsgSeqNum(34).</param>
    /// <param name="sendingTime">Its SendingTime(52), as it goes out.</param>
    void AddTo(Session session, ref MessageWriter logon, int msgSeqNum, string sendingTime);
}

/// <summary>A handler that also wants to know which of its messages the peer rejected on the session level.</summary>
public interface IRejectHandler
{
    /// <summary>A Reject(3), in sequence: RefSeqNum(45) names the message.</summary>
    void OnReject(Session session, in Message reject, long nowNs);
}
