using System.Text;
using Venue.Fix;

namespace Venue.Host;

/// <summary>
/// Finds the messages in a log, whatever wrote it: a file of bare messages, or lines with a time in front and '|' or "^A"
/// in the place of the delimiter.
/// </summary>
internal static class RawLog
{
    private const byte Soh = Framing.Soh;

    private static ReadOnlySpan<byte> Start => "8=FIX"u8;

    /// <summary>Takes each message to <paramref name="take"/> with real delimiters; returns how many bytes of <paramref name="log"/> are done with.</summary>
    public static int Read(ReadOnlySpan<byte> log, Action<ReadOnlySpan<byte>> take)
    {
        var done = 0;
        while (true)
        {
            var start = log[done..].IndexOf(Start);
            if (start < 0) return Math.Max(done, log.Length - Start.Length);
            start += done;
            if (!TryOne(log[start..], out var length, out var message)) return start;
            take(message);
            done = start + length;
        }
    }

    // The end is the first 10=nnn behind a delimiter: DATA with a whole message in it is told apart by the length, where
    // the delimiters are the original ones.
    private static bool TryOne(ReadOnlySpan<byte> text, out int length, out ReadOnlySpan<byte> message)
    {
        message = default;
        if (Framing.Find(text, int.MaxValue, out length) == FrameKind.Frame)
        {
            message = text[..length];
            return true;
        }
        length = 0;
        var begin = text.IndexOf("9="u8);
        if (begin < 0) return false;
        var delimiter = text[..begin] switch
        {
            [.., (byte)'^', (byte)'A'] => "^A"u8,
            [.., Soh] => "\u0001"u8,
            [.., (byte)';'] => ";"u8,
            _ => "|"u8,
        };
        ReadOnlySpan<byte> last = [.. delimiter, .. "10="u8];
        var end = text.IndexOf(last);
        if (end < 0 || end + last.Length + 3 > text.Length) return false;
        length = end + last.Length + 3;
        var rest = text[length..];
        if (rest.StartsWith(delimiter)) length += delimiter.Length;
        message = WithDelimiters(text[..(end + last.Length + 3)], delimiter);
        return true;
    }

    private static byte[] WithDelimiters(ReadOnlySpan<byte> text, ReadOnlySpan<byte> delimiter)
    {
        var bytes = new List<byte>(text.Length + 1);
        while (text.IndexOf(delimiter) is >= 0 and var at)
        {
            bytes.AddRange(text[..at]);
            bytes.Add(Soh);
            text = text[(at + delimiter.Length)..];
        }
        bytes.AddRange(text);
        bytes.Add(Soh);
        return Again([.. bytes]);
    }

    /// <summary>A message from which a log took the credentials has the length and sum of before: it gets new ones, or it could not be read.</summary>
    private static byte[] Again(byte[] message)
    {
        if (message.AsSpan().IndexOf("=***\u0001"u8) < 0) return message;
        var body = message.AsSpan().IndexOf("\u000135="u8) + 1;
        var begin = message.AsSpan().IndexOf(Soh);
        if (body == 0 || begin >= body) return message;
        var fields = message.AsSpan(body..^"10=000|"u8.Length);
        byte[] whole = [.. message.AsSpan(0, begin), .. Encoding.ASCII.GetBytes($"\u00019={fields.Length}\u0001"), .. fields];
        return [.. whole, .. Encoding.ASCII.GetBytes($"10={whole.Sum(b => b) % 256:000}\u0001")];
    }
}
