using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Venue.Fix;

namespace LiquidityBridge.Exchanges.Fix;

/// <summary>What one counterparty wants beyond FIX 4.4: tags of its own, and a proof of who logs on.</summary>
public sealed record FixDialect
{
    /// <summary>FIX 4.4 as it stands.</summary>
    public static FixDialect Plain { get; } = new();

    /// <summary>Added to each Logon(A).</summary>
    public IReadOnlyList<FixField> LogonFields { get; init; } = [];

    /// <summary>Added to each NewOrderSingle(D).</summary>
    public IReadOnlyList<FixField> OrderFields { get; init; } = [];

    /// <summary>How a Logon is signed; null for not at all.</summary>
    public LogonSignature? Signature { get; init; }

    /// <summary>Adds the Logon's fields.</summary>
    /// <param name="settings">Of the session.</param>
    /// <param name="logon">Takes the fields.</param>
    /// <param name="msgSeqNum">Its MsgSeqNum(34).</param>
    /// <param name="sendingTime">Its SendingTime(52), as it goes out.</param>
    /// <param name="nowNs">Now: what a nonce is made of.</param>
    public void AddToLogon(SessionSettings settings, ref MessageWriter logon, int msgSeqNum, string sendingTime, long nowNs)
    {
        foreach (var field in LogonFields) logon.Add(field.Tag, field.Value);
        Signature?.AddTo(settings, ref logon, msgSeqNum, sendingTime, nowNs);
    }
}

/// <summary>A field with a value that never changes.</summary>
/// <param name="Tag">Its tag.</param>
/// <param name="Value">ASCII.</param>
public readonly record struct FixField(int Tag, string Value);

/// <summary>How a signature is made.</summary>
public enum LogonAlgorithm : byte
{
    /// <summary>HMAC-SHA256 under the secret.</summary>
    HmacSha256,
    /// <summary>HMAC-SHA512 under the secret.</summary>
    HmacSha512,
    /// <summary>SHA-256 of the text with the secret behind it.</summary>
    Sha256,
    /// <summary>Ed25519 with the secret as the private key's seed (RFC 8032).</summary>
    Ed25519,
}

/// <summary>A proof in a Logon that its sender has the secret, by values of the same message.</summary>
/// <remarks>
/// Coinbase: HmacSha256 over 52, 35, 34, 49, 56, 554 into 96. Binance: Ed25519 over 35, 49, 56, 34, 52 into 96. Deribit: a
/// nonce in 96, Sha256 over 96 into 554. Bitvavo: HmacSha256 in hexadecimal into 554. Kraken: HmacSha512 with a nonce in 5025 into 554.
/// </remarks>
public sealed record LogonSignature
{
    private const int RawDataLength = 95, RawData = 96;

    /// <summary>How it is made.</summary>
    public required LogonAlgorithm Algorithm { get; init; }

    /// <summary>The secret.</summary>
    public required IReadOnlyList<byte> Secret { get; init; }

    /// <summary>Tags whose values are signed, in this order: 34, 35, 49, 52, 56, 108, 553, 554, and the nonce's.</summary>
    public required IReadOnlyList<int> Signed { get; init; }

    /// <summary>Between two values: the delimiter, unless they stand side by side.</summary>
    public bool IsJoined { get; init; } = true;

    /// <summary>Where the signature goes: RawData(96), Password(554), or another tag.</summary>
    public required int Tag { get; init; }

    /// <summary>In hexadecimal instead of base64.</summary>
    public bool IsHex { get; init; }

    /// <summary>Where a nonce goes, the time in milliseconds; 0 for none. In RawData(96) it has random letters behind it.</summary>
    public int NonceTag { get; init; }

    /// <summary>The tags that a signature can be over, but for the nonce's.</summary>
    public static IReadOnlyList<int> Known { get; } = [34, 35, 49, 52, 56, 108, 553, 554];

    internal void AddTo(SessionSettings settings, ref MessageWriter logon, int msgSeqNum, string sendingTime, long nowNs)
    {
        var nonce = (nowNs / 1_000_000).ToString(CultureInfo.InvariantCulture);
        if (NonceTag == RawData) nonce += "." + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var text = string.Join(IsJoined ? "\u0001" : "", Signed.Select(tag => tag switch
        {
            34 => msgSeqNum.ToString(CultureInfo.InvariantCulture),
            35 => "A",
            49 => settings.SenderCompID,
            52 => sendingTime,
            56 => settings.TargetCompID,
            108 => settings.HeartBtIntSeconds.ToString(CultureInfo.InvariantCulture),
            553 => settings.Username ?? "",
            554 => settings.Password ?? "",
            _ when tag == NonceTag => nonce,
            _ => throw new InvalidOperationException($"tag {tag} cannot be signed"),
        }));
        if (NonceTag != 0) Add(ref logon, NonceTag, nonce);
        Add(ref logon, Tag, Sign(text));
    }

    private static void Add(ref MessageWriter logon, int tag, string value)
    {
        if (tag == RawData) logon.Add(RawDataLength, value.Length);
        logon.Add(tag, value);
    }

    private string Sign(string text)
    {
        var (bytes, secret) = (Encoding.ASCII.GetBytes(text), Secret.ToArray());
        byte[] signature;
        switch (Algorithm)
        {
            case LogonAlgorithm.HmacSha256: signature = HMACSHA256.HashData(secret, bytes); break;
            case LogonAlgorithm.HmacSha512: signature = HMACSHA512.HashData(secret, bytes); break;
            case LogonAlgorithm.Sha256:
                byte[] behind = [.. bytes, .. secret];
                signature = SHA256.HashData(behind);
                break;
            default:
                var signer = new Ed25519Signer();
                signer.Init(forSigning: true, new Ed25519PrivateKeyParameters(secret));
                signer.BlockUpdate(bytes, 0, bytes.Length);
                signature = signer.GenerateSignature();
                break;
        }
        return IsHex ? Convert.ToHexStringLower(signature) : Convert.ToBase64String(signature);
    }
}
