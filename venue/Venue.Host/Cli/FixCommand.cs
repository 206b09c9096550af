using System.CommandLine;
using System.Diagnostics;
using System.Text;
using Venue.Fix;
using Venue.Gateway;
using Venue.Sequencer;

namespace Venue.Host;

/// <summary>Makes FIX messages readable: a log file, or what the sessions of a venue sent, from its journal.</summary>
internal static class FixCommand
{
    private const int FollowMs = 500;

    private sealed record Choice(string? Session, int From, bool Wide, bool Follow);

    public static Command Make()
    {
        var place = new Argument<string>("PATH") { Description = "a FIX log file (messages with SOH, '|' or ^A between the fields), or the folder of a venue's journal; only read" };
        var session = new Option<string?>("--session") { Description = "only messages from or to this CompID", HelpName = "COMPID" };
        var from = new Option<int>("--from") { Description = "only MsgSeqNum(34) N and above", HelpName = "N" };
        var follow = new Option<bool>("--follow") { Description = "go on with what is added, until Ctrl-C" };
        var wide = new Option<bool>("--wide") { Description = "one message per line instead of one field per line" };
        var dictionary = new Option<FileInfo>("--dictionary") { Description = "where names come from", DefaultValueFactory = _ => new FileInfo(Path.Combine(Environment.GetEnvironmentVariable("VENUE_CONFIG") ?? "fix-config", "VENUE44.xml")), HelpName = "FILE" };
        var cat = new Command("cat", "Print FIX messages with the names of fields and values; passwords and raw data are left out.") { place, session, from, follow, wide, dictionary };
        cat.SetAction(result =>
        {
            var choice = new Choice(result.GetValue(session), result.GetValue(from), result.GetValue(wide), result.GetValue(follow));
            return Run(result.GetValue(place)!, result.GetValue(dictionary)!, choice);
        });
        return new Command("fix", "Tools for FIX messages.") { cat };
    }

    private static int Run(string path, FileInfo dictionary, Choice choice)
    {
        var isJournal = Directory.Exists(path);
        if (!isJournal && !File.Exists(path)) return Fault($"'{path}' does not exist");
        if (!dictionary.Exists) return Fault($"dictionary '{dictionary}' does not exist");
        try
        {
            using var xml = dictionary.OpenRead();
            var text = new MessageText(FixDictionary.Load(xml));
            using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16);
            if (isJournal) Journals(path, choice, message => Print(output, text, choice, message), output);
            else Files(path, choice, message => Print(output, text, choice, message), output);
            return 0;
        }
        catch (Exception e) when (e is IOException or JournalException or UnauthorizedAccessException or InvalidDataException or System.Xml.XmlException)
        {
            return Fault(e.Message);
        }

        static int Fault(string what)
        {
            Console.Error.WriteLine($"fix cat: {what}");
            return 2;
        }
    }

    private static void Print(StreamWriter output, MessageText text, Choice choice, ReadOnlySpan<byte> message)
    {
        if (choice.Session is not null || choice.From > 0)
        {
            if (!Framing.TryReadHeader(message, out var header) || header.MsgSeqNum < choice.From) return;
            if (choice.Session is { } name && !Is(header.SenderCompID, name) && !Is(header.TargetCompID, name)) return;
        }
        if (choice.Wide) output.WriteLine(text.Wide(message));
        else output.Write(text.Tall(message));

        static bool Is(ReadOnlySpan<byte> compID, string name) => Encoding.ASCII.GetString(compID) == name;
    }

    private static void Files(string path, Choice choice, Action<ReadOnlySpan<byte>> print, StreamWriter output)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var buffer = new byte[1 << 20];
        var filled = 0;
        while (true)
        {
            // Longer than the buffer without a whole message: the buffer grows, up to what an array holds.
            if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            var count = file.Read(buffer, filled, buffer.Length - filled);
            filled += count;
            var done = RawLog.Read(buffer.AsSpan(0, filled), message => print(message));
            buffer.AsSpan(done, filled - done).CopyTo(buffer);
            filled -= done;
            output.Flush();
            if (count > 0) continue;
            if (!choice.Follow) return;
            Thread.Sleep(FollowMs);
        }
    }

    private static void Journals(string directory, Choice choice, Action<ReadOnlySpan<byte>> print, StreamWriter output)
    {
        long after = -1;
        while (true)
        {
            var started = Stopwatch.GetTimestamp();
            var options = new JournalOptions { Directory = directory, ReadOnly = true };
            if (MappedSegmentStore.SegmentBytesIn(directory) is > 0 and var segmentBytes) options = options with { SegmentBytes = segmentBytes };
            using (var journal = Journal.Open(options, new MappedSegmentStore(options)))
            {
                var reader = new SentReader(after, print);
                journal.Recover(reader, null, isPartEnough: true);
                after = reader.Last;
            }
            output.Flush();
            if (!choice.Follow) return;
            // Each look reads the journal from its start: never more than a fifth of the time.
            Thread.Sleep(Math.Max(FollowMs, 4 * (int)Stopwatch.GetElapsedTime(started).TotalMilliseconds));
        }
    }

    private sealed class SentReader(long after, Action<ReadOnlySpan<byte>> print) : IJournalReader
    {
        public long Last { get; private set; } = after;

        public void OnRecord(RecordKind kind, long position, ReadOnlySpan<byte> payload)
        {
            if (kind != RecordKind.Sent || position <= Last) return;
            Last = position;
            if (SentRecord.TryRead(payload, out _, out var message)) print(message);
        }
    }
}
