using System.CommandLine;
using System.Xml.Linq;
using Venue.Gateway;

namespace Venue.Host;

/// <summary>Writes what is made of the dictionary and the rights for counterparties: a page, a FIX Orchestra file with its interfaces, and settings for each kind of session.</summary>
internal static class RulesCommand
{
    public static Command Make()
    {
        var folder = new Argument<string>("folder") { Description = "where VENUE44.xml is", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("VENUE_CONFIG") ?? "fix-config" };
        var command = new Command("rules", "Make the rules of engagement beside a dictionary: RULES.md, VENUE44-orchestra.xml, VENUE44-interfaces.xml and client-*.cfg.") { folder };
        command.SetAction(result =>
        {
            foreach (var (name, content) in Files(result.GetRequiredValue(folder)))
            {
                File.WriteAllText(Path.Combine(result.GetRequiredValue(folder), name), content);
                Console.WriteLine(name);
            }
            return 0;
        });
        return command;
    }

    private static string Text(XDocument document) => $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- Made by ./run rules of VENUE44.xml and of what the venue enforces; do not edit. -->\n{document}\n";

    /// <summary>The files' names and contents.</summary>
    public static IEnumerable<(string Name, string Content)> Files(string folder)
    {
        var dictionary = XDocument.Load(Path.Combine(folder, "VENUE44.xml"));
        yield return ("RULES.md", new RulesPage(dictionary).Write());
        yield return (OrchestraInterfaces.Repository, Text(new OrchestraFile(dictionary).Write()));
        yield return ("VENUE44-interfaces.xml", Text(OrchestraInterfaces.Write()));
        foreach (var kind in Enum.GetValues<SessionKind>()) yield return (ClientSettings.FileOf(kind), ClientSettings.Of(kind));
    }
}
