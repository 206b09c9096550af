using System.Buffers.Binary;
using Venue.Sequencer;

namespace Venue.Tests.Sequencer;

/// <summary>What was durable and is not there any more stops the start, with the place named.</summary>
[TestFixture]
public sealed class DamageTests
{
    private SimulatedDisk _disk = null!;
    private List<Written> _written = null!;

    /// <summary>Three segments, all durable, ended in order: a mark covers the last record.</summary>
    [SetUp]
    public void Write_a_journal()
    {
        _disk = new SimulatedDisk(Journals.SegmentBytes);
        _written = [];
        using var journal = Journals.Open(_disk);
        for (var i = 0; i < 75; i++) _written.Add(journal.AppendNumbered(i, 100 + i % 7));
        journal.Finish();
        Assert.That(_disk.Segments, Has.Count.EqualTo(3));
    }

    [Test]
    public void Every_byte_of_what_was_durable_is_guarded()
    {
        var starts = _written.Select(r => r.Position).ToArray();
        var last = _written[^1];
        var end = last.Position + 24 + last.Payload.Length / 2;
        for (var at = 0L; at < end; at++)
        {
            var (segment, offset) = ((int)(at / Journals.SegmentBytes), (int)(at % Journals.SegmentBytes));
            var copy = Copy();
            copy.Segments[segment].Volatile[offset] ^= (byte)(1 << (int)(at % 8));
            var refused = Assert.Throws<JournalDamagedException>(() => Journals.Open(copy), $"byte {offset} of segment {segment}")!;
            Assert.That(refused.Segment, Is.EqualTo($"disk/{segment}"), $"byte {offset} of segment {segment}");
            Assert.That(refused.Message, Does.Contain(refused.Segment).And.Contain($"byte {refused.Offset}"));
            if (offset < 64)
            {
                Assert.That(refused.Offset, Is.LessThanOrEqualTo(offset));
                continue;
            }
            // Named is the record that holds the byte; a roll and the zeros behind it hold none of these records.
            var holder = starts.LastOrDefault(s => s <= at && s / Journals.SegmentBytes == segment);
            Assert.That(refused.Offset, Is.InRange(holder % Journals.SegmentBytes, offset), $"byte {offset} of segment {segment}");
        }
    }

    [Test]
    public void A_lost_page_in_the_middle_is_damage()
    {
        _disk.Segments[1].Volatile.AsSpan(1024, 512).Clear();
        Assert.That(() => Journals.Open(_disk), Throws.TypeOf<JournalDamagedException>().With.Message.Contains("disk/1"));
    }

