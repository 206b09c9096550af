using System.CommandLine;
using System.Security.Cryptography;
using Venue.Gateway;

namespace Venue.Host;

/// <summary>Makes the line of credentials.cfg for a password.</summary>
internal static class HashCommand
{
    public static Command Make()
    {
        var command = new Command("hash-password", "Read a password from standard input and print the line for credentials.cfg.");
        command.SetAction(_ =>
        {
            if (Console.ReadLine() is not { Length: > 0 } password)
            {
                Console.Error.WriteLine("hash-password: no password on standard input");
                return 2;
            }
            Console.WriteLine($"Password={Credential.HashOf(password, RandomNumberGenerator.GetBytes(16))}");
            return 0;
        });
        return command;
    }
}
