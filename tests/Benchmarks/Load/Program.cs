using System.Globalization;
using HdrHistogram;
using Venue.Load;

// Load on a venue over raw sockets, beside a TCP echo in the same run. README.md has the modes and what they print.
var options = new Dictionary<string, string>();
for (var i = 1; i + 1 < args.Length; i += 2) options[args[i].TrimStart('-')] = args[i + 1];
var root = FindRoot();
var program = Text("venue", Path.Combine(root, "venue/Venue.Host/bin/Release/net10.0/venue.dll"));
var from = Text("from", Path.Combine(root, "fix-config"));
var seconds = Number("seconds", 2);
var rounds = (int)Number("rounds", 5);
var sessions = (int)Number("sessions", 1);
var api = Text("api-port", "-1");
string[] venueOptions = ["--api-port", api, .. Text("venue-options", "").Split(' ', StringSplitOptions.RemoveEmptyEntries)];
var run = 0;

switch (args.FirstOrDefault())
{
    case "config": SessionFolder.Write(from, Text("to", "load-config"), sessions); break;
    case "echo-server": EchoServer.Run(); break;
    case "noise": Noise.Run(System.Net.IPEndPoint.Parse(Text("server", "")), Text("echo", "") == "yes", (int)Number("session", 1), Text("run", "")); break;
    case "enemies": Enemies.Run(System.Net.IPEndPoint.Parse(Text("server", "")), (int)Number("first", 1)); break;
    case "compare": Compare(); break;
    case "closed": WithVenue(Closed); break;
    case "open": WithVenue(Open); break;
    case "fair": Fair(); break;
    case "quotes": Quotes(); break;
    case "surge": Surge(); break;
    case "hostile": Hostile(); break;
    case "resend": WithVenue(Resend); break;
    case "readers": Readers.Run(System.Net.IPEndPoint.Parse(Text("server", "")), System.Net.IPEndPoint.Parse(Text("beside", "")), (int)Number("first", 1), (int)Number("count", 1)); break;
    case "broadcast": Broadcaster.Run(); break;
    case "market": Market(); break;
    case "tick": Tick(); break;
    default:
        Console.Error.WriteLine("load compare|closed|open|fair|quotes|surge|hostile|resend|market|tick|config|echo-server [--sessions N] [--window W] [--rate R] [--seconds S] [--rounds N] [--durability async|fsync] [--api-port P]");
        return 2;
}
return 0;

// p50 one at a time and requests/s at window 256, of the echo and of both durabilities, in turns; medians and ratios.
void Compare()
{
    using var config = new Folder(from, sessions);
    using var echo = Server.Echo();
    using var inMemory = Server.Venue(program, config.Path, "async", venueOptions);
    using var onDisk = Server.Venue(program, config.Path, "fsync", venueOptions);
    Server[] servers = [echo, inMemory, onDisk];
    int[] windows = [1, 256];
    var results = servers.ToDictionary(s => s, _ => windows.ToDictionary(w => w, _ => new List<Figures>()));
    for (var round = 0; round <= rounds; round++)
    {
        foreach (var window in windows)
        {
            foreach (var server in servers)
            {
                var figures = Drive(server, sessions, window, 0, TimeSpan.FromSeconds(round == 0 ? 3 : seconds));
                if (round == 0) continue;   // code is compiled, files are there
                results[server][window].Add(figures);
                Console.WriteLine($"round {round} window {window,3} {server.Name,-12} {figures}");
            }
        }
    }
    Console.WriteLine($"\nmedians of {rounds} rounds, {sessions} session(s), api port {api}, {Environment.ProcessorCount} processors");
    foreach (var window in windows)
    {
        var baseline = Figures.Median(results[echo][window]);
        foreach (var server in servers)
        {
            var m = Figures.Median(results[server][window]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"window {window,3} {server.Name,-12} {m}   beside the echo: p50 x{m.P50Us / baseline.P50Us:N2}, rate x{m.PerSecond / baseline.PerSecond:N2}, cpu x{m.CpuUs / baseline.CpuUs:N2}"));
        }
    }
}

