using LiquidityBridge.Exchanges;
using LiquidityBridge.Exchanges.Binance;
using LiquidityBridge.Exchanges.Coinbase;
using LiquidityBridge.Exchanges.CoinbaseFeed;
using LiquidityBridge.Exchanges.Fix;
using LiquidityBridge.Exchanges.Kraken;
using LiquidityBridge.Exchanges.Okx;
using LiquidityBridge.Tests.Sandbox;
using Venue.Fix;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>The adapters, each for its stand-in exchange.</summary>
internal static class Adapters
{
    /// <summary>The adapter of a protocol, not started yet; <paramref name="folder"/> is for what it keeps, <paramref name="ageMax"/> how old a connection gets.</summary>
    public static IExchange Make(string protocol, RunningSandbox sandbox, Instrument instrument, Inbox inbox, string folder, int number = 0, TimeSpan? ageMax = null)
    {
        var age = ageMax ?? TimeSpan.FromHours(23);
        switch (protocol)
        {
            case "kraken":
                return new KrakenExchange(number, [instrument], new KrakenEndPoints(new Uri(sandbox.KrakenSocket + "/v2"), new Uri(sandbox.KrakenSocket + "/auth/v2"), new Uri(sandbox.KrakenRest),
                    RunningSandbox.Key, Convert.FromBase64String(RunningSandbox.Secret)) { ConnectionAgeMax = age }, inbox, _ => { });
            case "okx":
                return new OkxExchange(number, [instrument], new OkxEndPoints(new Uri(sandbox.OkxSocket + "/public"), new Uri(sandbox.OkxSocket + "/private"), new Uri(sandbox.OkxRest),
                    new OkxKey(OkxClient.Key, OkxClient.Secret, OkxClient.Passphrase)) { ConnectionAgeMax = age }, inbox, _ => { });
            case "binance":
                return new BinanceExchange(number, [instrument], new BinanceEndPoints(new Uri(sandbox.BinanceSocket + "/ws"), new Uri(sandbox.BinanceSocket + "/ws-api/v3"), new Uri(sandbox.BinanceRest),
                    BinanceSigner.Hmac(RunningSandbox.Key, RunningSandbox.BinanceSecret)) { ConnectionAgeMax = age }, inbox, _ => { });
            case "coinbase":
                return new CoinbaseExchange(number, [instrument], new CoinbaseEndPoints(new Uri(sandbox.CoinbaseSocket + "/ws"), new Uri(sandbox.CoinbaseSocket + "/user"), new Uri(sandbox.CoinbaseRest),
                    new CoinbaseKey(CoinbaseClient.Key, CoinbaseClient.Pem(CoinbaseClient.Secret))) { ConnectionAgeMax = age }, inbox, _ => { });
            case "coinbase-exchange":
                return new FeedExchange(number, [instrument], new FeedEndPoints(new Uri(sandbox.FeedSocket), new Uri(sandbox.FeedRest), new FeedKey(RunningSandbox.Key, RunningSandbox.Secret, RunningSandbox.FeedPassphrase)) { ConnectionAgeMax = age }, inbox, _ => { });
            default:
                using (var xml = File.OpenRead(Places.Path("liquidity-bridge/LiquidityBridge.Sandbox/Fix/SANDBOX44.xml")))
                    return new FixExchange(number, [instrument], "127.0.0.1", sandbox.FixPort, new SessionSettings { SenderCompID = "BRIDGE", TargetCompID = "SANDBOX", HeartBtIntSeconds = 1 },
                        FixDictionary.Load(xml), Path.Combine(folder, "x.seq"), inbox, _ => { });
        }
    }
}
