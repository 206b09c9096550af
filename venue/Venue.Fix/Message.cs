namespace Venue.Fix;

/// <summary>A received message: a view over the receive buffer, good until the call that handed it out returns.</summary>
public readonly ref struct Message
{
    private const int TypePosition = 2;   // framing has seen that 35 comes third

    private readonly FieldView _fields;

    internal Message(ReadOnlySpan<byte> bytes, FieldTable table)
    {
        _fields = new FieldView(bytes, table, 0, table.Count, 0);
        MsgSeqNum = _fields.TryGetInt(Tags.MsgSeqNum, out var number) && number > 0 ? number : 0;
    }

    /// <summary>Its own fields, as an entry of a group has them.</summary>
    public FieldView Fields => _fields;

    /// <summary>From 8= to the delimiter after 10=nnn.</summary>
    public ReadOnlySpan<byte> Bytes => _fields.Bytes;

    /// <summary>BeginString(8).</summary>
    public ReadOnlySpan<byte> BeginString => _fields.ValueAt(0);

    /// <summary>MsgType(35).</summary>
    public ReadOnlySpan<byte> MsgType => _fields.ValueAt(TypePosition);

    /// <summary>MsgSeqNum(34), from 1.</summary>
    public int MsgSeqNum { get; }

    /// <summary>PossDupFlag(43)=Y: sent before under this number.</summary>
    public bool PossDup => TryGetChar(Tags.PossDupFlag, out var flag) && flag == 'Y';

    /// <summary>PossResend(97)=Y: sent before, perhaps under another number.</summary>
    public bool PossResend => TryGetChar(Tags.PossResend, out var flag) && flag == 'Y';

    /// <inheritdoc cref="FieldView.TryGet"/>
    public bool TryGet(int tag, out ReadOnlySpan<byte> value) => _fields.TryGet(tag, out value);

    /// <inheritdoc cref="FieldView.TryGetInt"/>
    public bool TryGetInt(int tag, out int value) => _fields.TryGetInt(tag, out value);

    /// <inheritdoc cref="FieldView.TryGetChar"/>
    public bool TryGetChar(int tag, out byte value) => _fields.TryGetChar(tag, out value);

    /// <inheritdoc cref="FieldView.TryGetDecimal"/>
    public bool TryGetDecimal(int tag, out long mantissa, out int decimals) => _fields.TryGetDecimal(tag, out mantissa, out decimals);

    /// <inheritdoc cref="FieldView.TryGetTime"/>
    public bool TryGetTime(int tag, out long ns) => _fields.TryGetTime(tag, out ns);

    /// <inheritdoc cref="FieldView.Groups"/>
    public GroupEntries Groups(int countTag) => _fields.Groups(countTag);
}
