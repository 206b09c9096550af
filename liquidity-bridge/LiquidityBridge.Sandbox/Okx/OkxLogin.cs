using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LiquidityBridge.Sandbox.Okx;

/// <summary>Who may log in, and how that is proven: docs-v5, "Login" and "REST Authentication".</summary>
internal sealed class OkxLogin(IReadOnlyList<OkxMember> members)
{
    private const long ValidNs = 30_000_000_000;

    /// <summary>The WebSocket's login: timestamp in seconds, signed with GET /users/self/verify.</summary>
    public (OkxError? Error, OkxMember? Member) Check(OkxArguments arguments, long nowNs)
    {
        arguments.Only("apiKey", "passphrase", "timestamp", "sign");
        var (key, passphrase, timestamp, sign) = (arguments.RequiredText("apiKey"), arguments.RequiredText("passphrase"), arguments.RequiredText("timestamp"), arguments.RequiredText("sign"));
        if (arguments.Fault is not null) return (OkxError.InvalidArgs, null);
        if (Find(key) is not { } member) return (OkxError.InvalidKey, null);
        if (!Same(passphrase, member.Account.Passphrase)) return (OkxError.WrongPassphrase, null);
        // ccxt sends whole seconds, OKX's own example "Date.now() / 1000" with a fraction.
        if (!decimal.TryParse(timestamp, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds > long.MaxValue / 1_000_000_000) return (OkxError.InvalidTimestamp, null);
        if (Math.Abs(nowNs - (long)(seconds * 1_000_000_000)) > ValidNs) return (OkxError.TimestampExpiredSocket, null);
        return Same(sign, Sign(member, timestamp + "GET/users/self/verify")) ? (null, member) : (OkxError.InvalidSign, null);
    }

    /// <summary>A REST request: timestamp in ISO 8601, signed with method, path and query, and body.</summary>
    public (OkxError? Error, OkxMember? Member) Check(string key, string passphrase, string timestamp, string sign, string method, string pathAndQuery, string body, long nowNs)
    {
        if (key.Length == 0) return (OkxError.NoKeyHeader, null);
        if (!DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return (OkxError.InvalidTimestampHeader, null);
        if (Math.Abs(nowNs - (time - DateTimeOffset.UnixEpoch).Ticks * 100) > ValidNs) return (OkxError.TimestampExpired, null);
        if (Find(key) is not { } member) return (OkxError.InvalidKeyHeader, null);
        if (!Same(passphrase, member.Account.Passphrase)) return (OkxError.WrongPassphraseHeader, null);
        return Same(sign, Sign(member, timestamp + method + pathAndQuery + body)) ? (null, member) : (OkxError.InvalidSignatureHeader, null);
    }

    private OkxMember? Find(string key) => members.FirstOrDefault(m => m.Account.ApiKey == key);

    private static string Sign(OkxMember member, string text) => Convert.ToBase64String(HMACSHA256.HashData(member.Account.ApiSecret, Encoding.UTF8.GetBytes(text)));

    private static bool Same(string given, string expected) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
