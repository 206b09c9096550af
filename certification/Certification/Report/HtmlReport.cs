using System.Globalization;
using System.Net;
using System.Text;

namespace Certification;

/// <summary>The report for people: one file with everything in it, to look at and to print.</summary>
internal static class HtmlReport
{
    // Only so much of a long transcript is shown; the JSON twin has all of it, and the hash is over all of it.
    private const int EntriesShown = 200;

    /// <summary>The text of the file.</summary>
    public static string Write(SuiteResult suite)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Certification of {Text(suite.Role == Role.Venue ? suite.Target : suite.Session)}</title>
            <style>{Style}</style></head><body>
            <header><h1>FIX certification</h1><p class="verdict {(suite.Passed ? "pass" : "fail")}">{(suite.Passed ? "PASSED" : "NOT PASSED")}</p></header>
            <table class="facts">
            {Fact("Certified", $"{(suite.Role == Role.Venue ? "venue" : "client")} {(suite.Role == Role.Venue ? suite.Target : suite.Session)}")}
            {Fact("Software", suite.Subject.Length > 0 ? suite.Subject : "not stated")}
            {Fact("Session", $"{suite.Session} - {suite.Target}, {suite.Address}")}
            {Fact("Date", $"{suite.StartedUtc:yyyy-MM-dd HH:mm:ss} UTC, {suite.Took.TotalSeconds:0.0} s")}
            {Fact("Cases", $"{suite.Cases.Count(c => c.Verdict == Verdict.Pass)} passed of {suite.Cases.Count}")}
            {Fact("Transcript SHA-256", suite.Hash)}
            </table>

            """);
        Summary(page, suite);
        Features(page, suite);
        foreach (var result in suite.Cases) Case(page, result);
        page.Append("</body></html>\n");
        return page.ToString();
    }

    private static void Summary(StringBuilder page, SuiteResult suite)
    {
        page.Append("<h2>Cases</h2>\n<table class=\"list\"><tr><th>Case</th><th>What a pass proves</th><th>Features</th><th class=\"n\">Time</th><th>Verdict</th></tr>\n");
        foreach (var c in suite.Cases)
            page.Append(CultureInfo.InvariantCulture,
                $"<tr><td><a href=\"#{Text(c.Case.Name)}\">{Text(c.Case.Title)}</a></td><td>{Text(c.Case.Purpose)}</td><td>{Text(string.Join(", ", c.Case.Features))}</td><td class=\"n\">{c.Took.TotalSeconds:0.0} s</td><td>{Badge(c.Verdict)}</td></tr>\n");
        page.Append("</table>\n");
    }

    private static void Features(StringBuilder page, SuiteResult suite)
    {
        page.Append("<h2>Features</h2>\n<table class=\"list\"><tr><th>Feature</th><th>Cases</th><th>May be used</th></tr>\n");
        foreach (var feature in suite.Cases.SelectMany(c => c.Case.Features).Distinct().Order(StringComparer.Ordinal))
        {
            var cases = suite.Cases.Where(c => c.Case.Features.Contains(feature)).ToArray();
            var passed = cases.Count(c => c.Verdict == Verdict.Pass);
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(feature)}</td><td>{passed} of {cases.Length}</td><td>{(passed == cases.Length ? "yes" : "no")}</td></tr>\n");
        }
        page.Append("</table>\n");
    }

    private static void Case(StringBuilder page, CaseResult result)
    {
        page.Append(CultureInfo.InvariantCulture, $"""
            <section id="{Text(result.Case.Name)}"><h2>{Text(result.Case.Title)} {Badge(result.Verdict)}</h2>
            <p>{Text(result.Case.Purpose)}</p>
            <p class="small">{Text(string.Join("; ", result.Case.Sources))}. Began {result.StartedUtc:HH:mm:ss.fff} UTC, took {result.Took.TotalSeconds:0.0} s. SHA-256 {result.Hash}</p>

