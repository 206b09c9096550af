using System.Globalization;
using System.Xml.Linq;
using Venue.Gateway;

namespace Venue.Host;

/// <summary>The rules of engagement as a FIX Orchestra 1.0 repository: datatypes, code sets, fields, components, groups, messages with their scenarios and answers, and the states of sessions and orders.</summary>
internal sealed class OrchestraFile
{
    private const string Base = "base", ToVenue = "ClientToVenue", ToClient = "VenueToClient";
    private const int ComponentIds = 5000, HeaderId = 5001, TrailerId = 5002;

    private static readonly XNamespace Fixr = "http://fixprotocol.io/2020/orchestra/repository";
    private static readonly XNamespace Terms = "http://purl.org/dc/terms/";

    // QuickFIX's names of datatypes, and FIX's.
    private static readonly Dictionary<string, string> Types = new()
    {
        ["AMT"] = "Amt", ["BOOLEAN"] = "Boolean", ["CHAR"] = "char", ["CURRENCY"] = "Currency", ["DATA"] = "data", ["EXCHANGE"] = "Exchange", ["FLOAT"] = "float",
        ["INT"] = "int", ["LENGTH"] = "Length", ["LOCALMKTDATE"] = "LocalMktDate", ["MULTIPLEVALUESTRING"] = "MultipleStringValue", ["NUMINGROUP"] = "NumInGroup",
        ["PERCENTAGE"] = "Percentage", ["PRICE"] = "Price", ["PRICEOFFSET"] = "PriceOffset", ["QTY"] = "Qty", ["SEQNUM"] = "SeqNum", ["STRING"] = "String",
        ["UTCDATEONLY"] = "UTCDateOnly", ["UTCTIMEONLY"] = "UTCTimeOnly", ["UTCTIMESTAMP"] = "UTCTimestamp",
    };

    private readonly XElement _dictionary;
    private readonly Dictionary<string, XElement> _fields;
    private readonly Dictionary<string, int> _components;
    private readonly Dictionary<(string Field, string Scenario), XElement> _groups = [];

    /// <summary>Reads the dictionary.</summary>
    public OrchestraFile(XDocument dictionary)
    {
        _dictionary = dictionary.Root!;
        _fields = _dictionary.Element("fields")!.Elements().ToDictionary(Name);
        _components = _dictionary.Element("components")!.Elements().Select((c, i) => (Name(c), i)).ToDictionary(c => c.Item1, c => ComponentIds + 10 + c.i);
    }

    /// <summary>The file.</summary>
    public XDocument Write()
    {
        // Groups are found while the components and messages that have them are written.
        var components = Components();
        var messages = Messages();
        return new XDocument(new XElement(Fixr + "repository", new XAttribute("name", "VENUE"), new XAttribute("version", "FIX.4.4"),
            new XAttribute(XNamespace.Xmlns + "fixr", Fixr), new XAttribute(XNamespace.Xmlns + "dcterms", Terms),
            new XElement(Fixr + "metadata", new XElement(Terms + "title", "Rules of engagement of VENUE, FIX 4.4"), new XElement(Terms + "creator", "./run rules")),
            new XElement(Fixr + "datatypes", Types.Where(t => _fields.Values.Any(f => (string)f.Attribute("type")! == t.Key)).Select(t => t.Value).Order(StringComparer.Ordinal).Select(t => new XElement(Fixr + "datatype", new XAttribute("name", t)))),
            CodeSets(), Fields(), Actors(), components,
            new XElement(Fixr + "groups", _groups.OrderBy(g => NumberOf(g.Key.Field)).ThenBy(g => g.Key.Scenario, StringComparer.Ordinal).Select(g => g.Value)),
            messages,
            Note(Behaviour.All.Select(b => $"{b.About}. {b.Text}"))));
    }

    /// <summary>UPPER_CASE of the dictionary as a name of Orchestra's form.</summary>
    public static string NameOf(string description)
    {
        var name = string.Concat(description.Split('_', '-', ' ').Where(w => w.Length > 0).Select(w => char.ToUpperInvariant(w[0]) + w[1..].ToLowerInvariant()));
        name = string.Concat(name.Where(char.IsAsciiLetterOrDigit));
        return char.IsAsciiDigit(name[0]) ? "N" + name : name;
    }

