using System.Globalization;
using Venue.Fix;

namespace Venue.Tests.Fix;

/// <summary>
/// Runs a session against a script with a hand-set clock. One line, one step:
/// <code>
/// in 35=A|34=1|98=0|108=30     bytes of the peer; 49, 56, 52 are added ("52=-" leaves it out)
/// raw 8=FIX.4.4|9=...          bytes as they are
/// out 35=A|34=1|98=0|108=30    next message sent; 8 9 10 49 56 52 are looked at by themselves; * is any value
/// app D 2                      next thing told to the handler: application message, type and number, "resend" when PossResend=Y
/// logon, logout text, rejected 3 likewise: OnLogon, OnLogout whose reason contains the text, OnReject
/// close text                   the session wants the connection closed, for a reason that contains the text
/// wait 30s                     time passes (s or ms), then Poll
/// send keep 35=B|58=x          Begin and End by the owner (or: send drop)
/// ask text                     Logout by the owner
/// reset                        ResetNumbersNow by the owner
/// connect, drop                the connection comes and goes
/// next in 3 out 4              the numbers
/// state Active                 the state
/// </code>
/// Everything sent or told must be expected by the script, in order.
/// </summary>
internal sealed class ScriptedSession : ISessionHandler, ILogonCheck, IRejectHandler
{
    private readonly Queue<string> _told = new();
    private readonly Queue<string> _sent = new();
    private readonly bool _initiator;
    private SendBuffer _output = new(1 << 20);
    private long _now = Wire.Noon;
    private byte[] _rest = [];

    public ScriptedSession(Func<SessionSettings, SessionSettings>? settings = null, bool initiator = false, ISessionStore? store = null)
    {
        _initiator = initiator;
        Store = store ?? new MemoryStore();
        var defaults = new SessionSettings { SenderCompID = "US", TargetCompID = "THEM", Initiator = initiator };
        Session = new Session(settings?.Invoke(defaults) ?? defaults, Wire.Dictionary, Store, this);
    }

    public Session Session { get; }
    public ISessionStore Store { get; }

    /// <summary>True when the script is about bytes alone: what the owner is told is not in it.</summary>
    public bool TellsOnlyMessages { get; init; }

    /// <summary>What ILogonCheck answers.</summary>
    public string? Refusal { get; init; }

    public static void Acceptor(string script, Func<SessionSettings, SessionSettings>? settings = null) =>
        new ScriptedSession(settings).Run("connect\n" + script);

    /// <summary>An acceptor after the Logons: both numbers are 2.</summary>
    public static void Active(string script, Func<SessionSettings, SessionSettings>? settings = null) => Acceptor("""
        in 35=A|34=1|98=0|108=30
        out 35=A|34=1|98=0|108=30
        logon
        """ + "\n" + script, settings);

    public static void Initiator(string script, Func<SessionSettings, SessionSettings>? settings = null) =>
        new ScriptedSession(settings, initiator: true).Run("connect\n" + script);

    public ScriptedSession Run(string script)
    {
        foreach (var line in script.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var space = line.IndexOf(' ');
            Step(space < 0 ? line : line[..space], space < 0 ? "" : line[(space + 1)..].Trim(), line);
        }
        Assert.That(_sent, Is.Empty, "sent, and not in the script");
        Assert.That(_told, Is.Empty, "told, and not in the script");
        return this;
    }

