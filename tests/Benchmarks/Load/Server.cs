using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Venue.Load;

/// <summary>A server process under load, on a data folder of its own: the venue, or the echo.</summary>
internal sealed class Server : IDisposable
{
    private readonly Process _process;
    private readonly string? _data;
    private readonly Task<string> _rest;

    private Server(string name, string? data, params string[] command)
    {
        Name = name;
        _data = data;
        _process = Process.Start(new ProcessStartInfo("dotnet", command) { RedirectStandardOutput = true })!;
        while (true)
        {
            var line = _process.StandardOutput.ReadLine() ?? throw new IOException($"{name} ended before it was ready");
            if (!line.StartsWith("READY fix=", StringComparison.Ordinal)) continue;
            EndPoint = IPEndPoint.Parse(line["READY fix=".Length..].Split(' ')[0]);
            break;
        }
        _rest = _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Starts a venue. <paramref name="more"/> are further options of it.</summary>
    public static Server Venue(string program, string config, string durability, params string[] more)
    {
        var data = Directory.CreateTempSubdirectory("venue-load-").FullName;
        return new Server($"venue {durability}", data, [program, "--data", data, "--config", config, "--port", "0", "--durability", durability, .. more]);
    }

    /// <summary>Starts this program as an echo.</summary>
    public static Server Echo() => new("echo", null, Environment.GetCommandLineArgs()[0], "echo-server");

    public string Name { get; }

    public IPEndPoint EndPoint { get; }

    public bool IsEcho => _data is null;

    /// <summary>Processor time of all its threads so far, microseconds; the kernel counts in steps of 10 ms.</summary>
    public double CpuUs
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalMicroseconds;
        }
    }

    /// <summary>Of the thread that serves, nanoseconds since its start: on a processor, ready and waiting for one; and how often it was given one.</summary>
    public (long RanNs, long WaitedNs, long Times) Serving
    {
        get
        {
            // The first thread, of the venue and of the echo.
            var numbers = File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/schedstat").Split(' ');
            return (long.Parse(numbers[0], CultureInfo.InvariantCulture), long.Parse(numbers[1], CultureInfo.InvariantCulture), long.Parse(numbers[2], CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Resident memory, bytes, and of it what is not files: the journal's segments are files.</summary>
    public (long All, long Anonymous) Memory => (Status("VmRSS"), Status("RssAnon"));

    private long Status(string name) => long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith(name + ":", StringComparison.Ordinal)).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) << 10;

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _rest.GetAwaiter().GetResult();
        _process.Dispose();
        if (_data is not null) Directory.Delete(_data, recursive: true);
    }
}
