using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using Venue.Engine;
using Venue.Fix;
using Venue.Gateway;
using Venue.Host;
using Venue.Messages;
using Venue.Tests.Engine;
using Venue.Tests.Gateway;

namespace Venue.Tests.Host;

/// <summary>The FIX Orchestra files: sound by their schema, and true of the code.</summary>
public class OrchestraTests
{
    private static readonly XNamespace R = "http://fixprotocol.io/2020/orchestra/repository", I = "http://fixprotocol.io/2020/orchestra/interfaces";
    private static readonly string Folder = Repository.Path("fix-config");
    private static readonly XElement File = XDocument.Load(Path.Combine(Folder, OrchestraInterfaces.Repository)).Root!;

    [Test]
    public void The_repository_is_sound_and_a_wrong_one_is_not()
    {
        Assert.That(Faults(new XDocument(File), "orchestra.xsd"), Is.Empty);
        // Each of these is found: the schema is not one that takes anything.
        foreach (var (what, spoil) in ((string, Action<XElement>)[])
        [
            ("a field of no type", f => f.Descendants(R + "field").First().SetAttributeValue("type", "Nothing")),
            ("a member that is no field", f => f.Descendants(R + "fieldRef").Last().SetAttributeValue("id", 99999)),
            ("a group that is not there", f => f.Descendants(R + "groupRef").First().SetAttributeValue("scenario", "Nothing")),
            ("an answer that is no message", f => f.Descendants(R + "messageRef").First().SetAttributeValue("scenario", "Nothing")),
            ("a move to no state", f => f.Descendants(R + "transition").First().SetAttributeValue("target", "Nothing")),
            ("a name with a space", f => f.Descendants(R + "code").First().SetAttributeValue("name", "A b")),
            ("two codes of one value", f => { foreach (var code in f.Descendants(R + "codeSet").First().Elements()) code.SetAttributeValue("value", "0"); }),
            ("a field of no scenario", f => f.Descendants(R + "field").First().Attribute("scenario")!.Remove()),
            ("no structure", f => f.Descendants(R + "structure").First().Remove()),
        ])
        {
            var wrong = new XElement(File);
            spoil(wrong);
            Assert.That(Faults(new XDocument(wrong), "orchestra.xsd"), Is.Not.Empty, what);
        }
    }

    /// <summary>Orchestra's own schemas are not ours to keep here: the files xsd/*.xsd of io.fixprotocol.orchestra repository and interfaces 1.6.10, put into .tools/orchestra.</summary>
    [TestCase("VENUE44-orchestra.xml", "repository.xsd"), TestCase("VENUE44-interfaces.xml", "interfaces.xsd")]
    public void Orchestras_own_schema_accepts_it(string file, string schema)
    {
        var path = Repository.Path(Path.Combine(".tools", "orchestra", schema));
        if (!System.IO.File.Exists(path)) Assert.Ignore($"{path} is not there");
        Assert.That(Faults(XDocument.Load(Path.Combine(Folder, file)), path), Is.Empty);
    }

    private static List<string> Faults(XDocument document, string schema)
    {
        var path = Path.IsPathRooted(schema) ? schema : Repository.Path("tests/Venue.Tests/Host/" + schema);
        var faults = new List<string>();
        var schemas = new XmlSchemaSet { XmlResolver = new XmlUrlResolver() };
        schemas.Add(null, path);
        document.Validate(schemas, (_, e) => faults.Add(e.Message));
        return faults;
    }

    [Test]
    public void Fields_codes_and_messages_are_those_of_the_dictionary()
    {
        var dictionary = XDocument.Load(Path.Combine(Folder, "VENUE44.xml")).Root!;
        Assert.That(File.Descendants(R + "field").Select(f => $"{f.Attribute("id")!.Value} {f.Attribute("name")!.Value}"),
            Is.EqualTo(dictionary.Element("fields")!.Elements().Select(f => $"{f.Attribute("number")!.Value} {f.Attribute("name")!.Value}")));
        Assert.That(File.Descendants(R + "codeSet").SelectMany(s => s.Elements().Select(c => $"{s.Attribute("id")!.Value}={c.Attribute("value")!.Value}")),
            Is.EqualTo(dictionary.Element("fields")!.Elements().SelectMany(f => f.Elements().Select(v => $"{f.Attribute("number")!.Value}={v.Attribute("enum")!.Value}"))));
        using var xml = System.IO.File.OpenRead(Path.Combine(Folder, "VENUE44.xml"));
        var messages = File.Descendants(R + "message").Where(m => m.Attribute("scenario")!.Value == "base").ToDictionary(m => m.Attribute("msgType")!.Value);
        Assert.That(messages.Keys, Is.EquivalentTo(dictionary.Element("messages")!.Elements().Select(m => m.Attribute("msgtype")!.Value)));
        foreach (var message in dictionary.Element("messages")!.Elements())
        {
            var members = messages[message.Attribute("msgtype")!.Value].Element(R + "structure")!.Elements().ToArray();
            Assert.That(members, Has.Length.EqualTo(message.Elements().Count() + 2), "and header and trailer");
            Assert.That(members[1..^1].Select(m => m.Attribute("presence")?.Value == "required"), Is.EqualTo(message.Elements().Select(m => m.Attribute("required")!.Value == "Y")), message.Attribute("name")!.Value);
        }
    }

