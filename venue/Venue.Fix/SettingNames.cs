using System.Globalization;

namespace Venue.Fix;

/// <summary>What is done with a setting of QuickFIX.</summary>
public enum SettingUse
{
    /// <summary>It does here what it does in QuickFIX, or what the table says.</summary>
    Taken,
    /// <summary>It is about something that is arranged elsewhere here: accepted, without effect, and said so in a note.</summary>
    NoEffect,
    /// <summary>It would change what the counterparty sees in a way that is not offered: a fault.</summary>
    Refused,
}

/// <summary>One name that may stand in a settings file. README.md has them all in a table, which a test compares with this.</summary>
/// <param name="Name">As QuickFIX spells it.</param>
/// <param name="Use">What is done with it.</param>
/// <param name="Why">For what is not taken: the reason.</param>
public sealed record SettingName(string Name, SettingUse Use, string Why)
{
    internal Func<SessionConfig, string, (SessionConfig Config, string? Fault)>? Apply { get; init; }
}

/// <summary>Every setting of QuickFIX, QuickFIX/J and QuickFIX/n, and a few of ours.</summary>
public static class SettingNames
{
    private const string Store = "what is kept belongs to the process: the venue's journal, a client's own file";
    private const string Line = "the transport chooses its own socket options";
    private const string Log = "messages are logged by the process, and switched on and off while it runs";
    private const string Level = "the session level is FIX 4.4";

