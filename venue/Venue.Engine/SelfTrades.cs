using System.Runtime.CompilerServices;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>The self-trade group and mode of each session's orders that say nothing themselves: what its Logon asked for while it is connected, else its setting.</summary>
internal sealed class SelfTrades
{
    /// <summary>Of a Logon that names a mode, when neither it nor the setting names a group.</summary>
    private const int FirstGroup = 1;

    // Grown when a session is defined, never later.
    private (int Group, SelfTradeMode Mode)[] _ofSession = [], _setting = [], _asked = [];

    /// <summary>Group 0 for none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (int Group, SelfTradeMode Mode) Of(int session) => (uint)session < (uint)_ofSession.Length ? _ofSession[session] : default;

    /// <summary>Makes room when a session is defined.</summary>
    public void Add(int session)
    {
        if (session < _ofSession.Length) return;
        var sessions = Math.Max(session + 1, _ofSession.Length * 2);
        Array.Resize(ref _ofSession, sessions);
        Array.Resize(ref _setting, sessions);
        Array.Resize(ref _asked, sessions);
    }

    /// <summary>The setting from now on; what a connected session's Logon asked for goes before it.</summary>
    public void Set(int session, int group, SelfTradeMode mode)
    {
        _setting[session] = (group, mode);
        Settle(session);
    }

    /// <summary>What a Logon asked for, until the session ends; nothing and none: nothing.</summary>
    public void Ask(int session, int group, SelfTradeMode mode)
    {
        _asked[session] = (group, mode);
        Settle(session);
    }

    public void HashInto(ref StateHasher hasher)
    {
        for (var session = 0; session < _ofSession.Length; session++)
        {
            if (_setting[session] != default) hasher.Add(session, _setting[session].Group << 8 | (byte)_setting[session].Mode);
            if (_asked[session] != default) hasher.Add(-session, _asked[session].Group << 8 | (byte)_asked[session].Mode);
        }
    }

    private void Settle(int session)
    {
        ref var settled = ref _ofSession[session];
        var asked = _asked[session];
        settled = _setting[session];
        if (asked == default) return;
        if (asked.Group != 0) settled.Group = asked.Group;
        else if (settled.Group == 0) settled.Group = FirstGroup;
        if (asked.Mode != SelfTradeMode.None) settled.Mode = asked.Mode;
    }
}
