using System.Collections;
using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using LiquidityBridge.Host;
using LiquidityBridge.Host.Desk;

// Exit codes: 0 stopped cleanly, 1 stopped by a fault, 2 not started.
const int Stopped = 0, Failed = 1, NotStarted = 2;

var root = new RootCommand("Quotes outside liquidity into the venue and hedges what the house ends up holding.");
var given = HostOptions.All.ToDictionary(
    o => o.Name,
    o => new Option<string?>("--" + HostOptions.Flag(o.Name)) { Description = $"{o.Help} [{HostOptions.Variable(o.Name)}]", HelpName = o.Value });
foreach (var option in given.Values) root.Options.Add(option);
root.SetAction(result => Run(given.Where(o => result.GetValue(o.Value) is not null).ToDictionary(o => o.Key, o => result.GetValue(o.Value)!)));
return root.Parse(args).Invoke();

static int Run(Dictionary<string, string> commandLine)
{
    var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => e.Value as string ?? "");
    var faults = new List<string>();
    var options = HostOptions.Read(commandLine, environment, faults);
    var config = File.Exists(options.Config) ? BridgeConfig.Read(options, environment, faults) : null;
    if (faults.Count > 0)
    {
        Console.Error.WriteLine($"bridge: not started, {faults.Count} {(faults.Count == 1 ? "fault" : "faults")}:");
        foreach (var fault in faults) Console.Error.WriteLine($"  {fault}");
        return NotStarted;
    }
    try
    {
        return Serve(options, config!);
    }
    catch (Exception e) when (e is InvalidDataException or IOException or InvalidOperationException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine($"bridge: {e.Message}");
        return Failed;
    }
}

static int Serve(HostOptions options, BridgeConfig config)
{
    using var process = new BridgeProcess(config, options.Data, Say);
    var users = Users.Open(options.DeskUsers.Length > 0 ? options.DeskUsers : Path.Combine(options.Data, "desk.users"), Say);
    using var desk = new DeskServer(process.Loop, config.Core, options.DeskPort, users, Path.Combine(options.Data, "desk.token"), TimeProvider.System, Say);
    desk.Start();
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    Console.WriteLine("Bridge is up.");
    Console.WriteLine($"  venue         {config.Venue.Host}:{config.Venue.Port} as {config.Venue.Session.SenderCompID}, firm {config.Core.Firm}, feed {config.Venue.Feed}");
    foreach (var i in config.Core.Instruments) Console.WriteLine($"  instrument    {i.Symbol}, hedged at {string.Join(", ", i.Markets.Select(m => $"{config.Core.Exchanges[m.Exchange]} {m.Symbol}"))}");
    Console.WriteLine($"  data          {Path.GetFullPath(options.Data)}");
    Console.WriteLine($"  desk          {desk.Address}");
    if (process.Recovered.DroppedBytes > 0) Console.WriteLine($"  dropped       {process.Recovered.DroppedBytes} bytes of an unfinished record at the journal's end");
    process.Start();
    Console.WriteLine($"READY instruments={config.Core.Instruments.Count} exchanges={config.Exchanges.Count} records={process.Recovered.Records}");
    Console.Out.Flush();
    process.Loop.Run();
    Console.WriteLine("Stopped.");
    return Stopped;

    void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        Console.WriteLine("Stopping: pulling all quotes.");
        process.Loop.Stop();
    }
}

static void Say(string line) => Console.Error.WriteLine($"{DateTime.UtcNow.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {line}");
