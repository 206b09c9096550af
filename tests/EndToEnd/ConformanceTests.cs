using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace EndToEnd;

/// <summary>The scripts of tests/Venue.Tests/Fix/Scripts, byte for byte over TCP against the running venue. README.md there has their form.</summary>
[NonParallelizable]
public sealed class ConformanceTests
{
    private const string Client = "CLIENT8", Venue = "VENUE";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private VenueProcess _venue = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _venue = new VenueProcess();
        _venue.Start(Durability.Async);
    }

    [OneTimeTearDown]
    public void Stop() => _venue.Dispose();

    private static IEnumerable<TestCaseData> Cases()
    {
        var folder = Path.Combine(Places.Config, "..", "tests", "Venue.Tests", "Fix", "Scripts");
        foreach (var file in Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal))
            foreach (var text in File.ReadAllText(file).Split("\ncase ").Skip(1))
            {
                var lines = text.Split('\n', 2);
                yield return new TestCaseData(lines[1]).SetName($"{Path.GetFileNameWithoutExtension(file)}: {lines[0].Replace('.', '_')}");
            }
    }

    [TestCaseSource(nameof(Cases))]
    public void Over_the_wire(string script)
    {
        var line = new Line(_venue.Port);
        try
        {
            foreach (var step in script.Split('\n').Where(step => step.Length > 0 && step[0] != '#'))
            {
                var space = step.IndexOf(' ');
                var rest = space < 0 ? "" : step[(space + 1)..];
                switch (space < 0 ? step : step[..space])
                {
                    case "in": line.Send(Whole(rest)); break;
                    case "raw": line.Send(Bytes(rest)); break;
                    case "out": line.Expect(rest, step); break;
                    case "close": line.ExpectEnd(step); break;
                    case "wait": break;   // the venue takes the time; "out" waits for it
                    case "open":
                        var numbers = rest.Split(' ');
                        line.Send(Whole($"35=1|34={numbers[0]}|112=open"));
                        line.Expect($"35=0|34={numbers[1]}|112=open", step);
                        break;
                    case "drop":
                        line.Dispose();
                        line = new Line(_venue.Port);
                        break;
                    default: throw new ArgumentException($"no such step: {step}");
                }
            }
        }
        finally
        {
            line.Dispose();
        }
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text.Replace('|', '\u0001'));

    private static byte[] Whole(string body)
    {
        var fields = body.Split('|').ToList();
        var version = "FIX.4.4";
        if (fields[0].StartsWith("8=", StringComparison.Ordinal))
        {
            version = fields[0][2..];
            fields.RemoveAt(0);
        }
        foreach (var (tag, value) in new[] { ("52", DateTime.UtcNow.ToString("yyyyMMdd-HH:mm:ss.fff", CultureInfo.InvariantCulture)), ("56", Venue), ("49", Client) })
            if (!fields.Exists(field => field.StartsWith(tag + "=", StringComparison.Ordinal))) fields.Insert(1, $"{tag}={value}");
        var text = Bytes(string.Join('|', fields.Where(field => !field.EndsWith("=-", StringComparison.Ordinal))) + "|");
        byte[] message = [.. Bytes($"8={version}|9={text.Length}|"), .. text];
        return [.. message, .. Bytes($"10={message.Sum(b => b) % 256:000}|")];
    }

    /// <summary>One TCP connection, message by message.</summary>
    private sealed class Line : IDisposable
    {
        private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly StringBuilder _text = new();

        public Line(int port) => _socket.Connect("127.0.0.1", port);

        public void Send(byte[] bytes) => _socket.Send(bytes);

        public void Expect(string pattern, string step)
        {
            var message = Next();
            Assert.That(message, Is.Not.Null, $"closed before: {step}");
            var fields = message!.TrimEnd('|').Split('|');
            Assert.That(fields, Does.Contain("8=FIX.4.4").And.Contain($"49={Venue}").And.Contain($"56={Client}"), step);
            var got = fields.Where(field => field[..field.IndexOf('=')] is not ("8" or "9" or "10" or "49" or "56" or "52")).ToArray();
            var wanted = pattern.Split('|');
            var fits = got.Length == wanted.Length && wanted.Zip(got).All(pair => pair.First == pair.Second || pair.First.EndsWith("=*", StringComparison.Ordinal) && pair.Second.StartsWith(pair.First[..^1], StringComparison.Ordinal));
            Assert.That(fits, Is.True, $"{step}\nbut was: {string.Join('|', got)}");
        }

        public void ExpectEnd(string step) => Assert.That(Next(), Is.Null, step);

        /// <summary>The next whole message; null at the end of the connection.</summary>
        private string? Next()
        {
            var started = Stopwatch.GetTimestamp();
            var buffer = new byte[4096];
            while (true)
            {
                var text = _text.ToString();
                var sum = text.IndexOf("|10=", StringComparison.Ordinal);
                if (sum >= 0 && text.Length >= sum + 8)
                {
                    _text.Remove(0, sum + 8);
                    return text[..(sum + 8)];
                }
                if (!_socket.Poll(TimeSpan.FromMilliseconds(20), SelectMode.SelectRead))
                {
                    Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(Patience), "nothing came");
                    continue;
                }
                var count = Receive(buffer);
                if (count == 0) return null;
                _text.Append(Encoding.Latin1.GetString(buffer, 0, count).Replace('\u0001', '|'));
            }
        }

        // A venue that closes while bytes of ours are under way resets the connection: an end like any other.
        private int Receive(byte[] buffer)
        {
            try
            {
                return _socket.Receive(buffer);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
            {
                return 0;
            }
        }

        /// <summary>Closes, and waits until the venue has: only then may the session connect again.</summary>
        public void Dispose()
        {
            try
            {
                _socket.Shutdown(SocketShutdown.Send);
                var buffer = new byte[4096];
                while (_socket.Poll(Patience, SelectMode.SelectRead) && Receive(buffer) > 0)
                {
                }
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.NotConnected or SocketError.ConnectionReset)
            {
                // It is closed already: the state that was to be reached.
            }
            _socket.Dispose();
        }
    }
}
