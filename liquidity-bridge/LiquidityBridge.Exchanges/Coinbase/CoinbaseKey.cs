using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LiquidityBridge.Exchanges.Coinbase;

/// <summary>A CDP API key: its name, and the private key (P-256) that its tokens are signed with. Any thread.</summary>
public sealed class CoinbaseKey : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ECDsa _key = ECDsa.Create();

    /// <summary>A key.</summary>
    /// <param name="name">organizations/{org}/apiKeys/{key}</param>
    /// <param name="pem">As Coinbase gives it; line ends may be written \n.</param>
    /// <exception cref="ArgumentException">It is not a private key.</exception>
    public CoinbaseKey(string name, string pem)
    {
        Name = name;
        _key.ImportFromPem(pem.Replace("\\n", "\n", StringComparison.Ordinal));
        if (_key.KeySize != 256) throw new ArgumentException("not a P-256 key: ES256 needs one", nameof(pem));
    }

    /// <summary>The key's name.</summary>
    public string Name { get; }

    /// <summary>A new token (RFC 7519, ES256), good from <paramref name="nowSeconds"/> for <paramref name="lifeSeconds"/>, both since 1970 by Coinbase's clock.</summary>
    /// <param name="uri">"GET host/path" for REST; null for a WebSocket.</param>
    /// <param name="nowSeconds">From when.</param>
    /// <param name="lifeSeconds">For how long; Coinbase takes 120 at most.</param>
    public string Token(string? uri, long nowSeconds, int lifeSeconds)
    {
        var nonce = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var claim = uri is null ? "" : string.Create(CultureInfo.InvariantCulture, $",\"uri\":\"{uri}\"");
        var text = Encode($$"""{"alg":"ES256","typ":"JWT","kid":"{{Name}}","nonce":"{{nonce}}"}""") + "."
            + Encode(string.Create(CultureInfo.InvariantCulture, $$"""{"sub":"{{Name}}","iss":"cdp","nbf":{{nowSeconds}},"exp":{{nowSeconds + lifeSeconds}}{{claim}}}"""));
        lock (_lock) return $"{text}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))}";
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    public void Dispose() => _key.Dispose();

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
