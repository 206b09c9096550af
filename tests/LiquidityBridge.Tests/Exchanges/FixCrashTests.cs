using System.Collections.Concurrent;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Tests.Sandbox;
using Venue.Messages;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>A crash between the receipt of a fill and its writing down must not lose the fill: the exchange sends it again.</summary>
internal sealed class FixCrashTests
{
    private const int PatienceMs = 30_000;
    private const long Quantity = 1_000_000;

    private string _folder = "";
    private RunningSandbox _sandbox = null!;

    [SetUp]
    public async Task Start()
    {
        _folder = Directory.CreateTempSubdirectory("bridge-crash").FullName;
        _sandbox = await RunningSandbox.Start();
        await _sandbox.Book("fix", "BTC-USD", """
            buy 1 @ 49999.0
            sell 1 @ 50001.0
            """);
    }

    [TearDown]
    public async Task Stop()
    {
        await _sandbox.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [TestCase(false, TestName = "A_fill_that_was_not_written_down_comes_again_after_a_crash")]
    [TestCase(true, TestName = "A_fill_that_was_written_down_does_not_come_again")]
    public async Task Crash(bool isWrittenDown)
    {
        HedgeReport fill;
        var crashed = Directory.CreateDirectory(Path.Combine(_folder, "crashed")).FullName;
        using (var before = new Life(_sandbox, Path.Combine(_folder, "before"), isWrittenDown))
        {
            await before.Until(() => before.IsUp);
            before.Exchange.Send(new HedgeIntent { NowNs = Clock.NowNs(), ClientId = "1-1-1", Instrument = 0, Exchange = 0, Side = Side.Buy, Quantity = Quantity, Limit = 5000100, Seq = 1, Attempt = 1 });
            await before.Until(() => before.Fills.Any());
            fill = before.Fills.Single();
            if (isWrittenDown) await before.Until(() => before.IsKeptSinceTheFill);
            File.Copy(Path.Combine(_folder, "before", "x.seq"), Path.Combine(crashed, "x.seq"));
        }
        using var after = new Life(_sandbox, crashed, isWrittenDown: true);
        await after.Until(() => after.IsUp);
        if (!isWrittenDown) await after.Until(() => after.Fills.Any());
        // An order's status comes behind all that was missed: a session keeps its order.
        after.Exchange.Query(new HedgeIntent { NowNs = Clock.NowNs(), ClientId = "1-1-1", Instrument = 0, Exchange = 0, Side = Side.Buy, Quantity = Quantity, Limit = 5000100, Seq = 1, Attempt = 1 });
        await after.Until(() => after.Reports.Any(r => r.Kind == HedgeReportKind.Gone && r.Cum == Quantity));
        var again = after.Fills.Select(f => (f.ClientId, f.ExecId, f.Quantity, f.Price));
        Assert.That(again, Is.EqualTo(isWrittenDown ? [] : new[] { (fill.ClientId, fill.ExecId, Quantity, 5000100L) }));
    }

    /// <summary>One life of the adapter's process.</summary>
    private sealed class Life : IDisposable
    {
        private readonly ConcurrentQueue<Input> _told = new();
        private volatile bool _isKeptSinceTheFill;

        public Life(RunningSandbox sandbox, string folder, bool isWrittenDown)
        {
            var instrument = new Instrument(0, "BTC-USD", "BTC", "USD", 2, 8)
            {
                VenueTick = 1, VenueLot = 1000, VenueMin = 1000,
                Quoting = TestBridge.Instrument().Quoting, Hedging = TestBridge.Instrument().Hedging,
                Markets = [new Market { Exchange = 0, Symbol = "BTC-USD", Tick = 10, Lot = 1000, Min = 10_000, TakerFeePpm = 0 }],
            };
            Directory.CreateDirectory(folder);
            Exchange = Adapters.Make("fix", sandbox, instrument, Hear, folder);
            Exchange.Start();

            void Hear(Input input)
            {
                _told.Enqueue(input);
                if (!isWrittenDown || input is not InboundMark mark) return;
                mark.Keep();
                if (Fills.Any()) _isKeptSinceTheFill = true;
            }
        }

        public IExchange Exchange { get; }

        public bool IsUp => _told.OfType<ExchangeTrading>().LastOrDefault()?.IsUp == true;

        public bool IsKeptSinceTheFill => _isKeptSinceTheFill;

        public IEnumerable<HedgeReport> Reports => _told.OfType<HedgeReport>();

        public IEnumerable<HedgeReport> Fills => Reports.Where(r => r.Kind == HedgeReportKind.Filled);

        public async Task Until(Func<bool> condition)
        {
            var until = Environment.TickCount64 + PatienceMs;
            while (!condition())
            {
                if (Environment.TickCount64 > until) Assert.Fail($"waited in vain; told:\n{string.Join('\n', _told.TakeLast(10))}");
                await Task.Delay(10);
            }
        }

        public void Dispose() => Exchange.Dispose();
    }
}