void Closed(Server venue)
{
    for (var round = 1; round <= rounds; round++)
        Console.WriteLine($"closed, {sessions} sessions, window {Number("window", 1)}: {Drive(venue, sessions, (int)Number("window", 1), 0, TimeSpan.FromSeconds(seconds))}");
}

void Open(Server venue)
{
    for (var round = 1; round <= rounds; round++)
        Console.WriteLine($"open, {sessions} sessions, {Number("rate", 1000)}/s: {Drive(venue, sessions, 0, Number("rate", 1000), TimeSpan.FromSeconds(seconds))}");
}

// MassQuotes of one provider, every entry moving both sides, until each is acknowledged; an echo of the same bytes in turns.
void Quotes()
{
    var entries = (int)Number("entries", 25);
    using var config = new Folder(path => QuoteFolder.Write(from, path, entries));
    using var echo = Server.Echo();
    using var venue = Server.Venue(program, config.Path, Text("durability", "async"), venueOptions);
    var results = new[] { echo, venue }.ToDictionary(s => s, _ => new List<Figures>());
    for (var round = 0; round <= rounds; round++)
        foreach (var (server, list) in results)
        {
            using var traffic = new Traffic();
            var histogram = NewHistogram();
            traffic.Add(new Session(SessionFolder.CompID(1), $"{++run}", server.EndPoint, server.IsEcho, histogram, entries), (int)Number("window", 32));
            var figures = Measure(server, traffic, histogram, TimeSpan.FromSeconds(round == 0 ? 3 : seconds));
            traffic.Settle();
            if (round == 0) continue;   // code is compiled, files are there
            list.Add(figures);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round} {server.Name,-12} {figures}; {figures.PerSecond * entries:N0} two-sided quotes/s"));
        }
    var (floor, ours) = (Figures.Median(results[echo]), Figures.Median(results[venue]));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"medians of {rounds} rounds, {entries} entries a message: {ours.PerSecond * entries:N0} two-sided quotes/s ({ours.PerSecond * entries * 2:N0} sides), cpu {ours.CpuUs / entries:N2} us a quote; messages beside the echo x{ours.PerSecond / floor.PerSecond:N2}, p50 x{ours.P50Us / floor.P50Us:N2}"));
}

// The others at a steady rate, without and with one session that keeps thousands of orders on their way; the same at an echo.
void Fair()
{
    using var config = new Folder(from, sessions + 1);
    using var echo = Server.Echo();
    using var venue = Server.Venue(program, config.Path, Text("durability", "async"), venueOptions);
    var time = TimeSpan.FromSeconds(seconds);
    using var atEcho = new Neighbours(echo, sessions, Number("rate", 1000), ref run);
    using var atVenue = new Neighbours(venue, sessions, Number("rate", 1000), ref run);
    for (var round = 0; round <= rounds; round++)
    {
        atEcho.Round(round, (int)Number("window", 4096), time);
        atVenue.Round(round, (int)Number("window", 4096), time);
    }
    var (floor, ours) = (atEcho.Result(), atVenue.Result());
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"beside a loud one, venue to echo: p50 x{ours.P50Us / floor.P50Us:N2}, p99 x{ours.P99Us / floor.P99Us:N2}"));
}

