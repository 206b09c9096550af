using System.CommandLine;
using System.Runtime.InteropServices;
using Custody.Policy;
using Custody.Signer.Hsm;

namespace Custody.Signer.Cli;

/// <summary>Opens the HSM and the log, then answers until SIGTERM or Ctrl-C.</summary>
internal static class RunCommand
{
    public static Command Make()
    {
        var config = Arguments.Config();
        var command = new Command("run", "Answers signing requests on its Unix socket.") { config };
        command.SetAction(result => Arguments.WithFile(result.GetValue(config)!, Run));
        return command;
    }

    private static int Run(SignerFile file, PolicyTerms terms)
    {
        var token = SignerParts.Secret(file.Locate(file.TokenFile));
        using var log = new SignerLog(file.Locate(file.Log));
        using var library = SignerParts.OpenLibrary(file);
        var rings = new List<KeyRing>();
        try
        {
            foreach (var chain in file.Chains) rings.Add(SignerParts.OpenRing(file, chain, library));
            var desk = new SigningDesk(terms, rings, log, () => DateTimeOffset.UtcNow.ToUnixTimeSeconds());
            using var server = new SocketServer(file.Locate(file.Socket), token, desk);
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
            if (log.HaltedBecause is { } reason) Console.WriteLine($"Signing is stopped ({reason}) until 'signer resume'.");
            Console.WriteLine($"READY signer={file.Locate(file.Socket)} addresses={rings.Sum(r => r.Own.Count)}");
            server.Run();
            return 0;

            void Stop(PosixSignalContext context)
            {
                context.Cancel = true;
                server.Dispose();
            }
        }
        finally
        {
            foreach (var ring in rings) ring.Dispose();
        }
    }
}
