using Venue.Host;
using Venue.Messages;
using Venue.Sequencer;
using Venue.Tests.Gateway;

namespace Venue.Tests.Host;

/// <summary>Snapshots of the whole venue: engine, sessions, public books; written behind the core, read at the start.</summary>
internal sealed class SnapshotTests
{
    private CoreHarness _venue = null!;

    [SetUp]
    public void Start() => _venue = new CoreHarness();

    [TearDown]
    public void Stop() => _venue.Dispose();

    /// <summary>Between a command and its reports, between two reports of one trade: the image at the end has the same bytes.</summary>
    /// <remarks>With VENUE_SOAK=1 at every record; else at each of the last dozen and at every fourth before.</remarks>
    [Test]
    public void At_any_record_a_snapshot_and_the_tail_are_the_full_replay()
    {
        Trade();
        var records = _venue.Records();
        var first = records.FindIndex(r => r.Kind != RecordKind.Command) - 1;
        var whole = Written(Folded(records, records.Count));
        Assert.That(records, Has.Count.GreaterThan(40));
        var isSoak = Environment.GetEnvironmentVariable("VENUE_SOAK") == "1";
        for (var cut = Math.Max(first, 1); cut < records.Count; cut += isSoak || cut > records.Count - 12 ? 1 : 4)
        {
            Finish(Folded(records, cut));
            var state = new ReplicaState(new FeedCollector(), _venue.Snapshots);
            Assert.That(state.Begin(_venue.Journal, throughSeq: long.MaxValue, feedSeq: 0), Is.True);
            Assert.That(state.LastRecord, Is.EqualTo(records[cut - 1].Position));
            foreach (var (kind, payload, position) in records.Skip(cut)) state.Fold(kind, payload, position);
            Assert.That(Written(state).SequenceEqual(whole), Is.True, $"cut behind record {cut}, a {records[cut - 1].Kind}");
            Directory.Delete(Path.GetDirectoryName(_venue.Snapshots.Newest[0])!, recursive: true);
        }
    }

    [Test]
    public void A_start_from_a_snapshot_gives_the_venue_that_a_full_replay_gives()
    {
        Trade();
        var records = _venue.Records();
        _venue.Restart();
        var full = Describe();
        foreach (var cut in new[] { records.Count / 3, records.Count * 2 / 3, records.Count })
        {
            Finish(Folded(records, cut));
            _venue.Restart();
            Assert.That(_venue.Core.SnapshotNotes, Has.Count.EqualTo(1).And.All.StartsWith("began with snapshot"));
            Assert.That(Describe(), Is.EqualTo(full), $"cut behind record {cut} of {records.Count}");
        }
    }

    [Test]
    public void A_client_that_comes_back_after_a_start_from_a_snapshot_gets_what_it_missed_and_trades_on()
    {
        Trade();
        var expected = Resend("CLIENT1");
        Finish(Folded(_venue.Records(), _venue.Records().Count));
        _venue.Restart();
        Assert.That(_venue.Core.SnapshotNotes[0], Does.StartWith("began with snapshot"));
        Assert.That(Resend("CLIENT1").Where(m => m.StartsWith("35=8", StringComparison.Ordinal)), Is.EqualTo(expected.Where(m => m.StartsWith("35=8", StringComparison.Ordinal))));
        var client = _venue.Connect("CLIENT2");
        client.NextOut = _venue.Core.Gateway.Clients.Single(c => c.ClientCompID == "CLIENT2").NextIn;
        client.Logon();
        Assert.That(client.Order("late", "buy", "0.5", "49000").Inbox(), Has.Some.Contains("11=late").And.Contains("39=0"));
        _venue.Core.Engine.CheckInvariants();
    }

    [TestCase("a byte of the content", "the checksum of its content is wrong")]
    [TestCase("a byte of the header", "the checksum of its header is wrong")]
    [TestCase("the version", "its format version is 3, this program reads 2")]
    [TestCase("the layout", "another version of the program wrote it")]
    [TestCase("the end", "bytes and says")]
    [TestCase("the beginning", "it does not begin with VENUESNP")]
    public void A_damaged_snapshot_gives_way_to_the_one_before_and_that_to_the_journal(string what, string why)
    {
        Trade();
        var records = _venue.Records();
        _venue.Restart();
        var full = Describe();
        Finish(Folded(records, records.Count / 2));
        Finish(Folded(records, records.Count));
        var paths = _venue.Snapshots.Newest;
        Damage(paths[0], what);
        _venue.Restart();
        Assert.That(_venue.Core.SnapshotNotes, Has.Count.EqualTo(2));
        Assert.That(_venue.Core.SnapshotNotes[0], Does.Contain(paths[0]).And.Contain(why));
        Assert.That(_venue.Core.SnapshotNotes[1], Does.StartWith($"began with snapshot {paths[1]}"));
        Assert.That(Describe(), Is.EqualTo(full));

        Damage(paths[1], what);
        _venue.Restart();
        Assert.That(_venue.Core.SnapshotNotes, Has.Count.EqualTo(3));
        Assert.That(_venue.Core.SnapshotNotes[2], Is.EqualTo("no snapshot could be used: the whole journal was replayed"));
        Assert.That(Describe(), Is.EqualTo(full));
    }

