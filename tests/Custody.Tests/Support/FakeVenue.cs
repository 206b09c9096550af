using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Venue.Api;

namespace Custody.Tests.Support;

/// <summary>The venue's gRPC server by its proto, in memory: balances, holds, keys, and the feed of what happened.</summary>
public sealed class FakeVenue : IAsyncDisposable
{
    public const string Token = "custody-token";

    // As the venue has it.
    private const int KeyMax = 39;

    private readonly Lock _lock = new();
    private readonly WebApplication _app;
    private readonly List<EventBatch> _batches = [];
    private readonly Dictionary<string, (string Content, Receipt Receipt)> _keys = [];
    private readonly Dictionary<string, (int Firm, int Asset, Int128 Atoms)> _holds = [];
    private readonly Dictionary<(int Firm, int Asset), (Int128 Available, Int128 Withdrawing)> _balances = [];

    public string Url { get; }

    /// <summary>How often each call did something (not: was made).</summary>
    public Dictionary<string, int> Effects { get; } = [];

    private FakeVenue(WebApplication app, string url)
    {
        _app = app;
        Url = url;
    }

    public static async Task<FakeVenue> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        FakeVenue? venue = null;
        builder.Services.AddSingleton(_ => new FeedService(venue!));
        builder.Services.AddSingleton(_ => new OperationsService(venue!));
        var app = builder.Build();
        app.MapGrpcService<FeedService>();
        app.MapGrpcService<OperationsService>();
        await app.StartAsync();
        venue = new FakeVenue(app, app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        venue.Happen(new Event { AssetDefined = new AssetDefined { Asset = 0, Code = "BTC", Decimals = 8 } });
        venue.Happen(new Event { AssetDefined = new AssetDefined { Asset = 1, Code = "ETH", Decimals = 18 } });
        venue.Happen(new Event { AssetDefined = new AssetDefined { Asset = 2, Code = FileChain.Usd, Decimals = 6 } });
        venue.Happen(new Event { InstrumentDefined = new InstrumentDefined { Instrument = 0, Symbol = "ETH-USDT", BaseAsset = 1, QuoteAsset = 2 } });
        venue.Happen(new Event { FirmDefined = new FirmDefined { Firm = 1, Name = "ALPHA" } });
        venue.Happen(new Event { FirmDefined = new FirmDefined { Firm = 2, Name = "BETA" } });
        return venue;
    }

    /// <summary>A match of instrument 0, booked in the venue's balances.</summary>
    public void Fill(int buyer, int seller, Int128 notional, Int128 baseAtoms, Int128 buyerFee, Int128 sellerFee)
    {
        lock (_lock)
        {
            Add(buyer, 1, baseAtoms, 0);
            Add(seller, 1, -baseAtoms, 0);
            Add(buyer, 2, -notional - buyerFee, 0);
            Add(seller, 2, notional - sellerFee, 0);
            Add(0, 2, buyerFee + sellerFee, 0);
            Happen(new Event
            {
                Fill = new Fill
                {
                    Instrument = 0,
                    Buyer = new FillSide { Firm = buyer, FeeAtoms = Text(buyerFee) },
                    Seller = new FillSide { Firm = seller, FeeAtoms = Text(sellerFee) },
                    NotionalAtoms = Text(notional),
                    BaseAtoms = Text(baseAtoms),
                },
            });
        }
    }

    /// <summary>A credit that no chain explains.</summary>
    public void Open(int firm, int asset, Int128 atoms, string key) => Once("credit", key, $"{firm} {asset} {atoms}", () =>
    {
        Add(firm, asset, atoms, 0);
        return new Event { Credited = new Credited { Firm = firm, Asset = asset, Atoms = Text(atoms), Key = key } };
    });

    /// <summary>Changes a balance and tells nobody: what reconciliation has to find.</summary>
    public void Corrupt(int firm, int asset, Int128 atoms)
    {
        lock (_lock) Add(firm, asset, atoms, 0);
    }

    public long Seq
    {
        get
        {
            lock (_lock) return _batches.Count;
        }
    }

