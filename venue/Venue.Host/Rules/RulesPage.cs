using System.Text;
using System.Xml.Linq;
using Venue.Gateway;

namespace Venue.Host;

/// <summary>The rules of engagement for people to read, made of the dictionary and of the rights that the code enforces.</summary>
internal sealed class RulesPage(XDocument dictionary)
{
    private readonly Dictionary<string, XElement> _fields = dictionary.Root!.Element("fields")!.Elements().ToDictionary(f => (string)f.Attribute("name")!);
    private readonly StringBuilder _text = new();

    /// <summary>The page, in Markdown.</summary>
    public string Write()
    {
        _text.Append("""
            # Rules of engagement

            FIX 4.4 over TCP or TLS. Made of `VENUE44.xml` and of the rights that the venue enforces by `./run rules`; do not edit. What the fields do stands in `README.md`, what the venue does with them in `venue/Venue.Gateway/README.md`.

            ## Sessions

            | Kind | For | May send | Settings of a QuickFIX initiator |
            |---|---|---|---|

            """);
        foreach (var kind in Enum.GetValues<SessionKind>())
            _text.Append($"| {kind} | {ClientSettings.PurposeOf(kind)} | {string.Join(' ', SessionRights.TypesOf(kind))} | `{ClientSettings.FileOf(kind)}` |\n");
        _text.Append("\nA message that the kind may not send is refused with a BusinessMessageReject (j), 380=6, one that nobody may send with 380=3.\n\n## Behaviour\n\n");
        foreach (var (about, text) in Behaviour.All) _text.Append($"- **{about}.** {text}\n");
        _text.Append("\n## Messages\n");
        foreach (var message in dictionary.Root!.Element("messages")!.Elements()) Message(message);
        _text.Append("\n## Components\n");
        foreach (var component in dictionary.Root!.Element("components")!.Elements())
        {
            _text.Append($"\n### {component.Attribute("name")!.Value}\n\n");
            Table(component);
        }
        Codes();
        return _text.ToString();
    }

    private void Message(XElement message)
    {
        var type = (string)message.Attribute("msgtype")!;
        _text.Append($"\n### {message.Attribute("name")!.Value} ({type})\n\n");
        if ((string)message.Attribute("msgcat")! == "admin") _text.Append("Both ways.");
        else
        {
            var kinds = Enum.GetValues<SessionKind>().Where(kind => SessionRights.TypesOf(kind).Contains(type)).ToArray();
            _text.Append(kinds.Length == 0 ? "From the venue." : $"To the venue, from {string.Join(", ", kinds)}.{(type == "B" ? " From the venue to all." : "")}");
        }
        _text.Append("\n\n");
        Table(message);
    }

    private void Table(XElement owner)
    {
        if (!owner.HasElements) return;
        _text.Append("| Tag | Field | Type | |\n|---|---|---|---|\n");
        Rows(owner, "");
    }

    private void Rows(XElement owner, string indent)
    {
        foreach (var part in owner.Elements())
        {
            var name = (string)part.Attribute("name")!;
            var required = (string)part.Attribute("required")! == "Y" ? "required" : "";
            if (part.Name.LocalName == "component")
            {
                _text.Append($"| | {indent}*{name}* | component | {required} |\n");
                continue;
            }
            var field = _fields[name];
            _text.Append($"| {field.Attribute("number")!.Value} | {indent}{name} | {field.Attribute("type")!.Value} | {required} |\n");
            if (part.Name.LocalName == "group") Rows(part, indent + "→ ");
        }
    }

    private void Codes()
    {
        _text.Append("\n## Values\n\n| Tag | Field | Values |\n|---|---|---|\n");
        foreach (var field in _fields.Values.Where(f => f.HasElements && (string)f.Attribute("name")! != "MsgType").OrderBy(f => (int)f.Attribute("number")!))
            _text.Append($"| {field.Attribute("number")!.Value} | {field.Attribute("name")!.Value} | {string.Join(", ", field.Elements().Select(v => $"`{v.Attribute("enum")!.Value}` {v.Attribute("description")!.Value}"))} |\n");
    }
}
