using System.CommandLine;
using System.Xml.Linq;
using Venue.Gateway;

namespace Venue.Host;

/// <summary>Writes what is made of the dictionary and the rights for counterparties: a page, and settings for each kind of session.</summary>
internal static class RulesCommand
{
    public static Command Make()
    {
        var folder = new Argument<string>("folder") { Description = "where VENUE44.xml is", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("VENUE_CONFIG") ?? "fix-config" };
        var command = new Command("rules", "Make the rules of engagement beside a dictionary: RULES.md and client-*.cfg.") { folder };
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

    /// <summary>The files' names and contents.</summary>
    public static IEnumerable<(string Name, string Content)> Files(string folder)
    {
        yield return ("RULES.md", new RulesPage(XDocument.Load(Path.Combine(folder, "VENUE44.xml"))).Write());
        foreach (var kind in Enum.GetValues<SessionKind>()) yield return (ClientSettings.FileOf(kind), ClientSettings.Of(kind));
    }
}