// The nominal rate, then 5 and 10 times as much, at the venue and at the echo in turns: each session's OrderRate is its part of the nominal rate (cancels are not counted).
void Surge()
{
    var nominal = Number("rate", 1000);
    var own = string.Create(CultureInfo.InvariantCulture, $"OrderRate={Math.Ceiling(nominal / sessions)}\nOrderBurst={Math.Ceiling(nominal / sessions / 10)}");
    using var config = new Folder(from, sessions, own);
    using var echo = Server.Echo();
    using var venue = Server.Venue(program, config.Path, Text("durability", "async"), venueOptions);
    Server[] servers = [echo, venue];
    var histogram = NewHistogram();
    var results = servers.ToDictionary(s => s, _ => new Dictionary<int, List<Figures>> { [1] = [], [5] = [], [10] = [] });
    var lines = servers.ToDictionary(s => s, server => Steady(server, histogram));
    for (var round = 0; round <= rounds; round++)
        foreach (var factor in (int[])[1, 5, 10])
            foreach (var server in servers)
            {
                var traffic = lines[server];
                traffic.Rate = nominal * factor;
                histogram.Reset();
                var refused = traffic.Refused;
                var figures = Measure(server, traffic, histogram, TimeSpan.FromSeconds(seconds));
                traffic.Settle();
                if (round == 0) continue;
                results[server][factor].Add(figures);
                Console.WriteLine($"round {round} x{factor,2} {server.Name}: accepted {figures}; refused {traffic.Refused - refused}; memory without files {server.Memory.Anonymous >> 20} MiB");
            }
    foreach (var factor in (int[])[5, 10])
        foreach (var server in servers) Console.WriteLine($"{server.Name} {Figures.Beside($"at {factor} times the rate", Figures.Median(results[server][1]), Figures.Median(results[server][factor]))}");
    foreach (var traffic in lines.Values) traffic.Dispose();
}

// Sessions at a steady rate, without and with each kind of hostile client beside them, at the venue and at the echo in turns:
// what the echo's feel is what these processors do to everybody.
void Hostile()
{
    using var config = new Folder(from, sessions + Enemies.Sessions, "", Enemies.Defaults);
    Enemies.WriteCredentials(config.Path, sessions);
    using var echo = Server.Echo();
    using var venue = Server.Venue(program, config.Path, Text("durability", "async"), venueOptions);
    Server[] servers = [echo, venue];
    var histogram = NewHistogram();
    var kinds = Text("kind", "") is { Length: > 0 } one ? [one] : Enemies.Kinds;
    var (alone, beside) = (servers.ToDictionary(s => s, _ => new List<Figures>()), servers.ToDictionary(s => s, _ => kinds.ToDictionary(k => k, _ => new List<Figures>())));
    var lines = servers.ToDictionary(s => s, server => Steady(server, histogram));
    var enemies = servers.ToDictionary(s => s, server => new EnemyProcess(server, sessions + 1));
    Console.WriteLine($"at the start: memory without files {venue.Memory.Anonymous >> 20} MiB");
    for (var round = 0; round <= rounds; round++)
    {
        foreach (var server in servers)
        {
            histogram.Reset();
            var quiet = Measure(server, lines[server], histogram, TimeSpan.FromSeconds(seconds));
            lines[server].Settle();
            if (round > 0) alone[server].Add(quiet);
        }
        foreach (var kind in kinds)
            foreach (var server in servers)
            {
                enemies[server].Begin(kind);
                histogram.Reset();
                var figures = Measure(server, lines[server], histogram, TimeSpan.FromSeconds(seconds));
                lines[server].Settle();
                var done = enemies[server].End();
                Console.WriteLine($"round {round} {server.Name} beside {kind}: {figures}; {done}; memory without files {server.Memory.Anonymous >> 20} MiB");
                if (round > 0) beside[server][kind].Add(figures);
            }
    }
    foreach (var kind in kinds)
        foreach (var server in servers) Console.WriteLine($"{server.Name} {Figures.Beside($"beside {kind}", Figures.Median(alone[server]), Figures.Median(beside[server][kind]))}");
    foreach (var traffic in lines.Values) traffic.Dispose();
    foreach (var process in enemies.Values) process.Dispose();
}

Traffic Steady(Server server, LongHistogram histogram)
{
    var traffic = new Traffic { Rate = Number("rate", 1000) };
    for (var i = 1; i <= sessions; i++) traffic.Add(Connect(server, i, histogram), 0);
    return traffic;
}

