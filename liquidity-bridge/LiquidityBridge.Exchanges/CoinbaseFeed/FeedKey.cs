using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LiquidityBridge.Exchanges.CoinbaseFeed;

/// <summary>A key of Coinbase Exchange: its name, its secret in base64, and its passphrase.</summary>
/// <remarks>Documentation, "REST API Authentication": base64 of HMAC-SHA256 over timestamp, method, path and body.</remarks>
public sealed class FeedKey
{
    private readonly byte[] _secret;

    /// <summary>A key.</summary>
    /// <param name="name">CB-ACCESS-KEY.</param>
    /// <param name="secret">As Coinbase shows it, in base64.</param>
    /// <param name="passphrase">CB-ACCESS-PASSPHRASE.</param>
    /// <exception cref="FormatException">The secret is not base64.</exception>
    public FeedKey(string name, string secret, string passphrase)
    {
        (Name, Passphrase) = (name, passphrase);
        _secret = Convert.FromBase64String(secret);
    }

    /// <summary>CB-ACCESS-KEY.</summary>
    public string Name { get; }

    /// <summary>CB-ACCESS-PASSPHRASE.</summary>
    public string Passphrase { get; }

    /// <summary>CB-ACCESS-SIGN.</summary>
    /// <param name="seconds">The request's time, since 1970 by Coinbase's clock.</param>
    /// <param name="method">GET, POST, DELETE.</param>
    /// <param name="path">With its query.</param>
    /// <param name="body">Empty for none.</param>
    public string Sign(long seconds, string method, string path, ReadOnlySpan<byte> body = default)
    {
        var head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seconds}{method}{path}"));
        byte[] signed = [.. head, .. body];
        return Convert.ToBase64String(HMACSHA256.HashData(_secret, signed));
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
