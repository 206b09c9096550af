using System.Xml.Linq;
using Venue.Fix;
using Venue.Gateway;
using Venue.Host;

namespace Venue.Tests.Host;

/// <summary>What counterparties are given agrees with what the venue does.</summary>
public class RulesTests
{
    private static readonly string Folder = Repository.Path("fix-config");

    [Test]
    public void The_files_are_what_the_dictionary_and_the_rights_make()
    {
        foreach (var (name, content) in RulesCommand.Files(Folder))
            Assert.That(File.ReadAllText(Path.Combine(Folder, name)), Is.EqualTo(content), $"{name}: ./run rules makes it");
    }

    [Test]
    public void Whatever_a_session_may_send_is_in_the_dictionary_and_every_message_is_somebodys()
    {
        var types = XDocument.Load(Path.Combine(Folder, "VENUE44.xml")).Root!.Element("messages")!.Elements().Where(m => (string)m.Attribute("msgcat")! == "app").Select(m => (string)m.Attribute("msgtype")!).ToArray();
        var sent = Enum.GetValues<SessionKind>().SelectMany(SessionRights.TypesOf).Distinct().ToArray();
        Assert.That(sent, Is.SubsetOf(types));
        Assert.That(types.Except(sent), Is.EquivalentTo("8 9 W X Y j y r d f h AQ AE AO AP BA BF b".Split(' ')), "the venue's own");
    }

    [TestCaseSource(nameof(Kinds))]
    public void The_settings_of_each_kind_are_an_initiators_without_a_fault(SessionKind kind)
    {
        var faults = new List<string>();
        var file = SettingsFile.Parse(File.ReadAllText(Path.Combine(Folder, ClientSettings.FileOf(kind))), ClientSettings.FileOf(kind));
        var session = SessionConfig.Read(file.Sections.Single(s => s.Name == "SESSION"), ClientSettings.FileOf(kind), faults, []);
        Assert.That(file.Faults.Concat(faults), Is.Empty);
        Assert.That((session.Settings.Initiator, session.Settings.TargetCompID, session.Settings.ResetOnLogon), Is.EqualTo((true, "VENUE", kind == SessionKind.MarketData)));
    }

    private static IEnumerable<SessionKind> Kinds => Enum.GetValues<SessionKind>();
}
