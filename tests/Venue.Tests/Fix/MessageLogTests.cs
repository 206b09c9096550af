using System.Text;
using Venue.Fix;
using Venue.Host;

namespace Venue.Tests.Fix;

/// <summary>Log files: written, switched, rolled, and read again.</summary>
public sealed class MessageLogTests
{
    private string _folder = "";

    [SetUp]
    public void Make() => _folder = Directory.CreateTempSubdirectory("venue-log-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_session_is_switched_on_and_off_while_it_runs()
    {
        var session = new ScriptedSession();
        using (var log = new FileMessageLog(_folder, [session.Session]))
        {
            File.WriteAllText(Path.Combine(_folder, "on"), "# who\nTHEM\n");
            Assert.That(() => session.Session.Log, Is.Not.Null.After(5_000, 10));
            session.Run("""
                connect
                in 35=A|34=1|98=0|108=30|553=me|554=secret
                out 35=A|34=1|98=0|108=30
                logon
                """);
            File.Delete(Path.Combine(_folder, "on"));
            Assert.That(() => session.Session.Log, Is.Null.After(5_000, 10));
            session.Run("in 35=0|34=2");
            Assert.That((log.Dropped, log.Fault), Is.EqualTo((0L, (string?)null)));
        }
        var lines = File.ReadAllLines(Path.Combine(_folder, "THEM.log"));
        Assert.That(lines, Has.Length.EqualTo(2));
        Assert.That(lines[0], Does.StartWith("20261122-12:00:00.0000000 in 8=FIX.4.4|9=").And.Contain("|553=me|554=***|10="));
        Assert.That(lines[1], Does.StartWith("20261122-12:00:00.0000000 out 8=FIX.4.4|9=").And.Contain("|35=A|49=US|56=THEM|"));
    }

    [Test]
    public void What_does_not_fit_is_counted_and_nobody_waits()
    {
        var session = new ScriptedSession();
        using var log = new FileMessageLog(_folder, [session.Session], ringBytes: 1024);
        log.Add(session.Session, LogDirection.In, new byte[2000], Wire.Noon);
        Assert.That(log.Dropped, Is.EqualTo(1));
        log.Add(session.Session, LogDirection.In, "noise"u8, Wire.Noon);
        log.Dispose();
        Assert.That(File.ReadAllText(Path.Combine(_folder, "THEM.log")), Is.EqualTo(
            "20261122-12:00:00.0000000 note 1 messages of all sessions were dropped: the disk was too slow\n20261122-12:00:00.0000000 in noise\n"));
    }

    [Test]
    public void Everything_put_in_comes_out_in_order_however_the_ring_turns()
    {
        var session = new ScriptedSession();
        var wanted = new StringBuilder();
        using (var log = new FileMessageLog(_folder, [session.Session], ringBytes: 4096))
            for (var i = 0; i < 5_000; i++)
            {
                var text = new string((char)('a' + i % 26), i % 90);
                var before = log.Dropped;
                log.Add(session.Session, LogDirection.Out, Encoding.ASCII.GetBytes(text), Wire.Noon);
                if (log.Dropped == before) wanted.Append("20261122-12:00:00.0000000 out ").Append(text).Append('\n');
            }
        var lines = File.ReadAllText(Path.Combine(_folder, "THEM.log")).Split('\n').Where(line => !line.Contains(" note "));
        Assert.That(string.Join('\n', lines), Is.EqualTo(wanted.ToString()));
    }

    [Test]
    public void A_full_file_becomes_the_first_of_a_bounded_number()
    {
        using (var file = new LogFile(_folder, "A/B", bytesMax: 10, filesMax: 3))
            foreach (var line in (string[])["one 1", "two 2", "three", "four 4", "five 5"]) file.Line(Encoding.ASCII.GetBytes(line));
        var files = Directory.GetFiles(_folder).Order(StringComparer.Ordinal).Select(path => $"{Path.GetFileName(path)}: {File.ReadAllText(path).Trim()}");
        Assert.That(files, Is.EqualTo(new[] { "A%2FB.1.log: four 4", "A%2FB.2.log: three", "A%2FB.log: five 5" }));
    }

    [TestCase("|", 2)]
    [TestCase("^A", 2)]
    [TestCase(";", 2)]
    [TestCase("\u0001", 2)]
    public void A_log_is_read_whatever_stands_between_the_fields(string delimiter, int count)
    {
        var one = Wire.Text(Wire.From("A", "B", Wire.Noon, "35=0|34=1"));
        var two = Wire.Text(Wire.From("A", "B", Wire.Noon, "35=1|34=2|112=x"));
        var log = Encoding.Latin1.GetBytes($"12:00 in {one}\n12:01 out {two}\n12:02 in 8=FIX.4.4|9=5".Replace("|", delimiter));
        var found = new List<string>();
        var done = RawLog.Read(log, message => found.Add(Wire.Text(message)));
        Assert.That(found, Is.EqualTo(new[] { one, two }).And.Count.EqualTo(count));
        Assert.That(Encoding.Latin1.GetString(log, done, log.Length - done), Does.StartWith("8=FIX.4.4"), "the unfinished one is kept");
    }

    [Test]
    public void A_message_without_its_credentials_can_still_be_read()
    {
        var message = Wire.From("A", "B", Wire.Noon, "35=A|34=1|98=0|108=30|554=a long secret");
        var clear = new byte[Redaction.MaxLength(message.Length)];
        var logged = clear.AsSpan(0, Redaction.Write(message, clear, (byte)'|'));
        var found = "";
        RawLog.Read(logged, text => found = new MessageText(Wire.Dictionary).Wide(text));
        Assert.That(found, Does.EndWith("Logon(A) EncryptMethod=0(NONE) HeartBtInt=30 Password=***"));
    }
}