            """);
        if (result.Reason.Length > 0) page.Append(CultureInfo.InvariantCulture, $"<p class=\"reason\">{Text(result.Reason)}</p>\n");
        page.Append("<h3>Passive checks</h3>\n<table class=\"list\">\n");
        foreach (var o in result.Observations)
            page.Append(CultureInfo.InvariantCulture, $"<tr class=\"{(o.Holds ? "ok" : "bad")}\"><td>{Text(o.Check)}</td><td>{Text(o.Detail)}</td><td>{(o.Holds ? "ok" : "FAULT")}</td></tr>\n");
        page.Append(CultureInfo.InvariantCulture, $"</table>\n<details{Open(result)}><summary>{result.Steps.Count} assertions</summary><table class=\"list\"><tr><th class=\"n\">At</th><th>Line</th><th>Expected</th><th>Actual</th></tr>\n");
        foreach (var s in Shown(result.Steps))
            page.Append(CultureInfo.InvariantCulture, $"<tr class=\"{(s.Holds ? "ok" : "bad")}\"><td class=\"n\">{s.At.TotalSeconds:0.000}</td><td>{s.Place}</td><td class=\"raw\">{Text(s.Expected)}</td><td class=\"raw\">{Text(s.Actual)}</td></tr>\n");
        page.Append(CultureInfo.InvariantCulture, $"</table>{Left(result.Steps.Count)}</details>\n<details{Open(result)}><summary>{result.Transcript.Count} lines of transcript</summary><table class=\"list\"><tr><th class=\"n\">UTC</th><th>Session</th><th></th><th>Message</th></tr>\n");
        foreach (var e in Shown(result.Transcript))
            page.Append(CultureInfo.InvariantCulture, $"<tr class=\"{e.Kind.ToString().ToLowerInvariant()}\"><td class=\"n\">{e.Utc:HH:mm:ss.fff}</td><td>{e.Session}</td><td>{Arrow(e.Kind)}</td><td class=\"raw\">{(e.Name.Length > 0 ? $"<b>{Text(e.Name)}</b> " : "")}{Text(e.Text)}</td></tr>\n");
        page.Append(CultureInfo.InvariantCulture, $"</table>{Left(result.Transcript.Count)}</details></section>\n");
    }

    // The end says why a case did not pass, the beginning how it got there.
    private static IEnumerable<T> Shown<T>(IReadOnlyList<T> all) =>
        all.Count <= EntriesShown ? all : all.Take(EntriesShown / 2).Concat(all.Skip(all.Count - EntriesShown / 2));

    private static string Left(int count) =>
        count <= EntriesShown ? "" : $"<p class=\"small\">The first and last {EntriesShown / 2} of {count}; the JSON report has them all.</p>";

    private static string Open(CaseResult result) => result.Verdict == Verdict.Pass ? "" : " open";

    private static string Arrow(EntryKind kind) => kind switch
    {
        EntryKind.Sent => "&rarr;",
        EntryKind.Received => "&larr;",
        EntryKind.Garbled => "&larr;?",
        _ => "",
    };

    private static string Badge(Verdict verdict) => $"<span class=\"verdict {(verdict == Verdict.Pass ? "pass" : verdict == Verdict.Fail ? "fail" : "open")}\">{Suite.Name(verdict)}</span>";

    private static string Fact(string name, string value) => $"<tr><th>{Text(name)}</th><td>{Text(value)}</td></tr>";

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private const string Style = """
        body { font: 14px/1.45 system-ui, sans-serif; color: #1c2430; max-width: 1080px; margin: 2em auto; padding: 0 1.5em; }
        header { display: flex; justify-content: space-between; align-items: center; border-bottom: 3px solid #1c2430; }
        h1 { font-size: 26px; margin: .3em 0; } h2 { font-size: 18px; margin: 1.6em 0 .4em; } h3 { font-size: 14px; margin: 1em 0 .3em; }
        table { border-collapse: collapse; width: 100%; } th { text-align: left; font-weight: 600; }
        .facts { margin-top: 1em; } .facts th { width: 13em; color: #5a6675; } .facts td, .facts th { padding: 2px 8px 2px 0; }
        .list td, .list th { border-bottom: 1px solid #dde3ea; padding: 4px 8px 4px 0; vertical-align: top; } .list th { color: #5a6675; font-size: 12px; }
        .n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; padding-right: 12px !important; }
        .raw { font: 11px/1.5 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
        .small { font-size: 12px; color: #5a6675; overflow-wrap: anywhere; }
        .verdict { font-weight: 700; font-size: 12px; padding: 2px 9px; border-radius: 3px; color: #fff; white-space: nowrap; vertical-align: middle; }
        header .verdict { font-size: 18px; padding: 4px 16px; }
        .pass { background: #1b7f4b; } .fail { background: #b3261e; } .open { background: #a36a00; }
        .reason { border-left: 4px solid #b3261e; background: #fbeeee; padding: 6px 10px; overflow-wrap: anywhere; }
        .bad td { background: #fbeeee; } .garbled td { background: #fbeeee; } .note td { color: #5a6675; } .sent .raw { color: #0b4f8a; }
        details { margin: .6em 0; } summary { cursor: pointer; font-weight: 600; } section { border-top: 1px solid #b9c3cf; margin-top: 1.5em; }
        @media print { body { margin: 0; max-width: none; font-size: 11px; } section { break-inside: auto; } tr { break-inside: avoid; } .verdict { print-color-adjust: exact; } }
        """;
}
