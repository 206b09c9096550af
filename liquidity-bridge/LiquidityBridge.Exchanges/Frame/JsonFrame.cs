using System.Text;
using System.Text.Json;

namespace LiquidityBridge.Exchanges;

/// <summary>
/// Reads one JSON message after the other into a table that is used again: no allocation in steady state. It is strict:
/// too large, nested too deeply, or with two members of one name is refused.
/// </summary>
/// <remarks>Nodes are good until the next message is read. One owner.</remarks>
public sealed class JsonFrame
{
    /// <summary>Largest message that is read, bytes.</summary>
    public const int BytesMax = 4 << 20;

    /// <summary>Lists and objects within each other.</summary>
    public const int DepthMax = 12;

    /// <summary>Members of one object: comparing their names costs the square of it.</summary>
    private const int MembersMax = 128;

    private static readonly JsonReaderOptions _strict = new() { MaxDepth = DepthMax };

    private readonly int[] _parents = new int[DepthMax + 1], _lasts = new int[DepthMax + 1];
    private Entry[] _entries = new Entry[256];
    private ReadOnlyMemory<byte> _utf8;
    private int _count;

    internal struct Entry
    {
        public JsonTokenType Type;
        public bool HasEscapes;
        public int At, Length;          // of the value; of a text without its quotes
        public int NameAt, NameLength;  // of a member
        public int Next;                // sibling; 0 for none
        public int Children;
    }

    /// <summary>The message's outermost value.</summary>
    public JsonNode Root => new(this, 0);

    internal ReadOnlySpan<byte> Bytes(int at, int length) => _utf8.Span.Slice(at, length);

    internal ref readonly Entry this[int index] => ref _entries[index];

    /// <summary>Reads a message that must be an object; false, with the reason, when it is not one that an exchange would send.</summary>
    public bool TryRead(ReadOnlyMemory<byte> utf8, out OutsideReason fault) => TryRead(utf8, JsonTokenType.StartObject, out fault);

    /// <summary>Reads an answer that must be a list.</summary>
    public bool TryReadList(ReadOnlyMemory<byte> utf8, out OutsideReason fault) => TryRead(utf8, JsonTokenType.StartArray, out fault);

