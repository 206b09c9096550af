using System.Buffers;
using System.Text.Json;

namespace LiquidityBridge.Exchanges.Coinbase;

/// <summary>Writes subscriptions: one channel each, with a token of its own where the channel is private.</summary>
internal static class CoinbaseSubscription
{
    /// <summary>subscribe or unsubscribe; no products for all, or for none.</summary>
    public static byte[] Of(string type, string channel, IEnumerable<string> products, string? token = null)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var w = new Utf8JsonWriter(bytes))
        {
            w.WriteStartObject();
            w.WriteString("type", type);
            w.WriteString("channel", channel);
            w.WriteStartArray("product_ids");
            foreach (var product in products) w.WriteStringValue(product);
            w.WriteEndArray();
            if (token is not null) w.WriteString("jwt", token);
            w.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }
}
