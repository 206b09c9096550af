using System.Security.Cryptography;
using LiquidityBridge.Exchanges.Binance;
using LiquidityBridge.Exchanges.Coinbase;
using LiquidityBridge.Exchanges.Kraken;
using LiquidityBridge.Exchanges.Okx;
using Venue.Fix;

namespace LiquidityBridge.Host;

/// <summary>One outside exchange.</summary>
/// <param name="Name">Name, for people.</param>
/// <param name="EndPoints">Where it is and who we are there: <see cref="KrakenEndPoints"/>, <see cref="OkxEndPoints"/>, <see cref="CoinbaseEndPoints"/>, <see cref="BinanceEndPoints"/> or <see cref="FixConfig"/>; its type says what it speaks.</param>
public sealed record ExchangeConfig(string Name, object EndPoints)
{
    // RFC 8032.
    private const int SeedBytes = 32;

    private static readonly Dictionary<string, Func<Section, string, object>> _types = new()
    {
        ["kraken"] = (s, _) => new KrakenEndPoints(s.Address("PublicSocket", "ws", "wss"), s.Address("PrivateSocket", "ws", "wss"), s.Address("Rest", "http", "https"), s.Text("ApiKey"), Base64(s, "Secret")),
        ["okx"] = (s, _) => new OkxEndPoints(s.Address("PublicSocket", "ws", "wss"), s.Address("PrivateSocket", "ws", "wss"), s.Address("Rest", "http", "https"),
            new OkxKey(s.Text("ApiKey"), s.Text("Secret"), s.Text("Passphrase"))),
        ["coinbase"] = (s, _) => new CoinbaseEndPoints(s.Address("MarketSocket", "ws", "wss"), s.Address("UserSocket", "ws", "wss"), s.Address("Rest", "http", "https"), CoinbaseKey(s)),
        ["binance"] = (s, _) => new BinanceEndPoints(s.Address("Streams", "ws", "wss"), s.Address("Api", "ws", "wss"), s.Address("Rest", "http", "https"), BinanceSigner(s)),
        ["fix"] = (s, folder) => new FixConfig(s.Text("SocketConnectHost"), s.Number("SocketConnectPort", 0, 1, 65535), BridgeConfig.ReadSession(s), BridgeConfig.ReadDictionary(s, folder)),
    };

    /// <summary>Reads an [EXCHANGE]; what is wrong with it is a fault of the section.</summary>
    internal static ExchangeConfig Read(Section s, string folder)
    {
        var (name, type) = (s.Text("Name"), s.Text("Type"));
        if (_types.TryGetValue(type, out var read)) return new ExchangeConfig(name, read(s, folder));
        s.Fault($"Type={type} is none of {string.Join(", ", _types.Keys)}");
        return new ExchangeConfig(name, type);
    }

    private static CoinbaseKey CoinbaseKey(Section s)
    {
        var (name, pem) = (s.Text("ApiKey"), s.Text("Secret"));
        try
        {
            return new CoinbaseKey(name, pem);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            s.Fault("Secret is not a P-256 private key in PEM, its lines parted by \\n");
            return null!;
        }
    }

    /// <summary>An HMAC secret as Binance shows it, or the seed of an Ed25519 key in base64.</summary>
    private static BinanceSigner BinanceSigner(Section s)
    {
        var key = s.Text("ApiKey");
        if (s.Text("Ed25519Seed", "").Length == 0) return Exchanges.Binance.BinanceSigner.Hmac(key, s.Text("Secret"));
        var seed = Base64(s, "Ed25519Seed");
        if (seed.Length == SeedBytes) return Exchanges.Binance.BinanceSigner.Ed25519(key, seed);
        s.Fault($"Ed25519Seed is not {SeedBytes} bytes in base64");
        return Exchanges.Binance.BinanceSigner.Ed25519(key, new byte[SeedBytes]);
    }

    private static byte[] Base64(Section s, string key)
    {
        var text = s.Text(key);
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length)) s.Fault($"{key} is not base64");
        return bytes[..length];
    }
}

/// <summary>A FIX counterparty.</summary>
/// <param name="Host">Host.</param>
/// <param name="Port">Port.</param>
/// <param name="Session">CompIDs and the like.</param>
/// <param name="Dictionary">File of its data dictionary.</param>
public sealed record FixConfig(string Host, int Port, SessionSettings Session, string Dictionary);
