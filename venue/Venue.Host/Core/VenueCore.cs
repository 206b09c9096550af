using Venue.Engine;
using Venue.Fix;
using Venue.Gateway;
using Venue.Messages;
using Venue.Sequencer;

namespace Venue.Host;

/// <summary>
/// The venue without sockets: gateway, ring, journal and engine, wired. Bytes of a connection become commands in the
/// ring; Drain sequences, journals and applies them; their events become messages in the connections' send buffers.
/// </summary>
/// <remarks>One thread at a time. The transport decides when a send buffer may be told: after the journal is durable.</remarks>
public sealed class VenueCore : ICommandSink, ISessionJournal, IJournalReader, ICommandHandler, IAccounts, IOrderBooks
{
    private readonly Journal _journal;
    private readonly InboundRing _ring;
    private readonly Sequencer<VenueCore> _sequencer;
    private readonly VenueOptions _options;
    private readonly GatewayOptions _gatewayOptions;
    private readonly List<string> _snapshotNotes = [];
    private readonly List<EntryStep> _entries = [];
    private readonly HashSet<int> _followedHere = [], _followedElsewhere = [];
    private VenueEngine<CoreEvents>? _engine;
    private long _keptFrom;

    /// <summary>Makes a core over an opened journal; <see cref="Recover"/> comes next.</summary>
    public VenueCore(VenueOptions options, GatewayOptions gatewayOptions, Journal journal)
    {
        _journal = journal;
        _options = options;
        _gatewayOptions = gatewayOptions;
        _ring = new InboundRing(options.RingSlots);
        Outlet = new MarketOutlet(this, journal);
        Gateway = new Gateway.Gateway(gatewayOptions, this, this) { Accounts = this, Orders = this };
        _sequencer = new Sequencer<VenueCore>(_ring, journal, this);
    }

    /// <summary>The venue's front.</summary>
    public Gateway.Gateway Gateway { get; }

    /// <summary>What the engine has been told of assets, instruments, firms and sessions.</summary>
    public Known Known { get; } = new();

    /// <summary>The engine, for its figures; made by the journal's first command, which says how large it is.</summary>
    internal VenueEngine<CoreEvents> Engine => _engine ?? throw new InvalidOperationException("The journal does not begin with DefineVenue.");

    /// <summary>Throws when something that must always be true of the engine is not. Slow.</summary>
    public void CheckEngine() => Engine.CheckInvariants();

    /// <summary>What a provider did when it was asked for quotes; all zero for a session that is none.</summary>
    public RequestCounts Requests(string clientCompID) => Gateway.FindClient(clientCompID) is { } client ? Engine.Requests(client.Id) ?? default : default;

    /// <summary>Orders that the engine was sized for; null in an empty journal.</summary>
    public int? Orders { get; private set; }

    /// <summary>What the thread of market data is told.</summary>
    internal MarketOutlet Outlet { get; }

    /// <summary>Where commands from other threads go in.</summary>
    public InboundRing Ring => _ring;

    /// <summary>Takes lines for the operator; null when nobody reads them.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>The time that the next commands are stamped with, nanoseconds since 1970-01-01 UTC.</summary>
    public long NowNs { get; set; }

    /// <summary>Sequence number of the last command.</summary>
    public long LastSeq => _sequencer.LastSeq;

    /// <summary>The snapshot that the last recovery began with, and why newer ones could not be used.</summary>
    public IReadOnlyList<string> SnapshotNotes => _snapshotNotes;

    /// <summary>Folds the journal: all of it, or what follows the newest good snapshot.</summary>
    /// <exception cref="JournalException">The journal begins in the middle and no snapshot holds what was before.</exception>
    public RecoveryReport Recover(Action<RecoveryProgress>? progress, SnapshotFolder? snapshots = null) => Recover(progress, snapshots?.Newest ?? []);

    /// <summary>Folds as much of the journal as is kept: all of it, or when it was pruned what follows the oldest good snapshot.</summary>
    /// <exception cref="JournalException">The journal begins in the middle and no snapshot holds what was before.</exception>
    public RecoveryReport RecoverAll(Action<RecoveryProgress>? progress, SnapshotFolder snapshots) =>
        Recover(progress, _journal.KeptFrom > 0 ? snapshots.Newest.Reverse() : []);

