using System.Runtime.InteropServices;
using Venue.Engine;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>A snapshot and what came after it are the whole journal.</summary>
internal sealed class SnapshotTests
{
    private static readonly EngineCapacity Tight = new() { Orders = 60, ClOrdIDs = 70, LevelPages = 12 };
    private static readonly EngineCapacity Roomy = new() { Orders = 1 << 12, ClOrdIDs = 1 << 13, LevelPages = 1 << 10 };

    [TestCase(5UL), TestCase(6UL)]
    public void At_every_command_a_snapshot_and_the_tail_are_the_full_replay(ulong seed)
    {
        var commands = Commands(seed, count: 1200);
        var live = Make(Tight, out var liveLog);
        var images = new List<byte[]>();
        var ends = new List<int>();
        var hashes = new List<ulong>();
        foreach (var command in commands)
        {
            images.Add(ImageOf(live));
            ends.Add(liveLog.Bytes.Length);
            hashes.Add(live.StateHash());
            live.Apply(command);
        }
        for (var cut = 0; cut < commands.Count; cut++)
        {
            var engine = Make(Tight, out var log);
            Read(engine, images[cut]);
            Assert.That(engine.StateHash(), Is.EqualTo(hashes[cut]), $"at command {cut}");
            engine.CheckInvariants();
            foreach (var command in commands.Skip(cut)) engine.Apply(command);
            Assert.That(engine.StateHash(), Is.EqualTo(live.StateHash()), $"the tail from command {cut} on");
            Assert.That(log.Bytes.SequenceEqual(liveLog.Bytes[ends[cut]..]), Is.True, $"events from command {cut} on");
        }
    }

    [TestCase(1UL, true), TestCase(2UL, false), TestCase(3UL, true)]
    public void A_snapshot_of_a_snapshot_is_the_same_bytes(ulong seed, bool isTight)
    {
        var capacity = isTight ? Tight : Roomy;
        var commands = Commands(seed, 20_000);
        var live = Make(capacity, out _);
        foreach (var command in commands) live.Apply(command);
        var image = ImageOf(live);
        var second = Make(capacity, out _);
        Read(second, image);
        Assert.That(ImageOf(second), Is.EqualTo(image));
    }

    /// <summary>What is read is all that counts: an engine that has done something else before is that engine no more.</summary>
    [Test]
    public void Reading_leaves_nothing_of_what_was_there()
    {
        var live = Make(Tight, out _);
        foreach (var command in Commands(7, 500)) live.Apply(command);
        var other = Make(Tight, out _);
        foreach (var command in Commands(8, 2000)) other.Apply(command);
        Read(other, ImageOf(live));
        Assert.That(other.StateHash(), Is.EqualTo(live.StateHash()));
        other.CheckInvariants();
    }

    [Test]
    public void An_engine_of_another_size_takes_no_image()
    {
        var live = Make(Tight, out _);
        Assert.That(() => Read(Make(Roomy, out _), ImageOf(live)), Throws.TypeOf<InvalidDataException>());
    }

    [Test]
    public void The_layout_depends_on_every_field_and_on_no_listener()
    {
        var layout = ImageLayout.Of(typeof(VenueEngine<Recorder>));
        Assert.That(ImageLayout.Of(typeof(VenueEngine<EveryEvent<Silent>>)), Is.EqualTo(layout));
        Assert.That(new[] { ImageLayout.Of(typeof(Old)), ImageLayout.Of(typeof(New)), ImageLayout.Of(typeof(Renamed)), layout }, Is.Unique);
    }

    [Test]
    public void What_has_no_image_is_named()
    {
        Assert.That(() => StateImage.Move([new Holder { Anything = "text" }], [], new Memory()), Throws.TypeOf<NotSupportedException>().With.Message.Contains("Anything"));
        Assert.That(() => StateImage.Move([new Holder { Act = () => { } }], [], new Memory()), Throws.TypeOf<NotSupportedException>().With.Message.Contains("Act"));
        var outside = new object();
        var (from, to) = (new Holder { Anything = outside, Word = "w\u00e9" }, new Holder { Anything = outside, Word = "?" });
        var bytes = new Memory();
        StateImage.Move([from], [outside], bytes);
        StateImage.Move([to], [outside], bytes.Again());
        Assert.That((to.Word, to.Anything), Is.EqualTo((from.Word, from.Anything)));
    }

    private static VenueEngine<Recorder> Make(EngineCapacity capacity, out EventLog log) => new(capacity, (log = new EventLog()).Recorder);

    private static List<byte[]> Commands(ulong seed, int count)
    {
        // Odd seeds have margin accounts, even ones quotes. The commands name orders that the engine has told of, so that one makes them.
        var random = new RandomCommands(seed, isRich: false, isMargin: seed % 2 == 1, isQuoting: seed % 2 == 0);
        var engine = Make(Roomy, out var log);
        var commands = new List<byte[]>();
        for (var i = 0; i < count; i++)
        {
            var command = random.Next().ToArray();
            commands.Add(command);
            log.Clear();
            engine.Apply(command);
            random.NoteReports(log);
        }
        return commands;
    }

    private static byte[] ImageOf(VenueEngine<Recorder> engine)
    {
        var bytes = new Memory();
        StateImage.Move([engine], [], bytes);
        return bytes.ToArray();
    }

    private static void Read(VenueEngine<Recorder> engine, byte[] image) => StateImage.Move([engine], [], new Memory(image));

    /// <summary>An image in memory.</summary>
    private sealed class Memory : ImageBytes
    {
        private readonly MemoryStream _stream;

        public Memory() => _stream = new MemoryStream();

        public Memory(byte[] image) => (_stream, IsReading) = (new MemoryStream(image), true);

        public override bool IsReading { get; }

        public Memory Again() => new(ToArray());

        public byte[] ToArray() => _stream.ToArray();

        public override void Move(Span<byte> bytes)
        {
            if (IsReading) _stream.ReadExactly(bytes);
            else _stream.Write(bytes);
        }
    }

    private sealed class Holder
    {
        public object? Anything;
        public Action? Act;
        public string Word = "";
    }

    private sealed class Old
    {
        public int Number { get; set; }
        public List<Item> Items { get; } = [];
    }

    private sealed class New
    {
        public int Number { get; set; }
        public List<Item> Items { get; } = [];
        public bool Added { get; set; }
    }

    private sealed class Renamed
    {
        public int Count { get; set; }
        public List<Item> Items { get; } = [];
    }

    private readonly record struct Item(long Value);

    private readonly struct Silent : IEventTaker
    {
        public void On<T>(in T e) where T : unmanaged
        {
        }
    }
}
