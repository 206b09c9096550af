using System.Net;
using LiquidityBridge.Sandbox.Binance;
using LiquidityBridge.Sandbox.Coinbase;
using LiquidityBridge.Sandbox.CoinbaseFeed;
using LiquidityBridge.Sandbox.Control;
using LiquidityBridge.Sandbox.Fix;
using LiquidityBridge.Sandbox.Kraken;
using LiquidityBridge.Sandbox.Market;
using LiquidityBridge.Sandbox.Okx;
using Venue.Fix;

namespace LiquidityBridge.Sandbox;

/// <summary>All exchanges, their markets and the control port, from start to stop.</summary>
internal sealed class Sandbox : IAsyncDisposable
{
    private const long LateMaxNs = 1_000_000_000;

    private static readonly string[] _names = ["kraken", "fix", "okx", "coinbase", "coinbase-exchange", "binance"];
    private static readonly TimeSpan GoodbyePatience = TimeSpan.FromMilliseconds(200);

    private readonly Loop _loop;
    private readonly FixExchange _fix;
    private readonly IReadOnlyList<ExchangeSide> _sides;
    private readonly HttpServer _kraken, _okx, _coinbase, _coinbaseExchange, _binance, _control;
    private readonly FixServer _fixServer;
    private readonly MarketRecording? _recording;

    private Sandbox(Loop loop, FixExchange fix, IReadOnlyList<ExchangeSide> sides, MarketRecording? recording, HttpServer kraken, FixServer fixServer, HttpServer okx, HttpServer coinbase, HttpServer coinbaseExchange, HttpServer binance, HttpServer control)
    {
        _loop = loop;
        _fix = fix;
        _sides = sides;
        _recording = recording;
        _kraken = kraken;
        _fixServer = fixServer;
        _okx = okx;
        _coinbase = coinbase;
        _coinbaseExchange = coinbaseExchange;
        _binance = binance;
        _control = control;
    }

    /// <summary>Kraken's REST and WebSockets.</summary>
    public IPEndPoint Kraken => _kraken.EndPoint;

    /// <summary>FIX 4.4.</summary>
    public IPEndPoint Fix => _fixServer.EndPoint;

    /// <summary>OKX's REST and WebSockets.</summary>
    public IPEndPoint Okx => _okx.EndPoint;

    /// <summary>Coinbase's REST and WebSockets.</summary>
    public IPEndPoint Coinbase => _coinbase.EndPoint;

    /// <summary>Coinbase Exchange's REST and WebSocket.</summary>
    public IPEndPoint CoinbaseExchange => _coinbaseExchange.EndPoint;

    /// <summary>Binance's REST and WebSockets.</summary>
    public IPEndPoint Binance => _binance.EndPoint;

    /// <summary>Scripts and faults.</summary>
    public IPEndPoint Control => _control.EndPoint;

    /// <summary>Opens the ports; when this returns, all exchanges can be used.</summary>
    public static async Task<Sandbox> Start(Options options, Settings settings)
    {
        var loop = new Loop();
        var (sides, recording) = Sides(options, settings, loop.NowNs);
        var (kraken, fix, okx, coinbase, coinbaseFeed, binance) = (sides[0], sides[1], sides[2], sides[3], sides[4], sides[5]);
        var krakenExchange = new KrakenExchange(kraken.Exchange, kraken.Faults, loop);
        using var xml = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Fix", "SANDBOX44.xml"));
        var fixExchange = new FixExchange(fix.Exchange, fix.Faults, loop, FixDictionary.Load(xml), settings.Members, options.Data);
        kraken.Connections = new KrakenConnections(krakenExchange);
        fix.Connections = new FixConnections(fixExchange);
        var okxLogin = new OkxLogin([.. settings.Accounts("okx").Select((a, n) => new OkxMember(a, $"{44705892343619584 + n}"))]);
        var okxExchange = new OkxExchange(okx.Exchange, okx.Faults, loop, okxLogin);
        okx.Connections = new OkxConnections(okxExchange);
        var coinbaseTokens = new CoinbaseJwt(settings.Accounts("coinbase"));
        var coinbaseExchange = new CoinbaseExchange(coinbase.Exchange, coinbase.Faults, loop, coinbaseTokens);
        coinbase.Connections = coinbaseExchange.Peers;
        var feedLogin = new FeedLogin(settings.Accounts("coinbase-exchange"));
        var feedExchange = new FeedExchange(coinbaseFeed.Exchange, coinbaseFeed.Faults, loop, feedLogin);
        coinbaseFeed.Connections = feedExchange.Peers;
        var binanceExchange = new BinanceExchange(binance.Exchange, binance.Faults, loop, settings.Accounts("binance"));
        binance.Connections = new BinanceConnections(binanceExchange);
        foreach (var side in sides)
        {
            side.Exchange.NowNs = loop.NowNs;
            while (!options.Scripted && side.Market.DueNs == 0) side.Step(loop.NowNs);
            side.Exchange.Flush();
            loop.AfterEach(side.Exchange.Flush);
            if (!options.Scripted) StepWhenDue(loop, side, loop.NowNs);
        }
        loop.Start();
        var krakenServer = await new KrakenServer(kraken.Exchange, krakenExchange, settings.Accounts("kraken"), loop).Start(options.KrakenPort).ConfigureAwait(false);
        var fixServer = new FixServer(fixExchange, loop, options.FixPort);
        var okxServer = await new OkxServer(okx.Exchange, okxExchange, okxLogin, loop).Start(options.OkxPort).ConfigureAwait(false);
        var coinbaseServer = await new CoinbaseServer(coinbase.Exchange, coinbaseExchange, coinbaseTokens, coinbase.Faults, loop).Start(options.CoinbasePort).ConfigureAwait(false);
        var feedServer = await new FeedServer(coinbaseFeed.Exchange, feedExchange, feedLogin, coinbaseFeed.Faults, loop).Start(options.CoinbaseExchangePort).ConfigureAwait(false);
        var binanceServer = await new BinanceServer(binance.Exchange, binanceExchange, loop).Start(options.BinancePort).ConfigureAwait(false);
        foreach (var (side, endPoint) in sides.Zip([krakenServer.EndPoint, fixServer.EndPoint, okxServer.EndPoint, coinbaseServer.EndPoint, feedServer.EndPoint, binanceServer.EndPoint]))
            await loop.Post(() => side.EndPoint = $"{endPoint}").ConfigureAwait(false);
        var control = await new ControlServer(loop, sides, settings.ControlToken).Start(options.ControlPort).ConfigureAwait(false);
        _ = fixServer.Run();
        return new Sandbox(loop, fixExchange, sides, recording, krakenServer, fixServer, okxServer, coinbaseServer, feedServer, binanceServer, control);
    }

