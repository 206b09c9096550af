namespace Venue.Fix;

/// <summary>Field numbers of the session level.</summary>
internal static class Tags
{
    public const int BeginSeqNo = 7;
    public const int BeginString = 8;
    public const int EndSeqNo = 16;
    public const int MsgSeqNum = 34;
    public const int MsgType = 35;
    public const int NewSeqNo = 36;
    public const int PossDupFlag = 43;
    public const int RefSeqNum = 45;
    public const int SenderCompID = 49;
    public const int SenderSubID = 50;
    public const int SendingTime = 52;
    public const int TargetCompID = 56;
    public const int TargetSubID = 57;
    public const int Text = 58;
    public const int RawDataLength = 95;
    public const int RawData = 96;
    public const int PossResend = 97;
    public const int EncryptMethod = 98;
    public const int HeartBtInt = 108;
    public const int TestReqID = 112;
    public const int OrigSendingTime = 122;
    public const int GapFillFlag = 123;
    public const int ResetSeqNumFlag = 141;
    public const int SenderLocationID = 142;
    public const int TargetLocationID = 143;
    public const int LastMsgSeqNumProcessed = 369;
    public const int RefTagID = 371;
    public const int RefMsgType = 372;
    public const int SessionRejectReason = 373;
    public const int BusinessRejectRefID = 379;
    public const int BusinessRejectReason = 380;
    public const int Username = 553;
    public const int Password = 554;
    public const int NextExpectedMsgSeqNum = 789;
    public const int NewPassword = 925;

    /// <summary>Tags from here on are for users: FIX 4.4 vol 1 leaves 5000 to 9999 to them, and custom ones above are in use.</summary>
    public const int UserDefined = 5000;
}
