using LiquidityBridge.Exchanges.Fix;
using LiquidityBridge.Exchanges.Kraken;
using LiquidityBridge.Exchanges.Okx;
using LiquidityBridge.Host;
using LiquidityBridge.Tests.Sandbox;

namespace LiquidityBridge.Tests.Host;

internal sealed class ConfigTests
{
    private static readonly string Sample = Places.Path("fix-config/bridge.cfg");
    private static readonly Dictionary<string, string> NoEnvironment = [];

    private string _folder = "";

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("bridge-config").FullName;
        File.WriteAllText(Path.Combine(_folder, "tokens"), "# comment\nfeed AAA\nbridge BBB\n");
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    private BridgeConfig Read(string from, string to, out List<string> faults, Dictionary<string, string>? environment = null)
    {
        var path = Path.Combine(_folder, "bridge.cfg");
        var text = File.ReadAllText(Sample);
        Assert.That(text, Does.Contain(from));
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
        foreach (var file in new[] { "fix-config/VENUE44.xml", "liquidity-bridge/LiquidityBridge.Sandbox/Fix/SANDBOX44.xml" }) File.Copy(Places.Path(file), Path.Combine(_folder, Path.GetFileName(file)), overwrite: true);
        File.WriteAllText(path, File.ReadAllText(path).Replace("../liquidity-bridge/LiquidityBridge.Sandbox/Fix/SANDBOX44.xml", "SANDBOX44.xml", StringComparison.Ordinal));
        faults = [];
        return BridgeConfig.Read(new HostOptions { Config = path, FeedTokenFile = Path.Combine(_folder, "tokens") }, environment ?? NoEnvironment, faults);
    }

    [Test]
    public void The_sample_is_right()
    {
        var config = Read("Firm=HOUSE-BRIDGE", "Firm=HOUSE-BRIDGE", out var faults);
        Assert.That(faults, Is.Empty);
        var btc = config.Core.Instruments[0];
        Assert.Multiple(() =>
        {
            Assert.That((btc.PriceDecimals, btc.QuantityDecimals), Is.EqualTo((2, 8)), "the finest of the venue and all markets");
            Assert.That((btc.VenueTick, btc.VenueLot), Is.EqualTo((10, 1000)));
            Assert.That((btc.Markets[0].Tick, btc.Markets[0].Lot, btc.Markets[0].Min), Is.EqualTo((1, 1, 5000)));
            Assert.That(config.Venue.FeedToken, Is.EqualTo("BBB"));
            Assert.That(config.Exchanges.Select(e => e.Name), Is.EqualTo(new[] { "kraken", "fixex" }));
        });
    }

    [Test]
    public void The_live_sample_is_right_needs_no_key_and_is_marked_as_paper()
    {
        var faults = new List<string>();
        var config = BridgeConfig.Read(new HostOptions { Config = Places.Path("fix-config/bridge-live.cfg"), FeedTokenFile = Path.Combine(_folder, "tokens") }, NoEnvironment, faults);
        Assert.That(faults, Is.Empty);
        Assert.Multiple(() =>
        {
            Assert.That(config.Core.Exchanges, Is.EqualTo(new[] { "kraken PAPER", "binance PAPER", "okx PAPER", "coinbase PAPER" }));
            Assert.That(config.Exchanges.All(e => e.IsPaper), Is.True);
            Assert.That(config.Core.Instruments.Select(i => i.Markets.Count), Is.EqualTo(new[] { 4, 4 }));
            Assert.That(((KrakenEndPoints)config.Exchanges[0].EndPoints).PublicSocket.ToString(), Is.EqualTo("wss://ws.kraken.com/v2"));
        });
    }

