using LiquidityBridge.Exchanges;
using LiquidityBridge.Exchanges.Binance;
using LiquidityBridge.Exchanges.Coinbase;
using LiquidityBridge.Exchanges.CoinbaseFeed;
using LiquidityBridge.Exchanges.Fix;
using LiquidityBridge.Exchanges.Kraken;
using LiquidityBridge.Exchanges.Okx;
using LiquidityBridge.Exchanges.Paper;
using Venue.Fix;

namespace LiquidityBridge.Host;

/// <summary>The bridge, wired: journal, core, venue session, feed, exchanges.</summary>
public sealed class BridgeProcess : IDisposable
{
    private readonly IntentsJournal _journal;
    private readonly Inputs _inputs = new();
    private readonly List<IExchange> _exchanges = [];
    private readonly VenueSession _venue;
    private readonly VenueFeed _feed;
    private readonly VenueIndex _index;
    private readonly BridgeLoop _loop;

    /// <summary>Recovers from the journal and connects nothing yet.</summary>
    /// <exception cref="InvalidDataException">The journal, a dictionary or a sequence file cannot be used.</exception>
    public BridgeProcess(BridgeConfig config, string data, Action<string> log)
    {
        var bridge = new Bridge(config.Core);
        _journal = IntentsJournal.Open(data, bridge.Recover, new Compaction(new Bridge(config.Core), Compaction.BytesDefault, log));
        try
        {
            var instruments = config.Core.Instruments;
            for (var number = 0; number < config.Exchanges.Count; number++)
                _exchanges.Add(Make(number, config.Exchanges[number], instruments, data, log));
            _venue = new VenueSession(config.Venue.Host, config.Venue.Port, config.Venue.Session, Dictionary(config.Venue.Dictionary), Path.Combine(data, "venue.seq"), instruments, _inputs.Post, log);
            _feed = new VenueFeed(config.Venue.Feed, config.Venue.FeedToken, bridge.FeedAfterSeq, _inputs.PostWhenRoom, log);
            _index = new VenueIndex(config.Venue.Feed, config.Venue.FeedToken, log);
        }
        catch
        {
            foreach (var exchange in _exchanges) exchange.Dispose();
            _venue?.Dispose();
            _feed?.Dispose();
            _journal.Dispose();
            throw;
        }
        _loop = new BridgeLoop(bridge, _journal, _inputs, _exchanges, _venue, _index.Send, log);
    }

    /// <summary>The core's thread and what the desk asks of it.</summary>
    public BridgeLoop Loop => _loop;

    /// <summary>Records of the journal, and bytes dropped from its end.</summary>
    public (int Records, long DroppedBytes) Recovered => (_journal.Records, _journal.DroppedBytes);

    /// <summary>Begins to connect everything.</summary>
    public void Start()
    {
        foreach (var exchange in _exchanges) exchange.Start();
        _venue.Start();
        _feed.Start();
        _index.Start();
    }

    /// <summary>Disconnects everything. The loop has ended.</summary>
    public void Dispose()
    {
        _venue.Dispose();
        _feed.Dispose();
        _index.Dispose();
        foreach (var exchange in _exchanges) exchange.Dispose();
        _journal.Dispose();
    }

    private IExchange Make(int number, ExchangeConfig config, IReadOnlyList<Instrument> instruments, string data, Action<string> log) =>
        config.IsPaper ? new PaperExchange(number, instruments, _inputs.Post, inbox => Adapter(number, config, instruments, data, inbox, log)) : Adapter(number, config, instruments, data, _inputs.Post, log);

    private static IExchange Adapter(int number, ExchangeConfig config, IReadOnlyList<Instrument> instruments, string data, Inbox inbox, Action<string> log) => config switch
    {
        { EndPoints: KrakenEndPoints kraken } => new KrakenExchange(number, instruments, kraken, inbox, log),
        { EndPoints: OkxEndPoints okx } => new OkxExchange(number, instruments, okx, inbox, log),
        { EndPoints: CoinbaseEndPoints coinbase } => new CoinbaseExchange(number, instruments, coinbase, inbox, log),
        { EndPoints: FeedEndPoints feed } => new FeedExchange(number, instruments, feed, inbox, log),
        { EndPoints: BinanceEndPoints binance } => new BinanceExchange(number, instruments, binance, inbox, log),
        { EndPoints: FixConfig fix } => new FixExchange(number, instruments, fix.Host, fix.Port, fix.Session, Dictionary(fix.Dictionary), Path.Combine(data, config.Name + ".seq"), inbox, log, fix.Dialect),
        _ => throw new InvalidOperationException($"{config.Name} speaks no protocol."),
    };

    private static FixDictionary Dictionary(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return FixDictionary.Load(file);
        }
        catch (Exception e) when (e is FormatException or System.Xml.XmlException)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }
}
