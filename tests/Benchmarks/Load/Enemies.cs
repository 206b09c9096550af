using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Venue.Load;

/// <summary>Clients that mean no good, from two threads: what the well-behaved ones feel of them is what is measured.</summary>
internal sealed class Enemies : IDisposable
{
    /// <summary>What they do.</summary>
    public static readonly string[] Kinds = ["bad logons", "half-open connections", "one byte at a time", "readers that never read"];

    /// <summary>Sessions that they may try to be, behind those of the well-behaved.</summary>
    public const int Sessions = 16;

    /// <summary>All log on by themselves without a proof but those of the credentials' file.</summary>
    public const string Defaults = "LogonTimeout=2";

    private const int Connections = 400;

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Thread> _threads = [];
    private readonly List<Socket> _open = [];
    private readonly IPEndPoint _server;
    private readonly int _first;
    private long _count;

    /// <summary>Begins.</summary>
    public Enemies(string kind, IPEndPoint server, int firstSession)
    {
        (Kind, _server, _first) = (kind, server, firstSession);
        Action<int> work = kind switch
        {
            "bad logons" => BadLogons,
            "half-open connections" => HalfOpen,
            "one byte at a time" => OneByte,
            _ => NeverReads,
        };
        for (var i = 0; i < 2; i++)
        {
            var n = i;
            var thread = new Thread(() => work(n)) { IsBackground = true };
            thread.Start();
            _threads.Add(thread);
        }
    }

    private string Kind { get; }

    private string Done => string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Read(ref _count):N0} of {Kind}");

    /// <summary>The process itself: begins each kind that stands on its standard input, an empty line or the end of it ends the last one.</summary>
    public static void Run(IPEndPoint server, int firstSession)
    {
        for (var line = Console.ReadLine(); line is not null; line = Console.ReadLine())
        {
            using var enemies = new Enemies(line, server, firstSession);
            Console.WriteLine("begun");
            Console.ReadLine();
            Console.WriteLine(enemies.Done);
        }
    }

    /// <summary>Makes the enemies' sessions ask for a proof that nobody here has.</summary>
    public static void WriteCredentials(string config, int sessions)
    {
        var path = Path.Combine(config, "sessions.cfg");
        var text = File.ReadAllText(path);
        // Half of them: the others log on, to trickle and not to read.
        for (var n = sessions + 1; n <= sessions + Sessions / 2; n++) text = text.Replace($"TargetCompID={SessionFolder.CompID(n)}\n", $"TargetCompID={SessionFolder.CompID(n)}\nAuthenticated=Y\n", StringComparison.Ordinal);
        File.WriteAllText(path, text);
        var file = Path.Combine(config, "credentials.cfg");
        var lines = new StringBuilder();
        for (var n = sessions + 1; n <= sessions + Sessions / 2; n++)
            lines.Append(CultureInfo.InvariantCulture, $"[CREDENTIAL]\nTargetCompID={SessionFolder.CompID(n)}\nPassword=pbkdf2-sha256$600000${Convert.ToBase64String(new byte[16])}${Convert.ToBase64String(new byte[32])}\n");
        File.WriteAllText(file, lines.ToString());
        if (OperatingSystem.IsLinux()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>As many a second as the machine gives: unknown names, known names with wrong passwords.</summary>
    private void BadLogons(int n)
    {
        for (var i = 0; !_stop.IsCancellationRequested; i++)
        {
            var name = i % 4 == 0 ? "NOBODY" + i : SessionFolder.CompID(_first + i % (Sessions / 2));
            try
            {
                using var socket = Connected();
                socket.Send(Message(name, 1, "A", "98=0|108=30|141=Y|553=x|554=guess|"));
                Interlocked.Increment(ref _count);
            }
            catch (SocketException)
            {
                // Reset while it was sent: that was its end.
            }
        }
    }

    private void HalfOpen(int n)
    {
        while (!_stop.IsCancellationRequested)
        {
            lock (_open)
            {
                if (_open.Count < Connections) _open.Add(Connected());
                else
                {
                    _open[0].Dispose();
                    _open.RemoveAt(0);
                }
            }
            Interlocked.Increment(ref _count);
            Thread.Sleep(1);
        }
    }

    private void OneByte(int n)
    {
        using var socket = Connected();
        socket.NoDelay = true;
        var name = SessionFolder.CompID(_first + Sessions / 2 + n);
        for (var seq = 1; !_stop.IsCancellationRequested; seq++)
            foreach (var b in seq == 1 ? Message(name, 1, "A", "98=0|108=30|141=Y|") : Message(name, seq, "0", ""))
            {
                socket.Send([b]);
                Interlocked.Increment(ref _count);
            }
    }

    /// <summary>Asks for the instruments again and again and reads nothing of it.</summary>
    private void NeverReads(int n)
    {
        var name = SessionFolder.CompID(_first + Sessions / 2 + 2 + n);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var socket = Connected();
                socket.ReceiveBufferSize = 4096;
                socket.SendTimeout = 500;
                socket.Send(Message(name, 1, "A", "98=0|108=30|141=Y|"));
                for (var seq = 2; !_stop.IsCancellationRequested; seq++)
                {
                    socket.Send(Message(name, seq, "x", "320=r|559=4|"));
                    Interlocked.Increment(ref _count);
                }
            }
            catch (SocketException)
            {
                // The venue has cut it off: again.
                Thread.Sleep(10);
            }
        }
    }

    private Socket Connected()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        // No TIME_WAIT: thousands a second would use up the ports.
        socket.LingerState = new LingerOption(true, 0);
        socket.Connect(_server);
        return socket;
    }

    private static byte[] Message(string compID, int number, string type, string fields)
    {
        var body = $"35={type}|49={compID}|56=VENUE|34={number}|52={DateTime.UtcNow:yyyyMMdd-HH:mm:ss.fff}|{fields}".Replace('|', '\u0001');
        var message = $"8=FIX.4.4\u00019={body.Length}\u0001{body}";
        return Encoding.ASCII.GetBytes($"{message}10={message.Sum(c => c) & 255:000}\u0001");
    }

    public void Dispose()
    {
        _stop.Cancel();
        foreach (var thread in _threads) thread.Join();
        foreach (var socket in _open) socket.Dispose();
        _stop.Dispose();
    }
}
