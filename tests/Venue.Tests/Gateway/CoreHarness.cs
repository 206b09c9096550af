using System.Net;
using System.Text;
using Venue.Fix;
using Venue.Gateway;
using Venue.Host;
using Venue.Sequencer;

namespace Venue.Tests.Gateway;

/// <summary>
/// The whole venue without sockets, on a journal in a folder of its own and the sample configuration: text in, text out,
/// a clock set by hand. <see cref="Restart"/> is kill -9 and a start.
/// </summary>
internal sealed class CoreHarness : IDisposable
{
    private readonly int _segmentBytes;
    private readonly string _folder = Directory.CreateTempSubdirectory("venue-core-").FullName;
    private readonly VenueOptions _options;
    private readonly FixDictionary _dictionary;
    private SessionsFile _sessions = null!;
    private readonly Func<SessionSettings, SessionSettings> _settings;
    private Journal _journal = null!;

    private readonly IReadOnlyDictionary<string, SessionProfile> _profiles;
    private readonly IReadOnlyDictionary<string, RateLimit> _firmRates;

    /// <summary>A venue on the sample configuration.</summary>
    /// <param name="orders">Orders held at once.</param>
    /// <param name="profiles">Agreements instead of those of sessions.cfg.</param>
    /// <param name="firmRates">Rates of firms.</param>
    /// <param name="more">Further [SESSION] sections of sessions.cfg.</param>
    /// <param name="settings">Changes to each session's settings.</param>
    /// <param name="segmentBytes">Size of the journal's segments.</param>
    /// <param name="dictionary">Changes to the text of VENUE44.xml.</param>
    public CoreHarness(int orders = 4096, IReadOnlyDictionary<string, SessionProfile>? profiles = null, string more = "", IReadOnlyDictionary<string, RateLimit>? firmRates = null, Func<SessionSettings, SessionSettings>? settings = null, int segmentBytes = 16 << 20,
        Func<string, string>? dictionary = null)
    {
        _segmentBytes = segmentBytes;
        _firmRates = firmRates ?? new Dictionary<string, RateLimit>();
        _settings = settings ?? (s => s);
        _profiles = profiles ?? new Dictionary<string, SessionProfile>();
        var config = Path.Combine(_folder, "fix-config");
        Directory.CreateDirectory(config);
        foreach (var file in Directory.GetFiles(Repository.Path("fix-config"))) File.Copy(file, Path.Combine(config, Path.GetFileName(file)));
        _options = new VenueOptions { Data = _folder, Config = config, Orders = orders };
        var text = File.ReadAllText(Path.Combine(config, "VENUE44.xml"));
        using var xml = new MemoryStream(Encoding.UTF8.GetBytes(dictionary is null ? text : dictionary(text)));
        _dictionary = FixDictionary.Load(xml);
        Configure(more);
        Start();
    }

    /// <summary>A stop, other [SESSION] sections beside those of the sample sessions.cfg, and a start.</summary>
    public void Reconfigure(string more)
    {
        _journal.Dispose();
        Configure(more);
        Start();
    }

    private void Configure(string more)
    {
        File.WriteAllText(Path.Combine(_options.Config, "sessions.cfg"), File.ReadAllText(Repository.Path("fix-config/sessions.cfg")) + "\n" + more);
        var faults = new List<string>();
        _sessions = SessionsFile.Read(_options.Config, faults);
        Assert.That(faults, Is.Empty);
    }

    public VenueCore Core { get; private set; } = null!;

    /// <summary>Logons that wait for their proof to be checked: what the venue's verifier thread would have.</summary>
    public LogonQueue Logons { get; } = new();

    /// <summary>Alarms so far.</summary>
    public List<string> Alarms { get; } = [];

    /// <summary>Lines for the operator so far.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Checks the proofs of all Logons that wait against these credentials.</summary>
    public void CheckLogons(params Credential[] credentials)
    {
        while (Logons.Waiting.TryDequeue(out var logon))
        {
            logon.IsProven = credentials.Any(c => c.IsProvenBy(logon.Proof));
            Core.Gateway.Verified(logon, NowNs);
            Core.Drain();
        }
    }

