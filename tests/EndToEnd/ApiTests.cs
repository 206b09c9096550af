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
    public async Task A_kill_switch_cancels_what_it_covers_and_refuses_until_it_is_lifted()
    {
        _floor.Seat("one", ClientKind.QuickFix, "CLIENT1");
        _floor.Seat("two", ClientKind.QuickFix, "CLIENT2");
        _floor.NewScene();
        _floor.Play("""
            one: new $a buy BTC-USD 1 limit 49000
            one< 8 11=$a 150=0
            two: new $b buy BTC-USD 1 limit 49000
            two< 8 11=$b 150=0
            """);
        await Do.KillAsync(new KillRequest { Scope = KillScope.Firm, Target = 1, Engaged = true, Reason = "test" }, As("operator"));
        _floor.Play("""
            one< 8 11=$a 150=4 39=4
            one: new $c buy BTC-USD 1 limit 49000
            one< 8 11=$c 150=8 39=8
            two: new $d buy BTC-USD 1 limit 49000
            two< 8 11=$d 150=0
            """);
        await Do.KillAsync(new KillRequest { Scope = KillScope.Firm, Target = 1, Engaged = false }, As("operator"));
        _floor.Play("""
            one: new $e buy BTC-USD 1 limit 49000
            one< 8 11=$e 150=0
            """);
        _floor.ExpectSilence();
    }

    [Test]
    public async Task Nobody_gets_in_without_a_token_of_a_role_that_may()
    {
        var credit = new CreditRequest { Firm = 1, Asset = 1, Atoms = "1", Key = "k" };
        Assert.That(await CodeOf(() => Do.CreditAsync(credit).ResponseAsync), Is.EqualTo(StatusCode.Unauthenticated));
        Assert.That(await CodeOf(() => Do.CreditAsync(credit, new Metadata { { "authorization", "Bearer " + new string('0', 64) } }).ResponseAsync), Is.EqualTo(StatusCode.Unauthenticated));
        Assert.That(await CodeOf(() => Do.CreditAsync(credit, As("feed")).ResponseAsync), Is.EqualTo(StatusCode.PermissionDenied));
        Assert.That(await CodeOf(() => Do.CreditAsync(credit, As("bridge")).ResponseAsync), Is.EqualTo(StatusCode.PermissionDenied));
        Assert.That(await CodeOf(() => Do.KillAsync(new KillRequest { Scope = KillScope.Venue, Engaged = true }, As("bridge")).ResponseAsync), Is.EqualTo(StatusCode.PermissionDenied));
        Assert.That(await CodeOf(() => Do.BalancesAsync(new BalancesRequest(), As("feed")).ResponseAsync), Is.EqualTo(StatusCode.PermissionDenied));
        Assert.That(await CodeOf(async () =>
        {
            using var call = new Feed.FeedClient(_channel).Events(new EventsRequest());
            await call.ResponseStream.MoveNext(default);
        }), Is.EqualTo(StatusCode.Unauthenticated));
    }

    [Test]
    public async Task Operators_set_limits_fees_lines_and_phases_and_undo_a_trade_while_the_venue_runs()
    {
        var (name, why) = ("olga", "a test");
        Assert.That(await CodeOf(() => Do.SetLimitsAsync(new LimitsRequest { OpenOrdersMax = 1, Operator = name }, As("custody")).ResponseAsync), Is.EqualTo(StatusCode.PermissionDenied));
        Assert.That(await CodeOf(() => Do.SetLimitsAsync(new LimitsRequest { OpenOrdersMax = 1 }, As("operator")).ResponseAsync), Is.EqualTo(StatusCode.InvalidArgument), "nobody's name");
        Assert.That(await CodeOf(() => Do.SetLimitsAsync(new LimitsRequest { MaxLots = 1, Operator = name }, As("operator")).ResponseAsync), Is.EqualTo(StatusCode.InvalidArgument), "lots of no instrument");
        await Do.SetLimitsAsync(new LimitsRequest { Firm = 2, Instrument = 1, MaxLots = 50_000, Operator = name, Reason = why }, As("operator"));
        await Do.SetFeesAsync(new FeesRequest { Instrument = 1, Tier = 3, MakerPpm = -50, TakerPpm = 100, Operator = name, Reason = why }, As("operator"));
        await Do.SetAccountAsync(new AccountRequest { Firm = 1, FeeTier = 3, KeepsPositions = true, Operator = name, Reason = why }, As("operator"));
        await Do.SetCreditLineAsync(new CreditLineRequest { Firm = 8, Asset = 1, Atoms = "1000", Operator = name, Reason = why }, As("operator"));
        _floor.Seat("maker", ClientKind.QuickFix, "CLIENT1");
        _floor.Seat("taker", ClientKind.QuickFix, "CLIENT2");
        _floor.NewScene();
        _floor.Play("""
            maker: new $m1 sell BTC-USD 1 limit 50000
            maker< 8 11=$m1 150=0
            taker: new $t0 buy BTC-USD 0.6 limit 50000
            taker< 8 11=$t0 150=8 103=13
            taker: new $t1 buy BTC-USD 0.4 limit 50000
            taker< 8 11=$t1 150=0
            taker< 8 11=$t1 150=F
            maker< 8 11=$m1 150=F
            """);
        var fill = (await ReadFeed(0, e => e.Any(x => x.Fill is not null))).Events.Single(e => e.Fill is not null);
        Assert.That((fill.Fill.Buyer.FeeAtoms, fill.Fill.Seller.FeeAtoms), Is.EqualTo(("400000000", "-100000000")), "2 basis points paid, half a one given");
        var undo = new CorrectTradeRequest { TradeSeq = fill.Seq, Fill = fill.Fill, Operator = name, Reason = why };
        await Do.CorrectTradeAsync(undo, As("operator"));
        Assert.That(await CodeOf(() => Do.CorrectTradeAsync(undo, As("operator")).ResponseAsync), Is.EqualTo(StatusCode.FailedPrecondition));
        _floor.Play("""
            taker< 8 11=$t1 150=H
            maker< 8 11=$m1 150=H
            """);
        await Do.SetIndexPriceAsync(new IndexPriceRequest { Instrument = 1, PriceTicks = 5_000_000 }, As("operator"));
        await Do.SetPhaseAsync(new PhaseRequest { Instrument = 1, Phase = Phase.Halt, Operator = name, Reason = why }, As("operator"));
        _floor.Play("""
            taker: new $t2 buy BTC-USD 0.1 limit 50000
            taker< 8 11=$t2 150=8 103=2
            """);
        var (events, _) = await ReadFeed(fill.Seq, e => e.Any(x => x.PhaseChanged is not null));
        Assert.That(events.Single(e => e.TradeCorrected is not null).TradeCorrected.NewLots, Is.Zero);
        Assert.That(events.Single(e => e.PhaseChanged is not null).PhaseChanged.Phase, Is.EqualTo(Phase.Halt));
        Assert.That((await Balance(0, 1)).Available, Is.EqualTo("0"), "the house gave its fee back");
    }
}
