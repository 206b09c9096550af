using System.Globalization;
using System.Text;

namespace Venue.Fix;

/// <summary>Messages in the words of the dictionary, for people: names of messages, fields and values, groups indented, no credentials.</summary>
/// <remarks>For tools: allocates freely. Not for several threads.</remarks>
public sealed class MessageText(FixDictionary dictionary)
{
    private readonly FieldTable _table = new();
    private readonly Validator _validator = new(dictionary, Validation.None);

    /// <summary>One line: time, message, from and to, number, then every field of the body.</summary>
    public string Wide(ReadOnlySpan<byte> frame)
    {
        if (!TryRead(frame, out var fault)) return fault;
        var text = new StringBuilder(Head(frame));
        foreach (var i in Body(frame)) text.Append(CultureInfo.InvariantCulture, $" {NameOf(i)}={ValueOf(frame, i)}");
        return text.ToString();
    }

    /// <summary>The same head, then one field in each line: tag, name, value and its meaning.</summary>
    public string Tall(ReadOnlySpan<byte> frame)
    {
        if (!TryRead(frame, out var fault)) return fault + "\n";
        var text = new StringBuilder(Head(frame)).Append('\n');
        foreach (var i in Body(frame))
        {
            var indent = new string(' ', 2 * (_table.Tags[i] >> FieldTable.DepthShift));
            text.Append(CultureInfo.InvariantCulture, $"  {indent}{Tag(i),6}  {NameOf(i),-24} {ValueOf(frame, i)}\n");
        }
        return text.ToString();
    }

    private bool TryRead(ReadOnlySpan<byte> frame, out string fault)
    {
        fault = "";
        if (Framing.Locate(frame, int.MaxValue, out var length) != FrameKind.Frame || length != frame.Length || !_table.Read(frame, dictionary))
        {
            var clear = new byte[Redaction.MaxLength(frame.Length)];
            fault = "garbled: " + Encoding.Latin1.GetString(clear.AsSpan(0, Redaction.Write(frame, clear, (byte)'|')));
            return false;
        }
        // Marks the groups as far as the message is as defined; what is beyond a fault stands at the margin.
        if (dictionary.Message(TextOf(frame, 2)) is { } definition) _validator.Check(_table, frame, definition, out _);
        return true;
    }

    private string Head(ReadOnlySpan<byte> frame)
    {
        var message = new Message(frame, _table);
        var type = Encoding.Latin1.GetString(message.MsgType);
        var flags = (message.PossDup ? " PossDup" : "") + (message.PossResend ? " PossResend" : "");
        return $"{Of(message, Tags.SendingTime),-21} {Of(message, Tags.SenderCompID)} -> {Of(message, Tags.TargetCompID)} {message.MsgSeqNum} {dictionary.MessageName(message.MsgType)}({type}){flags}";
    }

    private static string Of(in Message message, int tag) => message.TryGet(tag, out var value) ? Encoding.Latin1.GetString(value) : "?";

    // What the head says already, and what only the line needs, is left out.
    private List<int> Body(ReadOnlySpan<byte> frame)
    {
        var positions = new List<int>();
        for (var i = 0; i < _table.Count; i++)
            if (Tag(i) is not (Tags.BeginString or 9 or Tags.MsgType or Tags.SenderCompID or Tags.TargetCompID or Tags.MsgSeqNum or Tags.SendingTime or Tags.PossDupFlag or Tags.PossResend or 10))
                positions.Add(i);
        return positions;
    }

    private int Tag(int position) => _table.Tags[position] & FieldTable.TagMask;

    private string NameOf(int position) => Tag(position) == 0 ? "?" : dictionary.FieldName(Tag(position));

    private ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> frame, int position)
    {
        var extent = _table.Value(position);
        return frame.Slice(extent.Start, extent.Length);
    }

    private string ValueOf(ReadOnlySpan<byte> frame, int position)
    {
        if (Redaction.IsSecret(Tag(position))) return "***";
        var value = TextOf(frame, position);
        var text = Encoding.Latin1.GetString(value).Replace('\u0001', '|');
        return dictionary.ValueName(Tag(position), value) is { } meaning ? $"{text}({meaning})" : text;
    }
}