    internal sealed class LogonQueue
    {
        public Queue<PendingLogon> Waiting { get; } = new();

        public int Max { get; set; } = 64;

        public bool TryAdd(PendingLogon logon)
        {
            if (Waiting.Count == Max) return false;
            Waiting.Enqueue(logon);
            return true;
        }
    }

    public string Folder => _folder;

    /// <summary>2026-11-22 12:00:00 UTC at first; moved by the tests.</summary>
    public long NowNs { get; set; } = 1_795_348_800_000_000_000;

    /// <summary>Reports that the last start gave to their sessions because a crash had cut them off.</summary>
    public int Untold { get; private set; }

    /// <summary>Where a start looks for snapshots; there are none unless a test writes them.</summary>
    public SnapshotFolder Snapshots => _options.Snapshots;

    public Journal Journal => _journal;

    /// <summary>The records of the journal so far: commands, sent messages, states of sessions.</summary>
    public List<(RecordKind Kind, byte[] Payload, long Position)> Records()
    {
        var records = new List<(RecordKind, byte[], long)>();
        for (long next = 0; _journal.TryNext(ref next, _journal.Appended, out var kind, out var payload);)
            records.Add((kind, payload.ToArray(), next - Journal.RecordBytes(payload.Length)));
        return records;
    }

    /// <summary>Appended position of the journal.</summary>
    public long JournalEnd => _journal.Appended;

    public void Restart()
    {
        _journal.Dispose();
        Start();
    }

    /// <summary>Kill -9 after the command at <paramref name="position"/> was appended and before its reports were: the rest is zeros.</summary>
    public void CutAfterCommandAt(long position)
    {
        // A record's head has 24 bytes and its length is a multiple of 8 (Venue.Sequencer/README.md).
        var end = position + ((24 + _journal.Read(position).Length + 7) & ~7);
        _journal.Dispose();
        var segment = Directory.GetFiles(_folder).Order().First(f => new FileInfo(f).Length == _segmentBytes);
        using (var file = File.OpenHandle(segment, FileMode.Open, FileAccess.ReadWrite))
            RandomAccess.Write(file, new byte[_segmentBytes - end], end);
        Start();
    }

    private void Start()
    {
        var journalOptions = new JournalOptions { Directory = _folder, SegmentBytes = _segmentBytes };
        _journal = Journal.Open(journalOptions, new MappedSegmentStore(journalOptions));
        Core = new VenueCore(_options, new GatewayOptions
        {
            Dictionary = _dictionary,
            Sessions = _sessions.Sessions.ToDictionary(s => (s.Settings.TargetCompID, s.Settings.SenderCompID), s => _settings(s.Settings)),
            FirmRates = _firmRates,
            Verify = Logons.TryAdd,
            Guard = new LogonGuardOptions { Alarm = Alarms.Add },
            Profiles = _sessions.Sessions.ToDictionary(s => (s.Settings.TargetCompID, s.Settings.SenderCompID), s => _profiles.GetValueOrDefault(s.Settings.TargetCompID) ?? s.Profile),
        }, _journal) { NowNs = NowNs, Note = Notes.Add };
        Core.Recover(null, Snapshots);
        var faults = new List<string>();
        var (commands, _) = Reference.Read(_options.Config, _sessions.Sessions, _options.Orders, Core.Orders, Core.Known, faults);
        Assert.That(faults, Is.Empty);
        Untold = Core.Start();
        Assert.That(Core.Define(commands), Is.Empty);
    }

    /// <summary>The venue's loop around it, on a free port; the thread that makes it runs it, and the harness is left alone meanwhile.</summary>
    public CoreLoop Loop(ConnectionLog log)
    {
        Core.NowNs = Clock.NowNs();
        return new CoreLoop(Core, _journal, _options, new IPEndPoint(IPAddress.Loopback, 0), _sessions.Transport, log) { Timetable = new Timetable(Core, [], Core.NowNs, Core.NowNs) };
    }

    public Peer Connect(string compID, string? remote = null, Venue.Gateway.Gateway? gateway = null) => new(this, compID, remote ?? compID, gateway);

