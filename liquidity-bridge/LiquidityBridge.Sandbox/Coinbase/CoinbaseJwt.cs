using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.Coinbase;

/// <summary>Verifies a JSON Web Token of a CDP key: docs.cdp.coinbase.com, "API Key Authentication" and "Advanced Trade WebSocket Authentication".</summary>
internal sealed class CoinbaseJwt(IReadOnlyList<Account> accounts)
{
    private const int LifeMaxSeconds = 120;

    /// <summary>Whose token it is; null when it is none, is not signed by its key, or is not good now. <paramref name="request"/> is "GET host/path" for REST and null for a WebSocket.</summary>
    public Account? Find(string token, string? request, long nowNs)
    {
        var parts = token.Split('.');
        if (parts.Length != 3 || !TryRead(parts[0], out var header) || !TryRead(parts[1], out var claims) || !TryDecode(parts[2], out var signature)) return null;
        if (Text(header, "alg") != "ES256" || Text(header, "nonce").Length == 0) return null;
        var name = Text(claims, "sub");
        if (Text(header, "kid") != name || accounts.FirstOrDefault(a => a.ApiKey == name) is not { } account) return null;
        var nowSeconds = nowNs / 1_000_000_000;
        if (!Number(claims, "nbf", out var from) || !Number(claims, "exp", out var until) || from > nowSeconds || until < nowSeconds || until - from > LifeMaxSeconds) return null;
        // ccxt leaves the scheme in when it is not https.
        if (request is not null && Text(claims, "uri").Replace(" http://", " ", StringComparison.Ordinal) != request) return null;
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(account.ApiSecret, out _);
        return key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation) ? account : null;
    }

    private static bool TryRead(string part, out JsonElement value)
    {
        value = default;
        return TryDecode(part, out var bytes) && Json.TryParse(bytes, out value) && value.ValueKind == JsonValueKind.Object;
    }

    private static bool TryDecode(string part, out byte[] bytes)
    {
        bytes = [];
        if (!Base64Url.IsValid(part)) return false;
        bytes = Base64Url.DecodeFromChars(part);
        return true;
    }

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static bool Number(JsonElement element, string name, out long number)
    {
        number = 0;
        return element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number);
    }
}