    [Test]
    public void A_dialect_is_read()
    {
        var config = Read("TargetCompID=SANDBOX", "TargetCompID=SANDBOX\nResetOnLogon=Y\nLogonFields=25035=1 9406=N\nOrderFields=1=HOUSE\nSignature=hmac-sha256\nSignatureOver=52,35,34,49,56,5025\nSignatureNonceTag=5025\nSignatureTag=554\nSignatureForm=hex\nSignatureSecret=abc", out var faults);
        Assert.That(faults, Is.Empty);
        var fix = (FixConfig)config.Exchanges[1].EndPoints;
        Assert.Multiple(() =>
        {
            Assert.That(fix.Session.ResetOnLogon, Is.True);
            Assert.That(fix.Dialect.LogonFields, Is.EqualTo(new[] { new FixField(25035, "1"), new FixField(9406, "N") }));
            Assert.That(fix.Dialect.OrderFields, Is.EqualTo(new[] { new FixField(1, "HOUSE") }));
            Assert.That(fix.Dialect.Signature!.Signed, Is.EqualTo(new[] { 52, 35, 34, 49, 56, 5025 }));
            Assert.That((fix.Dialect.Signature.Tag, fix.Dialect.Signature.NonceTag, fix.Dialect.Signature.IsHex, fix.Dialect.Signature.Secret.Count), Is.EqualTo((554, 5025, true, 3)));
        });
    }

    [TestCase("TargetCompID=SANDBOX", "TargetCompID=SANDBOX\nOrderFields=35=D", "the session writes that tag itself")]
    [TestCase("TargetCompID=SANDBOX", "TargetCompID=SANDBOX\nSignature=md5\nSignatureOver=52\nSignatureSecret=x", "Signature=md5 is none of")]
    [TestCase("TargetCompID=SANDBOX", "TargetCompID=SANDBOX\nSignature=sha256\nSignatureOver=60\nSignatureSecret=x", "SignatureOver: 60 is none of")]
    [TestCase("TargetCompID=SANDBOX", "TargetCompID=SANDBOX\nSignature=ed25519\nSignatureOver=52\nSignatureSecret=AAAA", "SignatureSecret is not 32 bytes")]
    [TestCase("Type=kraken", "Type=kraken\nTrading=maybe", "Trading=maybe is neither real nor paper")]
    [TestCase("Exchange=fixex", "Exchange=fixex\nQuoteSizes=1 5", "Amounts is not full")]
    [TestCase("Firm=HOUSE-BRIDGE", "", "Firm is missing")]
    [TestCase("DrawdownMax=50000", "DrawdownMax=-1", "DrawdownMax=-1 is not a positive amount")]
    [TestCase("ReportingAsset=USDC", "ReportingAsset=EUR", "is quoted in USDC, not in EUR")]
    [TestCase("Asset=ETH", "Asset=DOGE", "no [LIMIT] for ETH")]
    [TestCase("Soft=5\n", "Soft=50\n", "Soft is above Hard")]
    [TestCase("Type=fix", "Type=carrier-pigeon", "Type=carrier-pigeon is none of")]
    [TestCase("PublicSocket=ws://127.0.0.1:9880/v2", "PublicSocket=ftp://x", "begins with ws:// or wss://")]
    [TestCase("Feed=http://127.0.0.1:9879", "Feed=nowhere", "Feed=nowhere is not an address")]
    [TestCase("DataDictionary=VENUE44.xml", "DataDictionary=NONE.xml", "does not exist")]
    [TestCase("TickSize=0.1\n", "TickSize=0.10000000000000000000001\n", "TickSize")]
    [TestCase("TakerFeePpm=2600", "TakerFeePpm=x", "TakerFeePpm=x is not a whole number")]
    [TestCase("[LIMIT]\nAsset=ETH", "[LIMITS]\nAsset=ETH", "[LIMITS] is not a section")]
    [TestCase("HedgeAttempts=3", "HedgeAtempts=3", "'HedgeAtempts' is not a setting of [INSTRUMENT]")]
    [TestCase("Exchange=fixex", "Exchange=nobody", "Exchange=nobody is not an [EXCHANGE]")]
    [TestCase("ApiKey=SANDBOX-ONLY-KEY-BRIDGE", "ApiKey=env:NOT_THERE", "the environment has no NOT_THERE")]
    [TestCase("Name=fixex", "Name=kraken", "two exchanges are called kraken")]
    public void A_fault_is_named(string from, string to, string expected)
    {
        Read(from, to, out var faults);
        Assert.That(faults, Has.Some.Contains(expected));
    }

