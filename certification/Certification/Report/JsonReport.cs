using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Certification;

/// <summary>The report for programs: the same facts as the one for people.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Form = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    /// <summary>The text of the file.</summary>
    public static string Write(SuiteResult suite) => JsonSerializer.Serialize(new
    {
        Certified = suite.Role,
        suite.Session,
        suite.Target,
        suite.Address,
        suite.Subject,
        suite.StartedUtc,
        Seconds = suite.Took.TotalSeconds,
        suite.Passed,
        TranscriptSha256 = suite.Hash,
        Cases = suite.Cases.Select(c => new
        {
            c.Case.Name,
            c.Case.Title,
            c.Case.Purpose,
            c.Case.Features,
            c.Case.Sources,
            Verdict = Suite.Name(c.Verdict),
            c.Reason,
            c.StartedUtc,
            Seconds = c.Took.TotalSeconds,
            TranscriptSha256 = c.Hash,
            Steps = c.Steps.Select(s => new { At = s.At.TotalSeconds, Line = s.Place.ToString(), s.Holds, s.Expected, s.Actual }),
            c.Observations,
            Transcript = c.Transcript.Select(e => new { e.Utc, At = e.At.TotalSeconds, e.Session, e.Kind, e.Name, e.Text }),
        }),
    }, Form);
}
