using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LiquidityBridge.Sandbox;

/// <summary>JSON in and out, whole or not at all; times as RFC 3339 with microseconds.</summary>
internal static class Json
{
    private const int DepthMax = 16;

    // Not for HTML: "+" in a time or a "'" in an error text stays what it is.
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One object as UTF-8.</summary>
    public static byte[] Object(Action<Utf8JsonWriter> members) => Value(w =>
    {
        w.WriteStartObject();
        members(w);
        w.WriteEndObject();
    });

    /// <summary>Any value as UTF-8.</summary>
    public static byte[] Value(Action<Utf8JsonWriter> value)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var w = new Utf8JsonWriter(buffer, _options)) value(w);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a value whose every text can be had; false when the bytes are not one.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, out JsonElement root)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8.Span, new JsonReaderOptions { MaxDepth = DepthMax });
            // Half a surrogate pair passes the syntax and cannot be had as text.
            while (reader.Read())
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) reader.GetString();
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = DepthMax });
            root = document.RootElement.Clone();
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            root = default;
            return false;
        }
    }

    /// <summary>A number exactly as its text stands.</summary>
    public static void Number(this Utf8JsonWriter w, string name, string text)
    {
        w.WritePropertyName(name);
        w.WriteRawValue(text, skipInputValidation: true);
    }

    /// <summary>A time.</summary>
    public static void Time(this Utf8JsonWriter w, string name, long ns) => w.WriteString(name, Time(ns));

    /// <summary>Nanoseconds since 1970-01-01 UTC as 2026-01-02T03:04:05.123456Z.</summary>
    public static string Time(long ns) => DateTime.UnixEpoch.AddTicks(ns / 100).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
