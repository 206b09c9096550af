using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using LiquidityBridge.Exchanges;
using Venue.Api;
using Venue.Messages;

namespace LiquidityBridge.Host;

/// <summary>Reads the venue's feed from where the journal stands, and again from where it stopped whenever it is cut.</summary>
public sealed class VenueFeed : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly Feed.FeedClient _client;
    private readonly Metadata _headers;
    private readonly Inbox _inbox;
    private readonly Action<string> _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Backoff _backoff = new();
    private long _afterSeq;
    private Task? _loop;

    /// <summary>Nothing is read before <see cref="Start"/>.</summary>
    /// <param name="address">http://host:port or https://host:port.</param>
    /// <param name="token">The bridge's bearer token.</param>
    /// <param name="afterSeq">The last sequence number of which everything is known.</param>
    /// <param name="inbox">Where inputs go.</param>
    /// <param name="log">Lines for the operator.</param>
    public VenueFeed(Uri address, string token, long afterSeq, Inbox inbox, Action<string> log)
    {
        // A half-open connection is found by HTTP/2 pings, also when the venue has nothing to say.
        var handler = new SocketsHttpHandler { KeepAlivePingDelay = TimeSpan.FromSeconds(5), KeepAlivePingTimeout = TimeSpan.FromSeconds(5), KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests };
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        _client = new Feed.FeedClient(_channel);
        _headers = new Metadata { { "authorization", $"Bearer {token}" } };
        (_afterSeq, _inbox, _log) = (afterSeq, inbox, log);
    }

    /// <summary>Begins to read.</summary>
    public void Start() => _loop = Task.Run(Run);

    private async Task Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            var reason = "the venue ended the stream";
            try
            {
                await Read().ConfigureAwait(false);
            }
            catch (RpcException e)
            {
                reason = e.Status.Detail;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            _inbox(new FeedChanged { NowNs = Clock.NowNs(), IsUp = false });
            if (_stop.IsCancellationRequested) return;
            _log($"feed: {reason}");
            await Task.Delay(_backoff.Next(), _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Read()
    {
        using var call = _client.Events(new EventsRequest { AfterSeq = _afterSeq }, _headers, cancellationToken: _stop.Token);
        var isUp = false;
        while (await call.ResponseStream.MoveNext(_stop.Token).ConfigureAwait(false))
        {
            var batch = call.ResponseStream.Current;
            var nowNs = Clock.NowNs();
            foreach (var e in batch.Events) On(e, nowNs);
            _inbox(new FeedPosition { NowNs = nowNs, ThroughSeq = batch.ThroughSeq });
            _afterSeq = batch.ThroughSeq;
            if (isUp) continue;
            isUp = true;
            _backoff.Reset();
            _inbox(new FeedChanged { NowNs = nowNs, IsUp = true });
        }
    }

    private void On(Event e, long nowNs)
    {
        switch (e.BodyCase)
        {
            case Event.BodyOneofCase.AssetDefined:
                _inbox(new VenueAssetDefined { NowNs = nowNs, Asset = e.AssetDefined.Asset, Code = e.AssetDefined.Code, Decimals = e.AssetDefined.Decimals });
                break;
            case Event.BodyOneofCase.FirmDefined:
                _inbox(new VenueFirmDefined { NowNs = nowNs, Firm = e.FirmDefined.Firm, Name = e.FirmDefined.Name });
                break;
            case Event.BodyOneofCase.InstrumentDefined:
                var i = e.InstrumentDefined;
                _inbox(new VenueInstrumentDefined
                {
                    NowNs = nowNs, Number = i.Instrument, Symbol = i.Symbol, QuoteAsset = i.QuoteAsset,
                    TickMantissa = i.TickMantissa, TickDecimals = i.TickDecimals, LotMantissa = i.LotMantissa, LotDecimals = i.LotDecimals,
                });
                break;
            case Event.BodyOneofCase.Fill:
                // Buyer before seller, always: the core tells what it has seen by seq, index and side.
                _inbox(Fill(e, e.Fill.Buyer, Side.Buy, nowNs));
                _inbox(Fill(e, e.Fill.Seller, Side.Sell, nowNs));
                break;
            case Event.BodyOneofCase.TradeCorrected:
                Correct(e, e.TradeCorrected, nowNs);
                break;
        }
    }

    /// <summary>The opposite of the trade as it was, and the trade as it is now, if any is left. Between two sides of one firm nothing changes that it could hedge.</summary>
    private void Correct(Event e, TradeCorrected c, long nowNs)
    {
        if (c.BuyerFirm == c.SellerFirm) return;
        var (buy, sell) = (Atoms(c.NewBuyerFeeAtoms), Atoms(c.NewSellerFeeAtoms));
        Tell(c.BuyerFirm, Side.Buy, c.NewPriceTicks, c.NewLots, buy);
        Tell(c.SellerFirm, Side.Buy, c.PriceTicks, c.Lots, -Atoms(c.SellerFeeAtoms));
        Tell(c.BuyerFirm, Side.Sell, c.PriceTicks, c.Lots, -Atoms(c.BuyerFeeAtoms));
        Tell(c.SellerFirm, Side.Sell, c.NewPriceTicks, c.NewLots, sell);

        void Tell(int firm, Side side, long ticks, long lots, Int128 fee)
        {
            if (lots == 0) return;
            _inbox(new VenueFill { NowNs = nowNs, Seq = e.Seq, Index = e.Index, Number = c.Instrument, Firm = firm, Side = side, Ticks = ticks, Lots = lots, FeeAtoms = fee, ClOrdID = "" });
        }
    }

    private static Int128 Atoms(string text) => Int128.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static VenueFill Fill(Event e, FillSide side, Side which, long nowNs) => new()
    {
        NowNs = nowNs, Seq = e.Seq, Index = e.Index, Number = e.Fill.Instrument, Firm = side.Firm, Side = which,
        Ticks = e.Fill.PriceTicks, Lots = e.Fill.Lots, FeeAtoms = Atoms(side.FeeAtoms), ClOrdID = side.ClOrdId,
    };

    public void Dispose()
    {
        _stop.Cancel();
        _loop?.Wait(TimeSpan.FromSeconds(5));
        _channel.Dispose();
        _stop.Dispose();
    }
}
