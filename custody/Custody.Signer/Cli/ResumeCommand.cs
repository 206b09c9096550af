using System.CommandLine;

namespace Custody.Signer.Cli;

/// <summary>Ends a halt. Only here, with the signer stopped: whoever can halt over the socket cannot undo it there.</summary>
internal static class ResumeCommand
{
    public static Command Make()
    {
        var config = Arguments.Config();
        var command = new Command("resume", "Lets a stopped signer sign again from its next start.") { config };
        command.SetAction(result => Arguments.WithFile(result.GetValue(config)!, (file, _) =>
        {
            using var log = new SignerLog(file.Locate(file.Log));
            if (log.HaltedBecause is null)
            {
                Console.WriteLine("Signing was not stopped.");
                return 0;
            }
            log.Append(new LogEntry { Kind = LogKind.Resumed, At = DateTimeOffset.UtcNow.ToUnixTimeSeconds() });
            Console.WriteLine("Signing goes on from the next start.");
            return 0;
        }));
        return command;
    }
}
