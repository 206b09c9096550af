using LiquidityBridge.Host;
using Venue.Messages;

namespace LiquidityBridge.Tests.Host;

internal sealed class JournalTests
{
    private static readonly Record[] Some =
    [
        new VenueFirmDefined { NowNs = 1, Firm = 7, Name = "HOUSE" },
        new VenueFill { NowNs = 2, Seq = 100, Index = 3, Number = 1, Firm = 7, Side = Side.Sell, Ticks = 5000000, Lots = 12, FeeAtoms = Int128.Parse("170141183460469231731687303715884105727"), ClOrdID = "Q1-2-3" },
        new HedgeIntent { NowNs = 3, ClientId = "1-1000-1", Instrument = 0, Exchange = 0, Side = Side.Buy, Quantity = 12, Limit = 5, Seq = 1000, Attempt = 1 },
        new HedgeReport { NowNs = 4, Exchange = 0, ClientId = "1-1000-1", Kind = HedgeReportKind.Sent },
        new HedgeReport { NowNs = 5, Exchange = 0, ClientId = "1-1000-1", Kind = HedgeReportKind.Filled, ExecId = "x\n\"é", Quantity = 12, Price = 5, FeeAtoms = -3, Text = "line\nfeed" },
        new Switched { NowNs = 6, Level = KillLevel.Exchange, Target = "A", Engaged = true, By = "desk", Reason = "why not" },
        new QuoteSent { NowNs = 7, Instrument = 0, Side = Side.Buy, ClOrdID = "Q" },
        new QuoteClosed { NowNs = 8, Instrument = 0, Side = Side.Buy },
        new FeedPosition { NowNs = 9, ThroughSeq = 100 },
        new VenueAssetDefined { NowNs = 10, Asset = 1, Code = "USD", Decimals = 8 },
        new VenueInstrumentDefined { NowNs = 11, Number = 1, Symbol = "BTC-USD", QuoteAsset = 1, TickMantissa = 1, TickDecimals = 2, LotMantissa = 1, LotDecimals = 5 },
    ];

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("bridge-journal").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    private string FilePath => Path.Combine(_folder, "intents.log");

    private List<Record> Read(out long dropped)
    {
        var records = new List<Record>();
        using var journal = IntentsJournal.Open(_folder, records.Add);
        dropped = journal.DroppedBytes;
        return records;
    }

    private void Write(params Record[] records)
    {
        using var journal = IntentsJournal.Open(_folder, _ => { });
        journal.Append(records, durable: true);
    }

    [Test]
    public void Every_kind_of_record_is_read_as_it_was_written()
    {
        Write(Some);
        Assert.That(Read(out _), Is.EqualTo(Some));
        Assert.That(Some.Select(r => r.GetType()).Distinct().Count(), Is.EqualTo(typeof(Record).Assembly.GetTypes().Count(t => t.IsSubclassOf(typeof(Record)))), "a kind is missing in this test");
    }

    [Test]
    public void Cut_at_any_byte_it_gives_the_whole_records_before_the_cut_and_goes_on_from_there()
    {
        Write(Some[..4]);
        var whole = File.ReadAllBytes(FilePath);
        var ends = whole.Select((b, i) => (b, i)).Where(x => x.b == '\n').Select(x => x.i + 1).ToList();
        for (var cut = 0; cut <= whole.Length; cut++)
        {
            File.WriteAllBytes(FilePath, whole[..cut]);
            var expected = ends.Count(e => e <= cut);
            Assert.That(Read(out var dropped), Is.EqualTo(Some[..expected]), $"cut at {cut}");
            Assert.That(dropped, Is.EqualTo(cut - ends.Where(e => e <= cut).DefaultIfEmpty(0).Max()));
            Write(Some[5]);
            Assert.That(Read(out _), Is.EqualTo(Some[..expected].Append(Some[5])), $"cut at {cut}, then one more");
        }
    }

    [Test]
    public void A_changed_byte_at_the_end_is_dropped_and_one_before_it_is_damage()
    {
        Write(Some[..2]);
        var whole = File.ReadAllBytes(FilePath);
        var firstEnd = Array.IndexOf(whole, (byte)'\n') + 1;
        for (var at = 0; at < whole.Length - 1; at++)
        {
            var changed = whole.ToArray();
            changed[at] ^= 4;
            File.WriteAllBytes(FilePath, changed);
            if (at >= firstEnd) Assert.That(Read(out _), Is.EqualTo(Some[..1]), $"byte {at}");
            else Assert.That(() => Read(out _), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("damaged"), $"byte {at}");
        }
    }

    [Test]
    public void A_folder_belongs_to_one_process()
    {
        using var first = IntentsJournal.Open(_folder, _ => { });
        Assert.That(() => IntentsJournal.Open(_folder, _ => { }), Throws.InstanceOf<InvalidDataException>());
    }
}
