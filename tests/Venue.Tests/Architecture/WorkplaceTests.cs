using System.Text;

namespace Venue.Tests.Architecture;

/// <summary>The repository stands on its own: nothing in it names a place on the machine where it was written.</summary>
[TestFixture]
public sealed class WorkplaceTests
{
    // In pieces, so that this file is not one of those it looks for.
    private static readonly string[] Places = ["/" + "tmp/", "/" + "work/", "/" + "root/", "share" + "d/", "session" + " limit"];

    [Test]
    public void No_file_names_a_place_of_the_workplace()
    {
        var found = new List<string>();
        foreach (var file in Repository.Files())
        {
            var bytes = File.ReadAllBytes(Path.Combine(Repository.Root, file));
            if (bytes.Contains((byte)0)) continue;   // not text
            var lines = Encoding.UTF8.GetString(bytes).Split('\n');
            for (var i = 0; i < lines.Length; i++)
                found.AddRange(Places.Where(p => lines[i].Contains(p, StringComparison.Ordinal)).Select(p => $"{file}:{i + 1} names {p}"));
        }
        Assert.That(found, Is.Empty);
    }

    [Test]
    public void The_files_were_found() =>
        Assert.That(Repository.Files(), Does.Contain("Venue.sln").And.Contain("venue/Venue.Messages/Command.cs")
            .And.Contain("tests/Venue.Tests/Architecture/WorkplaceTests.cs"));
}
