using System.Runtime.CompilerServices;
using System.Text;
using System.Xml.Linq;

namespace Venue.Fix;

/// <summary>Which messages there are, which fields they have and which values those take: a QuickFIX data dictionary made into tables.</summary>
/// <remarks>Not changed after loading: one may be shared by all sessions and threads.</remarks>
public sealed class FixDictionary
{
    private readonly FieldInfo?[] _fields;
    private readonly int[] _dataTags;   // by tag of a length field: the DATA field that follows it
    private readonly MessageDefinition?[] _byChar = new MessageDefinition?[128];
    private readonly List<MessageDefinition> _longTypes = [];

    internal FixDictionary(string beginString, FieldInfo?[] fields, FieldSet header, FieldSet trailer, IEnumerable<MessageDefinition> messages)
    {
        BeginString = beginString;
        _fields = fields;
        _dataTags = Array.ConvertAll(fields, field => field?.DataTag ?? 0);
        Header = header;
        Trailer = trailer;
        foreach (var message in messages)
        {
            if (message.Type.Length == 1 && message.Type[0] < 128) _byChar[message.Type[0]] = message;
            else _longTypes.Add(message);
        }
    }

    /// <summary>BeginString(8) of its messages, such as FIX.4.4.</summary>
    public string BeginString { get; }

    internal FieldSet Header { get; }
    internal FieldSet Trailer { get; }

    /// <summary>Reads a dictionary in QuickFIX's XML form.</summary>
    /// <exception cref="InvalidDataException">It contradicts itself; the message says where.</exception>
    public static FixDictionary Load(Stream quickFixXml) => Load(XDocument.Load(quickFixXml, LoadOptions.SetLineInfo));

    /// <inheritdoc cref="Load(Stream)"/>
    public static FixDictionary Load(XDocument quickFixXml) => new DictionaryXml(quickFixXml).Read();

    /// <summary>True when messages of this type are defined.</summary>
    public bool HasMessage(ReadOnlySpan<byte> msgType) => Message(msgType) is not null;

    /// <summary>True when the field belongs to the body of this message itself (not to one of its groups).</summary>
    public bool HasField(ReadOnlySpan<byte> msgType, int tag) => Message(msgType) is { } message && message.Body.IndexOf(tag) >= 0;

    /// <summary>The field's name, or its number when it is not defined.</summary>
    public string FieldName(int tag) => Field(tag)?.Name ?? tag.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What a value of the field means, such as PARTIALLY_FILLED; null when the dictionary does not say. Words of a list each for itself.</summary>
    public string? ValueName(int tag, ReadOnlySpan<byte> value)
    {
        if (Field(tag) is not { } field) return null;
        if (field.Type != FieldType.MultipleText) return field.Meaning(value);
        var meanings = new List<string>();
        foreach (var word in value.Split((byte)' ')) meanings.Add(field.Meaning(value[word]) ?? "?");
        return meanings.TrueForAll(meaning => meaning == "?") ? null : string.Join(' ', meanings);
    }

    /// <summary>The message's name, or its type when it is not defined.</summary>
    public string MessageName(ReadOnlySpan<byte> msgType) => Message(msgType)?.Name ?? Encoding.ASCII.GetString(msgType);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal FieldInfo? Field(int tag) => (uint)tag < (uint)_fields.Length ? _fields[tag] : null;

    /// <summary>The DATA field whose length this field gives, or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int DataTag(int tag) => (uint)tag < (uint)_dataTags.Length ? _dataTags[tag] : 0;

    internal MessageDefinition? Message(ReadOnlySpan<byte> type)
    {
        if (type.Length == 1 && type[0] < 128) return _byChar[type[0]];
        foreach (var message in _longTypes)
            if (type.SequenceEqual(message.Type)) return message;
        return null;
    }
}
