using System.Globalization;
using System.Text;
using LiquidityBridge.Exchanges.Fix;

namespace LiquidityBridge.Host;

/// <summary>Reads what a FIX counterparty wants beyond FIX 4.4.</summary>
internal static class DialectConfig
{
    private const int SeedBytes = 32;

    // What a session writes itself.
    private static readonly int[] _ours = [8, 9, 10, 34, 35, 43, 49, 52, 56, 97, 98, 108, 122, 141];

    private static readonly Dictionary<string, LogonAlgorithm> _algorithms = new()
    {
        ["hmac-sha256"] = LogonAlgorithm.HmacSha256, ["hmac-sha512"] = LogonAlgorithm.HmacSha512, ["sha256"] = LogonAlgorithm.Sha256, ["ed25519"] = LogonAlgorithm.Ed25519,
    };

    /// <summary>LogonFields, OrderFields, and Signature with what belongs to it.</summary>
    public static FixDialect Read(Section s) => new()
    {
        LogonFields = Fields(s, "LogonFields"),
        OrderFields = Fields(s, "OrderFields"),
        Signature = s.Text("Signature", "") is { Length: > 0 } algorithm ? Signature(s, algorithm) : null,
    };

    private static List<FixField> Fields(Section s, string key)
    {
        var fields = new List<FixField>();
        foreach (var text in s.Text(key, "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = text.Split('=', 2);
            if (parts.Length == 2 && parts[1].Length > 0 && TryTag(parts[0], out var tag) && !_ours.Contains(tag)) fields.Add(new FixField(tag, parts[1]));
            else s.Fault($"{key}: {text} is not TAG=VALUE, or the session writes that tag itself");
        }
        return fields;
    }

    private static LogonSignature? Signature(Section s, string name)
    {
        if (!_algorithms.TryGetValue(name, out var algorithm)) s.Fault($"Signature={name} is none of {string.Join(", ", _algorithms.Keys)}");
        var nonce = s.Number("SignatureNonceTag", 0, 0, 99_999);
        var signed = new List<int>();
        foreach (var text in s.Text("SignatureOver").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (TryTag(text, out var tag) && (LogonSignature.Known.Contains(tag) || tag == nonce)) signed.Add(tag);
            else s.Fault($"SignatureOver: {text} is none of {string.Join(", ", LogonSignature.Known)} or the nonce's tag");
        }
        // An Ed25519 seed is bytes; other secrets are what they say they are.
        var isText = s.Text("SignatureSecretForm", algorithm == LogonAlgorithm.Ed25519 ? "base64" : "text") == "text";
        var secret = isText ? Encoding.UTF8.GetBytes(s.Text("SignatureSecret")) : ExchangeConfig.Base64(s, "SignatureSecret");
        if (algorithm == LogonAlgorithm.Ed25519 && secret.Length != SeedBytes)
        {
            s.Fault($"SignatureSecret is not {SeedBytes} bytes");
            secret = new byte[SeedBytes];
        }
        return new LogonSignature
        {
            Algorithm = algorithm, Secret = secret, Signed = signed, Tag = s.Number("SignatureTag", 96, 1, 99_999), NonceTag = nonce,
            IsHex = s.Text("SignatureForm", "base64") == "hex", IsJoined = s.Text("SignatureJoined", "Y") == "Y",
        };
    }

    private static bool TryTag(string text, out int tag) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out tag) && tag > 0;
}