    private void Step(string verb, string rest, string line)
    {
        if (verb is "in" or "raw" or "wait" or "send" or "ask" or "reset" or "connect" or "drop")
        {
            Assert.That(_sent, Is.Empty, $"sent before: {line}");
            Assert.That(_told, Is.Empty, $"told before: {line}");
        }
        switch (verb)
        {
            case "in": Receive(Wire.From("THEM", "US", _now, rest)); break;
            case "raw": Receive(Wire.Bytes(rest)); break;
            case "out": Assert.That(_sent.Count > 0 ? _sent.Dequeue() : "nothing", new Like(rest), line); break;
            case "app": Assert.That(Told(), Is.EqualTo("app " + rest), line); break;
            case "rejected": Assert.That(Told(), Is.EqualTo("rejected " + rest), line); break;
            case "logon": Assert.That(Told(), Is.EqualTo("logon"), line); break;
            case "logout": Assert.That(Told(), Does.StartWith("logout ").And.Contains(rest), line); break;
            case "close":
                Assert.That(Session.WantsClose, Is.True, line);
                Assert.That(Session.CloseReason, Does.Contain(rest), line);
                break;
            case "state": Assert.That(Session.State.ToString(), Is.EqualTo(rest), line); break;
            case "next": Assert.That($"in {Session.NextIn} out {Session.NextOut}", Is.EqualTo(rest), line); break;
            case "stored": Assert.That($"in {Store.NextIn} out {Store.NextOut}", Is.EqualTo(rest), line); break;
            case "ask": Session.Logout(rest, _now); break;
            case "reset": Assert.That(Session.ResetNumbersNow(_now), Is.True, line); break;
            case "send": Send(rest); break;
            case "wait":
                var ms = rest.EndsWith("ms", StringComparison.Ordinal);
                _now += long.Parse(rest.TrimEnd('m', 's'), CultureInfo.InvariantCulture) * (ms ? 1_000_000 : 1_000_000_000);
                Session.Poll(_now);
                break;
            case "connect":
                _output = new SendBuffer(1 << 20);
                _rest = [];
                Session.Connect(_output, _now);
                break;
            case "drop": Session.Disconnected("socket closed", _now); break;
            default: throw new ArgumentException($"no such step: {line}");
        }
        Collect();
    }

    private void Receive(byte[] bytes)
    {
        var all = _rest.Concat(bytes).ToArray();
        _rest = all[Session.OnBytes(all, _now)..];
    }

    private void Send(string rest)
    {
        var fields = rest[5..].Split('|');
        ref var writer = ref Session.Begin(Wire.Bytes(fields[0][3..]), _now);
        foreach (var field in fields[1..])
        {
            var equals = field.IndexOf('=');
            writer.Add(int.Parse(field[..equals], CultureInfo.InvariantCulture), field[(equals + 1)..]);
        }
        Session.End(rest.StartsWith("keep", StringComparison.Ordinal));
    }

    private void Tell(string what)
    {
        if (!TellsOnlyMessages) _told.Enqueue(what);
    }

    private string Told() => _told.Count > 0 ? _told.Dequeue() : "nothing";

    /// <summary>Takes what was sent apart and looks at the fields that every message has.</summary>
    private void Collect()
    {
        while (_output.Count > 0)
        {
            var unsent = _output.Unsent(_output.Tail);
            Assert.That(Framing.Find(unsent, int.MaxValue, out var length), Is.EqualTo(FrameKind.Frame), Wire.Text(unsent));
            var fields = Wire.Text(unsent[..length]).TrimEnd('|').Split('|');
            _output.Taken(length);
            Assert.That(fields, Does.Contain("8=FIX.4.4").And.Contain("49=US").And.Contain("56=THEM").And.Contain("52=" + Wire.Time(_now)));
            _sent.Enqueue(string.Join('|', fields.Where(f => f[..f.IndexOf('=')] is not ("8" or "9" or "10" or "49" or "56" or "52"))));
        }
    }

    public void OnLogon(Session session, long nowNs) => Tell("logon");

    public void OnMessage(Session session, in Message message, long nowNs) => _told.Enqueue($"app {Wire.Text(message.MsgType)} {message.MsgSeqNum}{(message.PossResend ? " resend" : "")}");

    public void OnLogout(Session session, string reason, long nowNs) => Tell("logout " + reason);

    public void OnReject(Session session, in Message reject, long nowNs)
    {
        reject.TryGetInt(45, out var number);
        _told.Enqueue($"rejected {number}");
    }

    public string? Refuse(Session session, in Message logon, long nowNs) => Refusal;

    /// <summary>Fields equal one by one, where a value of * fits all.</summary>
    private sealed class Like(string pattern) : NUnit.Framework.Constraints.Constraint
    {
        public override string Description => pattern;

        public override NUnit.Framework.Constraints.ConstraintResult ApplyTo<TActual>(TActual actual)
        {
            string[] wanted = pattern.Split('|'), got = actual!.ToString()!.Split('|');
            var same = wanted.Length == got.Length && wanted.Zip(got).All(pair =>
                pair.First == pair.Second || pair.First.EndsWith("=*", StringComparison.Ordinal) && pair.Second.StartsWith(pair.First[..^1], StringComparison.Ordinal));
            return new NUnit.Framework.Constraints.ConstraintResult(this, actual, same);
        }
    }
}