    [Test]
    public void A_snapshot_that_is_ahead_of_its_journal_is_not_used()
    {
        Trade();
        var records = _venue.Records();
        Finish(Folded(records, records.Count));
        // A copy of the folder from before, with a snapshot from after.
        var command = records.FindLastIndex(records.Count / 2, r => r.Kind == RecordKind.Command);
        _venue.CutAfterCommandAt(records[command].Position);
        Assert.That(_venue.Core.SnapshotNotes[0], Does.Contain("the journal has no record at"));
        Assert.That(_venue.Core.SnapshotNotes[1], Does.StartWith("no snapshot could be used"));
        _venue.Core.Engine.CheckInvariants();
    }

    [Test]
    public void The_newest_two_are_kept_and_what_was_cut_off_is_removed()
    {
        Trade();
        var records = _venue.Records();
        var commands = Enumerable.Range(0, records.Count).Where(i => records[i].Kind == RecordKind.Command).TakeLast(4).ToArray();
        foreach (var command in commands) Finish(Folded(records, command + 1));
        Assert.That(_venue.Snapshots.Newest, Has.Count.EqualTo(2));
        Folded(records, commands[0] + 1).Write(0).Dispose();
        var folder = Path.GetDirectoryName(_venue.Snapshots.Newest[0])!;
        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(3));
        Finish(Folded(records, records.Count));
        Assert.That(Directory.GetFiles(folder), Is.EquivalentTo(_venue.Snapshots.Newest));
    }

    /// <summary>Two clients trade, replace, cancel; one leaves and comes back; one resets its numbers.</summary>
    private void Trade()
    {
        var (one, two) = (_venue.Connect("CLIENT1").Logon(), _venue.Connect("CLIENT2").Logon());
        for (var i = 0; i < 4; i++)
        {
            one.Order($"s{i}", "sell", "1", $"{50100 + 100 * i}");
            two.Order($"b{i}", "buy", "0.4", $"{49000 + 100 * i}");
        }
        two.Order("sweep", "buy", "2.5", "50400");
        one.Send("35=F|11=c1|41=s3|55=BTC-USD|54=2|60=now").Send("35=F|11=c2|41=nothing|55=BTC-USD|54=2|60=now");
        two.Send("35=G|11=r1|41=b1|55=BTC-USD|54=1|60=now|38=0.3|40=2|44=49050|59=1");
        one.Drop();
        two.Order("while away", "sell", "0.1", "48000");
        var three = _venue.Connect("LP1").Logon("141=Y");
        three.Order("l1", "sell", "3", "51000", symbol: "ETH-USD");
        three.Order("l2", "buy", "0.7", "50300");
    }

    private string[] Resend(string compID)
    {
        var client = _venue.Connect(compID);
        client.NextOut = _venue.Core.Gateway.Clients.Single(c => c.ClientCompID == compID).NextIn;
        client.Logon();
        client.Inbox();
        var resent = client.Send("35=2|7=1|16=0").Inbox();
        client.Drop();
        return resent;
    }

    private string Describe() => string.Join('\n', _venue.Core.Gateway.Clients
        .Select(c => $"{c.ClientCompID} out {c.NextOut} in {c.NextIn} kept {c.SentMessages}")
        .Concat(_venue.Core.Gateway.Instruments.All.Select(i => $"{i.Name} {Levels(i.Id)} last {_venue.Core.Gateway.Book(i.Id).LastTrade.PriceTicks}"))
        .Append($"{_venue.Core.LastSeq} {_venue.Core.Engine.StateHash():x16} untold {_venue.Untold} firms {_venue.Core.Known.Firms.Count} keys {_venue.Core.Known.OpeningKeys.Count}"));

    private string Levels(int instrument)
    {
        var book = _venue.Core.Gateway.Book(instrument);
        return string.Join(' ', new[] { Side.Buy, Side.Sell }.SelectMany(side => Enumerable.Range(0, book.Count(side)).Select(n => book[side, n])));
    }

    private ReplicaState Folded(List<(RecordKind Kind, byte[] Payload, long Position)> records, int count)
    {
        var state = new ReplicaState(new FeedCollector(), _venue.Snapshots);
        foreach (var (kind, payload, position) in records.Take(count)) state.Fold(kind, payload, position);
        return state;
    }

    private void Finish(ReplicaState state) => _venue.Snapshots.Finish(state.Write(feedSeq: 0));

    private static byte[] Written(ReplicaState state)
    {
        var writer = state.Write(feedSeq: 0);
        writer.Dispose();
        var bytes = File.ReadAllBytes(writer.Path + ".new");
        File.Delete(writer.Path + ".new");
        return bytes;
    }

    private static void Damage(string path, string what)
    {
        var bytes = File.ReadAllBytes(path);
        switch (what)
        {
            case "a byte of the content": bytes[^100] ^= 1; break;
            case "a byte of the header": bytes[20] ^= 1; break;
            case "the version": bytes[8] = 3; break;
            case "the layout":
                SnapshotHeader.TryRead(bytes, out var header);
                (header with { Layout = header.Layout + 1 }).Write(bytes);
                break;
            case "the end": bytes = bytes[..^1]; break;
            case "the beginning": bytes[0] = 0; break;
        }
        File.WriteAllBytes(path, bytes);
    }
}