    /// <summary>By name.</summary>
    public static IReadOnlyDictionary<string, SettingName> All { get; } = ((SettingName[])
    [
        Text("BeginString", (c, v) => (c, v == "FIX.4.4" ? null : "is not FIX.4.4")),
        Text("ConnectionType", (c, v) => (c with { Settings = c.Settings with { Initiator = v == "initiator" } }, v is "initiator" or "acceptor" ? null : "is neither acceptor nor initiator")),
        Text("SenderCompID", (c, v) => (c with { Settings = c.Settings with { SenderCompID = v } }, IsName(v))),
        Text("TargetCompID", (c, v) => (c with { Settings = c.Settings with { TargetCompID = v } }, IsName(v))),
        Text("SenderSubID", (c, v) => (c with { Settings = c.Settings with { SenderSubID = v } }, IsName(v))),
        Text("SenderLocationID", (c, v) => (c with { Settings = c.Settings with { SenderLocationID = v } }, IsName(v))),
        Text("TargetSubID", (c, v) => (c with { Settings = c.Settings with { TargetSubID = v } }, IsName(v))),
        Text("TargetLocationID", (c, v) => (c with { Settings = c.Settings with { TargetLocationID = v } }, IsName(v))),
        Refused("SessionQualifier", "a session is its CompIDs: two with the same could not be told apart"),

        Time("StartTime", (c, v) => c with { StartTime = v }),
        Time("EndTime", (c, v) => c with { EndTime = v }),
        Text("StartDay", (c, v) => TryDay(v, out var day) ? (c with { StartDay = day }, null) : (c, "is not a day of the week")),
        Text("EndDay", (c, v) => TryDay(v, out var day) ? (c with { EndDay = day }, null) : (c, "is not a day of the week")),
        Text("Weekdays", Weekdays),
        Text("TimeZone", (c, v) => TimeZoneInfo.TryFindSystemTimeZoneById(v, out var zone) ? (c with { TimeZone = zone }, null) : (c, "is not a known time zone")),
        Flag("UseLocalTime", (c, v) => c with { UseLocalTime = v }),
        Flag("NonStopSession", (c, v) => c with { NonStopSession = v }),
        Refused("LogonTime", "logons are taken from StartTime to EndTime"),
        Refused("LogoutTime", "logons are taken from StartTime to EndTime"),
        Refused("LogonDay", "logons are taken from StartDay to EndDay"),
        Refused("LogoutDay", "logons are taken from StartDay to EndDay"),
        Refused("ResetSeqTime", "an owner resets by Session.ResetNumbersNow"),
        Refused("EnableResetSeqTime", "an owner resets by Session.ResetNumbersNow"),

        Number("HeartBtInt", 0, 3600, (s, v) => s with { HeartBtIntSeconds = v }),
        Number("LogonTimeout", 1, 3600, (s, v) => s with { LogonTimeoutSeconds = v }),
        Number("LogoutTimeout", 1, 3600, (s, v) => s with { LogoutTimeoutSeconds = v }),
        Number("ReconnectInterval", 1, 86_400, (s, v) => s with { ReconnectIntervalSeconds = v }),
        Switch("CheckLatency", (s, v) => s with { CheckLatency = v }),
        Number("MaxLatency", 1, 86_400, (s, v) => s with { MaxLatencySeconds = v }),
        Switch("CheckCompID", (s, v) => s with { CheckCompID = v }),
        Switch("ResetOnLogon", (s, v) => s with { ResetOnLogon = v }),
        Switch("ResetOnLogout", (s, v) => s with { ResetOnLogout = v }),
        Switch("ResetOnDisconnect", (s, v) => s with { ResetOnDisconnect = v }),
        Switch("RefreshOnLogon", (s, v) => s with { RefreshOnLogon = v }),
        Switch("EnableNextExpectedMsgSeqNum", (s, v) => s with { EnableNextExpectedMsgSeqNum = v }),
        Switch("EnableLastMsgSeqNumProcessed", (s, v) => s with { EnableLastMsgSeqNumProcessed = v }),
        Switch("SendRedundantResendRequests", (s, v) => s with { SendRedundantResendRequests = v }),
        Switch("ClosedResendInterval", (s, v) => s with { ClosedResendInterval = v }),
        Number("MaxMessagesInResendRequest", 0, 1_000_000, (s, v) => s with { MaxMessagesInResendRequest = v }),
        Number("ResendRequestChunkSize", 0, 1_000_000, (s, v) => s with { MaxMessagesInResendRequest = v }),
        Switch("PersistMessages", (s, v) => s with { PersistMessages = v }),
        Switch("RequiresOrigSendingTime", (s, v) => s with { RequiresOrigSendingTime = v }),
        Switch("SendLogoutBeforeDisconnectFromTimeout", (s, v) => s with { SendLogoutBeforeDisconnectFromTimeout = v }),
        Switch("SendLogoutBeforeTimeoutDisconnect", (s, v) => s with { SendLogoutBeforeDisconnectFromTimeout = v }),
        Text("TimestampPrecision", Precision),
        Text("TimeStampPrecision", Precision),
        Switch("MillisecondsInTimeStamp", (s, v) => s with { TimestampDigits = v ? 3 : 0 }),
        Refused("SendResetSeqNumFlag", "ResetOnLogon sends it"),
        Refused("IgnorePossDupResendRequests", "a number that came before is passed over whatever the message is"),
        Refused("ResendSessionLevelRejects", "administrative messages are gap-filled, as FIX 4.4 vol 2 says"),
        Refused("ForceResync", "numbers are not moved without the counterparty"),
        Refused("ForceResendWhenCorruptedStore", "a corrupted store stops the process"),
        Refused("AllowPosDup", "PossDupFlag is set by the session alone"),
        Refused("ValidateSequenceNumbers", "without it there is no session"),
        Refused("ValidateLengthAndChecksum", "without it there is no session"),
        Refused("ValidateChecksum", "without it there is no session"),
        Refused("ValidateIncomingMessage", "every message is validated"),
        Refused("RejectGarbledMessage", "FIX 4.4 vol 2: a garbled message is ignored"),
        Refused("RejectInvalidMessage", "an invalid message is always rejected"),
        Refused("RejectMessageOnUnhandledException", "a broken invariant stops the process"),
        Refused("DisconnectOnError", "an error is answered, not punished"),
        Refused("HeartBeatTimeoutMultiplier", "a silent peer is asked after 1.2 intervals and given up after 2.4"),
        Refused("TestRequestDelayMultiplier", "a silent peer is asked after 1.2 intervals and given up after 2.4"),
        Refused("DisableHeartBeatCheck", "HeartBtInt=0 does it for both sides"),
        Refused("MaxScheduledWriteRequests", "the send buffer has a size"),
        Refused("LogonTag", "Username and Password are the fields that a Logon of ours can have"),

        Text("UseDataDictionary", (c, v) => (c, v == "Y" ? null : "is not Y: every message is validated")),
        Text("DataDictionary", (c, v) => (c with { DataDictionary = v }, null)),
        Rule("ValidateFieldsOutOfOrder", Validation.FieldsOutOfOrder),
        Rule("ValidateFieldsHaveValues", Validation.FieldsHaveValues),
        Rule("ValidateUserDefinedFields", Validation.UserDefinedFields),
        Rule("ValidateUnorderedGroupFields", Validation.UnorderedGroupFields),
        Flag("AllowUnknownMsgFields", (c, v) => With(c, Validation.UnknownMsgFields, !v)),
        Refused("TransportDataDictionary", Level),
        Refused("AppDataDictionary", Level),
        Refused("DefaultApplVerID", Level),
        Refused("FirstFieldInGroupIsDelimiter", "the first field of an entry is always its delimiter"),

        Text("SocketAcceptHost", (c, v) => (c with { AcceptHost = v }, System.Net.IPAddress.TryParse(v, out _) ? null : "is not an IP address")),
        Text("SocketAcceptAddress", (c, v) => (c with { AcceptHost = v }, System.Net.IPAddress.TryParse(v, out _) ? null : "is not an IP address")),
        Port("SocketAcceptPort", (c, v) => c with { AcceptPort = v }),
        Text("SocketConnectHost", (c, v) => (c with { ConnectHost = v }, v.Length > 0 ? null : "is empty")),
        Port("SocketConnectPort", (c, v) => c with { ConnectPort = v }),
        .. None(Line, "SocketReuseAddress", "SocketNodelay", "SocketTcpNoDelay", "SendBufferSize", "ReceiveBufferSize", "SocketSendBufferSize", "SocketReceiveBufferSize",
            "SocketKeepAlive", "SocketOobInline", "SocketLinger", "SocketTrafficClass", "SocketSendTimeout", "SocketReceiveTimeout", "SocketLocalHost", "SocketLocalPort", "SocketSynchronousWrites", "SocketSynchronousWriteTimeout", "CheckSocketTimeout"),
        .. None("the process has no such server", "HttpAcceptPort"),
        .. None(Store, "FileStorePath", "FileStoreMaxCachedMsgs", "FileStoreSync", "SleepycatDatabaseDir", "SleepycatMessageDbName", "SleepycatSequenceDbName",
            "MySQLStoreDatabase", "MySQLStoreUser", "MySQLStorePassword", "MySQLStoreHost", "MySQLStorePort", "MySQLStoreUseConnectionPool",
            "PostgreSQLStoreDatabase", "PostgreSQLStoreUser", "PostgreSQLStorePassword", "PostgreSQLStoreHost", "PostgreSQLStorePort", "PostgreSQLStoreUseConnectionPool",
            "OdbcStoreUser", "OdbcStorePassword", "OdbcStoreConnectionString", "JdbcDriver", "JdbcURL", "JdbcUser", "JdbcPassword", "JdbcDataSourceName"),
        .. None(Log, "FileLogPath", "FileLogBackupPath", "FileLogHeartbeats", "DebugFileLogPath", "FileIncludeMilliseconds", "FileIncludeTimeStampForMessages",
            "ScreenLogShowIncoming", "ScreenLogShowOutgoing", "ScreenLogShowEvents", "ScreenLogShowHeartBeats", "ScreenIncludeMilliseconds",
            "MySQLLogDatabase", "MySQLLogUser", "MySQLLogPassword", "MySQLLogHost", "MySQLLogPort", "MySQLLogUseConnectionPool", "MySQLLogIncomingTable", "MySQLLogOutgoingTable", "MySQLLogEventTable",
            "PostgreSQLLogDatabase", "PostgreSQLLogUser", "PostgreSQLLogPassword", "PostgreSQLLogHost", "PostgreSQLLogPort", "PostgreSQLLogUseConnectionPool", "PostgreSQLLogIncomingTable", "PostgreSQLLogOutgoingTable", "PostgreSQLLogEventTable",
            "OdbcLogUser", "OdbcLogPassword", "OdbcLogConnectionString", "OdbcLogIncomingTable", "OdbcLogOutgoingTable", "OdbcLogEventTable",
            "SLF4JLogEventCategory", "SLF4JLogIncomingMessageCategory", "SLF4JLogOutgoingMessageCategory", "SLF4JLogHeartbeats", "JdbcLogHeartBeats"),
        Refused("SSLEnable", "TLS is set up by the process"),
        Refused("SocketUseSSL", "TLS is set up by the process"),
        Refused("DynamicSession", "every session is written down"),
        Refused("AcceptorTemplate", "every session is written down"),
        Refused("ContinueInitializationOnError", "a file with a fault is not started with"),

        // Ours.
        Text("Username", (c, v) => (c with { Settings = c.Settings with { Username = v } }, IsName(v))),
        Text("Password", (c, v) => (c with { Settings = c.Settings with { Password = v } }, IsName(v))),
        Number("HeartBtIntMin", 0, 3600, (s, v) => s with { HeartBtIntMinSeconds = v }),
        Number("HeartBtIntMax", 1, 3600, (s, v) => s with { HeartBtIntMaxSeconds = v }),
        Number("ResendTimeout", 1, 3600, (s, v) => s with { ResendTimeoutSeconds = v }),
        Number("MaxMessageBytes", 1024, 1 << 20, (s, v) => s with { MaxMessageBytes = v }),
    ]).ToDictionary(name => name.Name);

