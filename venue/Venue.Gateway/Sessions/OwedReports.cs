namespace Venue.Gateway;

/// <summary>
/// Reports of orders that were canceled, and hits that came to nothing, because their session was lost. The client learns of them by resend, as of any
/// other report; but when the numbers start over before it came back, they must be told again under new numbers.
/// </summary>
internal sealed class OwedReports
{
    // Journal positions, oldest first, from _next on; those before _unreachable cannot be resent any more.
    private readonly List<long> _positions = [];
    private int _next;
    private int _unreachable;

    /// <summary>True while something is to be told again.</summary>
    public bool IsDue => _next < _unreachable;

    /// <summary>Journal position of the next to be told again.</summary>
    public long Next => _positions[_next];

    /// <summary>A cancel was reported while the client was away.</summary>
    public void Add(long position) => _positions.Add(position);

    /// <summary>The numbers started over: what was added so far cannot be resent under its old number.</summary>
    public void NumbersReset() => _unreachable = _positions.Count;

    /// <summary>The client is back: what was not lost by a reset comes by resend.</summary>
    public void ClientReturned() => _positions.RemoveRange(_unreachable, _positions.Count - _unreachable);

    /// <summary>The next one was told under a new number.</summary>
    public void Told()
    {
        _next++;
        if (IsDue) return;
        _positions.RemoveRange(0, _unreachable);
        _next = _unreachable = 0;
    }
}
