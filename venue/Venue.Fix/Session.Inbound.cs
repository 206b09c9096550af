using System.Text;

namespace Venue.Fix;

/// <content>What is done with each message that comes.</content>
public sealed partial class Session
{
    private void OnFrame(ReadOnlySpan<byte> bytes, long nowNs)
    {
        _out.Log?.Add(this, LogDirection.In, bytes, nowNs);
        _lastReceivedNs = nowNs;
        _testRequested = false;
        var message = new Message(bytes, _table);
        var type = message.MsgType;

        if (!message.BeginString.SequenceEqual(_beginString))
        {
            if (IsUp || State == SessionState.LogoutSent) LogoutAndClose("Incorrect BeginString", nowNs);
            else Close("Incorrect BeginString");
            return;
        }
        // Without a number there is nothing to refer to (FIX 4.4 vol 2: Logout and disconnect).
        if (message.MsgSeqNum == 0)
        {
            if (IsUp || State == SessionState.LogoutSent) LogoutAndClose("MsgSeqNum(34) missing or not a positive number", nowNs);
            else Close("MsgSeqNum(34) missing or not a positive number");
            return;
        }

        switch (State)
        {
            case SessionState.AwaitingLogon when type.SequenceEqual(MsgTypes.Logon):
                OnLogonRequest(message, nowNs);
                break;
            case SessionState.LogonSent when type.SequenceEqual(MsgTypes.Logon):
                OnLogonAnswer(message, nowNs);
                break;
            case SessionState.LogonSent when type.SequenceEqual(MsgTypes.Logout) && HasOurCompIDs(message):
                if (message.MsgSeqNum == NextIn) Advance(NextIn + 1, nowNs);
                Close($"Logon refused: {TextOf(message)}");
                break;
            case SessionState.AwaitingLogon or SessionState.LogonSent:
                Close("first message is not a Logon");
                break;
            default:
                OnNumbered(message, type, nowNs);
                break;
        }
    }

    /// <summary>A message after the Logon: sender, time and number are looked at before the content.</summary>
    private void OnNumbered(in Message message, ReadOnlySpan<byte> type, long nowNs)
    {
        if (!HasOurCompIDs(message))
        {
            Refuse(message, HasCompIDs(message, out var absent) ? new Fault(RejectReason.CompIDProblem, 0) : new Fault(RejectReason.RequiredTagMissing, absent), nowNs);
            LogoutAndClose("CompID problem", nowNs);
            return;
        }
        if (!IsTimely(message, nowNs))
        {
            OnBadTime(message, nowNs);
            return;
        }
        if (type.SequenceEqual(MsgTypes.Logon) && AsksReset(message))
        {
            OnResetLogon(message, nowNs);
            return;
        }
        if (type.SequenceEqual(MsgTypes.SequenceReset) && !(message.TryGetChar(Tags.GapFillFlag, out var gapFill) && gapFill == 'Y'))
        {
            OnReset(message, nowNs);
            return;
        }
        if (message.MsgSeqNum > NextIn) OnTooHigh(message, type, nowNs);
        else if (message.MsgSeqNum == NextIn) OnExpected(message, type, nowNs);
        else if (!message.PossDup) TooLow(message, nowNs);
        // Seen before: ignored, if it says when it was sent first (a gap fill need not).
        else if (Settings.RequiresOrigSendingTime && !message.TryGet(Tags.OrigSendingTime, out _) && !type.SequenceEqual(MsgTypes.SequenceReset))
            Refuse(message, new Fault(RejectReason.RequiredTagMissing, Tags.OrigSendingTime), nowNs);
    }

    private void OnExpected(in Message message, ReadOnlySpan<byte> type, long nowNs)
    {
        var definition = _dictionary.Message(type);
        if (definition is null)
        {
            if (MsgTypes.IsStandard(type)) BusinessReject(message, 3, default, "Unsupported Message Type"u8, nowNs);
            else Reject(message, new Fault(RejectReason.InvalidMsgType, Tags.MsgType), nowNs);
        }
        else if (!_validator.Check(_table, message.Bytes, definition, out var fault))
        {
            Reject(message, fault, nowNs);
        }
        else if (!definition.IsAdmin)
        {
            _handler.OnMessage(this, message, nowNs);
        }
        else
        {
            OnAdmin(message, type[0], nowNs);
            return;
        }
        Advance(message.MsgSeqNum + 1, nowNs);
    }

    private void OnAdmin(in Message message, byte type, long nowNs)
    {
        var next = message.MsgSeqNum + 1;
        switch (type)
        {
            case (byte)'1':
                Advance(next, nowNs);
                OnTestRequest(message, nowNs);
                break;
            case (byte)'2':
                Advance(next, nowNs);
                OnResendRequest(message, nowNs);
                break;
            case (byte)'3':
                (_handler as IRejectHandler)?.OnReject(this, message, nowNs);
                Advance(next, nowNs);
                break;
            case (byte)'4':
                message.TryGetInt(Tags.NewSeqNo, out var newSeqNo);
                if (newSeqNo < next) Reject(message, RejectReason.ValueOutOfRange, Tags.NewSeqNo, "NewSeqNo(36) must be above MsgSeqNum(34)"u8, nowNs);
                Advance(Math.Max(newSeqNo, next), nowNs);
                break;
            case (byte)'5':
                Advance(next, nowNs);
                OnLogout(message, nowNs);
                break;
            case (byte)'A':
                Reject(message, RejectReason.Other, 0, "Already logged on"u8, nowNs);
                Advance(next, nowNs);
                break;
            default:
                Advance(next, nowNs);
                break;
        }
    }

