using System.Globalization;
using Venue.Fix;

namespace Venue.Tests.Fix.Fuzzing;

/// <summary>One session on one made-up line: what comes, what its owner does, how time passes, all of it from the input's bytes.</summary>
internal sealed class FuzzedSession(NaiveFix naive) : ISessionHandler
{
    private const byte End = 0;   // of a step's text
    private const int StepsMax = 200;

    private long _now = Wire.Noon;
    private byte[] _unread = [];
    private Session _session = null!;

    public void Live(byte[] input)
    {
        if (input.Length == 0) return;
        _session = new Session(Settings(input[0]), Wire.Dictionary, new MemoryStore(), this);
        _session.Connect(new SendBuffer(1 << 14), _now);
        var rest = input.AsSpan(1);
        for (var steps = 0; rest.Length > 0 && steps < StepsMax; steps++) Step(ref rest);
        _session.Disconnected("over", _now);
        Expect(_session.State == SessionState.Disconnected, "disconnected");
    }

    private static SessionSettings Settings(byte flags) => new()
    {
        SenderCompID = "US",
        TargetCompID = "THEM",
        Initiator = (flags & 1) != 0,
        EnableNextExpectedMsgSeqNum = (flags & 2) != 0,
        SendRedundantResendRequests = (flags & 4) != 0,
        ClosedResendInterval = (flags & 8) != 0,
        ResendWindowBytes = (flags & 16) != 0 ? 1 : 8 << 10,
        MaxMessagesInResendRequest = (flags & 32) != 0 ? 2 : 0,
        EnableLastMsgSeqNumProcessed = (flags & 64) != 0,
        ResetOnDisconnect = (flags & 128) != 0,
        MaxMessageBytes = 4 << 10,
    };

    private void Step(ref Span<byte> rest)
    {
        var kind = (char)rest[0];
        rest = rest[1..];
        switch (kind)
        {
            case 'n': Receive(Framed($"{Text(ref rest)}|34={_session.NextIn}")); break;   // the number that is expected
            case 'm': Receive(Framed(Text(ref rest))); break;
            case 'r': Receive(Wire.Bytes(Text(ref rest))); break;
            case 'k': Send(keep: true); break;
            case 'd': Send(keep: false); break;
            case 'o': _session.Logout("enough", _now); break;
            case 'z': _session.ResetNumbersNow(_now); break;
            case 'c':
                _session.Disconnected("lost", _now);
                _unread = [];
                _session.Connect(new SendBuffer(1 << 14), _now);
                break;
            default:
                _now += kind * 100_000_000L;   // up to 25 s
                _session.Poll(_now);
                break;
        }
        Look();
    }

    private byte[] Framed(string body) => Wire.From("THEM", "US", _now, body.StartsWith("8=", StringComparison.Ordinal) ? body[2..] : body);

    private static string Text(ref Span<byte> rest)
    {
        var end = rest.IndexOf(End) is var at and >= 0 ? at : rest.Length;
        var text = Wire.Text(rest[..end]);
        rest = rest[Math.Min(end + 1, rest.Length)..];
        return text;
    }

    private void Receive(byte[] bytes)
    {
        var all = _unread.Concat(bytes).ToArray();
        var done = _session.OnBytes(all, _now);
        Expect(done >= 0 && done <= all.Length, $"done with {done} of {all.Length} bytes");
        _unread = all[done..];
        Expect(_unread.Length <= _session.Settings.MaxMessageBytes, $"keeps {_unread.Length} bytes");
    }

    private void Send(bool keep)
    {
        ref var reject = ref _session.Begin("j"u8, _now);
        reject.Add(45, 1);
        reject.Add(372, "D"u8);
        reject.Add(380, 4);
        _session.End(keep);
    }

    /// <summary>What was sent, and where the session stands.</summary>
    private void Look()
    {
        Expect(_session.NextIn > 0 && _session.NextOut > 0, $"numbers {_session.NextIn} and {_session.NextOut}");
        if (_session.Output is not { } output) return;
        while (output.Count > 0)
        {
            var sent = output.Unsent(output.Tail);
            Expect(Framing.Find(sent, int.MaxValue, out var length) == FrameKind.Frame, $"sent no message: {Wire.Text(sent)}");
            // Values that are quoted of the peer's messages may be none by the dictionary.
            var verdict = naive.Judge(sent[..length].ToArray());
            Expect(verdict is "-" || verdict.StartsWith("5 372", StringComparison.Ordinal), string.Create(CultureInfo.InvariantCulture, $"sent a message that is wrong, {verdict}: {Wire.Text(sent[..length])}"));
            output.Taken(length);
        }
    }

    private static void Expect(bool isSo, string what)
    {
        if (!isSo) throw new InvalidOperationException(what);
    }

    public void OnLogon(Session session, long nowNs)
    {
    }

    public void OnMessage(Session session, in Message message, long nowNs)
    {
        if (message.PossDup) session.BusinessReject(message, 3, default, "of old"u8, nowNs);
    }

    public void OnLogout(Session session, string reason, long nowNs)
    {
    }
}
