using Venue.Host;
using Wire = Venue.Api;

namespace Venue.Tests.Host;

internal sealed class OperatorTests
{
    private DirectoryInfo _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("operators");

    [TearDown]
    public void RemoveFolder() => _folder.Delete(recursive: true);

    private string LogPath => Path.Combine(_folder.FullName, "acts.log");

    private static string[] Steps(ActLog log) => [.. log.Last(100).Select(r => $"{r.Number} {r.By} {r.State}")];

    [Test]
    public void A_step_that_a_crash_cut_off_was_not_taken_and_open_acts_are_closed()
    {
        using (var log = new ActLog(LogPath))
        {
            var first = log.Begin("alice", "begun", "x", "y");
            log.Add(first, "alice", "done", seq: 7);
            log.Begin("alice", "begun", "x", "y");
            log.Begin("bob", "waiting", "x", "y");
        }
        File.AppendAllText(LogPath, "{ \"number\": \"3\", \"by\": \"al");
        string[] closed = ["1 alice begun", "1 alice done", "2 alice begun", "3 bob waiting", "2  interrupted", "3  expired"];
        using (var log = new ActLog(LogPath))
        {
            Assert.That(Steps(log), Is.EqualTo(closed));
            log.Begin("carol", "begun", "x", "y");
        }
        using var again = new ActLog(LogPath);
        Assert.That(Steps(again), Is.EqualTo((string[])[.. closed, "4 carol begun", "4  interrupted"]));
    }

    [Test]
    public void A_damaged_record_is_not_passed_over()
    {
        using (var log = new ActLog(LogPath)) log.Begin("alice", "begun", "x", "y");
        File.WriteAllText(LogPath, "nonsense\n" + File.ReadAllText(LogPath));
        Assert.That(() => new ActLog(LogPath), Throws.InstanceOf<IOException>().With.Message.Contains("acts.log:1"));
    }

    [Test]
    public void A_token_is_its_persons_until_the_file_says_otherwise()
    {
        var alarms = new List<string>();
        var file = new OperatorsFile(_folder.FullName, alarms.Add);
        Assert.That(file.Find("x"), Is.Null);
        var token = OperatorsFile.Add(_folder.FullName, "alice", OperatorRoles.Risk | OperatorRoles.Watch);
        var path = Path.Combine(_folder.FullName, "operators.cfg");
        Assert.That(file.Find(token), Is.EqualTo(new Operator("alice", OperatorRoles.Risk | OperatorRoles.Watch)));
        Assert.That(File.ReadAllText(path), Does.Not.Contain(token));

        // A second token for the same person, so that the first can go without a gap.
        var second = OperatorsFile.Add(_folder.FullName, "alice", OperatorRoles.Risk | OperatorRoles.Watch);
        Touch(path);
        Assert.That((file.Find(token)?.Name, file.Find(second)?.Name), Is.EqualTo(("alice", "alice")));

        File.AppendAllText(path, "[OPERATOR]\nName=alice\nRoles=treasury\nTokenSha256=00\n");
        Touch(path);
        Assert.That(file.Find(token), Is.Not.Null, "what was read before goes on");
        Assert.That(alarms, Has.Count.EqualTo(1).And.One.Contains("64 hexadecimal digits"));

        File.WriteAllText(path, "");
        Touch(path);
        Assert.That(file.Find(token), Is.Null);
    }

    [TestCase("watch", "Watch")]
    [TestCase("risk, Treasury", "Risk, Treasury")]
    [TestCase("risk,boss", "None")]
    [TestCase("15", "None")]
    [TestCase("", "None")]
    [TestCase("none", "None")]
    public void Roles_are_names(string text, string roles) => Assert.That(OperatorsFile.RolesOf(text).ToString(), Is.EqualTo(roles));

    [Test]
    public async Task A_proposal_whose_time_is_over_is_gone()
    {
        using var log = new ActLog(LogPath);
        var desk = new ActDesk(log, _ => Task.FromResult(new PreparedAct(_ => Task.FromResult(5L))));
        var lift = new Wire.ActRequest { Reason = "why", Kill = new Wire.KillAct { Scope = "venue" } };
        var reply = await desk.Act(new Operator("alice", OperatorRoles.Risk), lift);
        log.Last(1)[0].TimeNs -= ActDesk.WaitNs + 1_000_000_000;
        Assert.That(() => desk.Approve(new Operator("bob", OperatorRoles.Risk), reply.Number), Throws.InstanceOf<Grpc.Core.RpcException>().With.Property("StatusCode").EqualTo(Grpc.Core.StatusCode.NotFound));
        Assert.That(Steps(log), Is.EqualTo(new[] { "1 alice waiting", "1  expired" }));
    }

    // The clock of a file system may stand still between two writes.
    private static void Touch(string path) => File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(2));
}
