using Venue.Fix;
using Venue.Gateway;
using Venue.Host;
using Venue.Messages;
using Venue.Sequencer;
using Venue.Tests.Gateway;

namespace Venue.Tests.Host;

/// <summary>A venue whose journal is pruned: it starts, resends what it keeps, and fills the rest.</summary>
internal sealed class PruneTests
{
    private const int SegmentBytes = 64 << 10;
    private static readonly long Later = Clock.NowNs() + 8 * TimeSpan.TicksPerDay * 100;

    private CoreHarness _venue = null!;
    private FeedLog _feed = null!;
    private Pruner _pruner = null!;
    private readonly List<string> _notes = [];
    private long _followed;

    [SetUp]
    public void Start()
    {
        _venue = new CoreHarness(segmentBytes: SegmentBytes, profiles: new Dictionary<string, SessionProfile> { ["CLIENT3"] = new() { CancelOnDisconnect = CancelOnDisconnect.Session } });
        _feed = new FeedLog(Path.Combine(_venue.Folder, "feed"), SegmentBytes);
        _notes.Clear();
        Open();
    }

    private void Open() => _pruner = new Pruner(_venue.Journal, _feed, _venue.Snapshots, new PruneRule(TimeSpan.FromDays(7), null, () => _followed), _notes.Add);

    [TearDown]
    public void Stop()
    {
        _pruner.Dispose();
        _feed.Dispose();
        _venue.Dispose();
    }

    private string[] Segments => [.. Directory.GetFiles(_venue.Folder, "*.journal").Select(path => Path.GetFileName(path)).Order()];

    /// <summary>Orders of CLIENT1 that rest and are canceled: some six segments, as a commit thread would have them made and synced.</summary>
    private void Trade(string name, int orders = 400)
    {
        var client = Back("CLIENT1");
        for (var i = 0; i < orders; i++)
        {
            client.Order($"{name}{i}", "sell", "1", "50100").Send($"35=F|11={name}c{i}|41={name}{i}|55=BTC-USD|54=2|60=now").Inbox();
            Commit();
        }
        client.Drop();
    }

    private void Commit()
    {
        _venue.Journal.Sync();
        _venue.Journal.Prepare();
        _venue.Journal.EndTurn();
    }

    private CoreHarness.Peer Back(string compID)
    {
        var client = _venue.Connect(compID);
        client.NextOut = _venue.Core.Gateway.Clients.Single(c => c.ClientCompID == compID).NextIn;
        client.Logon().Inbox();
        return client;
    }

    /// <summary>A snapshot of the first commands, and one of all.</summary>
    private void Snapshots(int ofFirst = 0)
    {
        var records = _venue.Records();
        foreach (var count in ofFirst == 0 ? new[] { records.Count - 10, records.Count } : [ofFirst, records.Count])
        {
            var state = new ReplicaState(new FeedCollector(), _venue.Snapshots);
            if (_venue.Journal.KeptFrom > 0) Assert.That(state.Begin(_venue.Journal, long.MaxValue, long.MaxValue), Is.True);
            foreach (var (kind, payload, position) in records.Take(count).Where(r => r.Position > state.LastRecord)) state.Fold(kind, payload, position);
            _venue.Snapshots.Finish(state.Write(feedSeq: 0));
        }
        _followed = records[^1].Position;
    }

    /// <summary>One look of the pruner, with a core that goes on meanwhile.</summary>
    private void Look(long nowNs)
    {
        var look = Task.Run(() => _pruner.Look(nowNs));
        while (!look.IsCompleted) _venue.Journal.EndTurn();
        look.GetAwaiter().GetResult();
    }

    private string Describe() => string.Join('\n', _venue.Core.Gateway.Clients.Select(c => $"{c.ClientCompID} out {c.NextOut} in {c.NextIn} kept {c.SentMessages}")
        .Append($"{_venue.Core.LastSeq} {_venue.Core.Engine.StateHash():x16} untold {_venue.Untold} firms {_venue.Core.Known.Firms.Count}"));

