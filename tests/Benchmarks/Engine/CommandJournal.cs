using Venue.Sequencer;

namespace Venue.Benchmarks.Engine;

/// <summary>The venue's own journal in a folder of its own, with its commit thread beside; gone when it is disposed.</summary>
internal sealed class CommandJournal : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("engine-benchmark-").FullName;
    private readonly Journal _journal;
    private readonly GroupCommit _commit;
    private Exception? _fault;

    public CommandJournal()
    {
        _journal = Journal.Open(new JournalOptions { Directory = Path.Combine(_folder, "journal"), Durability = Durability.Async });
        _journal.Recover(new Nothing(), progress: null);
        _commit = new GroupCommit(_journal, _ => { }, fault => _fault = fault);
    }

    /// <summary>Stamped before; what follows from it may be told once it is in the page cache.</summary>
    public void Append(ReadOnlySpan<byte> command) => _journal.Append(RecordKind.Command, command);

    public void Dispose()
    {
        _commit.Dispose();
        _journal.Dispose();
        Directory.Delete(_folder, recursive: true);
        if (_fault is not null) throw new InvalidOperationException("The journal could not be written", _fault);
    }

    private sealed class Nothing : IJournalReader
    {
        public void OnRecord(RecordKind kind, long position, ReadOnlySpan<byte> payload) => throw new InvalidOperationException("The journal is not new");
    }
}
