namespace Venue.Fix;

/// <summary>Message types of the session level, and which types FIX 4.4 knows at all.</summary>
internal static class MsgTypes
{
    public static ReadOnlySpan<byte> Heartbeat => "0"u8;
    public static ReadOnlySpan<byte> TestRequest => "1"u8;
    public static ReadOnlySpan<byte> ResendRequest => "2"u8;
    public static ReadOnlySpan<byte> Reject => "3"u8;
    public static ReadOnlySpan<byte> SequenceReset => "4"u8;
    public static ReadOnlySpan<byte> Logout => "5"u8;
    public static ReadOnlySpan<byte> Logon => "A"u8;
    public static ReadOnlySpan<byte> BusinessReject => "j"u8;

    /// <summary>The types without which there is no session.</summary>
    public static ReadOnlySpan<byte> Admin => "012345A"u8;

    /// <summary>True when FIX 4.4 defines the type, whether or not the dictionary at hand has it.</summary>
    public static bool IsStandard(ReadOnlySpan<byte> type) => type.Length switch
    {
        1 => "0123456789ABCDEFGHJKLMNPQRSTVWXYZabcdefghijklmnopqrstuvwxyz"u8.Contains(type[0]),
        2 => type[0] == 'A' && type[1] is >= (byte)'A' and <= (byte)'Z' || type[0] == 'B' && type[1] is >= (byte)'A' and <= (byte)'H',
        _ => false,
    };
}
