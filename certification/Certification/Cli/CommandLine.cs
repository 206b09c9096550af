using System.CommandLine;
using System.Net.Sockets;
using System.Text;

namespace Certification;

/// <summary><c>certification venue</c> and <c>certification client</c>.</summary>
internal static class CommandLine
{
    /// <summary>Exit codes: 0 everything passed, 1 not everything, 2 nothing was run.</summary>
    public const int Passed = 0, NotPassed = 1, NotRun = 2;

    public static RootCommand Make()
    {
        var root = new RootCommand("Certifies a FIX venue or a FIX client by scripts that both sides can read.");
        root.Subcommands.Add(Make(Role.Venue, "venue", "Certify a venue: the scripts are its clients."));
        root.Subcommands.Add(Make(Role.Client, "client", "Certify a client: the scripts are its venue."));
        return root;
    }

    /// <summary>Validates, runs, reports.</summary>
    public static int Run(Options options, TextWriter screen, TextWriter errors)
    {
        if (options.Validate(out var faults) is not { } plan)
        {
            foreach (var fault in faults) errors.WriteLine($"certification: {fault}");
            return NotRun;
        }
        try
        {
            var suite = new Suite(plan.Cases, options.Role, plan.Words, plan.Set, screen);
            var result = options.Role == Role.Venue ? RunVenue(options, plan, suite) : RunClient(options, plan, suite, screen);
            screen.WriteLine($"{result.Cases.Count(c => c.Verdict == Verdict.Pass)} of {result.Cases.Count} cases passed in {result.Took.TotalSeconds:0.0} s, transcript sha256 {result.Hash}");
            if (options.Report.Length > 0) Report(result, options.Report, screen);
            return result.Passed ? Passed : NotPassed;
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"certification: {e.Message}");
            return NotRun;
        }
    }

    /// <summary>Cuts a command line into words at blanks outside of quotes.</summary>
    public static IReadOnlyList<string> Split(string text, out bool unclosed)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool inside = false, started = false;
        foreach (var c in text)
        {
            if (c == '"') (inside, started) = (!inside, true);
            else if (inside || c != ' ')
            {
                word.Append(c);
                started = true;
            }
            else if (started)
            {
                words.Add(word.ToString());
                word.Clear();
                started = false;
            }
        }
        if (started) words.Add(word.ToString());
        unclosed = inside;
        return words;
    }

    private static SuiteResult RunVenue(Options options, Plan plan, Suite suite) =>
        suite.Run(new CertifiedVenue(plan.Address, options.Target, options.Session, options.Second.Length > 0 ? options.Second : null),
            plan.Address.ToString(), options.Subject, keepsCounting: false);

    private static SuiteResult RunClient(Options options, Plan plan, Suite suite, TextWriter screen)
    {
        using var client = new CertifiedClient(plan.Address, options.Session, options.Target, plan.Driver.Count > 0 ? plan.Driver : null, plan.Patience, screen);
        screen.WriteLine($"READY {plan.Address.Address}:{client.Port} as {options.Target} for {options.Session}");
        // A person's client keeps its store from case to case; a driven one starts with a new one.
        return suite.Run(client, $"{plan.Address.Address}:{client.Port}", options.Subject, keepsCounting: !client.IsDriven);
    }

    private static void Report(SuiteResult result, string folder, TextWriter screen)
    {
        Directory.CreateDirectory(folder);
        var name = Path.Combine(folder, $"certification-{result.Role.ToString().ToLowerInvariant()}-{result.Session}");
        File.WriteAllText($"{name}.json", JsonReport.Write(result));
        File.WriteAllText($"{name}.html", HtmlReport.Write(result));
        screen.WriteLine($"report {name}.html and .json");
    }

    private static Command Make(Role role, string name, string what)
    {
        var command = new Command(name, what);
        var d = new Options { Role = role };
        var isVenue = role == Role.Venue;
        var host = Add("--host", isVenue ? "host of the venue" : "address on which the client may call", d.Host);
        var port = Add("--port", isVenue ? "port of the venue" : "port on which the client may call; 0 for any free one", d.Port);
        var session = Add("--session", "SenderCompID(49) of the client side", d.Session);
        var second = isVenue ? Add("--second", "SenderCompID(49) of a second client, which some cases need", d.Second) : null;
        var target = Add("--target", "SenderCompID(49) of the venue side", d.Target);
        var cases = Add("--cases", "folder of *.case and *.procedures", d.Cases);
        var dictionary = Add("--dictionary", "dictionary in QuickFIX's XML form", d.Dictionary);
        var report = Add("--report", "folder for the report (HTML and JSON)", d.Report);
        var subject = Add("--subject", "name and version of what is certified, for the report", d.Subject);
        var driver = isVenue ? null : Add("--driver", "program that is told by lines what to do; {port} {store} {session} {target} are replaced", d.Driver);
        var patience = isVenue ? null : Add("--patience", "seconds that a person gets for each hint", d.Patience);
        var only = new Option<string[]>("--only") { Description = "names of the cases to run; may be repeated", DefaultValueFactory = _ => [] };
        var set = new Option<string[]>("--set") { Description = "NAME=VALUE: another value for a 'default' of the cases; may be repeated", DefaultValueFactory = _ => [] };
        command.Options.Add(only);
        command.Options.Add(set);
        command.SetAction(result => Run(new Options
        {
            Role = role,
            Host = result.GetValue(host)!,
            Port = result.GetValue(port)!,
            Session = result.GetValue(session)!,
            Second = second is null ? d.Second : result.GetValue(second)!,
            Target = result.GetValue(target)!,
            Cases = result.GetValue(cases)!,
            Dictionary = result.GetValue(dictionary)!,
            Report = result.GetValue(report)!,
            Subject = result.GetValue(subject)!,
            Driver = driver is null ? d.Driver : result.GetValue(driver)!,
            Patience = patience is null ? d.Patience : result.GetValue(patience)!,
            Only = result.GetValue(only)!,
            Set = result.GetValue(set)!,
        }, Console.Out, Console.Error));
        return command;

        Option<string> Add(string name, string help, string otherwise)
        {
            var option = new Option<string>(name) { Description = help, DefaultValueFactory = _ => otherwise };
            command.Options.Add(option);
            return option;
        }
    }
}
