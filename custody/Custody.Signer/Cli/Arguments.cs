using System.CommandLine;
using Custody.Policy;
using Net.Pkcs11Interop.Common;

namespace Custody.Signer.Cli;

/// <summary>What all commands have in common: the settings file, and how a failure is said.</summary>
internal static class Arguments
{
    public static Option<string> Config() => new("--config") { Description = "the signer's settings", HelpName = "FILE", DefaultValueFactory = _ => "signer.json" };

    /// <summary>Exit codes: 0 done, 1 failed, 2 the settings cannot be used.</summary>
    public static int WithFile(string path, Func<SignerFile, PolicyTerms, int> run)
    {
        var faults = new List<string>();
        if (SignerFile.Read(path, faults) is not var (file, terms))
        {
            Console.Error.WriteLine($"signer: not started, {faults.Count} {(faults.Count == 1 ? "fault" : "faults")}:");
            foreach (var fault in faults) Console.Error.WriteLine($"  {fault}");
            return 2;
        }
        try
        {
            return run(file, terms);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or Pkcs11Exception or UnauthorizedAccessException or System.Net.Sockets.SocketException or DllNotFoundException or UnmanagedException)
        {
            Console.Error.WriteLine($"signer: {e.Message}");
            return 1;
        }
    }
}
