using System.Runtime.InteropServices;
using Venue.Messages;

namespace Venue.Sequencer;

/// <summary>What happens to a command once it is in the journal: the engine, or a test.</summary>
public interface ICommandHandler
{
    /// <summary>
    /// Applies a command that is in the journal at <paramref name="journalPosition"/>. What follows from it may be told
    /// once the journal's <see cref="Journal.Safe"/> has passed that position.
    /// </summary>
    void Apply(ReadOnlySpan<byte> command, long journalPosition);

    /// <summary>This command comes soon, as it is but without number and time: a chance to fetch what it will need. Changes nothing.</summary>
    void Expect(ReadOnlySpan<byte> command);
}

/// <summary>
/// Puts every command into one order: takes it from the ring, stamps sequence number and time, journals it, applies it.
/// </summary>
/// <remarks>Owned by one thread, the journal's owner and the ring's taker.</remarks>
public sealed class Sequencer<THandler>(InboundRing ring, Journal journal, THandler handler) where THandler : ICommandHandler
{
    private static readonly int HeaderBytes = Marshal.SizeOf<CommandHeader>();

    // How far ahead a command is announced: enough for a few dependent memory reads to come back.
    private const int Ahead = 6;
    private int _expected;   // commands announced, the oldest in the ring included

    /// <summary>Number of the last command; 0 before the first.</summary>
    public long LastSeq { get; private set; }

    /// <summary>Time of the last command, in nanoseconds since 1970-01-01 UTC; 0 before the first.</summary>
    public long LastTimeNs { get; private set; }

    /// <summary>
    /// Takes up to <paramref name="max"/> commands, each stamped with the next number and with <paramref name="nowNs"/>
    /// (or the time of the command before, when the clock went back). Returns how many; none while the journal is
    /// <see cref="Journal.Behind"/>.
    /// </summary>
    /// <exception cref="JournalFullException">There is no room on the disk. The command stays in the ring and took no number.</exception>
    public int Drain(long nowNs, int max)
    {
        var taken = 0;
        // Not more than the disk can follow: what waits in the ring can still be refused, what is journaled cannot.
        while (taken < max && !journal.Behind && ring.TryPeek(out var command))
        {
            if (command.Length < HeaderBytes) throw new InvalidOperationException(
                $"A command of {command.Length} bytes is in the ring; its header alone has {HeaderBytes}");
            while (_expected <= Ahead && ring.TryPeek(_expected, out var later))
            {
                handler.Expect(later);
                _expected++;
            }
            ref var header = ref Command.Header(command);
            header.Seq = LastSeq + 1;
            header.TimeNs = Math.Max(nowNs, LastTimeNs);

            // Journaled before matched: a fill that cannot be replayed is a fill that cannot be honoured.
            var position = journal.Append(RecordKind.Command, command);
            LastSeq = header.Seq;
            LastTimeNs = header.TimeNs;
            handler.Apply(command, position);
            ring.Advance();
            _expected--;
            taken++;
        }
        return taken;
    }

    /// <summary>A snapshot holds everything up to this command: the next one read back, or taken, follows it.</summary>
    public void Resume(long seq, long timeNs) => (LastSeq, LastTimeNs) = (seq, timeNs);

    /// <summary>
    /// A command read back from the journal: checks that it is the next one and goes on from it. The caller applies it.
    /// </summary>
    /// <exception cref="JournalException">The numbers have a gap or the time goes back: this is not the journal of one venue.</exception>
    public void Recovered(ReadOnlySpan<byte> command)
    {
        if (command.Length < HeaderBytes) throw new JournalException(
            $"The journal holds a command of {command.Length} bytes after number {LastSeq}; a command has at least {HeaderBytes}. " +
            "It was written by another program or an incompatible version.");
        ref readonly var header = ref Command.Header(command);
        if (header.Seq != LastSeq + 1) throw new JournalException(
            $"The journal goes from command {LastSeq} to command {header.Seq}, where {LastSeq + 1} must follow. " +
            "Restore the journal folder from its copy; do not delete segments.");
        if (header.TimeNs < LastTimeNs) throw new JournalException(
            $"Command {header.Seq} in the journal is of {header.TimeNs} ns, before command {LastSeq} of {LastTimeNs} ns. " +
            "Restore the journal folder from its copy.");
        LastSeq = header.Seq;
        LastTimeNs = header.TimeNs;
    }
}
