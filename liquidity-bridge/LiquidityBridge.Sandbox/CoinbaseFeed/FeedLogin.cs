using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.CoinbaseFeed;

/// <summary>Who may ask, and how that is proven: docs.cdp.coinbase.com/exchange, "REST API Authentication" and "WebSocket Authentication".</summary>
internal sealed class FeedLogin(IReadOnlyList<Account> accounts)
{
    private const long ValidNs = 30_000_000_000;

    /// <summary>Whose request it is; the words of the refusal when it is nobody's.</summary>
    /// <param name="key">CB-ACCESS-KEY.</param>
    /// <param name="passphrase">CB-ACCESS-PASSPHRASE.</param>
    /// <param name="timestamp">CB-ACCESS-TIMESTAMP: seconds since 1970, with or without a fraction.</param>
    /// <param name="signature">CB-ACCESS-SIGN.</param>
    /// <param name="text">Method, path and query.</param>
    /// <param name="body">Empty for none.</param>
    /// <param name="nowNs">The exchange's time.</param>
    public (string? Error, Account? Account) Check(string key, string passphrase, string timestamp, string signature, string text, ReadOnlySpan<byte> body, long nowNs)
    {
        if (key.Length == 0) return ("CB-ACCESS-KEY header is required", null);
        if (accounts.FirstOrDefault(a => a.ApiKey == key) is not { } account) return ("Invalid API Key", null);
        if (!decimal.TryParse(timestamp, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds > long.MaxValue / 1_000_000_000) return ("invalid timestamp", null);
        if (Math.Abs(nowNs - (long)(seconds * 1_000_000_000)) > ValidNs) return ("request timestamp expired", null);
        byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp + text), .. body];
        if (!Same(signature, Convert.ToBase64String(HMACSHA256.HashData(account.ApiSecret, signed)))) return ("invalid signature", null);
        return Same(passphrase, account.Passphrase) ? (null, account) : ("Invalid Passphrase", null);
    }

    private static bool Same(string given, string expected) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