    private static SettingName Text(string name, Func<SessionConfig, string, (SessionConfig, string?)> apply) => new(name, SettingUse.Taken, "") { Apply = apply };

    private static SettingName Refused(string name, string why) => new(name, SettingUse.Refused, why);

    private static IEnumerable<SettingName> None(string why, params string[] names) => names.Select(name => new SettingName(name, SettingUse.NoEffect, why));

    private static SettingName Flag(string name, Func<SessionConfig, bool, SessionConfig> apply) =>
        Text(name, (c, v) => v is "Y" or "N" ? (apply(c, v == "Y"), null) : (c, "is neither Y nor N"));

    private static SettingName Switch(string name, Func<SessionSettings, bool, SessionSettings> apply) =>
        Flag(name, (c, v) => c with { Settings = apply(c.Settings, v) });

    private static SettingName Rule(string name, Validation rule) => Flag(name, (c, v) => With(c, rule, v));

    private static SessionConfig With(SessionConfig c, Validation rule, bool on) =>
        c with { Settings = c.Settings with { Validation = on ? c.Settings.Validation | rule : c.Settings.Validation & ~rule } };

    private static SettingName Whole(string name, int min, int max, Func<SessionConfig, int, SessionConfig> apply) =>
        Text(name, (c, v) => int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? (apply(c, number), null)
            : (c, $"is not a whole number between {min} and {max}"));

