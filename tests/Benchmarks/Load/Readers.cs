using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Venue.Load;

/// <summary>Many sessions that read market data, in a process of its own: they take what comes and count it.</summary>
/// <remarks>It runs when nobody else wants the processor, as readers on machines of their own would take none of this one's.</remarks>
internal sealed unsafe partial class Readers : IDisposable
{
    private const int IdlePolicy = 5;

    private const int EventsMax = 256, BufferBytes = 256 << 10;

    private readonly Process _process;

    /// <summary>Starts the process, logs its sessions on, and connects as many to the broadcaster.</summary>
    public Readers(Server server, int first, int count, Broadcaster beside)
    {
        string[] command =
        [
            Environment.GetCommandLineArgs()[0], "readers", "--server", server.EndPoint.ToString(), "--beside", beside.EndPoint.ToString(),
            "--first", first.ToString(CultureInfo.InvariantCulture), "--count", count.ToString(CultureInfo.InvariantCulture),
        ];
        _process = Process.Start(new ProcessStartInfo("dotnet", command) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Answer();
    }

    /// <summary>Each reads so many books from now on.</summary>
    public void Watch(int each, bool isConflated)
    {
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"watch {each} {(isConflated ? "Y" : "N")}"));
        Answer();
    }

    /// <summary>They read what the broadcaster sends.</summary>
    public void Listen()
    {
        _process.StandardInput.WriteLine("listen");
        Answer();
    }

    /// <summary>They want no more; says what they got in a second: increments, reads, bytes.</summary>
    public Told Stop()
    {
        _process.StandardInput.WriteLine("stop");
        var words = Answer().Split(' ');
        return new Told(double.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture), double.Parse(words[2], CultureInfo.InvariantCulture));
    }

    /// <summary>What all readers got in a second.</summary>
    internal sealed record Told(double Increments, double Reads, double Bytes)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Increments:N0} increments/s in {Reads:N0} reads/s, {Bytes / 1e6:N1} MB/s to all of them");
    }

    private string Answer() => _process.StandardOutput.ReadLine() ?? throw new IOException("the readers ended");

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>The process itself.</summary>
    public static void Run(IPEndPoint server, IPEndPoint beside, int first, int count)
    {
        var priority = 0;
        if (sched_setscheduler(0, IdlePolicy, &priority) != 0) throw new IOException($"sched_setscheduler: {Marshal.GetLastPInvokeErrorMessage()}");
        var epoll = Host.Linux.CreateEpoll();
        var readers = Enumerable.Range(first, count).Select(n => new MarketReader(SessionFolder.CompID(n), server)).ToArray();
        var listeners = Enumerable.Range(0, count).Select(_ =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(beside);
            return socket;
        }).ToArray();
        var sockets = readers.Select(reader => reader.Socket).Concat(listeners).ToArray();
        for (var i = 0; i < sockets.Length; i++) Host.Linux.Control(epoll, Host.Linux.EpollAdd, (int)sockets[i].Handle, Host.Linux.EpollIn, i);
        var events = GC.AllocateArray<byte>(EventsMax * 16, pinned: true);
        var buffer = GC.AllocateArray<byte>(BufferBytes, pinned: true);
        Console.WriteLine("logged on");
        for (var line = Console.ReadLine(); line is not null; line = Console.ReadLine())
        {
            var words = line.Split(' ');
            var isWatch = words[0] == "watch";
            if (isWatch)
                foreach (var reader in readers) reader.Watch(int.Parse(words[1], CultureInfo.InvariantCulture), words[2] == "Y");
            Console.WriteLine("watching");
            var next = Task.Run(Console.ReadLine);
            var (since, bytes, messages, reads) = (Stopwatch.GetTimestamp(), 0L, 0L, 0L);
            while (!next.IsCompleted)
            {
                fixed (byte* at = events)
                {
                    var n = Host.Linux.Wait(epoll, at, EventsMax, 10_000_000);
                    for (var i = 0; i < n; i++)
                    {
                        var received = sockets[Host.Linux.Data(at, i)].Receive(buffer);
                        if (received == 0) throw new IOException("a server closed the connection");
                        bytes += received;
                        reads++;
                        messages += buffer.AsSpan(0, received).Count("\u000135=X\u0001"u8);
                    }
                }
            }
            var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
            if (isWatch)
                foreach (var reader in readers) reader.Stop();
            // What is on its way belongs to nobody's measurement.
            Thread.Sleep(300);
            foreach (var socket in sockets)
                while (socket.Available > 0) socket.Receive(buffer);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{messages / seconds:F0} {reads / seconds:F0} {bytes / seconds:F0}"));
        }
    }

    // Linux 2.6.23's SCHED_IDLE; the thread is the calling one.
    [LibraryImport("libc", SetLastError = true)] private static partial int sched_setscheduler(int thread, int policy, int* priority);
}

/// <summary>One session that reads market data.</summary>
internal sealed class MarketReader
{
    private readonly string _compID;
    private int _next = 2, _watches;

    public MarketReader(string compID, IPEndPoint server)
    {
        _compID = compID;
        Socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 10_000 };
        Socket.Connect(server);
        Send("35=A|34=1|", "98=0|108=300|141=Y|");
        var buffer = new byte[4096];
        if (Socket.Receive(buffer) == 0 || buffer.AsSpan().IndexOf("\u000135=A\u0001"u8) < 0) throw new IOException($"{compID}: the Logon was not answered by a Logon");
    }

    public Socket Socket { get; }

    /// <summary>Increments of the first so many instruments; of BTC-USD for none.</summary>
    public void Watch(int instruments, bool isConflated)
    {
        var symbols = instruments == 0 ? ["BTC-USD"] : Enumerable.Range(1, instruments).Select(MarketFolder.Symbol).ToArray();
        Send($"35=V|34={_next++}|", $"262=w{++_watches}|263=1|264=10|265=1|8021={(isConflated ? "Y" : "N")}|267=3|269=0|269=1|269=2|146={symbols.Length}|{string.Concat(symbols.Select(s => $"55={s}|"))}");
    }

    /// <summary>No more of it.</summary>
    public void Stop() => Send($"35=V|34={_next++}|", $"262=w{_watches}|263=2|264=10|267=1|269=0|146=1|55=BTC-USD|");

    public int Receive(byte[] buffer)
    {
        var count = Socket.Receive(buffer);
        return count > 0 ? count : throw new IOException($"{_compID}: the server closed the connection");
    }

    private void Send(string head, string body)
    {
        var time = DateTime.UtcNow.ToString("yyyyMMdd-HH:mm:ss.fff", CultureInfo.InvariantCulture);
        Socket.Send(Requests.Whole($"{head}49={_compID}|56=VENUE|52={time}|{body}"));
    }
}