    [Test]
    public void Refusing_changes_nothing_on_the_disk()
    {
        _disk.Segments[1].Volatile[2000] ^= 1;
        var before = _disk.Segments.ToDictionary(s => s.Key, s => (s.Value.Volatile.ToArray(), s.Value.Durable.ToArray()));
        Assert.That(() => Journals.Open(_disk), Throws.TypeOf<JournalDamagedException>());
        foreach (var (number, segment) in _disk.Segments)
        {
            Assert.That(segment.Volatile, Is.EqualTo(before[number].Item1));
            Assert.That(segment.Durable, Is.EqualTo(before[number].Item2));
        }
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void A_missing_segment_is_damage_and_named(int missing)
    {
        _disk.Remove(missing);
        Assert.That(() => Journals.Open(_disk), Throws.TypeOf<JournalDamagedException>()
            .With.Message.Contains($"segment {missing}").And.Message.Contains("missing"));
    }

    [Test]
    public void A_segment_put_in_the_place_of_another_is_refused()
    {
        var first = _disk.Segments[0].Durable;
        _disk.Add(1, first);
        Assert.That(() => Journals.Open(_disk), Throws.TypeOf<JournalDamagedException>().With.Message.Contains("header says segment 0"));
    }

    [Test]
    public void A_segment_of_another_journal_is_refused()
    {
        var other = new SimulatedDisk(Journals.SegmentBytes);
        using (var journal = Journal.Open(Journals.Options() with { JournalID = Guid.NewGuid() }, other.Mount()))
        {
            journal.Recover(new Recording(), progress: null);
            for (var i = 0; i < 75; i++) journal.AppendNumbered(i, 100);
            journal.Finish();
        }
        _disk.Add(1, other.Segments[1].Durable);
        Assert.That(() => Journals.Open(_disk), Throws.TypeOf<JournalDamagedException>().With.Message.Contains("belongs to journal"));
    }

    [Test]
    public void A_file_that_is_no_segment_is_refused()
    {
        "not a journal at all"u8.CopyTo(_disk.Segments[0].Volatile);
        Assert.That(() => Journals.Open(_disk), Throws.TypeOf<JournalDamagedException>().With.Message.Contains("VENUEJNL"));
    }

    [Test]
    public void Another_format_version_is_named()
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_disk.Segments[0].Volatile.AsSpan(8), 9);
        Assert.That(() => Journals.Open(_disk), Throws.TypeOf<JournalDamagedException>().With.Message.Contains("format version is 9"));
    }

    [Test]
    public void A_payload_that_looks_like_a_record_proves_nothing()
    {
        // A member sends the bytes of a real record, watermark and all; the power goes while its message is written.
        var disk = new SimulatedDisk(Journals.SegmentBytes);
        Written victim;
        using (var journal = Journals.Open(disk))
        {
            for (var i = 0; i < 5; i++) journal.AppendNumbered(i, 100);
            journal.Sync();
            var model = journal.AppendNumbered(5, 100);
            var copied = disk.Segments[0].Volatile.AsSpan((int)model.Position, 128).ToArray();
            BinaryPrimitives.WriteInt64LittleEndian(copied.AsSpan(8), journal.Appended + 24);   // a watermark that would prove it
            victim = new Written(RecordKind.Sent, journal.Append(RecordKind.Sent, copied), "");
        }
        disk.Segments[0].Volatile[victim.Position + 4] ^= 1;
        using var again = Journals.Open(disk, out var found, out var report);
        Assert.That(found.Records, Has.Count.EqualTo(6));
        Assert.That(report.DroppedBytes, Is.GreaterThan(128));
    }

    [Test]
    public void Whatever_is_in_the_segments_only_the_journals_own_exceptions_come_out([Range(0, 9)] int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var copy = Copy();
            foreach (var segment in copy.Segments.Values)
            {
                // The header stays, mostly: behind a bad one nothing is read at all.
                var from = random.Next(20) == 0 ? 0 : 64;
                switch (random.Next(4))
                {
                    case 0:
                        random.NextBytes(segment.Volatile.AsSpan(from));
                        break;
                    case 1:
                        for (var i = random.Next(50); i > 0; i--) segment.Volatile[random.Next(from, segment.Length)] = (byte)random.Next(256);
                        break;
                    case 2:
                        var start = random.Next(from, segment.Length);
                        segment.Volatile.AsSpan(start, random.Next(segment.Length - start)).Fill((byte)random.Next(3));
                        break;
                    case 3:
                        // Lengths of every size where lengths are looked for.
                        for (var at = from; at < segment.Length; at += 8)
                            if (random.Next(8) == 0) BinaryPrimitives.WriteInt32LittleEndian(segment.Volatile.AsSpan(at), random.Next() >> random.Next(31));
                        break;
                }
            }
            try
            {
                using var journal = Journals.Open(copy, out var found, out _);
                Assert.That(found.Records, Is.EqualTo(_written.Take(found.Records.Count)));
            }
            catch (JournalException refused)
            {
                Assert.That(refused.Message, Does.Contain("disk/"));
            }
        }
    }

    private SimulatedDisk Copy()
    {
        var copy = new SimulatedDisk(Journals.SegmentBytes);
        foreach (var (number, segment) in _disk.Segments) copy.Add(number, segment.Durable.ToArray());
        return copy;
    }
}
