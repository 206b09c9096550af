using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Custody.Tests.Chains.Partners;

/// <summary>A real program that tests talk to: started by a script of tests/partners in a folder of its own, stopped and wiped at the end.</summary>
internal abstract class Partner : IDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    private readonly Process process;

    protected Partner(string script, params string[] options)
    {
        Directory = System.IO.Directory.CreateTempSubdirectory($"custody-{script}-").FullName;
        Port = FreePort();
        process = Process.Start(new ProcessStartInfo(Path.Combine(Root, "tests", "partners", script), [Directory, Port.ToString(), .. options])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
    }

    /// <summary>Where it keeps its data.</summary>
    public string Directory { get; }

    /// <summary>Of its JSON-RPC.</summary>
    public int Port { get; }

    /// <summary>HTTP address of its JSON-RPC.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port}/");

    /// <summary>The folder that has Venue.sln.</summary>
    public static string Root { get; } = FindRoot();

    public virtual void Dispose()
    {
        // Both write their state when they are told to stop; nobody needs it any more.
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    /// <summary>Waits until the program answers.</summary>
    protected void WaitFor(Func<bool> answers)
    {
        var waited = Stopwatch.StartNew();
        while (!answers())
        {
            if (process.HasExited) throw new InvalidOperationException($"{process.StartInfo.FileName} ended: {process.StandardError.ReadToEnd()}");
            if (waited.Elapsed > StartMax) throw new TimeoutException($"{process.StartInfo.FileName} does not answer");
            Thread.Sleep(50);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Venue.sln"))) return folder;
        throw new InvalidOperationException("no Venue.sln above the tests");
    }
}
