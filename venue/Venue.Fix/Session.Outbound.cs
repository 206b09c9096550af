namespace Venue.Fix;

/// <content>What is sent.</content>
public sealed partial class Session
{
    /// <summary>
    /// Starts the next application message: header with MsgSeqNum, CompIDs and SendingTime. Add the fields to what is
    /// returned, then call <see cref="End"/>.
    /// </summary>
    public ref MessageWriter Begin(ReadOnlySpan<byte> msgType, long nowNs)
    {
        Roll(nowNs);
        return ref _out.Begin(msgType, nowNs);
    }

    /// <summary>Ends the message begun last.</summary>
    /// <param name="keep">
    /// True: it is stored; when not logged on, or during a resend, it goes out later, in order. False: it is worthless
    /// later (market data): it is not stored, and when it cannot go out now it takes no number and is forgotten.
    /// </param>
    public void End(bool keep)
    {
        if (!keep && _out.Holding) _out.Discard();
        else _out.End(keep);
    }

    /// <summary>Sends a session-level Reject(3).</summary>
    /// <param name="message">What is rejected.</param>
    /// <param name="reason373">SessionRejectReason(373).</param>
    /// <param name="refTag">RefTagID(371); 0 for none.</param>
    /// <param name="text">Text(58).</param>
    /// <param name="nowNs">The time.</param>
    public void Reject(in Message message, int reason373, int refTag, ReadOnlySpan<byte> text, long nowNs)
    {
        // FIX 4.4 vol 2: a Reject is never rejected.
        if (message.MsgType.SequenceEqual(MsgTypes.Reject)) return;
        ref var reject = ref _out.Begin(MsgTypes.Reject, nowNs);
        reject.Add(Tags.RefSeqNum, message.MsgSeqNum);
        if (refTag > 0) reject.Add(Tags.RefTagID, refTag);
        if (!message.MsgType.IsEmpty) reject.Add(Tags.RefMsgType, message.MsgType);
        reject.Add(Tags.SessionRejectReason, reason373);
        reject.Add(Tags.Text, text);
        _out.EndAdmin();
    }

    /// <summary>Sends a BusinessMessageReject(j).</summary>
    /// <param name="message">What is rejected.</param>
    /// <param name="reason380">BusinessRejectReason(380).</param>
    /// <param name="refId">BusinessRejectRefID(379), such as the ClOrdID; empty for none.</param>
    /// <param name="text">Text(58).</param>
    /// <param name="nowNs">The time.</param>
    public void BusinessReject(in Message message, int reason380, ReadOnlySpan<byte> refId, ReadOnlySpan<byte> text, long nowNs)
    {
        ref var reject = ref Begin(MsgTypes.BusinessReject, nowNs);
        reject.Add(Tags.RefSeqNum, message.MsgSeqNum);
        reject.Add(Tags.RefMsgType, message.MsgType);
        if (!refId.IsEmpty) reject.Add(Tags.BusinessRejectRefID, refId);
        reject.Add(Tags.BusinessRejectReason, reason380);
        reject.Add(Tags.Text, text);
        End(keep: true);
    }

    private void Reject(in Message message, Fault fault, long nowNs) =>
        Reject(message, fault.Reason, fault.Tag, RejectReason.Text(fault.Reason), nowNs);

    /// <summary>Rejects before the number was looked at: if it was the expected one, the message counts as received.</summary>
    private void Refuse(in Message message, Fault fault, long nowNs)
    {
        Reject(message, fault, nowNs);
        if (message.MsgSeqNum == NextIn) Advance(NextIn + 1, nowNs);
    }

    private void ContinueResend(long nowNs)
    {
        if (Output is { } output) _resend.Continue(output, nowNs);
        _out.Holding = !IsUp || _resend.IsRunning;
        while (!_resend.IsRunning && !_unanswered.IsEmpty) SendHeartbeat(_unanswered.Take(), nowNs);
    }

    private void SendHeartbeat(ReadOnlySpan<byte> testReqID, long nowNs)
    {
        ref var heartbeat = ref _out.Begin(MsgTypes.Heartbeat, nowNs);
        if (!testReqID.IsEmpty) heartbeat.Add(Tags.TestReqID, testReqID);
        _out.EndAdmin();
    }

    private void SendLogout(string text, long nowNs)
    {
        ref var logout = ref _out.Begin(MsgTypes.Logout, nowNs);
        if (text.Length > 0) logout.Add(Tags.Text, text);
        _out.EndAdmin();
    }

    /// <summary>A Logout whose answer is not waited for.</summary>
    private void LogoutAndClose(string text, long nowNs)
    {
        SendLogout(text, nowNs);
        Close(text);
    }

    private void TooLow(in Message message, long nowNs) =>
        LogoutAndClose($"MsgSeqNum too low, expecting {NextIn} but received {message.MsgSeqNum}", nowNs);

    /// <summary>One ResendRequest for each gap, if the settings do not say otherwise: messages above it are dropped and come again.</summary>
    private void AskForGap(int seen, long nowNs)
    {
        // The numbers start over as soon as the peer has heard of it: there is nothing to ask for.
        if (State == SessionState.ResetSent) return;
        if (_gapEnd == 0) _asked = 0;
        var isWaiting = _gapEnd != 0 && nowNs - _gapMovedNs < Settings.ResendTimeoutSeconds * SecondNs;
        // What a request with an end does not cover is asked for when that end is reached.
        if (!isWaiting) _gapEnd = seen;
        else if (_askedTo != Open) _gapEnd = Math.Max(_gapEnd, seen);
        if (!isWaiting || Settings.SendRedundantResendRequests && _asked < RedundantMax) AskAgain(nowNs);
    }

    private void AskAgain(long nowNs)
    {
        _gapMovedNs = nowNs;
        _asked++;
        var end = Settings.ClosedResendInterval ? _gapEnd : 0;
        if (Settings.MaxMessagesInResendRequest is > 0 and var most && _gapEnd - NextIn >= most) end = NextIn + most - 1;
        _askedTo = end == 0 ? Open : end;
        ref var request = ref _out.Begin(MsgTypes.ResendRequest, nowNs);
        request.Add(Tags.BeginSeqNo, NextIn);
        request.Add(Tags.EndSeqNo, end);
        _out.EndAdmin();
    }

    /// <summary>The peer fills the gap below its Logon because our Logon said what we expect (789): nothing is asked for, unless it does not come.</summary>
    private void AwaitGap(int logonNumber, long nowNs)
    {
        _logonAbove = logonNumber;
        _gapEnd = logonNumber - 1;
        _askedTo = Open;
        _gapMovedNs = nowNs;
    }
}
