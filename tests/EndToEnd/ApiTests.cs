using Grpc.Core;
using Grpc.Net.Client;
using Venue.Api;

namespace EndToEnd;

/// <summary>What bridge and custody see of a running venue: the feed, exactly once over restarts, and the operations.</summary>
[Category("EndToEnd")]
public class ApiTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private TradingFloor _floor = null!;
    private GrpcChannel _channel = null!;

    [SetUp]
    public void Open()
    {
        _floor = new TradingFloor();
        _floor.Venue.Start();
        Connect();
    }

    [TearDown]
    public void Close()
    {
        _channel.Dispose();
        _floor.Dispose();
    }

    private void Connect() => _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_floor.Venue.ApiPort}");

    private Metadata As(string role) => new() { { "authorization", "Bearer " + _floor.Venue.Token(role) } };

    private Operations.OperationsClient Do => new(_channel);

    /// <summary>Reads the feed until <paramref name="enough"/> says so.</summary>
    private async Task<(List<Event> Events, long ThroughSeq)> ReadFeed(long afterSeq, Func<List<Event>, bool> enough)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var call = new Feed.FeedClient(_channel).Events(new EventsRequest { AfterSeq = afterSeq }, As("feed"), cancellationToken: limit.Token);
        var events = new List<Event>();
        long through = afterSeq;
        while (!enough(events))
        {
            Assert.That(await call.ResponseStream.MoveNext(limit.Token), Is.True);
            Assert.That(call.ResponseStream.Current.ThroughSeq, Is.GreaterThan(through));
            through = call.ResponseStream.Current.ThroughSeq;
            events.AddRange(call.ResponseStream.Current.Events);
        }
        return (events, through);
    }

    private static async Task<StatusCode> CodeOf(Func<Task> call) => (await Assert.ThrowsAsync<RpcException>(call))!.StatusCode;

    private async Task<(string Available, string Held, string Withdrawing)> Balance(int firm, int asset)
    {
        var reply = await Do.BalancesAsync(new BalancesRequest(), As("custody"));
        var balance = reply.Balances.SingleOrDefault(b => b.Firm == firm && b.Asset == asset) ?? new Balance { AvailableAtoms = "0", HeldAtoms = "0", WithdrawingAtoms = "0" };
        return (balance.AvailableAtoms, balance.HeldAtoms, balance.WithdrawingAtoms);
    }

    [Test]
    public async Task The_feed_tells_each_fill_once_over_restarts_of_the_venue_and_of_the_reader()
    {
        _floor.Seat("maker", ClientKind.QuickFix, "CLIENT1");
        _floor.Seat("taker", ClientKind.QuickFix, "CLIENT2");
        _floor.NewScene();
        _floor.Play("""
            maker: new $m1 sell BTC-USD 1 limit 50000
            maker< 8 11=$m1 150=0
            taker: new $t1 buy BTC-USD 0.4 limit 50000
            taker< 8 11=$t1 150=0
            taker< 8 11=$t1 150=F
            maker< 8 11=$m1 150=F
            """);
        var (events, through) = await ReadFeed(0, e => e.Any(x => x.Fill is not null));
        Assert.That(events.Where(e => e.AssetDefined is not null).Select(e => e.AssetDefined.Code), Does.Contain("BTC").And.Contain("USD"));
        var fill = events.Single(e => e.Fill is not null).Fill;
        Assert.That((fill.PriceTicks, fill.Lots, fill.NotionalAtoms, fill.BaseAtoms, fill.BuyerIsAggressor),
            Is.EqualTo((5_000_000L, 40_000L, "2000000000000", "40000000", true)), "0.4 BTC at 50000 is 20000 USD");
        Assert.That((fill.Buyer.FeeAtoms, fill.Seller.FeeAtoms), Is.EqualTo(("400000000", "200000000")), "2 and 1 basis points of it");

        _floor.Venue.Kill();
        _floor.Venue.Start();
        _channel.Dispose();
        Connect();
        Assert.That(await ReadFeed(0, e => e.Any(x => x.Fill is not null)), Is.EqualTo((events, through)).Using<(List<Event> E, long T), (List<Event> E, long T)>((a, b) => a.E.SequenceEqual(b.E)));
        var receipt = await Do.CreditAsync(new CreditRequest { Firm = 1, Asset = 2, Atoms = "5", Key = "after" }, As("custody"));
        var (later, laterThrough) = await ReadFeed(through, e => e.Count > 0);
        Assert.That(later.Select(e => (e.Seq, e.Credited?.Key)), Is.EqualTo(new[] { (receipt.Seq, "after") }), "the fill is not told again");
        Assert.That(laterThrough, Is.GreaterThanOrEqualTo(receipt.Seq));
    }

    [Test]
    public async Task A_credit_counts_once_per_key()
    {
        var before = await Balance(8, 2);
        var request = new CreditRequest { Firm = 8, Asset = 2, Atoms = "200000000", Key = "deposit-1" };
        var first = await Do.CreditAsync(request, As("custody"));
        var again = await Do.CreditAsync(request, As("custody"));
        Assert.That(again.Seq, Is.GreaterThan(first.Seq));
        Assert.That(Int128.Parse((await Balance(8, 2)).Available) - Int128.Parse(before.Available), Is.EqualTo((Int128)200_000_000));
        Assert.That(await CodeOf(() => Do.CreditAsync(new CreditRequest(request) { Atoms = "1" }, As("custody")).ResponseAsync), Is.EqualTo(StatusCode.AlreadyExists));
        Assert.That(await CodeOf(() => Do.CreditAsync(new CreditRequest(request) { Firm = 99, Key = "x" }, As("custody")).ResponseAsync), Is.EqualTo(StatusCode.InvalidArgument));
        Assert.That(await CodeOf(() => Do.CreditAsync(new CreditRequest(request) { Atoms = "1.5", Key = "x" }, As("custody")).ResponseAsync), Is.EqualTo(StatusCode.InvalidArgument));
        Assert.That(await CodeOf(() => Do.CreditAsync(new CreditRequest(request) { Key = new string('k', 40) }, As("custody")).ResponseAsync), Is.EqualTo(StatusCode.InvalidArgument));
    }

    [Test]
    public async Task A_withdrawal_is_held_then_settled_or_released_and_survives_a_kill()
    {
        var (available, _, _) = await Balance(8, 1);
        await Do.HoldWithdrawalAsync(new HoldWithdrawalRequest { Firm = 8, Asset = 1, Atoms = "60", Key = "w1" }, As("custody"));
        await Do.HoldWithdrawalAsync(new HoldWithdrawalRequest { Firm = 8, Asset = 1, Atoms = "40", Key = "w2" }, As("custody"));
        Assert.That(await CodeOf(() => Do.HoldWithdrawalAsync(new HoldWithdrawalRequest { Firm = 8, Asset = 1, Atoms = available, Key = "w3" }, As("custody")).ResponseAsync), Is.EqualTo(StatusCode.FailedPrecondition));
        Assert.That(await Balance(8, 1), Is.EqualTo(((Int128.Parse(available) - 100).ToString(), "0", "100")));

        _floor.Venue.Kill();
        _floor.Venue.Start();
        _channel.Dispose();
        Connect();
        await Do.SettleWithdrawalAsync(new WithdrawalKey { Key = "w1" }, As("custody"));
        await Do.SettleWithdrawalAsync(new WithdrawalKey { Key = "w1" }, As("custody"));
        await Do.ReleaseWithdrawalAsync(new WithdrawalKey { Key = "w2" }, As("custody"));
        Assert.That(await CodeOf(() => Do.ReleaseWithdrawalAsync(new WithdrawalKey { Key = "w1" }, As("custody")).ResponseAsync), Is.EqualTo(StatusCode.FailedPrecondition));
        Assert.That(await CodeOf(() => Do.SettleWithdrawalAsync(new WithdrawalKey { Key = "none" }, As("custody")).ResponseAsync), Is.EqualTo(StatusCode.NotFound));
        Assert.That(await Balance(8, 1), Is.EqualTo(((Int128.Parse(available) - 60).ToString(), "0", "0")));
    }

    [Test]
    public async Task The_bridge_stops_its_own_firm_and_nobody_else()
    {
        var (events, _) = await ReadFeed(0, e => e.Any(x => x.FirmDefined?.Name == "HOUSE-BRIDGE"));
        var own = events.Single(e => e.FirmDefined?.Name == "HOUSE-BRIDGE").FirmDefined.Firm;
        foreach (var other in (int[])[0, 1, own - 1, own + 1, -1])
            Assert.That(await CodeOf(() => Do.KillAsync(new KillRequest { Firm = other }, As("bridge")).ResponseAsync), Is.EqualTo(StatusCode.PermissionDenied), $"firm {other}");
        var receipt = await Do.KillAsync(new KillRequest { Firm = own, Reason = "hedges fail" }, As("bridge"));
        var (killed, _) = await ReadFeed(receipt.Seq - 1, e => e.Any(x => x.Killed is not null));
        Assert.That(killed.Single(e => e.Killed is not null).Killed, Is.EqualTo(new Killed { Scope = KillScope.Firm, Target = own, Engaged = true }));
    }

    [Test]
    public async Task The_bridge_tells_index_prices_that_do_not_jump()
    {
        Task<Receipt> Set(int instrument, long ticks) => Do.SetIndexPriceAsync(new IndexPriceRequest { Instrument = instrument, PriceTicks = ticks }, As("bridge")).ResponseAsync;
        await Set(1, 5_000_000);
        await Set(1, 5_500_000);
        await Set(1, 4_950_000);
        Assert.That(await CodeOf(() => Set(1, 4_454_999)), Is.EqualTo(StatusCode.FailedPrecondition), "more than a tenth down");
        Assert.That(await CodeOf(() => Set(1, 5_445_001)), Is.EqualTo(StatusCode.FailedPrecondition), "more than a tenth up");
        foreach (var (instrument, ticks) in new[] { (1, 0L), (1, -1L), (1, long.MaxValue), (0, 1L), (99, 1L) })
            Assert.That(await CodeOf(() => Set(instrument, ticks)), Is.EqualTo(StatusCode.InvalidArgument), $"{instrument} at {ticks}");
        await Set(1, 5_445_000);
    }

    [Test]
    public async Task Nobody_gets_in_without_a_token_of_a_role_that_may()
    {
        var credit = new CreditRequest { Firm = 1, Asset = 1, Atoms = "1", Key = "k" };
        Assert.That(await CodeOf(() => Do.CreditAsync(credit).ResponseAsync), Is.EqualTo(StatusCode.Unauthenticated));
        Assert.That(await CodeOf(() => Do.CreditAsync(credit, new Metadata { { "authorization", "Bearer " + new string('0', 64) } }).ResponseAsync), Is.EqualTo(StatusCode.Unauthenticated));
        Assert.That(await CodeOf(() => Do.CreditAsync(credit, As("feed")).ResponseAsync), Is.EqualTo(StatusCode.PermissionDenied));
        Assert.That(await CodeOf(() => Do.CreditAsync(credit, As("bridge")).ResponseAsync), Is.EqualTo(StatusCode.PermissionDenied));
        Assert.That(await CodeOf(() => Do.BalancesAsync(new BalancesRequest(), As("feed")).ResponseAsync), Is.EqualTo(StatusCode.PermissionDenied));
        Assert.That(await CodeOf(async () =>
        {
            using var call = new Feed.FeedClient(_channel).Events(new EventsRequest());
            await call.ResponseStream.MoveNext(default);
        }), Is.EqualTo(StatusCode.Unauthenticated));
    }
}
