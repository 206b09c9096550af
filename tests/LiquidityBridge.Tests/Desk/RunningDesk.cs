using LiquidityBridge.Exchanges;
using LiquidityBridge.Host;
using LiquidityBridge.Host.Desk;
using Venue.Messages;

namespace LiquidityBridge.Tests.Desk;

/// <summary>A desk on a real core with its own thread and journal; the venue takes every quote, and a test speaks for the exchanges.</summary>
internal sealed class RunningDesk : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("desk");
    private readonly Inputs _inputs = new();
    private readonly IntentsJournal _journal;
    private readonly BridgeLoop _loop;
    private readonly Thread _core;
    private readonly DeskServer _server;
    private readonly List<string> _lines = [];
    private long _seq;

    /// <summary>Listens when this returns.</summary>
    public RunningDesk(BridgeOptions options)
    {
        _journal = IntentsJournal.Open(_folder.FullName, r => Assert.Fail($"{r} in a new journal"));
        _loop = new BridgeLoop(new Bridge(options), _journal, _inputs, [new NoExchange(), new NoExchange()], new KindVenue(_inputs), _ => { }, Say);
        _core = new Thread(_loop.Run) { IsBackground = true };
        _server = new DeskServer(_loop, options, 0, Users.Open(UsersFile, Say), TokenFile, Time, Say);
        _server.Start();
        _core.Start();
    }

    /// <summary>Where the page is.</summary>
    public Uri Address => _server.Address;

    /// <summary>The sign-in's clock.</summary>
    public HandClock Time { get; } = new();

    /// <summary>The password of the first user, as a person reads it.</summary>
    public string Password => File.ReadAllText(UsersFile + ".first-password").TrimEnd();

    /// <summary>What the core shows now.</summary>
    public DeskState State => _loop.Desk;

    /// <summary>All lines of the log.</summary>
    public string Log
    {
        get { lock (_lines) return string.Join('\n', _lines); }
    }

    /// <summary>The token of programs that read the state.</summary>
    public string TokenFile => Path.Combine(_folder.FullName, "desk.token");

    private string UsersFile => Path.Combine(_folder.FullName, "desk.users");

    /// <summary>Tells the core.</summary>
    public void Post(Input input) => _inputs.Post(input);

    /// <summary>The house trades in the venue.</summary>
    public void Fill(Side side, long lots, long ticks, int number = 1, string clOrdID = "", long feeAtoms = 0)
    {
        _seq++;
        Post(new VenueFill { NowNs = Clock.NowNs(), Seq = _seq, Index = 0, Number = number, Firm = 7, Side = side, Ticks = ticks, Lots = lots, FeeAtoms = feeAtoms, ClOrdID = clOrdID });
    }

    /// <summary>A kill that is not made on the page.</summary>
    public void Kill(KillLevel level, string target, string by, string reason) => _loop.Kill(level, target, by, reason);

    /// <summary>The core stands still from here on; the page's server does not.</summary>
    public void StopCore()
    {
        _loop.Stop();
        _core.Join();
    }

    /// <summary>Ends the core and gives what it wrote down.</summary>
    public string StopAndReadJournal()
    {
        StopCore();
        _journal.Dispose();
        return File.ReadAllText(Path.Combine(_folder.FullName, "intents.log"));
    }

    public void Dispose()
    {
        StopCore();
        _server.Dispose();
        _journal.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Say(string line)
    {
        lock (_lines) _lines.Add(line);
    }

    /// <summary>The real time, and what a test adds to it.</summary>
    internal sealed class HandClock : TimeProvider
    {
        private TimeSpan _ahead;

        public void Advance(TimeSpan by) => _ahead += by;

        /// <inheritdoc/>
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;
    }

    private sealed class NoExchange : IExchange
    {
        public void Start() { }
        public void Send(HedgeIntent intent) { }
        public void Cancel(HedgeIntent intent) { }
        public void Query(HedgeIntent intent) { }
        public void Dispose() { }
    }

    /// <summary>Takes every quote.</summary>
    private sealed class KindVenue(Inputs inputs) : IQuoteSender
    {
        public void Send(Output quote) => inputs.Post(quote switch
        {
            NewQuote q => Report(QuoteReportKind.Accepted, q.Instrument, q.Side, q.ClOrdID, "", q.Quantity),
            ReplaceQuote q => Report(QuoteReportKind.Replaced, q.Instrument, q.Side, q.ClOrdID, q.OrigClOrdID, q.Quantity),
            CancelQuote q => Report(QuoteReportKind.Canceled, q.Instrument, q.Side, q.ClOrdID, q.OrigClOrdID, 0),
            _ => throw new ArgumentException($"{quote} is not about a quote", nameof(quote)),
        });

        private static QuoteReport Report(QuoteReportKind kind, int instrument, Side side, string clOrdID, string origClOrdID, long leaves) =>
            new() { NowNs = Clock.NowNs(), Kind = kind, Instrument = instrument, Side = side, ClOrdID = clOrdID, OrigClOrdID = origClOrdID, Leaves = leaves };
    }
}
