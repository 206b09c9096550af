namespace Venue.Fix;

/// <content>Numbers that start over: at the end of a period, and when we ask for it.</content>
public sealed partial class Session
{
    private long _periodEndNs;   // when the numbers become void; 0 while not known yet, MaxValue without a schedule

    /// <summary>True when the session may be logged on by its <see cref="SessionSettings.Schedule"/>.</summary>
    public bool IsOpen(long nowNs) => Settings.Schedule?.IsOpen(nowNs) ?? true;

    /// <summary>
    /// FIX 4.4 vol 2, 24-hour sessions: sends a Logon with ResetSeqNumFlag=Y, so that both numbers start at 1 again while
    /// the session stays up. What the peer had sent before it heard of it is still taken, under its old numbers.
    /// </summary>
    /// <returns>False, and nothing happens, when it is not <see cref="SessionState.Active"/> or a resend is under way.</returns>
    public bool ResetNumbersNow(long nowNs)
    {
        if (State != SessionState.Active || IsResending) return false;
        var nextIn = NextIn;
        ResetNumbers(nowNs);
        NextIn = nextIn;
        SendLogon((int)(_heartbeatNs / SecondNs), reset: true, 1, nowNs);
        _out.FirstHeld = NextOut;
        State = SessionState.ResetSent;
        _stateSinceNs = nowNs;
        return true;
    }

    /// <summary>FIX 4.4 vol 2: a Logon with ResetSeqNumFlag=Y on an established session starts both numbers over.</summary>
    private void OnResetLogon(in Message logon, long nowNs)
    {
        if (WhatIsWrong(logon, nowNs) is { } refusal)
        {
            LogoutAndClose(refusal, nowNs);
            return;
        }
        if (State == SessionState.ResetSent)
        {
            // The answer, or the peer's own reset that crossed ours: either way both count from 1 now.
            State = SessionState.Active;
            NextIn = 1;
        }
        else
        {
            ResetNumbers(nowNs);
            // The interval stays as agreed: only the numbers start over.
            SendLogon((int)(_heartbeatNs / SecondNs), reset: true, 2, nowNs);
            ContinueResend(nowNs);
        }
        if (logon.MsgSeqNum > NextIn) AskForGap(logon.MsgSeqNum, nowNs);
        else Advance(logon.MsgSeqNum + 1, nowNs);
    }

    /// <summary>When the period of the numbers is over: logs out, and both numbers go back to 1.</summary>
    private void Roll(long nowNs)
    {
        if (nowNs < _periodEndNs) return;
        var schedule = Settings.Schedule!;
        if (_periodEndNs == 0)
        {
            var since = _store.ResetNs;
            _periodEndNs = schedule.EndAfter(since > 0 ? since : nowNs);
            if (nowNs < _periodEndNs) return;
        }
        const string Over = "The session's time is over";
        if (Output is not null && !WantsClose)
        {
            if (IsUp) LogoutAndClose(Over, nowNs);
            else Close(Over);
        }
        ResetNumbers(nowNs);
    }

    private void ResetNumbers(long nowNs)
    {
        StopResend();
        _out.Reset(nowNs);
        _out.LastIn = 0;
        NextIn = 1;
        _gapEnd = _logonAbove = 0;
        if (Settings.Schedule is { } schedule) _periodEndNs = schedule.EndAfter(nowNs);
    }
}
