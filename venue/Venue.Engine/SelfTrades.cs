using System.Runtime.CompilerServices;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>The self-trade group and mode of each session's orders that say nothing themselves.</summary>
internal sealed class SelfTrades
{
    // Grown when a default is set, never by an order.
    private (int Group, SelfTradeMode Mode)[] _ofSession = [];

    /// <summary>Group 0 for none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (int Group, SelfTradeMode Mode) Of(int session) => (uint)session < (uint)_ofSession.Length ? _ofSession[session] : default;

    public void Set(int session, int group, SelfTradeMode mode)
    {
        if (session >= _ofSession.Length) Array.Resize(ref _ofSession, session + 1);
        _ofSession[session] = (group, mode);
    }

    public void HashInto(ref StateHasher hasher)
    {
        for (var session = 0; session < _ofSession.Length; session++)
            if (_ofSession[session] != default) hasher.Add(session, _ofSession[session].Group << 8 | (byte)_ofSession[session].Mode);
    }
}
