using System.Text.Json;

namespace LiquidityBridge.Sandbox.Kraken;

/// <summary>One message of a client, taken apart. Parsing looks at nothing but the bytes.</summary>
internal sealed class Request
{
    /// <summary>Largest message taken, in bytes; a larger one ends the connection.</summary>
    public const int BytesMax = 64 << 10;

    private JsonElement _params;

    /// <summary>subscribe, add_order...; empty when the message has none.</summary>
    public string Method { get; private init; } = "";

    /// <summary>Echoed in every answer.</summary>
    public long? ReqID { get; private init; }

    /// <summary>The first thing found wrong; null while there is none.</summary>
    public string? Fault { get; private set; }

    /// <summary>Takes the bytes of one message apart; what is wrong with it stands in <see cref="Fault"/>.</summary>
    public static Request Parse(ReadOnlyMemory<byte> utf8)
    {
        if (!Json.TryParse(utf8, out var root)) return new Request { Fault = "Malformed request: not JSON" };
        if (root.ValueKind != JsonValueKind.Object) return new Request { Fault = "Malformed request: not an object" };

        var method = root.TryGetProperty("method", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : "";
        long? reqID = null;
        string? fault = null;
        if (root.TryGetProperty("req_id", out var id))
        {
            if (id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out var number)) reqID = number;
            else fault = "Field 'req_id' must be an integer";
        }
        var parameters = default(JsonElement);
        if (root.TryGetProperty("params", out var p))
        {
            if (p.ValueKind == JsonValueKind.Object) parameters = p;
            else fault ??= "Field 'params' must be an object";
        }
        if (method.Length == 0) fault ??= "Malformed request: no method";
        return new Request { Method = method, ReqID = reqID, _params = parameters, Fault = fault };
    }

    /// <summary>A text; null when absent. Anything else than a text is a fault.</summary>
    public string? Text(string name)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.String) return value.GetString();
        Fault ??= $"Field '{name}' must be a string";
        return null;
    }

    /// <summary>A text that must be there.</summary>
    public string RequiredText(string name)
    {
        var text = Text(name);
        if (text is null) Fault ??= $"Field '{name}' is required";
        return text ?? "";
    }

    /// <summary>A number as it was written; null when absent.</summary>
    public string? Number(string name)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number) return value.GetRawText();
        Fault ??= $"Field '{name}' must be a number";
        return null;
    }

    /// <summary>An integer of 32 bits; <paramref name="otherwise"/> when absent.</summary>
    public int Integer(string name, int otherwise)
    {
        if (!TryGet(name, out var value)) return otherwise;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)) return number;
        Fault ??= $"Field '{name}' must be an integer";
        return otherwise;
    }

    /// <summary>True or false; <paramref name="otherwise"/> when absent.</summary>
    public bool Flag(string name, bool otherwise)
    {
        if (!TryGet(name, out var value)) return otherwise;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Fault ??= $"Field '{name}' must be true or false";
        return otherwise;
    }

    /// <summary>A list of texts, at most <paramref name="max"/>; empty when absent.</summary>
    public IReadOnlyList<string> Texts(string name, int max)
    {
        if (!TryGet(name, out var value)) return [];
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > max || value.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String))
        {
            Fault ??= $"Field '{name}' must be a list of at most {max} strings";
            return [];
        }
        return [.. value.EnumerateArray().Select(e => e.GetString()!)];
    }

    /// <summary>A field that is not in the list is a fault: better refused than half understood.</summary>
    public void Only(params ReadOnlySpan<string> names)
    {
        if (_params.ValueKind != JsonValueKind.Object) return;
        foreach (var member in _params.EnumerateObject())
            if (!names.Contains(member.Name)) Fault ??= $"Unsupported field: '{member.Name}' for the given msg type: {Method.Replace('_', ' ')}";
    }

    private bool TryGet(string name, out JsonElement value)
    {
        value = default;
        return _params.ValueKind == JsonValueKind.Object && _params.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }
}
