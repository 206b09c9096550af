using System.Text.Json;
using LiquidityBridge.Sandbox.Market;

namespace LiquidityBridge.Sandbox.Control;

/// <summary>The members of a control request; one that is missing or wrong ends it with a text that says so.</summary>
internal sealed class ControlArguments(JsonElement root)
{
    /// <summary>A text that must be there.</summary>
    public string Text(string name) => OptionalText(name) ?? throw new ControlException($"'{name}' is missing");

    /// <summary>A text; null when absent.</summary>
    public string? OptionalText(string name) => !TryGet(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw new ControlException($"'{name}' must be a string");

    /// <summary>An integer from 0; <paramref name="otherwise"/> when absent.</summary>
    public int Integer(string name, int otherwise) => !TryGet(name, out var value) ? otherwise
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 ? number : throw new ControlException($"'{name}' must be an integer from 0");

    /// <summary>True or false; <paramref name="otherwise"/> when absent.</summary>
    public bool Flag(string name, bool otherwise) => !TryGet(name, out var value) ? otherwise
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw new ControlException($"'{name}' must be true or false");

    /// <summary>A decimal in a string, as ticks or lots; <paramref name="otherwise"/> when absent, a fault when there is none.</summary>
    public long Scaled(string name, int decimals, long? otherwise = null)
    {
        var text = OptionalText(name);
        if (text is null) return otherwise ?? throw new ControlException($"'{name}' is missing");
        if (Decimals.TryScale(text, decimals, out var scaled) && scaled >= 0) return scaled;
        throw new ControlException($"'{name}' must be a decimal in a string, of at most {decimals} decimals");
    }

    /// <summary>The objects of a list that must be there.</summary>
    public IEnumerable<ControlArguments> List(string name) => TryGet(name, out var value) && value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray().Select(e => new ControlArguments(e)).ToList()
        : throw new ControlException($"'{name}' must be a list");

    private bool TryGet(string name, out JsonElement value)
    {
        value = default;
        return root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out value);
    }
}
