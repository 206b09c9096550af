using System.Runtime.InteropServices;
using Venue.Gateway;
using Venue.Host;
using Venue.Messages;
using Venue.Tests.Engine;
using Venue.Tests.Gateway;

namespace Venue.Tests.Host;

/// <summary>The market data thread without the thread: its gateway, its image of the books and the tape, driven step by step beside the core.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class MarketForkTests
{
    private const string Levels = "35=V|262=l|263=1|264=0|265=1|267=3|269=0|269=1|269=2|146=1|55=BTC-USD";
    private const string Orders = "35=V|262=o|263=1|264=0|265=1|266=N|267=2|269=0|269=1|146=1|55=BTC-USD";

    private CoreHarness _venue = null!;
    private CoreHarness.Peer _trader = null!, _other = null!, _reader = null!;
    private EdgeBooks _books = null!;
    private MarketTape _tape = null!;
    private readonly Queue<(int Instrument, bool IsFollowed, int Wish)> _wishes = new();
    private readonly ClientBook _levels = new();
    private readonly ClientOrders _orders = new();
    private readonly List<(CoreHarness.Peer Trader, string Id, int Side)> _live = [];

    private sealed class Commands(CoreHarness venue) : ICommandSink
    {
        public bool IsFull => false;
        public void Publish(ReadOnlySpan<byte> command) => Assert.That(venue.Core.Ring.TryPublish(command), Is.True);
    }

    private void Start(int slots)
    {
        _venue = new CoreHarness(orders: 1 << 15);
        (_trader, _other) = (_venue.Connect("CLIENT1").Logon("141=Y"), _venue.Connect("CLIENT2").Logon("141=Y"));
        _tape = new MarketTape(slots);
        _books = new EdgeBooks((instrument, isFollowed, wish) => _wishes.Enqueue((instrument, isFollowed, wish)));
    }

    private void Attach()
    {
        _books.Gateway = _venue.Core.Gateway.Fork(new Commands(_venue), _books, _venue.NowNs);
        _books.Gateway.PublishesByItself = true;
        _venue.Core.Outlet.Attach(_tape, _books);
        _reader = _venue.Connect("MD1", gateway: _books.Gateway).Logon("141=Y");
    }

    [TearDown]
    public void Stop() => _venue.Dispose();

    /// <summary>The core's side of a turn.</summary>
    private void EndTurn()
    {
        _venue.Core.Drain();
        while (_wishes.TryDequeue(out var wish)) _venue.Core.Outlet.Follow(wish.Instrument, wish.IsFollowed, wish.Wish);
        _venue.Core.Outlet.EndTurn();
    }

    /// <summary>The reader's side of a turn.</summary>
    private void Publish(bool isInterval = false)
    {
        while (_tape.TryPeek(long.MaxValue, out var slot))
        {
            _books.On(_tape[slot]);
            _tape.Advance();
        }
        if (isInterval) _books.Gateway.Poll(_venue.NowNs += 200_000_000);
        do _books.Gateway.EndTurn(_venue.NowNs);
        while (_books.Gateway.IsPublishing);
    }

    private void Turn(bool isInterval = false)
    {
        EndTurn();
        Publish(isInterval);
    }

    private void Step(SplitMix random, int i)
    {
        var trader = random.Below(2) == 0 ? _trader : _other;
        if (_live.Count > 80 || (_live.Count > 0 && random.Below(3) == 0))
        {
            var at = random.Below(_live.Count);
            var (owner, id, side) = _live[at];
            _live.RemoveAt(at);
            owner.Send($"35=F|11=c{i}|41={id}|55=BTC-USD|54={side}|60=now");
        }
        else
        {
            var side = 1 + random.Below(2);
            trader.Send($"35=D|11=o{i}|55=BTC-USD|54={side}|60=now|38=0.{1 + random.Below(9)}|40=2|44={50000 + (side == 1 ? -1 : 1) * (random.Below(30) - 4)}|59=1{(random.Below(8) == 0 ? "|111=0.1" : "")}");
            _live.Add((trader, $"o{i}", side));
        }
        if (i % 7 == 0) foreach (var t in new[] { _trader, _other }) t.Inbox();
    }

    /// <summary>Takes what the reader was sent; each message is proven. Returns the snapshots.</summary>
    private string[] Read()
    {
        var messages = _reader.Inbox();
        foreach (var message in messages)
        {
            if (message.Contains("|262=l|")) _levels.Take(message, isWholeBook: true);
            if (message.Contains("|262=o|")) _orders.Take(message);
        }
        return [.. messages.Where(m => m.StartsWith("35=W", StringComparison.Ordinal))];
    }

    private string EnginesOrders() => string.Join(" / ", new[] { Side.Buy, Side.Sell }.Select(side =>
    {
        var entries = new List<EntryStep>();
        _venue.Core.Engine.CopyEntries(1, side, entries);
        return string.Join(' ', entries.Select(e => $"{e.Entry}:{e.Lots / 100_000m:0.00000}@{e.Ticks / 100m:0.00}"));
    }));

    [TestCase(1UL), TestCase(2UL)]
    public void Its_readers_have_what_the_core_has_after_every_message(ulong seed)
    {
        Start(slots: 1 << 10);
        var random = new SplitMix(seed);
        for (var i = 0; i < 200; i++) Step(random, i);   // what is there before
        Attach();
        _reader.Send(Levels).Send(Orders);
        Turn();
        Turn(isInterval: true);
        Assert.That(Read(), Has.Length.EqualTo(2), "a snapshot each, the orders once they have come from the core");
        for (var i = 200; i < 2500; i++)
        {
            Step(random, i);
            if (random.Below(3) > 0) Turn();
            Read();
        }
        Turn();
        Read();
        Assert.That((_levels.Snapshots, _orders.Snapshots, _orders.Unproven), Is.EqualTo((1, 1, 0)));
        Assert.That(new[] { _levels.Messages, _orders.Increments }, Is.All.GreaterThan(700));
        Assert.That(_orders.Text, Is.EqualTo(EnginesOrders()));
        Assert.That(_levels.Trades, Has.Count.GreaterThan(100).And.Unique, "each trade once");
    }

    /// <summary>The reader stands still for some turns, again and again: the core goes on, and what was lost comes as a snapshot.</summary>
    [TestCase(1UL), TestCase(2UL)]
    public void A_tape_that_overran_never_holds_up_the_core_and_ends_in_a_snapshot(ulong seed)
    {
        Start(slots: 32);
        Attach();
        _reader.Send(Levels).Send(Orders);
        Turn();
        Turn(isInterval: true);
        Read();
        var random = new SplitMix(seed);
        var snapshots = 0;
        for (var i = 0; i < 3000; i++)
        {
            Step(random, i);
            if (random.Below(40) == 0)
                for (var n = 0; n < 30; n++) Step(random, i * 100 + n + 1_000_000);
            EndTurn();
            if (random.Below(4) == 0) Publish(isInterval: random.Below(8) == 0);
            snapshots += Read().Length;
        }
        Assert.That(_venue.Core.Outlet.Lost, Is.GreaterThan(20));
        Assert.That(snapshots, Is.GreaterThan(20));
        for (var i = 0; i < 3; i++) Turn(isInterval: true);
        Read();
        Assert.That(_orders.Text, Is.EqualTo(EnginesOrders()));
        Assert.That(_levels.Text, Is.EqualTo(CoresLevels()));
    }

    private string CoresLevels()
    {
        var book = new ClientBook();
        foreach (var message in _other.Send(Levels).Inbox().Where(m => m.Contains("|262=l|"))) book.Take(message, isWholeBook: true);
        return book.Text;
    }

    [Test]
    public void Who_asks_while_an_instrument_is_lost_waits_for_its_image()
    {
        Start(slots: 2);
        Attach();
        _reader.Inbox();
        _trader.Order("a", "buy", "1", "50000");
        _trader.Order("b", "buy", "1", "49999");
        _trader.Order("c", "buy", "1", "49998");
        EndTurn();
        Publish();
        _reader.Send(Levels).Send("35=V|262=once|263=0|264=0|267=2|269=0|269=1|146=1|55=BTC-USD");
        Assert.That(Read(), Is.Empty);
        Turn();
        Publish(isInterval: true);
        Assert.That(Read(), Has.Length.EqualTo(2).And.All.Contain("268=3"));
    }

    [Test]
    public void Phases_reach_it_as_they_happen_and_by_an_image()
    {
        Start(slots: 2);
        Attach();
        _reader.Send("35=e|324=s|55=BTC-USD|263=1");
        Assert.That(_reader.Inbox()[^1], Does.Contain("326=17"));
        SetPhase(Phase.Halt);
        Turn();
        Assert.That(_reader.Inbox(), Has.Length.EqualTo(1).And.All.Contain("326=2|"));
        SetPhase(Phase.Continuous);
        Turn();
        Assert.That(_reader.Inbox(), Has.Length.EqualTo(1).And.All.Contain("326=17"));
        for (var i = 0; i < 3; i++) _trader.Order($"o{i}", "buy", "1", $"{49990 - i}");
        SetPhase(Phase.PreOpen);
        EndTurn();
        Publish();
        Assert.That(_reader.Inbox(), Is.Empty, "the tape was full before it");
        Turn();
        Assert.That(_reader.Inbox(), Has.Length.EqualTo(1).And.All.Contain("326=21"));
    }

    private void SetPhase(Phase phase)
    {
        Span<byte> slot = stackalloc byte[CommandSlot.Size];
        ref var c = ref Command.Begin<SetPhase>(slot, CommandType.SetPhase);
        (c.Instrument, c.Phase) = (1, phase);
        _venue.Core.Publish(slot[..c.Header.Length]);
        _venue.Core.Drain();
    }

    [Test]
    public void From_an_order_to_its_readers_nothing_is_allocated_on_either_side()
    {
        Start(slots: 1 << 10);
        Attach();
        _reader.Send(Levels).Send(Orders);
        Turn();
        Turn(isInterval: true);
        var messages = new List<byte[]>();
        for (var i = 0; i < 3000; i++)
        {
            messages.Add(_trader.Encode($"35=D|11=s{i}|55=BTC-USD|54={1 + i % 2}|60=now|38=1|40=2|44={50000 + (i % 2 == 0 ? -1 : 1) * (i % 7)}.01|59=1"));
            messages.Add(_trader.Encode($"35=F|11=c{i}|41=s{i}|55=BTC-USD|54={1 + i % 2}|60=now"));
        }
        foreach (var bytes in messages.Take(3000)) Pass(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var bytes in CollectionsMarshal.AsSpan(messages)[3000..]) Pass(bytes);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(allocated, Is.Zero);

        void Pass(byte[] bytes)
        {
            _trader.Bytes(bytes);
            EndTurn();
            while (_tape.TryPeek(long.MaxValue, out var slot))
            {
                _books.On(_tape[slot]);
                _tape.Advance();
            }
            _books.Gateway.EndTurn(_venue.NowNs);
            foreach (var gateway in (ReadOnlySpan<Venue.Gateway.Gateway>)[_venue.Core.Gateway, _books.Gateway])
            {
                foreach (var connection in gateway.Dirty) connection.Output.Taken(connection.Output.Count);
                gateway.ClearDirty();
            }
        }
    }
}