    private RecoveryReport Recover(Action<RecoveryProgress>? progress, IEnumerable<string> snapshots)
    {
        foreach (var path in snapshots)
        {
            if (Load(path) is { } position) return _journal.Recover(this, progress, position);
        }
        if (_journal.KeptFrom > 0) throw new JournalException(
            $"The journal in {_journal.Options.Directory} begins in the middle, with segment {_journal.KeptFrom / _journal.Options.SegmentBytes}: what was before has been pruned, and there is no snapshot to begin with"
            + $"{string.Concat(_snapshotNotes.Select(note => $"; {note}"))}. Put the segments before it back from the archive, or a good snapshot of this journal into its folder snapshots.");
        if (_snapshotNotes.Count > 0) _snapshotNotes.Add("no snapshot could be used: the whole journal was replayed");
        return _journal.Recover(this, progress);
    }

    /// <summary>The position of the last record that the snapshot holds; null when it cannot be used.</summary>
    private long? Load(string path)
    {
        using var reader = SnapshotFolder.TryOpen(path, CoreSnapshot.Layout, out var header, out var fault);
        if (reader is not null && !_journal.Holds(header.Position)) fault = $"the journal has no record at {header.Position}, the last that it holds: it belongs to another journal, or this one is an older copy";
        if (fault is not null)
        {
            _snapshotNotes.Add($"snapshot {path} was not used: {fault}");
            return null;
        }
        Make(CoreSnapshot.ReadVenue(reader!));
        CoreSnapshot.Read(reader!, (Engine, Gateway, Known), (_gatewayOptions, this, this));
        _sequencer.Resume(header.Seq, header.TimeNs);
        _snapshotNotes.Add($"began with snapshot {path} of command {header.Seq}");
        return header.Position;
    }

    /// <summary>Recovery is over: the sessions take connections, and reports that a crash cut off are given to them.</summary>
    /// <returns>How many reports that were.</returns>
    public int Start()
    {
        ForgetPruned();
        return Gateway.Start(NowNs);
    }

    /// <summary>Gives back what was remembered of messages that the journal does not keep any more.</summary>
    public void ForgetPruned()
    {
        if (_journal.KeptFrom == _keptFrom) return;
        _keptFrom = _journal.KeptFrom;
        Gateway.ForgetBefore(_keptFrom);
    }

    /// <summary>Puts definitions and opening balances into the engine; returns what it refused of them.</summary>
    public IReadOnlyList<Refused> Define(IReadOnlyList<byte[]> commands)
    {
        var refusals = Known.Refusals = [];
        foreach (var command in commands)
        {
            Publish(command);
            Drain();
        }
        Known.Refusals = null;
        return refusals;
    }

    /// <summary>
    /// True while the ring is so full that the next read of a socket might not fit: the transport reads nothing more
    /// until the disk has caught up.
    /// </summary>
    public bool IsFull => _ring.Count > _ring.Capacity / 2;

    /// <summary>Sequences, journals and applies what is in the ring, as far as the disk follows.</summary>
    public int Drain()
    {
        var drained = _sequencer.Drain(NowNs, _ring.Capacity);
        IsWalking = false;
        if (_engine is { HasMarginWork: true }) ContinueMargins();
        if (_engine is { Walks: > 0 }) Walk();
        if (_engine is { Steps.Length: > 0 })
        {
            Gateway.On(_engine.Steps);
            Outlet.On(_engine.Steps);
            _engine.ForgetSteps();
        }
        Gateway.EndTurn(NowNs);
        // New orders are refused before anything has to wait; what comes of those already taken still has room.
        Gateway.IsCongested = _journal.Behind || _journal.SpaceFault is not null;
        return drained;
    }

    /// <summary>True when a walk over many orders can go on at once.</summary>
    public bool IsWalking { get; private set; }

    /// <summary>One slice of each unfinished walk, as far as readers and the disk follow: others' commands come between.</summary>
    private void Walk()
    {
        if (_journal.Behind || _ring.Count > 0) return;
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        for (var i = 0; i < Engine.Walks && !IsFull; i++)
        {
            var (number, session) = Engine.WalkAt(i);
            if (!Gateway.MayWalk(session, NowNs)) continue;
            ref var c = ref Command.Begin<ContinueWalk>(slot, CommandType.ContinueWalk);
            c.Walk = number;
            Publish(slot[..c.Header.Length]);
        }
        IsWalking |= _sequencer.Drain(NowNs, _ring.Capacity) > 0 && Engine.Walks > 0;
    }

    /// <summary>One slice of what margin has to do, whatever else waits: while clients' commands come, it takes its place among them.</summary>
    private void ContinueMargins()
    {
        if (_journal.Behind || IsFull) return;
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        Publish(slot[..Command.Begin<ContinueMargin>(slot, CommandType.ContinueMargin).Header.Length]);
        IsWalking = _sequencer.Drain(NowNs, _ring.Capacity) > 0 && Engine.HasMarginWork;
    }

