using Venue.Messages;

namespace Venue.Gateway;

/// <summary>What the venue has agreed with one session beyond FIX itself.</summary>
public sealed record SessionProfile
{
    /// <summary>What the session is for.</summary>
    public SessionKind Kind { get; init; }

    /// <summary>Messages that it may send.</summary>
    public SessionRights Rights { get; init; } = SessionRights.Of(SessionKind.OrderEntry);

    /// <summary>Instruments that it may trade and watch, by symbol; null for all. What rests on others can be canceled still.</summary>
    public IReadOnlySet<string>? Symbols { get; init; }

    /// <summary>What it may send; cancels are not counted.</summary>
    public RateLimit Rate { get; init; } = new();

    /// <summary>True when a Logon must prove who sent it.</summary>
    public bool IsAuthenticated { get; init; }

    /// <summary>Which orders go when the session is lost; CancelOnDisconnect(8013) of a Logon counts for that connection instead.</summary>
    public CancelOnDisconnect CancelOnDisconnect { get; init; }

    /// <summary>True when the client's own Logout cancels too.</summary>
    public bool CancelOnLogout { get; init; }

    /// <summary>True when the other side of a request for quotes is told whose it is, or whose the answer is; else nobody is.</summary>
    public bool DisclosesRequests { get; init; }

    /// <summary>How long answers to its requests for quotes are collected before the best are told, in nanoseconds; 0 to tell each as it comes.</summary>
    public long AnswerWindowNs { get; init; } = 500_000_000;

    /// <summary>How many of the answers are told; of a request for both sides, of each side.</summary>
    public int AnswersMax { get; init; } = 3;

    /// <summary>After a start of the venue: how long a session that was connected before may stay away before it counts as lost, nanoseconds.</summary>
    public long RestartGraceNs { get; init; } = 10_000_000_000;
}
