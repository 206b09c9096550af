using System.Buffers;
using System.Text.Json;

namespace LiquidityBridge.Exchanges.CoinbaseFeed;

/// <summary>Writes subscriptions of the Exchange feed.</summary>
internal static class FeedSubscription
{
    private const string Verified = "/users/self/verify";

    /// <summary>subscribe or unsubscribe; signed with a key, since level2 and user are not open to everybody.</summary>
    public static byte[] Of(string type, IEnumerable<string> channels, IEnumerable<string> products, FeedKey? key, long seconds)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var w = new Utf8JsonWriter(bytes))
        {
            w.WriteStartObject();
            w.WriteString("type", type);
            w.WriteStartArray("product_ids");
            foreach (var product in products) w.WriteStringValue(product);
            w.WriteEndArray();
            w.WriteStartArray("channels");
            foreach (var channel in channels) w.WriteStringValue(channel);
            w.WriteEndArray();
            if (key is not null)
            {
                // Documentation, "WebSocket Authentication".
                w.WriteString("signature", key.Sign(seconds, "GET", Verified));
                w.WriteString("key", key.Name);
                w.WriteString("passphrase", key.Passphrase);
                w.WriteString("timestamp", $"{seconds}");
            }
            w.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }
}
