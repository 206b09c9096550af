using Venue.Sequencer;

namespace Venue.Tests.Sequencer;

/// <summary>Pruned segments that are moved to another folder, on the same file system and on another.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class ArchiveTests(bool isElsewhere)
{
    private string _folder = null!, _archive = null!;
    private long _position;

    [SetUp]
    public void Write_a_journal()
    {
        var where = isElsewhere ? "/dev/shm" : Path.GetTempPath();
        Assume.That(Directory.Exists(where), $"{where} is there");
        _folder = Directory.CreateTempSubdirectory("journal-archive-").FullName;
        _archive = Path.Combine(where, Path.GetFileName(_folder) + "-to", "deep");
        using var journal = Open(after: 0);
        for (var i = 0; i < 200; i++) _position = journal.AppendNumbered(i, 100).Position;
        journal.Finish();
    }

    [TearDown]
    public void Remove_it()
    {
        Directory.Delete(_folder, recursive: true);
        var archive = Path.GetDirectoryName(_archive)!;
        if (Directory.Exists(archive)) Directory.Delete(archive, recursive: true);
    }

    private JournalOptions Options => new() { Directory = _folder, SegmentBytes = 4096 };

    private Journal Open(long after)
    {
        var journal = Journal.Open(Options);
        journal.Recover(new Recording(), progress: null, after);
        return journal;
    }

    private static string Name(int number) => $"{number:D10}.journal";

    private void Prune(int count)
    {
        using var journal = Open(_position);
        for (var i = 0; i < count; i++) Assert.That(journal.PruneOldest(_position, long.MaxValue, _archive), Is.Not.Null);
    }

    [Test]
    public void They_come_there_as_they_were_and_put_back_the_journal_is_whole()
    {
        var before = Directory.GetFiles(_folder, "*.journal").ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);
        Prune(3);
        Assert.That(Directory.GetFiles(_archive).Select(Path.GetFileName).Order(), Is.EqualTo(new[] { Name(0), Name(1), Name(2) }));
        foreach (var path in Directory.GetFiles(_archive))
        {
            Assert.That(File.ReadAllBytes(path), Is.EqualTo(before[Path.GetFileName(path)]));
            Assert.That(File.Exists(Path.Combine(_folder, Path.GetFileName(path))), Is.False);
            File.Copy(path, Path.Combine(_folder, Path.GetFileName(path)));
        }
        using var journal = Open(after: 0);
        Assert.That(journal.KeptFrom, Is.Zero);
    }

    /// <summary>Each state in which kill -9 can leave a move: half a copy, a whole one without its name, both files.</summary>
    [TestCase("half a copy")]
    [TestCase("a copy without its name")]
    [TestCase("both")]
    public void A_move_that_was_cut_short_is_made_again(string left)
    {
        var first = Path.Combine(_folder, Name(0));
        var bytes = File.ReadAllBytes(first);
        Directory.CreateDirectory(_archive);
        File.WriteAllBytes(Path.Combine(_archive, Name(0) + (left == "both" ? "" : ".new")), left == "half a copy" ? bytes[..2000] : bytes);
        Prune(1);
        Assert.That(File.ReadAllBytes(Path.Combine(_archive, Name(0))), Is.EqualTo(bytes));
        Assert.That(File.Exists(first), Is.False);
        using var journal = Open(_position);
        Assert.That(journal.KeptFrom, Is.EqualTo(4096));
    }

    [Test]
    public void Another_journals_segment_is_not_written_over()
    {
        Directory.CreateDirectory(_archive);
        var bytes = File.ReadAllBytes(Path.Combine(_folder, Name(0)));
        bytes[24] ^= 1;
        File.WriteAllBytes(Path.Combine(_archive, Name(0)), bytes);
        using var journal = Open(_position);
        Assert.That(() => journal.PruneOldest(_position, long.MaxValue, _archive), Throws.TypeOf<JournalException>().With.Message.Contains("belongs to another journal"));
        Assert.That(journal.KeptFrom, Is.Zero);
        Assert.That(File.ReadAllBytes(Path.Combine(_archive, Name(0))), Is.EqualTo(bytes));
    }
}
