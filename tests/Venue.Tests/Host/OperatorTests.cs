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

    private string LogPath => Path.Combine(_folder.FullName, "acts");

    private string NewestFile => Directory.GetFiles(LogPath).Order(StringComparer.Ordinal).Last();

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
        File.AppendAllText(NewestFile, "{ \"number\": \"3\", \"by\": \"al");
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
        File.WriteAllText(NewestFile, File.ReadAllText(NewestFile) + "nonsense\n" + File.ReadAllText(NewestFile));
        Assert.That(() => new ActLog(LogPath), Throws.InstanceOf<IOException>().With.Message.Contains("0000.acts:3"));
    }

    [Test]
    public void The_record_goes_on_in_files_and_its_memory_does_not_grow()
    {
        const int Acts = 400;
        using (var log = new ActLog(LogPath, fileBytes: 2000))
        {
            // The first stays open through all files.
            log.Begin("alice", "waiting", "first", "why");
            for (var i = 2; i <= Acts; i++) log.Add(log.Begin("bob", "begun", "x", "y"), "bob", "done", seq: i);
            Assert.That(Directory.GetFiles(LogPath), Has.Length.GreaterThan(20));
            Assert.That(Directory.GetFiles(LogPath).Max(f => new FileInfo(f).Length), Is.LessThan(2500));
            Assert.That(log.Last(3).Select(r => (r.Number, r.State)), Is.EqualTo(new[] { (Acts - 1L, "done"), ((long)Acts, "begun"), (Acts, "done") }));
            Assert.That(log.Last(2, before: 101).Select(r => (r.Number, r.State)), Is.EqualTo(new[] { (100L, "begun"), (100L, "done") }));
            Assert.That(log.Last(int.MaxValue).Select(r => r.Number), Is.EqualTo(Enumerable.Range(2, Acts - 1).SelectMany(i => (long[])[i, i]).Prepend(1L)), "each record once");
        }
        using var again = new ActLog(LogPath, fileBytes: 2000);
        Assert.That(again.Last(1).Select(r => (r.Number, r.State, r.What)), Is.EqualTo(new[] { (1L, "expired", "first") }));
        Assert.That(again.Begin("carol", "begun", "x", "y").Number, Is.EqualTo(Acts + 1));
    }

    [Test]
    public void What_an_act_takes()
    {
        string[] table =
        [
            "kill | { \"kill\": { \"engaged\": true } } | Risk 1",
            "kill | { \"kill\": {} } | Risk 2",
            "phase | { \"phase\": {} } | Trading 1",
            "credit | { \"credit\": {} } | Treasury 2",
            "logout | { \"logout\": {} } | Support 1",
            "unblock | { \"unblock\": {} } | Support 1",
            "rate | { \"rate\": {} } | Support 1",
            "message_log | { \"messageLog\": {} } | Support 1",
            "limits | { \"limits\": {} } | Risk 2",
            "fees | { \"fees\": {} } | Treasury 2",
            "account | { \"account\": {} } | Treasury 2",
            "credit_line | { \"creditLine\": {} } | Risk 2",
            "trade | { \"trade\": { \"execId\": \"1-1\" } } | Trading 2",
            "trade | { \"trade\": { \"execId\": \"1-1\", \"quantity\": \"1\", \"price\": \"1\" } } | Trading 2",
            "index_price | { \"indexPrice\": {} } | Trading 1",
            "margin_asset | { \"marginAsset\": {} } | Risk 2",
            "margin_account | { \"marginAccount\": {} } | Risk 2",
            "liquidation | { \"liquidation\": {} } | Risk 2",
            "insurance | { \"insurance\": {} } | Treasury 2",
            "interest | { \"interest\": {} } | Treasury 2",
        ];
        var rows = table.Select(row => row.Split(" | ")).ToList();
        Assert.That(rows.Select(row => row[0]).Distinct(), Is.EquivalentTo(Wire.ActRequest.Descriptor.Oneofs[0].Fields.Select(f => f.Name)), "every act has its row");
        foreach (var row in rows)
        {
            var request = Wire.ActRequest.Parser.ParseJson(row[1]);
            request.Reason = "why";
            var terms = ActTerms.Of(request);
            Assert.That($"{terms.Role} {terms.Persons}", Is.EqualTo(row[2]), row[1]);
        }
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
        var nowNs = Clock.NowNs();
        var desk = new ActDesk(log, _ => Task.FromResult(new PreparedAct(_ => Task.FromResult(5L))), () => nowNs);
        var lift = new Wire.ActRequest { Reason = "why", Kill = new Wire.KillAct { Scope = "venue" } };
        var reply = await desk.Act(new Operator("alice", OperatorRoles.Risk), lift);
        nowNs += ActDesk.WaitNs + 1_000_000_000;
        Assert.That(() => desk.Approve(new Operator("bob", OperatorRoles.Risk), reply.Number), Throws.InstanceOf<Grpc.Core.RpcException>().With.Property("StatusCode").EqualTo(Grpc.Core.StatusCode.NotFound));
        Assert.That(Steps(log), Is.EqualTo(new[] { "1 alice waiting", "1  expired" }));
    }

    // The clock of a file system may stand still between two writes.
    private static void Touch(string path) => File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(2));
}
