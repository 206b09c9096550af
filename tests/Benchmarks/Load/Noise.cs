using System.Diagnostics;
using System.Globalization;
using System.Net;
using HdrHistogram;

namespace Venue.Load;

/// <summary>
/// One loud session in a process of its own, at a lower priority: what the measured sessions feel beside it is the
/// server's doing, and not that of a generator which is busy with the loud one.
/// </summary>
internal sealed class Noise : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts the process and logs session <paramref name="n"/> on.</summary>
    public Noise(Server server, int n, string run)
    {
        string[] command = [Environment.GetCommandLineArgs()[0], "noise", "--server", server.EndPoint.ToString(), "--echo", server.IsEcho ? "yes" : "no", "--session", n.ToString(CultureInfo.InvariantCulture), "--run", run];
        _process = Process.Start(new ProcessStartInfo("dotnet", command) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        _process.PriorityClass = ProcessPriorityClass.BelowNormal;
        Answer = ReadLine();
        Wait();
    }

    /// <summary>Completed when the last order was carried out; says how.</summary>
    public Task<string> Answer { get; private set; }

    /// <summary>"loud WINDOW" until "quiet", "fill MESSAGES", "resend MESSAGES".</summary>
    public void Order(string text)
    {
        Answer = ReadLine();
        _process.StandardInput.WriteLine(text);
    }

    /// <summary>The answer, when it has come.</summary>
    public string Wait() => Answer.GetAwaiter().GetResult();

    private async Task<string> ReadLine() => await _process.StandardOutput.ReadLineAsync() ?? throw new IOException("the noise ended");

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>The process itself: carries out what stands on its standard input.</summary>
    public static void Run(IPEndPoint server, bool isEcho, int n, string run)
    {
        using var traffic = new Traffic();
        var histogram = new LongHistogram(TimeSpan.FromMinutes(5).Ticks * 100, 3);
        var session = new Session(SessionFolder.CompID(n), run, server, isEcho, histogram);
        traffic.Add(session, -1);
        Console.WriteLine("logged on");
        for (var line = Console.ReadLine(); line is not null; line = Console.ReadLine())
        {
            var words = line.Split(' ');
            var number = words.Length > 1 ? int.Parse(words[1], CultureInfo.InvariantCulture) : 0;
            var (since, answered) = (Stopwatch.GetTimestamp(), session.Answered);
            switch (words[0])
            {
                case "loud":
                    histogram.Reset();
                    Console.WriteLine("on");
                    var next = Task.Run(Console.ReadLine);
                    traffic.SetWindow(session, number);
                    traffic.Run(TimeSpan.FromMinutes(10), isMeasured: true, () => next.IsCompleted);
                    var rate = (session.Answered - answered) / Stopwatch.GetElapsedTime(since).TotalSeconds;
                    traffic.Settle();
                    traffic.SetWindow(session, -1);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{rate:N0}/s, p50 {histogram.GetValueAtPercentile(50) / 1000.0:N0} us, p99 {histogram.GetValueAtPercentile(99) / 1000.0:N0}, {session.Refused:N0} refused so far"));
                    break;
                case "fill":
                    traffic.SetWindow(session, 256);
                    traffic.Run(TimeSpan.FromMinutes(2), isMeasured: false, () => session.Answered >= number);
                    traffic.Settle();
                    traffic.SetWindow(session, -1);
                    Console.WriteLine($"{session.Answered} messages");
                    break;
                case "resend":
                    session.RequestResend();
                    traffic.Run(TimeSpan.FromMinutes(2), isMeasured: false, () => session.Answered >= answered + number);
                    if (session.Answered < answered + number) throw new TimeoutException($"only {session.Answered - answered} of {number} messages were sent again");
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number:N0} messages in {Stopwatch.GetElapsedTime(since).TotalMilliseconds:N0} ms"));
                    break;
                default: throw new ArgumentException(line);
            }
        }
    }
}
