namespace Venue.Gateway;

/// <summary>What many sessions are sent, encoded once: entries of one or more messages, each within what every engine takes.</summary>
internal sealed class EncodedParts
{
    /// <summary>A part is followed by the next when it has as many: header and MDReqID(262) still fit into 64 KiB.</summary>
    private const int PartBytes = 40 << 10;

    private readonly FieldBuffer _entries = new(), _heads = new();
    private readonly List<(int Count, int EntriesEnd, int HeadEnd)> _parts = [];
    private int _count, _start;

    /// <summary>Messages that it takes.</summary>
    public int Count => _parts.Count;

    /// <summary>Entries in all of them.</summary>
    public int Entries { get; private set; }

    /// <summary>Bytes of all parts.</summary>
    public int Bytes => _entries.Length + _heads.Length;

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        _entries.Clear();
        _heads.Clear();
        _parts.Clear();
        _count = _start = Entries = 0;
    }

    /// <summary>Where the next entry goes.</summary>
    public FieldBuffer Entry()
    {
        if (_entries.Length - _start >= PartBytes) Cut();
        _count++;
        Entries++;
        return _entries;
    }

    /// <summary>All entries are there: what they stand behind is written next, part by part, with <see cref="Head"/>.</summary>
    public void Complete() => Cut();

    /// <summary>Where the fields in front of a part's entries go; NoMDEntries(268) comes behind them.</summary>
    public FieldBuffer Head => _heads;

    /// <summary>The head of this part is complete.</summary>
    public void EndHead(int part)
    {
        var (count, entriesEnd, _) = _parts[part];
        _heads.Add(268, count);
        _parts[part] = (count, entriesEnd, _heads.Length);
    }

    /// <summary>A part's fields in front of its entries.</summary>
    public ReadOnlySpan<byte> HeadOf(int part) => _heads.Bytes[(part == 0 ? 0 : _parts[part - 1].HeadEnd).._parts[part].HeadEnd];

    /// <summary>A part's entries.</summary>
    public ReadOnlySpan<byte> EntriesOf(int part) => _entries.Bytes[(part == 0 ? 0 : _parts[part - 1].EntriesEnd).._parts[part].EntriesEnd];

    private void Cut()
    {
        _parts.Add((_count, _entries.Length, 0));
        _count = 0;
        _start = _entries.Length;
    }
}
