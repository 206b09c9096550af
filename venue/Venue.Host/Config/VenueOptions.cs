using System.Globalization;
using Venue.Engine;
using Venue.Sequencer;

namespace Venue.Host;

/// <summary>All options of the venue process; made once, at the start, and complete.</summary>
public sealed record VenueOptions
{
    /// <summary>Folder of the journal.</summary>
    public string Data { get; init; } = "data/venue";

    /// <summary>Folder with instruments.cfg, firms.cfg, sessions.cfg and the dictionary.</summary>
    public string Config { get; init; } = "fix-config";

    /// <summary>When a client may be told: once the disk has it, or once the page cache has it.</summary>
    public Durability Durability { get; init; } = Durability.Fsync;

    /// <summary>With <see cref="Durability.Async"/>: milliseconds between background syncs, what a power cut may take.</summary>
    public int AsyncSyncMs { get; init; } = 50;

    /// <summary>Address to listen on; null takes SocketAcceptHost of sessions.cfg.</summary>
    public string? Host { get; init; }

    /// <summary>TCP port to listen on; 0 for any free one, null takes SocketAcceptPort of sessions.cfg.</summary>
    public int? Port { get; init; }

    /// <summary>TCP port of the gRPC API on loopback; 0 for any free one, -1 for none.</summary>
    public int ApiPort { get; init; } = 9879;

    /// <summary>TCP port of the WebSocket market data for screens, on <see cref="Host"/>; 0 for any free one, -1 for none.</summary>
    public int ScreenPort { get; init; } = -1;

    /// <summary>Orders held at once: open ones, and closed ones kept for status and duplicate detection.</summary>
    public int Orders { get; init; } = 1 << 22;

    /// <summary>Commands between two snapshots, written by the replica beside the API; 0 for none.</summary>
    public int SnapshotEvery { get; init; } = 1_000_000;

    /// <summary>Whether the engine's tables are backed by huge pages, made at the start: less waiting for memory, all of it taken at once.</summary>
    public bool HugePages { get; init; }

    /// <summary>Slots of the inbound ring, a power of two.</summary>
    public int RingSlots { get; init; } = 8192;

    /// <summary>Size of a journal segment in MiB. Fixed for the life of a data folder.</summary>
    public int SegmentMiB { get; init; } = 64;

    /// <summary>What was written within this time is kept in the journal and the feed; zero: everything is.</summary>
    public TimeSpan JournalKeep { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Folder to which segments older than that are moved; <see cref="NoArchive"/>: they are deleted; null: to the folder archive in <see cref="Data"/>.</summary>
    public string? JournalArchive { get; init; }

    /// <summary>As <see cref="JournalArchive"/>: older segments are deleted.</summary>
    public const string NoArchive = "none";

    /// <summary>Where older segments go; null: nowhere.</summary>
    public string? ArchiveFolder => JournalArchive == NoArchive ? null : JournalArchive ?? Path.Combine(Data, "archive");

    /// <summary>New orders are refused while more than this many MiB of journal wait for the disk.</summary>
    public int BacklogMiB { get; init; } = 32;

    /// <summary>A client that leaves more than this many MiB unread is cut off.</summary>
    public int SendBufferMiB { get; init; } = 4;

    /// <summary>Where the snapshots are.</summary>
    public SnapshotFolder Snapshots => new(Path.Combine(Data, "snapshots"));

    /// <summary>Every fault, each with its consequence; empty when the options can be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(Data)) faults.Add("data: no folder given, the journal has no place");
        if (!Directory.Exists(Config)) faults.Add($"config: folder '{Config}' does not exist, there is nothing to trade");
        Range(nameof(AsyncSyncMs), AsyncSyncMs, 1, 10_000, "milliseconds that a power cut may take");
        if (Port is { } port) Range(nameof(Port), port, 0, 65535, "a TCP port, or 0 for any free one");
        Range(nameof(ScreenPort), ScreenPort, -1, 65535, "a TCP port, 0 for any free one, -1 for none");
        if (ScreenPort >= 0 && ApiPort < 0) faults.Add("screen-port: there is no API, whose replica screens are shown: nothing would ever come");
        Range(nameof(ApiPort), ApiPort, -1, 65535, "a TCP port, 0 for any free one, -1 for no API");
        Range(nameof(Orders), Orders, 1024, EngineCapacity.OrdersMax, "orders held at once");
        Range(nameof(SnapshotEvery), SnapshotEvery, 0, int.MaxValue, "commands between two snapshots");
        Range(nameof(RingSlots), RingSlots, 8192, 1 << 20, "slots of the inbound ring; one read of a socket can bring 3,500 quotes");
        if ((RingSlots & (RingSlots - 1)) != 0) faults.Add($"ring-slots: {RingSlots} is not a power of two, the ring cannot index its slots");
        Range(nameof(SegmentMiB), SegmentMiB, 1, 1024, "MiB of a journal segment");
        if (JournalKeep < TimeSpan.Zero || JournalKeep > TimeSpan.FromDays(36_500)) faults.Add("journal-keep: not between 0 and 36500 days");
        if (JournalArchive is not null)
        {
            if (JournalKeep == TimeSpan.Zero) faults.Add("journal-archive: given while journal-keep is 0, nothing would ever be moved there");
            if (string.IsNullOrWhiteSpace(JournalArchive)) faults.Add("journal-archive: no folder given");
            else if (Path.GetFullPath(JournalArchive).TrimEnd('/') == Path.GetFullPath(Data).TrimEnd('/')) faults.Add("journal-archive: the journal's own folder, nothing would leave it");
        }
        Range(nameof(BacklogMiB), BacklogMiB, 1, 1024, "MiB of journal that may wait for the disk");
        Range(nameof(SendBufferMiB), SendBufferMiB, 1, 256, "MiB that a client may leave unread");
        if (Host is not null && !System.Net.IPAddress.TryParse(Host, out _)) faults.Add($"host: '{Host}' is not an IP address to listen on");
        return faults;

        void Range(string name, long value, long min, long max, string what)
        {
            if (value < min || value > max)
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{OptionNames.Flag(name)}: {value} is not between {min} and {max} ({what})"));
        }
    }
}
