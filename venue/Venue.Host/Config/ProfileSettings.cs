using Venue.Gateway;
using Venue.Messages;

namespace Venue.Host;

/// <summary>What sessions.cfg says about a session beyond FIX and the transport.</summary>
internal static class ProfileSettings
{
    private const long SecondNs = 1_000_000_000, MillisecondNs = 1_000_000;

    /// <summary>Those of rates, of a session and of a firm.</summary>
    public static readonly IReadOnlyList<string> RateNames = ["OrderRate", "OrderBurst", "AbuseLimit", "AbuseBlock"];

    /// <summary>The settings that are read here.</summary>
    public static readonly IReadOnlyList<string> Names = [.. RateNames, "Kind", "Authenticated", "MessageTypes", "Instruments", "CancelOnDisconnect", "CancelOnLogout", "RestartGrace", "DiscloseRequests", "AnswerWindowMs", "AnswersMax", "LastLookMs"];

    /// <summary>Reads them.</summary>
    public static SessionProfile Read(Section s)
    {
        var kind = ReadKind(s);
        return new SessionProfile
        {
            Kind = kind,
            Rights = ReadRights(s, kind),
            Symbols = List(s, "Instruments") is { Length: > 0 } symbols ? symbols.ToHashSet(StringComparer.Ordinal) : null,
            Rate = ReadRate(s),
            IsAuthenticated = s.Flag("Authenticated", false),
            CancelOnDisconnect = ReadCancel(s),
            CancelOnLogout = s.Flag("CancelOnLogout", false),
            DisclosesRequests = s.Flag("DiscloseRequests", false),
            AnswerWindowNs = s.Number("AnswerWindowMs", 500, 0, 60_000) * MillisecondNs,
            AnswersMax = s.Number("AnswersMax", 3, 1, 16),
            RestartGraceNs = s.Number("RestartGrace", 10, 0, 3600) * SecondNs,
        };
    }

    /// <summary>OrderRate and what goes with it, of a session or of a firm.</summary>
    public static RateLimit ReadRate(Section s)
    {
        var perSecond = s.Number("OrderRate", 0, 0, 1_000_000);
        return new RateLimit
        {
            PerSecond = perSecond,
            Burst = s.Number("OrderBurst", Math.Max(1, perSecond), 1, 10_000_000),
            AbuseMax = s.Number("AbuseLimit", 0, 0, 10_000_000),
            BlockNs = s.Number("AbuseBlock", 60, 1, 86_400) * SecondNs,
        };
    }

    private static SessionKind ReadKind(Section s)
    {
        var text = s.Text("Kind", nameof(SessionKind.OrderEntry));
        if (Enum.TryParse<SessionKind>(text, out var kind) && Enum.IsDefined(kind) && !char.IsAsciiDigit(text[0])) return kind;
        s.Fault($"Kind={text} is none of {string.Join(", ", Enum.GetNames<SessionKind>())}");
        return SessionKind.OrderEntry;
    }

    private static SessionRights ReadRights(Section s, SessionKind kind)
    {
        var types = List(s, "MessageTypes");
        if (types.Length == 0) return SessionRights.Of(kind);
        if (!SessionRights.TryNarrow(kind, types, out var rights, out var fault)) s.Fault($"MessageTypes: a session of kind {kind} cannot send '{fault}'");
        return rights;
    }

    private static string[] List(Section s, string key) => s.Text(key, "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static CancelOnDisconnect ReadCancel(Section s)
    {
        var text = s.Text("CancelOnDisconnect", "N");
        if (text is not ("N" or "S" or "A")) s.Fault($"CancelOnDisconnect={text} is none of N (no orders), S (the session's), A (the firm's)");
        return text switch { "S" => CancelOnDisconnect.Session, "A" => CancelOnDisconnect.Firm, _ => CancelOnDisconnect.None };
    }
}
