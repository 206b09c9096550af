using System.Globalization;
using Venue.Fix;

namespace Venue.Tests.Fix;

/// <summary>An initiator and an acceptor on a bad line: whatever the line does, each message arrives once and in order.</summary>
public sealed class PairTests
{
    private const int Steps = 4_000;

    [Test]
    public void Every_message_arrives_once_and_in_order([Range(1, 60)] int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        // A quarter of the seeds each: as delivered, 789, requests with an end, requests in parts.
        var line = new Line(random, settings => (seed % 4) switch
        {
            1 => settings with { EnableNextExpectedMsgSeqNum = true },
            2 => settings with { ClosedResendInterval = true, EnableNextExpectedMsgSeqNum = seed % 8 == 2 },
            3 => settings with { MaxMessagesInResendRequest = 5 },
            _ => settings,
        });
        for (var i = 0; i < Steps; i++) line.Step();
        line.Heal();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(line.Left.Got, Is.EqualTo(Enumerable.Range(1, line.Right.Sent)));
            Assert.That(line.Right.Got, Is.EqualTo(Enumerable.Range(1, line.Left.Sent)));
            Assert.That(line.Left.Sent, Is.GreaterThan(100));
            Assert.That(line.Connections, Is.GreaterThan(3));
            Assert.That(line.Faults, Is.GreaterThan(5));
            Assert.That(line.Left.Logons, Is.EqualTo(line.Left.Logouts + 1));
            Assert.That(line.Right.Logons, Is.EqualTo(line.Right.Logouts + 1));
        }
    }

    /// <summary>The two ends, the bytes between them, and the clock.</summary>
    private sealed class Line(Random random, Func<SessionSettings, SessionSettings> settings)
    {
        private long _now = Wire.Noon;

        public End Left { get; } = new(initiator: true, settings);
        public End Right { get; } = new(initiator: false, settings);
        public int Connections { get; private set; }
        public int Faults { get; private set; }

        public void Step()
        {
            _now += random.Next(0, 40) * 1_000_000L;
            switch (random.Next(100))
            {
                case < 12: Left.Send(_now, keep: random.Next(8) > 0); break;
                case < 24: Right.Send(_now, keep: random.Next(8) > 0); break;
                case < 25: _now += random.Next(1, 20) * 1_000_000_000L; break;
                case 25 when random.Next(4) == 0: Disconnect(); break;
                case 26 when random.Next(8) == 0: (random.Next(2) == 0 ? Left : Right).Session.Logout("break", _now); break;
                case 27 when random.Next(4) == 0: Restart(random.Next(2) == 0 ? Left : Right); break;
                case < 31: Spoil(random.Next(2) == 0 ? Left : Right); break;
                case < 40: Left.Session.Poll(_now); break;
                case < 52: Right.Session.Poll(_now); break;
                case < 55: Connect(); break;
                case < 78: Deliver(Left, Right, random.Next(1, 2000)); break;
                default: Deliver(Right, Left, random.Next(1, 2000)); break;
            }
            Hangup();
        }

        /// <summary>No more faults: runs until both ends have nothing left to say.</summary>
        public void Heal()
        {
            for (var i = 0; i < 2_000; i++)
            {
                _now += 50_000_000;
                Connect();
                Left.Session.Poll(_now);
                Right.Session.Poll(_now);
                Deliver(Left, Right, int.MaxValue);
                Deliver(Right, Left, int.MaxValue);
                Hangup();
            }
        }

        private void Connect()
        {
            if (Left.Session.State != SessionState.Disconnected || Right.Session.State != SessionState.Disconnected) return;
            Connections++;
            Right.Connect(_now);
            Left.Connect(_now);
        }

        private void Disconnect()
        {
            Left.Disconnect(_now);
            Right.Disconnect(_now);
        }

        /// <summary>A process dies: only its store is left.</summary>
        private void Restart(End end)
        {
            Disconnect();
            end.Start();
        }

        private void Hangup()
        {
            if (!Left.Session.WantsClose && !Right.Session.WantsClose) return;
            // What was sent before the close still arrives.
            Deliver(Left, Right, int.MaxValue);
            Deliver(Right, Left, int.MaxValue);
            Disconnect();
        }

        private void Deliver(End from, End to, int count)
        {
            if (from.Output is not { Count: > 0 } output) return;
            var unsent = output.Unsent(output.Tail);
            count = Math.Min(count, unsent.Length);
            to.Receive(unsent[..count], _now);
            output.Taken(count);
        }

        /// <summary>One whole message at the head of the line is lost, damaged, or comes twice.</summary>
        private void Spoil(End from)
        {
            if (from.Output is not { Count: > 0 } output || End.IsMidMessage(output)) return;
            var unsent = output.Unsent(output.Tail);
            if (Framing.Find(unsent, 1 << 16, out var length) != FrameKind.Frame) return;
            Faults++;
            var message = unsent[..length].ToArray();
            var to = from == Left ? Right : Left;
            var fault = random.Next(4);
            if (fault == 0) message[random.Next(message.Length)] ^= (byte)(1 << random.Next(7));
            if (fault is 0 or 2) to.Receive(message, _now);
            if (fault == 3) return;
            if (fault != 2) output.Taken(length);
        }
    }

    private sealed class End : ISessionHandler
    {
        private readonly bool _initiator;
        private readonly Func<SessionSettings, SessionSettings> _settings;
        private readonly MemoryStore _store = new();
        private byte[] _rest = [];

        public End(bool initiator, Func<SessionSettings, SessionSettings> settings)
        {
            _settings = settings;
            _initiator = initiator;
            Session = Start();
        }

        public Session Session { get; private set; }
        public SendBuffer? Output => Session.Output;
        public List<int> Got { get; } = [];
        public int Sent { get; private set; }
        public int Logons { get; private set; }
        public int Logouts { get; private set; }

        public Session Start() => Session = new Session(_settings(new SessionSettings
        {
            SenderCompID = _initiator ? "L" : "R",
            TargetCompID = _initiator ? "R" : "L",
            Initiator = _initiator,
            HeartBtIntSeconds = 5,
            ResendWindowBytes = 700,
            ResendTimeoutSeconds = 10,
        }), Wire.Dictionary, _store, this);

        public void Connect(long nowNs)
        {
            _rest = [];
            Session.Connect(new SendBuffer(1 << 20), nowNs);
        }

        public void Disconnect(long nowNs) => Session.Disconnected("line", nowNs);

        public void Send(long nowNs, bool keep)
        {
            // Messages that are not kept carry no number: they may be lost, and must not disturb the others.
            ref var request = ref Session.Begin("H"u8, nowNs);
            request.Add(11, keep ? ++Sent : 0);
            request.Add(55, "BTC-USD");
            request.Add(54, (byte)'1');
            Session.End(keep);
        }

        /// <summary>True when the peer holds the first part of a message whose rest is at the head of the line.</summary>
        public static bool IsMidMessage(SendBuffer output) => !output.Unsent(output.Tail).StartsWith("8=FIX"u8);

        public void Receive(ReadOnlySpan<byte> bytes, long nowNs)
        {
            byte[] all = [.. _rest, .. bytes];
            _rest = all[Session.OnBytes(all, nowNs)..];
        }

        public void OnLogon(Session session, long nowNs) => Logons++;

        public void OnMessage(Session session, in Message message, long nowNs)
        {
            Assert.That(message.TryGet(11, out var id), Is.True);
            var number = int.Parse(id, CultureInfo.InvariantCulture);
            if (number > 0) Got.Add(number);
        }

        public void OnLogout(Session session, string reason, long nowNs) => Logouts++;
    }
}
