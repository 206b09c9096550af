using System.Globalization;
using System.Net;
using System.Text.Json;
using House.Demo;

namespace EndToEnd.House;

/// <summary>
/// ./run --exchanges live, with nothing changed but where the exchanges are: the stand-ins, behind TLS, with certificates of
/// an authority that the bridge is told to trust. Public market data, no key, trading on paper.
/// </summary>
[Category("EndToEnd"), System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class LiveTests
{
    private const string Symbol = "BTC-USDC";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // By their names in bridge-live.cfg: what the sandbox calls it, its socket and its REST there, and the socket's path at the sandbox.
    private static readonly (string Name, string Sandbox, string Socket, string Web, string Path)[] _exchanges =
    [
        ("kraken", "kraken", "wss://ws.kraken.com/v2", "https://api.kraken.com", "/v2"),
        ("binance", "binance", "wss://stream.binance.com:9443/ws", "https://api.binance.com", "/ws"),
        ("okx", "okx", "wss://ws.okx.com:8443/ws/v5/public", "https://www.okx.com", "/ws/v5/public"),
        ("coinbase", "coinbase-exchange", "wss://ws-feed.exchange.coinbase.com", "https://api.exchange.coinbase.com", "/feed"),
    ];

    [Test]
    public async Task The_house_trades_on_paper_by_live_books_and_outlives_the_loss_of_every_exchange()
    {
        using var sandbox = new ChildProcess("sandbox", ["dotnet", Path.Combine(Places.Root, "liquidity-bridge/LiquidityBridge.Sandbox/bin/Release/net10.0/sandbox.dll"), "--seed", "9"]);
        var ready = sandbox.WaitFor("READY", l => l.StartsWith("READY ", StringComparison.Ordinal), 0, Patience).Text.Split(' ').Skip(1).Select(w => w.Split('=')).ToDictionary(w => w[0], w => IPEndPoint.Parse(w[1]));
        using var authority = new TestAuthority();
        var fronts = _exchanges.ToDictionary(e => e.Name, e => new TlsFront(authority.Certificate, ready[e.Sandbox]));
        using var house = new RunningHouse();
        Configure(house, fronts, authority);
        var run = house.Start("--exchanges", "live");
        Assert.That(run.Lines(0), Has.None.StartWith("  sandbox"), "nothing of it is needed here");
        using var view = new BridgeView(house.Port(9890), Path.Combine(house.Data, "bridge-live", "desk.token"));

        // Every book becomes live by itself, and the house quotes.
        await Until(() => Of(view) is { } now && now.Books.Count == 4 && now.Books.All(b => b is { IsUsable: true, State: "live" }) && now.Quote("bid").Rests && now.Quote("ask").Rests, () => Words(view), run);
        Assert.That(Of(view)!.Books.Select(b => b.Exchange), Is.EquivalentTo(_exchanges.Select(e => e.Name + " PAPER")));

        // A client trades against the quotes; what the house is short of then is hedged on paper.
        var before = await Balances(ready["control"]);
        using (var client = new FixClient(ClientKind.QuickFix, "CLIENT10", house.Port(9878), Path.Combine(house.Data, "client")))
        {
            client.Connect();
            client.Do(string.Create(CultureInfo.InvariantCulture, $"new live-1 buy {Symbol} 0.02 limit {Of(view)!.Quote("ask").Price + 100} ioc"));
            client.WaitForMessage("the whole order filled", m => m.Type == "8" && m[39] == "2", 0);
        }
        await Until(() => view.TryRead() is { } now && now.Hedges(Symbol).Where(h => h.State == "filled").Sum(h => h.Filled) >= 0.0199m && Math.Abs(now.Of(Symbol).Position) <= now.Of(Symbol).Band, () => Words(view), run);
        Assert.That(view.Read().Hedges(Symbol).Select(h => (h.Side, h.Exchange[^6..])).Distinct(), Is.EqualTo(new[] { ("buy", " PAPER") }));
        Assert.That(await Balances(ready["control"]), Is.EqualTo(before), "no order has left the house");
        await using (var desk = await Desk.Open(house, "bridge-live")) await desk.SeePaper();

        // Every exchange is gone: each is said to be out of reach, with pauses that grow, nothing is quoted, and the house stays up.
        foreach (var front in fronts.Values) front.Dispose();
        await Until(() => Of(view) is { } now && now.Books.All(b => !b.IsUsable) && now.Quote("bid").Price == 0 && now.Quote("ask").Price == 0, () => Words(view), run);
        var log = Path.Combine(house.Data, "log", "bridge.log");
        await Until(() => fronts.Values.All(f => Failures(log, f.Port) >= 3), () => string.Join('\n', ReadLog(log).TakeLast(30)), run);
        Assert.That(run.Lines(0), Has.None.Contain("bridge ended"));
        Assert.That(view.Read().Counts.Where(c => c.Reason == "connect_failed").Select(c => c.Exchange), Is.EquivalentTo(_exchanges.Select(e => e.Name + " PAPER")), "and the desk counts it");
        Assert.That(house.Stop(), Is.Zero, () => run.Transcript());
    }

    private static void Configure(RunningHouse house, Dictionary<string, TlsFront> fronts, TestAuthority authority)
    {
        var file = Path.Combine(house.Config, "bridge-live.cfg");
        var text = File.ReadAllText(file);
        foreach (var (name, _, socket, rest, path) in _exchanges)
        {
            foreach (var (from, to) in new[] { (socket + "\n", $"wss://localhost:{fronts[name].Port}{path}\n"), (rest + "\n", $"https://localhost:{fronts[name].Port}\n") })
            {
                Assert.That(text, Does.Contain(from));
                text = text.Replace(from, to, StringComparison.Ordinal);
            }
        }
        File.WriteAllText(file, text);
        var pem = Path.Combine(house.Config, "authority.pem");
        File.WriteAllText(pem, authority.Pem);
        var cfg = Path.Combine(house.Config, "house.cfg");
        const string bridge = "Command=dotnet liquidity-bridge/LiquidityBridge.Host";
        Assert.That(File.ReadAllText(cfg), Does.Contain(bridge));
        File.WriteAllText(cfg, File.ReadAllText(cfg).Replace(bridge, bridge.Replace("=", $"=env SSL_CERT_FILE={pem} "), StringComparison.Ordinal));
    }

    private static BridgeInstrument? Of(BridgeView view) => view.TryRead()?.Of(Symbol);

    private static string Words(BridgeView view) => view.TryRead() is not { } now ? "the bridge does not answer"
        : $"{now.Of(Symbol).WhyNotQuoted} {string.Join(", ", now.Of(Symbol).Books)} position {now.Of(Symbol).Position}, hedges {string.Join(", ", now.Hedges(Symbol))}";

    /// <summary>What the bridge's accounts own at the stand-ins.</summary>
    private static async Task<string> Balances(IPEndPoint control)
    {
        using var http = new HttpClient { DefaultRequestHeaders = { { "Authorization", "Bearer sandbox-only-control-token" } } };
        var all = new List<string>();
        foreach (var (_, sandbox, _, _, _) in _exchanges)
        {
            using var response = await http.PostAsync($"http://{control}/account", new StringContent(JsonSerializer.Serialize(new { exchange = sandbox, account = "bridge" })));
            response.EnsureSuccessStatusCode();
            all.Add(await response.Content.ReadAsStringAsync());
        }
        return string.Join('\n', all);
    }

    /// <summary>Lines that say that nobody is there.</summary>
    private static int Failures(string log, int port) => ReadLog(log).Count(l => l.Contains($"localhost:{port}", StringComparison.Ordinal) && l.Contains("refused; again in", StringComparison.OrdinalIgnoreCase));

    private static string[] ReadLog(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Split('\n');
    }

    private static async Task Until(Func<bool> condition, Func<string> words, ChildProcess run)
    {
        for (var until = DateTime.UtcNow + Patience; !condition(); await Task.Delay(50))
            if (DateTime.UtcNow > until) Assert.Fail($"{words()}\n{run.Transcript()}");
    }
}