    private static SettingName Number(string name, int min, int max, Func<SessionSettings, int, SessionSettings> apply) =>
        Whole(name, min, max, (c, v) => c with { Settings = apply(c.Settings, v) });

    private static SettingName Port(string name, Func<SessionConfig, int, SessionConfig> apply) => Whole(name, 0, 65_535, apply);

    private static SettingName Time(string name, Func<SessionConfig, TimeSpan, SessionConfig> apply) =>
        Text(name, (c, v) => TimeSpan.TryParseExact(v, @"hh\:mm\:ss", CultureInfo.InvariantCulture, out var time) ? (apply(c, time), null) : (c, "is not a time of day, HH:MM:SS"));

    private static (SessionConfig, string?) Precision(SessionConfig c, string v)
    {
        int? digits = v switch
        {
            "0" or "SECONDS" or "Seconds" => 0,
            "3" or "MILLIS" or "Milliseconds" => 3,
            "6" or "MICROS" or "Microseconds" => 6,
            "9" or "NANOS" or "Nanoseconds" => 9,
            _ => null,
        };
        return digits is { } n ? (c with { Settings = c.Settings with { TimestampDigits = n } }, null) : (c, "is not 0, 3, 6 or 9, nor one of their names");
    }

    private static (SessionConfig, string?) Weekdays(SessionConfig c, string v)
    {
        var days = new List<DayOfWeek>();
        foreach (var word in v.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!TryDay(word, out var day)) return (c, $"has '{word}', which is not a day of the week");
            days.Add(day);
        }
        return (c with { Weekdays = days }, null);
    }

    // QuickFIX takes "mon" to "monday" in any case.
    private static bool TryDay(string text, out DayOfWeek day)
    {
        foreach (var candidate in Enum.GetValues<DayOfWeek>())
        {
            day = candidate;
            if (text.Length >= 2 && candidate.ToString().StartsWith(text, StringComparison.OrdinalIgnoreCase)) return true;
        }
        day = default;
        return false;
    }

    private static string? IsName(string v) => v.Length > 0 && v.All(c => c is >= ' ' and <= '~') ? null : "is not printable ASCII";
}
