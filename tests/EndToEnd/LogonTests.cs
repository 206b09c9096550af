namespace EndToEnd;

/// <summary>A session that must prove itself by a password, with QuickFIX on the other side.</summary>
[TestFixture]
[Category("EndToEnd")]
public sealed class LogonTests
{
    private readonly string _config = Places.NewFolder("config");
    private readonly string _stores = Places.NewFolder("stores");
    private VenueProcess _venue = null!;

    [OneTimeSetUp]
    public void Start()
    {
        foreach (var file in Directory.GetFiles(Places.Config)) File.Copy(file, Path.Combine(_config, Path.GetFileName(file)));
        var sessions = Path.Combine(_config, "sessions.cfg");
        File.WriteAllText(sessions, File.ReadAllText(sessions).Replace("TargetCompID=CLIENT1\n", "TargetCompID=CLIENT1\nAuthenticated=Y\n"));
        Write("correct horse");
        _venue = new VenueProcess(_config);
        _venue.Start();
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _venue.Dispose();
        Directory.Delete(_config, recursive: true);
        Directory.Delete(_stores, recursive: true);
    }

    [Test]
    public void The_right_password_logs_on_a_wrong_one_is_refused_and_a_new_one_counts_without_a_restart()
    {
        using (var wrong = Client("554=battery staple"))
        {
            wrong.Do("connect");
            wrong.WaitForMessage("a Logout", m => m.Type == "5" && m.Find(58) == "Logon refused", 0);
        }
        using (var right = Client("554=correct horse"))
        {
            right.Connect();
            right.Logout();
        }
        Write("new horse");
        using var changed = Client("554=new horse");
        changed.Connect();
        var mark = changed.Mark;
        changed.Do("new x buy BTC-USD 1 limit 50000");
        changed.WaitForMessage("the order's report", m => m.Type == "8" && m[150] == "0", mark);
    }

    private FixClient Client(string password) => new(ClientKind.QuickFix, "CLIENT1", _venue.Port, Path.Combine(_stores, "CLIENT1"), logon: "553=alice|" + password);

    private void Write(string password)
    {
        using var hash = new ChildProcess("venue hash-password", ["dotnet", Places.Venue, "hash-password"]);
        hash.Send(password);
        var line = hash.WaitFor("the line", l => l.StartsWith("Password=", StringComparison.Ordinal), 0, TimeSpan.FromSeconds(15)).Text;
        var path = Path.Combine(_config, "credentials.cfg");
        File.WriteAllText(path, $"[CREDENTIAL]\nTargetCompID=CLIENT1\nUsername=alice\n{line}\n");
        if (OperatingSystem.IsLinux()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
