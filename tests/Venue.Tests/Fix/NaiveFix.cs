using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Venue.Tests.Fix;

/// <summary>A second reader of messages and of the dictionary, written for shortness: what the fast one must agree with.</summary>
internal sealed partial class NaiveFix
{
    private readonly XElement _root;
    private readonly Dictionary<string, XElement> _fields;
    private readonly Dictionary<int, string> _names;
    private readonly Dictionary<XElement, List<(XElement Node, bool Required)>> _places = [];

    public NaiveFix(string path)
    {
        Regex.CacheSize = 64;
        _root = XDocument.Load(path).Root!;
        _fields = _root.Element("fields")!.Elements().ToDictionary(f => (string)f.Attribute("name")!);
        _names = _fields.Values.ToDictionary(f => (int)f.Attribute("number")!, f => (string)f.Attribute("name")!);
    }

    /// <summary>"garbled", "-" or "reason tag".</summary>
    public string Judge(byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var head = Head().Match(text);
        if (!head.Success || !head.Groups[1].Value.StartsWith("FIX", StringComparison.Ordinal) || head.Groups[1].Length > 11 || head.Groups[2].Length > 9) return "garbled";
        var bodyStart = head.Length - 3;
        var tail = Regex.Match(text, "\u000110=([0-9]{3})\u0001$", RegexOptions.Singleline);
        if (!tail.Success || bodyStart + int.Parse(head.Groups[2].Value, CultureInfo.InvariantCulture) != tail.Index + 1 || tail.Index < head.Length) return "garbled";
        if (bytes.Take(tail.Index + 1).Sum(b => b) % 256 != int.Parse(tail.Groups[1].Value, CultureInfo.InvariantCulture)) return "garbled";

        var fields = Fields(text);
        var message = _root.Element("messages")!.Elements().FirstOrDefault(m => (string)m.Attribute("msgtype")! == fields[2].Value);
        return message is null ? "unknown" : Check(fields, message);
    }

