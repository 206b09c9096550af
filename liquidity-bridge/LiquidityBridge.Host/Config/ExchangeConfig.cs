using System.Security.Cryptography;
using LiquidityBridge.Exchanges.Binance;
using LiquidityBridge.Exchanges.Coinbase;
using LiquidityBridge.Exchanges.CoinbaseFeed;
using LiquidityBridge.Exchanges.Fix;
using LiquidityBridge.Exchanges.Kraken;
using LiquidityBridge.Exchanges.Okx;
using LiquidityBridge.Exchanges.Paper;
using Venue.Fix;

namespace LiquidityBridge.Host;

/// <summary>One outside exchange.</summary>
/// <param name="Name">Name, for people.</param>
/// <param name="EndPoints">Where it is and who we are there: <see cref="KrakenEndPoints"/>, <see cref="OkxEndPoints"/>, <see cref="CoinbaseEndPoints"/>, <see cref="FeedEndPoints"/>, <see cref="BinanceEndPoints"/> or <see cref="FixConfig"/>; its type says what it speaks.</param>
public sealed record ExchangeConfig(string Name, object EndPoints)
{
    // RFC 8032.
    private const int SeedBytes = 32;

    // Where trading on paper would send orders; before the table, which is made from it.
    private static readonly Uri _nowhere = new("ws://invalid.invalid");

    private static readonly Dictionary<string, Func<Section, string, bool, object>> _types = new()
    {
        ["kraken"] = (s, _, isPaper) => new KrakenEndPoints(s.Address("PublicSocket", "ws", "wss"), isPaper ? _nowhere : s.Address("PrivateSocket", "ws", "wss"), s.Address("Rest", "http", "https"), isPaper ? "" : s.Text("ApiKey"), isPaper ? [] : Base64(s, "Secret")) { IsPublicOnly = isPaper },
        ["okx"] = (s, _, isPaper) => new OkxEndPoints(s.Address("PublicSocket", "ws", "wss"), isPaper ? _nowhere : s.Address("PrivateSocket", "ws", "wss"), s.Address("Rest", "http", "https"),
            isPaper ? new OkxKey("", "", "") : new OkxKey(s.Text("ApiKey"), s.Text("Secret"), s.Text("Passphrase"))) { IsPublicOnly = isPaper },
        ["coinbase"] = (s, _, _) => new CoinbaseEndPoints(s.Address("MarketSocket", "ws", "wss"), s.Address("UserSocket", "ws", "wss"), s.Address("Rest", "http", "https"), CoinbaseKey(s)),
        ["coinbase-exchange"] = (s, _, isPaper) => new FeedEndPoints(s.Address("Socket", "ws", "wss"), s.Address("Rest", "http", "https"), isPaper ? null : FeedKey(s)),
        ["binance"] = (s, _, isPaper) => new BinanceEndPoints(s.Address("Streams", "ws", "wss"), isPaper ? _nowhere : s.Address("Api", "ws", "wss"), s.Address("Rest", "http", "https"), isPaper ? Exchanges.Binance.BinanceSigner.Hmac("", "") : BinanceSigner(s)) { IsPublicOnly = isPaper },
        ["fix"] = (s, folder, _) => new FixConfig(s.Text("SocketConnectHost"), s.Number("SocketConnectPort", 0, 1, 65535), BridgeConfig.ReadSession(s) with { ResetOnLogon = s.Text("ResetOnLogon", "N") == "Y" }, BridgeConfig.ReadDictionary(s, folder), DialectConfig.Read(s)),
    };

    /// <summary>Orders are filled on paper by the live book, and no key is needed.</summary>
    public bool IsPaper { get; private init; }

    /// <summary>Reads an [EXCHANGE]; what is wrong with it is a fault of the section.</summary>
    internal static ExchangeConfig Read(Section s, string folder)
    {
        var (name, type, trading) = (s.Text("Name"), s.Text("Type"), s.Text("Trading", "real"));
        if (trading is not ("real" or "paper")) s.Fault($"Trading={trading} is neither real nor paper");
        if (trading == "paper" && type is "coinbase" or "fix") s.Fault($"Trading=paper, and {type} has no market data without a key");
        if (_types.TryGetValue(type, out var read)) return new ExchangeConfig(trading == "paper" ? name + PaperExchange.Mark : name, read(s, folder, trading == "paper")) { IsPaper = trading == "paper" };
        s.Fault($"Type={type} is none of {string.Join(", ", _types.Keys)}");
        return new ExchangeConfig(name, type);
    }

    private static FeedKey? FeedKey(Section s)
    {
        try
        {
            return new FeedKey(s.Text("ApiKey"), s.Text("Secret"), s.Text("Passphrase"));
        }
        catch (FormatException)
        {
            s.Fault("Secret is not base64");
            return null;
        }
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

    internal static byte[] Base64(Section s, string key)
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
/// <param name="Dialect">What it wants beyond FIX 4.4.</param>
public sealed record FixConfig(string Host, int Port, SessionSettings Session, string Dictionary, FixDialect Dialect);
