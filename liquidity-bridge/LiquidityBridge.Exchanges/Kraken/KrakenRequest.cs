using System.Buffers;
using System.Text.Json;

namespace LiquidityBridge.Exchanges.Kraken;

/// <summary>Writes requests of the WebSocket API v2.</summary>
internal static class KrakenRequest
{
    /// <summary>method, params, req_id.</summary>
    public static byte[] Of(string method, long reqId, Action<Utf8JsonWriter>? parameters = null)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var w = new Utf8JsonWriter(bytes))
        {
            w.WriteStartObject();
            w.WriteString("method", method);
            if (parameters is not null)
            {
                w.WriteStartObject("params");
                parameters(w);
                w.WriteEndObject();
            }
            w.WriteNumber("req_id", reqId);
            w.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }
}
