using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace LiquidityBridge.Exchanges.Binance;

/// <summary>Writes requests of the WebSocket API: id, method, params.</summary>
internal sealed class BinanceRequest(string method)
{
    private readonly SortedDictionary<string, (string Text, bool IsNumber)> _parameters = new(StringComparer.Ordinal);

    /// <summary>Adds a text.</summary>
    public BinanceRequest With(string name, string text)
    {
        _parameters[name] = (text, false);
        return this;
    }

    /// <summary>Adds a whole number.</summary>
    public BinanceRequest With(string name, long number)
    {
        _parameters[name] = (number.ToString(CultureInfo.InvariantCulture), true);
        return this;
    }

    /// <summary>Adds the key, and the signature over all that was added before.</summary>
    public BinanceRequest Signed(BinanceSigner signer)
    {
        With("apiKey", signer.ApiKey);
        return With("signature", signer.Sign(string.Join('&', _parameters.Select(p => $"{p.Key}={p.Value.Text}"))));
    }

    /// <summary>The message.</summary>
    public byte[] Bytes(long id)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var w = new Utf8JsonWriter(bytes))
        {
            w.WriteStartObject();
            w.WriteNumber("id", id);
            w.WriteString("method", method);
            if (_parameters.Count > 0)
            {
                w.WriteStartObject("params");
                foreach (var (name, (text, isNumber)) in _parameters)
                {
                    w.WritePropertyName(name);
                    if (isNumber) w.WriteRawValue(text);
                    else w.WriteStringValue(text);
                }
                w.WriteEndObject();
            }
            w.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>A request about market streams, whose parameters are a list.</summary>
    public static byte[] OfStreams(string method, long id, IEnumerable<string> streams)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var w = new Utf8JsonWriter(bytes))
        {
            w.WriteStartObject();
            w.WriteString("method", method);
            w.WriteStartArray("params");
            foreach (var stream in streams) w.WriteStringValue(stream);
            w.WriteEndArray();
            w.WriteNumber("id", id);
            w.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }
}
