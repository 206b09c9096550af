using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace LiquidityBridge.Exchanges.Kraken;

/// <summary>Reading and writing of Kraken's messages.</summary>
internal static class Json
{
    /// <summary>The message; null when it is not a JSON object.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            var document = JsonDocument.Parse(utf8);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The member's text, or empty when it is absent or no text.</summary>
    public static string Text(this JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String) return "";
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)   // half a surrogate pair
        {
            return "";
        }
    }

    /// <summary>The members of a list; none when it is absent or no list. Anything but objects is passed over.</summary>
    public static IEnumerable<JsonElement> Objects(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object)
            : [];

    /// <summary>The number's digits as they came; empty when it is absent or no number.</summary>
    public static ReadOnlySpan<byte> Digits(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? JsonMarshal.GetRawUtf8Value(value) : default;

    /// <summary>A whole number; false when it is absent or not one.</summary>
    public static bool TryLong(this JsonElement element, string name, out long number)
    {
        number = 0;
        return element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number);
    }

    /// <summary>True when the member is there and true.</summary>
    public static bool IsTrue(this JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>RFC 3339 in nanoseconds since 1970 UTC; 0 when it is absent or malformed.</summary>
    public static long TimeNs(this JsonElement element, string name) =>
        DateTimeOffset.TryParse(element.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? (time.UtcTicks - DateTime.UnixEpoch.Ticks) * 100 : 0;

    /// <summary>A request: method, params, req_id.</summary>
    public static byte[] Request(string method, long reqId, Action<Utf8JsonWriter>? parameters = null)
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
