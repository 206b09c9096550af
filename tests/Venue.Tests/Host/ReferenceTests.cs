using Venue.Host;
using Venue.Messages;

namespace Venue.Tests.Host;

public class ReferenceTests
{
    private string _config = "";

    [SetUp]
    public void Make()
    {
        _config = Directory.CreateTempSubdirectory("venue-reference-").FullName;
        foreach (var file in Directory.GetFiles(Repository.Path("fix-config"))) File.Copy(file, Path.Combine(_config, Path.GetFileName(file)));
    }

    [TearDown]
    public void Remove() => Directory.Delete(_config, recursive: true);

    private (IReadOnlyList<byte[]> Commands, IReadOnlyList<string> Notes, List<string> Faults) Read(Known known, int? knownOrders = null)
    {
        var faults = new List<string>();
        var sessions = SessionsFile.Read(_config, faults);
        var (commands, notes) = Reference.Read(_config, sessions.Sessions, 1024, knownOrders, known, faults);
        return (commands, notes, faults);
    }

    /// <summary>Takes the commands as the engine would.</summary>
    private static Known Taken(IEnumerable<byte[]> commands)
    {
        var known = new Known();
        foreach (var command in commands)
            switch (Command.Header(command.AsSpan()).Type)
            {
                case CommandType.DefineAsset: Known.Put(known.Assets, known.Assets.Count + 1, Command.As<DefineAsset>(command)); break;
                case CommandType.DefineInstrument: Known.Put(known.Instruments, Command.As<DefineInstrument>(command).Instrument, Command.As<DefineInstrument>(command)); break;
                case CommandType.DefineFirm: Known.Put(known.Firms, known.Firms.Count + 1, Command.As<DefineFirm>(command)); break;
                case CommandType.DefineSession: Known.Put(known.Sessions, known.Sessions.Count + 1, Command.As<DefineSession>(command)); break;
                case CommandType.Credit: known.Credited(Command.As<Credit>(command).Key); break;
            }
        return known;
    }

    private void Edit(string file, string from, string to)
    {
        var path = Path.Combine(_config, file);
        var text = File.ReadAllText(path);
        Assert.That(text, Does.Contain(from));
        File.WriteAllText(path, text.Replace(from, to));
    }

    [Test]
    public void The_sample_files_define_what_the_readme_promises()
    {
        var (commands, notes, faults) = Read(new Known());
        Assert.That(faults, Is.Empty);
        Assert.That(notes, Is.Empty);
        var known = Taken(commands);
        Assert.That(known.Instruments.Select(i => i.Symbol.ToString()), Is.EqualTo(new[] { "BTC-USD", "ETH-USD", "BTC-USDC", "ETH-USDC" }));
        Assert.That(known.Sessions.Select(s => s.ClientCompID.ToString()), Is.EqualTo(Enumerable.Range(1, 8).Select(n => $"CLIENT{n}").Append("BRIDGE1").Concat(["CLIENT9", "CLIENT10", "COPY1", "LP1", "MD1", "OPS1"])));
        Assert.That(Command.Header(commands[0].AsSpan()).Type, Is.EqualTo(CommandType.DefineVenue));
        var btc = known.Instruments[0];
        Assert.That((btc.TickMantissa, btc.TickDecimals, btc.LotAtoms, btc.TickLotAtoms), Is.EqualTo((1L, 2, 1000L, 10L)));
        Assert.That((btc.MinLots, btc.MaxLots, btc.ReferenceTicks, btc.MakerFeePpm, btc.BandPpm), Is.EqualTo((1L, 100_000_000L, 5_000_000L, 100, 200_000)));
    }

