using System.Xml.Linq;

namespace Venue.Tests.Architecture;

/// <summary>Who may reference whom.</summary>
[TestFixture]
public sealed class ReferenceTests
{
    private const string Table = """
        Venue.Messages            -> nothing
        Venue.Fix                 -> nothing
        Venue.Api                 -> nothing
        Venue.Matching            -> Venue.Messages
        Venue.Engine              -> Venue.Messages Venue.Matching
        Venue.Sequencer           -> Venue.Messages
        Venue.Gateway             -> Venue.Messages Venue.Fix
        Venue.Host                -> Venue.Messages Venue.Fix Venue.Matching Venue.Engine Venue.Sequencer Venue.Gateway Venue.Api
        LiquidityBridge           -> Venue.Messages
        LiquidityBridge.Exchanges -> LiquidityBridge Venue.Fix Venue.Messages
        LiquidityBridge.Sandbox   -> Venue.Matching Venue.Fix Venue.Messages
        LiquidityBridge.Host      -> LiquidityBridge LiquidityBridge.Exchanges LiquidityBridge.Sandbox Venue.Api Venue.Fix Venue.Messages
        Custody                   -> Venue.Messages
        Custody.Chains            -> Custody Venue.Messages
        Custody.Signer            -> Custody Venue.Messages
        Custody.Host              -> Custody Custody.Chains Venue.Api Venue.Messages
        Certification             -> Venue.Fix
        House                     -> Venue.Api Venue.Fix Venue.Messages LiquidityBridge LiquidityBridge.Exchanges Custody Venue.Host LiquidityBridge.Host LiquidityBridge.Sandbox Custody.Host Custody.Signer
        """;

    private static readonly Dictionary<string, string[]> Allowed = Table.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(row => row.Split("->", StringSplitOptions.TrimEntries))
        .ToDictionary(row => row[0], row => row[1] == "nothing" ? [] : row[1].Split(' '));

    [Test]
    public void Every_project_is_in_the_table_and_references_only_what_it_allows()
    {
        var projects = Repository.Projects();
        Assert.That(projects.Select(p => p.Name), Does.Contain("Venue.Messages").And.Contain("Venue.Host"), "the projects were not found");
        Assert.That(projects.SelectMany(Faults), Is.Empty);
    }

    [Test]
    public void No_two_projects_have_one_name() =>
        Assert.That(Repository.Projects().Select(p => p.Name), Is.Unique);

    [Test]
    public void References_do_not_leak_through_other_projects() =>
        // Otherwise the table would not say what a project can use.
        Assert.That(XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("DisableTransitiveProjectReferences").Single().Value,
            Is.EqualTo("true"));

    [TestCase("venue/Venue.Matching", "Venue.Matching", "../Venue.Messages/Venue.Messages.csproj", 0)]
    [TestCase("venue/Venue.Matching", "Venue.Matching", "..\\Venue.Messages\\Venue.Messages.csproj", 0)]
    [TestCase("venue/Venue.Matching", "Venue.Matching", "../Venue.Engine/Venue.Engine.csproj", 1)]
    [TestCase("venue/Venue.Extra", "Venue.Extra", "../Venue.Messages/Venue.Messages.csproj", 1)]
    [TestCase("tests/Anything", "Anything", "../../venue/Venue.Host/Venue.Host.csproj", 0)]
    public void The_check_itself_sees_what_is_wrong(string folder, string name, string reference, int faults) =>
        Assert.That(Faults(new ProjectFile(name, folder, XDocument.Parse(
            $"<Project><ItemGroup><ProjectReference Include='{reference}' /></ItemGroup></Project>"))).Count(), Is.EqualTo(faults));

    private static IEnumerable<string> Faults(ProjectFile project)
    {
        if (project.Folder.StartsWith("tests/", StringComparison.Ordinal)) return [];
        if (!Allowed.TryGetValue(project.Name, out var allowed)) return [$"{project.Folder}: {project.Name} is not in the table"];
        return project.References.Except(allowed).Select(r => $"{project.Name} must not reference {r}");
    }
}