    private void Restart()
    {
        _pruner.Dispose();
        _venue.Restart();
        Open();
    }

    [Test]
    public void A_start_from_the_pruned_journal_is_the_same_venue_with_either_snapshot()
    {
        Trade("a");
        Restart();
        var whole = Describe();
        Snapshots();
        var before = Segments.Length;
        Look(Later);
        Assert.That(Segments, Has.Length.LessThan(before / 2).And.Length.LessThanOrEqualTo(3));
        Assert.That(_notes, Has.Count.EqualTo(1).And.All.Contain("removed: older than 7d"));
        Restart();
        Assert.That(Describe(), Is.EqualTo(whole));
        Assert.That(_venue.Core.SnapshotNotes, Has.Count.EqualTo(1).And.All.StartsWith("began with snapshot"));
        File.WriteAllText(_venue.Snapshots.Newest[0], "damaged");
        Restart();
        Assert.That(Describe(), Is.EqualTo(whole));
        Assert.That(_venue.Core.SnapshotNotes, Has.Count.EqualTo(2));
        Trade("b", orders: 5);
        _venue.Core.Engine.CheckInvariants();
    }

    [Test]
    public void Kept_messages_are_resent_and_older_ones_filled_with_a_line_that_says_so()
    {
        Trade("a");
        var last = _venue.Core.Gateway.Clients.Single(c => c.ClientCompID == "CLIENT1").NextOut - 1;
        Snapshots();
        Look(Later);
        foreach (var isRestarted in new[] { false, true })
        {
            if (isRestarted) Restart();
            _venue.Core.ForgetPruned();
            _venue.Notes.Clear();
            var client = Back("CLIENT1");
            var resent = client.Send("35=2|7=1|16=0").Inbox();
            Assert.That(resent[0], Does.StartWith("35=4|34=1|43=Y").And.Contain("123=Y"));
            var kept = resent.Where(m => m.StartsWith("35=8", StringComparison.Ordinal)).ToArray();
            Assert.That(kept, Has.Length.GreaterThan(50).And.Length.LessThan(last - 100));
            Assert.That(kept, Has.All.Contain("|43=Y"));
            Assert.That(Number(kept[0], 34), Is.EqualTo(Number(resent[0], 36)), "the fill ends where the kept ones begin");
            Assert.That(kept.Select(m => Number(m, 34)), Is.EqualTo(Enumerable.Range(Number(kept[0], 34), kept.Length)), "and no number is missing behind");
            Assert.That(_venue.Notes, Is.EqualTo(new[] { "session CLIENT1 asks again for messages from 1 on that are older than what the journal keeps: a gap fill stands for them" }));
            client.Send($"35=2|7={Number(kept[0], 34)}|16=0").Inbox();
            Assert.That(_venue.Notes, Has.Count.EqualTo(1), "kept ones alone are no news");
            client.Drop();
        }
    }

    [Test]
    public void Reports_owed_to_a_session_that_stays_away_longer_are_given_up_and_later_ones_told_once()
    {
        Lose("old");
        Trade("a");
        Snapshots();
        Look(Later);
        Restart();
        Assert.That(Owed(), Is.Empty, "its record is gone");
        Lose("new");
        Assert.That(Owed(), Has.Length.EqualTo(1).And.One.Contains("11=new"));
        Commit();
        // Once more over the snapshot that holds the first: both are done with.
        Restart();
        Assert.That(Owed(), Is.Empty);
    }

    /// <summary>CLIENT3 loses its connection and with it an order.</summary>
    private void Lose(string order)
    {
        var client = Back("CLIENT3");
        client.Order(order, "buy", "0.1", "40000");
        client.Drop();
        _venue.Core.Drain();
    }

    /// <summary>What CLIENT3 is told again when its numbers start over.</summary>
    private string[] Owed()
    {
        var client = _venue.Connect("CLIENT3");
        var told = client.Logon("141=Y").Inbox().Concat(Polled(client)).Where(m => m.Contains("|97=Y", StringComparison.Ordinal)).ToArray();
        client.Drop();
        _venue.Core.Drain();
        return told;
    }

