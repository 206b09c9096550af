using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Venue.Fix;

namespace LiquidityBridge.Sandbox.Fix;

/// <summary>How a member's Logon must be signed, after the rules of engagement of exchanges that do so, and which tag its orders must bring.</summary>
internal sealed class FixStyle(string name, byte[] secret, int orderTag)
{
    /// <summary>The styles by name.</summary>
    public static IReadOnlyList<string> Names { get; } = ["coinbase", "binance", "deribit", "bitvavo"];

    private long _lastNonce;

    /// <summary>What is wrong with the Logon; null when nothing is.</summary>
    public string? Refuse(in Message logon)
    {
        var isGood = name switch
        {
            // HMAC-SHA256 in base64, over these values with the delimiter between them.
            "coinbase" => Text(logon, 96) == Convert.ToBase64String(HMACSHA256.HashData(secret, Joined(logon, 52, 35, 34, 49, 56, 554))),
            "binance" => Text(logon, 25035) is "1" or "2" && IsSigned(Joined(logon, 35, 49, 56, 34, 52), Text(logon, 96)),
            "deribit" => IsNewNonce(Text(logon, 96)) && Text(logon, 554) == Convert.ToBase64String(SHA256.HashData((byte[])[.. Encoding.ASCII.GetBytes(Text(logon, 96)), .. secret])),
            _ => IsNewNonce(Text(logon, 5025)) && Text(logon, 554) == Convert.ToHexStringLower(HMACSHA256.HashData(secret, Joined(logon, 5025, 49, 34))),
        };
        return isGood ? null : "Invalid signature";
    }

    /// <summary>True when an order brings the tag that it must.</summary>
    public bool Takes(in Message order) => orderTag == 0 || order.TryGet(orderTag, out _);

    private bool IsSigned(byte[] bytes, string signature)
    {
        var raw = new byte[64];
        if (!Convert.TryFromBase64String(signature, raw, out var length) || length != raw.Length) return false;
        var verifier = new Ed25519Signer();
        verifier.Init(forSigning: false, new Ed25519PublicKeyParameters(secret));
        verifier.BlockUpdate(bytes, 0, bytes.Length);
        return verifier.VerifySignature(raw);
    }

    private bool IsNewNonce(string nonce)
    {
        if (!long.TryParse(nonce.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number <= _lastNonce) return false;
        _lastNonce = number;
        return true;
    }

    private static byte[] Joined(in Message logon, params ReadOnlySpan<int> tags)
    {
        var values = new string[tags.Length];
        for (var n = 0; n < tags.Length; n++) values[n] = tags[n] == 35 ? "A" : Text(logon, tags[n]);
        return Encoding.ASCII.GetBytes(string.Join('\u0001', values));
    }

    private static string Text(in Message message, int tag) => message.TryGet(tag, out var value) ? Encoding.ASCII.GetString(value) : "";
}
