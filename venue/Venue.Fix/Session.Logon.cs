using System.Text;

namespace Venue.Fix;

/// <content>Logon, in both roles.</content>
public sealed partial class Session
{
    private bool _sentReset;     // our Logon of this connection had ResetSeqNumFlag=Y
    private int _logonNumber;    // its MsgSeqNum
    private int _logonAbove;     // number of the peer's Logon, when it came above a gap that is filled without being asked for

    private void SendFirstLogon(long nowNs)
    {
        if (Settings.ResetOnLogon) ResetNumbers(nowNs);
        _sentReset = Settings.Resets && NextOut == 1 && NextIn == 1;
        _logonNumber = NextOut;
        SendLogon(Settings.HeartBtIntSeconds, _sentReset, NextIn, nowNs);
        // What is numbered before the answer comes goes out right after it.
        _out.FirstHeld = NextOut;
    }

    private void SendLogon(int heartBtInt, bool reset, int nextExpected, long nowNs)
    {
        ref var logon = ref _out.Begin(MsgTypes.Logon, nowNs);
        logon.Add(Tags.EncryptMethod, 0);
        logon.Add(Tags.HeartBtInt, heartBtInt);
        if (reset) logon.Add(Tags.ResetSeqNumFlag, (byte)'Y');
        if (Settings.EnableNextExpectedMsgSeqNum) logon.Add(Tags.NextExpectedMsgSeqNum, nextExpected);
        if (Settings is { Initiator: true, Username: { } username }) logon.Add(Tags.Username, username);
        if (Settings is { Initiator: true, Password: { } password }) logon.Add(Tags.Password, password);
        (_handler as ILogonFields)?.AddTo(this, ref logon, _out.NextOut, logon.TimeText(nowNs));
        _out.EndAdmin();
    }

    /// <summary>Acceptor: the first message of the connection.</summary>
    private void OnLogonRequest(in Message logon, long nowNs)
    {
        // A stranger learns nothing: no answer.
        if (!HasOurCompIDs(logon))
        {
            Close("Logon with wrong CompIDs");
            return;
        }
        var refusal = WhatIsWrong(logon, nowNs) ?? (_handler as ILogonCheck)?.Refuse(this, logon, nowNs);
        if (refusal is not null)
        {
            LogoutAndClose(refusal, nowNs);
            return;
        }
        if (!IsOpen(nowNs))
        {
            LogoutAndClose("Logon outside of the session's time", nowNs);
            return;
        }
        logon.TryGetInt(Tags.HeartBtInt, out var heartBtInt);
        if (heartBtInt < Settings.HeartBtIntMinSeconds || heartBtInt > Settings.HeartBtIntMaxSeconds)
        {
            LogoutAndClose($"HeartBtInt(108) must be {Settings.HeartBtIntMinSeconds} to {Settings.HeartBtIntMaxSeconds}", nowNs);
            return;
        }
        var asksReset = AsksReset(logon);
        if (asksReset || Settings.ResetOnLogon) ResetNumbers(nowNs);
        if (logon.MsgSeqNum < NextIn)
        {
            TooLow(logon, nowNs);
            return;
        }
        if (!TryResendFrom(logon, NextOut, out var resendFrom, nowNs)) return;
        var nextExpected = logon.MsgSeqNum == NextIn ? NextIn + 1 : NextIn;
        SendLogon(heartBtInt, asksReset || Settings.Resets && NextOut == 1 && NextIn == 1, nextExpected, nowNs);
        _out.FirstHeld = NextOut;
        Activate(logon, heartBtInt, resendFrom, nowNs);
    }

    /// <summary>Initiator: the answer to our Logon.</summary>
    private void OnLogonAnswer(in Message logon, long nowNs)
    {
        if (!HasOurCompIDs(logon))
        {
            Close("Logon with wrong CompIDs");
            return;
        }
        if (WhatIsWrong(logon, nowNs) is { } refusal)
        {
            LogoutAndClose(refusal, nowNs);
            return;
        }
        if (AsksReset(logon) && !_sentReset)
        {
            // The acceptor starts over by itself. Our Logon, if it had number 1, is the first of the new count already.
            if (_logonNumber > 1) ResetNumbers(nowNs);
            else if (NextIn > 1) Advance(1, nowNs);
        }
        if (logon.MsgSeqNum < NextIn)
        {
            TooLow(logon, nowNs);
            return;
        }
        if (!TryResendFrom(logon, Math.Min(_logonNumber + 1, NextOut), out var resendFrom, nowNs)) return;
        Activate(logon, Settings.HeartBtIntSeconds, resendFrom, nowNs);
    }

    /// <summary>
    /// NextExpectedMsgSeqNum(789), FIX 4.4 vol 2: below <paramref name="next"/>, the number that the peer should expect, it
    /// asks for a resend from there; above, numbers are lost on our side and the session cannot go on.
    /// </summary>
    private bool TryResendFrom(in Message logon, int next, out int from, long nowNs)
    {
        from = 0;
        if (!TryNextExpected(logon, out var expected) || expected == next) return true;
        if (expected < next)
        {
            from = expected;
            return true;
        }
        LogoutAndClose($"NextExpectedMsgSeqNum(789) too high, expecting {next} but received {expected}", nowNs);
        return false;
    }

    private bool TryNextExpected(in Message logon, out int expected)
    {
        expected = 0;
        return Settings.EnableNextExpectedMsgSeqNum && logon.TryGetInt(Tags.NextExpectedMsgSeqNum, out expected) && expected > 0;
    }

    private void Activate(in Message logon, int heartBtInt, int resendFrom, long nowNs)
    {
        State = SessionState.Active;
        _loggedOn = true;
        _heartbeatNs = heartBtInt * SecondNs;
        // Before anything else takes a number.
        if (resendFrom > 0) _resend.Start(resendFrom, NextOut - 1, nowNs);
        else _resend.StartHeld();
        ContinueResend(nowNs);
        // FIX 4.4 vol 2: a Logon above the expected number is answered first, then the gap is asked for, or filled because of 789.
        if (logon.MsgSeqNum > NextIn && TryNextExpected(logon, out _)) AwaitGap(logon.MsgSeqNum, nowNs);
        else if (logon.MsgSeqNum > NextIn) AskForGap(logon.MsgSeqNum, nowNs);
        else Advance(logon.MsgSeqNum + 1, nowNs);
        _handler.OnLogon(this, nowNs);
    }

    private string? WhatIsWrong(in Message logon, long nowNs)
    {
        if (!_validator.Check(_table, logon.Bytes, _dictionary.Message(MsgTypes.Logon)!, out var fault))
            return $"{Encoding.ASCII.GetString(RejectReason.Text(fault.Reason))}: {_dictionary.FieldName(fault.Tag)}({fault.Tag})";
        if (!IsTimely(logon, nowNs)) return "SendingTime accuracy problem";
        return logon.TryGetInt(Tags.EncryptMethod, out var method) && method == 0 ? null : "EncryptMethod(98) must be 0";
    }

    private static bool AsksReset(in Message logon) => logon.TryGetChar(Tags.ResetSeqNumFlag, out var flag) && flag == 'Y';
}