    private string[] Polled(CoreHarness.Peer client)
    {
        _venue.Core.Gateway.Poll(_venue.NowNs);
        _venue.Core.Drain();
        return client.Inbox();
    }

    [Test]
    public void Nothing_goes_before_two_good_snapshots_hold_it()
    {
        Trade("a");
        var all = Segments;
        Look(Later);
        Snapshots();
        var (newest, older) = (_venue.Snapshots.Newest[0], _venue.Snapshots.Newest[1]);
        var away = Path.Combine(_venue.Folder, "away");
        File.Move(older, away);
        Look(Later);
        File.Move(away, older);
        var good = File.ReadAllBytes(newest);
        File.WriteAllBytes(newest, [.. good[..^1], (byte)(good[^1] ^ 1)]);
        Look(Later);
        File.WriteAllBytes(newest, good);
        Look(Clock.NowNs());
        var followed = _followed;
        _followed = 0;
        Look(Later);
        Assert.That(Segments, Is.EqualTo(all));
        Assert.That(_notes, Has.Count.EqualTo(3));
        Assert.That(_notes[0], Does.EndWith("there is no snapshot, and two are needed"));
        Assert.That(_notes[1], Does.EndWith("there is one snapshot, and two are needed"));
        Assert.That(_notes[2], Does.Contain(newest).And.EndWith("the checksum of its content is wrong"));
        _followed = followed;
        Look(Later);
        Assert.That(Segments, Has.Length.LessThan(all.Length));
    }

    [Test]
    public void A_replay_begins_with_the_oldest_snapshot_and_without_one_says_what_is_missing()
    {
        Trade("a");
        Snapshots();
        Look(Later);
        var expected = _venue.Core.Engine.StateHash();
        var options = new JournalOptions { Directory = _venue.Folder, SegmentBytes = SegmentBytes, ReadOnly = true };
        using (var journal = Journal.Open(options))
        {
            var core = new VenueCore(new VenueOptions(), new GatewayOptions(), journal);
            core.RecoverAll(null, _venue.Snapshots);
            Assert.That(core.Engine.StateHash(), Is.EqualTo(expected));
            Assert.That(core.SnapshotNotes.Single(), Does.Contain(_venue.Snapshots.Newest[1]));
            core.Engine.CheckInvariants();
        }
        Directory.Delete(Path.Combine(_venue.Folder, "snapshots"), recursive: true);
        using var alone = Journal.Open(options);
        Assert.That(() => new VenueCore(new VenueOptions(), new GatewayOptions(), alone).RecoverAll(null, _venue.Snapshots),
            Throws.TypeOf<JournalException>().With.Message.Contains("begins in the middle").And.Message.Contains("from the archive"));
    }

    [Test]
    public void The_index_of_kept_messages_gives_its_memory_back()
    {
        var index = new SentIndex();
        for (var n = 1; n <= 1_000_000; n++) index.Add(n, n * 200L);
        var before = index.Chunks;
        index.ForgetBefore(900_000 * 200L);
        Assert.That((before, index.Chunks), Is.EqualTo((8, 2)));
        Assert.That(index.EndOf(0), Is.EqualTo(SentIndex.Forgotten));
        Assert.That(index.EndOf(SentIndex.BlockOf(950_000)), Is.EqualTo(950_016 * 200L));
        index.Add(1_000_001, 1_000_001 * 200L);
        Assert.That(index.EndOf(SentIndex.BlockOf(1_000_001)), Is.EqualTo(1_000_001 * 200L));
        index.Clear();
        index.Add(1, 5);
        Assert.That((index.EndOf(0), index.Chunks), Is.EqualTo((5L, 1)));
    }

    private static int Number(string message, int tag) => int.Parse(message.Split('|').Single(f => f.StartsWith($"{tag}=", StringComparison.Ordinal)).Split('=')[1]);
}
