using System.CommandLine;
using House.Launch;
using House.Prepare;

namespace House.Cli;

/// <summary>Starts everything that house.cfg names and keeps it running.</summary>
internal static class UpCommand
{
    private const int NotStarted = 2;

    public static Command Make()
    {
        var exchanges = new Option<string>("--exchanges") { Description = "sandbox: the stand-in exchanges; live: public market data of the real ones, trading on paper", HelpName = "sandbox|live", DefaultValueFactory = _ => "sandbox" };
        exchanges.AcceptOnlyFromAmong("sandbox", "live");
        var command = new Command("up", "Starts everything that house.cfg names, and starts again what ends; Ctrl-C stops it all.") { Places.Config, Places.Data, exchanges };
        command.SetAction(result =>
        {
            try
            {
                // What is on paper has a journal of its own: it must never be taken for what was traded.
                var file = Places.File(result, result.GetValue(exchanges) == "live" ? new Dictionary<string, string> { ["Exchanges"] = "live", ["BridgeConfig"] = "bridge-live.cfg", ["BridgeData"] = "bridge-live" } : null);
                return new Supervisor(file, new Dictionary<string, Action<Action<string>>>
                {
                    ["sample-chains"] = say => SampleChains.Run(file, say),
                    ["sample-custody"] = say => SampleCustody.Run(file, say),
                }).Run();
            }
            catch (InvalidDataException e)
            {
                Console.Error.WriteLine($"house: {e.Message}");
                return NotStarted;
            }
        });
        return command;
    }
}
