using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace EndToEnd;

/// <summary>A program that is driven by lines: every line of it is kept, with the time at which it came.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly List<(TimeSpan At, string Text)> _lines = [];
    private readonly Stopwatch _since = Stopwatch.StartNew();

    /// <summary>Starts it; the first of <paramref name="command"/> is the program.</summary>
    public ChildProcess(string name, IEnumerable<string> command, params (string Name, string Value)[] environment)
    {
        Name = name;
        var words = command.ToArray();
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Places.Root,
        };
        foreach (var (variable, value) in environment) start.Environment[variable] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Add(e.Data, "");
        _process.ErrorDataReceived += (_, e) => Add(e.Data, "! ");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>For failure texts.</summary>
    public string Name { get; }

    /// <summary>Resident memory that is no file, bytes: without the journal's segments.</summary>
    public long Anonymous => long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("RssAnon:", StringComparison.Ordinal)).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
        System.Globalization.CultureInfo.InvariantCulture) << 10;

    /// <summary>Lines so far: the place from which to wait for what comes next.</summary>
    public int Count
    {
        get { lock (_lines) return _lines.Count; }
    }

    /// <summary>Writes one line to its input.</summary>
    public void Send(string line)
    {
        Add(line, "> ");
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>The place and text of the first line, not before <paramref name="from"/>, that matches; waits for it.</summary>
    /// <exception cref="AssertionException">It did not come in time, or the program ended without it.</exception>
    public (int Index, string Text) WaitFor(string what, Func<string, bool> match, int from, TimeSpan timeout)
    {
        var deadline = _since.Elapsed + timeout;
        lock (_lines)
        {
            for (var next = from; ;)
            {
                for (; next < _lines.Count; next++)
                {
                    if (match(_lines[next].Text)) return (next, _lines[next].Text);
                }
                var left = deadline - _since.Elapsed;
                if (left <= TimeSpan.Zero) throw new AssertionException($"{Name}: no {what} within {timeout.TotalSeconds} s\n{Transcript()}");
                if (_process.HasExited && !Monitor.Wait(_lines, 200))
                    throw new AssertionException($"{Name}: ended with code {_process.ExitCode} and no {what}\n{Transcript()}");
                Monitor.Wait(_lines, left < TimeSpan.FromMilliseconds(100) ? left : TimeSpan.FromMilliseconds(100));
            }
        }
    }

    /// <summary>The lines from <paramref name="from"/> on that are here now.</summary>
    public IReadOnlyList<string> Lines(int from)
    {
        lock (_lines) return [.. _lines.Skip(from).Select(line => line.Text)];
    }

    /// <summary>All lines: > went in, ! came on the error stream, the others are its output.</summary>
    public string Transcript()
    {
        var text = new StringBuilder();
        lock (_lines)
        {
            text.AppendLine($"--- {Name}");
            foreach (var (at, line) in _lines) text.AppendLine($"{at.TotalSeconds,8:F3} {line}");
        }
        return text.ToString();
    }

    /// <summary>SIGKILL: it gets no chance to write anything more.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM, then its exit code once it has ended and all its output is here.</summary>
    /// <exception cref="AssertionException">It did not end in time.</exception>
    public int Terminate(TimeSpan timeout)
    {
        if (SendSignal(_process.Id, SigTerm) != 0) throw new InvalidOperationException($"{Name}: SIGTERM failed, errno {Marshal.GetLastPInvokeError()}");
        return WaitForExit(timeout);
    }

    /// <summary>Its exit code, once it has ended by itself.</summary>
    /// <exception cref="AssertionException">It did not end in time.</exception>
    public int WaitForExit(TimeSpan timeout)
    {
        if (!_process.WaitForExit(timeout)) throw new AssertionException($"{Name}: still runs after {timeout.TotalSeconds} s\n{Transcript()}");
        _process.WaitForExit();   // the overload without a timeout waits for the end of the output too
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    private void Add(string? line, string mark)
    {
        if (line is null) return;
        lock (_lines)
        {
            _lines.Add((_since.Elapsed, mark + line));
            Monitor.PulseAll(_lines);
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int process, int signal);
}
