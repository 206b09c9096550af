using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Custody.Signer.Hsm;

/// <summary>One token, logged in: its secp256k1 keys by label. Keys are made in it and never leave it.</summary>
internal sealed class Token : IDisposable
{
    // DER of the OID 1.3.132.0.10, secp256k1.
    private static readonly byte[] Curve = [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x0A];

    private readonly ISession _session;
    // C_FindObjects by label gets slow with thousands of keys: found once, kept.
    private readonly Dictionary<string, (IObjectHandle Private, byte[] PublicKey)> _keys = new(StringComparer.Ordinal);

    /// <summary>The token's label.</summary>
    public string Label { get; }

    public Token(Pkcs11 library, string label, string pin)
    {
        Label = label;
        var slot = library.SlotOf(label) ?? throw new InvalidDataException($"the HSM has no token '{label}': run 'signer init'");
        _session = slot.OpenSession(SessionType.ReadWrite);
        try
        {
            _session.Login(CKU.CKU_USER, pin);
            foreach (var key in _session.FindAllObjects([Is(CKA.CKA_CLASS, CKO.CKO_PRIVATE_KEY), Is(CKA.CKA_KEY_TYPE, CKK.CKK_EC)]))
                Keep(key);
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>Labels of all keys.</summary>
    public IReadOnlyCollection<string> Keys => _keys.Keys;

    /// <summary>The compressed public key; null when there is no such key.</summary>
    public byte[]? PublicKeyOf(string label) => _keys.TryGetValue(label, out var key) ? key.PublicKey : null;

    /// <summary>Makes a key pair in the HSM: sensitive, not extractable, for signing alone.</summary>
    public byte[] Generate(string label)
    {
        if (_keys.ContainsKey(label)) throw new InvalidOperationException($"token '{Label}' has a key '{label}' already");
        using var mechanism = Pkcs11.Factories.MechanismFactory.Create(CKM.CKM_EC_KEY_PAIR_GEN);
        _session.GenerateKeyPair(mechanism,
            [Is(CKA.CKA_TOKEN, true), Is(CKA.CKA_VERIFY, true), Is(CKA.CKA_EC_PARAMS, Curve), Is(CKA.CKA_LABEL, label)],
            [
                Is(CKA.CKA_TOKEN, true), Is(CKA.CKA_PRIVATE, true), Is(CKA.CKA_SENSITIVE, true), Is(CKA.CKA_EXTRACTABLE, false),
                Is(CKA.CKA_SIGN, true), Is(CKA.CKA_DECRYPT, false), Is(CKA.CKA_UNWRAP, false), Is(CKA.CKA_DERIVE, false), Is(CKA.CKA_LABEL, label),
            ],
            out _, out var made);
        Keep(made);
        return _keys[label].PublicKey;
    }

    /// <summary>ECDSA over 32 bytes: r and s as the HSM gives them, s high or low.</summary>
    public byte[] Sign(string label, byte[] digest)
    {
        if (digest.Length != 32) throw new InvalidOperationException("only 32-byte digests are signed");
        if (!_keys.TryGetValue(label, out var key)) throw new InvalidDataException($"token '{Label}' has no key '{label}'");
        using var mechanism = Pkcs11.Factories.MechanismFactory.Create(CKM.CKM_ECDSA);
        return _session.Sign(mechanism, key.Private, digest);
    }

    public void Dispose() => _session.Dispose();

    private void Keep(IObjectHandle key)
    {
        var read = _session.GetAttributeValue(key, [CKA.CKA_LABEL, CKA.CKA_SENSITIVE, CKA.CKA_EXTRACTABLE, CKA.CKA_NEVER_EXTRACTABLE]);
        var label = read[0].GetValueAsString();
        if (!read[1].GetValueAsBool() || read[2].GetValueAsBool() || !read[3].GetValueAsBool())
            throw new InvalidDataException($"key '{label}' of token '{Label}' can be, or once could be, taken out of the HSM: it must not be used");
        var publics = _session.FindAllObjects([Is(CKA.CKA_CLASS, CKO.CKO_PUBLIC_KEY), Is(CKA.CKA_LABEL, label)]);
        if (publics.Count != 1) throw new InvalidDataException($"token '{Label}' has {publics.Count} public keys '{label}'");
        // CKA_EC_POINT is the point as a DER OCTET STRING: 04 41, then 04 X Y.
        var point = _session.GetAttributeValue(publics[0], [CKA.CKA_EC_POINT])[0].GetValueAsByteArray();
        if (point.Length != 67 || point[0] != 0x04 || point[1] != 0x41) throw new InvalidDataException($"the point of key '{label}' is not an uncompressed one");
        if (!_keys.TryAdd(label, (key, Secp256k1.Convert(point.AsSpan(2), compressed: true)))) throw new InvalidDataException($"token '{Label}' has two keys '{label}'");
    }

    private static IObjectAttribute Is(CKA type, CKO value) => Pkcs11.Factories.ObjectAttributeFactory.Create(type, value);
    private static IObjectAttribute Is(CKA type, CKK value) => Pkcs11.Factories.ObjectAttributeFactory.Create(type, value);
    private static IObjectAttribute Is(CKA type, bool value) => Pkcs11.Factories.ObjectAttributeFactory.Create(type, value);
    private static IObjectAttribute Is(CKA type, string value) => Pkcs11.Factories.ObjectAttributeFactory.Create(type, value);
    private static IObjectAttribute Is(CKA type, byte[] value) => Pkcs11.Factories.ObjectAttributeFactory.Create(type, value);
}
