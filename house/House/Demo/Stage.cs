using System.Globalization;
using System.Text.Json;
using House.Launch;
using House.Nodes;
using House.Prepare;

namespace House.Demo;

/// <summary>Everybody in the story, connected: the running house, both clients, the chains, the people at custody.</summary>
internal sealed class Stage : IDisposable
{
    /// <summary>What is traded in the story.</summary>
    public const string Symbol = "BTC-USDC", Base = "BTC", Quote = "USDC";

    /// <summary>Firms: whose coins come over the chains, another client, the house's own.</summary>
    public const string Client = SampleCustody.Client, Other = "JULIET", House = "HOUSE-BRIDGE";

    public Stage(HouseFile file, Action<string> say)
    {
        File = file;
        Say = say;
        if (Status is not { Started: true }) throw new StoryException($"no house runs in {file.Data}: start it with ./run in another terminal, and wait for READY");
        var tokens = file.InData("venue", "api-tokens");
        Names = VenueNames.Read(file.Port("ApiPort"), tokens, Client, Other, House).GetAwaiter().GetResult();
        Engine = new VenueBooks(file.Port("ApiPort"), tokens, Names);
        Bitcoin = new BitcoinNode(file.Port("BitcoinPort"), file.InData("bitcoin"));
        Bitcoin.Prepare();
        Ethereum = new EthereumNode(file.Port("EthereumPort"));
        Bridge = new BridgeView(file.Port("DeskPort"), file.InData("bridge", "desk.token"));
        Exchanges = new ExchangeControl(file.Port("ControlPort"));
        Custody = new CustodyDesk(file.Port("CustodyPort"), file.InData("custody"));
        var dictionary = Path.Combine(file.Config, "VENUE44.xml");
        Buyer = new Trader("CLIENT9", file.Port("VenuePort"), dictionary);
        Seller = new Trader("CLIENT10", file.Port("VenuePort"), dictionary);
        using var policy = JsonDocument.Parse(System.IO.File.ReadAllText(file.InData("custody", "policy.json")));
        Withdrawals = policy.RootElement.GetProperty("whitelist").EnumerateArray()
            .First(w => w.GetProperty("chain").GetString() == SampleCustody.Bitcoin && w.GetProperty("firm").GetInt32() == Names.Firm(Client)).GetProperty("address").GetString()!;
    }

    public HouseFile File { get; }
    public Action<string> Say { get; }
    public VenueNames Names { get; }
    public VenueBooks Engine { get; }
    public BitcoinNode Bitcoin { get; }
    public EthereumNode Ethereum { get; }
    public BridgeView Bridge { get; }
    public ExchangeControl Exchanges { get; }
    public CustodyDesk Custody { get; }

    /// <summary>CLIENT9 of INDIA.</summary>
    public Trader Buyer { get; }

    /// <summary>CLIENT10 of JULIET.</summary>
    public Trader Seller { get; }

    /// <summary>The client's own Bitcoin address that policy lets it withdraw to.</summary>
    public string Withdrawals { get; }

    /// <summary>What runs now; null when nothing does.</summary>
    public StatusFile? Status => StatusFile.Read(File.InData("house.json"));

    /// <summary>Ends a process as a power cut would, and waits until the house has started it again.</summary>
    public TimeSpan Kill(string name)
    {
        var before = (Status ?? throw new StoryException("the house is gone")).Of(name);
        if (before.Pid == 0) throw new StoryException($"{name} does not run, so it cannot be killed");
        System.Diagnostics.Process.GetProcessById(before.Pid).Kill();
        var since = System.Diagnostics.Stopwatch.StartNew();
        Wait.For(() => Status is { } status && status.Of(name) is { Up: true } now && now.Restarts > before.Restarts, TimeSpan.FromSeconds(60), () => $"{name} was killed and did not come up again, see {before.Log}");
        return since.Elapsed;
    }

    /// <summary>Waits until the bridge holds no more than its band, with no hedge open.</summary>
    public BridgeState AwaitHedged()
    {
        BridgeState? state = null;
        Wait.For(() =>
        {
            // It must have read of all fills first: what it does not know of it cannot hedge.
            var seq = Engine.Read().Seq;
            state = Bridge.TryRead();
            return state is not null && state.IsWhole && state.FeedThrough >= seq && state.Unknown == 0 && Math.Abs(state.Of(Symbol).Position) <= state.Of(Symbol).Band && state.Of(Symbol).PendingHedge == 0;
        }, TimeSpan.FromSeconds(60), () => state is null ? "the bridge does not answer" : $"the bridge still holds {Text(state.Of(Symbol).Position)} {Base}, {Text(state.Of(Symbol).PendingHedge)} in open hedges, {state.Unknown} of unknown outcome");
        return state!;
    }

    /// <summary>Waits until the bridge quotes both sides.</summary>
    public BridgeState AwaitQuotes()
    {
        BridgeState? state = null;
        Wait.For(() => (state = Bridge.TryRead()) is not null && state.Of(Symbol).Quote("bid").Rests && state.Of(Symbol).Quote("ask").Rests, TimeSpan.FromSeconds(60),
            () => state is null ? "the bridge does not answer" : $"the bridge does not quote {Symbol}: {state.Of(Symbol).WhyNotQuoted ?? "on its way"}");
        return state!;
    }

    /// <summary>A number as people write it.</summary>
    public static string Text(decimal number) => number.ToString("0.########", CultureInfo.InvariantCulture);

    public void Dispose()
    {
        Buyer.Dispose();
        Seller.Dispose();
        Custody.Dispose();
        Exchanges.Dispose();
        Bridge.Dispose();
        Ethereum.Dispose();
        Bitcoin.Dispose();
        Engine.Dispose();
    }
}