    /// <summary>A number for a message type, the same whatever other messages there are.</summary>
    public static int IdOf(string msgType) => msgType.Aggregate(0, (id, c) => id * 128 + c);

    private static string Name(XElement element) => (string)element.Attribute("name")!;

    private int NumberOf(string field) => (int)_fields[field].Attribute("number")!;

    private static XElement Note(IEnumerable<string> lines) => new(Fixr + "annotation", lines.Select(line => new XElement(Fixr + "documentation", line)));

    /// <summary>Orchestra's keys are of name and scenario; its schema has a default for the latter, which not every reader of schemas puts into a key.</summary>
    private static XAttribute InBase() => new("scenario", Base);

    private static string TypeOf(XElement field) => field.HasElements ? Name(field) + "CodeSet" : Types[(string)field.Attribute("type")!];

    private XElement CodeSets() => new(Fixr + "codeSets", _fields.Values.Where(f => f.HasElements).Select(field =>
        new XElement(Fixr + "codeSet", new XAttribute("id", NumberOf(Name(field))), new XAttribute("name", Name(field) + "CodeSet"), InBase(), new XAttribute("type", Types[(string)field.Attribute("type")!]),
            field.Elements().Select((value, i) => new XElement(Fixr + "code", new XAttribute("id", NumberOf(Name(field)) * 1000 + i + 1),
                new XAttribute("name", NameOf((string)value.Attribute("description")!)), new XAttribute("value", (string)value.Attribute("enum")!))))));

    private XElement Fields() => new(Fixr + "fields", _fields.Values.Select(field =>
    {
        var element = new XElement(Fixr + "field", new XAttribute("id", NumberOf(Name(field))), new XAttribute("name", Name(field)), InBase(), new XAttribute("type", TypeOf(field)));
        if ((string)field.Attribute("type")! == "DATA" && (LengthOf(Name(field) + "Length") ?? LengthOf(Name(field) + "Len")) is { } length) element.Add(new XAttribute("lengthId", length));
        return element;

        int? LengthOf(string name) => _fields.ContainsKey(name) ? NumberOf(name) : null;
    }));

    private XElement Components()
    {
        var all = new XElement(Fixr + "components");
        foreach (var (id, name, part) in (IEnumerable<(int, string, XElement)>)[(HeaderId, "StandardHeader", _dictionary.Element("header")!), (TrailerId, "StandardTrailer", _dictionary.Element("trailer")!),
            .. _dictionary.Element("components")!.Elements().Select(c => (_components[Name(c)], Name(c), c))])
            all.Add(new XElement(Fixr + "component", new XAttribute("id", id), new XAttribute("name", name), InBase(), Members(part, name)));
        return all;
    }

    private XElement Messages()
    {
        var all = new XElement(Fixr + "messages");
        foreach (var message in _dictionary.Element("messages")!.Elements())
        {
            var type = (string)message.Attribute("msgtype")!;
            all.Add(Message(message, type, Base, [], ""));
            if (type == "8") all.Add(Workflow.Reports.Select(r => Message(message, type, r.Scenario, r.Required, r.ExecType)));
        }
        return all;
    }

    /// <summary>A message, or the form of it that ExecType(150) has a value for.</summary>
    private XElement Message(XElement message, string type, string scenario, int[] required, string execType)
    {
        var structure = new XElement(Fixr + "structure", Reference("componentRef", HeaderId, "required"), Members(message, Name(message)), Reference("componentRef", TrailerId, "required"));
        foreach (var field in structure.Elements(Fixr + "fieldRef"))
        {
            if (required.Contains((int)field.Attribute("id")!)) field.SetAttributeValue("presence", "required");
            if (execType.Length == 0 || (int)field.Attribute("id")! != 150) continue;
            field.SetAttributeValue("presence", "constant");
            field.SetAttributeValue("value", execType);
        }
        var element = new XElement(Fixr + "message", new XAttribute("id", IdOf(type)), new XAttribute("name", Name(message)), new XAttribute("scenario", scenario), new XAttribute("msgType", type));
        var senders = Enum.GetValues<SessionKind>().Where(kind => SessionRights.TypesOf(kind).Contains(type)).ToArray();
        if ((string)message.Attribute("msgcat")! == "app") element.Add(new XAttribute("flow", senders.Length > 0 ? ToVenue : ToClient));
        element.Add(structure);
        var answers = scenario == Base ? Workflow.Answers.Where(a => a.Request == type).ToArray() : [];
        if (answers.Length > 0) element.Add(new XElement(Fixr + "responses", answers.Select(Response)));
        if (senders.Length > 0) element.Add(Note([$"From sessions of kind {string.Join(", ", senders)}."]));
        return element;
    }