    [Test]
    public void A_second_start_defines_nothing_again()
    {
        var first = Read(new Known());
        var (commands, notes, faults) = Read(Taken(first.Commands), knownOrders: 1024);
        Assert.That((commands.Count, notes.Count, faults.Count), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void A_changed_limit_is_one_command_and_a_note()
    {
        var known = Taken(Read(new Known()).Commands);
        Edit("instruments.cfg", "Symbol=BTC-USD\nBase=BTC\nQuote=USD\nTickSize=0.01\nLotSize=0.00001\nMinQty=0.00001\nMaxQty=1000\n", "Symbol=BTC-USD\nBase=BTC\nQuote=USD\nTickSize=0.01\nLotSize=0.00001\nMinQty=0.00001\nMaxQty=500\n");
        var (commands, notes, faults) = Read(known, 1024);
        Assert.That(faults, Is.Empty);
        Assert.That(commands, Has.Count.EqualTo(1));
        Assert.That(Command.As<DefineInstrument>(commands[0]).MaxLots, Is.EqualTo(50_000_000));
        Assert.That(notes, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_changed_tick_is_refused_since_orders_are_counted_in_it()
    {
        var known = Taken(Read(new Known()).Commands);
        Edit("instruments.cfg", "Symbol=BTC-USD\nBase=BTC\nQuote=USD\nTickSize=0.01", "Symbol=BTC-USD\nBase=BTC\nQuote=USD\nTickSize=0.1");
        Assert.That(Read(known, 1024).Faults, Has.Some.Contains("BTC-USD has another Base, Quote, TickSize or LotSize in the journal"));
    }

    [Test]
    public void Every_fault_names_its_file_and_line()
    {
        Edit("instruments.cfg", "MinQty=0.00001", "MinQty=0.000015");
        Edit("instruments.cfg", "TakerFeeBps=2\n\n", "TakerFeeBps=2\nTakerfee=3\n\n");
        Edit("firms.cfg", "Name=BRAVO\nBalance.USD", "Name=BRAVO\nBalance.EUR");
        Edit("sessions.cfg", "Firm=CHARLIE", "Firm=CHARLY");
        var faults = Read(new Known()).Faults;
        Assert.That(faults, Has.Some.Match(@"instruments.cfg:\d+: \[INSTRUMENT\] MinQty is not a positive multiple of LotSize"));
        Assert.That(faults, Has.Some.Match(@"instruments.cfg:\d+: 'Takerfee' is not a setting"));
        Assert.That(faults, Has.Some.Match(@"firms.cfg:\d+: \[FIRM\] Balance.EUR: EUR is not an \[ASSET\]"));
        Assert.That(faults, Has.Some.Match(@"sessions.cfg:\d+: \[SESSION\] Firm=CHARLY is not a \[FIRM\]"));
    }

    [Test]
    public void How_instruments_trade_and_sessions_prevent_self_trades_become_commands_once()
    {
        Edit("instruments.cfg", "Symbol=BTC-USD\n", "Symbol=BTC-USD\nAllocation=ProRata\nStaticBandPercent=5\nDynamicBandPercent=1\nVolatilityAuctionSeconds=120\nIndicativeMilliseconds=500\nDayEnd=22:00:00\nHaltRefusesCancels=Y\nPhases=08:00:00 PreOpen, 08:30:00 Continuous\nTimeZone=Europe/Zurich\n");
        Edit("sessions.cfg", "TargetCompID=CLIENT2\n", "TargetCompID=CLIENT2\nSelfTradeGroup=7\nSelfTradeMode=O\n");
        var (commands, _, faults) = Read(new Known());
        Assert.That(faults, Is.Empty);
        var trading = Command.As<DefineTrading>(commands.Single(c => Command.Header(c.AsSpan()).Type == CommandType.DefineTrading));
        Assert.That((trading.Instrument, trading.Allocation, trading.StaticBandPpm, trading.DynamicBandPpm, trading.VolatilityAuctionNs, trading.IndicativeNs, trading.DayEnd, trading.HaltRefusesCancels),
            Is.EqualTo((1, Allocation.ProRata, 50_000, 10_000, 120_000_000_000L, 500_000_000L, 79_201, (byte)1)));
        var selfTrade = Command.As<DefineSelfTrade>(commands.Single(c => Command.Header(c.AsSpan()).Type == CommandType.DefineSelfTrade));
        Assert.That((selfTrade.DefinedSession, selfTrade.Group, selfTrade.Mode), Is.EqualTo((2, 7, SelfTradeMode.CancelOldest)));

        var known = Taken(commands);
        known.Trading[1] = trading;
        known.SelfTrades[2] = selfTrade;
        Assert.That(Read(known, 1024).Commands, Is.Empty);
        // What is taken out of the files is taken back.
        Edit("sessions.cfg", "SelfTradeGroup=7\nSelfTradeMode=O\n", "");
        Assert.That(Read(known, 1024).Commands.Select(c => Command.Header(c.AsSpan()).Type), Is.EqualTo(new[] { CommandType.DefineSelfTrade }));
    }

    [TestCase("Allocation=Lottery"), TestCase("StaticBandPercent=100"), TestCase("DayEnd=25:00:00"), TestCase("Phases=noon Halt"), TestCase("HaltRefusesCancels=perhaps")]
    public void A_wrong_way_of_trading_is_a_fault(string line)
    {
        Edit("instruments.cfg", "Symbol=BTC-USD\n", $"Symbol=BTC-USD\n{line}\n");
        Assert.That(Read(new Known()).Faults, Has.Some.Contains(line.Split('=')[0]));
    }

    [TestCase("SelfTradeGroup=1\nSelfTradeMode=X"), TestCase("SelfTradeMode=N")]
    public void A_wrong_self_trade_default_is_a_fault(string lines)
    {
        Edit("sessions.cfg", "TargetCompID=CLIENT2\n", $"TargetCompID=CLIENT2\n{lines}\n");
        Assert.That(Read(new Known()).Faults, Has.Some.Contains("SelfTrade"));
    }
}
