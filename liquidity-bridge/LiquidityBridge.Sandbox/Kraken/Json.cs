using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LiquidityBridge.Sandbox.Kraken;

/// <summary>Kraken's way of writing: numbers with all their decimals, times as RFC 3339 with microseconds.</summary>
internal static class Json
{
    // Not for HTML: "+" in a time or a "'" in an error text stays what it is.
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One object as UTF-8.</summary>
    public static byte[] Object(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var w = new Utf8JsonWriter(buffer, _options))
        {
            w.WriteStartObject();
            members(w);
            w.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
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
