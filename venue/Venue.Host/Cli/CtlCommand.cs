using System.CommandLine;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Spectre.Console;
using Wire = Venue.Api;

namespace Venue.Host;

/// <summary>What operators do from a terminal: one call of the API each.</summary>
internal static class CtlCommand
{
    private const int Done = 0, Refused = 1, NotAsked = 2;
    private const string TokenVariable = "VENUE_TOKEN";

    private static readonly Option<string> Api = new("--api") { Description = "address of the venue's API", DefaultValueFactory = _ => "http://127.0.0.1:9879", HelpName = "URL", Recursive = true };
    private static readonly Option<FileInfo?> TokenFile = new("--token-file") { Description = $"file with your token (default: the environment's {TokenVariable})", HelpName = "FILE", Recursive = true };
    private static readonly Option<string> Reason = new("--reason") { Description = "why; goes into the record and into the journal", HelpName = "TEXT", Required = true };

    public static Command Make()
    {
        var ctl = new Command("ctl", "Look at a running venue and act on it, as the person whose token this is.") { Api, TokenFile };
        Look(ctl, "sessions", "All sessions and how they stand.", async (client, headers, _) => Sessions(await client.SessionsAsync(new(), headers)));
        Look(ctl, "markets", "All instruments: phase, best prices, kill switches.", async (client, headers, _) => Markets(await client.MarketsAsync(new(), headers)));
        Look(ctl, "accounts", "What every firm has, at one sequence number.", async (client, headers, _) => Accounts(await client.AccountsAsync(new(), headers)));
        Look(ctl, "providers", "What liquidity providers did when they were asked for quotes, and how long they met their obligations.", async (client, headers, _) => Providers(await client.ProvidersAsync(new(), headers)));
        Look(ctl, "waiting", "Acts that wait for a second person.", async (client, headers, _) => Records(await client.WaitingAsync(new(), headers)));
        var count = new Option<int>("--count") { Description = "at most so many, the newest", DefaultValueFactory = _ => 20, HelpName = "N" };
        var before = new Option<long>("--before") { Description = "only acts whose number is below, to look further back", HelpName = "NUMBER" };
        Look(ctl, "acts", "Who did what, when and why.", async (client, headers, result) => Records(await client.ActsAsync(new() { Count = result.GetValue(count), Before = result.GetValue(before) }, headers)), count, before);

        var scope = new Argument<string>("SCOPE") { Description = "venue, firm, session or instrument" };
        var target = new Argument<string>("TARGET") { Description = "name of the firm, CompID of the session, symbol; nothing for the venue", DefaultValueFactory = _ => "" };
        Act(ctl, "kill", "Cancel what this covers and take no more of it.", result => new() { Kill = new() { Scope = result.GetValue(scope), Target = result.GetValue(target), Engaged = true } }, scope, target);
        Act(ctl, "lift", "Lift a kill switch; takes two persons.", result => new() { Kill = new() { Scope = result.GetValue(scope), Target = result.GetValue(target) } }, scope, target);
        var symbol = new Argument<string>("SYMBOL");
        var phase = new Argument<string>("PHASE") { Description = string.Join(", ", Enum.GetNames<Messages.Phase>()) };
        Act(ctl, "phase", "Set an instrument's phase.", result => new() { Phase = new() { Symbol = result.GetValue(symbol), Phase = result.GetValue(phase) } }, symbol, phase);
        var (firm, asset, amount) = (new Argument<string>("FIRM"), new Argument<string>("ASSET"), new Argument<string>("AMOUNT") { Description = "in units of the asset; negative takes away" });
        var key = new Option<string>("--key") { Description = "under which it is credited once", HelpName = "TEXT", Required = true };
        Act(ctl, "credit", "Credit a firm; takes two persons.", result => new() { Credit = new() { Firm = result.GetValue(firm), Asset = result.GetValue(asset), Amount = result.GetValue(amount), Key = result.GetValue(key) } }, firm, asset, amount, key);
        var session = new Argument<string>("SESSION") { Description = "the client's CompID" };
        Act(ctl, "logout", "Log a session out.", result => new() { Logout = new() { Session = result.GetValue(session) } }, session);
        Act(ctl, "unblock", "Let a session log on again that is kept out for its rate.", result => new() { Unblock = new() { Session = result.GetValue(session) } }, session);
        var (rate, burst) = (new Argument<int>("PER-SECOND") { Description = "messages; 0 for no limit" }, new Option<int>("--burst") { Description = "messages at once after a silence", DefaultValueFactory = _ => 1, HelpName = "N" });
        Act(ctl, "rate", "Give a session another rate until the venue is started again.", result => new() { Rate = new() { Session = result.GetValue(session), PerSecond = result.GetValue(rate), Burst = result.GetValue(burst) } }, session, rate, burst);
        var on = new Argument<string>("ON") { Description = "on or off" }.AcceptOnlyFromAmong("on", "off");
        Act(ctl, "log", "Switch a session's message log (* for all).", result => new() { MessageLog = new() { Session = result.GetValue(session), On = result.GetValue(on) == "on" } }, session, on);

        Act(ctl, "credit-line", "How far a firm may owe an asset, 0 for not at all; takes two persons.", result => new() { CreditLine = new() { Firm = result.GetValue(firm), Asset = result.GetValue(asset), Amount = result.GetValue(amount) } }, firm, asset, amount);
        var (tier, maker, taker) = (new Argument<int>("TIER"), new Argument<int>("MAKER-PPM") { Description = "in 1e-6 of the notional; negative is a rebate" }, new Argument<int>("TAKER-PPM"));
        Act(ctl, "fees", "Fees of an instrument for a tier; takes two persons.", result => new() { Fees = new() { Symbol = result.GetValue(symbol), Tier = result.GetValue(tier), MakerPpm = result.GetValue(maker), TakerPpm = result.GetValue(taker) } }, symbol, tier, maker, taker);
        var (execID, quantity, price) = (new Argument<string>("EXECID") { Description = "ExecID(17) of either side's report" }, new Argument<string>("QUANTITY"), new Argument<string>("PRICE"));
        Act(ctl, "bust", "Undo a trade; takes two persons.", result => new() { Trade = new() { ExecId = result.GetValue(execID) } }, execID);
        Act(ctl, "correct", "Put a trade right; takes two persons.", result => new() { Trade = new() { ExecId = result.GetValue(execID), Quantity = result.GetValue(quantity), Price = result.GetValue(price) } }, execID, quantity, price);
        var json = new Argument<string>("JSON") { Description = "an act as operators.proto describes it, e.g. {\"limits\":{\"firm\":\"ALPHA\",\"openOrdersMax\":100}}" };
        Act(ctl, "act", "Any act, as JSON: limits, account and indexPrice have no command of their own.", result => Wire.ActRequest.Parser.ParseJson(result.GetValue(json)), json);

        var number = new Argument<long>("NUMBER");
        Look(ctl, "approve", "Approve what another person proposed: it is done.", async (client, headers, result) => Outcome(await client.ApproveAsync(new() { Number = result.GetValue(number) }, headers)), number);
        Look(ctl, "drop", "Refuse what another person proposed, or take it back.", async (client, headers, result) => Outcome(await client.DropAsync(new() { Number = result.GetValue(number) }, headers)), number);
        ctl.Subcommands.Add(Hire());
        return ctl;
    }

