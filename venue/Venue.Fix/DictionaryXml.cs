using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Venue.Fix;

/// <summary>Reads QuickFIX's XML form: fields, components (expanded where they are used), header, trailer, messages.</summary>
internal sealed class DictionaryXml
{
    private const int TagMax = 99_999;
    private const int DepthMax = 16;   // components within groups within components
    private const int PlacesMax = 1_000_000;   // fields, groups and components once all are expanded; FIX 4.4 whole has some 20,000

    private readonly XElement _root;
    private readonly Dictionary<string, FieldInfo> _fields = [];
    private readonly Dictionary<string, XElement> _components = [];
    private int _places;

    public DictionaryXml(XDocument document) => _root = document.Root ?? throw new InvalidDataException("dictionary: no root element");

    public FixDictionary Read()
    {
        foreach (var field in Part("fields").Elements("field")) ReadField(field);
        if (_fields.Count == 0) throw new InvalidDataException("dictionary: <fields> is empty");
        foreach (var field in _fields.Values) JoinLength(field);
        foreach (var component in _root.Element("components")?.Elements("component") ?? [])
            if (!_components.TryAdd(Text(component, "name"), component)) throw Fault(component, "defined twice");

        var byTag = new FieldInfo?[_fields.Values.Max(field => field.Tag) + 1];
        foreach (var field in _fields.Values)
        {
            if (byTag[field.Tag] is not null) throw new InvalidDataException($"dictionary: tag {field.Tag} is defined twice");
            byTag[field.Tag] = field;
        }

        var messages = new List<MessageDefinition>();
        foreach (var message in Part("messages").Elements("message"))
        {
            var type = Encoding.ASCII.GetBytes(Text(message, "msgtype"));
            if (messages.Exists(other => other.Type.AsSpan().SequenceEqual(type))) throw Fault(message, "defined twice");
            messages.Add(new MessageDefinition(type, Text(message, "name"), Text(message, "msgcat") == "admin", ReadSet(message)));
        }
        var begin = $"{Text(_root, "type", "FIX")}.{Text(_root, "major")}.{Text(_root, "minor")}";
        return new FixDictionary(begin, byTag, ReadSet(Part("header")), ReadSet(Part("trailer")), messages);
    }

    private void ReadField(XElement element)
    {
        var name = Text(element, "name");
        if (!int.TryParse(Text(element, "number"), NumberStyles.None, CultureInfo.InvariantCulture, out var tag) || tag is < 1 or > TagMax)
            throw Fault(element, "number must be 1 to 99999");
        var field = new FieldInfo(tag, name, TypeOf(element));
        foreach (var value in element.Elements("value"))
            if ((string?)value.Attribute("description") is { } description) field.Explain(Encoding.ASCII.GetBytes(Text(value, "enum")), description);
        // Values of MsgType name the messages themselves; every other list is closed.
        if (tag != Tags.MsgType)
            foreach (var value in element.Elements("value")) field.Allow(Encoding.ASCII.GetBytes(Text(value, "enum")));
        if (!_fields.TryAdd(name, field)) throw Fault(element, "defined twice");
    }

    // FIX names the length of a DATA field X either XLength or XLen.
    private void JoinLength(FieldInfo data)
    {
        if (data.Type != FieldType.Data) return;
        if (_fields.TryGetValue(data.Name + "Length", out var length) || _fields.TryGetValue(data.Name + "Len", out length))
            length.DataTag = data.Tag;
    }

    private FieldSet ReadSet(XElement element)
    {
        var set = new FieldSet();
        Fill(set, element, required: true, depth: 0);
        return set;
    }

    private void Fill(FieldSet set, XElement element, bool required, int depth)
    {
        if (depth > DepthMax) throw Fault(element, "components or groups contain themselves");
        foreach (var child in element.Elements())
        {
            if (++_places > PlacesMax) throw Fault(element, $"components within components make more than {PlacesMax} places");
            var name = Text(child, "name");
            var isRequired = required && Text(child, "required", "N") == "Y";
            if (child.Name == "component")
            {
                if (!_components.TryGetValue(name, out var component)) throw Fault(child, "no such component");
                Fill(set, component, isRequired, depth + 1);
                continue;
            }
            if (!_fields.TryGetValue(name, out var field)) throw Fault(child, "no such field");
            FieldSet? group = null;
            if (child.Name == "group")
            {
                if (field.Type != FieldType.Count) throw Fault(child, "its field is not of type NUMINGROUP");
                group = new FieldSet();
                Fill(group, child, required: true, depth + 1);
                if (group.Count == 0) throw Fault(child, "an empty group");
            }
            if (!set.Add(field.Tag, isRequired, group)) throw Fault(child, "stands here twice");
        }
    }

    private static FieldType TypeOf(XElement field) => Text(field, "type") switch
    {
        "CHAR" => FieldType.Char,
        "BOOLEAN" => FieldType.Boolean,
        "INT" => FieldType.Int,
        "LENGTH" or "SEQNUM" or "NUMINGROUP" => FieldType.Count,
        "DAYOFMONTH" => FieldType.DayOfMonth,
        "PRICE" or "QTY" or "AMT" or "FLOAT" or "PERCENTAGE" or "PRICEOFFSET" => FieldType.Decimal,
        "UTCTIMESTAMP" => FieldType.UtcTimestamp,
        "UTCTIMEONLY" => FieldType.UtcTimeOnly,
        "UTCDATEONLY" or "UTCDATE" or "LOCALMKTDATE" or "DATE" => FieldType.Date,
        "MONTHYEAR" => FieldType.MonthYear,
        "MULTIPLEVALUESTRING" or "MULTIPLESTRINGVALUE" or "MULTIPLECHARVALUE" => FieldType.MultipleText,
        "DATA" or "XMLDATA" => FieldType.Data,
        "STRING" or "CURRENCY" or "EXCHANGE" or "COUNTRY" => FieldType.Text,
        var other => throw Fault(field, $"type '{other}' is not known"),
    };

    private XElement Part(string name) => _root.Element(name) ?? throw new InvalidDataException($"dictionary: no <{name}>");

    private static string Text(XElement element, string attribute, string? otherwise = null) =>
        (string?)element.Attribute(attribute) ?? otherwise ?? throw Fault(element, $"no attribute '{attribute}'");

    private static InvalidDataException Fault(XElement element, string what) =>
        new($"dictionary line {((IXmlLineInfo)element).LineNumber}: <{element.Name} name='{(string?)element.Attribute("name")}'>: {what}");
}
