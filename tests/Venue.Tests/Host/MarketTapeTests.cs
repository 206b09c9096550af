using Venue.Host;
using Venue.Messages;

namespace Venue.Tests.Host;

public class MarketTapeTests
{
    private static void Add(MarketTape tape, long price)
    {
        ref var slot = ref tape.Add();
        (slot.Kind, slot.Level) = (TapeKind.Level, new LevelChanged { PriceTicks = price });
    }

    /// <summary>All that may be told up to a position: prices of slots.</summary>
    private static string Take(MarketTape tape, long safe, int max = int.MaxValue)
    {
        var prices = new List<long>();
        for (var i = 0; i < max && tape.TryPeek(safe, out var slot); i++)
        {
            prices.Add(tape[slot].Level.PriceTicks);
            tape.Advance();
        }
        return string.Join(' ', prices);
    }

    [Test]
    public void A_turn_is_shown_whole_and_when_it_may_be_told()
    {
        var tape = new MarketTape(8);
        Add(tape, 1);
        Add(tape, 2);
        Assert.That((tape.HasMore(100), Take(tape, 100)), Is.EqualTo((false, "")), "the turn is not over");
        Assert.That(tape.EndTurn(position: 10), Is.True);
        Add(tape, 3);
        Assert.That(tape.EndTurn(position: 20), Is.True);
        Assert.That(tape.EndTurn(position: 30), Is.False, "nothing happened");
        Assert.That((tape.HasMore(9), Take(tape, 9)), Is.EqualTo((false, "")), "it is not durable");
        Assert.That((tape.HasMore(10), Take(tape, 10)), Is.EqualTo((true, "1 2")));
        Assert.That(Take(tape, 20), Is.EqualTo("3"));
    }

    [Test]
    public void A_full_tape_says_so_and_goes_on_where_room_was_made()
    {
        var tape = new MarketTape(4);
        for (var price = 1; price <= 4; price++)
        {
            Assert.That(tape.HasRoom(), Is.True);
            Add(tape, price);
            tape.EndTurn(price);
        }
        Assert.That((tape.HasRoom(), tape.IsHalfFull), Is.EqualTo((false, true)));
        Assert.That(Take(tape, 4, max: 2), Is.EqualTo("1 2"));
        Assert.That((tape.HasRoom(), tape.IsHalfFull), Is.EqualTo((true, false)));
        Add(tape, 5);
        tape.EndTurn(5);
        Assert.That(Take(tape, 5), Is.EqualTo("3 4 5"));
    }

    [Test]
    public void A_notice_is_done_between_what_was_before_and_what_came_after()
    {
        var tape = new MarketTape(8);
        var done = new List<string>();
        tape.Add(() => done.Add("first"), position: 5);
        Add(tape, 1);
        tape.Add(() => done.Add("second"), position: 5);
        Add(tape, 2);
        tape.EndTurn(10);
        tape.Add(() => done.Add("last"), position: 20);
        Assert.That(tape.EndTurn(20), Is.True, "a notice is something too");
        Assert.That(tape.TryPeek(safe: 4, out _), Is.False);
        Assert.That(done, Is.Empty);
        Assert.That(tape.TryPeek(safe: 10, out _), Is.True);
        Assert.That(done, Is.EqualTo(new[] { "first" }));
        tape.Advance();
        Assert.That(tape.TryPeek(safe: 10, out _), Is.True);
        Assert.That(done, Is.EqualTo(new[] { "first", "second" }));
        tape.Advance();
        Assert.That((tape.HasMore(10), tape.HasMore(20), tape.TryPeek(20, out _)), Is.EqualTo((false, true, false)));
        Assert.That(done, Is.EqualTo(new[] { "first", "second", "last" }));
    }

    [Test]
    public void Two_threads_lose_nothing_and_see_whole_turns()
    {
        const int turns = 200_000;
        var tape = new MarketTape(64);
        var refused = 0L;
        var writer = new Thread(() =>
        {
            for (var turn = 1; turn <= turns; turn++)
            {
                for (var i = 0; i < 1 + turn % 3; i++)
                {
                    while (!tape.HasRoom())
                    {
                        refused++;
                        Thread.Yield();
                    }
                    // A turn that does not fit is given in two, as the reader would otherwise never make room.
                    Add(tape, turn);
                    if (tape.IsHalfFull) tape.EndTurn(turn);
                }
                tape.EndTurn(turn);
            }
        });
        writer.Start();
        long seen = 0, last = 0, wanted = Enumerable.Range(1, turns).Sum(turn => 1L + turn % 3);
        while (seen < wanted)
        {
            if (!tape.TryPeek(long.MaxValue, out var slot))
            {
                Thread.Yield();
                continue;
            }
            var price = tape[slot].Level.PriceTicks;
            if (price != last && price != last + 1) Assert.Fail($"{price} after {last}");
            last = price;
            tape.Advance();
            seen++;
        }
        writer.Join();
        Assert.That((last, tape.HasMore(long.MaxValue)), Is.EqualTo(((long)turns, false)));
        TestContext.Out.WriteLine($"full {refused} times");
    }
}
