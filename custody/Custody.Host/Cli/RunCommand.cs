using System.Collections;
using System.CommandLine;
using Custody.Host.Config;
using Custody.Host.Workers;
using Custody.Policy;

namespace Custody.Host.Cli;

/// <summary>Reads every option and file, says all faults at once, and runs.</summary>
internal static class RunCommand
{
    /// <summary>Exit codes: 0 stopped cleanly, 1 stopped by a fault, 2 not started.</summary>
    private const int Failed = 1, NotStarted = 2;

    public static void Add(RootCommand root)
    {
        var options = OptionTable.All.ToDictionary(
            o => o.Name,
            o => new Option<string?>("--" + OptionTable.Flag(o.Name)) { Description = $"{o.Help} [{OptionTable.Variable(o.Name)}]", HelpName = o.Value });
        foreach (var option in options.Values) root.Options.Add(option);
        root.SetAction((result, _) => Run(options.Where(o => result.GetValue(o.Value) is not null).ToDictionary(o => o.Key, o => result.GetValue(o.Value)!)));
    }

    private static async Task<int> Run(Dictionary<string, string> given)
    {
        var faults = new List<string>();
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => e.Value as string ?? "");
        var options = OptionTable.Read(given, environment, faults);
        var policy = File.Exists(options.Policy) ? PolicyFile.Parse(await File.ReadAllBytesAsync(options.Policy), options.Policy, faults) : null;
        var operators = OperatorsFile.Read(options.Operators, faults);
        // Opened once to find its faults, and again when there is a database that knows our addresses.
        ChainsFile.Read(options.Chains, faults, (_, _) => null);
        if (faults.Count > 0)
        {
            Console.Error.WriteLine($"custody: not started, {faults.Count} {(faults.Count == 1 ? "fault" : "faults")}:");
            foreach (var fault in faults) Console.Error.WriteLine($"  {fault}");
            return NotStarted;
        }
        try
        {
            return await CustodyProcess.Run(new CustodyParts
            {
                Options = options,
                Policy = policy!,
                Operators = operators,
                OpenChains = owner => ChainsFile.Read(options.Chains, faults, owner),
                Signer = new SignerClient(options.Signer, () => File.ReadAllText(options.SignerTokenFile).Trim()),
            });
        }
        catch (Exception e) when (e is IOException or Npgsql.NpgsqlException or InvalidDataException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"custody: {e.Message}");
            return Failed;
        }
    }
}
