using Venue.Engine;
using Venue.Messages;

namespace Venue.Tests.Engine;

/// <summary>The table of used ClOrdIDs against a dictionary, and buckets that overflow into the next and into the first again.</summary>
internal sealed class ClOrdIDsTests
{
    [Test]
    public void Finds_what_was_added_until_it_is_forgotten_oldest_first()
    {
        const int capacity = 500;
        var ids = new ClOrdIDs(capacity, key: 42);
        var known = new Dictionary<(int, string), int>();
        var released = new Queue<(int, string)>();
        var random = new SplitMix(3);
        for (var i = 0; i < 50_000; i++)
        {
            var (session, name) = (1 + (int)random.Below(3), $"{(random.Below(2) == 0 ? "" : "a long ClOrdID, of more than 16 ")}{random.Below(2000)}");
            var text = Text40.From(name);
            var hash = ids.HashOf(session, in text);
            var found = ids.Find(hash, session, in text);
            Assert.That(found, Is.EqualTo(known.GetValueOrDefault((session, name))), $"step {i}: {name} of session {session}");
            if (found != 0) continue;
            if (known.Count == capacity + 1) known.Remove(released.Dequeue());
            var number = ids.Add(hash, session, in text, order: 0);
            known.Add((session, name), number);
            Assert.That(ids.Guess(hash), Is.Not.Zero);
            // Some are kept for a while, as those of open orders are.
            if (random.Below(3) == 0 && released.Count > 0) continue;
            foreach (var key in known.Keys.Except(released).ToArray())
            {
                ids.Release(known[key]);
                released.Enqueue(key);
            }
        }
        Assert.That(known, Has.Count.EqualTo(capacity + 1));
    }

    [TestCase(0u), TestCase(uint.MaxValue)]
    public void A_bucket_that_is_full_sends_its_entries_to_the_next(uint hash)
    {
        // Two dozen of one hash are three buckets' worth; behind the last bucket comes the first.
        var buckets = new IDBuckets(100);
        var numbers = Enumerable.Range(1, 24).ToList();
        foreach (var number in numbers) buckets.Add(hash, number);
        Assert.That(All(buckets, hash), Is.EquivalentTo(numbers));
        while (numbers.Count > 0)
        {
            var gone = numbers[numbers.Count / 3];
            buckets.Remove(hash, gone);
            numbers.Remove(gone);
            Assert.That(All(buckets, hash), Is.EquivalentTo(numbers));
        }
        Assert.That(() => buckets.Remove(hash, 1), Throws.InvalidOperationException);
        Assert.That(All(buckets, ~hash), Is.Empty);
    }

    [Test]
    public void A_hash_depends_on_the_key_the_session_and_every_byte()
    {
        var text = Text40.From("an id that uses every word of its room");
        var (ids, other) = (new ClOrdIDs(1, key: 1), new ClOrdIDs(1, key: 2));
        var hashes = new HashSet<uint> { ids.HashOf(1, in text), other.HashOf(1, in text), ids.HashOf(2, in text) };
        for (var at = 0; at < text.Length; at++)
        {
            var changed = text.ToString().ToCharArray();
            changed[at] ^= (char)1;
            hashes.Add(ids.HashOf(1, Text40.From(new string(changed))));
        }
        Assert.That(hashes, Has.Count.EqualTo(3 + text.Length));
    }

    private static List<int> All(IDBuckets buckets, uint hash)
    {
        var all = new List<int>();
        for (var search = buckets.Find(hash); search.TryNext(out var number);) all.Add(number);
        return all;
    }
}
