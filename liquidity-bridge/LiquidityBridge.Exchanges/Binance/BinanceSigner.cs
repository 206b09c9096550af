using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace LiquidityBridge.Exchanges.Binance;

/// <summary>An API key and what proves it: an HMAC-SHA256 secret, or an Ed25519 private key (binance-spot-api-docs, "SIGNED request security").</summary>
public sealed class BinanceSigner
{
    private readonly byte[]? _secret;
    private readonly Ed25519PrivateKeyParameters? _privateKey;

    private BinanceSigner(string apiKey, byte[]? secret, Ed25519PrivateKeyParameters? privateKey) => (ApiKey, _secret, _privateKey) = (apiKey, secret, privateKey);

    /// <summary>The key's name.</summary>
    public string ApiKey { get; }

    /// <summary>Only Ed25519 keys can log a session on.</summary>
    public bool OpensSessions => _privateKey is not null;

    /// <summary>A key with an HMAC secret, as Binance shows it.</summary>
    public static BinanceSigner Hmac(string apiKey, string secret) => new(apiKey, Encoding.UTF8.GetBytes(secret), null);

    /// <summary>A key with an Ed25519 private key: its seed, 32 bytes (RFC 8032).</summary>
    public static BinanceSigner Ed25519(string apiKey, byte[] seed) => new(apiKey, null, new Ed25519PrivateKeyParameters(seed));

    /// <summary>Signs the parameters, joined in the order of their names: hexadecimal for HMAC, base64 for Ed25519.</summary>
    public string Sign(string payload)
    {
        var bytes = Encoding.UTF8.GetBytes(payload);
        if (_privateKey is null) return Convert.ToHexStringLower(HMACSHA256.HashData(_secret!, bytes));
        var signer = new Ed25519Signer();
        signer.Init(forSigning: true, _privateKey);
        signer.BlockUpdate(bytes, 0, bytes.Length);
        return Convert.ToBase64String(signer.GenerateSignature());
    }
}
