using System.Diagnostics;
using LiquidityBridge.Host;
using LiquidityBridge.Tests.Hedging;
using Venue.Messages;

namespace LiquidityBridge.Tests.Host;

[Parallelizable]
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
        new FeesPriced { NowNs = 12, Instrument = 0, Exchange = 1, Asset = "BNB", Atoms = 5, RatePpb = 600_000_000_000 },
        new StateBegun { NowNs = 13, Records = 8, Exchanges = ["A", "B"], Instruments = ["BTC-USD"] },
        new CountersState { NowNs = 13, FillSeq = 1, FillIndex = 2, FillSide = Side.Sell, HedgeSeq = 3 },
        new InstrumentState { NowNs = 13, Instrument = 0, MarkupAtoms = 1, SlippageAtoms = -2, FeesAtoms = 3, OtherFeesAtoms = 1, CashAtoms = Int128.MinValue, BaseFeeAtoms = 5, VenueQuantity = 6, HedgeQuantity = 7, RetrySeq = 8, RetryAttempts = 1, RetrySide = Side.Buy },
        new PiecesState { NowNs = 13, Instrument = 0, Side = Side.Buy, Pieces = [new Piece(1, 2, 3), new Piece(4, 5, 6)] },
        new HedgeOrderState
        {
            NowNs = 13, Intent = new HedgeIntent { NowNs = 3, ClientId = "1-1000-1", Instrument = 0, Exchange = 0, Side = Side.Buy, Quantity = 12, Limit = 5, Seq = 1000, Attempt = 1 }, State = HedgeState.Unknown,
            Cum = 1, CumValue = 5, FromStatus = 0, Missing = new Missing(2, 3, 4, 5), ChangedNs = 6, WasAcknowledged = true,
        },
        new BookedState { NowNs = 13, Fills = ["0 x\n\"é", "1 y z"] },
        new ExchangeFortune { NowNs = 13, Exchange = 0, Outcomes = 3, OutcomesSeen = 4, RejectsInARow = 1, SuspendedUntilNs = 5, Counts = [new ReasonCount(-1, OutsideReason.OrderRejected, 2)] },
        new MarketCooling { NowNs = 13, Instrument = 0, Exchange = 1, UntilNs = 9 },
        new FeeState { NowNs = 13, Instrument = 0, Exchange = 1, Asset = "BNB", PaidAtoms = 5, UnpricedAtoms = 4 },
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
        Assert.That(States.Text(Read(out _)), Is.EqualTo(States.Text(Some)));
        Assert.That(Some.Select(r => r.GetType()).Distinct().Count(), Is.EqualTo(typeof(Record).Assembly.GetTypes().Count(t => t.IsSubclassOf(typeof(Record)))), "a kind is missing in this test");
    }

    [Test]
    public void Cut_at_any_byte_it_gives_the_whole_records_before_the_cut_and_goes_on_from_there()
    {
        Write(Some[..4]);
        var whole = File.ReadAllBytes(FilePath);
        var ends = whole.Select((b, i) => (b, i)).Where(x => x.b == '\n').Select(x => x.i + 1).ToList();
        // Every byte of the last two records: each turn brings the file to the disk three times.
        for (var cut = ends[1]; cut <= whole.Length; cut++)
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

    /// <summary>Records of a bridge that quoted, traded and hedged through whatever happened.</summary>
    private static readonly World _world = Lived();

    private static World Lived()
    {
        var world = new World(seed: 5, oneWay: false);
        world.Run(steps: 300);
        return world;
    }

    private static Compaction Kept(long bytes, Action<CompactionStep>? stepped = null, List<string>? log = null) =>
        new(new Bridge(_world.Options), bytes, line => log?.Add(line)) { Stepped = stepped };

    private static List<Record> ReadFolder(string folder)
    {
        var records = new List<Record>();
        using (IntentsJournal.Open(folder, records.Add)) return records;
    }

    private static string StateOf(IEnumerable<Record> records) => States.Text(States.Of(_world.Options, records));

    [Test]
    public void Killed_at_any_step_of_writing_it_anew_nothing_is_lost()
    {
        var copies = Directory.CreateTempSubdirectory("bridge-journal-steps").FullName;
        var steps = new List<CompactionStep>();
        using (var journal = IntentsJournal.Open(_folder, _ => { }, Kept(1, step =>
        {
            steps.Add(step);
            // Whoever dies here leaves these files behind; cp asks for no lock.
            using var copy = Process.Start("cp", ["-r", _folder, Path.Combine(copies, $"{steps.Count}")]);
            copy.WaitForExit();
        })))
        {
            journal.Append(_world.Disk, durable: true);
            journal.CompactWhenDue();
            journal.Append([Some[5]], durable: true);
        }
        var before = StateOf(_world.Disk);
        Assert.Multiple(() =>
        {
            Assert.That(steps.Distinct(), Is.EqualTo(Enum.GetValues<CompactionStep>()), "written, on the disk, named, in this order");
            for (var n = 1; n <= steps.Count; n++)
            {
                var folder = Path.Combine(copies, $"{n}");
                Assert.That(StateOf(ReadFolder(folder)), Is.EqualTo(before), $"killed behind {steps[n - 1]}");
                using (var journal = IntentsJournal.Open(folder, _ => { })) journal.Append([Some[5]], durable: true);
                Assert.That(StateOf(ReadFolder(folder)), Is.EqualTo(StateOf(_world.Disk.Append(Some[5]))), $"killed behind {steps[n - 1]}, then one more");
                Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName), Is.EqualTo(new[] { "intents.log" }));
            }
            Assert.That(StateOf(ReadFolder(_folder)), Is.EqualTo(StateOf(_world.Disk.Append(Some[5]))), "and when nobody was killed");
        });
        Directory.Delete(copies, recursive: true);
    }

    [Test]
    public void It_stays_short_however_much_is_written()
    {
        const long bytes = 200_000;
        using (var journal = IntentsJournal.Open(_folder, _ => { }, Kept(bytes)))
        {
            journal.Append(_world.Disk, durable: false);
            for (var n = 0; n < 20_000; n++)
            {
                journal.Append([new QuoteSent { NowNs = n, Instrument = 0, Side = Side.Buy, ClOrdID = $"Q1-{n}-1" }], durable: false);
                journal.CompactWhenDue();
            }
        }
        Assert.That(new FileInfo(FilePath).Length, Is.LessThan(2 * bytes));
        Assert.That(StateOf(Read(out _)), Is.EqualTo(StateOf([.. _world.Disk, new QuoteSent { NowNs = 19_998, Instrument = 0, Side = Side.Buy, ClOrdID = "Q1-19998-1" }, new QuoteSent { NowNs = 19_999, Instrument = 0, Side = Side.Buy, ClOrdID = "Q1-19999-1" }])));
    }

    [Test]
    public void One_that_is_too_long_is_written_anew_at_the_start()
    {
        Write([.. _world.Disk]);
        var long_ = new FileInfo(FilePath).Length;
        IntentsJournal.Open(_folder, _ => { }, Kept(1)).Dispose();
        Assert.That(new FileInfo(FilePath).Length, Is.LessThan(long_));
        Assert.That(Read(out _)[0], Is.InstanceOf<StateBegun>());
    }

    /// <summary>The largest state that there can be, but for positions; how long the core waits for it is printed.</summary>
    [Test]
    public void A_full_state_is_written_anew_in_one_piece()
    {
        var state = States.Of(_world.Options, [
            .. Enumerable.Range(0, 64).Select(n => new BookedState { NowNs = 1, Fills = [.. Enumerable.Range(0, 1024).Select(i => $"0 TAAAAA-{n:D5}-{i:D6}")] }),
            new PiecesState { NowNs = 1, Instrument = 0, Side = Side.Sell, Pieces = [.. Enumerable.Range(0, 10_000).Select(n => new Piece(1 + n, 10_000 + n, 10_001 + n))] },
        ]);
        Write([.. state]);
        var since = Stopwatch.StartNew();
        var read = IntentsJournal.Open(_folder, _ => { });
        var readMs = since.ElapsedMilliseconds;
        read.Dispose();
        var log = new List<string>();
        using (IntentsJournal.Open(_folder, _ => { }, Kept(1, step => { if (step == CompactionStep.Created) since.Restart(); }, log)))
            TestContext.Out.WriteLine($"{log.Single()}: {since.ElapsedMilliseconds} ms, read in {readMs} ms");
        Assert.That(States.Text(Read(out _)), Is.EqualTo(States.Text(States.Of(_world.Options, state))));
    }

    [Test]
    public void A_state_that_is_not_whole_is_damage()
    {
        Write([.. States.Of(_world.Options, _world.Disk)]);
        var whole = File.ReadAllBytes(FilePath);
        var ends = whole.Select((b, i) => (b, i)).Where(x => x.b == '\n').Select(x => x.i + 1).ToList();
        foreach (var cut in new[] { ends[0], ends[1], ends[^2], whole.Length - 1 })
        {
            File.WriteAllBytes(FilePath, whole[..cut]);
            Assert.That(() => Read(out _), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("not whole"), $"cut at {cut}");
        }
    }

    [Test]
    public void Without_room_for_a_new_file_the_old_one_goes_on()
    {
        var log = new List<string>();
        using (var journal = IntentsJournal.Open(_folder, _ => { }, Kept(1, log: log)))
        {
            Directory.CreateDirectory(Path.Combine(_folder, "intents.new"));
            journal.Append(_world.Disk, durable: true);
            journal.CompactWhenDue();
        }
        Directory.Delete(Path.Combine(_folder, "intents.new"));
        Assert.That(log, Has.Some.Contains("not written anew"));
        Assert.That(States.Text(Read(out _)), Is.EqualTo(States.Text(_world.Disk)));
    }

    [Test]
    public void What_fails_before_the_rename_leaves_the_old_one_in_use([Values(CompactionStep.Created, CompactionStep.PartlyWritten, CompactionStep.Written, CompactionStep.OnDisk)] CompactionStep at, [Values] bool mayNot)
    {
        var log = new List<string>();
        var steps = new List<CompactionStep>();
        using (var journal = IntentsJournal.Open(_folder, _ => { }, Kept(1, Fail, log)))
        {
            journal.Append(_world.Disk, durable: true);
            journal.CompactWhenDue();
            Assert.That(log, Is.EqualTo(new[] { "journal: not written anew: no more room" }));
            Assert.That(steps[^1], Is.EqualTo(at));
            journal.Append([Some[5]], durable: true);
            journal.CompactWhenDue();
        }
        Assert.That(Directory.GetFiles(_folder).Select(Path.GetFileName), Is.EqualTo(new[] { "intents.log" }));
        Assert.That(StateOf(Read(out _)), Is.EqualTo(StateOf(_world.Disk.Append(Some[5]))));

        void Fail(CompactionStep step)
        {
            steps.Add(step);
            if (step == at && log.Count == 0) throw mayNot ? new UnauthorizedAccessException("no more room") : new IOException("no more room");
        }
    }

    [Test]
    public void When_the_folder_cannot_be_synced_behind_the_rename_nothing_goes_on()
    {
        var log = new List<string>();
        var moved = _folder + ".moved";
        var journal = IntentsJournal.Open(_folder, _ => { }, Kept(1, step => { if (step == CompactionStep.Renamed) Directory.Move(_folder, moved); }, log));
        journal.Append(_world.Disk, durable: true);
        Assert.That(journal.CompactWhenDue, Throws.InstanceOf<IOException>().With.Message.Contains("fsync failed"));
        journal.Dispose();
        Directory.Move(moved, _folder);
        Assert.That(log, Is.Empty);
        Assert.That(StateOf(Read(out _)), Is.EqualTo(StateOf(_world.Disk)));
    }

    [Test]
    public void A_bridge_whose_journal_may_lose_its_name_ends()
    {
        var inputs = new Inputs();
        var moved = _folder + ".moved";
        using var journal = IntentsJournal.Open(_folder, _ => { }, Kept(1, step => { if (step == CompactionStep.Renamed) Directory.Move(_folder, moved); }));
        var loop = new BridgeLoop(new Bridge(_world.Options), journal, inputs, [], new NoVenue(), _ => { }, _ => { });
        loop.Kill(KillLevel.Bridge, "", "a person", "a reason");
        Assert.That(loop.Run, Throws.InstanceOf<IOException>());
        Directory.Move(moved, _folder);
    }

    private sealed class NoVenue : IQuoteSender
    {
        public void Send(Output quote)
        {
        }
    }

    [Test]
    public void A_folder_that_is_not_there_is_made_with_those_above_it()
    {
        var folder = Path.Combine(_folder, "a", "b") + Path.DirectorySeparatorChar;
        using (var journal = IntentsJournal.Open(folder, _ => { })) journal.Append([Some[5]], durable: true);
        Assert.That(ReadFolder(folder), Is.EqualTo(new[] { Some[5] }));
    }

    [Test]
    public void A_folder_belongs_to_one_process()
    {
        using var first = IntentsJournal.Open(_folder, _ => { });
        Assert.That(() => IntentsJournal.Open(_folder, _ => { }), Throws.InstanceOf<InvalidDataException>());
    }
}
