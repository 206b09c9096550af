using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace House.Launch;

/// <summary>
/// One run after the other of a program, its output appended to a log file. It gets a process group of its own, so that a
/// Ctrl-C reaches the house alone and the house decides the order, and it is told to stop when the house dies.
/// </summary>
/// <remarks>Owned by one thread that lives as long as the house: the kernel ties the children to it (PR_SET_PDEATHSIG).</remarks>
internal sealed class ManagedProcess(ProcessSpec spec, string root, string log) : IDisposable
{
    private const int SigTerm = 15, SigKill = 9;
    private Process? _process;
    private long _logStart;

    /// <summary>What is run.</summary>
    public ProcessSpec Spec => spec;

    /// <summary>File with its output.</summary>
    public string Log => log;

    /// <summary>Process number of the present run; 0 when there is none.</summary>
    public int ID => _process is { HasExited: false } ? _process.Id : 0;

    /// <summary>True once the present run has said that it is up.</summary>
    public bool IsUp { get; private set; }

    /// <summary>How often it was started again.</summary>
    public int Restarts { get; private set; }

    /// <summary>Exit code of the run that has ended; null while it runs.</summary>
    public int? ExitCode => _process is { HasExited: true } ended ? ended.ExitCode : null;

    /// <summary>When the present run was seen to be up.</summary>
    public DateTime? UpAt { get; private set; }

    /// <summary>Begins a run.</summary>
    public void Start()
    {
        if (_process is not null)
        {
            Restarts++;
            _process.Dispose();
        }
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        _logStart = File.Exists(log) ? new FileInfo(log).Length : 0;
        IsUp = false;
        UpAt = null;
        _process = Begin(spec.Command, root, log);
    }

    /// <summary>Looks whether it is up by now.</summary>
    public bool LookIfUp()
    {
        if (IsUp || _process is null or { HasExited: true }) return IsUp;
        IsUp = spec.ReadyPort > 0 ? Listens(spec.ReadyPort) : SaysLine();
        if (IsUp) UpAt = DateTime.UtcNow;
        return IsUp;
    }

    /// <summary>Asks it to stop.</summary>
    public void Terminate() => Signal(SigTerm);

    /// <summary>Ends it.</summary>
    public void Kill() => Signal(SigKill);

    /// <summary>Waits for its end.</summary>
    public bool WaitForExit(TimeSpan patience) => _process?.WaitForExit(patience) ?? true;

    /// <summary>The last lines of its present run.</summary>
    public string LastWords(int lines) => string.Join('\n', ReadLog().TrimEnd('\n').Split('\n').TakeLast(lines).Select(l => "    " + l));

    /// <summary>Runs a command to its end, its output in the same log.</summary>
    /// <exception cref="IOException">It failed.</exception>
    public void RunBefore(IReadOnlyList<string> command)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        _logStart = File.Exists(log) ? new FileInfo(log).Length : 0;
        using var process = Begin(command, root, log);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new IOException($"{string.Join(' ', command)}: ended with {process.ExitCode}\n{LastWords(20)}");
    }

    public void Dispose() => _process?.Dispose();

    private static Process Begin(IReadOnlyList<string> command, string root, string log)
    {
        // exec keeps the process number through the shell (for the log), setsid and setpriv.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = root, RedirectStandardInput = true };
        foreach (var word in (string[])["-c", "log=$1; shift; exec setsid setpriv --pdeathsig TERM -- \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", log]) start.ArgumentList.Add(word);
        foreach (var word in command) start.ArgumentList.Add(word);
        return Process.Start(start) ?? throw new IOException($"{command[0]} was not started");
    }

    private void Signal(int number)
    {
        if (_process is not { HasExited: false }) return;
        const int noSuchProcess = 3;
        if (SendSignal(_process.Id, number) != 0 && Marshal.GetLastPInvokeError() != noSuchProcess)
            throw new IOException($"{spec.Name}: signal {number} could not be sent, errno {Marshal.GetLastPInvokeError()}");
    }

    private static bool Listens(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private bool SaysLine() => ReadLog().Split('\n').Any(l => l.StartsWith(spec.ReadyLine, StringComparison.Ordinal));

    private string ReadLog()
    {
        if (!File.Exists(log)) return "";
        using var file = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = Math.Min(_logStart, file.Length);
        using var reader = new StreamReader(file, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int process, int signal);
}
