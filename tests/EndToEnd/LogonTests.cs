using System.Net.Sockets;
using System.Text;

namespace EndToEnd;

/// <summary>Sessions that must prove themselves over TCP: passwords with QuickFIX, signatures with jspurefix, and those who guess or listen.</summary>
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
        File.WriteAllText(sessions, File.ReadAllText(sessions)
            .Replace("TargetCompID=CLIENT1\n", "TargetCompID=CLIENT1\nAuthenticated=Y\n").Replace("TargetCompID=CLIENT2\n", "TargetCompID=CLIENT2\nAuthenticated=Y\n")
            .Replace("TargetCompID=CLIENT3\n", "TargetCompID=CLIENT3\nAuthenticated=Y\n").Replace("TargetCompID=CLIENT4\n", "TargetCompID=CLIENT4\nAuthenticated=Y\n"));
        Write(Hashed("correct horse"));
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
    public void The_right_password_logs_on_a_wrong_one_is_refused_and_a_writtenone_counts_without_a_restart()
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
        // Two at a time: who changes from one to the other is never kept out.
        Write(Hashed("correct horse"), Hashed("new horse"));
        foreach (var password in (string[])["new horse", "correct horse"])
        {
            using var both = Client("554=" + password);
            both.Connect();
            both.Logout();
        }
        Write(Hashed("new horse"));
        using var changed = Client("554=new horse");
        changed.Connect();
        var mark = changed.Mark;
        changed.Do("new x buy BTC-USD 1 limit 50000");
        changed.WaitForMessage("the order's report", m => m.Type == "8" && m[150] == "0", mark);
    }

    private FixClient Client(string password) => new(ClientKind.QuickFix, "CLIENT1", _venue.Port, Path.Combine(_stores, "CLIENT1"), logon: "553=alice|" + password);

    //           signs by                                                                                    known here by
    [TestCase("CLIENT2", "hmac:c2VjcmV0LXNlY3JldC1zZWNyZXQ=", Hmac), TestCase("CLIENT3", "ed25519:nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=", Ed25519)]
    public void A_signature_logs_on_once_and_who_overheard_it_is_refused(string compID, string sign, string known)
    {
        Assert.That(File.ReadAllText(Path.Combine(_config, "credentials.cfg")), Does.Contain(known));
        using var client = new FixClient(ClientKind.JsPureFix, compID, _venue.Port, Path.Combine(_stores, compID), sign: sign, reset: true);
        client.Connect();
        var logon = client.Outgoing(0).First(m => m.Type == "A").ToString();
        client.Do("kill");
        client.WaitForDisconnect(0);
        // The same bytes from somebody else, as soon as the venue has seen the connection go: until then it says nothing.
        var answer = "";
        for (var until = DateTime.UtcNow.AddSeconds(4); answer.Length == 0 && DateTime.UtcNow < until;) answer = Answer(logon.Replace('|', '\u0001') + '\u0001');
        Assert.That(answer, Does.Contain("\u000135=5\u0001").And.Contain("\u000158=Logon refused\u0001"));
    }

    [Test]
    public void Who_guesses_is_locked_out_with_an_alarm_and_told_nothing()
    {
        for (var i = 0; i < 5; i++) Assert.That(Answer(Logon("CLIENT4", i + 1, "554=guess" + i)), Does.Contain("\u000158=Logon refused\u0001"));
        // The right one from the same address, and not a word.
        Assert.That(Answer(Logon("CLIENT4", 6, "554=correct horse")), Is.Empty);
        Assert.That(_venue.WaitForLine("ALARM", "CLIENT4", "locked out"), Does.Contain("its proof is wrong"));
    }

    private const string Hmac = "HmacSha256=c2VjcmV0LXNlY3JldC1zZWNyZXQ=";
    // The first test vector of RFC 8032.
    private const string Ed25519 = "Ed25519=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

    private const string Known = $"[CREDENTIAL]\nTargetCompID=CLIENT2\n{Hmac}\n[CREDENTIAL]\nTargetCompID=CLIENT3\n{Ed25519}\n";

    /// <summary>All that comes until the venue closes.</summary>
    private string Answer(string bytes)
    {
        using var socket = new TcpClient("127.0.0.1", _venue.Port) { ReceiveTimeout = 15_000 };
        socket.GetStream().Write(Encoding.ASCII.GetBytes(bytes));
        using var reader = new StreamReader(socket.GetStream(), Encoding.ASCII);
        return reader.ReadToEnd();
    }

    private static string Logon(string compID, int number, string proof)
    {
        var body = $"35=A|34={number}|49={compID}|52={DateTime.UtcNow:yyyyMMdd-HH:mm:ss.fff}|56=VENUE|98=0|108=30|553=alice|{proof}|".Replace('|', '\u0001');
        var message = $"8=FIX.4.4\u00019={body.Length}\u0001{body}";
        return $"{message}10={message.Sum(c => c) & 255:000}\u0001";
    }

    private readonly Dictionary<string, string> _hashes = [];

    private string Hashed(string password)
    {
        if (_hashes.TryGetValue(password, out var known)) return known;
        using var hash = new ChildProcess("venue hash-password", ["dotnet", Places.Venue, "hash-password"]);
        hash.Send(password);
        return _hashes[password] = hash.WaitFor("the line", l => l.StartsWith("Password=", StringComparison.Ordinal), 0, TimeSpan.FromSeconds(15)).Text;
    }

    private void Write(params string[] lines)
    {
        var path = Path.Combine(_config, "credentials.cfg");
        var written = path + ".new";
        File.WriteAllText(written, Known + string.Concat(((string[])["CLIENT1", "CLIENT4"]).SelectMany(c => lines.Select(line => $"[CREDENTIAL]\nTargetCompID={c}\nUsername=alice\n{line}\n"))));
        if (OperatingSystem.IsLinux()) File.SetUnixFileMode(written, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(written, path, overwrite: true);
    }
}
