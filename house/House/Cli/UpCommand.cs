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
        var command = new Command("up", "Starts everything that house.cfg names, and starts again what ends; Ctrl-C stops it all.") { Places.Config, Places.Data };
        command.SetAction(result =>
        {
            try
            {
                var file = Places.File(result);
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
