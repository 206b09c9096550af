using Custody.Chains;
using Custody.Keys;

namespace Custody.Signer.Hsm;

/// <summary>A network's keys: one token for each key of an address, each with its own PIN, the same label in all of them.</summary>
internal sealed class KeyRing(ITransactionCheck check, IReadOnlyList<Token> tokens) : IDisposable
{
    private readonly Dictionary<string, SignerAddress> _byGroup = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SignerAddress> _byNormalForm = new(StringComparer.Ordinal);

    /// <summary>What reads and judges this network's transactions.</summary>
    public ITransactionCheck Check => check;

    /// <summary>Our addresses by normal form.</summary>
    public IReadOnlyDictionary<string, SignerAddress> Own => _byNormalForm;

    /// <summary>Finds the groups that all tokens have.</summary>
    public void Load()
    {
        if (tokens.Count != check.KeysPerAddress) throw new InvalidDataException($"{check.ChainID} has {tokens.Count} tokens, it needs {check.KeysPerAddress}");
        foreach (var group in tokens[0].Keys)
            if (tokens.All(t => t.PublicKeyOf(group) is not null)) Keep(group);
    }

    /// <summary>The address of a group; its keys are made when they are not there, also those that a crash left out.</summary>
    public SignerAddress Ensure(string group)
    {
        if (_byGroup.TryGetValue(group, out var there)) return there;
        foreach (var token in tokens)
            if (token.PublicKeyOf(group) is null) token.Generate(group);
        return Keep(group);
    }

    /// <summary>Asks as many tokens as have to sign, in the order of the address's keys, for low-S signatures that verify.</summary>
    public IReadOnlyList<TransactionSignature> Sign(Sighash sighash)
    {
        var signatures = new List<TransactionSignature>();
        for (var i = 0; i < tokens.Count && signatures.Count < check.SignaturesPerInput; i++)
        {
            var publicKey = sighash.Owner.PublicKeys[i];
            var rs = Secp256k1.LowS(tokens[i].Sign(sighash.Owner.Group, sighash.Digest));
            if (!Secp256k1.Verify(publicKey.Span, sighash.Digest, rs)) throw new InvalidDataException($"token '{tokens[i].Label}' gave a signature that does not verify");
            var parity = Secp256k1.ParityOf(publicKey.Span, sighash.Digest, rs) ?? throw new InvalidDataException($"token '{tokens[i].Label}' gave a signature from which its key cannot be recovered");
            signatures.Add(new TransactionSignature(publicKey, rs, parity));
        }
        return signatures;
    }

    public void Dispose()
    {
        foreach (var token in tokens) token.Dispose();
    }

    private SignerAddress Keep(string group)
    {
        var keys = tokens.Select(t => (ReadOnlyMemory<byte>)t.PublicKeyOf(group)!).ToArray();
        var address = check.AddressOf(keys);
        var made = new SignerAddress(check.ChainID, group, address, keys);
        _byGroup.Add(group, made);
        _byNormalForm.Add(check.NormalForm(address) ?? throw new InvalidOperationException($"our own address {address} cannot be read"), made);
        return made;
    }
}
