namespace Venue.Fix;

/// <summary>What is agreed with one counterparty. Names follow QuickFIX's settings where those exist.</summary>
public sealed record SessionSettings
{
    /// <summary>BeginString(8) of every message.</summary>
    public string BeginString { get; init; } = "FIX.4.4";

    /// <summary>Our name: SenderCompID(49) of what we send.</summary>
    public required string SenderCompID { get; init; }

    /// <summary>Their name: TargetCompID(56) of what we send.</summary>
    public required string TargetCompID { get; init; }

    /// <summary>SenderSubID(50) of what we send; null for none.</summary>
    public string? SenderSubID { get; init; }

    /// <summary>SenderLocationID(142) of what we send; null for none.</summary>
    public string? SenderLocationID { get; init; }

    /// <summary>TargetSubID(57) of what we send; null for none.</summary>
    public string? TargetSubID { get; init; }

    /// <summary>TargetLocationID(143) of what we send; null for none.</summary>
    public string? TargetLocationID { get; init; }

    /// <summary>True when we connect and send the first Logon.</summary>
    public bool Initiator { get; init; }

    /// <summary>HeartBtInt(108) that an initiator asks for; 0 for no heartbeats.</summary>
    public int HeartBtIntSeconds { get; init; } = 30;

    /// <summary>Smallest HeartBtInt(108) that an acceptor agrees to.</summary>
    public int HeartBtIntMinSeconds { get; init; } = 1;

    /// <summary>Largest HeartBtInt(108) that an acceptor agrees to.</summary>
    public int HeartBtIntMaxSeconds { get; init; } = 300;

    /// <summary>Both sequence numbers start at 1 with every Logon.</summary>
    public bool ResetOnLogon { get; init; }

    /// <summary>Both sequence numbers go back to 1 after a Logout.</summary>
    public bool ResetOnLogout { get; init; }

    /// <summary>Both sequence numbers go back to 1 when the connection ends, however it ends.</summary>
    public bool ResetOnDisconnect { get; init; }

    /// <summary>Both sequence numbers are read again from the store at each connection: another process may have gone on.</summary>
    public bool RefreshOnLogon { get; init; }

    /// <summary>When the session is open; null for always. At the end of each period both sequence numbers go back to 1.</summary>
    public SessionSchedule? Schedule { get; init; }

    /// <summary>NextExpectedMsgSeqNum(789) is sent and looked at: both sides resend after the Logons without being asked. Agreed bilaterally.</summary>
    public bool EnableNextExpectedMsgSeqNum { get; init; }

    /// <summary>LastMsgSeqNumProcessed(369) is sent with every message.</summary>
    public bool EnableLastMsgSeqNumProcessed { get; init; }

    /// <summary>A ResendRequest for every message above a gap, instead of one for each gap.</summary>
    public bool SendRedundantResendRequests { get; init; }

    /// <summary>Most messages that one ResendRequest asks for; 0 asks for everything from the gap on (EndSeqNo 0).</summary>
    public int MaxMessagesInResendRequest { get; init; }

    /// <summary>A ResendRequest names the last missing message as EndSeqNo(16), instead of 0.</summary>
    public bool ClosedResendInterval { get; init; }

    /// <summary>A Logout goes out before a silent peer is given up.</summary>
    public bool SendLogoutBeforeDisconnectFromTimeout { get; init; }

    /// <summary>False: nothing that we send is stored, and a resend is one gap fill.</summary>
    public bool PersistMessages { get; init; } = true;

    /// <summary>Initiator: time from the end of a connection, or a failed attempt, to the next attempt.</summary>
    public int ReconnectIntervalSeconds { get; init; } = 30;

    /// <summary>SenderCompID(49) and TargetCompID(56) of what comes must be ours turned round.</summary>
    public bool CheckCompID { get; init; } = true;

    /// <summary>A possible duplicate (PossDupFlag=Y) must say when it was sent first: OrigSendingTime(122).</summary>
    public bool RequiresOrigSendingTime { get; init; } = true;

    /// <summary>What the dictionary is held against.</summary>
    public Validation Validation { get; init; } = Validation.Default;

    /// <summary>SendingTime(52) must be within <see cref="MaxLatencySeconds"/> of our time.</summary>
    public bool CheckLatency { get; init; } = true;

    /// <summary>Greatest distance between SendingTime(52) and our time, either way.</summary>
    public int MaxLatencySeconds { get; init; } = 120;

    /// <summary>Digits of a second's fraction in the times we send: 0, 3, 6 or 9.</summary>
    public int TimestampDigits { get; init; } = 3;

    /// <summary>Time from the connection to the Logon (acceptor) or to its answer (initiator).</summary>
    public int LogonTimeoutSeconds { get; init; } = 10;

    /// <summary>Time from our Logout to the answer.</summary>
    public int LogoutTimeoutSeconds { get; init; } = 2;

    /// <summary>When a ResendRequest has brought nothing for so long, the next message above the gap asks again.</summary>
    public int ResendTimeoutSeconds { get; init; } = 30;

    /// <summary>Largest message, received or sent. A larger one ends the connection.</summary>
    public int MaxMessageBytes { get; init; } = 64 * 1024;

    /// <summary>A resend pauses while so many bytes are unsent. Must leave room in the send buffer for a message and live traffic.</summary>
    public int ResendWindowBytes { get; init; } = 8 * 1024;

    /// <summary>Username(553) of an initiator's Logon.</summary>
    public string? Username { get; init; }

    /// <summary>Password(554) of an initiator's Logon.</summary>
    public string? Password { get; init; }

    /// <summary>True when a Reset setting says that both sides agreed to start over by themselves.</summary>
    internal bool Resets => ResetOnLogon || ResetOnLogout || ResetOnDisconnect;
}
