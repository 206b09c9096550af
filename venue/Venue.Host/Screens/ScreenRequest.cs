using System.Text.Json;

namespace Venue.Host;

/// <summary>What a screen can watch.</summary>
internal enum ScreenChannelKind
{
    /// <summary>Levels, with a checksum.</summary>
    Book,
    /// <summary>Every order shown.</summary>
    Orders,
    /// <summary>Trades.</summary>
    Trades,
    /// <summary>Best prices, statistics of 24 hours, what an auction would do.</summary>
    Ticker,
    /// <summary>Phase, tick and lot.</summary>
    Status,
}

/// <summary>One kind of feed of one instrument.</summary>
/// <param name="Kind">What is shown.</param>
/// <param name="Depth">Levels a side of a book; 0 for all.</param>
/// <param name="IsConflated">Told at most every 100 ms.</param>
internal readonly record struct ScreenView(ScreenChannelKind Kind, int Depth, bool IsConflated);

/// <summary>A message of a screen, read.</summary>
/// <param name="Method">subscribe, unsubscribe or ping.</param>
/// <param name="View">What it is about.</param>
/// <param name="Symbols">Of which instruments.</param>
/// <param name="Id">req_id, given back; null for none.</param>
internal sealed record ScreenRequest(string Method, ScreenView View, IReadOnlyList<string> Symbols, long? Id)
{
    private const int SymbolsMax = 200;

    /// <summary>Reads a message; false when it makes no sense, and why. Never throws, whatever the bytes are.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> message, out ScreenRequest request, out string fault)
    {
        request = null!;
        JsonDocument? json = null;
        try
        {
            json = JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = 8 });
            fault = Read(json.RootElement, out request);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // InvalidOperationException: text that is no UTF-8, found only when it is looked at.
            fault = "the message is not JSON";
        }
        finally
        {
            json?.Dispose();
        }
        return fault.Length == 0;
    }

    private static string Read(JsonElement root, out ScreenRequest request)
    {
        request = null!;
        if (root.ValueKind != JsonValueKind.Object) return "the message is not an object";
        long? id = null;
        if (root.TryGetProperty("req_id", out var given))
        {
            if (given.ValueKind != JsonValueKind.Number || !given.TryGetInt64(out var number)) return "req_id is not a whole number";
            id = number;
        }
        if (!root.TryGetProperty("method", out var name) || name.ValueKind != JsonValueKind.String) return "method is missing";
        var method = name.GetString()!;
        if (method == "ping")
        {
            request = new ScreenRequest(method, default, [], id);
            return "";
        }
        if (method is not ("subscribe" or "unsubscribe")) return "method is not one of subscribe, unsubscribe, ping";
        if (!root.TryGetProperty("params", out var parameters) || parameters.ValueKind != JsonValueKind.Object) return "params is missing";
        if (ReadView(parameters, out var view) is { Length: > 0 } fault) return fault;
        if (!parameters.TryGetProperty("symbol", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > SymbolsMax) return "symbol is not a list of 1 to 200 names";
        var symbols = new List<string>();
        foreach (var symbol in list.EnumerateArray())
        {
            if (symbol.ValueKind != JsonValueKind.String) return "symbol is not a list of 1 to 200 names";
            symbols.Add(symbol.GetString()!);
        }
        request = new ScreenRequest(method, view, symbols, id);
        return "";
    }

    private static string ReadView(JsonElement parameters, out ScreenView view)
    {
        view = default;
        if (!parameters.TryGetProperty("channel", out var channel) || channel.ValueKind != JsonValueKind.String) return "channel is missing";
        ScreenChannelKind? kind = channel.GetString() switch
        {
            "book" => ScreenChannelKind.Book,
            "orders" => ScreenChannelKind.Orders,
            "trades" => ScreenChannelKind.Trades,
            "ticker" => ScreenChannelKind.Ticker,
            "status" => ScreenChannelKind.Status,
            _ => null,
        };
        if (kind is null) return "channel is not one of book, orders, trades, ticker, status";
        var depth = kind == ScreenChannelKind.Book ? 10 : 0;
        if (parameters.TryGetProperty("depth", out var wanted) && (kind != ScreenChannelKind.Book || wanted.ValueKind != JsonValueKind.Number || !wanted.TryGetInt32(out depth) || depth is not (0 or 10 or 25 or 100)))
            return "depth is for the channel book, and one of 10, 25, 100, 0 for all";
        var isConflated = false;
        if (parameters.TryGetProperty("conflate", out var conflate))
        {
            if (conflate.ValueKind is not (JsonValueKind.True or JsonValueKind.False) || kind == ScreenChannelKind.Orders) return "conflate is true or false, and not for the channel orders";
            isConflated = conflate.GetBoolean();
        }
        view = new ScreenView(kind.Value, depth, isConflated);
        return "";
    }
}
