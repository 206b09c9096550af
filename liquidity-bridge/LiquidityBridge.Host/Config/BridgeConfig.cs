using System.Text;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Exchanges.Paper;
using Venue.Fix;

namespace LiquidityBridge.Host;

/// <summary>The venue, as the bridge reaches it.</summary>
/// <param name="Host">FIX host.</param>
/// <param name="Port">FIX port.</param>
/// <param name="Session">CompIDs and the like.</param>
/// <param name="Dictionary">File of the venue's data dictionary.</param>
/// <param name="Feed">Address of the feed.</param>
/// <param name="FeedToken">Bearer token.</param>
public sealed record VenueConfig(string Host, int Port, SessionSettings Session, string Dictionary, Uri Feed, string FeedToken);

/// <summary>The configuration file: what is quoted, where it is hedged, and how far the bridge may go.</summary>
/// <param name="Core">For the decision core.</param>
/// <param name="Venue">The venue.</param>
/// <param name="Exchanges">By number.</param>
public sealed record BridgeConfig(BridgeOptions Core, VenueConfig Venue, IReadOnlyList<ExchangeConfig> Exchanges)
{
    private const long SecondNs = 1_000_000_000;
    private const long MsNs = 1_000_000;

    /// <summary>Reads the file; every fault is added to <paramref name="faults"/>, and what is given then is not to be used.</summary>
    public static BridgeConfig Read(HostOptions options, IReadOnlyDictionary<string, string> environment, List<string> faults)
    {
        var file = SettingsFile.Parse(File.ReadAllText(options.Config), options.Config);
        faults.AddRange(file.Faults);
        var folder = Path.GetDirectoryName(Path.GetFullPath(options.Config))!;
        var sections = file.Sections.Where(s => s.Name != "DEFAULT").Select(s => new Section(s, options.Config, environment, faults)).ToList();
        foreach (var unknown in sections.Where(s => s.Name is not ("BRIDGE" or "VENUE" or "LIMIT" or "EXCHANGE" or "INSTRUMENT" or "MARKET" or "RATE"))) unknown.Fault("is not a section of this file");

        var bridge = One(sections, "BRIDGE", options.Config, faults);
        var venue = One(sections, "VENUE", options.Config, faults);
        var exchanges = sections.Where(s => s.Name == "EXCHANGE").Select(s => ExchangeConfig.Read(s, folder)).ToList();
        var markets = sections.Where(s => s.Name == "MARKET").ToList();
        var instruments = sections.Where(s => s.Name == "INSTRUMENT").Select((s, i) => ReadInstrument(s, i, markets, exchanges)).ToList();
        var limits = sections.Where(s => s.Name == "LIMIT").Select(ReadLimit).ToList();
        var rates = sections.Where(s => s.Name == "RATE").Select(s => ReadRate(s, instruments)).ToList();
        foreach (var i in instruments)
            foreach (var own in i.Markets.Select(m => m.QuoteAsset).OfType<string>().Where(q => q != i.QuoteAsset && !rates.Exists(r => r.From == q && r.To == i.QuoteAsset)))
                faults.Add($"{options.Config}: {i.Symbol} has a market that is paid in {own}, and there is no [RATE] from {own} to {i.QuoteAsset}");
        if (exchanges.Count == 0) faults.Add($"{options.Config}: no [EXCHANGE], nothing can be hedged");
        if (instruments.Count == 0) faults.Add($"{options.Config}: no [INSTRUMENT], nothing can be quoted");
        if (exchanges.GroupBy(e => e.Name).FirstOrDefault(g => g.Count() > 1) is { } twice) faults.Add($"{options.Config}: two exchanges are called {twice.Key}");
        if (instruments.GroupBy(i => i.Symbol).FirstOrDefault(g => g.Count() > 1) is { } again) faults.Add($"{options.Config}: {again.Key} stands there twice");
        foreach (var market in markets)
            if (instruments.All(i => i.Symbol != market.Text("Instrument"))) market.Fault($"Instrument={market.Text("Instrument")} is not an [INSTRUMENT]");

        var core = bridge is null || venue is null ? null : ReadCore(bridge, exchanges, instruments, limits) with { Rates = rates };
        if (core is not null)
        {
            foreach (var i in instruments.Where(i => i.QuoteAsset != core.ReportingAsset)) faults.Add($"{options.Config}: {i.Symbol} is quoted in {i.QuoteAsset}, not in {core.ReportingAsset}: its profit could not be added to the others'");
            foreach (var asset in instruments.Select(i => i.BaseAsset).Distinct().Where(a => limits.All(l => l.Asset != a))) faults.Add($"{options.Config}: no [LIMIT] for {asset}, its exposure would have no bound");
        }
        var config = new BridgeConfig(core!, venue is null ? null! : ReadVenue(venue, folder, options), exchanges);
        foreach (var section in sections) section.Finish();
        return config;
    }

    private static Section? One(List<Section> sections, string name, string file, List<string> faults)
    {
        var found = sections.Where(s => s.Name == name).ToList();
        if (found.Count != 1) faults.Add($"{file}: there must be one [{name}], there are {found.Count}");
        return found.Count == 1 ? found[0] : null;
    }

