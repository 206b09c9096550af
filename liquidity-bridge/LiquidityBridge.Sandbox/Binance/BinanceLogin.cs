using System.Security.Cryptography;
using System.Text;
using LiquidityBridge.Sandbox.Market;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace LiquidityBridge.Sandbox.Binance;

/// <summary>Who asks, and how that is proven: binance-spot-api-docs, "SIGNED request security".</summary>
internal sealed class BinanceLogin(IReadOnlyList<Account> accounts, Faults faults)
{
    private const long DefaultWindowMs = 5000, LongestWindowMs = 60_000, AheadMs = 1000;

    /// <summary>The exchange's time, milliseconds; a skewed clock is wrong here too.</summary>
    public long Ms(long nowNs) => BinanceText.Ms(nowNs + faults.SkewNs);

    /// <summary>The account that signed a request, or the session's when the request has no signature of its own.</summary>
    public (BinanceError? Error, Account? Account) Check(BinanceRequest request, Account? session, long nowNs)
    {
        var key = request.Text("apiKey");
        var signature = request.Text("signature");
        var timestamp = request.Number("timestamp", -1);
        var window = request.Number("recvWindow", DefaultWindowMs);
        if (request.Fault is not null) return (request.Fault, null);
        if (timestamp < 0) return (BinanceError.Missing("timestamp"), null);
        if (window > LongestWindowMs) return (BinanceError.BadRecvWindow, null);
        var serverMs = Ms(nowNs);
        if (timestamp >= serverMs + AheadMs) return (BinanceError.Ahead, null);
        if (serverMs - timestamp > window) return (BinanceError.Behind, null);
        if (key is null && signature is null && session is not null) return (null, session);
        if (key is null) return (BinanceError.Missing("apiKey"), null);
        if (signature is null) return (BinanceError.Missing("signature"), null);
        if (accounts.FirstOrDefault(a => a.ApiKey == key || a.Ed25519Key == key) is not { } account) return (BinanceError.BadKey, null);
        var payload = Encoding.UTF8.GetBytes(request.Payload);
        var isRight = account.ApiKey == key ? IsHmac(payload, account.ApiSecret, signature) : IsEd25519(payload, account.Ed25519Public, signature);
        return isRight ? (null, account) : (BinanceError.BadSignature, null);
    }

    /// <summary>web-socket-api.md, "Log in with API key": only Ed25519 keys open a session.</summary>
    public bool OpensSessions(string key) => accounts.Any(a => a.Ed25519Key == key);

    private static bool IsHmac(byte[] payload, byte[] secret, string signature)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (signature.Length != 2 * given.Length || Convert.FromHexString(signature, given, out _, out _) != System.Buffers.OperationStatus.Done) return false;
        return CryptographicOperations.FixedTimeEquals(given, HMACSHA256.HashData(secret, payload));
    }

    private static bool IsEd25519(byte[] payload, byte[] publicKey, string signature)
    {
        var given = new byte[Ed25519PrivateKeyParameters.SignatureSize];
        if (!Convert.TryFromBase64String(signature, given, out var length) || length != given.Length) return false;
        var verifier = new Ed25519Signer();
        verifier.Init(forSigning: false, new Ed25519PublicKeyParameters(publicKey));
        verifier.BlockUpdate(payload, 0, payload.Length);
        return verifier.VerifySignature(given);
    }
}
