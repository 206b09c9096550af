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
            var found = ids.Find(in hash);
            Assert.That(found, Is.EqualTo(known.GetValueOrDefault((session, name))), $"step {i}: {name} of session {session}");
            if (found != 0) continue;
            if (known.Count == capacity + 1) known.Remove(released.Dequeue());
            var place = ids.Add(in hash, order: i);
            known.Add((session, name), place);
            Assert.That(ids.OrderAt(place), Is.EqualTo(i));
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

    [TestCase(1ul), TestCase(ulong.MaxValue)]
    public void A_bucket_that_is_full_sends_its_entries_to_the_next(ulong tag)
    {
        // Two dozen of one tag are five buckets' worth; behind the last bucket comes the first.
        var buckets = new IDBuckets(100);
        var places = Enumerable.Range(1, 24).ToDictionary(slot => slot, slot => buckets.Add(new IDHash(tag, (uint)slot), slot));
        Check();
        while (places.Count > 0)
        {
            var gone = places.Keys.Order().ElementAt(places.Count / 3);
            buckets.Remove(places[gone]);
            places.Remove(gone);
            Assert.That(buckets.Find(new IDHash(tag, (uint)gone)), Is.Zero);
            Check();
        }

        void Check()
        {
            foreach (var (slot, place) in places) Assert.That((buckets.Find(new IDHash(tag, (uint)slot)), buckets.SlotAt(place)), Is.EqualTo((place, slot)));
            Assert.That(buckets.Find(new IDHash(tag, 0)), Is.Zero);
            Assert.That(buckets.Find(new IDHash(~tag | 1, 1)), Is.Zero);
        }
    }

    [Test]
    public void The_largest_slot_and_all_bits_of_the_check_are_kept()
    {
        var buckets = new IDBuckets(1);
        var place = buckets.Add(new IDHash(7, 511), EngineCapacity.OrdersMax);
        Assert.That((buckets.Find(new IDHash(7, 511)), buckets.Find(new IDHash(7, 510)), buckets.SlotAt(place)), Is.EqualTo((place, 0, EngineCapacity.OrdersMax)));
    }

    [Test]
    public void A_hash_depends_on_the_key_the_session_and_every_byte()
    {
        var text = Text40.From("an id that uses every word of its room");
        var (ids, other) = (new ClOrdIDs(1, key: 1), new ClOrdIDs(1, key: 2));
        var hashes = new HashSet<IDHash> { ids.HashOf(1, in text), other.HashOf(1, in text), ids.HashOf(2, in text) };
        for (var at = 0; at < text.Length; at++)
        {
            var changed = text.ToString().ToCharArray();
            changed[at] ^= (char)1;
            hashes.Add(ids.HashOf(1, Text40.From(new string(changed))));
        }
        Assert.That(hashes.Select(hash => hash.Tag).Distinct().Count(), Is.EqualTo(3 + text.Length));
    }
}
