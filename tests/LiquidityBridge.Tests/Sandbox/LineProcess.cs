using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LiquidityBridge.Tests.Sandbox;

/// <summary>A program that is driven by lines; every line of it is kept.</summary>
internal sealed class LineProcess : IDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly List<string> _lines = [];

    public LineProcess(params string[] command)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        _process.OutputDataReceived += (_, e) => Add(e.Data, "");
        _process.ErrorDataReceived += (_, e) => Add(e.Data, "! ");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Lines so far: the place from which to wait for what comes next.</summary>
    public int Mark
    {
        get { lock (_lines) return _lines.Count; }
    }

    public void Send(string line)
    {
        Add(line, "> ");
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>The first line from <paramref name="from"/> on that fits; waits for it.</summary>
    public string WaitFor(Func<string, bool> fits, int from = 0)
    {
        var since = Stopwatch.StartNew();
        lock (_lines)
        {
            for (var next = from; ;)
            {
                for (; next < _lines.Count; next++)
                    if (fits(_lines[next])) return _lines[next];
                if (since.Elapsed > Patience || _process.HasExited && !Monitor.Wait(_lines, 200))
                    throw new AssertionException($"the line did not come\n{string.Join('\n', _lines)}");
                Monitor.Wait(_lines, 100);
            }
        }
    }

    /// <summary>Lines from <paramref name="from"/> on that are here now.</summary>
    public IReadOnlyList<string> Lines(int from = 0)
    {
        lock (_lines) return _lines[from..];
    }

    /// <summary>SIGTERM; its exit code once it has ended.</summary>
    public int Terminate()
    {
        Assert.That(Kill(_process.Id, SigTerm), Is.Zero);
        Assert.That(_process.WaitForExit(Patience), Is.True, "still runs after SIGTERM");
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private void Add(string? line, string mark)
    {
        if (line is null) return;
        lock (_lines)
        {
            _lines.Add(mark + line);
            Monitor.PulseAll(_lines);
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
