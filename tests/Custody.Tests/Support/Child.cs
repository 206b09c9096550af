using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Custody.Tests.Support;

/// <summary>A process that says READY when it is up. All that it says is read, or a full pipe would stop it.</summary>
public sealed class Child : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly TaskCompletionSource<string?> _ready = new();

    public Child(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) =>
        {
            Keep(e.Data);
            if (e.Data is null || e.Data.StartsWith("READY ", StringComparison.Ordinal)) _ready.TrySetResult(e.Data);
        };
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The READY line; null when it ended before.</summary>
    public string? Ready() => _ready.Task.Wait(TimeSpan.FromSeconds(120)) ? _ready.Task.Result : throw new TimeoutException($"it did not become ready: {Said}");

    /// <summary>All its output so far.</summary>
    public string Said
    {
        get
        {
            lock (_said) return _said.ToString();
        }
    }

    /// <summary>Waits for its end; the exit code.</summary>
    public int Wait(string what)
    {
        if (!_process.WaitForExit(TimeSpan.FromSeconds(120))) Assert.Fail($"{what}: {Said}");
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>SIGTERM.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>SIGKILL, if it runs.</summary>
    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        // One that ended by itself with a fault is why a test fails, and says why.
        if (_process.ExitCode is > 0 and < 128) TestContext.Out.WriteLine($"exit code {_process.ExitCode}:\n{Said}");
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_said) _said.AppendLine(line);
    }
}
