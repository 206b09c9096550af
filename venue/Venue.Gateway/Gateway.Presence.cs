using Venue.Fix;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>Sessions that come and go: each is a Command, and what becomes of their orders is the engine's.</summary>
public sealed partial class Gateway
{
    /// <summary>What is told again waits while more than this is unread.</summary>
    private const int OwedWindowBytes = 64 << 10;
    /// <summary>A client that does not read is waited for so long before its next reports of a walk.</summary>
    private const long WalkWaitNs = 1_000_000_000;

    /// <summary>CancelOnDisconnect(8013) of a Logon, else the session's own setting; SelfTradeDefault(8001) and SelfTradeGroup(7928) of its orders that name none. Why the Logon is refused, or null.</summary>
    /// <remarks>An operator's own dictionary may let other values pass, and the engine would refuse the Connect: the session would be on, and nothing would happen when it is lost.</remarks>
    private static string? Agree(ClientSession client, in Message logon)
    {
        var (onLoss, group, mode) = (client.Profile.CancelOnDisconnect, 0, SelfTradeMode.None);
        if (logon.TryGet(8013, out var asked))
        {
            if (asked.SequenceEqual("N"u8)) onLoss = CancelOnDisconnect.None;
            else if (asked.SequenceEqual("S"u8)) onLoss = CancelOnDisconnect.Session;
            else if (asked.SequenceEqual("A"u8)) onLoss = CancelOnDisconnect.Firm;
            else return "CancelOnDisconnect(8013) of a Logon must be N, S or A";
        }
        if (logon.TryGet(7928, out _) && (!logon.TryGetInt(7928, out group) || group <= 0)) return "SelfTradeGroup(7928) of a Logon must be above 0";
        if (logon.TryGet(8001, out _))
        {
            logon.TryGetChar(8001, out var code);
            mode = (SelfTradeMode)code;
            if (mode is not (SelfTradeMode.CancelNewest or SelfTradeMode.CancelOldest or SelfTradeMode.CancelBoth or SelfTradeMode.Decrement)) return "SelfTradeDefault(8001) of a Logon must be N, O, B or D";
        }
        (client.CancelOnDisconnect, client.SelfTrade) = (onLoss, (group, mode));
        return null;
    }

    private void Connected(ClientSession client)
    {
        client.PullAtNs = long.MaxValue;
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<Connect>(slot, CommandType.Connect);
        c.Header.Session = client.Id;
        c.CancelOnDisconnect = client.CancelOnDisconnect;
        c.CancelOnLogout = client.Profile.CancelOnLogout ? (byte)1 : (byte)0;
        (c.SelfTradeGroup, c.SelfTradeMode) = client.SelfTrade;
        _commands.Publish(slot[..c.Header.Length]);
    }

    /// <remarks>When the venue itself stops nobody is lost yet: the next start gives everybody the time to come back.</remarks>
    private void Disconnected(ClientSession client, DisconnectCause cause)
    {
        if (IsStopping && cause != DisconnectCause.Logout) return;
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<Disconnect>(slot, CommandType.Disconnect);
        c.Header.Session = client.Id;
        c.Cause = cause;
        _commands.Publish(slot[..c.Header.Length]);
    }

    /// <summary>At the start: a session that the last run left connected must come back in time, if its orders depend on it.</summary>
    private void AwaitReturn(ClientSession client, long nowNs)
    {
        if (!client.IsPresent || client.CancelOnDisconnect == CancelOnDisconnect.None) return;
        client.PullAtNs = nowNs + client.Profile.RestartGraceNs;
        PullWhenDue(client, nowNs);
    }

    private void PullWhenDue(ClientSession client, long nowNs)
    {
        if (nowNs < client.PullAtNs || _commands.IsFull) return;
        client.PullAtNs = long.MaxValue;
        Disconnected(client, DisconnectCause.NotBack);
    }

    /// <summary>The engine knows that a session is there.</summary>
    public void On(in SessionConnected e)
    {
        var client = _directory[e.Header.Session];
        client.IsPresent = true;
        client.PullAtNs = long.MaxValue;   // also when it came by another gateway
        client.CancelOnDisconnect = e.Connect.CancelOnDisconnect;
        client.Log.Owed.ClientReturned();
    }

    /// <summary>The engine knows that a session is gone.</summary>
    public void On(in SessionDisconnected e) => _directory[e.Header.Session].IsPresent = false;

    /// <summary>Cancels that a reset of the numbers kept from being resent, under new numbers. PossResend(97): ExecID(17) says which they are.</summary>
    private static void TellOwed(ClientSession client, long nowNs)
    {
        if (!client.Log.Owed.IsDue || !client.IsPresent) return;
        while (client.Log.Owed.IsDue && client.Connection is { CloseReason: null, Output.Count: < OwedWindowBytes } && client.Fix!.State == SessionState.Active)
            client.Log.TellAgain(client.Fix, nowNs);
    }

    /// <summary>True when the reports of a walk's next slice may be given to a session: a reader that falls behind is waited for, but not for ever.</summary>
    public bool MayWalk(int session, long nowNs)
    {
        if (session < 1 || session > Clients.Count) return true;
        var client = _directory[session];
        if (client.Connection is not { } connection || connection.Output.Count < connection.Output.Capacity / 2 || nowNs - client.WalkedNs > WalkWaitNs)
        {
            client.WalkedNs = nowNs;
            return true;
        }
        return false;
    }
}