    private XElement Response((string Request, string Name, string Answer, string Scenario, int Correlate) answer)
    {
        var message = _dictionary.Element("messages")!.Elements().Single(m => (string)m.Attribute("msgtype")! == answer.Answer);
        var reference = new XElement(Fixr + "messageRef", new XAttribute("name", Name(message)), new XAttribute("msgType", answer.Answer), new XAttribute("id", IdOf(answer.Answer)), new XAttribute("scenario", answer.Scenario));
        if (answer.Correlate > 0) reference.Add(new XElement(Fixr + "identifiers", new XElement(Fixr + "correlate", new XAttribute("id", answer.Correlate))));
        return new XElement(Fixr + "response", new XAttribute("name", answer.Name), new XAttribute("sync", "pipelined"), reference);
    }

    private IEnumerable<XElement> Members(XElement owner, string ownerName) => owner.Elements().Select(part =>
    {
        var presence = (string)part.Attribute("required")! == "Y" ? "required" : "optional";
        return part.Name.LocalName switch
        {
            "component" => Reference("componentRef", _components[Name(part)], presence),
            "group" => Group(part, ownerName, presence),
            _ => Reference("fieldRef", NumberOf(Name(part)), presence),
        };
    });

    /// <summary>A group is defined where it is met first; one of the same field with other members has its message's name as scenario.</summary>
    private XElement Group(XElement part, string ownerName, string presence)
    {
        var (field, id) = (Name(part), NumberOf(Name(part)));
        var members = new XElement("members", Members(part, ownerName)).Elements().ToArray();
        foreach (var scenario in (string[])[Base, ownerName])
        {
            var group = new XElement(Fixr + "group", new XAttribute("id", id), new XAttribute("name", field[2..] + "Grp"), new XAttribute("scenario", scenario), new XElement(Fixr + "numInGroup", new XAttribute("id", id)), members);
            if (!_groups.TryGetValue((field, scenario), out var known)) _groups.Add((field, scenario), group);
            else if (!XNode.DeepEquals(known, group)) continue;
            var reference = Reference("groupRef", id, presence);
            reference.Add(new XAttribute("scenario", scenario));
            return reference;
        }
        throw new InvalidOperationException($"{ownerName} has two groups {field} with different members");
    }

    private static XElement Reference(string kind, int id, string presence)
    {
        var reference = new XElement(Fixr + kind, new XAttribute("id", id));
        if (presence != "optional") reference.Add(new XAttribute("presence", presence));
        return reference;
    }

    private static XElement Actors() => new(Fixr + "actors",
        new XElement(Fixr + "actor", new XAttribute("name", "Client")),
        new XElement(Fixr + "actor", new XAttribute("name", "Venue"), States("Session", "Disconnected", Workflow.Session), States("Order", Workflow.NotEntered, Workflow.Order)),
        Flow(ToVenue, "Client", "Venue"), Flow(ToClient, "Venue", "Client"));

    private static XElement Flow(string name, string source, string destination) =>
        new(Fixr + "flow", new XAttribute("name", name), new XAttribute("source", source), new XAttribute("destination", destination), new XAttribute("reliability", "recoverable"));

    private static XElement States(string name, string initial, IReadOnlyList<(string From, string On, string To)> moves) => new(Fixr + "states", new XAttribute("name", name),
        moves.SelectMany(m => (string[])[m.From, m.To]).Distinct().OrderBy(s => s == initial ? 0 : 1).Select(state => new XElement(Fixr + (state == initial ? "initial" : "state"), new XAttribute("name", state),
            moves.Where(m => m.From == state).Select(m => new XElement(Fixr + "transition", new XAttribute("name", string.Create(CultureInfo.InvariantCulture, $"{m.On}_{m.To}")), new XAttribute("target", m.To))))));
}