    [Test]
    public void Who_may_send_what_is_what_the_code_lets_through()
    {
        foreach (var message in File.Descendants(R + "message").Where(m => m.Attribute("flow") is not null && m.Attribute("scenario")!.Value == "base"))
        {
            var type = message.Attribute("msgType")!.Value;
            var kinds = Enum.GetValues<SessionKind>().Where(kind => SessionRights.TypesOf(kind).Contains(type)).ToArray();
            Assert.That(message.Attribute("flow")!.Value, Is.EqualTo(kinds.Length > 0 ? "ClientToVenue" : "VenueToClient"), type);
            if (kinds.Length > 0) Assert.That(message.Element(R + "annotation")!.Value, Is.EqualTo($"From sessions of kind {string.Join(", ", kinds)}."));
            if (kinds.Length > 0 && type != "B") Assert.That(message.Element(R + "responses"), Is.Not.Null, $"{type} is answered");
        }
        var interfaces = XDocument.Load(Path.Combine(Folder, "VENUE44-interfaces.xml")).Root!.Elements(I + "interface").ToArray();
        Assert.That(interfaces.Select(i => i.Attribute("name")!.Value), Is.EqualTo(Enum.GetNames<SessionKind>()));
        var faults = new List<string>();
        var sessions = SessionsFile.Read(Folder, faults).Sessions;
        foreach (var session in interfaces.Elements(I + "sessions").Elements())
        {
            var ids = session.Elements(I + "identifier").ToDictionary(e => e.Attribute("name")!.Value, e => e.Value);
            var known = sessions.Single(s => (s.Settings.TargetCompID, s.Settings.SenderCompID) == (ids["SenderCompID"], ids["TargetCompID"]));
            Assert.That(known.Profile.Kind.ToString(), Is.EqualTo(session.Parent!.Parent!.Attribute("name")!.Value), "as sessions.cfg says");
        }
    }

    [Test]
    public void States_and_scenarios_have_the_names_of_the_code()
    {
        Assert.That(StatesOf("Session"), Is.EquivalentTo(Enum.GetNames<SessionState>().Except([nameof(SessionState.LogonSent)])), "LogonSent is an initiator's");
        Assert.That(StatesOf("Order"), Is.EquivalentTo(Enum.GetNames<OrdStatus>().Append(Workflow.NotEntered)));
        Assert.That(Workflow.Reports.Select(r => (r.Scenario, r.ExecType)), Is.EquivalentTo(Enum.GetValues<ExecType>().Select(e => (e.ToString(), ((char)e).ToString()))));
        Assert.That(File.Descendants(R + "message").Where(m => m.Attribute("msgType")!.Value == "8").Select(m => m.Attribute("scenario")!.Value), Is.EqualTo(Workflow.Reports.Select(r => r.Scenario).Prepend("base")));

        IEnumerable<string> StatesOf(string machine) => File.Descendants(R + "states").Single(s => s.Attribute("name")!.Value == machine).Elements().Select(s => s.Attribute("name")!.Value);
    }

    [Test]
    public void Orders_make_the_moves_of_the_file_and_no_others()
    {
        var seen = new HashSet<(string, string, string)>();
        foreach (var (seed, isSpecial, isLimited, isQuoting) in ((ulong, bool, bool, bool)[])
            [(1, false, false, false), (2, true, false, false), (3, true, false, false), (4, true, true, false), (5, true, true, false), (6, true, true, false), (9, true, false, false), (20, true, false, false), (91, false, false, true)])
        {
            var orders = new Dictionary<long, string>();
            var commands = new RandomCommands(seed, isRich: true, isSpecial, isLimited, isQuoting: isQuoting);
            var log = new EventLog { OnReport = Note };
            var engine = new VenueEngine<Recorder>(new EngineCapacity { Orders = 1 << 14, ClOrdIDs = 1 << 15, LevelPages = 1 << 12 }, log.Recorder);
            for (var i = 0; i < 40_000; i++)
            {
                log.Clear();
                engine.Apply(commands.Next());
                commands.NoteReports(log);
            }

            void Note(in ExecReport e)
            {
                // A quote's side has no report of its beginning, so none of its moves is an order's.
                if ((e.Terms.Instructions & (OrderInstructions.Quote | OrderInstructions.Offer)) != 0) return;
                // Who asks for a status moves nothing, and a refused request of an order has another report (9).
                if (e.OrderID == 0 && e.ExecType == ExecType.Rejected) seen.Add((Workflow.NotEntered, "Rejected", e.OrdStatus.ToString()));
                if (e.OrderID == 0 || e.ExecType == ExecType.OrderStatus) return;
                seen.Add((orders.GetValueOrDefault(e.OrderID, Workflow.NotEntered), e.ExecType.ToString(), e.OrdStatus.ToString()));
                orders[e.OrderID] = e.OrdStatus.ToString();
            }
        }
        Assert.That(seen.Except(Workflow.Order), Is.Empty, "moves that the file does not have");
        Assert.That(Workflow.Order.Except(seen), Is.Empty, "moves that no order makes");
    }
}
