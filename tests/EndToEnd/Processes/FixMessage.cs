using System.Globalization;
using System.Text;

namespace EndToEnd;

/// <summary>A FIX message as fields in their order. It knows no dictionary.</summary>
public sealed class FixMessage
{
    private readonly List<(int Tag, string Value)> _fields;

    private FixMessage(List<(int Tag, string Value)> fields) => _fields = fields;

    /// <summary>Takes a message apart, with SOH or, as the clients print it, | between the fields.</summary>
    public static FixMessage Parse(string text, char delimiter = '|')
    {
        var fields = new List<(int, string)>(32);
        foreach (var part in text.Split(delimiter))
        {
            var equals = part.IndexOf('=');
            if (equals > 0 && int.TryParse(part.AsSpan(0, equals), NumberStyles.None, CultureInfo.InvariantCulture, out var tag))
                fields.Add((tag, part[(equals + 1)..]));
            else if (part.Length > 0 && fields.Count > 0)
                fields[^1] = (fields[^1].Item1, $"{fields[^1].Item2}{delimiter}{part}");   // a | that was part of a Text(58)
        }
        return new FixMessage(fields);
    }

    /// <summary>MsgType(35).</summary>
    public string Type => this[35];

    /// <summary>Logon, Logout, Heartbeat, TestRequest, ResendRequest or SequenceReset; not Reject(3), which answers an application message.</summary>
    public bool IsAdministrative => Type is "A" or "5" or "0" or "1" or "2" or "4";

    /// <summary>PossDupFlag(43).</summary>
    public bool IsPossDup => Find(43) == "Y";

    /// <summary>MsgSeqNum(34).</summary>
    public int SeqNum => int.Parse(this[34], CultureInfo.InvariantCulture);

    /// <summary>The value of a field that must be there.</summary>
    /// <exception cref="AssertionException">It is not there.</exception>
    public string this[int tag] => Find(tag) ?? throw new AssertionException($"no tag {tag} in {this}");

    /// <summary>The value of the first field with this tag; null when there is none.</summary>
    public string? Find(int tag)
    {
        foreach (var field in _fields)
        {
            if (field.Tag == tag) return field.Value;
        }
        return null;
    }

    /// <summary>A decimal that must be there.</summary>
    public decimal Number(int tag) => decimal.Parse(this[tag], NumberStyles.Number, CultureInfo.InvariantCulture);

    /// <summary>Everything that a resend must repeat: all but BodyLength, CheckSum, SendingTime, PossDupFlag, OrigSendingTime.</summary>
    public string Content()
    {
        var text = new StringBuilder();
        foreach (var (tag, value) in _fields)
        {
            if (tag is not (9 or 10 or 43 or 52 or 97 or 122)) text.Append(CultureInfo.InvariantCulture, $"{tag}={value}|");
        }
        return text.ToString();
    }

    public override string ToString() => string.Join('|', _fields.Select(field => $"{field.Tag}={field.Value}"));
}
