using System.Diagnostics;
using System.Security.Cryptography;

namespace Custody.Host.Database;

/// <summary>
/// A PostgreSQL cluster of our own in the data folder, reached by a Unix socket in it and by nothing else. Made at the first
/// start; a server that outlived a killed host is taken over.
/// </summary>
/// <remarks>PostgreSQL refuses to run as root: then it runs as the user postgres, who gets the folder.</remarks>
public sealed class Cluster
{
    private const string User = "venue", Postgres = "postgres";
    private readonly string _folder, _bin, _passwordFile;
    private readonly bool _isRoot = Environment.UserName == "root";

    /// <param name="folder">Where it is, or will be made.</param>
    public Cluster(string folder)
    {
        _folder = Path.GetFullPath(folder);
        _passwordFile = _folder + ".password";
        _bin = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "pg_ctl"))).OrderBy(d => d.Length).ThenBy(d => d, StringComparer.Ordinal).LastOrDefault() ?? ""
            : "";
        if (_bin.Length == 0) throw new IOException("PostgreSQL's pg_ctl was not found in /usr/lib/postgresql/*/bin: install postgresql, or give a connection string");
        // The socket is FOLDER/.s.PGSQL.5432, and a socket's path has at most 107 characters.
        if (_folder.Length > 90) throw new IOException($"{_folder}: longer than the 90 characters that leave room for PostgreSQL's socket");
    }

    /// <summary>Makes it if needed, starts it if needed, and says how to connect.</summary>
    public string Start()
    {
        if (!Directory.Exists(_folder)) Create();
        if (Run("pg_ctl", ["-D", _folder, "status"], out _) != 0)
        {
            // Only the socket: no port that another program could take or that the network could see.
            if (Run("pg_ctl", ["-D", _folder, "-w", "-t", "60", "-l", Path.Combine(_folder, "server.log"), "-o", $"-c listen_addresses='' -k '{_folder}'", "start"], out var said) != 0)
                throw new IOException($"PostgreSQL did not start: {said} (see {Path.Combine(_folder, "server.log")})");
        }
        return $"Host={_folder};Username={User};Password={File.ReadAllText(_passwordFile).Trim()};Database=postgres;Timeout=15;Command Timeout=30";
    }

    /// <summary>Stops the server; what is committed stays.</summary>
    public void Stop()
    {
        if (Run("pg_ctl", ["-D", _folder, "-w", "-m", "fast", "stop"], out var said) != 0) throw new IOException($"PostgreSQL did not stop: {said}");
    }

    private void Create()
    {
        // Made beside and moved into place: a start that is killed half-way leaves nothing that looks finished.
        var half = _folder + ".new";
        if (Directory.Exists(half)) Directory.Delete(half, recursive: true);
        Directory.CreateDirectory(half, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        WriteSecret(_passwordFile, password);
        var given = half + ".password";
        WriteSecret(given, password);
        try
        {
            if (_isRoot && Execute("chown", [$"{Postgres}:", half, given], out var why) != 0) throw new IOException($"the folder could not be given to {Postgres}: {why}");
            if (Run("initdb", ["-D", half, "-U", User, "-A", "scram-sha-256", $"--pwfile={given}", "-E", "UTF8", "--locale=C", "--data-checksums"], out var said) != 0)
                throw new IOException($"PostgreSQL's cluster could not be made in {half}: {said}");
        }
        finally
        {
            File.Delete(given);
        }
        Directory.Move(half, _folder);
    }

    private static void WriteSecret(string path, string text)
    {
        File.Delete(path);
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        file.Write(System.Text.Encoding.ASCII.GetBytes(text + "\n"));
        file.Flush(flushToDisk: true);
    }

    private int Run(string program, IEnumerable<string> arguments, out string said)
    {
        var path = Path.Combine(_bin, program);
        return _isRoot
            ? Execute("setpriv", [$"--reuid={Postgres}", $"--regid={Postgres}", "--clear-groups", path, .. arguments], out said)
            : Execute(path, arguments, out said);
    }

    private int Execute(string program, IEnumerable<string> arguments, out string said)
    {
        // The server inherits what pg_ctl has: its output goes to a file of its own, or our pipe would never end.
        var output = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/" };
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add("out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null");
            start.ArgumentList.Add("sh");
            start.ArgumentList.Add(output);
            start.ArgumentList.Add(program);
            foreach (var argument in arguments) start.ArgumentList.Add(argument);
            start.Environment["HOME"] = Path.GetDirectoryName(_folder);
            start.Environment["LC_ALL"] = "C";
            using var process = Process.Start(start) ?? throw new IOException($"{program} could not be started");
            process.WaitForExit();
            said = File.ReadAllText(output).Trim();
            return process.ExitCode;
        }
        finally
        {
            File.Delete(output);
        }
    }
}
