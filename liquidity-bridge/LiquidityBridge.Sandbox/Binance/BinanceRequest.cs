using System.Globalization;
using System.Text.Json;

namespace LiquidityBridge.Sandbox.Binance;

/// <summary>The parameters of one request, from JSON or from a query string; the first thing found wrong stands in <see cref="Fault"/>.</summary>
internal sealed class BinanceRequest
{
    private readonly SortedDictionary<string, string> _parameters = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = [];

    /// <summary>id as it came, in JSON; null when it had none.</summary>
    public string? ID { get; private init; }

    /// <summary>order.place and the like.</summary>
    public string Method { get; private init; } = "";

    /// <summary>Names of streams, for requests about those.</summary>
    public IReadOnlyList<string> Streams { get; private init; } = [];

    /// <summary>Null while nothing is wrong.</summary>
    public BinanceError? Fault { get; private set; }

    /// <summary>A message of a WebSocket.</summary>
    public static BinanceRequest Parse(ReadOnlyMemory<byte> utf8)
    {
        if (!Json.TryParse(utf8, out var root) || root.ValueKind != JsonValueKind.Object) return new BinanceRequest { Fault = BinanceError.BadRequest };
        var id = root.TryGetProperty("id", out var i) ? i : default;
        // web-socket-api.md, "Request format": an integer, a string of at most 36 characters, or null.
        var isID = id.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null => true,
            JsonValueKind.Number => id.TryGetInt64(out _),
            JsonValueKind.String => id.GetString()!.Length <= 36,
            _ => false,
        };
        var method = root.TryGetProperty("method", out var m) && m.ValueKind == JsonValueKind.String ? m.GetString()! : "";
        var streams = new List<string>();
        var request = new BinanceRequest { ID = isID && id.ValueKind != JsonValueKind.Undefined ? id.GetRawText() : null, Method = method, Streams = streams };
        if (!isID || method.Length == 0) request.Fault = BinanceError.Missing(isID ? "method" : "id");
        if (!root.TryGetProperty("params", out var parameters)) return request;
        if (parameters.ValueKind == JsonValueKind.Object)
        {
            foreach (var p in parameters.EnumerateObject())
                if (p.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False) || !request._parameters.TryAdd(p.Name, Raw(p.Value)))
                    request.Fault ??= BinanceError.Illegal(p.Name);
        }
        else if (parameters.ValueKind == JsonValueKind.Array && parameters.EnumerateArray().All(p => p.ValueKind == JsonValueKind.String))
        {
            streams.AddRange(parameters.EnumerateArray().Select(p => p.GetString()!));
        }
        else
        {
            request.Fault ??= BinanceError.BadRequest;
        }
        return request;
    }

    /// <summary>A REST request.</summary>
    public static BinanceRequest Of(IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> query)
    {
        var request = new BinanceRequest();
        foreach (var (name, values) in query)
            if (values.Count != 1 || !request._parameters.TryAdd(name, values[0] ?? "")) request.Fault = BinanceError.Illegal(name);
        return request;
    }

    /// <summary>What is signed: all parameters but the signature, sorted by name.</summary>
    public string Payload => string.Join('&', _parameters.Where(p => p.Key != "signature").Select(p => $"{p.Key}={p.Value}"));

    /// <summary>A text; null when absent.</summary>
    public string? Text(string name)
    {
        _read.Add(name);
        return _parameters.TryGetValue(name, out var text) && text.Length > 0 ? text : null;
    }

    /// <summary>A text that must be there.</summary>
    public string RequiredText(string name)
    {
        var text = Text(name);
        if (text is null) Fault ??= BinanceError.Missing(name);
        return text ?? "";
    }

    /// <summary>A whole number from 0; <paramref name="otherwise"/> when absent.</summary>
    public long Number(string name, long otherwise)
    {
        if (Text(name) is not { } text) return otherwise;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        Fault ??= BinanceError.Illegal(name);
        return otherwise;
    }

    /// <summary>Notes what is wrong; gives nothing.</summary>
    public T? Refuse<T>(BinanceError error) where T : class
    {
        Fault ??= error;
        return null;
    }

    /// <summary>A parameter that nobody read is refused: better refused than half understood.</summary>
    public void Finish()
    {
        foreach (var name in _parameters.Keys)
            if (!_read.Contains(name)) Fault ??= BinanceError.Unread(name);
    }

    private static string Raw(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.GetRawText(),
    };
}
