using Venue.Gateway;
using Venue.Messages;

namespace Venue.Host;

/// <summary>What sessions.cfg says about a session beyond FIX and the transport.</summary>
internal static class ProfileSettings
{
    private const long SecondNs = 1_000_000_000;

    /// <summary>The settings that are read here.</summary>
    public static readonly IReadOnlyList<string> Names = ["CancelOnDisconnect", "CancelOnLogout", "RestartGrace"];

    /// <summary>Reads them.</summary>
    public static SessionProfile Read(Section s) => new()
    {
        CancelOnDisconnect = ReadCancel(s),
        CancelOnLogout = s.Flag("CancelOnLogout", false),
        RestartGraceNs = s.Number("RestartGrace", 10, 0, 3600) * SecondNs,
    };

    private static CancelOnDisconnect ReadCancel(Section s)
    {
        var text = s.Text("CancelOnDisconnect", "N");
        if (text is not ("N" or "S" or "A")) s.Fault($"CancelOnDisconnect={text} is none of N (no orders), S (the session's), A (the firm's)");
        return text switch { "S" => CancelOnDisconnect.Session, "A" => CancelOnDisconnect.Firm, _ => CancelOnDisconnect.None };
    }
}
