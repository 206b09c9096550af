namespace Venue.Fix;

/// <summary>What stands at the front of received bytes.</summary>
public enum FrameKind
{
    /// <summary>The beginning of a message, perhaps: wait for more bytes.</summary>
    NeedMore,
    /// <summary>Not a message: skip the given number of bytes and look again.</summary>
    Garbled,
    /// <summary>A whole message of the given length, BodyLength(9) and CheckSum(10) right.</summary>
    Frame,
    /// <summary>A message larger than allowed, and no other begins in as many bytes: the connection cannot be used any more.</summary>
    TooLong,
}

/// <summary>The fields that say who calls, read without a dictionary. Views over the frame.</summary>
public readonly ref struct FrameHeader
{
    /// <summary>BeginString(8).</summary>
    public ReadOnlySpan<byte> BeginString { get; init; }
    /// <summary>MsgType(35).</summary>
    public ReadOnlySpan<byte> MsgType { get; init; }
    /// <summary>SenderCompID(49): the caller.</summary>
    public ReadOnlySpan<byte> SenderCompID { get; init; }
    /// <summary>TargetCompID(56): us.</summary>
    public ReadOnlySpan<byte> TargetCompID { get; init; }
    /// <summary>MsgSeqNum(34).</summary>
    public int MsgSeqNum { get; init; }
}

/// <summary>Cuts a byte stream into messages. FIX 4.4 vol 2: a garbled message is ignored, the next one starts at the next 8=FIX.</summary>
public static class Framing
{
    /// <summary>The field delimiter.</summary>
    public const byte Soh = 1;

    private const int BeginStringMax = 12;   // "FIXT.1.1" and some room
    private const int BodyLengthDigitsMax = 9;

    private static ReadOnlySpan<byte> Start => "8=FIX"u8;

    /// <summary>
    /// Looks at the front of <paramref name="received"/>. <paramref name="length"/> is the frame's length, or how many
    /// bytes to skip, or 0. Never reads the body of an incomplete message, so a slow sender costs nothing.
    /// </summary>
    public static FrameKind Find(ReadOnlySpan<byte> received, int maxBytes, out int length)
    {
        var kind = Locate(received, maxBytes, out length);
        if (kind != FrameKind.Frame) return kind;
        CheckSum.TryRead(received.Slice(length - CheckSum.FieldLength, CheckSum.FieldLength), out var declared);
        if (declared == CheckSum.Of(received[..(length - CheckSum.FieldLength)])) return FrameKind.Frame;
        length = NextStart(received);
        return FrameKind.Garbled;
    }

    /// <summary>Reads 8, 35, 49, 56 and 34 of a whole frame; false when one is missing or 34 is not a number.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> frame, out FrameHeader header)
    {
        header = default;
        ReadOnlySpan<byte> begin = default, type = default, sender = default, target = default;
        var seqNum = 0;
        while (!frame.IsEmpty)
        {
            var end = frame.IndexOf(Soh);
            if (end < 0) break;
            var field = frame[..end];
            frame = frame[(end + 1)..];
            if (field.StartsWith("8="u8)) begin = field[2..];
            else if (field.StartsWith("35="u8)) type = field[3..];
            else if (field.StartsWith("49="u8)) sender = field[3..];
            else if (field.StartsWith("56="u8)) target = field[3..];
            else if (field.StartsWith("34="u8) && !FieldText.TryInt(field[3..], out seqNum)) return false;
            if (begin.IsEmpty || type.IsEmpty || sender.IsEmpty || target.IsEmpty || seqNum <= 0) continue;
            header = new FrameHeader { BeginString = begin, MsgType = type, SenderCompID = sender, TargetCompID = target, MsgSeqNum = seqNum };
            return true;
        }
        return false;
    }

    /// <summary>As <see cref="Find"/> without the sum: the caller adds the bytes up while it looks for the delimiters.</summary>
    internal static FrameKind Locate(ReadOnlySpan<byte> received, int maxBytes, out int length)
    {
        length = 0;
        var match = Math.Min(received.Length, Start.Length);
        if (!received[..match].SequenceEqual(Start[..match])) return Skip(received, out length);
        if (received.Length <= Start.Length) return FrameKind.NeedMore;

        // 8=FIX.4.4|
        var head = received[..Math.Min(received.Length, 2 + BeginStringMax)];
        var beginEnd = head.IndexOf(Soh);
        if (beginEnd < 0) return head.Length < 2 + BeginStringMax ? FrameKind.NeedMore : Skip(received, out length);

        // 9=nnn|
        var at = beginEnd + 1;
        if (!Expect(received, ref at, "9="u8, out var more)) return more ? FrameKind.NeedMore : Skip(received, out length);
        long bodyLength = 0;
        var digits = 0;
        for (; at < received.Length; at++, digits++)
        {
            var digit = (uint)(received[at] - '0');
            if (digit > 9) break;
            if (digits == BodyLengthDigitsMax) return Skip(received, out length);
            bodyLength = bodyLength * 10 + digit;
        }
        if (at == received.Length) return FrameKind.NeedMore;
        if (digits == 0 || received[at] != Soh) return Skip(received, out length);
        at++;

        // 35= must come third: without it there is no message type to answer to.
        var bodyStart = at;
        if (!Expect(received, ref at, "35="u8, out more)) return more ? FrameKind.NeedMore : Skip(received, out length);

        var whole = bodyStart + bodyLength + CheckSum.FieldLength;
        if (whole > maxBytes)
        {
            // A digit that the line has changed must not cost the connection: the next message says where this one ends.
            length = NextMessage(received);
            if (length > 0) return FrameKind.Garbled;
            return received.Length < maxBytes ? FrameKind.NeedMore : FrameKind.TooLong;
        }
        if (received.Length < whole) return FrameKind.NeedMore;
        var bodyEnd = (int)(bodyStart + bodyLength);
        if (bodyEnd <= at || received[bodyEnd - 1] != Soh || !CheckSum.TryRead(received.Slice(bodyEnd, CheckSum.FieldLength), out _))
            return Skip(received, out length);
        length = (int)whole;
        return FrameKind.Frame;
    }

    /// <summary>Where the next message starts, behind a delimiter; 0 when none is there yet.</summary>
    internal static int NextMessage(ReadOnlySpan<byte> bytes) => bytes.IndexOf("\u00018=FIX"u8) + 1;

    /// <summary>Where the next message may start, after the first byte of <paramref name="bytes"/>: everything before it is ignored.</summary>
    internal static int NextStart(ReadOnlySpan<byte> bytes)
    {
        var next = bytes[1..].IndexOf(Start);
        if (next >= 0) return next + 1;
        // The end may hold the first bytes of a start: keep those.
        for (var keep = Math.Min(Start.Length - 1, bytes.Length - 1); keep > 0; keep--)
            if (bytes[^keep..].SequenceEqual(Start[..keep])) return bytes.Length - keep;
        return bytes.Length;
    }

    private static FrameKind Skip(ReadOnlySpan<byte> received, out int length)
    {
        length = NextStart(received);
        return FrameKind.Garbled;
    }

    private static bool Expect(ReadOnlySpan<byte> bytes, ref int at, ReadOnlySpan<byte> text, out bool more)
    {
        var have = Math.Min(bytes.Length - at, text.Length);
        var matches = bytes.Slice(at, have).SequenceEqual(text[..have]);
        more = matches && have < text.Length;
        at += have;
        return matches && !more;
    }
}