    /// <summary>Adds a person to operators.cfg: on the venue's machine, by who owns its files.</summary>
    private static Command Hire()
    {
        var (name, roles) = (new Argument<string>("NAME"), new Argument<string>("ROLES") { Description = "some of watch, support, trading, risk, treasury, with commas between" });
        var config = new Option<string>("--config") { Description = "folder of operators.cfg", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("VENUE_CONFIG") ?? "fix-config", HelpName = "DIR" };
        var command = new Command("new-operator", "Add a person to operators.cfg and print the token, once. A running venue takes it at the next call.") { name, roles, config };
        command.SetAction(result =>
        {
            try
            {
                Console.WriteLine(OperatorsFile.Add(result.GetValue(config)!, result.GetValue(name)!, OperatorsFile.RolesOf(result.GetValue(roles)!)));
                return Done;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"ctl: {e.Message}");
                return NotAsked;
            }
        });
        return command;
    }

    private static void Act(Command ctl, string name, string help, Func<ParseResult, Wire.ActRequest> make, params Symbol[] symbols) =>
        Look(ctl, name, help, async (client, headers, result) =>
        {
            var request = make(result);
            request.Reason = result.GetValue(Reason);
            Outcome(await client.ActAsync(request, headers));
        }, [.. symbols, Reason]);

    private static void Look(Command ctl, string name, string help, Func<Wire.Operators.OperatorsClient, Metadata, ParseResult, Task> call, params Symbol[] symbols)
    {
        var command = new Command(name, help);
        foreach (var symbol in symbols)
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else command.Options.Add((Option)symbol);
        command.SetAction((result, _) => Call(result, call));
        ctl.Subcommands.Add(command);
    }

    private static async Task<int> Call(ParseResult result, Func<Wire.Operators.OperatorsClient, Metadata, ParseResult, Task> call)
    {
        try
        {
            var token = result.GetValue(TokenFile) is { } file ? (await File.ReadAllTextAsync(file.FullName)).Trim() : Environment.GetEnvironmentVariable(TokenVariable);
            if (string.IsNullOrEmpty(token))
            {
                Console.Error.WriteLine($"ctl: who are you? Give --token-file or {TokenVariable}; `ctl new-operator` makes a token");
                return NotAsked;
            }
            using var channel = GrpcChannel.ForAddress(result.GetValue(Api)!);
            await call(new Wire.Operators.OperatorsClient(channel), new Metadata { { "authorization", "Bearer " + token } }, result);
            return Done;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            Console.Error.WriteLine($"ctl: nothing answers at {result.GetValue(Api)}: does the venue run there? ({e.Status.Detail})");
            return NotAsked;
        }
        catch (RpcException e)
        {
            Console.Error.WriteLine($"ctl: {e.StatusCode}: {e.Status.Detail}");
            return Refused;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or UriFormatException or InvalidJsonException)
        {
            Console.Error.WriteLine($"ctl: {e.Message}");
            return NotAsked;
        }
    }

    private static void Outcome(Wire.ActReply reply) => Console.WriteLine(reply.State switch
    {
        "waiting" => string.Create(CultureInfo.InvariantCulture, $"act {reply.Number} waits for a second person: ctl approve {reply.Number}, within {ActDesk.WaitNs / 60_000_000_000} minutes"),
        "done" when reply.Seq > 0 => string.Create(CultureInfo.InvariantCulture, $"act {reply.Number} done by command {reply.Seq}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"act {reply.Number} {reply.State}"),
    });

    private static void Sessions(Wire.SessionsReply reply) => Show(
        ["client", "venue", "firm", "kind", "state", "next in", "next out", "kept", "rate/s", "refused", "blocked until", "killed"],
        reply.Sessions.Select(s => new[] { s.ClientCompId, s.VenueCompId, s.Firm, s.Kind, s.State, Text(s.NextIn), Text(s.NextOut), Text(s.KeptMessages), s.RatePerSecond == 0 ? "no limit" : Text(s.RatePerSecond), Text(s.Refused), s.BlockedUntilNs == 0 ? "" : Time(s.BlockedUntilNs), YesOr(s.Killed) }));

    private static void Markets(Wire.MarketsReply reply)
    {
        Show(["instrument", "phase", "best bid", "best ask", "last", "index", "killed"], reply.Markets.Select(m => new[] { m.Symbol, m.Phase, m.BestBid, m.BestAsk, m.Last, m.Index, YesOr(m.Killed) }));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"at command {reply.Seq}{(reply.Killed ? "; THE VENUE IS KILLED" : "")}"));
    }

    private static void Accounts(Wire.AccountsReply reply)
    {
        Show(["firm", "asset", "available", "held", "withdrawing", "killed"], reply.Accounts.Select(a => new[] { a.Firm.Length == 0 ? "(house)" : a.Firm, a.Asset, a.Available, a.Held, a.Withdrawing, YesOr(a.Killed) }));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"at command {reply.Seq}; sums of an asset checked {reply.ConservationChecks:N0} times, each was what was credited"));
    }

    private static void Providers(Wire.ProvidersReply reply)
    {
        Show(["provider", "asked", "answered", "missed", "declined", "taken", "gone"], reply.Providers.Select(p => new[] { p.Session, Text(p.Asked), Text(p.Answered), Text(p.Missed), Text(p.Declined), Text(p.Taken), Text(p.Gone) }));
        Show(["provider", "last look", "hits", "accepted", "price", "validity", "timed out", "ended", "mean", "max", "p50", "p99"], reply.Providers.Where(p => p.LastLook is not null).Select(p => new[]
        {
            p.Session, $"{p.LastLook.HoldMs} ms", Text(p.LastLook.Held), Text(p.LastLook.Accepted), Text(p.LastLook.RefusedPrice), Text(p.LastLook.RefusedValidity), Text(p.LastLook.TimedOut), Text(p.LastLook.Ended),
            Milliseconds(p.LastLook.MeanNs), Milliseconds(p.LastLook.MaxNs), AtMost(p.LastLook.HalfMs), AtMost(p.LastLook.NinetyNineMs),
        }));
        Show(["provider", "instrument", "size", "spread", "met today", "met yesterday"], reply.Providers.SelectMany(p => p.Obligations.Select(o => new[]
        {
            p.Session, o.Symbol, o.SizeMin, $"{Decimals.Text(o.SpreadMaxPpm, 4)} %", Share(o.MetNs, o.OpenNs), Share(o.MetYesterdayNs, o.OpenYesterdayNs),
        })));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"at command {reply.Seq}"));
    }

    private static string Milliseconds(long ns) => $"{Decimals.Text(ns / 1000, 3)} ms";

    private static string AtMost(int ms) => ms switch { 0 => "", < 0 => "> 200 ms", _ => $"<= {ms} ms" };

    /// <summary>Of the time of continuous trading, in hundredths of a percent, rounded down: what is just missed is not met.</summary>
    private static string Share(long metNs, long openNs) => openNs == 0 ? "not open" : $"{Decimals.Text((Int128)metNs * 10_000 / openNs, 2)} % of {Decimals.Text(openNs / 1_000_000_000, 0)} s";

    private static void Records(Wire.ActRecords reply) => Show(
        ["act", "time (UTC)", "by", "state", "what", "reason", "command", ""],
        reply.Records.Select(r => new[] { Text(r.Number), Time(r.TimeNs), r.By, r.State, r.What, r.Reason, r.Seq == 0 ? "" : Text(r.Seq), r.Text }));

    private static void Show(string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        // In a pipe nothing is cut off at a terminal's width.
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 1000;
        foreach (var column in columns) table.AddColumn(new TableColumn(Markup.Escape(column)).NoWrap());
        foreach (var row in rows) table.AddRow([.. row.Select(cell => new Text(cell))]);
        AnsiConsole.Write(table);
    }

    private static string YesOr(bool yes) => yes ? "KILLED" : "";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(long ns) => DateTime.UnixEpoch.AddTicks(ns / 100).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
