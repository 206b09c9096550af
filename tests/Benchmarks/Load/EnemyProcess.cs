using System.Diagnostics;
using System.Globalization;

namespace Venue.Load;

/// <summary><see cref="Enemies"/> in a process of their own, at the priority of everybody: the generator that measures is not busy with them.</summary>
internal sealed class EnemyProcess : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts the process; nothing is done to the server yet.</summary>
    public EnemyProcess(Server server, int firstSession) => _process = Process.Start(new ProcessStartInfo("dotnet",
        [Environment.GetCommandLineArgs()[0], "enemies", "--server", server.EndPoint.ToString(), "--first", firstSession.ToString(CultureInfo.InvariantCulture)])
        { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    /// <summary>Lets the enemies of a kind loose.</summary>
    public void Begin(string kind) => Tell(kind);

    /// <summary>Calls them back; returns what they have done.</summary>
    public string End() => Tell("");

    private string Tell(string line)
    {
        _process.StandardInput.WriteLine(line);
        return _process.StandardOutput.ReadLine() ?? throw new IOException("the enemies ended");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
