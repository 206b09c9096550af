using System.Collections;
using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Runtime;
using System.Runtime.InteropServices;
using Venue.Fix;
using Venue.Gateway;
using Venue.Sequencer;

namespace Venue.Host;

/// <summary>Starts the venue, says what is up, and runs until Ctrl-C or SIGTERM.</summary>
internal static class RunCommand
{
    /// <summary>Exit codes: 0 stopped cleanly, 1 stopped by a fault, 2 not started.</summary>
    private const int Stopped = 0, Failed = 1, NotStarted = 2;

    public static void Add(RootCommand root)
    {
        var options = OptionNames.All.ToDictionary(
            o => o.Name,
            o => new Option<string?>("--" + OptionNames.Flag(o.Name)) { Description = $"{o.Help} [{OptionNames.Variable(o.Name)}]", HelpName = o.Value });
        foreach (var option in options.Values) root.Options.Add(option);
        root.SetAction(result =>
        {
            var given = options.Where(o => result.GetValue(o.Value) is not null).ToDictionary(o => o.Key, o => result.GetValue(o.Value)!);
            return Run(given);
        });
    }

    private static int Run(Dictionary<string, string> given)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => e.Value as string ?? "");
        var options = OptionNames.Read(given, environment, out var faults);
        var sessions = SessionsFile.Read(options.Config, faults);
        var credentials = CredentialsFile.Read(options.Config, faults);
        foreach (var session in sessions.Sessions.Where(s => s.Profile.IsAuthenticated && !credentials.ContainsKey(s.Settings.TargetCompID)))
            faults.Add($"{session.Where} Authenticated=Y without a [CREDENTIAL] in credentials.cfg: it could never log on");
        FixDictionary? dictionary = null;
        if (File.Exists(sessions.DataDictionary))
        {
            try
            {
                using var file = File.OpenRead(sessions.DataDictionary);
                dictionary = FixDictionary.Load(file);
            }
            catch (Exception e) when (e is FormatException or System.Xml.XmlException or InvalidDataException)
            {
                faults.Add($"{sessions.DataDictionary}: {e.Message}");
            }
        }
        if (faults.Count > 0) return Refuse(faults);

        try
        {
            return Run(options, sessions, credentials, dictionary!);
        }
        catch (Exception e) when (e is IOException or JournalException or InvalidOperationException or UnauthorizedAccessException or System.Net.Sockets.SocketException)
        {
            Console.Error.WriteLine($"venue: {e.Message}");
            if (e.InnerException is { } inner) Console.Error.WriteLine($"venue: because: {inner.Message}");
            return Failed;
        }
    }

    private static int Run(VenueOptions options, SessionsFile sessions, IReadOnlyDictionary<string, IReadOnlyList<Credential>> credentials, FixDictionary dictionary)
    {
        GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;
        var faults = new List<string>();
        var journalOptions = new JournalOptions
        {
            Directory = options.Data,
            SegmentBytes = options.SegmentMiB << 20,
            Durability = options.Durability,
            AsyncSyncMs = options.AsyncSyncMs,
            UnsafeBytesMax = options.BacklogMiB << 20,
        };
        using var journal = Journal.Open(journalOptions, new MappedSegmentStore(journalOptions));
        var access = sessions.Sessions.ToDictionary(s => (s.Settings.TargetCompID, s.Settings.SenderCompID), s => s.Access);
        using var log = new ConnectionLog(Console.Out);
        using var logons = new LogonVerifier(options.Config, credentials, log.Alarm);
        var core = new VenueCore(options, new GatewayOptions
        {
            Dictionary = dictionary,
            Sessions = sessions.Sessions.ToDictionary(s => (s.Settings.TargetCompID, s.Settings.SenderCompID), s => s.Settings),
            Profiles = sessions.Sessions.ToDictionary(s => (s.Settings.TargetCompID, s.Settings.SenderCompID), s => s.Profile),
            FirmRates = FirmRates.Read(options.Config, faults),
            Verify = logons.TryBegin,
            Guard = new LogonGuardOptions { Alarm = log.Alarm },
            Refusal = (client, connection) => access[(client.ClientCompID, client.VenueCompID)].Refusal((Peer)connection.Tag!),
        }, journal) { NowNs = Clock.NowNs(), Note = log.Note };
        var recovery = core.Recover(Progress.Print, options.Snapshots);
        var (commands, notes) = Reference.Read(options.Config, sessions.Sessions, options.Orders, core.Orders, core.Known, faults, out var schedules);
        if (faults.Count > 0) return Refuse(faults);

        var lastTimeNs = core.Orders is null ? 0 : core.Engine.LastTimeNs;
        var untold = core.Start();
        var refusals = core.Define(commands);
        if (refusals.Count > 0) return Refuse([.. refusals.Select(r => $"the engine refused {r.CommandType}: {r.Reason}")]);

        journal.Sync();
        var host = IPAddress.Parse(options.Host ?? sessions.AcceptHost);
        using var loop = new CoreLoop(core, journal, options, new IPEndPoint(host, options.Port ?? sessions.AcceptPort), sessions.Transport, log) { Logons = logons, Timetable = new Timetable(core, schedules, lastTimeNs, core.NowNs) };
        logons.Wake = loop.Wake;
        using var tls = sessions.Transport.Tls is null ? null : new TlsEdge(sessions.Transport, host, loop, log);
        using var api = options.ApiPort < 0 ? null : new Api(options, core, journal, loop, log);
        using var messageLog = new FileMessageLog(Path.Combine(options.Data, "log"), core.Gateway.Clients.Where(core.Gateway.Serves).Select(client => client.Fix!));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        Say(options, core, recovery, untold, [.. sessions.Notes, .. notes], loop.EndPoint, tls, api);
        loop.Run();
        journal.Finish();
        Console.WriteLine(log.Summary());
        if (api?.ScreenSummary is { } screens) Console.WriteLine(screens);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"state hash={core.Engine.StateHash():x16} seq={core.LastSeq}"));
        Console.WriteLine("Stopped.");
        return Stopped;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            Console.WriteLine("Stopping: logging everybody out.");
            loop.Stop();
        }
    }

    private static string Kept(VenueOptions options, Api? api) =>
        options.JournalKeep == TimeSpan.Zero ? "the whole journal"
        : api is null ? "the whole journal: snapshots are written beside the API, and nothing is pruned without"
        : options.SnapshotEvery == 0 ? "the whole journal: nothing is pruned without snapshots"
        : $"{Pruner.Text(options.JournalKeep)} of the journal; what is older {(options.ArchiveFolder is { } archive ? $"moves to {Path.GetFullPath(archive)}" : "is deleted")} once two snapshots hold it";

    private static int Refuse(List<string> faults)
    {
        Console.Error.WriteLine($"venue: not started, {faults.Count} {(faults.Count == 1 ? "fault" : "faults")}:");
        foreach (var fault in faults) Console.Error.WriteLine($"  {fault}");
        return NotStarted;
    }

    private static void Say(VenueOptions options, VenueCore core, RecoveryReport recovery, int untold, IReadOnlyList<string> notes, IPEndPoint endPoint, TlsEdge? tls, Api? api)
    {
        var o = Console.Out;
        o.WriteLine("Venue is up.");
        o.WriteLine($"  FIX 4.4       {endPoint}");
        if (tls is not null) o.WriteLine($"  FIX over TLS  {tls.EndPoint}");
        foreach (var group in core.Gateway.Clients.Where(c => c.IsConfigured).GroupBy(c => c.VenueCompID))
            o.WriteLine($"  sessions      TargetCompID {group.Key}, SenderCompID one of {string.Join(' ', group.Select(c => c.ClientCompID))}");
        foreach (var i in core.Gateway.Instruments.All)
        {
            var d = i.Terms;
            o.WriteLine($"  instrument    {i.Name}: tick {Decimals.Text(d.TickMantissa, d.TickDecimals)}, lot {Decimals.Text(d.LotMantissa, d.LotDecimals)}, "
                + $"size {Decimals.Text((Int128)d.MinLots * d.LotMantissa, d.LotDecimals)} to {Decimals.Text((Int128)d.MaxLots * d.LotMantissa, d.LotDecimals)}, "
                + $"band {(d.BandPpm == 0 ? "none" : Decimals.Text(d.BandPpm, 4) + " %")}, fees {Decimals.Text(d.MakerFeePpm, 2)} bp maker {Decimals.Text(d.TakerFeePpm, 2)} bp taker");
        }
        if (api is not null) o.WriteLine($"  API           {api.EndPoint} (gRPC on loopback; tokens in {api.TokenFile})");
        if (api?.Screens is { } screen) o.WriteLine($"  screens       ws://{screen}/v1 (market data as JSON, see Screens/WEBSOCKET.md)");
        o.WriteLine($"  data          {Path.GetFullPath(options.Data)}");
        o.WriteLine(options.Durability == Durability.Fsync
            ? "  durability    fsync: a client is told when its order is on the disk"
            : $"  durability    async: a client is told at once; a power cut may take the last {options.AsyncSyncMs} ms, a killed process nothing");
        o.WriteLine($"  kept          {Kept(options, api)}");
        if (recovery.Records > 0)
            o.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  recovered     {recovery.Commands:N0} commands, {recovery.Bytes / 1048576.0:N1} MiB in {recovery.Elapsed.TotalSeconds:N2} s; state hash={core.Engine.StateHash():x16} seq={core.LastSeq}"));
        if (recovery.DroppedBytes > 0) o.WriteLine($"  dropped       {recovery.DroppedBytes} bytes of an unfinished record at the journal's end: nobody had been told of it");
        foreach (var note in core.SnapshotNotes) o.WriteLine($"  snapshot      {note}");
        if (untold > 0) o.WriteLine($"  reports       {untold} that a crash had cut off were given to their sessions");
        foreach (var note in notes) o.WriteLine($"  note          {note}");
        o.WriteLine($"READY fix={endPoint}{(tls is null ? "" : $" tls={tls.EndPoint}")} api={api?.EndPoint.ToString() ?? "none"}{(api?.Screens is { } address ? $" screens={address}" : "")} seq={core.LastSeq}");
        o.Flush();
    }
}
