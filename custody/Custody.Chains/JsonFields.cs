using System.Text.Json;

namespace Custody.Chains;

/// <summary>Reads what a node answered; anything of another shape is a <see cref="CodecException"/>.</summary>
internal static class JsonFields
{
    public static JsonElement Field(this JsonElement element, string name) =>
        element.Optional(name) ?? throw new CodecException($"answer: no {name}");

    /// <summary>Null when the field is absent or JSON null.</summary>
    public static JsonElement? Optional(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;

    public static string Text(this JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String) throw new CodecException($"answer: {element.ValueKind} where text belongs");
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException fault)
        {
            throw new CodecException("answer: text with half a character", fault);
        }
    }

    public static string Text(this JsonElement element, string name) => element.Field(name).Text();

    public static long Integer(this JsonElement element, string name) =>
        element.Field(name) is { ValueKind: JsonValueKind.Number } field && field.TryGetInt64(out var value) ? value : throw new CodecException($"answer: {name} is no integer");

    public static IEnumerable<JsonElement> Items(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : throw new CodecException($"answer: {element.ValueKind} where a list belongs");
}
