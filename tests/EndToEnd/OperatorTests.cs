using Grpc.Core;
using Grpc.Net.Client;
using Venue.Api;

namespace EndToEnd;

/// <summary>The people who run a venue, at their terminals and over the API, while clients trade.</summary>
[Category("EndToEnd")]
public partial class OperatorTests
{
    private DirectoryInfo _config = null!;
    private TradingFloor _floor = null!;
    private GrpcChannel _channel = null!;
    private string _alice = "", _bob = "", _carol = "";

    [SetUp]
    public void Open()
    {
        _config = Directory.CreateTempSubdirectory("operators");
        foreach (var file in Directory.GetFiles(Places.Config)) File.Copy(file, Path.Combine(_config.FullName, Path.GetFileName(file)));
        _floor = new TradingFloor(_config.FullName);
        _floor.Venue.Start();
        Connect();
        // The file is read by the running venue.
        (_alice, _bob, _carol) = (Hire("alice", "risk,treasury"), Hire("bob", "risk,treasury,trading,support"), Hire("carol", "watch"));
    }

    [TearDown]
    public void Close()
    {
        _channel.Dispose();
        _floor.Dispose();
        _config.Delete(recursive: true);
    }

    private void Connect() => _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_floor.Venue.ApiPort}");

    private Operators.OperatorsClient Do => new(_channel);

    private static Metadata As(string token) => new() { { "authorization", "Bearer " + token } };

    private string Hire(string name, string roles)
    {
        using var ctl = new ChildProcess("ctl", ["dotnet", Places.Venue, "ctl", "new-operator", name, roles, "--config", _config.FullName]);
        Assert.That(ctl.WaitForExit(TimeSpan.FromSeconds(30)), Is.Zero, () => ctl.Transcript());
        return ctl.Lines(0).Select(l => l.Trim()).Single(l => l.Length == 64);
    }

    private static async Task<Status> Refused(Func<Task> call) => (await Assert.ThrowsAsync<RpcException>(call))!.Status;

    [Test]
    public async Task A_kill_switch_is_engaged_by_one_person_and_lifted_by_two()
    {
        _floor.Seat("one", ClientKind.QuickFix, "CLIENT1");
        _floor.NewScene();
        _floor.Play("""
            one: new $a buy BTC-USD 1 limit 49000
            one< 8 11=$a 150=0
            """);
        var kill = new ActRequest { Reason = "odd quotes", Kill = new KillAct { Scope = "firm", Target = "ALPHA", Engaged = true } };
        Assert.That((await Do.ActAsync(kill, As(_alice))).State, Is.EqualTo("done"));
        _floor.Play("""
            one< 8 11=$a 150=4
            one: new $b buy BTC-USD 1 limit 49000
            one< 8 11=$b 150=8
            """);
        kill.Kill.Engaged = false;
        var lift = await Do.ActAsync(kill, As(_alice));
        Assert.That(lift.State, Is.EqualTo("waiting"));
        Assert.That((await Refused(() => Do.ApproveAsync(new ActNumber { Number = lift.Number }, As(_alice)).ResponseAsync)).StatusCode, Is.EqualTo(StatusCode.PermissionDenied), "not by who proposed it");
        Assert.That((await Refused(() => Do.ApproveAsync(new ActNumber { Number = lift.Number }, As(_carol)).ResponseAsync)).StatusCode, Is.EqualTo(StatusCode.PermissionDenied), "not without the role");
        _floor.Play("""
            one: new $c buy BTC-USD 1 limit 49000
            one< 8 11=$c 150=8
            """);
        Assert.That((await Do.ApproveAsync(new ActNumber { Number = lift.Number }, As(_bob))).State, Is.EqualTo("done"));
        _floor.Play("""
            one: new $d buy BTC-USD 1 limit 49000
            one< 8 11=$d 150=0
            """);

        // What was done is on record, also for the next life of the venue.
        _floor.Venue.Kill();
        _floor.Venue.Start();
        _channel.Dispose();
        Connect();
        var acts = (await Do.ActsAsync(new ActsRequest(), As(_carol))).Records;
        Assert.That(acts.Select(a => (a.Number, a.By, a.State, a.Reason)), Is.EqualTo(new[]
        {
            (1L, "alice", "begun", "odd quotes"), (1L, "alice", "done", "odd quotes"),
            (2L, "alice", "waiting", "odd quotes"), (2L, "bob", "approved", "odd quotes"), (2L, "bob", "done", "odd quotes"),
        }));
    }

    [Test]
    public async Task A_session_is_logged_out_slowed_and_logged_and_an_instrument_halted()
    {
        _floor.Seat("one", ClientKind.QuickFix, "CLIENT1");
        _floor.NewScene();
        _floor.Play("""
            one: new $a buy BTC-USD 1 limit 49000
            one< 8 11=$a 150=0
            """);
        var state = (await Do.SessionsAsync(new SessionsRequest(), As(_carol))).Sessions.Single(s => s.ClientCompId == "CLIENT1");
        Assert.That((state.Firm, state.State, state.RatePerSecond), Is.EqualTo(("ALPHA", "Active", 0)));

        await Do.ActAsync(new ActRequest { Reason = "noisy", Rate = new RateAct { Session = "CLIENT1", PerSecond = 1, Burst = 1 } }, As(_bob));
        await Do.ActAsync(new ActRequest { Reason = "to see", MessageLog = new MessageLogAct { Session = "CLIENT1", On = true } }, As(_bob));
        // At one a second at least one of twenty orders sent at once is over the rate, however slowly this machine sends them.
        // The gateway refuses it before the engine reports on an earlier one: the order of the two is not fixed.
        var beforeOrders = _floor["one"].Mark;
        _floor.Play(string.Join('\n', Enumerable.Range(0, 20).Select(i => $"one: new $n{i} buy BTC-USD 0.01 limit 48000")));
        _floor["one"].Settle();
        var told = _floor["one"].Received(beforeOrders);
        Assert.That(told.Single(m => m[11].EndsWith("-n0", StringComparison.Ordinal))[150], Is.EqualTo("0"));
        Assert.That(told.Count(m => m.Find(103) == "99" && m[58].StartsWith("RATE", StringComparison.Ordinal)), Is.GreaterThan(0));
        _floor["one"].Skip();
        await Do.ActAsync(new ActRequest { Reason = "calm again", Rate = new RateAct { Session = "CLIENT1" } }, As(_bob));
        await Do.ActAsync(new ActRequest { Reason = "news", Phase = new PhaseAct { Symbol = "BTC-USD", Phase = "Halt" } }, As(_bob));
        _floor.Play("""
            one: new $d buy BTC-USD 1 limit 46000
            one< 8 11=$d 150=8
            """);
        var market = (await Do.MarketsAsync(new MarketsRequest(), As(_carol))).Markets.Single(m => m.Symbol == "BTC-USD");
        Assert.That((market.Phase, market.BestBid), Is.EqualTo(("Halt", "49000")));

        var mark = _floor["one"].Mark;
        await Do.ActAsync(new ActRequest { Reason = "maintenance", Logout = new LogoutAct { Session = "CLIENT1" } }, As(_bob));
        _floor["one"].WaitForMessage("the Logout", m => m.Type == "5", mark);
    }

    [Test]
    public async Task Money_takes_two_persons_and_counts_once_per_key()
    {
        var before = await Available("HOTEL", "USD");
        var credit = new ActRequest { Reason = "compensation", Credit = new CreditAct { Firm = "HOTEL", Asset = "USD", Amount = "12.5", Key = "c-1" } };
        foreach (var _ in (int[])[1, 2])
        {
            var proposal = await Do.ActAsync(credit, As(_alice));
            Assert.That(await Available("HOTEL", "USD") - before, Is.EqualTo(proposal.Number == 1 ? 0m : 12.5m));
            Assert.That((await Do.WaitingAsync(new WaitingRequest(), As(_carol))).Records.Select(r => r.What), Is.EqualTo(new[] { "credit HOTEL 12.5 USD under c-1" }));
            await Do.ApproveAsync(new ActNumber { Number = proposal.Number }, As(_bob));
        }
        Assert.That(await Available("HOTEL", "USD") - before, Is.EqualTo(12.5m));

        // Two who approve at once: one of them does.
        credit.Credit.Key = "c-2";
        var number = new ActNumber { Number = (await Do.ActAsync(credit, As(_alice))).Number };
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                return (await Do.ApproveAsync(number, As(_bob))).State;
            }
            catch (RpcException e)
            {
                return e.StatusCode.ToString();
            }
        }));
        Assert.That(outcomes.Order(StringComparer.Ordinal), Is.EqualTo(Enumerable.Repeat("NotFound", 7).Append("done")));
        Assert.That(await Available("HOTEL", "USD") - before, Is.EqualTo(25m));
    }

    [Test]
    public async Task What_cannot_be_is_refused_with_a_reason()
    {
        foreach (var (reason, act, code, about) in ((string, string, StatusCode, string)[])
        [
            ("", "kill firm ALPHA", StatusCode.InvalidArgument, "reason"),
            ("why", "kill firm NOBODY", StatusCode.InvalidArgument, "NOBODY"),
            ("why", "kill everything", StatusCode.InvalidArgument, "everything"),
            ("why", "kill venue ALPHA", StatusCode.InvalidArgument, "venue"),
            ("why", "phase BTC-USD 4", StatusCode.InvalidArgument, "phase"),
            ("why", "phase XXX Halt", StatusCode.InvalidArgument, "XXX"),
            ("why", "logout CLIENT1", StatusCode.FailedPrecondition, "not connected"),
            ("why", "logout NOBODY", StatusCode.InvalidArgument, "NOBODY"),
            ("why", "credit HOTEL USD 0.000000000000000000000000001", StatusCode.InvalidArgument, "amount"),
            ("why", "nothing", StatusCode.InvalidArgument, "no act"),
        ])
        {
            var w = act.Split(' ');
            var request = w[0] switch
            {
                "kill" => new ActRequest { Kill = new KillAct { Scope = w[1], Target = w.ElementAtOrDefault(2) ?? "", Engaged = true } },
                "phase" => new ActRequest { Phase = new PhaseAct { Symbol = w[1], Phase = w[2] } },
                "logout" => new ActRequest { Logout = new LogoutAct { Session = w[1] } },
                "credit" => new ActRequest { Credit = new CreditAct { Firm = w[1], Asset = w[2], Amount = w[3], Key = "k" } },
                _ => new ActRequest(),
            };
            request.Reason = reason;
            var status = await Refused(() => Do.ActAsync(request, As(_bob)).ResponseAsync);
            Assert.That(status.StatusCode, Is.EqualTo(code), $"{act}: {status.Detail}");
            Assert.That(status.Detail, Does.Contain(about), act);
        }
    }

    [Test]
    public async Task Who_is_not_known_or_has_not_the_role_does_nothing()
    {
        var kill = new ActRequest { Reason = "why", Kill = new KillAct { Scope = "venue", Engaged = true } };
        Assert.That((await Refused(() => Do.ActAsync(kill, As(new string('0', 64))).ResponseAsync)).StatusCode, Is.EqualTo(StatusCode.Unauthenticated));
        Assert.That((await Refused(() => Do.ActAsync(kill).ResponseAsync)).StatusCode, Is.EqualTo(StatusCode.Unauthenticated));
        Assert.That((await Refused(() => Do.ActAsync(kill, As(_carol)).ResponseAsync)).StatusCode, Is.EqualTo(StatusCode.PermissionDenied));
        Assert.That((await Refused(() => Do.SessionsAsync(new SessionsRequest(), As(_floor.Venue.Token("operator"))).ResponseAsync)).StatusCode, Is.EqualTo(StatusCode.Unauthenticated), "a process is not a person");
        Assert.That((await Do.ActsAsync(new ActsRequest(), As(_carol))).Records, Is.Empty);
    }

    /// <summary>Proposed by the first person, approved by the second.</summary>
    private async Task<long> Both(ActRequest act, string first, string second)
    {
        act.Reason = "a test";
        var proposal = await Do.ActAsync(act, As(first));
        Assert.That(proposal.State, Is.EqualTo("waiting"), act.ActCase.ToString());
        return (await Do.ApproveAsync(new ActNumber { Number = proposal.Number }, As(second))).Seq;
    }

    private async Task<List<Event>> ReadFeed(long afterSeq, Predicate<Event> last)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var call = new Feed.FeedClient(_channel).Events(new EventsRequest { AfterSeq = afterSeq }, As(_floor.Venue.Token("operator")), cancellationToken: limit.Token);
        var events = new List<Event>();
        while (!events.Exists(last))
        {
            Assert.That(await call.ResponseStream.MoveNext(limit.Token), Is.True);
            events.AddRange(call.ResponseStream.Current.Events);
        }
        return events;
    }

    [Test]
    public async Task Two_persons_set_limits_fees_and_lines_and_undo_a_trade_while_the_venue_runs()
    {
        var (dave, erin) = (Hire("dave", "trading"), Hire("erin", "trading"));
        await Both(new ActRequest { Limits = new LimitsAct { Firm = "BRAVO", Symbol = "BTC-USD", QuantityMax = "0.5" } }, _alice, _bob);
        await Both(new ActRequest { Fees = new FeesAct { Symbol = "BTC-USD", Tier = 3, MakerPpm = -50, TakerPpm = 100 } }, _alice, _bob);
        await Both(new ActRequest { Account = new AccountAct { Firm = "ALPHA", FeeTier = 3, KeepsPositions = true } }, _alice, _bob);
        await Both(new ActRequest { CreditLine = new CreditLineAct { Firm = "HOTEL", Asset = "BTC", Amount = "0.00001" } }, _alice, _bob);
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
        var fill = (await ReadFeed(0, e => e.Fill is not null)).Single(e => e.Fill is not null);
        Assert.That((fill.Fill.Buyer.FeeAtoms, fill.Fill.Seller.FeeAtoms), Is.EqualTo(("400000000", "-100000000")), "2 basis points paid, half a one given");

        foreach (var (execID, price, quantity, about) in ((string, string, string, string)[])
            [("1-1", "", "", "no trade"), ("x", "", "", "no trade"), (fill.Fill.Buyer.ExecId, "49000", "", "neither"), (fill.Fill.Buyer.ExecId, "49000", "0.5", "more than"), (fill.Fill.Buyer.ExecId, "49000.001", "0.1", "steps of 0.01")])
            Assert.That((await Refused(() => Do.ActAsync(new ActRequest { Reason = "why", Trade = new TradeAct { ExecId = execID, Price = price, Quantity = quantity } }, As(dave)).ResponseAsync)).Detail, Does.Contain(about));
        var bust = new ActRequest { Trade = new TradeAct { ExecId = fill.Fill.Seller.ExecId } };
        await Both(bust, dave, erin);
        Assert.That((await Refused(() => Both(bust, dave, erin))).StatusCode, Is.EqualTo(StatusCode.FailedPrecondition), "once");
        _floor.Play("""
            taker< 8 11=$t1 150=H
            maker< 8 11=$m1 150=H
            """);
        Assert.That((await ReadFeed(fill.Seq, e => e.TradeCorrected is not null)).Single(e => e.TradeCorrected is not null).TradeCorrected.NewLots, Is.Zero);
        Assert.That(await Available("", "USD"), Is.Zero, "the house gave its fee back");
        await Do.ActAsync(new ActRequest { Reason = "why", IndexPrice = new IndexPriceAct { Symbol = "BTC-USD", Price = "50000" } }, As(dave));
    }

    [Test]
    public async Task Both_engines_are_told_of_a_bust_and_of_positions_with_and_without_the_trade()
    {
        var (dave, erin) = (Hire("dave", "trading"), Hire("erin", "trading"));
        await Both(new ActRequest { Account = new AccountAct { Firm = "ALPHA", KeepsPositions = true } }, _alice, _bob);
        await Both(new ActRequest { Account = new AccountAct { Firm = "BRAVO", KeepsPositions = true } }, _alice, _bob);
        _floor.Seat("maker", ClientKind.QuickFix, "CLIENT1");
        _floor.Seat("taker", ClientKind.JsPureFix, "CLIENT2");
        _floor.NewScene();
        foreach (var name in (string[])["maker", "taker"])
        {
            _floor[name].Do("raw AD 568=live|569=1|263=1");
            _floor[name].WaitForMessage("the answer", m => m.Type == "AQ", 0);
            _floor[name].Skip();
        }
        _floor.Play("""
            maker: new $m sell BTC-USD 1 limit 50000
            maker< 8 11=$m 150=0 1=ALPHA
            taker: new $t buy BTC-USD 0.4 limit 50000
            taker< 8 11=$t 150=0 1=BRAVO
            taker< 8 11=$t 150=F
            maker< 8 11=$m 150=F
            """);
        var trades = new Dictionary<string, FixMessage>();
        foreach (var (name, tag, sides) in ((string, int, string)[])[("maker", 705, "2"), ("taker", 704, "1")])
        {
            trades[name] = _floor[name].WaitForMessage("the trade", m => m.Type == "AE" && m[487] == "0" && m[54] == sides, 0);
            var position = Position(name, "p1");
            Assert.That((position[55], position.Number(tag), position.Number(6), position[707]), Is.EqualTo(("BTC-USD", 0.4m, 50000m, "RPNL")));
        }

        await Both(new ActRequest { Trade = new TradeAct { ExecId = trades["taker"][17] } }, dave, erin);
        foreach (var (name, trade) in trades)
        {
            var bust = _floor[name].WaitForMessage("the bust", m => m.Type == "AE" && m[487] == "1", 0);
            Assert.That((bust[572], bust[150], bust[880], bust.Number(32)), Is.EqualTo((trade[571], "H", trade[880], 0.4m)));
            var mark = _floor[name].Mark;
            _floor[name].Do($"raw AD 568=again|569=1|880={trade[880]}");
            Assert.That(_floor[name].WaitForMessage("the last report", m => m.Type == "AE" && m.Find(568) == "again" && m.Find(912) == "Y", mark)[487], Is.EqualTo("1"));
            mark = _floor[name].Mark;
            _floor[name].Do("raw AN 710=p2|724=0|60=20261123-12:00:00");
            Assert.That(_floor[name].WaitForMessage("no position", m => m.Type == "AO" && m[710] == "p2", mark)[727], Is.EqualTo("0"), "as if it had never been");
            Assert.That(_floor[name].Outgoing(0).Where(m => m.Type is "3" or "j"), Is.Empty, "it understood all of it");
        }

        FixMessage Position(string name, string request)
        {
            _floor[name].Do($"raw AN 710={request}|724=0|60=20261123-12:00:00");
            return _floor[name].WaitForMessage("the position", m => m.Type == "AP" && m[710] == request, 0);
        }
    }

    [Test]
    public void The_terminal_says_any_act()
    {
        Assert.That(Ctl(_alice, "act", """{ "limits": { "firm": "ALPHA", "openOrdersMax": 3 } }""", "--reason", "new member"), Is.EqualTo((0, "act 1 waits for a second person: ctl approve 1, within 10 minutes")));
        Assert.That(Ctl(_bob, "approve", "1").Said, Does.StartWith("act 1 done by command "));
        Assert.That(Ctl(_alice, "act", "{ \"limit\": {} }", "--reason", "x").Code, Is.EqualTo(2), "no such act");
        Assert.That(Ctl(_alice, "bust", "1-1", "--reason", "x").Code, Is.EqualTo(1), "not her role");
        Assert.That(Ctl(_carol, "acts", "--before", "2").Said, Does.Contain("new member"));
    }

    private (int Code, string Said) Ctl(string token, params string[] words)
    {
        var file = Path.Combine(_config.FullName, "token");
        File.WriteAllText(file, token);
        using var ctl = new ChildProcess("ctl", ["dotnet", Places.Venue, "ctl", .. words, "--token-file", file, "--api", $"http://127.0.0.1:{_floor.Venue.ApiPort}"]);
        var code = ctl.WaitForExit(TimeSpan.FromSeconds(30));
        return (code, string.Join('\n', ctl.Lines(0)).Trim());
    }

    private async Task<decimal> Available(string firm, string asset)
    {
        var account = (await Do.AccountsAsync(new AccountsRequest(), As(_carol))).Accounts.SingleOrDefault(a => a.Firm == firm && a.Asset == asset);
        return account is null ? 0 : decimal.Parse(account.Available, System.Globalization.CultureInfo.InvariantCulture);
    }
}
