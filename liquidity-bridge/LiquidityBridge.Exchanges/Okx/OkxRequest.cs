using System.Buffers;
using System.Text.Json;

namespace LiquidityBridge.Exchanges.Okx;

/// <summary>Writes requests of the WebSockets, and the names that OKX allows.</summary>
internal static class OkxRequest
{
    /// <summary>The keep-alive: a plain text, answered by <see cref="Pong"/> (docs-v5, "Connect").</summary>
    public static readonly byte[] Ping = "ping"u8.ToArray();

    /// <summary>The answer to <see cref="Ping"/>.</summary>
    public static ReadOnlySpan<byte> Pong => "pong"u8;

    // docs-v5, "clOrdId": letters and digits only, up to 32.
    private const char Dash = '-', DashThere = 'x';
    private const int NameMax = 32;

    /// <summary>op and args; with id and expTime (milliseconds) where they are given.</summary>
    public static byte[] Of(string op, Action<Utf8JsonWriter> args, string? id = null, long expireMs = 0)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var w = new Utf8JsonWriter(bytes))
        {
            w.WriteStartObject();
            if (id is not null) w.WriteString("id", id);
            w.WriteString("op", op);
            if (expireMs != 0) w.WriteString("expTime", $"{expireMs}");
            w.WriteStartArray("args");
            args(w);
            w.WriteEndArray();
            w.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Our id as a clOrdId: 1-1000-1 is 1x1000x1. False when it cannot be one.</summary>
    public static bool TryClOrdId(string clientId, out string clOrdId)
    {
        clOrdId = clientId.Replace(Dash, DashThere);
        return clientId.Length is > 0 and <= NameMax && clientId.All(c => char.IsAsciiDigit(c) || c == Dash);
    }

    /// <summary>The id that <see cref="TryClOrdId"/> made this of; empty when it made none such.</summary>
    public static string ClientId(string clOrdId) => clOrdId.Length > 0 && clOrdId.All(c => char.IsAsciiDigit(c) || c == DashThere) ? clOrdId.Replace(DashThere, Dash) : "";
}
