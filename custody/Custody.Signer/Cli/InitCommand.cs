using System.CommandLine;
using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;

namespace Custody.Signer.Cli;

/// <summary>
/// The key ceremony: makes what is missing (tokens, PINs, keys, the callers' token) and prints the public keys. Running it
/// again makes nothing new.
/// </summary>
internal static class InitCommand
{
    public static Command Make()
    {
        var config = Arguments.Config();
        var command = new Command("init", "Key ceremony: makes tokens, PINs and keys that are missing and prints the public keys.") { config };
        command.SetAction(result => Arguments.WithFile(result.GetValue(config)!, (file, _) => Run(file)));
        return command;
    }

    private static int Run(SignerFile file)
    {
        if (file.SofthsmConf is { } conf) MakeSoftHsm(file, file.Locate(conf));
        MakeSecret(file.Locate(file.TokenFile), 32);
        using var library = SignerParts.OpenLibrary(file);
        foreach (var token in file.Chains.SelectMany(c => c.Tokens))
        {
            var pinFile = file.Locate(token.PinFile);
            if (library.SlotOf(token.Label) is not null) continue;
            if (File.Exists(pinFile)) throw new InvalidDataException($"{pinFile} is there but the HSM has no token '{token.Label}': this may be another HSM");
            // The security officer's PIN stays beside the user's PIN; whoever runs the ceremony takes both files away.
            var officerPin = MakeSecret(pinFile + ".so", 16);
            library.InitToken(token.Label, officerPin, MakeSecret(pinFile, 16));
            Console.WriteLine($"token      {token.Label} made, PINs in {pinFile} and {pinFile}.so");
        }
        foreach (var chain in file.Chains)
        {
            using var ring = SignerParts.OpenRing(file, chain, library);
            ring.Ensure(SignerParts.HotGroup);
            foreach (var address in ring.Own.Values)
            {
                Console.WriteLine($"address    {address.ChainID} {address.Group} {address.Address}");
                foreach (var (key, token) in address.PublicKeys.Zip(chain.Tokens)) Console.WriteLine($"public key {token.Label} {Convert.ToHexStringLower(key.Span)}");
            }
        }
        return 0;
    }

    private static void MakeSoftHsm(SignerFile file, string conf)
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var tokens = Path.Combine(Path.GetDirectoryName(conf)!, "tokens");
        Directory.CreateDirectory(tokens, owner);
        if (!File.Exists(conf)) File.WriteAllText(conf, $"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n");
    }

    private static string MakeSecret(string path, int bytes)
    {
        if (File.Exists(path)) return SignerParts.Secret(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var secret = RandomNumberGenerator.GetHexString(2 * bytes, lowercase: true);
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        file.Write(System.Text.Encoding.ASCII.GetBytes(secret + "\n"));
        file.Flush(flushToDisk: true);
        return secret;
    }
}
