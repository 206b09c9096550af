using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace House.Launch;

/// <summary>Starts the processes in order, starts again what ends by itself, and stops all of it in the opposite order.</summary>
internal sealed class Supervisor(HouseFile file, IReadOnlyDictionary<string, Action<Action<string>>> preparations)
{
    /// <summary>Exit codes: 0 stopped when it was told to, 1 something would not stop, 2 not started.</summary>
    private const int Stopped = 0, Failed = 1, NotStarted = 2;

    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2), StopPatience = TimeSpan.FromSeconds(30), Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200), LongestPause = TimeSpan.FromSeconds(5), Well = TimeSpan.FromSeconds(2);

    private readonly List<ManagedProcess> _processes = [];
    private readonly Dictionary<ManagedProcess, (DateTime Due, TimeSpan Pause)> _again = [];
    private volatile bool _stop;
    private bool _isStarted;
    private string _told = "";

    /// <summary>Runs until SIGTERM or Ctrl-C.</summary>
    public int Run()
    {
        Directory.CreateDirectory(file.Data);
        using var only = Lock();
        if (only is null)
        {
            Console.Error.WriteLine($"house: another house runs in {file.Data}; stop it, or give another folder with --data");
            return NotStarted;
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var isUp = false;
        try
        {
            isUp = StartAll();
            if (isUp) Watch();
        }
        catch (Exception e) when (e is IOException or InvalidDataException or HttpRequestException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"house: {e.Message}");
        }
        var isWell = StopAll();
        return !isUp && !_stop ? NotStarted : isWell ? Stopped : Failed;
    }

    private FileStream? Lock()
    {
        try
        {
            return new FileStream(file.InData("house.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _stop = true;
    }

    private bool StartAll()
    {
        Console.WriteLine($"The house starts; data in {file.Data}");
        foreach (var spec in file.Processes)
        {
            if (_stop) return false;
            if (spec.ReadyPort > 0 && IsTaken(spec.ReadyPort)) throw new IOException($"{spec.Name}: port {spec.ReadyPort} is taken by another program");
            var process = new ManagedProcess(spec, file.Root, file.InData("log", spec.Name + ".log"));
            var since = Stopwatch.StartNew();
            foreach (var name in spec.Prepare)
            {
                if (!preparations.TryGetValue(name, out var prepare)) throw new InvalidDataException($"house.cfg: {spec.Name}: there is no preparation {name}, only {string.Join(", ", preparations.Keys)}");
                prepare(text => Console.WriteLine($"  {"",-10}{text}"));
            }
            foreach (var before in spec.Before) process.RunBefore(before);
            process.Start();
            _processes.Add(process);
            Tell();
            while (!process.LookIfUp())
            {
                if (_stop) return false;
                if (process.ExitCode is { } code) throw new IOException($"{spec.Name} ended with {code} while it started:\n{process.LastWords(20)}\n  all of it: {process.Log}");
                if (since.Elapsed > StartPatience) throw new IOException($"{spec.Name} is not up after {StartPatience.TotalSeconds:0} s:\n{process.LastWords(20)}\n  all of it: {process.Log}");
                Thread.Sleep(Look);
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {spec.Name,-10}{spec.About,-58} up in {since.Elapsed.TotalSeconds:0.0} s"));
        }
        _isStarted = true;
        Tell();
        Console.WriteLine($"""
              logs      {file.InData("log")}
            READY processes={_processes.Count}
            ./run demo plays the whole story against it, ./run trade is a trading client; Ctrl-C stops it.
            """);
        Console.Out.Flush();
        return true;
    }

    private static bool IsTaken(int port) =>
        System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(e => e.Port == port);

    private void Watch()
    {
        while (!_stop)
        {
            foreach (var process in _processes)
            {
                process.LookIfUp();
                if (process.ExitCode is not { } code) continue;
                if (!_again.TryGetValue(process, out var again) || again.Due == DateTime.MaxValue)
                {
                    // One that was up for a while has a fresh start; one that falls again and again is given longer and longer.
                    var pause = process.UpAt is { } upAt && DateTime.UtcNow - upAt > Well || again.Pause == TimeSpan.Zero ? FirstPause : again.Pause * 2 < LongestPause ? again.Pause * 2 : LongestPause;
                    _again[process] = (DateTime.UtcNow + pause, pause);
                    Say($"{process.Spec.Name} ended with {code}; it starts again in {pause.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s");
                }
                else if (DateTime.UtcNow >= again.Due)
                {
                    process.Start();
                    _again[process] = (DateTime.MaxValue, again.Pause);
                }
            }
            Tell();
            Thread.Sleep(Look);
        }
    }

    private bool StopAll()
    {
        if (_processes.Count > 0) Console.WriteLine("The house stops.");
        var isWell = true;
        foreach (var process in Enumerable.Reverse(_processes))
        {
            process.Terminate();
            if (!process.WaitForExit(StopPatience))
            {
                isWell = false;
                Say($"{process.Spec.Name} did not stop within {StopPatience.TotalSeconds:0} s and was killed");
                process.Kill();
                process.WaitForExit(StopPatience);
            }
            process.Dispose();
        }
        File.Delete(file.InData("house.json"));
        if (_processes.Count > 0) Console.WriteLine("Stopped.");
        return isWell;
    }

    private void Tell()
    {
        var status = new StatusFile
        {
            Pid = Environment.ProcessId,
            Started = _isStarted,
            Processes = [.. _processes.Select(p => new StatusFile.ProcessStatus(p.Spec.Name, p.ID, p.IsUp, p.Restarts, p.Log))],
        };
        var told = string.Join(' ', status.Processes) + status.Started;
        if (told == _told) return;
        _told = told;
        status.Write(file.InData("house.json"));
    }

    private static void Say(string text) => Console.WriteLine($"{DateTime.UtcNow.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {text}");
}