    private static BridgeOptions ReadCore(Section s, List<ExchangeConfig> exchanges, List<Instrument> instruments, List<AssetLimit> limits) => new()
    {
        Firm = s.Text("Firm"),
        Exchanges = [.. exchanges.Select(e => e.Name)],
        Instruments = instruments,
        Limits = limits,
        ReportingAsset = s.Text("ReportingAsset", "USD"),
        DrawdownMaxAtoms = s.Atoms("DrawdownMax"),
        Index = new IndexTerms(s.Number("IndexEveryMs", 250, 0, 60_000) * MsNs, s.Number("IndexSourcesMin", 2, 1, 32),
            s.Number("IndexDistanceMaxPpm", 20_000, 1, 500_000), s.Number("IndexMissedMs", 10_000, 1000, 3_600_000) * MsNs),
        QuotesPerSecond = s.Number("QuotesPerSecond", 50, 1, 10_000),
        HedgesPerSecond = s.Number("HedgesPerSecond", 20, 1, 1000),
        BookStaleNs = s.Number("BookStaleMs", 5000, 100, 60_000) * MsNs,
        FeedLagNs = s.Number("FeedLagMs", 2000, 100, 60_000) * MsNs,
        HedgeTimeoutNs = s.Number("HedgeTimeoutMs", 3000, 100, 60_000) * MsNs,
        GoneAfterNs = s.Number("GoneAfterMs", 10_000, 6000, 600_000) * MsNs,
        QueryRetryNs = s.Number("QueryRetryMs", 2000, 100, 60_000) * MsNs,
        UnknownAlertNs = s.Number("UnknownAlertMs", 15_000, 100, 600_000) * MsNs,
        SuspendAfterRejects = s.Number("SuspendAfterRejects", 5, 1, 1000),
        SuspendNs = s.Number("SuspendMs", 60_000, 0, 3_600_000) * MsNs,
        RejectCoolDownNs = s.Number("RejectCoolDownMs", 30_000, 0, 600_000) * MsNs,
        QuoteTimeoutNs = s.Number("QuoteTimeoutMs", 5000, 100, 60_000) * MsNs,
    };

