using System.CommandLine;
using System.Globalization;
using Venue.Gateway;
using EntryStep = Venue.Messages.EntryStep;
using Side = Venue.Messages.Side;
using Venue.Sequencer;

namespace Venue.Host;

/// <summary>Folds a journal from its first record, or a pruned one from its oldest snapshot, checks every invariant and prints the state's hash and figures.</summary>
internal static class ReplayCommand
{
    public static Command Make()
    {
        var directory = new Argument<DirectoryInfo>("DIR") { Description = "folder of a journal; it is only read, and may belong to a stopped venue" };
        var book = new Option<string[]>("--book") { Description = "print this instrument's shown book too, order by order: number of the place, lots, ticks", HelpName = "SYMBOL" };
        var command = new Command("replay", "Fold a journal and print the state hash and the figures; changes nothing.") { directory, book };
        command.SetAction(result => Run(result.GetValue(directory)!, result.GetValue(book) ?? []));
        return command;
    }

    private static int Run(DirectoryInfo directory, string[] books)
    {
        if (!directory.Exists)
        {
            Console.Error.WriteLine($"replay: folder '{directory}' does not exist");
            return 2;
        }
        try
        {
            var segmentBytes = MappedSegmentStore.SegmentBytesIn(directory.FullName);
            if (segmentBytes == 0)
            {
                Console.Error.WriteLine($"replay: there is no journal in '{directory}'");
                return 2;
            }
            var journalOptions = new JournalOptions { Directory = directory.FullName, SegmentBytes = segmentBytes, ReadOnly = true };
            using var journal = Journal.Open(journalOptions, new MappedSegmentStore(journalOptions));
            var core = new VenueCore(new VenueOptions(), new GatewayOptions(), journal);
            var recovery = core.RecoverAll(Progress.Print, new VenueOptions { Data = directory.FullName }.Snapshots);
            foreach (var note in core.SnapshotNotes) Console.WriteLine($"the journal begins with segment {journal.KeptFrom / segmentBytes}: {note}");
            core.Engine.CheckInvariants();
            foreach (var symbol in books) PrintBook(core, symbol);
            Print(core, recovery);
            return 0;
        }
        catch (Exception e) when (e is IOException or JournalException or InvalidOperationException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"replay: {e.Message}");
            return 1;
        }
    }

    private static void PrintBook(VenueCore core, string symbol)
    {
        if (core.Gateway.Instruments.Find(System.Text.Encoding.ASCII.GetBytes(symbol)) is not { } instrument) throw new InvalidOperationException($"there is no instrument {symbol}");
        Console.WriteLine($"book {symbol} {Queue(Side.Buy)} / {Queue(Side.Sell)}");

        string Queue(Side side)
        {
            var entries = new List<EntryStep>();
            core.Engine.CopyEntries(instrument.Id, side, entries);
            return string.Join(' ', entries.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Entry}:{e.Lots}@{e.Ticks}")));
        }
    }

    private static void Print(VenueCore core, RecoveryReport recovery)
    {
        var seconds = recovery.Elapsed.TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"replayed {recovery.Commands:N0} commands ({recovery.Records:N0} records, {recovery.Bytes / 1048576.0:N1} MiB) in {seconds:N2} s: {recovery.Commands / Math.Max(seconds, 1e-9):N0} commands/s"));
        if (recovery.DroppedBytes > 0) Console.WriteLine($"the journal ends in {recovery.DroppedBytes} bytes of an unfinished record, which a start would drop");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"orders open {core.Engine.OpenOrders:N0}, trades {core.Engine.Trades:N0}, sums of an asset checked {core.Engine.ConservationChecks:N0} times"));
        foreach (var session in core.Gateway.Clients)
            Console.WriteLine($"session {session.ClientCompID}: {session.SentMessages:N0} messages sent, next out {session.NextOut}, next in {session.NextIn}");
        for (var firm = 0; firm <= core.Known.Firms.Count; firm++)
            foreach (var asset in core.Known.Assets)
            {
                var (available, held) = core.Engine.Balance(firm, asset.Asset);
                if (available.Atoms == 0 && held.Atoms == 0) continue;
                var name = firm == 0 ? "HOUSE" : core.Known.Firms[firm - 1].Name.ToString();
                Console.WriteLine($"balance {name} {asset.Code}: available {Decimals.Text(available.Atoms, asset.Decimals)}, held {Decimals.Text(held.Atoms, asset.Decimals)}");
            }
        Console.WriteLine("invariants hold");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"state hash={core.Engine.StateHash():x16} seq={core.LastSeq}"));
    }
}
