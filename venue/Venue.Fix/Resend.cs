namespace Venue.Fix;

/// <summary>
/// Answers a ResendRequest in bounded batches: pauses while the send buffer holds more than a window, continues from Poll.
/// </summary>
/// <remarks>
/// New messages are held while it runs and follow in order at its end, so the peer sees no second gap. All numbers that
/// the store does not have are filled by one SequenceReset-GapFill for each run.
/// </remarks>
internal sealed class Resend(Outbound outbound, ISessionStore store, int windowBytes)
{
    private const int RunMax = 4096;              // numbers looked up for one gap fill, so that one call stays short
    private const long RepeatNs = 1_000_000_000;

    private int _asked, _next, _end;
    private long _startedNs;

    /// <summary>True from <see cref="Start"/> until the last message was handed to the send buffer.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Sends the numbers from <paramref name="from"/> to <paramref name="to"/> again, then what was held meanwhile.</summary>
    public void Start(int from, int to, long nowNs)
    {
        // A peer that asks with every message above its gap (SendRedundantResendRequests) has asked before the first answer
        // reached it. What it wants is on its way already: once, and not once for every message.
        if (IsRunning && from == _asked && nowNs - _startedNs < RepeatNs)
        {
            _end = Math.Max(_end, to);
            return;
        }
        (_asked, _startedNs) = (from, nowNs);
        if (!IsRunning) outbound.FirstHeld = outbound.NextOut;
        else if (_next > outbound.FirstHeld) outbound.FirstHeld = _next;
        (_next, _end) = (from, to);
        IsRunning = true;
    }

    /// <summary>Sends what was numbered before messages could go out.</summary>
    public void StartHeld()
    {
        if (outbound.FirstHeld == outbound.NextOut) return;
        (_next, _end) = (outbound.FirstHeld, outbound.NextOut - 1);
        _asked = 0;
        IsRunning = true;
    }

    /// <summary>Forgets it: the connection ended or the numbers were reset.</summary>
    public void Stop() => IsRunning = false;

    /// <summary>Sends as much as the window allows.</summary>
    public void Continue(SendBuffer buffer, long nowNs)
    {
        while (IsRunning && !buffer.Overflowed && buffer.Count < windowBytes)
        {
            if (_next > _end)
            {
                outbound.FirstHeld = Math.Max(outbound.FirstHeld, _next);
                (_next, _end) = (outbound.FirstHeld, outbound.NextOut - 1);
                if (_next <= _end) continue;
                IsRunning = false;
                return;
            }
            var stored = store.Find(_next);
            if (!stored.IsEmpty)
            {
                outbound.SendAgain(stored, nowNs);
                _next++;
                continue;
            }
            var from = _next++;
            var last = Math.Min(_end, from + RunMax);
            while (_next <= last && store.Find(_next).IsEmpty) _next++;
            outbound.GapFill(from, _next, nowNs);
        }
    }
}
