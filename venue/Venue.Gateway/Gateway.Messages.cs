using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>What the sessions hand over.</summary>
public sealed partial class Gateway : ISessionHandler, ILogonCheck
{
    string? ILogonCheck.Refuse(Session session, in Message logon, long nowNs)
    {
        var client = (ClientSession)session.Tag!;
        // Neutral: who guesses learns nothing.
        if (client.Connection is { Logon.Refusal.Length: > 0 }) return "Logon refused";
        return Agree(client, logon);
    }

    void ISessionHandler.OnLogon(Session session, long nowNs) => Connected((ClientSession)session.Tag!);

    void ISessionHandler.OnLogout(Session session, string reason, long nowNs)
    {
        var client = (ClientSession)session.Tag!;
        Unwatch(client);
        Disconnected(client, session.PeerLoggedOut ? DisconnectCause.Logout : DisconnectCause.Lost);
    }

    void ISessionHandler.OnMessage(Session session, in Message message, long nowNs)
    {
        var client = (ClientSession)session.Tag!;
        var type = message.MsgType;
        if (!client.Profile.Rights.May(type))
        {
            // BusinessRejectReason(380) 6: not authorized; 3: unsupported message type.
            if (SessionRights.IsTaken(type)) session.BusinessReject(message, 6, IdOf(message), "RIGHTS|This session may not send this message type"u8, nowNs);
            else session.BusinessReject(message, 3, IdOf(message), "The venue does not take this message type"u8, nowNs);
            return;
        }
        if ((client.Throttle is not null || client.FirmThrottle is not null) && !PassesThrottles(client, message, nowNs)) return;
        switch (type.Length == 1 ? type[0] : (byte)0)
        {
            case (byte)'D' when IsCongested:
                // BusinessRejectReason(380) 4: application not available. Cancels still pass.
                session.BusinessReject(message, 4, OrderDecoder.ClOrdIDOf(message), "BUSY|The venue's journal is behind; try again"u8, nowNs);
                break;
            // OrdRejReason(103) 15: unknown account.
            case (byte)'D' when !IsOwnAccount(client, message): RefuseOrder(client, message, 15, AccountText, nowNs); break;
            case (byte)'G' when !IsOwnAccount(client, message): RefuseReplace(client, message, AccountText, nowNs); break;
            case (byte)'D' when message.TryGetChar(40, out var ordType) && ordType == (byte)'D': _requests.Take(client, message, 11, nowNs); break;
            case (byte)'D': _orders.New(client, message, nowNs); break;
            case (byte)'i' or (byte)'S' or (byte)'R' when IsCongested:
                session.BusinessReject(message, 4, IdOf(message), "BUSY|The venue's journal is behind; try again"u8, nowNs);
                break;
            case (byte)'i': _quotes.Mass(client, message, nowNs); break;
            case (byte)'S' when message.TryGet(131, out _): _requests.Offer(client, message, nowNs); break;
            case (byte)'S': _quotes.One(client, message, nowNs); break;
            case (byte)'R': _requests.Request(client, message, nowNs); break;
            case (byte)'Z': _quotes.Cancel(client, message, nowNs); break;
            case (byte)'a': _quotes.Status(client, message, nowNs); break;
            case (byte)'F': _orders.Cancel(client, message, nowNs); break;
            case (byte)'G': _orders.Replace(client, message, nowNs); break;
            case (byte)'H': _orders.Status(client, message, nowNs); break;
            case (byte)'V': _marketData.Request(client, message, nowNs); break;
            case (byte)'q': _mass.Cancel(client, message, nowNs); break;
            case (byte)'x': SecurityList.Answer(client, Instruments, message, nowNs); break;
            case (byte)'c': SecurityList.AnswerOne(client, Instruments, message, nowNs); break;
            case (byte)'e': _status.RequestSecurity(client, message, nowNs); break;
            case (byte)'g': _status.RequestSession(client, message, nowNs); break;
            case (byte)'B': Announce(message, nowNs); break;
            case 0 when type.SequenceEqual("AJ"u8): _requests.Respond(client, message, nowNs); break;
            case 0 when type.SequenceEqual("AH"u8): _requests.Watch(client, message, nowNs); break;
            case 0 when type.SequenceEqual("AI"u8): _requests.AnswerHit(client, message, nowNs); break;
            case 0 when type.SequenceEqual("AG"u8): _requests.Decline(client, message); break;
            case 0 when type.SequenceEqual("AF"u8): _mass.Status(client, message, nowNs); break;
            case 0 when type.SequenceEqual("AD"u8): _capture.Request(client, message, nowNs); break;
            case 0 when type.SequenceEqual("AN"u8): _accounts.Positions(client, message, nowNs); break;
            case 0 when type.SequenceEqual("BB"u8): _accounts.Collateral(client, message, nowNs); break;
            case 0 when type.SequenceEqual("BE"u8): ThrottleReport.Answer(client, message, nowNs); break;
            default: throw new InvalidOperationException($"Sessions may send {System.Text.Encoding.ASCII.GetString(type)}, and nothing is done with it.");
        }
    }

    private void Announce(in Message message, long nowNs)
    {
        var fields = News.Encode(message);
        Announce(fields, nowNs);
        Edge?.Announce(fields.ToArray(), nowNs);
    }

    private static ReadOnlySpan<byte> AccountText => "ACCOUNT|Account(1) is not this session's: it is the firm's name, or left out"u8;

    private static bool IsOwnAccount(ClientSession client, in Message message) => !message.TryGet(1, out var account) || account.SequenceEqual(client.Account);

    /// <summary>What the client calls its message: BusinessRejectRefID(379).</summary>
    private static ReadOnlySpan<byte> IdOf(in Message message)
    {
        foreach (var tag in (ReadOnlySpan<int>)[11, 117, 131, 262, 320, 324, 335, 568, 584, 644, 649, 693, 710, 909, 923])
            if (message.TryGet(tag, out var id)) return id;
        return default;
    }
}
