using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Custody.Host.Config;

/// <summary>What a caller of the operator API may do.</summary>
public enum OperatorRole : byte
{
    /// <summary>Reads.</summary>
    Viewer,

    /// <summary>Also asks for withdrawals, cancels its own and hands in approvals.</summary>
    Requester,

    /// <summary>Everything.</summary>
    Operator,
}

/// <summary>A caller.</summary>
/// <param name="Name">Stands in the intents that it asks for.</param>
/// <param name="Role">What it may do.</param>
/// <param name="TokenSha256">SHA-256 of its token, hex: the file gives nobody a token.</param>
public sealed record Caller(string Name, OperatorRole Role, string TokenSha256);

/// <summary>operators.json: a list of callers.</summary>
public sealed class OperatorsFile
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    private readonly Dictionary<string, Caller> _byHash;

    private OperatorsFile(Dictionary<string, Caller> byHash) => _byHash = byHash;

    /// <summary>The caller with this token; null for nobody's. Looked up by its hash, so time tells nothing of it.</summary>
    public Caller? CallerOf(string token) => _byHash.GetValueOrDefault(HashOf(token));

    /// <summary>What stands in the file for a token.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Reads the file; every fault is in <paramref name="faults"/>.</summary>
    public static OperatorsFile Read(string path, List<string> faults)
    {
        var byHash = new Dictionary<string, Caller>(StringComparer.Ordinal);
        if (!File.Exists(path)) return new OperatorsFile(byHash);
        try
        {
            foreach (var caller in JsonSerializer.Deserialize<Caller[]>(File.ReadAllBytes(path), Json) ?? [])
            {
                if (caller.TokenSha256.Length != 64 || !caller.TokenSha256.All(char.IsAsciiHexDigitLower)) faults.Add($"{path}: token_sha256 of '{caller.Name}' is not 64 lower-case hex digits");
                if (!byHash.TryAdd(caller.TokenSha256, caller)) faults.Add($"{path}: '{caller.Name}' has the token of '{byHash[caller.TokenSha256].Name}', one could not be told from the other");
            }
        }
        catch (JsonException e)
        {
            faults.Add($"{path}: {e.Message}");
        }
        return new OperatorsFile(byHash);
    }
}