    private bool TryRead(ReadOnlyMemory<byte> utf8, JsonTokenType type, out OutsideReason fault)
    {
        _count = 0;
        _utf8 = utf8;
        fault = OutsideReason.TooLarge;
        if (utf8.Length > BytesMax) return false;
        fault = OutsideReason.Malformed;
        try
        {
            return TryRead(utf8.Span, ref fault) && _count > 0 && _entries[0].Type == type;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool TryRead(ReadOnlySpan<byte> utf8, ref OutsideReason fault)
    {
        var reader = new Utf8JsonReader(utf8, _strict);
        int depth = 0, nameAt = 0, nameLength = 0;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    // No exchange escapes names; two spellings of one name are not told apart from two names.
                    if (reader.ValueIsEscaped) return false;
                    (nameAt, nameLength) = ((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
                    if (IsThere(_parents[depth], utf8.Slice(nameAt, nameLength), ref fault)) return false;
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    depth--;
                    break;
                default:
                    var isContainer = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
                    var isText = reader.TokenType == JsonTokenType.String;
                    if (_count == _entries.Length) Array.Resize(ref _entries, 2 * _count);
                    if (_count > 0)
                    {
                        ref var parent = ref _entries[_parents[depth]];
                        if (parent.Children++ > 0) _entries[_lasts[depth]].Next = _count;
                        _lasts[depth] = _count;
                    }
                    _entries[_count] = new Entry
                    {
                        Type = reader.TokenType, HasEscapes = isText && reader.ValueIsEscaped,
                        At = (int)reader.TokenStartIndex + (isText ? 1 : 0), Length = reader.ValueSpan.Length,
                        NameAt = nameAt, NameLength = nameLength,
                    };
                    nameLength = 0;
                    if (isContainer) _parents[++depth] = _count;
                    _count++;
                    break;
            }
        }
        return true;
    }

    /// <summary>True when the object must not have (another) member of this name.</summary>
    private bool IsThere(int parent, ReadOnlySpan<byte> name, ref OutsideReason fault)
    {
        if (_entries[parent].Children >= MembersMax) return true;
        var left = _entries[parent].Children;
        for (var i = parent + 1; left > 0; i = _entries[i].Next, left--)
        {
            if (!Bytes(_entries[i].NameAt, _entries[i].NameLength).SequenceEqual(name)) continue;
            fault = OutsideReason.DuplicateKey;
            return true;
        }
        return false;
    }
}

/// <summary>A value of a message, or nothing where there is none: asking further gives nothing again.</summary>
public readonly struct JsonNode
{
    private readonly JsonFrame? _frame;
    private readonly int _index;

    internal JsonNode(JsonFrame frame, int index) => (_frame, _index) = (frame, index);

    /// <summary>Whether it is there.</summary>
    public bool Exists => _frame is not null;

    /// <summary>Whether it is an object.</summary>
    public bool IsObject => Is(JsonTokenType.StartObject);

    /// <summary>Whether it is a list.</summary>
    public bool IsList => Is(JsonTokenType.StartArray);

    /// <summary>Whether it is true.</summary>
    public bool IsTrue => Is(JsonTokenType.True);

    /// <summary>How many members or elements it has.</summary>
    public int Count => _frame is null ? 0 : _frame[_index].Children;

    /// <summary>The member of this name.</summary>
    public JsonNode this[string name]
    {
        get
        {
            if (!IsObject) return default;
            foreach (var child in this)
                if (Ascii.Equals(child.NameBytes, name)) return child;
            return default;
        }
    }

    /// <summary>The element at this place of a list.</summary>
    public JsonNode this[int place]
    {
        get
        {
            if (!IsList) return default;
            foreach (var child in this)
                if (place-- == 0) return child;
            return default;
        }
    }

    /// <summary>The digits of a number, or of a text (some exchanges put numbers in quotes), as they came; empty for anything else.</summary>
    public ReadOnlySpan<byte> Digits => Is(JsonTokenType.Number) || Is(JsonTokenType.String) ? Value : default;

    /// <summary>The name of a member.</summary>
    public string Name => Encoding.UTF8.GetString(NameBytes);

    /// <summary>A text; empty for anything else, and for one that is not valid.</summary>
    public string Text
    {
        get
        {
            if (!Is(JsonTokenType.String)) return "";
            if (!_frame![_index].HasEscapes) return Encoding.UTF8.GetString(Value);
            try
            {
                var reader = new Utf8JsonReader(_frame.Bytes(_frame[_index].At - 1, _frame[_index].Length + 2));
                reader.Read();
                return reader.GetString()!;
            }
            catch (Exception e) when (e is InvalidOperationException or JsonException)   // half a surrogate pair
            {
                return "";
            }
        }
    }

    private ReadOnlySpan<byte> NameBytes => _frame!.Bytes(_frame[_index].NameAt, _frame[_index].NameLength);

    private ReadOnlySpan<byte> Value => _frame!.Bytes(_frame[_index].At, _frame[_index].Length);

    /// <summary>Whether it is this text.</summary>
    public bool Is(string text) => Is(JsonTokenType.String) && Ascii.Equals(Value, text);

    /// <summary>A whole number, in quotes or not; false for anything else.</summary>
    public bool TryLong(out long number)
    {
        number = 0;
        return System.Buffers.Text.Utf8Parser.TryParse(Digits, out number, out var length) && length == Digits.Length && length > 0;
    }

    /// <summary>Elements of a list or members of an object.</summary>
    public Children GetEnumerator() => new(_frame, _index);

    private bool Is(JsonTokenType type) => _frame is not null && _frame[_index].Type == type;

    /// <summary>Goes through elements or members.</summary>
    public struct Children
    {
        private readonly JsonFrame? _frame;
        private int _next, _left;

        internal Children(JsonFrame? frame, int parent)
        {
            _frame = frame;
            _next = parent + 1;
            _left = frame is null ? 0 : frame[parent].Children;
        }

        /// <summary>The one at hand.</summary>
        public JsonNode Current { get; private set; }

        /// <summary>On to the next.</summary>
        public bool MoveNext()
        {
            if (_left-- <= 0) return false;
            Current = new JsonNode(_frame!, _next);
            _next = _frame![_next].Next;
            return true;
        }
    }
}
