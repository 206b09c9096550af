using Custody.Signer.Bitcoin;
using Custody.Signer.Ethereum;
using Custody.Signer.Hsm;

namespace Custody.Signer;

/// <summary>Opens what the settings name: the HSM's library, its tokens, the keys of each network.</summary>
internal static class SignerParts
{
    /// <summary>The keys that an address of the house is made of: withdrawals' change returns there.</summary>
    public const string HotGroup = "hot";

    public static Pkcs11 OpenLibrary(SignerFile file) => Pkcs11.Open(file.Locate(file.Library), file.SofthsmConf is { } conf ? file.Locate(conf) : null);

    public static KeyRing OpenRing(SignerFile file, ChainSetting chain, Pkcs11 library)
    {
        var tokens = new List<Token>();
        try
        {
            foreach (var token in chain.Tokens) tokens.Add(new Token(library, token.Label, Secret(file.Locate(token.PinFile))));
            var ring = new KeyRing(CheckOf(chain), tokens);
            ring.Load();
            return ring;
        }
        catch
        {
            foreach (var token in tokens) token.Dispose();
            throw;
        }
    }

    /// <summary>A secret's file, which nobody else may read.</summary>
    public static string Secret(string path)
    {
        if (!File.Exists(path)) throw new InvalidDataException($"{path} does not exist: run 'signer init'");
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if ((File.GetUnixFileMode(path) & others) != 0) throw new InvalidDataException($"{path}: others may read it (chmod 600)");
        return File.ReadAllText(path).Trim();
    }

    private static ITransactionCheck CheckOf(ChainSetting chain) => chain.IsBitcoin
        ? new BitcoinCheck(chain.Chain, new BitcoinScripts(chain.Bech32!, chain.Base58![0], chain.Base58[1]))
        : new EthereumCheck(chain.Chain, chain.NativeAsset, chain.Contracts.ToDictionary(c => c.Asset, c => c.Address.ToLowerInvariant()), chain.GasMax);
}
