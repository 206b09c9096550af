using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Venue.Load;

/// <summary>
/// Market data without a venue: a process, as nice as the venue's thread for it, that sends so many bytes in so many writes to the same readers.
/// What the machine does to orders beside it is no fault of the venue's.
/// </summary>
internal sealed unsafe class Broadcaster : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts the process.</summary>
    public Broadcaster()
    {
        _process = Process.Start(new ProcessStartInfo("dotnet", [Environment.GetCommandLineArgs()[0], "broadcast"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        _process.PriorityClass = ProcessPriorityClass.BelowNormal;
        EndPoint = IPEndPoint.Parse(_process.StandardOutput.ReadLine() ?? throw new IOException("the broadcaster ended"));
    }

    /// <summary>Where readers connect.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Writes so many bytes to everybody, so many times a second.</summary>
    public void Go(double rounds, double bytes) => _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rounds:F3} {bytes:F0}"));

    /// <summary>No more.</summary>
    public void Stop() => _process.StandardInput.WriteLine("stop");

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>The process itself.</summary>
    public static void Run()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1024);
        Console.WriteLine(listener.LocalEndPoint);
        var sockets = new List<Socket>();
        var bytes = GC.AllocateArray<byte>(1 << 20, pinned: true);
        var epoll = Host.Linux.CreateEpoll();   // only to sleep by
        var events = stackalloc byte[16];
        for (var line = Console.ReadLine(); line is not null; line = Console.ReadLine())
        {
            if (line == "stop") continue;
            while (listener.Poll(0, SelectMode.SelectRead))
            {
                var socket = listener.Accept();
                socket.NoDelay = true;
                socket.SendBufferSize = 256 << 10;   // the venue's
                sockets.Add(socket);
            }
            var words = line.Split(' ');
            var interval = Stopwatch.Frequency / double.Parse(words[0], CultureInfo.InvariantCulture);
            var count = Math.Clamp(int.Parse(words[1], CultureInfo.InvariantCulture), 1, bytes.Length);
            var next = Task.Run(Console.ReadLine);
            double due = Stopwatch.GetTimestamp();
            while (!next.IsCompleted)
            {
                fixed (byte* from = bytes)
                    foreach (var socket in sockets) _ = Host.Linux.Send((int)socket.Handle, from, count, Host.Linux.MsgDontWait | Host.Linux.MsgNoSignal);   // who does not read misses it
                // What the machine did not let it do is not made up for: the venue's would go out together.
                due = Math.Max(due + interval, Stopwatch.GetTimestamp());
                Host.Linux.Wait(epoll, events, 1, Math.Clamp((long)due - Stopwatch.GetTimestamp(), 0, 100_000_000));
            }
        }
    }
}