    /// <inheritdoc/>
    public void Publish(ReadOnlySpan<byte> command)
    {
        if (!_ring.TryPublish(command)) throw new InvalidOperationException("The inbound ring is full, although nothing is read while it is half full.");
    }

    (Amount Available, Amount Held) IAccounts.Balance(int firm, int asset)
    {
        var (available, held) = Engine.Balance(firm, asset);
        return (available, new Amount(held.Atoms + Engine.Withdrawing(firm, asset).Atoms));
    }

    (long Lots, Int128 CostTickLots, Amount Realised) IAccounts.Position(int firm, int instrument) => Engine.Position(firm, instrument);

    void IOrderBooks.Follow(int instrument, bool isFollowed)
    {
        if (isFollowed) _followedHere.Add(instrument);
        else _followedHere.Remove(instrument);
        Engine.Follow(instrument, _followedHere.Contains(instrument) || _followedElsewhere.Contains(instrument));
    }

    /// <summary>The same for the thread of market data.</summary>
    internal void FollowElsewhere(int instrument, bool isFollowed)
    {
        if (isFollowed) _followedElsewhere.Add(instrument);
        else _followedElsewhere.Remove(instrument);
        Engine.Follow(instrument, _followedHere.Contains(instrument) || _followedElsewhere.Contains(instrument));
    }

    /// <summary>Adds all shown orders of an instrument.</summary>
    internal void CopyEntries(int instrument, List<EntryStep> to)
    {
        Engine.CopyEntries(instrument, Side.Buy, to);
        Engine.CopyEntries(instrument, Side.Sell, to);
    }

    bool IOrderBooks.Has(int instrument) => true;

    ReadOnlySpan<EntryStep> IOrderBooks.Entries(int instrument, Side side)
    {
        _entries.Clear();
        Engine.CopyEntries(instrument, side, _entries);
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_entries);
    }

    void ICommandHandler.Apply(ReadOnlySpan<byte> command, long journalPosition) => Apply(command);

    void ICommandHandler.Expect(ReadOnlySpan<byte> command) => _engine?.Prefetch(command);

    private void Apply(ReadOnlySpan<byte> command)
    {
        if (_engine is null && Command.Header(command).Type == CommandType.DefineVenue) Make(in Command.As<DefineVenue>(command));
        Engine.Apply(command);
    }

    private void Make(in DefineVenue venue)
    {
        Orders = venue.Orders;
        _engine = new VenueEngine<CoreEvents>(EngineCapacity.For(venue), new CoreEvents(Gateway, Known, Outlet));
        if (!_options.HugePages) return;
        foreach (var (address, bytes) in _engine.Memory)
            if (!HugePages.TryReserve(address, bytes)) throw new InvalidOperationException("HugePages is on and the system gives none: see /sys/kernel/mm/transparent_hugepage/enabled, or switch it off.");
    }

    long ISessionJournal.AppendSent(ReadOnlySpan<byte> head, ReadOnlySpan<byte> message) => _journal.Append(RecordKind.Sent, head, message);

    void ISessionJournal.AppendState(ReadOnlySpan<byte> state) => _journal.Append(RecordKind.SessionState, state);

    ReadOnlySpan<byte> ISessionJournal.ReadSent(long position) => _journal.TryRead(position, out var payload) ? payload : default;

    void ISessionJournal.NotKept(int session, int msgSeqNum) =>
        Note?.Invoke($"session {Gateway.Clients[session - 1].ClientCompID} asks again for messages from {msgSeqNum} on that are older than what the journal keeps: a gap fill stands for them");

    void IJournalReader.OnRecord(RecordKind kind, long position, ReadOnlySpan<byte> payload)
    {
        switch (kind)
        {
            case RecordKind.Command:
                if (!Command.IsWellFormed(payload)) throw new InvalidOperationException($"The command at journal position {position} {Command.FaultOf(payload)}: this journal was written by another version of the venue.");
                _sequencer.Recovered(payload);
                Gateway.RecoverCommand(Command.Header(payload));
                Apply(payload);
                break;
            case RecordKind.Sent: Gateway.RecoverSent(payload, position); break;
            case RecordKind.SessionState: Gateway.RecoverState(payload, position); break;
            case RecordKind.Mark: break;
            default: throw new InvalidOperationException($"The record at journal position {position} has the unknown kind {(byte)kind}.");
        }
    }
}
