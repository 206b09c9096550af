using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Venue.Tests.Architecture;

/// <summary>Pure projects cannot reach a clock, a file, a thread or chance: the analyzer that says so is on, and stays on.</summary>
[TestFixture]
public sealed class PurityTests
{
    private static readonly string[] Pure =
        ["Venue.Messages", "Venue.Fix", "Venue.Matching", "Venue.Engine", "Venue.Gateway", "LiquidityBridge", "Custody"];

    private static IEnumerable<ProjectFile> PureProjects() => Repository.Projects().Where(p => Pure.Contains(p.Name));

    [Test]
    public void Every_pure_project_is_named_in_the_build()
    {
        var isPure = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("IsPure").Single();
        Assert.That(isPure.Value, Is.EqualTo("true"));
        var named = Regex.Matches((string)isPure.Attribute("Condition")!, "'\\$\\(MSBuildProjectName\\)' == '([^']+)'").Select(m => m.Groups[1].Value).ToArray();
        Assert.That(PureProjects().Select(p => p.Name), Is.SubsetOf(named).And.Not.Empty);
    }

    [Test]
    public void What_is_pure_gets_the_analyzer_and_the_list_of_what_is_banned()
    {
        var group = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("ItemGroup")
            .Single(g => (string?)g.Attribute("Condition") == "'$(IsPure)' == 'true'");
        Assert.That(group.Elements("PackageReference").Select(e => (string?)e.Attribute("Include")), Does.Contain("Microsoft.CodeAnalysis.BannedApiAnalyzers"));
        Assert.That(group.Elements("AdditionalFiles").Select(e => (string?)e.Attribute("Include")), Has.Some.EndsWith("BannedSymbols.txt"));
        var banned = File.ReadAllText(Path.Combine(Repository.Root, "BannedSymbols.txt"));
        foreach (var symbol in new[] { "P:System.DateTime.UtcNow;", "T:System.Random;", "M:System.Guid.NewGuid;", "T:System.Threading.Tasks.Task;", "T:System.IO.File;", "T:System.Net.Sockets.Socket;" })
            Assert.That(banned, Does.Contain(symbol));
    }

    [Test]
    public void No_pure_project_opts_out()
    {
        foreach (var project in PureProjects())
        {
            var text = project.Xml.ToString();
            foreach (var way in new[] { "IsPure", "BannedApiAnalyzers", "BannedSymbols", "RS0030", "NoWarn", "RunAnalyzers", "TreatWarningsAsErrors" })
                Assert.That(text, Does.Not.Contain(way), project.Name);
        }
    }

    [Test]
    public void No_source_of_a_pure_project_silences_the_analyzer()
    {
        var folders = PureProjects().Select(p => p.Folder + "/").ToArray();
        var sources = Repository.Files().Where(f => f.EndsWith(".cs", StringComparison.Ordinal) && folders.Any(d => f.StartsWith(d, StringComparison.Ordinal))).ToArray();
        Assert.That(sources, Is.Not.Empty);
        Assert.That(sources.Where(f => File.ReadAllText(Path.Combine(Repository.Root, f)).Contains("RS0030", StringComparison.Ordinal)), Is.Empty);
        Assert.That(File.ReadAllText(Path.Combine(Repository.Root, ".editorconfig")), Does.Not.Contain("RS0030"));
    }
}
