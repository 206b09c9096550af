using System.Collections.Concurrent;
using System.Diagnostics;

namespace Certification;

/// <summary>A program on the client's side that is told by lines what to do, so that nobody has to sit there.</summary>
/// <remarks>It prints READY once it takes commands on its input; a line that begins with ERROR says that it could not do one.</remarks>
internal sealed class Driver : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly BlockingCollection<string> _lines = [];
    private readonly string _store = Directory.CreateTempSubdirectory("certification-").FullName;

    /// <summary>Starts it with {port}, {store} (a new empty folder), {session} and {target} replaced, and waits until it is ready.</summary>
    /// <exception cref="StepException">It does not start.</exception>
    public Driver(IReadOnlyList<string> command, int port, string session, string target)
    {
        var words = command.Select(word => word.Replace("{port}", $"{port}", StringComparison.Ordinal).Replace("{store}", _store, StringComparison.Ordinal)
            .Replace("{session}", session, StringComparison.Ordinal).Replace("{target}", target, StringComparison.Ordinal)).ToArray();
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Add(e.Data);
        _process.ErrorDataReceived += (_, e) => Add(e.Data is null ? null : $"ERROR {e.Data}");
        try
        {
            _process.Start();
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
            string? line;
            do
            {
                if (!_lines.TryTake(out line, Patience)) throw new StepException("the driver did not say READY", Verdict.Inconclusive);
                if (line.StartsWith("ERROR", StringComparison.Ordinal)) throw new StepException($"the driver: {line}", Verdict.Inconclusive);
            }
            while (line != "READY");
        }
        catch (Exception e)
        {
            Dispose();
            if (e is System.ComponentModel.Win32Exception) throw new StepException($"the driver does not start: {e.Message}", Verdict.Inconclusive);
            throw;
        }
    }

    /// <summary>Gives it a command.</summary>
    /// <exception cref="StepException">It has ended.</exception>
    public void Tell(string command)
    {
        if (_process.HasExited) throw new StepException($"the driver ended with code {_process.ExitCode}", Verdict.Inconclusive);
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
    }

    /// <summary>What it could not do since the last call; null when there is nothing.</summary>
    public string? Error()
    {
        while (_lines.TryTake(out var line))
            if (line.StartsWith("ERROR", StringComparison.Ordinal)) return line;
        return null;
    }

    public void Dispose()
    {
        try
        {
            _process.Kill();
            _process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It never started, or has ended: either way there is nothing left to end.
        }
        _process.Dispose();
        Directory.Delete(_store, recursive: true);
    }

    private void Add(string? line)
    {
        if (line is not null) _lines.Add(line);
    }
}
