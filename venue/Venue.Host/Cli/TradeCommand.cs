using System.CommandLine;
using Venue.Fix;
using Venue.Host.Terminal;

namespace Venue.Host;

/// <summary>A terminal client on one of the sample sessions, over real FIX: it knows no more than any counterparty.</summary>
internal static class TradeCommand
{
    public static Command Make()
    {
        var session = new Option<string>("--session") { Description = "SenderCompID to log on with", DefaultValueFactory = _ => "CLIENT1", HelpName = "COMPID" };
        var target = new Option<string>("--target") { Description = "TargetCompID of the venue", DefaultValueFactory = _ => "VENUE", HelpName = "COMPID" };
        var host = new Option<string>("--host") { Description = "where the venue is", DefaultValueFactory = _ => "127.0.0.1", HelpName = "ADDRESS" };
        var port = new Option<int>("--port") { Description = "its FIX port", DefaultValueFactory = _ => 9878, HelpName = "PORT" };
        var symbol = new Option<string>("--symbol") { Description = "book to show", DefaultValueFactory = _ => "BTC-USDC", HelpName = "SYMBOL" };
        var store = new Option<DirectoryInfo>("--store") { Description = "folder for the session's sequence number", DefaultValueFactory = _ => new DirectoryInfo("data/trade"), HelpName = "DIR" };
        var dictionary = new Option<FileInfo>("--dictionary") { Description = "the venue's dictionary", DefaultValueFactory = _ => new FileInfo(Path.Combine(Environment.GetEnvironmentVariable("VENUE_CONFIG") ?? "fix-config", "VENUE44.xml")), HelpName = "FILE" };
        var reset = new Option<bool>("--reset") { Description = "begin both sequences at 1 again (ResetSeqNumFlag)" };
        var command = new Command("trade", "A terminal client: book, own orders, fills.\n\n" + Intent.Grammar) { session, target, host, port, symbol, store, dictionary, reset };
        command.SetAction(result =>
        {
            var file = result.GetValue(dictionary)!;
            if (!file.Exists)
            {
                Console.Error.WriteLine($"trade: dictionary '{file}' does not exist");
                return 2;
            }
            using var xml = file.OpenRead();
            var settings = new SessionSettings
            {
                SenderCompID = result.GetValue(session)!,
                TargetCompID = result.GetValue(target)!,
                Initiator = true,
                HeartBtIntSeconds = 30,
                ResetOnLogon = result.GetValue(reset),
            };
            var path = Path.Combine(result.GetValue(store)!.FullName, $"{settings.SenderCompID}-{settings.TargetCompID}.seq");
            return Run(settings, FixDictionary.Load(xml), path, result.GetValue(host)!, result.GetValue(port), result.GetValue(symbol)!.ToUpperInvariant());
        });
        return command;
    }

    private static int Run(SessionSettings settings, FixDictionary dictionary, string path, string host, int port, string symbol)
    {
        using var client = new Client(settings, dictionary, new SequenceFile(path));
        var isScreen = !Console.IsInputRedirected && !Console.IsOutputRedirected;
        if (!isScreen) client.Blotter.Happened = Console.WriteLine;
        var thread = new Thread(() => client.Run(host, port, symbol)) { IsBackground = true, Name = "session" };
        thread.Start();
        if (isScreen) new Screen(client, $"{settings.SenderCompID} at {host}:{port}; help says how").Run();
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
