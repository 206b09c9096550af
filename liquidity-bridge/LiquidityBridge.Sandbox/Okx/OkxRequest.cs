using System.Text.Json;

namespace LiquidityBridge.Sandbox.Okx;

/// <summary>One message of a client, taken apart: id, op, args, expTime. Parsing looks at nothing but the bytes.</summary>
internal sealed class OkxRequest
{
    /// <summary>Largest message taken, in bytes; a larger one ends the connection with 1009.</summary>
    public const int BytesMax = 64 << 10;

    private const int IDMax = 32;

    /// <summary>Echoed in the answer; null when the message has none.</summary>
    public string? ID { get; private init; }

    /// <summary>subscribe, login, order...; "ping" for the text message.</summary>
    public string Op { get; private init; } = "";

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<OkxArguments> Args { get; private init; } = [];

    /// <summary>What comes later than this is not done, nanoseconds since 1970-01-01 UTC; 0 for no such time.</summary>
    public long ExpireNs { get; private init; }

    /// <summary>The message as it came, for the error that quotes it.</summary>
    public string Text { get; private init; } = "";

    /// <summary>Code of what is wrong with it as a whole; null when nothing is.</summary>
    public OkxError? Fault { get; private init; }

    /// <summary>Takes the bytes of one message apart.</summary>
    public static OkxRequest Parse(ReadOnlyMemory<byte> utf8)
    {
        // docs-v5, "Connect": keep-alives are these plain texts, not JSON.
        if (utf8.Span.SequenceEqual("ping"u8)) return new OkxRequest { Op = "ping" };
        var text = System.Text.Encoding.UTF8.GetString(utf8.Span);
        if (!Json.TryParse(utf8, out var root) || root.ValueKind != JsonValueKind.Object) return new OkxRequest { Text = text, Fault = OkxError.InvalidRequest(text) };
        var members = new OkxArguments(root);
        var (id, op, expire) = (members.Text("id"), members.Text("op"), members.Text("expTime"));
        long expireMs = 0;
        var isWrong = members.Fault is not null || op is null || !members.IsOnly("id", "op", "args", "expTime") || id is not null && !IsName(id, IDMax)
            || expire is not null && (!long.TryParse(expire, out expireMs) || expireMs is <= 0 or > long.MaxValue / 1_000_000);
        if (isWrong || !root.TryGetProperty("args", out var args) || args.ValueKind != JsonValueKind.Array || args.EnumerateArray().Any(a => a.ValueKind != JsonValueKind.Object))
            return new OkxRequest { ID = id, Op = op ?? "", Text = text, Fault = OkxError.InvalidRequest(text) };
        return new OkxRequest { ID = id, Op = op!, Text = text, Args = [.. args.EnumerateArray().Select(a => new OkxArguments(a))], ExpireNs = expireMs * 1_000_000 };
    }

    /// <summary>docs-v5: "case-sensitive alphanumerics, all numbers, or all letters" up to a length.</summary>
    public static bool IsName(string text, int longest) => text.Length > 0 && text.Length <= longest && text.All(char.IsAsciiLetterOrDigit);
}

/// <summary>One object of a request; the first thing found wrong stands in <see cref="Fault"/>.</summary>
internal sealed class OkxArguments(JsonElement members)
{
    /// <summary>Null while nothing is wrong.</summary>
    public OkxError? Fault { get; private set; }

    /// <summary>A text; null when absent. Anything else than a text is a fault.</summary>
    public string? Text(string name)
    {
        if (!members.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind == JsonValueKind.String) return value.GetString();
        Fault ??= OkxError.Parameter(name);
        return null;
    }

    /// <summary>A text that must be there.</summary>
    public string RequiredText(string name)
    {
        var text = Text(name);
        if (string.IsNullOrEmpty(text)) Fault ??= OkxError.Empty(name);
        return text ?? "";
    }

    /// <summary>A whole number; null when absent.</summary>
    public int? Integer(string name)
    {
        if (!members.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)) return number;
        Fault ??= OkxError.Parameter(name);
        return null;
    }

    /// <summary>A field that is not in the list is a fault: better refused than half understood.</summary>
    public void Only(params ReadOnlySpan<string> names)
    {
        foreach (var member in members.EnumerateObject())
            if (!names.Contains(member.Name)) Fault ??= OkxError.Parameter(member.Name);
    }

    /// <summary>True when there is no other field.</summary>
    public bool IsOnly(params ReadOnlySpan<string> names)
    {
        foreach (var member in members.EnumerateObject())
            if (!names.Contains(member.Name)) return false;
        return true;
    }

    /// <summary>Copies all members, as the answer to a subscription does.</summary>
    public void WriteTo(Utf8JsonWriter w) => members.WriteTo(w);
}