    private static VenueConfig ReadVenue(Section s, string folder, HostOptions options)
    {
        var host = s.Text("SocketConnectHost", "127.0.0.1");
        var port = s.Number("SocketConnectPort", 9878, 1, 65535);
        var feed = s.Text("Feed", "");
        if (options.Feed.Length > 0) feed = options.Feed;
        if (!Uri.TryCreate(feed, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            s.Fault($"Feed={feed} is not an address that begins with http:// or https://");
            address = new Uri("http://invalid.invalid");
        }
        var token = s.Text("FeedToken", "");
        var tokenFile = s.Text("FeedTokenFile", "");
        if (tokenFile.Length > 0) tokenFile = Path.Combine(folder, tokenFile);
        if (options.FeedTokenFile.Length > 0) tokenFile = options.FeedTokenFile;
        if (token.Length == 0) token = ReadToken(s, tokenFile);
        return new VenueConfig(options.VenueHost.Length > 0 ? options.VenueHost : host, options.VenuePort > 0 ? options.VenuePort : port,
            ReadSession(s), ReadDictionary(s, folder), address, token);
    }

    /// <summary>The venue writes its tokens one to a line, after their role.</summary>
    private static string ReadToken(Section s, string path)
    {
        if (path.Length == 0) s.Fault("neither FeedToken nor FeedTokenFile is given: the venue would refuse the feed");
        else if (!File.Exists(path)) s.Fault($"the token file {path} does not exist: the venue makes it at its first start");
        else if (File.ReadLines(path).Select(l => l.Split(' ')).FirstOrDefault(l => l is ["bridge", _]) is [_, var token]) return token;
        else s.Fault($"the token file {path} has no line for the bridge");
        return "";
    }

    internal static SessionSettings ReadSession(Section s) => new()
    {
        SenderCompID = s.Text("SenderCompID"),
        TargetCompID = s.Text("TargetCompID"),
        Initiator = true,
        HeartBtIntSeconds = s.Number("HeartBtInt", 5, 1, 300),
        Username = s.Text("Username", "") is { Length: > 0 } user ? user : null,
        Password = s.Text("Password", "") is { Length: > 0 } password ? password : null,
        TimestampDigits = 6,
    };

    internal static string ReadDictionary(Section s, string folder)
    {
        var text = s.Text("DataDictionary");
        var path = Path.Combine(folder, text);
        if (text.Length > 0 && !File.Exists(path)) s.Fault($"DataDictionary={text}: {path} does not exist");
        return path;
    }

    private static Instrument ReadInstrument(Section s, int id, List<Section> markets, List<ExchangeConfig> exchanges)
    {
        var symbol = s.Text("Symbol");
        var mine = markets.Where(m => m.Text("Instrument") == symbol).ToList();
        var priceDecimals = mine.Append(s).Max(m => m.DecimalsOf("TickSize"));
        var quantityDecimals = mine.Append(s).Max(m => Math.Max(m.DecimalsOf("LotSize"), m.DecimalsOf("MinQty")));
        if (priceDecimals + quantityDecimals > Instrument.AmountDecimals)
        {
            s.Fault($"prices of {priceDecimals} and quantities of {quantityDecimals} decimals: amounts would need more than {Instrument.AmountDecimals}");
            (priceDecimals, quantityDecimals) = (2, 8);
        }
        if (mine.Count == 0) s.Fault("has no [MARKET]: nothing of it can be hedged");
        var instrument = new Instrument(id, symbol, s.Text("Base"), s.Text("Quote"), priceDecimals, quantityDecimals)
        {
            VenueTick = s.Units("TickSize", priceDecimals),
            VenueLot = s.Units("LotSize", quantityDecimals),
            VenueMin = s.Units("MinQty", quantityDecimals),
            Quoting = new QuoteTerms
            {
                MarkupPpm = s.Number("MarkupPpm", 500, 0, 500_000),
                SkewPpm = s.Number("SkewPpm", 0, 0, 500_000),
                Size = s.Units("QuoteQty", quantityDecimals),
                DepthPercent = s.Number("DepthPercent", 25, 1, 100),
                RequoteTicks = s.Number("RequoteTicks", 1, 1, 1_000_000),
            },
            Hedging = new HedgeTerms
            {
                Band = s.Text("HedgeBand", "0") == "0" ? 0 : s.Units("HedgeBand", quantityDecimals),
                SlippagePpm = s.Number("SlippagePpm", 1000, 0, 500_000),
                SlippageStepPpm = s.Number("SlippageStepPpm", 1000, 0, 500_000),
                AttemptsMax = s.Number("HedgeAttempts", 3, 1, 9),
                PauseNs = s.Number("HedgePauseSeconds", 30, 1, 3600) * SecondNs,
            },
            Markets = [.. mine.Select(m => ReadMarket(m, exchanges, priceDecimals, quantityDecimals))],
        };
        if (instrument.Markets.GroupBy(m => m.Exchange).Any(g => g.Count() > 1)) s.Fault("has two [MARKET] at one exchange");
        return instrument;
    }

    private static Market ReadMarket(Section s, List<ExchangeConfig> exchanges, int priceDecimals, int quantityDecimals)
    {
        var name = s.Text("Exchange");
        var exchange = exchanges.FindIndex(e => e.Name == name || e.IsPaper && e.Name == name + PaperExchange.Mark);
        if (exchange < 0) s.Fault($"Exchange={name} is not an [EXCHANGE]");
        var amounts = s.Text("Amounts", "additive");
        if (amounts is not ("additive" or "full")) s.Fault($"Amounts={amounts} is neither additive nor full");
        return new Market
        {
            Exchange = exchange, Symbol = s.Text("Symbol"),
            Tick = s.Units("TickSize", priceDecimals), Lot = s.Units("LotSize", quantityDecimals), Min = s.Units("MinQty", quantityDecimals),
            TakerFeePpm = s.Number("TakerFeePpm", 0, 0, 100_000),
            IsFullAmount = amounts == "full",
            QuoteSizes = ReadSizes(s, quantityDecimals),
            QuoteAsset = s.Text("Quote", "") is { Length: > 0 } quote ? quote : null,
            AgeMaxNs = s.Number("AgeMaxMs", 60_000, 100, 3_600_000) * MsNs,
        };
    }

    /// <summary>Quantities that a maker is asked to stream quotes of.</summary>
    private static IReadOnlyList<long> ReadSizes(Section s, int decimals)
    {
        var sizes = new List<long>();
        foreach (var text in s.Text("QuoteSizes", "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (DecimalText.TryScaled(Encoding.UTF8.GetBytes(text), decimals, out var size) && size > 0) sizes.Add(size);
            else s.Fault($"QuoteSizes: {text} is not a positive number of at most {decimals} decimals");
        }
        if (sizes.Count > 0 && s.Text("Amounts", "additive") != "full") s.Fault("QuoteSizes, and Amounts is not full: quotes of one maker do not add up");
        return [.. sizes.Order()];
    }

    /// <summary>A fixed one, or the mid price of an instrument.</summary>
    private static RateTerms ReadRate(Section s, List<Instrument> instruments)
    {
        var symbol = s.Text("Instrument", "");
        var instrument = instruments.FindIndex(i => i.Symbol == symbol);
        if (symbol.Length > 0 && instrument < 0) s.Fault($"Instrument={symbol} is not an [INSTRUMENT]");
        var ppb = symbol.Length > 0 ? 0 : s.Units("Rate", 9);
        return new RateTerms(s.Text("From"), s.Text("To"), ppb, instrument, s.Number("AgeMaxMs", 10_000, 100, 3_600_000) * MsNs);
    }

    private static AssetLimit ReadLimit(Section s)
    {
        var limit = new AssetLimit(s.Text("Asset"), s.Atoms("Soft"), s.Atoms("Hard"));
        if (limit.SoftAtoms > limit.HardAtoms) s.Fault("Soft is above Hard: it would never be reached");
        return limit;
    }
}