    public void Dispose()
    {
        _journal.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A client that is nothing but text and numbers of its own.</summary>
    internal sealed class Peer
    {
        private readonly CoreHarness _venue;
        private readonly string _compID;
        private readonly StringBuilder _inbox = new();

        private readonly Venue.Gateway.Gateway? _gateway;   // null for the core's, whichever that is after a restart

        public Peer(CoreHarness venue, string compID, string remote, Venue.Gateway.Gateway? gateway)
        {
            _gateway = gateway;
            _venue = venue;
            _compID = compID;
            Connection = new Connection(remote, 64 << 10, 1 << 20, venue.NowNs, new ReceiveBuffers(0));
            Gateway.Opened(Connection);
        }

        private Venue.Gateway.Gateway Gateway => _gateway ?? _venue.Core.Gateway;

        public Connection Connection { get; }

        public int NextOut { get; set; } = 1;

        /// <summary>Sends one message, "35=D|11=a|..." with '|' for SOH; header and trailer are added.</summary>
        public Peer Send(string body, bool drain = true)
        {
            Bytes(Encode(body));
            if (drain) _venue.Core.Drain();
            return this;
        }

        public byte[] Encode(string body)
        {
            var type = body.Split('|')[0];
            var rest = body[type.Length..].TrimStart('|');
            var time = DateTimeOffset.FromUnixTimeMilliseconds(_venue.NowNs / 1_000_000).ToString("yyyyMMdd-HH:mm:ss.fff");
            var text = $"{type}|49={_compID}|56=VENUE|34={NextOut++}|52={time}|{rest.Replace("60=now", "60=" + time)}{(rest.Length > 0 ? "|" : "")}";
            var bytes = Encoding.ASCII.GetBytes($"8=FIX.4.4|9={text.Length}|{text}".Replace('|', '\u0001'));
            var sum = bytes.Sum(b => b) & 255;
            return [.. bytes, .. Encoding.ASCII.GetBytes($"10={sum:000}\u0001")];
        }

        public void Bytes(ReadOnlySpan<byte> bytes)
        {
            _venue.Core.NowNs = _venue.NowNs;
            while (bytes.Length > 0)
            {
                var free = Connection.Free();
                var part = bytes[..Math.Min(bytes.Length, free.Length)];
                part.CopyTo(free);
                Connection.Added(part.Length);
                Gateway.Received(Connection, _venue.NowNs);
                bytes = bytes[part.Length..];
            }
        }

        public Peer Logon(string more = "") => Send($"35=A|98=0|108=30{(more.Length > 0 ? "|" + more : "")}");

        public Peer Order(string id, string side, string quantity, string price, string more = "59=1", string symbol = "BTC-USD") =>
            Send($"35=D|11={id}|55={symbol}|54={(side == "buy" ? 1 : 2)}|60=now|38={quantity}|40=2|44={price}|{more}");

        /// <summary>Everything that came since the last look: one message a line, '|' for SOH, without 8, 9, 49, 56, 52 and 10.</summary>
        public string[] Inbox()
        {
            var all = Taken();
            // A long resend comes in turns: the next when the last was taken.
            while (Gateway.ContinueResend(_venue.NowNs)) all = [.. all, .. Taken()];
            return all;
        }

        /// <summary>As <see cref="Inbox"/>, but a resend does not go on.</summary>
        public string[] Taken()
        {
            var output = Connection.Output;
            _inbox.Append(Encoding.ASCII.GetString(output.Unsent(output.Tail)));
            output.Taken(output.Count);
            Connection.Released = output.Tail;
            Gateway.ClearDirty();
            var messages = _inbox.ToString().Split("8=FIX.4.4\u0001", StringSplitOptions.RemoveEmptyEntries);
            _inbox.Clear();
            return [.. messages.Select(m => string.Join('|', m.Split('\u0001', StringSplitOptions.RemoveEmptyEntries).Where(f => f.Split('=')[0] is not ("9" or "49" or "56" or "52" or "10"))))];
        }

        public void Drop(string reason = "test") => Gateway.Closed(Connection, reason, _venue.NowNs);
    }
}
