using Venue.Engine;
using Venue.Matching;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>The shown books order by order: what a follower builds from the steps is what the engine has, and replays give the same numbers.</summary>
internal sealed class FollowTests
{
    private static readonly EngineCapacity Roomy = new() { Orders = 1 << 13, ClOrdIDs = 1 << 14, LevelPages = 1 << 12 };
    private static readonly EngineCapacity Tight = new() { Orders = 60, ClOrdIDs = 70, LevelPages = 12 };

    // The random commands define three instruments before anybody trades.
    private const int Instruments = 3, SetUp = 10;

    /// <summary>A book built from steps alone: per side and price, entries by number.</summary>
    private sealed class Followed
    {
        private readonly Dictionary<(int Instrument, Side Side), SortedDictionary<(long Rank, long Entry), EntryStep>> _sides = [];

        public int Steps { get; private set; }

        public void Take(in EntryStep step)
        {
            Steps++;
            var side = SideOf(step.Instrument, step.Side);
            var key = (step.Side == Side.Buy ? -step.Ticks : step.Ticks, step.Entry);
            switch (step.Step)
            {
                case BookStep.Came:
                    Assert.That(step.Lots, Is.Positive);
                    Assert.That(side.Keys.Where(k => k.Rank == key.Item1).Select(k => k.Entry), Is.All.LessThan(step.Entry), "who comes stands last");
                    side.Add(key, step);
                    break;
                case BookStep.Changed:
                    Assert.That(side[key].Lots, Is.Not.EqualTo(step.Lots));
                    side[key] = step;
                    break;
                default:
                    Assert.That(side.Remove(key), Is.True, "what leaves was there");
                    break;
            }
        }

        public IEnumerable<(int, long, long)> Of(int instrument, Side side) => SideOf(instrument, side).Values.Select(e => (e.Ticks, e.Lots, e.Entry));

        private SortedDictionary<(long Rank, long Entry), EntryStep> SideOf(int instrument, Side side) =>
            _sides.TryGetValue((instrument, side), out var found) ? found : _sides[(instrument, side)] = [];
    }

    private static List<(int, long, long)> Entries(VenueEngine<Recorder> engine, int instrument, Side side)
    {
        var entries = new List<EntryStep>();
        engine.CopyEntries(instrument, side, entries);
        return [.. entries.Select(e => (e.Ticks, e.Lots, e.Entry))];
    }

    /// <summary>Followed from the first order, and from the middle of a life that began with a snapshot; not followed it is the same engine.</summary>
    [TestCase(1UL, true, false), TestCase(2UL, true, true), TestCase(3UL, false, true), TestCase(4UL, false, false)]
    public void Steps_build_the_book_that_the_engine_has(ulong seed, bool isRoomy, bool isSpecial)
    {
        var capacity = isRoomy ? Roomy : Tight;
        var (followedLog, plainLog) = (new EventLog(), new EventLog());
        var followed = new VenueEngine<Recorder>(capacity, followedLog.Recorder);
        var plain = new VenueEngine<Recorder>(capacity, plainLog.Recorder);
        var random = new RandomCommands(seed, isRich: true, isSpecial);
        var book = new Followed();
        for (var i = 0; i < 20_000; i++)
        {
            var command = random.Next();
            followedLog.Clear();
            plainLog.Clear();
            followed.Apply(command);
            plain.Apply(command);
            Assert.That(followedLog.Bytes.SequenceEqual(plainLog.Bytes), Is.True, "following changes no event");
            if (i == SetUp)
                for (var instrument = 1; instrument <= Instruments; instrument++) followed.Follow(instrument, true);
            foreach (ref readonly var step in followed.Steps) book.Take(step);
            followed.ForgetSteps();
            random.NoteReports(followedLog);
            if (i < SetUp || i % 50 != 0) continue;
            for (var instrument = 1; instrument <= Instruments; instrument++)
                foreach (var side in (Side[])[Side.Buy, Side.Sell])
                    Assert.That(book.Of(instrument, side), Is.EqualTo(Entries(followed, instrument, side)), $"command {i}");
        }
        Assert.That(followed.StateHash(), Is.EqualTo(plain.StateHash()), "and no state");
        Assert.That(plain.Steps.Length, Is.Zero);
        Assert.That(book.Steps, Is.GreaterThan(isRoomy ? 5_000 : 500));
    }
}