    public (Int128 Available, Int128 Withdrawing) Balance(int firm, int asset)
    {
        lock (_lock) return _balances.GetValueOrDefault((firm, asset));
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private Receipt Happen(Event happened)
    {
        lock (_lock)
        {
            happened.Seq = _batches.Count + 1;
            _batches.Add(new EventBatch { ThroughSeq = happened.Seq, Events = { happened } });
            return new Receipt { Seq = happened.Seq, TimeNs = 1 };
        }
    }

    private Receipt Once(string what, string key, string content, Func<Event> happen)
    {
        if (key.Length is 0 or > KeyMax) throw new RpcException(new Status(StatusCode.InvalidArgument, $"key '{key}' is not 1 to {KeyMax} printable ASCII characters"));
        lock (_lock)
        {
            if (_keys.TryGetValue(what + key, out var before))
                return before.Content == content ? before.Receipt : throw new RpcException(new Status(StatusCode.AlreadyExists, key));
            var receipt = Happen(happen());
            _keys.Add(what + key, (content, receipt));
            Effects[what] = Effects.GetValueOrDefault(what) + 1;
            return receipt;
        }
    }

    private void Add(int firm, int asset, Int128 available, Int128 withdrawing)
    {
        var before = _balances.GetValueOrDefault((firm, asset));
        _balances[(firm, asset)] = (before.Available + available, before.Withdrawing + withdrawing);
    }

    private static string Text(Int128 atoms) => atoms.ToString(CultureInfo.InvariantCulture);

    private static Int128 Read(string atoms) => Int128.Parse(atoms, CultureInfo.InvariantCulture);

    private static void Check(ServerCallContext context)
    {
        if (context.RequestHeaders.GetValue("authorization") != $"Bearer {Token}") throw new RpcException(new Status(StatusCode.Unauthenticated, "no or unknown token"));
    }

    private sealed class FeedService(FakeVenue venue) : Feed.FeedBase
    {
        public override async Task Events(EventsRequest request, IServerStreamWriter<EventBatch> stream, ServerCallContext context)
        {
            Check(context);
            var next = request.AfterSeq;
            while (!context.CancellationToken.IsCancellationRequested)
            {
                EventBatch? batch;
                lock (venue._lock) batch = next < venue._batches.Count ? venue._batches[(int)next] : null;
                if (batch is null)
                {
                    await Task.Delay(5).WaitAsync(context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    continue;
                }
                await stream.WriteAsync(batch);
                next++;
            }
        }
    }

    private sealed class OperationsService(FakeVenue venue) : Operations.OperationsBase
    {
        public override Task<Receipt> Credit(CreditRequest r, ServerCallContext context)
        {
            Check(context);
            return Task.FromResult(venue.Once("credit", r.Key, $"{r.Firm} {r.Asset} {r.Atoms}", () =>
            {
                venue.Add(r.Firm, r.Asset, Read(r.Atoms), 0);
                return new Event { Credited = new Credited { Firm = r.Firm, Asset = r.Asset, Atoms = r.Atoms, Key = r.Key } };
            }));
        }

        public override Task<Receipt> HoldWithdrawal(HoldWithdrawalRequest r, ServerCallContext context)
        {
            Check(context);
            return Task.FromResult(venue.Once("hold", r.Key, $"{r.Firm} {r.Asset} {r.Atoms}", () =>
            {
                var atoms = Read(r.Atoms);
                if (venue.Balance(r.Firm, r.Asset).Available < atoms) throw new RpcException(new Status(StatusCode.FailedPrecondition, "not enough"));
                venue.Add(r.Firm, r.Asset, -atoms, atoms);
                venue._holds[r.Key] = (r.Firm, r.Asset, atoms);
                return new Event { WithdrawalHeld = new WithdrawalHeld { Firm = r.Firm, Asset = r.Asset, Atoms = r.Atoms, Key = r.Key } };
            }));
        }

        public override Task<Receipt> SettleWithdrawal(WithdrawalKey r, ServerCallContext context)
        {
            Check(context);
            return Task.FromResult(venue.Once("settle", r.Key, "", () =>
            {
                var (firm, asset, atoms) = venue._holds[r.Key];
                venue.Add(firm, asset, 0, -atoms);
                return new Event { WithdrawalSettled = new WithdrawalSettled { Firm = firm, Asset = asset, Atoms = Text(atoms), Key = r.Key } };
            }));
        }

        public override Task<Receipt> ReleaseWithdrawal(WithdrawalKey r, ServerCallContext context)
        {
            Check(context);
            return Task.FromResult(venue.Once("release", r.Key, "", () =>
            {
                var (firm, asset, atoms) = venue._holds[r.Key];
                venue.Add(firm, asset, atoms, -atoms);
                return new Event { WithdrawalReleased = new WithdrawalReleased { Firm = firm, Asset = asset, Atoms = Text(atoms), Key = r.Key } };
            }));
        }

        public override Task<BalancesReply> Balances(BalancesRequest r, ServerCallContext context)
        {
            Check(context);
            lock (venue._lock)
            {
                return Task.FromResult(new BalancesReply
                {
                    Seq = venue._batches.Count,
                    Balances = { venue._balances.Select(b => new Balance { Firm = b.Key.Firm, Asset = b.Key.Asset, AvailableAtoms = Text(b.Value.Available), HeldAtoms = "0", WithdrawingAtoms = Text(b.Value.Withdrawing) }) },
                });
            }
        }
    }
}