    /// <summary>Logs FIX members out, breaks the rest, closes the ports.</summary>
    public async ValueTask DisposeAsync()
    {
        var isAnyoneThere = await _loop.Ask(() =>
        {
            _fix.LogoutAll();
            return _fix.Lines.Count > 0;
        }).ConfigureAwait(false);
        if (isAnyoneThere) await Task.Delay(GoodbyePatience).ConfigureAwait(false);
        _fixServer.Dispose();
        await _loop.Post(() =>
        {
            foreach (var side in _sides) side.Connections.Disconnect();
        }).ConfigureAwait(false);
        await _control.DisposeAsync().ConfigureAwait(false);
        await _kraken.DisposeAsync().ConfigureAwait(false);
        await _okx.DisposeAsync().ConfigureAwait(false);
        await _coinbase.DisposeAsync().ConfigureAwait(false);
        await _coinbaseExchange.DisposeAsync().ConfigureAwait(false);
        await _binance.DisposeAsync().ConfigureAwait(false);
        _loop.Stop();
        _recording?.Dispose();
    }

    private static void StepWhenDue(Loop loop, ExchangeSide side, long beganNs)
    {
        if (side.Market.DueNs == long.MaxValue) return;
        // A machine that has slept goes on from there, and does not run after what it has slept through.
        var lateNs = loop.NowNs - beganNs - side.Market.DueNs;
        if (lateNs > LateMaxNs) beganNs += lateNs;
        loop.After(beganNs + side.Market.DueNs - loop.NowNs, () =>
        {
            side.Step(loop.NowNs);
            StepWhenDue(loop, side, beganNs);
        });
    }

    // A thousand numbers for each second since 2026: an exchange that keeps its sessions over a restart goes on above what it gave out.
    private static long FirstNumber() => (DateTimeOffset.UtcNow - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).Ticks / TimeSpan.TicksPerMillisecond;

    /// <summary>All exchanges in the order of their names' list, with the market that they are given.</summary>
    private static (IReadOnlyList<ExchangeSide> Sides, MarketRecording? Recording) Sides(Options options, Settings settings, long nowNs)
    {
        var first = options.Data is null ? 0 : FirstNumber();
        IReadOnlyList<Exchange> exchanges = [.. _names.Select(n => new Exchange(n, settings.Instruments(n)) { FirstNumber = first, HasFeesInReceived = n == "binance", NowNs = nowNs })];
        var moments = options.MarketFile is { } file ? MarketFile.Read(file, exchanges) : null;
        var recording = options.RecordFile is { } record ? new MarketRecording(record, nowNs) : null;
        return ([.. exchanges.Select(exchange =>
        {
            var house = new House(exchange, recording);
            IMarket market = moments is null ? new SyntheticMarket(options.Seed, exchange, house) : new RecordedMarket(moments[exchange.Name], house, options.MarketSpeed);
            return new ExchangeSide(exchange, new Faults(), house, market, recording) { Accounts = settings.Accounts(exchange.Name) };
        })], recording);
    }
}
