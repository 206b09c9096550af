namespace Venue.Fix;

/// <content>What happens because time passes.</content>
public sealed partial class Session
{
    private const long ResendPollNs = 1_000_000;

    private long _heartbeatNs;
    private long _lastReceivedNs, _lastPollNs;
    private bool _testRequested;       // and nothing has come since

    /// <summary>When <see cref="Poll"/> next has something to do; <see cref="long.MaxValue"/> when never.</summary>
    public long NextPollNs
    {
        get
        {
            if (Output is not { } output) return long.MaxValue;
            if (WantsClose) return _loggedOn ? 0 : long.MaxValue;
            if (output.Overflowed) return 0;
            var at = State switch
            {
                SessionState.Active => NextBeatNs,
                SessionState.ResetSent => Math.Min(NextBeatNs, _stateSinceNs + Settings.LogonTimeoutSeconds * SecondNs),
                SessionState.LogoutSent => _stateSinceNs + Settings.LogoutTimeoutSeconds * SecondNs,
                _ => _stateSinceNs + Settings.LogonTimeoutSeconds * SecondNs,
            };
            at = Math.Min(at, _periodEndNs);
            return _resend.IsRunning ? Math.Min(at, _lastPollNs + ResendPollNs) : at;
        }
    }

    /// <summary>Does what is due: heartbeat, TestRequest, time limits, the next part of a resend.</summary>
    /// <param name="nowNs">The time.</param>
    /// <param name="resend">False leaves a resend where it is, for an owner that shares its time among many sessions.</param>
    public void Poll(long nowNs, bool resend = true)
    {
        _lastPollNs = nowNs;
        Roll(nowNs);
        if (Output is not null && !WantsClose)
        {
            if (resend) ContinueResend(nowNs);
            switch (State)
            {
                case SessionState.Active:
                    Beat(nowNs);
                    break;
                case SessionState.ResetSent:
                    if (nowNs >= _stateSinceNs + Settings.LogonTimeoutSeconds * SecondNs) LogoutAndClose("no answer to ResetSeqNumFlag(141)", nowNs);
                    else Beat(nowNs);
                    break;
                case SessionState.LogoutSent:
                    if (nowNs >= _stateSinceNs + Settings.LogoutTimeoutSeconds * SecondNs) Close("no answer to Logout");
                    break;
                default:
                    if (nowNs >= _stateSinceNs + Settings.LogonTimeoutSeconds * SecondNs) Close("no Logon in time");
                    break;
            }
        }
        Settle(nowNs);
    }

    // The peer is silent for 1.2 intervals: TestRequest; for 2.4: gone (FIX 4.4 vol 2: interval plus transmission time).
    private long NextBeatNs => _heartbeatNs == 0
        ? long.MaxValue
        : Math.Min(_out.LastSentNs + _heartbeatNs, _lastReceivedNs + _heartbeatNs * (_testRequested ? 24 : 12) / 10);

    private void Beat(long nowNs)
    {
        if (_heartbeatNs == 0) return;
        var silentNs = nowNs - _lastReceivedNs;
        if (silentNs >= _heartbeatNs * 24 / 10)
        {
            const string Silent = "peer is silent";
            if (Settings.SendLogoutBeforeDisconnectFromTimeout) LogoutAndClose(Silent, nowNs);
            else Close(Silent);
        }
        else if (silentNs >= _heartbeatNs * 12 / 10 && !_testRequested)
        {
            _testRequested = true;
            ref var request = ref _out.Begin(MsgTypes.TestRequest, nowNs);
            request.AddTime(Tags.TestReqID, nowNs);
            _out.EndAdmin();
        }
        else if (nowNs >= _out.LastSentNs + _heartbeatNs && !_resend.IsRunning)
        {
            SendHeartbeat(default, nowNs);
        }
    }
}
