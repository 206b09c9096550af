using System.Text.Json;

namespace LiquidityBridge.Sandbox.CoinbaseFeed;

/// <summary>One message of a client of the feed, taken apart. Parsing looks at nothing but the bytes.</summary>
internal sealed class FeedRequest
{
    /// <summary>Largest message taken, in bytes.</summary>
    public const int BytesMax = 64 << 10;

    private const int ListMax = 200;

    /// <summary>subscribe or unsubscribe.</summary>
    public string Type { get; private init; } = "";

    /// <summary>Channels, each with its products.</summary>
    public IReadOnlyList<(string Channel, IReadOnlyList<string> Products)> Channels { get; private init; } = [];

    /// <summary>key, passphrase, timestamp and signature; empty where there is none.</summary>
    public (string Key, string Passphrase, string Timestamp, string Signature) Login { get; private init; } = ("", "", "", "");

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Fault { get; private init; }

    /// <summary>Takes the bytes of one message apart.</summary>
    public static FeedRequest Parse(ReadOnlyMemory<byte> utf8)
    {
        if (!Json.TryParse(utf8, out var root) || root.ValueKind != JsonValueKind.Object) return Bad("Malformed JSON");
        var type = Text(root, "type");
        if (type is not ("subscribe" or "unsubscribe")) return Bad("unknown message type");
        if (Texts(root, "product_ids") is not { } products) return Bad("product_ids must be a list of product ids");
        if (!root.TryGetProperty("channels", out var given) || given.ValueKind != JsonValueKind.Array || given.GetArrayLength() > ListMax) return Bad("channels must be a list");
        var channels = new List<(string, IReadOnlyList<string>)>();
        foreach (var channel in given.EnumerateArray())
        {
            // A name alone is for the products of the message; an object can name its own.
            if (channel.ValueKind == JsonValueKind.String) channels.Add((channel.GetString()!, products));
            else if (channel.ValueKind == JsonValueKind.Object && Text(channel, "name") is { Length: > 0 } name && Texts(channel, "product_ids") is { } own) channels.Add((name, own.Count > 0 ? own : products));
            else return Bad("channels must be names or objects with a name");
        }
        return new FeedRequest { Type = type, Channels = channels, Login = (Text(root, "key"), Text(root, "passphrase"), Text(root, "timestamp"), Text(root, "signature")) };
    }

    private static FeedRequest Bad(string fault) => new() { Fault = fault };

    private static string Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.String ? value.GetString()! : value.ValueKind == JsonValueKind.Number ? value.GetRawText() : "" : "";

    private static List<string>? Texts(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var list)) return [];
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > ListMax || list.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String)) return null;
        return [.. list.EnumerateArray().Select(e => e.GetString()!)];
    }
}
