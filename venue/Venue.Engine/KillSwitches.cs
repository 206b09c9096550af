using System.Runtime.CompilerServices;
using Venue.Messages;

namespace Venue.Engine;

/// <summary>Which kill switches are engaged, by scope and number.</summary>
internal sealed class KillSwitches
{
    // By scope, then by number; the venue's own is number 0. Grown when a switch is engaged, never by an order.
    private readonly bool[][] _isEngaged = [[], [], [], [], []];
    private int _engagedCount;

    /// <summary>True when any of the four that could cover an order is engaged.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Cover(int firm, int session, int instrument) => _engagedCount > 0
        && (IsEngaged(KillScope.Venue, 0) || IsEngaged(KillScope.Firm, firm)
            || IsEngaged(KillScope.Session, session) || IsEngaged(KillScope.Instrument, instrument));

    /// <summary>Sets one switch; setting it as it is changes nothing.</summary>
    public void Set(KillScope scope, int target, bool isEngaged)
    {
        if (IsEngaged(scope, target) == isEngaged) return;
        ref var row = ref _isEngaged[(int)scope];
        if (target >= row.Length) Array.Resize(ref row, target + 1);
        row[target] = isEngaged;
        _engagedCount += isEngaged ? 1 : -1;
    }

    public void HashInto(ref StateHasher hasher)
    {
        hasher.Add(_engagedCount);
        for (var scope = 0; scope < _isEngaged.Length; scope++)
            for (var target = 0; target < _isEngaged[scope].Length; target++)
                if (_isEngaged[scope][target]) hasher.Add(scope, target);
    }

    /// <summary>True while this one switch is engaged.</summary>
    public bool IsEngaged(KillScope scope, int target)
    {
        var row = _isEngaged[(int)scope];
        return (uint)target < (uint)row.Length && row[target];
    }
}
