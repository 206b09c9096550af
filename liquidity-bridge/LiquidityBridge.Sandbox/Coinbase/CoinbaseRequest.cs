using System.Text.Json;

namespace LiquidityBridge.Sandbox.Coinbase;

/// <summary>One message of a WebSocket client, taken apart. Parsing looks at nothing but the bytes.</summary>
internal sealed class CoinbaseRequest
{
    /// <summary>Largest message taken, in bytes.</summary>
    public const int BytesMax = 64 << 10;

    private const int ProductsMax = 200;

    /// <summary>subscribe or unsubscribe.</summary>
    public string Type { get; private init; } = "";

    /// <summary>level2, user...</summary>
    public string Channel { get; private init; } = "";

    /// <summary>The token; empty for none.</summary>
    public string Jwt { get; private init; } = "";

    /// <summary>Products; empty for all.</summary>
    public IReadOnlyList<string> Products { get; private init; } = [];

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Fault { get; private init; }

    /// <summary>Takes the bytes of one message apart.</summary>
    public static CoinbaseRequest Parse(ReadOnlyMemory<byte> utf8)
    {
        if (!Json.TryParse(utf8, out var root) || root.ValueKind != JsonValueKind.Object) return new CoinbaseRequest { Fault = "failed to unmarshal request" };
        var (type, channel, jwt) = (Text(root, "type"), Text(root, "channel"), Text(root, "jwt"));
        if (type is not ("subscribe" or "unsubscribe")) return new CoinbaseRequest { Fault = "unknown request type" };
        if (channel is null) return new CoinbaseRequest { Fault = "channel is required" };
        List<string> products = [];
        if (root.TryGetProperty("product_ids", out var ids))
        {
            if (ids.ValueKind != JsonValueKind.Array || ids.GetArrayLength() > ProductsMax || ids.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String)) return new CoinbaseRequest { Fault = "product_ids must be a list of product ids" };
            products.AddRange(ids.EnumerateArray().Select(e => e.GetString()!));
        }
        return new CoinbaseRequest { Type = type, Channel = channel, Jwt = jwt ?? "", Products = products };
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