    private List<(int Tag, string Value, bool BadData)> Fields(string text)
    {
        var fields = new List<(int, string, bool)>();
        var (dataTag, dataLength) = (0, 0);
        while (text.Length > 0)
        {
            var end = text.IndexOf('\u0001');
            var match = Regex.Match(text[..end], "^([1-9][0-9]{0,6})=");
            var tag = match.Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
            var bad = false;
            if (tag != 0 && tag == dataTag)
            {
                var wanted = match.Length + dataLength;
                if (wanted < text.Length - 7 && text[wanted] == '\u0001') end = Math.Max(end, wanted);
                bad = end != wanted;
            }
            var value = text[match.Length..end];
            fields.Add((tag, value, bad));
            dataTag = _names.TryGetValue(tag, out var name) ? DataAfter(name) : 0;
            if (dataTag != 0 && !(Regex.IsMatch(value, "^-?[0-9]+$") && int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out dataLength) && dataLength >= 0)) dataTag = 0;
            text = text[(end + 1)..];
        }
        return fields;
    }

    private int DataAfter(string name)
    {
        foreach (var suffix in new[] { "Length", "Len" })
            if (name.EndsWith(suffix, StringComparison.Ordinal) && _fields.TryGetValue(name[..^suffix.Length], out var data) && (string)data.Attribute("type")! == "DATA")
                return (int)data.Attribute("number")!;
        return 0;
    }

    private string Check(List<(int Tag, string Value, bool BadData)> fields, XElement message)
    {
        var at = 0;
        foreach (var section in new[] { _root.Element("header")!, message, _root.Element("trailer")! })
            if (Place(fields, ref at, Place(section), top: true, message, section) is { } fault) return fault;
        return "-";
    }

    /// <summary>Takes the fields of one place, in any order, and says what is wrong with the first bad one.</summary>
    private string? Place(List<(int Tag, string Value, bool BadData)> fields, ref int at, List<(XElement Node, bool Required)> place, bool top, XElement message, XElement section)
    {
        var seen = new HashSet<string>();
        for (; at < fields.Count; )
        {
            var (tag, value, badData) = fields[at];
            if (!_names.TryGetValue(tag, out var name)) return Unknown(fields, at);
            var node = place.Find(n => (string)n.Node.Attribute("name")! == name).Node;
            if (node is null)
            {
                if (!top) break;
                if (section.Name == "trailer") return $"14 {tag}";
                if (section.Name == "message")
                {
                    if (Has(_root.Element("header")!, name)) return $"14 {tag}";
                    if (!Has(_root.Element("trailer")!, name)) return $"2 {tag}";
                }
                break;
            }
            // The first field of a group begins the next entry.
            if (!top && seen.Count > 0 && node == place[0].Node) break;
            if (Value(_fields[name], value, badData) is { } code) return $"{code} {tag}";
            if (!top && seen.Count == 0 && node != place[0].Node) return $"15 {tag}";
            if (!seen.Add(name)) return $"13 {tag}";
            at++;
            if (node.Name != "group") continue;
            if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return $"16 {tag}";
            var entries = 0;
            var inside = Place(node);
            while (at < fields.Count && _names.TryGetValue(fields[at].Tag, out var next) && inside.Exists(n => (string)n.Node.Attribute("name")! == next))
            {
                if (Place(fields, ref at, inside, top: false, message, node) is { } fault) return fault;
                entries++;
            }
            if (at < fields.Count && !_names.ContainsKey(fields[at].Tag)) return Unknown(fields, at);
            if (entries != count) return $"16 {tag}";
        }
        foreach (var (node, required) in place)
            if (required && !seen.Contains((string)node.Attribute("name")!)) return $"1 {(string)_fields[(string)node.Attribute("name")!].Attribute("number")!}";
        return null;
    }

    private static string Unknown(List<(int Tag, string Value, bool BadData)> fields, int at) =>
        fields[at].Tag == 0 && !fields[at].Value.Contains('=') ? $"17 {fields[at - 1].Tag}" : $"0 {fields[at].Tag}";

    private bool Has(XElement section, string name) => Place(section).Exists(n => (string)n.Node.Attribute("name")! == name);

    private List<(XElement Node, bool Required)> Place(XElement section) =>
        _places.TryGetValue(section, out var place) ? place : _places[section] = Expand(section);

    private List<(XElement Node, bool Required)> Expand(XElement parent, bool required = true)
    {
        var all = new List<(XElement, bool)>();
        foreach (var child in parent.Elements())
        {
            var isRequired = required && (string)child.Attribute("required")! == "Y";
            if (child.Name != "component") all.Add((child, isRequired));
            else all.AddRange(Expand(_root.Element("components")!.Elements().First(c => (string)c.Attribute("name")! == (string)child.Attribute("name")!), isRequired));
        }
        return all;
    }

    private static int? Value(XElement field, string value, bool badData)
    {
        if (value.Length == 0) return 4;
        var type = (string)field.Attribute("type")!;
        var form = type switch
        {
            "CHAR" => "^[^\u0000-\u001f]$",
            "BOOLEAN" => "^[YN]$",
            "INT" => "^-?[0-9]+$",
            "LENGTH" or "SEQNUM" or "NUMINGROUP" => "^[0-9]+$",
            "PRICE" or "QTY" or "AMT" or "FLOAT" => @"^-?([0-9]+\.?[0-9]*|\.[0-9]+)$",
            "UTCTIMESTAMP" => @"^[0-9]{8}-([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]{1,12})?$",
            "UTCTIMEONLY" => @"^([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]{1,12})?$",
            "LOCALMKTDATE" or "UTCDATEONLY" => "^[0-9]{8}$",
            "MULTIPLEVALUESTRING" => "^[^ ]+( [^ ]+)*$",
            _ => "",
        };
        if (badData || form.Length > 0 && !Regex.IsMatch(value, form.Replace("$", @"\z"), RegexOptions.Singleline)) return 6;
        if (type is "UTCTIMESTAMP" or "LOCALMKTDATE" or "UTCDATEONLY" &&
            !(DateTime.TryParseExact(value[..8], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 1678 and <= 2261)) return 6;
        var allowed = field.Elements("value").Select(v => (string)v.Attribute("enum")!).ToList();
        if (allowed.Count == 0 || (string)field.Attribute("name")! == "MsgType") return null;
        var words = type == "MULTIPLEVALUESTRING" ? value.Split(' ') : [value];
        return words.All(allowed.Contains) ? null : 5;
    }

    [GeneratedRegex("^8=([^\u0001]*)\u00019=([0-9]+)\u000135=", RegexOptions.Singleline)]
    private static partial Regex Head();
}
