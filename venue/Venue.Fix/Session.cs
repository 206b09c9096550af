using System.Text;

namespace Venue.Fix;

/// <summary>Where a session stands.</summary>
public enum SessionState
{
    /// <summary>No connection. Messages are numbered and stored.</summary>
    Disconnected,
    /// <summary>Acceptor: connected, the peer's Logon has not come.</summary>
    AwaitingLogon,
    /// <summary>Initiator: our Logon is sent, its answer has not come.</summary>
    LogonSent,
    /// <summary>Logons are exchanged.</summary>
    Active,
    /// <summary>Logons are exchanged, and our Logon with ResetSeqNumFlag=Y is sent in the middle of it; its answer has not come.</summary>
    ResetSent,
    /// <summary>Our Logout is sent: what still comes is handled until the answer, or until the connection closes.</summary>
    LogoutSent,
}

/// <summary>
/// One FIX 4.4 session, either role: bytes and time come in, bytes go to a <see cref="SendBuffer"/>, application messages
/// go to the handler. No socket, clock or thread inside.
/// </summary>
/// <remarks>
/// Owned by one thread. Times are nanoseconds since 1970-01-01 UTC and do not go backwards. Messages above a gap are
/// dropped: the ResendRequest asks for everything from the gap on (EndSeqNo 0), so they come again in order and nothing
/// has to be queued. Source of the rules: FIX 4.4 vol 2, and its session test cases.
/// </remarks>
public sealed partial class Session
{
    private const long SecondNs = 1_000_000_000;
    private const int Open = int.MaxValue;
    private const int RedundantMax = 8;   // ResendRequests for one gap: each can bring the whole gap again

    private readonly FixDictionary _dictionary;
    private readonly ISessionStore _store;
    private readonly ISessionHandler _handler;
    private readonly Outbound _out;
    private readonly Resend _resend;
    private readonly TestRequests _unanswered = new();
    private readonly FieldTable _table = new();
    private readonly Validator _validator;
    private readonly byte[] _beginString, _ourCompID, _theirCompID;

    private bool _loggedOn;            // OnLogon was told, OnLogout not yet
    private long _stateSinceNs;        // when Connect or Logout happened, whichever State is about
    private int _gapEnd;               // highest number seen when the gap was asked for; 0 when there is no gap
    private int _askedTo;              // last number that the ResendRequest covers; Open when it has no end
    private int _asked;                // ResendRequests since the gap arose
    private long _gapMovedNs;          // when it was asked for, or last became smaller

    /// <summary>Takes both sequence numbers from the store.</summary>
    /// <exception cref="ArgumentException">The dictionary lacks a message of the session level.</exception>
    public Session(SessionSettings settings, FixDictionary dictionary, ISessionStore store, ISessionHandler handler)
    {
        foreach (var type in MsgTypes.Admin)
            if (!dictionary.HasMessage([type])) throw new ArgumentException($"no message type '{(char)type}'", nameof(dictionary));
        Settings = settings;
        _dictionary = dictionary;
        _store = store;
        _handler = handler;
        _out = new Outbound(settings, store) { Owner = this, LastIn = store.NextIn - 1 };
        _resend = new Resend(_out, store, settings.ResendWindowBytes);
        _validator = new Validator(dictionary, settings.Validation);
        _beginString = Encoding.ASCII.GetBytes(settings.BeginString);
        _ourCompID = Encoding.ASCII.GetBytes(settings.SenderCompID);
        _theirCompID = Encoding.ASCII.GetBytes(settings.TargetCompID);
        _periodEndNs = settings.Schedule is null ? long.MaxValue : 0;
        NextIn = store.NextIn;
    }

    /// <summary>What is agreed with the counterparty.</summary>
    public SessionSettings Settings { get; }

    /// <summary>Where it stands.</summary>
    public SessionState State { get; private set; }

    /// <summary>MsgSeqNum(34) of the next message that we send.</summary>
    public int NextOut => _out.NextOut;

    /// <summary>MsgSeqNum(34) of the next message that we expect.</summary>
    public int NextIn { get; private set; }

    /// <summary>The owner's own.</summary>
    public object? Tag { get; set; }

    /// <summary>True when the transport must send what is in <see cref="Output"/> and then close the connection.</summary>
    public bool WantsClose { get; private set; }

    /// <summary>Why <see cref="WantsClose"/> was set; kept until the next connection.</summary>
    public string? CloseReason { get; private set; }

    /// <summary>True when the peer ended this connection's session by a Logout of its own accord; kept until the next connection.</summary>
    public bool PeerLoggedOut { get; private set; }

    /// <summary>Bytes for the connection; null while there is none.</summary>
    public SendBuffer? Output => _out.Buffer;

    /// <summary>Given every message in and out; null, and free, when nothing is to be logged. May be set while running, by any thread.</summary>
    public IMessageLog? Log
    {
        get => _out.Log;
        set => _out.Log = value;
    }

    /// <summary>True while a resend is under way: messages that are kept follow it in order, others are not sent at all.</summary>
    public bool IsResending => _resend.IsRunning;

