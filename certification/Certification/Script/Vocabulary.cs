using System.Globalization;
using System.Xml.Linq;
using Venue.Fix;

namespace Certification;

/// <summary>The words of the language that come from FIX: names of messages, fields and values, from a dictionary in QuickFIX's form.</summary>
internal sealed class Vocabulary
{
    private const int RefMsgType = 372;   // the dictionary lists no values of it, and they are all the message types

    private static readonly string[] NumberTypes = ["INT", "LENGTH", "SEQNUM", "NUMINGROUP", "PRICE", "QTY", "AMT", "FLOAT", "PERCENTAGE", "PRICEOFFSET"];

    private readonly Dictionary<string, Field> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Field> _byTag = [];
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);   // message name -> MsgType(35)
    private readonly Dictionary<string, int[]> _required = new(StringComparer.Ordinal);  // MsgType(35) -> tags
    private readonly HashSet<int> _headerAndTrailer = [];

    private sealed record Field(int Tag, string Name, string Type, IReadOnlyList<(string Value, string Name)> Values);

    private Vocabulary(XDocument xml)
    {
        // The codec's own reading refuses a dictionary that contradicts itself, with the line.
        Dictionary = FixDictionary.Load(xml);
        var root = xml.Root!;
        foreach (var e in root.Element("fields")!.Elements("field"))
        {
            var values = e.Elements("value").Select(v => ((string)v.Attribute("enum")!, Plain((string?)v.Attribute("description") ?? ""))).ToArray();
            var field = new Field((int)e.Attribute("number")!, (string)e.Attribute("name")!, (string)e.Attribute("type")!, values);
            _byName[field.Name] = _byTag[field.Tag] = field;
        }
        foreach (var part in new[] { "header", "trailer" })
            foreach (var e in root.Element(part)!.Descendants("field")) _headerAndTrailer.Add(_byName[(string)e.Attribute("name")!].Tag);
        var components = root.Element("components")?.Elements("component").ToDictionary(c => (string)c.Attribute("name")!) ?? [];
        foreach (var e in root.Element("messages")!.Elements("message"))
        {
            var type = (string)e.Attribute("msgtype")!;
            _types[(string)e.Attribute("name")!] = type;
            _required[type] = [.. Required(e, components)];
        }
    }

    /// <summary>The dictionary for the codec.</summary>
    public FixDictionary Dictionary { get; }

    /// <summary>Reads a dictionary file.</summary>
    /// <exception cref="InvalidDataException">It contradicts itself.</exception>
    public static Vocabulary Load(string path) => new(XDocument.Load(path, LoadOptions.SetLineInfo));

    /// <summary>MsgType(35) of a message's name; null when there is no such message.</summary>
    public string? MsgType(string name) => _types.GetValueOrDefault(name);

    /// <summary>Names of all messages.</summary>
    public IEnumerable<string> MessageNames => _types.Keys;

    /// <summary>The message's name, or its type when the dictionary lacks it.</summary>
    public string MessageName(string type) => _types.FirstOrDefault(pair => pair.Value == type).Key ?? type;

    /// <summary>The tag of a name, or of a number; 0 when it is neither.</summary>
    public int Tag(string name) =>
        _byName.TryGetValue(name, out var field) ? field.Tag
        : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var tag) ? tag : 0;

    /// <summary>The field's name, or its number when the dictionary lacks it.</summary>
    public string Name(int tag) => _byTag.TryGetValue(tag, out var field) ? field.Name : tag.ToString(CultureInfo.InvariantCulture);

    /// <summary>True when 1 and 1.0 are the same value of this field.</summary>
    public bool IsNumber(int tag) => _byTag.TryGetValue(tag, out var field) && NumberTypes.Contains(field.Type);

    /// <summary>True when the field belongs in the header or trailer.</summary>
    public bool IsHeader(int tag) => _headerAndTrailer.Contains(tag);

    /// <summary>The value that a word stands for: a value's name, or the value itself. Null when the field has other values only.</summary>
    public string? Value(int tag, string word)
    {
        if (tag == RefMsgType && _types.TryGetValue(word, out var type)) return type;
        if (!_byTag.TryGetValue(tag, out var field) || field.Values.Count == 0) return word;
        foreach (var (value, name) in field.Values)
            if (value == word || name.Equals(Plain(word), StringComparison.OrdinalIgnoreCase)) return value;
        return null;
    }

    /// <summary>The values that a field may have, for a fault: Buy(1), Sell(2).</summary>
    public string Values(int tag) => string.Join(", ", _byTag[tag].Values.Select(v => $"{v.Name}({v.Value})"));

    /// <summary>A value as people read it: 0 of ExecType is 0(New).</summary>
    public string Describe(int tag, string value)
    {
        if (!_byTag.TryGetValue(tag, out var field)) return value;
        foreach (var (code, name) in field.Values)
            if (code == value) return $"{value}({name})";
        return value;
    }

    /// <summary>Where a message is against the dictionary: unknown type, required field missing, unknown field, unknown value.</summary>
    public IEnumerable<string> Faults(FixMessage message)
    {
        if (!_required.TryGetValue(message.Type, out var required)) return [$"MsgType(35) {message.Type} is not in the dictionary"];
        return required.Where(tag => message.Find(tag) is null).Select(tag => $"{MessageName(message.Type)} lacks {Name(tag)}({tag})")
            .Concat(message.Fields.Where(f => !_byTag.ContainsKey(f.Tag)).Select(f => $"tag {f.Tag} is not in the dictionary"))
            .Concat(message.Fields.Where(f => Value(f.Tag, f.Value) != f.Value).Select(f => $"{Name(f.Tag)}({f.Tag}) must not be '{f.Value}'"));
    }

    private static string Plain(string text)
    {
        // PARTIAL_FILL and PartialFill are one name.
        if (!text.Contains('_', StringComparison.Ordinal) && text.Any(char.IsLower)) return text;
        return string.Concat(text.Split('_', StringSplitOptions.RemoveEmptyEntries).Select(w => char.ToUpperInvariant(w[0]) + w[1..].ToLowerInvariant()));
    }

    private IEnumerable<int> Required(XElement part, Dictionary<string, XElement> components)
    {
        foreach (var e in part.Elements())
        {
            if ((string?)e.Attribute("required") != "Y") continue;
            var name = (string)e.Attribute("name")!;
            if (e.Name != "component") yield return _byName[name].Tag;
            else
                foreach (var tag in Required(components[name], components)) yield return tag;
        }
    }
}