    [Test]
    public void All_faults_are_told_at_once()
    {
        Read("MinQty=0.00001\n", "MinQty=zero\nNonsense=1\n", out var faults);
        Assert.That(faults, Has.Count.EqualTo(2));
        Assert.That(faults, Has.Some.Contains("Nonsense").And.Some.Contains("MinQty=zero"));
    }

    [Test]
    public void OKX_is_reached_by_its_addresses_and_a_key_of_three_parts()
    {
        var config = Read("Type=kraken\n", "Type=okx\nPassphrase=p\n", out var faults);
        Assert.That(faults, Is.Empty);
        var okx = (OkxEndPoints)config.Exchanges[0].EndPoints;
        Assert.That((okx.PublicSocket.ToString(), okx.Key.ApiKey, okx.Key.Passphrase), Is.EqualTo(("ws://127.0.0.1:9880/v2", "SANDBOX-ONLY-KEY-BRIDGE", "p")));
    }

    [TestCase("Secret=PEM\n", null)]
    [TestCase("Secret=nonsense\n", "Secret is not a P-256 private key in PEM")]
    public void Coinbase_is_reached_by_its_addresses_and_a_private_key(string secret, string? fault)
    {
        var pem = CoinbaseClient.Pem(CoinbaseClient.Secret).Replace("\n", "\\n", StringComparison.Ordinal);
        Read("Type=kraken\nPublicSocket=ws://127.0.0.1:9880/v2\nPrivateSocket=ws://127.0.0.1:9880/auth/v2\nRest=http://127.0.0.1:9880\nApiKey=SANDBOX-ONLY-KEY-BRIDGE\nSecret=c2FuZGJveC1vbmx5LXNlY3JldC1vZi10aGUtYnJpZGdlLW5vdC1hLXJlYWwta2V5\n",
            "Type=coinbase\nMarketSocket=ws://127.0.0.1:1/ws\nUserSocket=ws://127.0.0.1:1/user\nRest=http://127.0.0.1:1\nApiKey=k\n" + secret.Replace("PEM", pem, StringComparison.Ordinal), out var faults);
        Assert.That(faults, fault is null ? Is.Empty : Has.Some.Contains(fault));
    }

    [Test]
    public void A_secret_can_come_from_the_environment()
    {
        var config = Read("ApiKey=SANDBOX-ONLY-KEY-BRIDGE", "ApiKey=env:KRAKEN_KEY", out var faults, new Dictionary<string, string> { ["KRAKEN_KEY"] = "k" });
        Assert.That(faults, Is.Empty);
        Assert.That(((KrakenEndPoints)config.Exchanges[0].EndPoints).ApiKey, Is.EqualTo("k"));
    }

    [Test]
    public void The_command_line_wins_over_the_environment()
    {
        var faults = new List<string>();
        var options = HostOptions.Read(new Dictionary<string, string> { ["Data"] = "a", ["Config"] = Sample }, new Dictionary<string, string> { ["BRIDGE_DATA"] = "b", ["BRIDGE_VENUE_PORT"] = "123" }, faults);
        Assert.That(faults, Is.Empty);
        Assert.That((options.Data, options.VenuePort), Is.EqualTo(("a", 123)));
    }

    [Test]
    public void Every_option_has_its_three_names()
    {
        Assert.That(HostOptions.All.Select(o => o.Name), Is.EquivalentTo(typeof(HostOptions).GetProperties().Where(p => p.GetMethod!.IsStatic is false && p.Name != "EqualityContract").Select(p => p.Name)));
        Assert.That((HostOptions.Flag("FeedTokenFile"), HostOptions.Variable("FeedTokenFile")), Is.EqualTo(("feed-token-file", "BRIDGE_FEED_TOKEN_FILE")));
    }

    [Test]
    public void What_cannot_be_used_is_refused()
    {
        var faults = new List<string>();
        HostOptions.Read(new Dictionary<string, string> { ["Config"] = "/nowhere.cfg", ["Data"] = " ", ["VenuePort"] = "99999" }, NoEnvironment, faults);
        Assert.That(faults, Has.Count.EqualTo(3));
    }
}
