using System.Text;

namespace Venue.Fix;

/// <content>Logon, in both roles.</content>
public sealed partial class Session
{
    private bool _sentReset;     // our Logon of this connection had ResetSeqNumFlag=Y
    private int _logonNumber;    // its MsgSeqNum

    private void SendFirstLogon(long nowNs)
    {
        if (Settings.ResetOnLogon) ResetNumbers();
        _sentReset = Settings.Resets && NextOut == 1 && NextIn == 1;
        _logonNumber = NextOut;
        SendLogon(Settings.HeartBtIntSeconds, _sentReset, nowNs);
        // What is numbered before the answer comes goes out right after it.
        _out.FirstHeld = NextOut;
    }

    private void SendLogon(int heartBtInt, bool reset, long nowNs)
    {
        ref var logon = ref _out.Begin(MsgTypes.Logon, nowNs);
        logon.Add(Tags.EncryptMethod, 0);
        logon.Add(Tags.HeartBtInt, heartBtInt);
        if (reset) logon.Add(Tags.ResetSeqNumFlag, (byte)'Y');
        if (Settings is { Initiator: true, Username: { } username }) logon.Add(Tags.Username, username);
        if (Settings is { Initiator: true, Password: { } password }) logon.Add(Tags.Password, password);
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
        logon.TryGetInt(Tags.HeartBtInt, out var heartBtInt);
        if (heartBtInt < Settings.HeartBtIntMinSeconds || heartBtInt > Settings.HeartBtIntMaxSeconds)
        {
            LogoutAndClose($"HeartBtInt(108) must be {Settings.HeartBtIntMinSeconds} to {Settings.HeartBtIntMaxSeconds}", nowNs);
            return;
        }
        var asksReset = AsksReset(logon);
        if (asksReset || Settings.ResetOnLogon) ResetNumbers();
        if (logon.MsgSeqNum < NextIn)
        {
            TooLow(logon, nowNs);
            return;
        }
        SendLogon(heartBtInt, asksReset || Settings.Resets && NextOut == 1 && NextIn == 1, nowNs);
        _out.FirstHeld = NextOut;
        Activate(logon, heartBtInt, nowNs);
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
            if (_logonNumber > 1) ResetNumbers();
            else if (NextIn > 1) Advance(1, nowNs);
        }
        if (logon.MsgSeqNum < NextIn)
        {
            TooLow(logon, nowNs);
            return;
        }
        Activate(logon, Settings.HeartBtIntSeconds, nowNs);
    }

    /// <summary>FIX 4.4 vol 2: a Logon with ResetSeqNumFlag=Y on an established session starts both numbers over.</summary>
    private void OnResetLogon(in Message logon, long nowNs)
    {
        if (WhatIsWrong(logon, nowNs) is { } refusal)
        {
            LogoutAndClose(refusal, nowNs);
            return;
        }
        ResetNumbers();
        // The interval stays as agreed: only the numbers start over.
        SendLogon((int)(_heartbeatNs / SecondNs), reset: true, nowNs);
        ContinueResend(nowNs);
        if (logon.MsgSeqNum > NextIn) AskForGap(logon.MsgSeqNum, nowNs);
        else Advance(logon.MsgSeqNum + 1, nowNs);
    }

    private void Activate(in Message logon, int heartBtInt, long nowNs)
    {
        State = SessionState.Active;
        _loggedOn = true;
        _heartbeatNs = heartBtInt * SecondNs;
        // Before anything else takes a number.
        _resend.StartHeld();
        ContinueResend(nowNs);
        // FIX 4.4 vol 2: a Logon above the expected number is answered first, then the gap is asked for.
        if (logon.MsgSeqNum > NextIn) AskForGap(logon.MsgSeqNum, nowNs);
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
