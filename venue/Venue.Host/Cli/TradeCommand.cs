using System.CommandLine;
using Venue.Fix;
using Venue.Host.Terminal;

namespace Venue.Host;

/// <summary>A terminal client on one of the sample sessions, over real FIX: it knows no more than any counterparty.</summary>
internal static class TradeCommand
{
    public static Command Make()
    {
        var file = new Option<FileInfo?>("--settings") { Description = "a QuickFIX .cfg of an initiator: session, address, dictionary; what is given here besides goes first", HelpName = "FILE" };
        var session = new Option<string?>("--session") { Description = "SenderCompID to log on with (default CLIENT1, or the file's only session)", HelpName = "COMPID" };
        var target = new Option<string?>("--target") { Description = "TargetCompID of the venue (default VENUE)", HelpName = "COMPID" };
        var host = new Option<string?>("--host") { Description = "where the venue is (default 127.0.0.1)", HelpName = "ADDRESS" };
        var port = new Option<int?>("--port") { Description = "its FIX port (default 9878)", HelpName = "PORT" };
        var symbol = new Option<string>("--symbol") { Description = "book to show", DefaultValueFactory = _ => "BTC-USDC", HelpName = "SYMBOL" };
        var store = new Option<DirectoryInfo>("--store") { Description = "folder for the session's sequence number", DefaultValueFactory = _ => new DirectoryInfo("data/trade"), HelpName = "DIR" };
        var dictionary = new Option<FileInfo?>("--dictionary") { Description = "the venue's dictionary (default VENUE44.xml of the configuration)", HelpName = "FILE" };
        var reset = new Option<bool>("--reset") { Description = "begin both sequences at 1 again (ResetSeqNumFlag)" };
        var command = new Command("trade", "A terminal client: book, own orders, fills.\n\n" + Intent.Grammar) { file, session, target, host, port, symbol, store, dictionary, reset };
        command.SetAction(result =>
        {
            var faults = new List<string>();
            var sample = Path.Combine(Environment.GetEnvironmentVariable("VENUE_CONFIG") ?? "fix-config", "VENUE44.xml");
            var settings = result.GetValue(file) is { } given
                ? TradeSettings.Read(given.FullName, result.GetValue(session), sample, faults)
                : new TradeSettings { Session = new SessionSettings { SenderCompID = result.GetValue(session) ?? "CLIENT1", TargetCompID = "VENUE", Initiator = true }, Dictionary = sample };
            if (settings is not null)
            {
                var own = settings.Session;
                settings = settings with
                {
                    Session = own with { TargetCompID = result.GetValue(target) ?? own.TargetCompID, ResetOnLogon = own.ResetOnLogon || result.GetValue(reset) },
                    Host = result.GetValue(host) ?? settings.Host,
                    Port = result.GetValue(port) ?? settings.Port,
                    Dictionary = result.GetValue(dictionary)?.FullName ?? settings.Dictionary,
                };
                if (!File.Exists(settings.Dictionary)) faults.Add($"dictionary '{settings.Dictionary}' does not exist");
            }
            foreach (var fault in faults) Console.Error.WriteLine($"trade: {fault}");
            return faults.Count > 0 ? 2 : Run(settings!, result.GetValue(store)!.FullName, result.GetValue(symbol)!.ToUpperInvariant());
        });
        return command;
    }

    private static int Run(TradeSettings settings, string store, string symbol)
    {
        foreach (var note in settings.Notes) Console.Error.WriteLine($"trade: note: {note}");
        FixDictionary dictionary;
        using (var xml = File.OpenRead(settings.Dictionary)) dictionary = FixDictionary.Load(xml);
        var (session, host, port) = (settings.Session, settings.Host, settings.Port);
        using var client = new Client(session, dictionary, new SequenceFile(Path.Combine(store, $"{session.SenderCompID}-{session.TargetCompID}.seq")));
        var isScreen = !Console.IsInputRedirected && !Console.IsOutputRedirected;
        if (!isScreen) client.Blotter.Happened = Console.WriteLine;
        var thread = new Thread(() => client.Run(host, port, symbol)) { IsBackground = true, Name = "session" };
        thread.Start();
        if (isScreen) new Screen(client, $"{session.SenderCompID} at {host}:{port}; help says how").Run();
        else Lines(client);
        thread.Join();
        Console.WriteLine(client.Ended);
        return client.WasActive ? 0 : 1;
    }

    /// <summary>Without a terminal: one line in, one action; happenings as lines out. Ends at the end of the input.</summary>
    private static void Lines(Client client)
    {
        while (client.Ended is null && !client.IsActive) Thread.Sleep(10);
        while (client.Ended is null && Console.ReadLine() is { } line)
        {
            if (line.Trim().Length == 0) continue;
            if (line.StartsWith("wait ", StringComparison.Ordinal) && int.TryParse(line.AsSpan(5), out var ms)) Thread.Sleep(ms);
            else if (!Intent.TryParse(line, out var intent, out var fault)) Console.WriteLine(fault);
            else if (intent.Kind == IntentKind.Quit) break;
            else client.Do(intent);
        }
        client.Do(new Intent(IntentKind.Quit));
    }
}
