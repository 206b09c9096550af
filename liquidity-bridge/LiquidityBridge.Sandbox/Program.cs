using System.Runtime.InteropServices;
using LiquidityBridge.Sandbox;

const int Stopped = 0, Failed = 1, NotStarted = 2;

var options = Options.Read(args, out var fault);
if (fault is not null)
{
    Console.Error.WriteLine($"sandbox: {fault}\n{Options.Usage}");
    return NotStarted;
}
var settings = Settings.Read(options.SettingsFile);
if (settings.Faults.Count > 0)
{
    Console.Error.WriteLine($"sandbox: not started:\n  {string.Join("\n  ", settings.Faults)}");
    return NotStarted;
}

var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    await using var sandbox = await Sandbox.Start(options, settings);
    Console.WriteLine($"READY kraken={sandbox.Kraken} fix={sandbox.Fix} okx={sandbox.Okx} coinbase={sandbox.Coinbase} coinbase-exchange={sandbox.CoinbaseExchange} binance={sandbox.Binance} control={sandbox.Control}");
    Console.WriteLine($"Faults and state: http://{sandbox.Control}/#{Uri.EscapeDataString(settings.ControlToken)}");
    await stopping.Task;
}
catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or InvalidDataException)
{
    Console.Error.WriteLine($"sandbox: {e.Message}");
    return Failed;
}
Console.WriteLine("Stopped.");
return Stopped;

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stopping.TrySetResult();
}
