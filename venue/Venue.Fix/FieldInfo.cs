namespace Venue.Fix;

/// <summary>One field of the dictionary: its type and the values it may have.</summary>
internal sealed class FieldInfo(int tag, string name, FieldType type)
{
    private readonly List<byte[]> _words = [];
    private readonly Dictionary<string, string> _meanings = [];
    private ulong _low, _high;   // one bit for each allowed value of one ASCII byte

    public int Tag { get; } = tag;
    public string Name { get; } = name;
    public FieldType Type { get; } = type;

    /// <summary>On a length field: the DATA field that follows it; otherwise 0.</summary>
    public int DataTag { get; set; }

    /// <summary>True when only listed values are allowed.</summary>
    public bool HasEnum { get; private set; }

    /// <summary>What the value means, in the dictionary's words; null when it does not say.</summary>
    public string? Meaning(ReadOnlySpan<byte> value) => _meanings.GetValueOrDefault(System.Text.Encoding.Latin1.GetString(value));

    /// <summary>Notes what a value means.</summary>
    public void Explain(ReadOnlySpan<byte> value, string meaning) => _meanings[System.Text.Encoding.Latin1.GetString(value)] = meaning;

    public void Allow(ReadOnlySpan<byte> value)
    {
        HasEnum = true;
        if (value.Length != 1 || value[0] > 127) _words.Add(value.ToArray());
        else if (value[0] < 64) _low |= 1UL << value[0];
        else _high |= 1UL << (value[0] - 64);
    }

    public bool Allows(ReadOnlySpan<byte> value) => Type == FieldType.MultipleText ? AllowsEach(value) : AllowsOne(value);

    private bool AllowsEach(ReadOnlySpan<byte> values)
    {
        foreach (var word in values.Split((byte)' '))
            if (!AllowsOne(values[word])) return false;
        return true;
    }

    private bool AllowsOne(ReadOnlySpan<byte> value)
    {
        if (value.Length == 1 && value[0] < 128)
            return ((value[0] < 64 ? _low >> value[0] : _high >> (value[0] - 64)) & 1) != 0;
        foreach (var word in _words)
            if (value.SequenceEqual(word)) return true;
        return false;
    }
}
