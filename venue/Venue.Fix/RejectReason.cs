namespace Venue.Fix;

/// <summary>SessionRejectReason(373).</summary>
internal static class RejectReason
{
    public const int InvalidTag = 0;
    public const int RequiredTagMissing = 1;
    public const int NotDefinedForMessage = 2;
    public const int TagWithoutValue = 4;
    public const int ValueOutOfRange = 5;
    public const int WrongFormat = 6;
    public const int CompIDProblem = 9;
    public const int SendingTimeAccuracy = 10;
    public const int InvalidMsgType = 11;
    public const int TagAppearsTwice = 13;
    public const int TagOutOfOrder = 14;
    public const int GroupOutOfOrder = 15;
    public const int WrongGroupCount = 16;
    public const int DelimiterInValue = 17;
    public const int Other = 99;

    /// <summary>The words of FIX 4.4 vol 6 for the reason.</summary>
    public static ReadOnlySpan<byte> Text(int reason) => reason switch
    {
        InvalidTag => "Invalid tag number"u8,
        RequiredTagMissing => "Required tag missing"u8,
        NotDefinedForMessage => "Tag not defined for this message type"u8,
        TagWithoutValue => "Tag specified without a value"u8,
        ValueOutOfRange => "Value is incorrect (out of range) for this tag"u8,
        WrongFormat => "Incorrect data format for value"u8,
        CompIDProblem => "CompID problem"u8,
        SendingTimeAccuracy => "SendingTime accuracy problem"u8,
        InvalidMsgType => "Invalid MsgType"u8,
        TagAppearsTwice => "Tag appears more than once"u8,
        TagOutOfOrder => "Tag specified out of required order"u8,
        GroupOutOfOrder => "Repeating group fields out of order"u8,
        WrongGroupCount => "Incorrect NumInGroup count for repeating group"u8,
        DelimiterInValue => "Non \"data\" value includes field delimiter (SOH character)"u8,
        _ => "Other"u8,
    };
}