    /// <summary>Something before it is missing. Messages that would block the session if they waited are handled at once.</summary>
    private void OnTooHigh(in Message message, ReadOnlySpan<byte> type, long nowNs)
    {
        var definition = _dictionary.Message(type);
        if (definition is { IsAdmin: true } && _validator.Check(_table, message.Bytes, definition, out _))
        {
            if (type.SequenceEqual(MsgTypes.Logout))
            {
                OnLogout(message, nowNs);
                return;
            }
            // FIX 4.4 vol 2: the resend first, then our own request; otherwise both sides could wait for each other.
            if (type.SequenceEqual(MsgTypes.ResendRequest)) OnResendRequest(message, nowNs);
            if (type.SequenceEqual(MsgTypes.TestRequest)) OnTestRequest(message, nowNs);
        }
        AskForGap(message.MsgSeqNum, nowNs);
    }

    private void OnTestRequest(in Message message, long nowNs)
    {
        message.TryGet(Tags.TestReqID, out var id);
        // In a resend its answer would be above a gap of the peer's, who drops it or asks again: it follows right behind.
        if (!_resend.IsRunning || !_unanswered.TryAdd(id)) SendHeartbeat(id, nowNs);
    }

    private void OnResendRequest(in Message message, long nowNs)
    {
        message.TryGetInt(Tags.BeginSeqNo, out var from);
        message.TryGetInt(Tags.EndSeqNo, out var to);
        if (from < 1 || to != 0 && to < from)
        {
            Reject(message, RejectReason.ValueOutOfRange, from < 1 ? Tags.BeginSeqNo : Tags.EndSeqNo, RejectReason.Text(RejectReason.ValueOutOfRange), nowNs);
            return;
        }
        if (from >= NextOut) return;
        _resend.Start(from, to == 0 ? NextOut - 1 : Math.Min(to, NextOut - 1), nowNs);
        ContinueResend(nowNs);
    }

    /// <summary>SequenceReset without GapFillFlag: MsgSeqNum is not looked at, the number moves forward only.</summary>
    private void OnReset(in Message message, long nowNs)
    {
        if (!_validator.Check(_table, message.Bytes, _dictionary.Message(MsgTypes.SequenceReset)!, out var fault))
        {
            Refuse(message, fault, nowNs);
            return;
        }
        message.TryGetInt(Tags.NewSeqNo, out var newSeqNo);
        if (newSeqNo > NextIn) Advance(newSeqNo, nowNs);
        else if (newSeqNo < NextIn)
            Reject(message, RejectReason.ValueOutOfRange, Tags.NewSeqNo, "NewSeqNo(36) must not be below the expected MsgSeqNum"u8, nowNs);
    }

    private void OnLogout(in Message message, long nowNs)
    {
        if (IsUp)
        {
            PeerLoggedOut = true;
            SendLogout("", nowNs);
            Close($"peer logged out: {TextOf(message)}");
        }
        else
        {
            Close("logged out");
        }
        if (Settings.ResetOnLogout) ResetNumbers(nowNs);
    }

    private void OnBadTime(in Message message, long nowNs)
    {
        if (!message.TryGet(Tags.SendingTime, out var text))
        {
            Refuse(message, new Fault(RejectReason.RequiredTagMissing, Tags.SendingTime), nowNs);
            return;
        }
        if (!FieldText.TryTime(text, out _))
        {
            Refuse(message, new Fault(text.IsEmpty ? RejectReason.TagWithoutValue : RejectReason.WrongFormat, Tags.SendingTime), nowNs);
            return;
        }
        Refuse(message, new Fault(RejectReason.SendingTimeAccuracy, Tags.SendingTime), nowNs);
        Logout("SendingTime accuracy problem", nowNs);
    }

    /// <summary>SendingTime is near our time, and a possible duplicate was not first sent after it.</summary>
    private bool IsTimely(in Message message, long nowNs)
    {
        if (!message.TryGetTime(Tags.SendingTime, out var sentNs)) return false;
        if (Settings.CheckLatency && Math.Abs(nowNs - sentNs) > Settings.MaxLatencySeconds * SecondNs) return false;
        return !message.PossDup || !message.TryGetTime(Tags.OrigSendingTime, out var firstNs) || firstNs <= sentNs;
    }

    private bool HasOurCompIDs(in Message message) =>
        !Settings.CheckCompID ||
        message.TryGet(Tags.SenderCompID, out var sender) && sender.SequenceEqual(_theirCompID) &&
        message.TryGet(Tags.TargetCompID, out var target) && target.SequenceEqual(_ourCompID);

    private static bool HasCompIDs(in Message message, out int absent)
    {
        absent = !message.TryGet(Tags.SenderCompID, out _) ? Tags.SenderCompID : !message.TryGet(Tags.TargetCompID, out _) ? Tags.TargetCompID : 0;
        return absent == 0;
    }

    private static string TextOf(in Message message) => message.TryGet(Tags.Text, out var text) ? Encoding.UTF8.GetString(text) : "";
}
