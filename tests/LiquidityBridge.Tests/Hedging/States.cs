using System.Text.Json;
using System.Text.Json.Serialization;

namespace LiquidityBridge.Tests.Hedging;

/// <summary>What records lead to.</summary>
internal static class States
{
    private static readonly JsonSerializerOptions _form = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>The state that they lead to, as records.</summary>
    public static IReadOnlyList<Record> Of(BridgeOptions options, IEnumerable<Record> records)
    {
        var core = new Bridge(options);
        foreach (var record in records) core.Recover(record);
        return core.State();
    }

    /// <summary>Records as they stand in a journal, a line each.</summary>
    public static string Text(IEnumerable<Record> records) => string.Join('\n', records.Select(r => JsonSerializer.Serialize(r, _form)));

    /// <summary>Records as they come back from a journal.</summary>
    public static IReadOnlyList<Record> Read(string text) => [.. text.Split('\n').Select(l => JsonSerializer.Deserialize<Record>(l, _form)!)];
}
