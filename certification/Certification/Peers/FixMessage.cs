using System.Globalization;
using System.Text;
using Venue.Fix;

namespace Certification;

/// <summary>One message as it is on the wire, and its fields.</summary>
internal sealed class FixMessage
{
    private FixMessage(byte[] bytes, IReadOnlyList<(int Tag, string Value)> fields)
    {
        Bytes = bytes;
        Fields = fields;
    }

    /// <summary>From 8= to the delimiter after CheckSum(10).</summary>
    public byte[] Bytes { get; }

    /// <summary>All fields in order; tag 0 where what stands before = is no number.</summary>
    public IReadOnlyList<(int Tag, string Value)> Fields { get; }

    /// <summary>MsgType(35).</summary>
    public string Type => Find(35) ?? "";

    /// <summary>MsgSeqNum(34), or 0.</summary>
    public int SeqNum => Number(34);

    /// <summary>PossDupFlag(43) is Y.</summary>
    public bool IsPossDup => Find(43) == "Y";

    /// <summary>Session level: Logon, Logout, Heartbeat, TestRequest, ResendRequest, SequenceReset, Reject.</summary>
    public bool IsAdministrative => Type is "A" or "5" or "0" or "1" or "2" or "3" or "4";

    /// <summary>Takes bytes apart; Latin-1, so that every byte is kept.</summary>
    public static FixMessage Parse(ReadOnlySpan<byte> bytes)
    {
        var fields = new List<(int, string)>();
        foreach (var range in bytes.Split(Framing.Soh))
        {
            var field = bytes[range];
            if (field.IsEmpty) continue;
            var equals = field.IndexOf((byte)'=');
            if (equals < 0 || !FieldText.TryInt(field[..equals], out var tag)) tag = 0;
            fields.Add((tag, Encoding.Latin1.GetString(field[(equals + 1)..])));
        }
        return new FixMessage(bytes.ToArray(), fields);
    }

    /// <summary>The value of the first field with this tag; null when there is none.</summary>
    public string? Find(int tag)
    {
        foreach (var field in Fields)
            if (field.Tag == tag) return field.Value;
        return null;
    }

    /// <summary>A whole number, or 0.</summary>
    public int Number(int tag) => int.TryParse(Find(tag), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>With | for the delimiter.</summary>
    public override string ToString() => Readable(Bytes);

    /// <summary>Bytes with | for the delimiter.</summary>
    public static string Readable(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes).Replace('\u0001', '|');
}