// Sessions at a steady rate, without and with another that is sent everything again.
void Resend(Server venue)
{
    var messages = (long)Number("messages", 100_000);
    using var noise = new Noise(venue, sessions + 1, $"{++run}");
    using var traffic = new Traffic { Rate = Number("rate", 1000) };
    var histogram = NewHistogram();
    for (var i = 1; i <= sessions; i++) traffic.Add(Connect(venue, i, histogram), 0);
    noise.Order($"fill {messages}");
    noise.Wait();
    var (quiet, beside) = (new List<Figures>(), new List<Figures>());
    for (var round = 0; round <= rounds; round++)
    {
        histogram.Reset();
        var alone = Measure(venue, traffic, histogram, TimeSpan.FromSeconds(seconds));
        histogram.Reset();
        var (cpu, since) = (venue.CpuUs, System.Diagnostics.Stopwatch.GetTimestamp());
        noise.Order($"resend {messages}");
        traffic.Run(TimeSpan.FromMinutes(2), isMeasured: true, () => noise.Answer.IsCompleted);
        var during = Figures.Of(histogram, System.Diagnostics.Stopwatch.GetElapsedTime(since), venue.CpuUs - cpu);
        if (round == 0) continue;
        quiet.Add(alone);
        beside.Add(during);
        Console.WriteLine($"round {round} alone {alone}\n        beside a resend {during}; {noise.Wait()}");
    }
    Console.WriteLine(Figures.Beside("beside a resend", Figures.Median(quiet), Figures.Median(beside)));
}

// Orders on many instruments at a steady rate: alone, with many sessions that read all their books, and alone beside a broadcaster that sends as much to as many.
void Market()
{
    var (instruments, readers) = ((int)Number("instruments", 100), (int)Number("readers", 200));
    using var config = new Folder(from, instruments + readers);
    MarketFolder.Extend(config.Path, instruments, firstReader: instruments + 1, readers);
    using var venue = Server.Venue(program, config.Path, Text("durability", "async"), venueOptions);
    using var broadcaster = new Broadcaster();
    using var fleet = new Readers(venue, instruments + 1, readers, broadcaster);
    using var traffic = new Traffic { Rate = Number("rate", 20_000) };
    var histogram = NewHistogram();
    for (var i = 1; i <= instruments; i++) traffic.Add(new Session(SessionFolder.CompID(i), $"{++run}", venue.EndPoint, isEcho: false, histogram, symbol: MarketFolder.Symbol(i)), 0);
    var (alone, beside, plain) = (new List<Figures>(), new List<Figures>(), new List<Figures>());
    for (var round = 0; round <= rounds; round++)
    {
        histogram.Reset();
        var without = Measure(venue, traffic, histogram, TimeSpan.FromSeconds(seconds));
        fleet.Watch((int)Number("each", instruments), Text("conflate", "no") == "yes");
        histogram.Reset();
        var with = Measure(venue, traffic, histogram, TimeSpan.FromSeconds(seconds));
        var told = fleet.Stop();
        fleet.Listen();
        broadcaster.Go(told.Reads / readers, told.Bytes / told.Reads);
        histogram.Reset();
        var besidePlain = Measure(venue, traffic, histogram, TimeSpan.FromSeconds(seconds));
        broadcaster.Stop();
        var toldPlain = fleet.Stop();
        if (round == 0) continue;
        alone.Add(without);
        beside.Add(with);
        plain.Add(besidePlain);
        Console.WriteLine($"round {round} alone {without}\n        read by {readers} sessions {with}; {told}\n        beside the broadcaster {besidePlain}; {toldPlain}");
    }
    var (a, b, p) = (Figures.Median(alone), Figures.Median(beside), Figures.Median(plain));
    Console.WriteLine(Figures.Beside($"read by {readers} sessions", a, b));
    Console.WriteLine(Figures.Beside("beside the broadcaster", a, p));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"read by {readers} sessions to beside the broadcaster: p50 x{b.P50Us / p.P50Us:N2}, p99 x{b.P99Us / p.P99Us:N2}"));
}

