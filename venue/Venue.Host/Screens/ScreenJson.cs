using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Venue.Messages;

namespace Venue.Host;

/// <summary>Messages for screens as UTF-8 JSON. Prices and quantities are text with all their decimals.</summary>
internal static class ScreenJson
{
    /// <summary>Names of phases, sides and channels on the wire.</summary>
    public static string NameOf(Phase phase) => phase switch
    {
        Phase.Continuous => "continuous",
        Phase.PreOpen => "pre_open",
        Phase.VolatilityAuction => "volatility_auction",
        Phase.CloseAuction => "close_auction",
        Phase.Halt => "halt",
        Phase.CancelOnly => "cancel_only",
        _ => "closed",
    };

    /// <inheritdoc cref="NameOf(Phase)"/>
    public static string NameOf(ScreenChannelKind kind) => kind switch
    {
        ScreenChannelKind.Book => "book",
        ScreenChannelKind.Orders => "orders",
        ScreenChannelKind.Trades => "trades",
        ScreenChannelKind.Ticker => "ticker",
        _ => "status",
    };

    /// <summary>One message.</summary>
    public static byte[] Message(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>An answer to a request.</summary>
    public static byte[] Answer(string? method, string? fault, long? id, ScreenView? view = null, string? symbol = null) => Message(w =>
    {
        if (method is not null) w.WriteString("method", method);
        w.WriteBoolean("success", fault is null);
        if (fault is not null) w.WriteString("error", fault);
        if (view is { } v)
        {
            w.WriteStartObject("result");
            w.WriteString("channel", NameOf(v.Kind));
            w.WriteString("symbol", symbol);
            if (v.Kind == ScreenChannelKind.Book) w.WriteNumber("depth", v.Depth);
            if (v.IsConflated) w.WriteBoolean("conflate", true);
            w.WriteEndObject();
        }
        if (id is { } number) w.WriteNumber("req_id", number);
    });

    /// <summary>A price.</summary>
    public static void Price(this Utf8JsonWriter w, in DefineInstrument d, long ticks) => w.WriteStringValue(Text((Int128)ticks * d.TickMantissa, d.TickDecimals));

    /// <summary>A quantity.</summary>
    public static void Quantity(this Utf8JsonWriter w, in DefineInstrument d, Int128 lots) => w.WriteStringValue(Text(lots * d.LotMantissa, d.LotDecimals));

    /// <summary>mantissa / 10^decimals with all its decimals; not negative.</summary>
    public static string Text(Int128 mantissa, int decimals)
    {
        var digits = mantissa.ToString(CultureInfo.InvariantCulture);
        if (decimals == 0) return digits;
        digits = digits.PadLeft(decimals + 1, '0');
        return string.Concat(digits.AsSpan(0, digits.Length - decimals), ".", digits.AsSpan(digits.Length - decimals));
    }
}
