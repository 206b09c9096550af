using Google.Protobuf;
using Venue.Engine;
using Venue.Gateway;
using Venue.Messages;
using Venue.Sequencer;

namespace Venue.Host;

/// <summary>
/// All that the core would be after a start at one place of the journal: an engine, a gateway that recovers and never
/// begins, and what is defined. It writes the snapshots and begins with one.
/// </summary>
internal sealed class ReplicaState(FeedCollector feed, SnapshotFolder folder) : ICommandSink, ISessionJournal
{
    private readonly GatewayOptions _gatewayOptions = new();
    private Gateway.Gateway _gateway = null!;
    private DefineVenue _venue;
    private VenueEngine<ReplicaEvents>? _engine;
    private long _timeNs;

    /// <summary>The engine as far as it has come.</summary>
    public VenueEngine<ReplicaEvents> Engine => _engine ?? throw new InvalidOperationException("The journal has no command yet.");

    /// <summary>False before the journal's first command.</summary>
    public bool HasEngine => _engine is not null;

    /// <summary>The public books, as the core's gateway has them.</summary>
    public Gateway.Gateway Gateway => _gateway;

    /// <summary>What is defined.</summary>
    public Known Known { get; private set; } = new();

    /// <summary>Position of the last record that was folded; 0 before the first.</summary>
    public long LastRecord { get; private set; }

    /// <summary>Folds one record.</summary>
    public void Fold(RecordKind kind, ReadOnlySpan<byte> payload, long position)
    {
        switch (kind)
        {
            case RecordKind.Command:
                ref readonly var header = ref Command.Header(payload);
                if (_engine is null && header.Type == CommandType.DefineVenue) Make(Command.As<DefineVenue>(payload));
                _gateway.RecoverCommand(header);
                Engine.Apply(payload);
                _timeNs = header.TimeNs;
                break;
            case RecordKind.Sent: _gateway.RecoverSent(payload, position); break;
            case RecordKind.SessionState: _gateway.RecoverState(payload, position); break;
            default: throw new InvalidOperationException($"The record at journal position {position} has the unknown kind {(byte)kind}.");
        }
        LastRecord = position;
    }

    /// <summary>Begins with the newest snapshot that can be used; true when there was one.</summary>
    /// <param name="journal">The recovered journal.</param>
    /// <param name="throughSeq">The journal's last command.</param>
    /// <param name="feedSeq">The last command in the feed's log: what the log has not is to be made from the journal.</param>
    public bool Begin(Journal journal, long throughSeq, long feedSeq) => Begin(journal, throughSeq, feedSeq, folder.Newest);

    /// <summary>Begins with the oldest snapshot that can be used, whatever the feed's log has; true when there was one.</summary>
    public bool BeginOldest(Journal journal, long throughSeq) => Begin(journal, throughSeq, long.MaxValue, folder.Newest.Reverse());

    private bool Begin(Journal journal, long throughSeq, long feedSeq, IEnumerable<string> snapshots)
    {
        foreach (var path in snapshots)
        {
            using var reader = SnapshotFolder.TryOpen(path, CoreSnapshot.Layout, out var header, out _);
            // Why one is not used has been told by the core, which looked at the same ones.
            if (reader is null || header.Seq > throughSeq || header.FeedSeq > feedSeq || !journal.Holds(header.Position)) continue;
            Make(CoreSnapshot.ReadVenue(reader));
            CoreSnapshot.Read(reader, (Engine, _gateway, Known), (_gatewayOptions, this, this));
            feed.Know(Known);
            LastRecord = header.Position;
            _timeNs = header.TimeNs;
            return true;
        }
        return false;
    }

    /// <summary>The journal keeps nothing before this position any more.</summary>
    public void ForgetBefore(long position) => _gateway.ForgetBefore(position);

    /// <summary>What is defined, as the feed tells it: at the head of each file of its log.</summary>
    public byte[] Definitions()
    {
        var collector = new FeedCollector();
        collector.Tell(Known, Engine.LastSeq, _timeNs);
        collector.Batch.ThroughSeq = Engine.LastSeq;
        return collector.Batch.ToByteArray();
    }

    /// <summary>Writes what is here into a file that <see cref="SnapshotFolder.Finish"/> makes a snapshot.</summary>
    public SnapshotWriter Write(long feedSeq)
    {
        var writer = folder.Begin(Engine.LastSeq);
        try
        {
            var header = new SnapshotHeader(Engine.LastSeq, _timeNs, LastRecord, feedSeq, Layout: 0, ContentBytes: 0, ContentCrc: 0);
            CoreSnapshot.Write(writer, header, _venue, (Engine, _gateway, Known), (_gatewayOptions, this, this));
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    private void Make(DefineVenue venue)
    {
        _venue = venue;
        _gateway = new Gateway.Gateway(_gatewayOptions, this, this);
        Known = new Known();
        _engine = new VenueEngine<ReplicaEvents>(EngineCapacity.For(venue), new ReplicaEvents(new CoreEvents(_gateway, Known), new FeedEvents(feed)));
    }

    // A gateway that recovers asks for nothing of this.
    bool ICommandSink.IsFull => throw NeverBegun();
    void ICommandSink.Publish(ReadOnlySpan<byte> command) => throw NeverBegun();
    long ISessionJournal.AppendSent(ReadOnlySpan<byte> head, ReadOnlySpan<byte> message) => throw NeverBegun();
    void ISessionJournal.AppendState(ReadOnlySpan<byte> state) => throw NeverBegun();
    ReadOnlySpan<byte> ISessionJournal.ReadSent(long position) => throw NeverBegun();
    void ISessionJournal.NotKept(int session, int msgSeqNum) => throw NeverBegun();

    private static InvalidOperationException NeverBegun() => new("The replica's gateway never begins: it has no sessions that could ask.");
}