// From an order on one session to the level on another's screen, one at a time, beside a TCP echo of the order's bytes.
void Tick()
{
    using var config = new Folder(from, 2);
    MarketFolder.Extend(config.Path, 0, firstReader: 2, readers: 1);
    using var venue = Server.Venue(program, config.Path, Text("durability", "async"), venueOptions);
    using var echo = Server.Echo();
    var (floor, published) = (new List<Figures>(), new List<Figures>());
    for (var round = 0; round <= rounds; round++)
    {
        var histogram = NewHistogram();
        var beside = Drive(echo, 1, 1, 0, TimeSpan.FromSeconds(seconds));
        Ticks.Run(venue, $"{++run}", histogram, TimeSpan.FromSeconds(seconds));
        var figures = Figures.Of(histogram, TimeSpan.FromSeconds(seconds), 0);
        if (round == 0) continue;
        floor.Add(beside);
        published.Add(figures);
        Console.WriteLine($"round {round} echo {beside}\n        tick to published {figures}");
    }
    Console.WriteLine(Figures.Beside("tick to published", Figures.Median(floor), Figures.Median(published)));
}

Figures Drive(Server server, int count, int window, double rate, TimeSpan time)
{
    using var traffic = new Traffic { Rate = rate };
    var histogram = NewHistogram();
    for (var i = 1; i <= count; i++) traffic.Add(Connect(server, i, histogram), window);
    var figures = Measure(server, traffic, histogram, time);
    if (count > 1) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"        of the mean, the slowest session was answered {traffic.Shares.Least:P0}, the fastest {traffic.Shares.Most:P0}"));
    traffic.Settle();
    return figures;
}

Figures Measure(Server server, Traffic traffic, LongHistogram histogram, TimeSpan time)
{
    traffic.Run(time / 4, isMeasured: false);
    var cpu = server.CpuUs;
    var refused = traffic.Refused;
    traffic.Run(time, isMeasured: true);
    if (traffic.Refused > refused) Console.WriteLine($"        ({traffic.Refused - refused} requests refused: over the rate, or the disk was behind)");
    return Figures.Of(histogram, time, server.CpuUs - cpu);
}

Session Connect(Server server, int n, LongHistogram histogram) => new(SessionFolder.CompID(n), $"{++run}", server.EndPoint, server.IsEcho, histogram);

void WithVenue(Action<Server> action)
{
    using var config = new Folder(from, sessions + 1);
    using var venue = Server.Venue(program, config.Path, Text("durability", "async"), venueOptions);
    var before = venue.Memory;
    action(venue);
    var after = venue.Memory;
    Console.WriteLine($"memory at the start {before.All >> 20} MiB (not files {before.Anonymous >> 20}), at the end {after.All >> 20} MiB (not files {after.Anonymous >> 20})");
}

static LongHistogram NewHistogram() => new(TimeSpan.FromMinutes(5).Ticks * 100, 3);

string Text(string name, string otherwise) => options.GetValueOrDefault(name, otherwise);

double Number(string name, double otherwise) => options.TryGetValue(name, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

static string FindRoot()
{
    for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        if (File.Exists(Path.Combine(folder.FullName, "Venue.sln"))) return folder.FullName;
    throw new InvalidOperationException($"No Venue.sln above {AppContext.BaseDirectory}");
}

/// <summary>A configuration folder that goes away with the run.</summary>
internal sealed class Folder : IDisposable
{
    public Folder(string from, int sessions, string own = "", string defaults = "") => SessionFolder.Write(from, Path, sessions, defaults, _ => own);

    public Folder(Action<string> write) => write(Path);

    public string Path { get; } = Directory.CreateTempSubdirectory("venue-load-config-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
