using System.CommandLine;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Venue.Engine;
using Venue.Messages;
using Venue.Sequencer;

namespace Venue.Host;

/// <summary>
/// Folds a journal's commands into an engine alone and prints what must be the same on every machine: the hash of all its events' bytes,
/// of its state, and of its image. The hashes are for comparing and prove nothing against who chooses the bytes (XXH128).
/// </summary>
internal static class DigestCommand
{
    public static System.CommandLine.Command Make()
    {
        var directory = new Argument<DirectoryInfo>("DIR") { Description = "folder of a journal that begins with its first record; it is only read, and may belong to a stopped venue" };
        var command = new System.CommandLine.Command("digest", "Fold a journal's commands and print the hashes of all events and of the state, to compare machines; changes nothing.") { directory };
        command.SetAction(result => Run(result.GetValue(directory)!));
        return command;
    }

    private static int Run(DirectoryInfo directory)
    {
        try
        {
            var options = new JournalOptions { Directory = directory.FullName, SegmentBytes = MappedSegmentStore.SegmentBytesIn(directory.FullName), ReadOnly = true };
            if (options.SegmentBytes == 0)
            {
                Console.Error.WriteLine($"digest: there is no journal in '{directory}'");
                return 2;
            }
            using var journal = Journal.Open(options, new MappedSegmentStore(options));
            var digest = new Digest();
            journal.Recover(digest, null);
            foreach (var line in digest.Lines()) Console.WriteLine(line);
            return 0;
        }
        catch (Exception e) when (e is IOException or JournalException or InvalidOperationException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"digest: {e.Message}");
            return 1;
        }
    }

    private sealed class Digest : IJournalReader
    {
        private readonly XxHash128 _events = new();
        private VenueEngine<EveryEvent<Listener>>? _engine;
        private long _commands, _told;

        public void OnRecord(RecordKind kind, long position, ReadOnlySpan<byte> payload)
        {
            if (kind != RecordKind.Command) return;
            if (_engine is null && Messages.Command.Header(payload).Type == CommandType.DefineVenue)
                _engine = new VenueEngine<EveryEvent<Listener>>(EngineCapacity.For(Messages.Command.As<DefineVenue>(payload)), new EveryEvent<Listener>(new Listener(this)));
            if (_engine is null) throw new InvalidOperationException("the journal does not begin with DefineVenue");
            _engine.Apply(payload);
            _commands++;
        }

        public IEnumerable<string> Lines()
        {
            if (_engine is null) yield break;
            _engine.CheckInvariants();
            var image = new HashedImage();
            StateImage.Move([_engine], [], image);
            yield return string.Create(CultureInfo.InvariantCulture, $"commands {_commands}, events {_told}");
            yield return $"events {Convert.ToHexStringLower(_events.GetHashAndReset())}";
            yield return $"image {image}";
            yield return string.Create(CultureInfo.InvariantCulture, $"state {_engine.StateHash():x16}");
        }

        public void Add<T>(in T e) where T : unmanaged
        {
            _events.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in e)));
            _told++;
        }
    }

    private sealed class HashedImage : ImageBytes
    {
        private readonly XxHash128 _hash = new();

        public override bool IsReading => false;
        public override void Move(Span<byte> bytes) => _hash.Append(bytes);
        public override string ToString() => Convert.ToHexStringLower(_hash.GetCurrentHash());
    }

    private readonly struct Listener(Digest digest) : IEventTaker
    {
        public void On<T>(in T e) where T : unmanaged => digest.Add(in e);
    }
}
