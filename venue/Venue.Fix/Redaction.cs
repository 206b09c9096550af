namespace Venue.Fix;

/// <summary>
/// Takes the credentials out of a message before it is written where people read: RawData(96), Password(554) and
/// NewPassword(925) become three asterisks. Everything else stays as it is, BodyLength and CheckSum included.
/// </summary>
public static class Redaction
{
    private static ReadOnlySpan<byte> Stars => "***"u8;

    /// <summary>Bytes that a message of <paramref name="length"/> bytes may take: each of its fields may become longer.</summary>
    public static int MaxLength(int length) => length * 2 + Stars.Length;

    /// <summary>True for a field whose value nobody may see.</summary>
    public static bool IsSecret(int tag) => tag is Tags.RawData or Tags.Password or Tags.NewPassword;

    /// <summary>
    /// Copies <paramref name="message"/> without its secrets and with <paramref name="delimiter"/> in the place of the
    /// delimiter; how many bytes that were. Any bytes may be given: what is no field is copied.
    /// </summary>
    /// <param name="message">A message, or a part of one.</param>
    /// <param name="to">Room for <see cref="MaxLength"/> bytes.</param>
    /// <param name="delimiter">'|' for people; SOH leaves a message.</param>
    public static int Write(ReadOnlySpan<byte> message, Span<byte> to, byte delimiter)
    {
        var at = 0;
        var rawLength = -1;
        while (!message.IsEmpty)
        {
            var (tag, prefix) = TagOf(message);
            var end = message[prefix..].IndexOf(Framing.Soh);
            end = end < 0 ? message.Length : prefix + end;
            // RawData may hold delimiters: its length says where it ends. A wrong length must not show what follows it.
            if (tag == Tags.RawData && rawLength > end - prefix) end = Math.Min(message.Length, prefix + rawLength);
            rawLength = tag == Tags.RawDataLength && FieldText.TryInt(message[prefix..end], out var length) ? length : -1;
            var field = IsSecret(tag) ? message[..prefix] : message[..end];
            for (var i = 0; i < field.Length; i++) to[at++] = field[i] == Framing.Soh ? delimiter : field[i];
            if (IsSecret(tag) && end > prefix)
            {
                Stars.CopyTo(to[at..]);
                at += Stars.Length;
            }
            if (end == message.Length) break;
            to[at++] = delimiter;
            message = message[(end + 1)..];
        }
        return at;
    }

    private static (int Tag, int Prefix) TagOf(ReadOnlySpan<byte> field)
    {
        var tag = 0;
        for (var i = 0; i < Math.Min(field.Length, 8); i++)
        {
            if (field[i] == '=') return (tag, i + 1);
            var digit = (uint)(field[i] - '0');
            if (digit > 9) break;
            tag = tag * 10 + (int)digit;
        }
        return (0, 0);
    }
}