    /// <summary>A connection is there. An initiator sends its Logon, an acceptor waits for it.</summary>
    /// <param name="output">Empty; belongs to the session until <see cref="Disconnected"/>.</param>
    /// <param name="nowNs">The time.</param>
    public void Connect(SendBuffer output, long nowNs)
    {
        if (State != SessionState.Disconnected) throw new InvalidOperationException($"Connect while {State}");
        Roll(nowNs);
        if (Settings.RefreshOnLogon) Refresh();
        _out.Buffer = output;
        WantsClose = false;
        CloseReason = null;
        PeerLoggedOut = false;
        _testRequested = false;
        _stateSinceNs = _lastReceivedNs = _lastPollNs = nowNs;
        State = Settings.Initiator ? SessionState.LogonSent : SessionState.AwaitingLogon;
        if (!Settings.Initiator) return;
        if (IsOpen(nowNs)) SendFirstLogon(nowNs);
        else Close("outside of the session's time");
    }

    /// <summary>
    /// Handles all whole messages in <paramref name="received"/> and returns how many bytes are done with. The caller
    /// presents the rest again, in front of what comes next.
    /// </summary>
    public int OnBytes(ReadOnlySpan<byte> received, long nowNs)
    {
        var done = 0;
        Roll(nowNs);
        while (Output is not null && !WantsClose)
        {
            var rest = received[done..];
            var kind = Framing.Locate(rest, Settings.MaxMessageBytes, out var length);
            // The peer seems silent although bytes came: then a wrong BodyLength(9) swallows one message after the other.
            if (kind == FrameKind.NeedMore && _testRequested && (length = Framing.NextMessage(rest)) > 0) kind = FrameKind.Garbled;
            if (kind == FrameKind.NeedMore) break;
            if (kind == FrameKind.TooLong)
            {
                Close($"message longer than {Settings.MaxMessageBytes} bytes");
                break;
            }
            if (kind == FrameKind.Frame && _table.Read(rest[..length], _dictionary)) OnFrame(rest[..length], nowNs);
            else
            {
                if (kind == FrameKind.Frame) length = Framing.NextStart(rest);
                _out.Log?.Add(this, LogDirection.Garbled, rest[..length], nowNs);
            }
            done += length;
        }
        Settle(nowNs);
        // Whatever comes after the end is nobody's.
        return WantsClose || Output is null ? received.Length : done;
    }

    /// <summary>The connection is gone. The numbers stay, unless the settings say otherwise.</summary>
    public void Disconnected(string reason, long nowNs)
    {
        if (State == SessionState.Disconnected) return;
        _out.Buffer = null;
        _out.Holding = true;
        StopResend();
        _gapEnd = _logonAbove = 0;
        if (State == SessionState.ResetSent) NextIn = _store.NextIn;   // the peer had not answered: we have started over
        State = SessionState.Disconnected;
        if (Settings.ResetOnDisconnect) ResetNumbers(nowNs);
        CloseReason ??= reason;
        WantsClose = false;
        TellLogout(nowNs);
    }

    /// <summary>Starts the Logout handshake; before a Logon it only asks for the connection to be closed.</summary>
    public void Logout(string text, long nowNs)
    {
        if (WantsClose) return;
        if (State == SessionState.ResetSent)
        {
            LogoutAndClose(text, nowNs);
        }
        else if (State == SessionState.Active)
        {
            SendLogout(text, nowNs);
            State = SessionState.LogoutSent;
            _stateSinceNs = nowNs;
            _out.Holding = true;
        }
        else if (State is SessionState.AwaitingLogon or SessionState.LogonSent)
        {
            Close(text);
        }
    }

    private void StopResend()
    {
        _resend.Stop();
        _unanswered.Clear();
    }

    private bool IsUp => State is SessionState.Active or SessionState.ResetSent;

    private void Refresh()
    {
        _store.Refresh();
        _out.Refresh();
        NextIn = _store.NextIn;
        _out.LastIn = NextIn - 1;
    }

    private void Close(string reason)
    {
        if (WantsClose) return;
        WantsClose = true;
        CloseReason = reason;
        _out.Holding = true;
        StopResend();
        if (State == SessionState.ResetSent) NextIn = _store.NextIn;
        if (IsUp) State = SessionState.LogoutSent;
    }

    // The end of every step: overflow is seen here, and the owner hears of the end outside of its own calls.
    private void Settle(long nowNs)
    {
        if (Output is { Overflowed: true }) Close("peer reads too slowly: send buffer is full");
        if (WantsClose) TellLogout(nowNs);
    }

    private void TellLogout(long nowNs)
    {
        if (!_loggedOn) return;
        _loggedOn = false;
        _handler.OnLogout(this, CloseReason ?? "", nowNs);
    }

    private void Advance(int nextIn, long nowNs)
    {
        // The Logon above the gap was taken when it came: it counts as soon as nothing is missing before it.
        if (nextIn == _logonAbove) nextIn++;
        if (nextIn > _logonAbove) _logonAbove = 0;
        NextIn = nextIn;
        _out.LastIn = nextIn - 1;
        // Until the answer to our reset the peer still counts on; the store starts over already.
        if (State != SessionState.ResetSent) _store.Received(nextIn);
        _gapMovedNs = nowNs;
        if (nextIn > _gapEnd) _gapEnd = 0;
        else if (nextIn > _askedTo) AskAgain(nowNs);
    }
}
