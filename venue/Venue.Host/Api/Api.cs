using System.Net;
using Venue.Sequencer;

namespace Venue.Host;

/// <summary>The API beside the core: replica, feed log, tokens and the gRPC port, started and stopped together.</summary>
internal sealed class Api : IDisposable
{
    private readonly FeedLog _log;
    private readonly Replica _replica;
    private readonly ActLog _acts;
    private readonly Pruner? _pruner;
    private readonly ApiServer _server;
    private readonly TradeSearch _trades;

    private readonly ScreenServer? _screens;

    public Api(VenueOptions options, VenueCore core, Journal journal, CoreLoop loop, ConnectionLog lines)
    {
        TokenFile = Path.GetFullPath(Path.Combine(options.Data, "api-tokens"));
        var tokens = Tokens.ReadOrMake(TokenFile);
        _log = new FeedLog(Path.Combine(options.Data, "feed"), options.SegmentMiB << 20);
        if (_log.LastSeq > core.LastSeq) throw new IOException($"{options.Data}/feed goes to command {_log.LastSeq}, the journal to {core.LastSeq}: it is another venue's; delete it, it is made again");
        _replica = new Replica(journal, _log, core.LastSeq, options.Snapshots, options.SnapshotEvery, loop.OnFault);
        loop.Durable = _replica.Wake;
        _trades = new TradeSearch(_log, core, loop);
        core.Gateway.TradeSearch = _trades;
        if (options.JournalKeep > TimeSpan.Zero)
        {
            _pruner = new Pruner(journal, _log, options.Snapshots, new PruneRule(options.JournalKeep, options.ArchiveFolder, () => _replica.Followed), lines.Note);
            _pruner.Start();
        }
        var door = new CommandDoor(core.Ring, _replica, loop.Wake);
        var operations = new OperationsService(door, _replica, tokens, firm => IsBridge(core, firm));
        _acts = new ActLog(Path.Combine(options.Data, "acts"));
        var runner = new ActRunner(door, _replica, _log, loop, Path.Combine(options.Data, "log"));
        var operators = new OperatorsService(new OperatorsFile(options.Config, lines.Alarm), new ActDesk(_acts, runner.Prepare, Clock.NowNs), _acts, runner);
        _server = ApiServer.Start(options.ApiPort, new FeedService(_log, tokens), operations, operators).GetAwaiter().GetResult();
        if (options.ScreenPort >= 0) _screens = ScreenServer.Start(new IPEndPoint(loop.EndPoint.Address, options.ScreenPort), _replica, new ScreenLimits()).GetAwaiter().GetResult();
    }

    /// <summary>Address and port in use.</summary>
    public IPEndPoint EndPoint => _server.EndPoint;

    /// <summary>Where screens connect; null for nowhere.</summary>
    public IPEndPoint? Screens => _screens?.EndPoint;

    /// <summary>What became of screens, in one line; null when there are none.</summary>
    public string? ScreenSummary => _screens?.Summary;

    /// <summary>Where the bearer tokens are.</summary>
    public string TokenFile { get; }

    public void Dispose()
    {
        _screens?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _trades.Dispose();
        _pruner?.Dispose();
        _replica.Dispose();
        _acts.Dispose();
        _log.Dispose();
    }

    /// <summary>The house's own quoting firm, by its name.</summary>
    private static bool IsBridge(VenueCore core, int firm) =>
        firm >= 1 && firm <= core.Known.Firms.Count && core.Known.Firms[firm - 1].Name.ToString() == BridgeFirm;

    private const string BridgeFirm = "HOUSE-BRIDGE";
}
