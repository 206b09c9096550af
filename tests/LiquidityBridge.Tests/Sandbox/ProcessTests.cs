using LiquidityBridge.Sandbox;

namespace LiquidityBridge.Tests.Sandbox;

public class ProcessTests
{
    private static string Program => Path.Combine(Places.Root, "liquidity-bridge", "LiquidityBridge.Sandbox", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "sandbox.dll");

    [Test]
    public async Task Says_when_it_is_ready_and_stops_cleanly()
    {
        using var process = new LineProcess("dotnet", Program, "--seed", "4");
        var ready = process.WaitFor(l => l.StartsWith("READY", StringComparison.Ordinal));
        Assert.That(ready, Does.Match(@"^READY kraken=127\.0\.0\.1:\d+( [a-z-]+=127\.0\.0\.1:\d+)+ control=127\.0\.0\.1:\d+$"));
        using var http = new HttpClient();
        var port = ready.Split(' ')[1]["kraken=".Length..];
        Assert.That(await http.GetStringAsync($"http://{port}/0/public/SystemStatus"), Does.Contain("\"online\""));
        Assert.That(process.Terminate(), Is.Zero);
        Assert.That(process.Lines()[^1], Is.EqualTo("Stopped."));
    }

    [TestCase("--fix-port", "70000")]
    [TestCase("--seed", "-1")]
    [TestCase("--colour", "red")]
    [TestCase("--seed")]
    public void A_wrong_command_line_is_refused(params string[] arguments)
    {
        Options.Read(arguments, out var fault);
        Assert.That(fault, Does.Contain(arguments[0]));
    }

    [TestCase("StartPrice=3000", "StartPrice=cheap", "StartPrice is not a positive number of at most 2 decimals")]
    [TestCase("QtyDecimals=8\nMinQty=0.001", "QtyDecimals=9\nMinQty=0.001", "QtyDecimals is not a number from 0 to 8")]
    [TestCase("Exchange=fix\nSymbol=BTC-USD\n", "Exchange=nyse\nSymbol=BTC-USD\n", "Exchange=nyse is none of")]
    [TestCase("TargetCompID=BRIDGE\nAccount=bridge", "TargetCompID=BRIDGE\nAccount=nobody", "Account=nobody is not an [ACCOUNT] of Exchange=fix")]
    [TestCase("Token=sandbox-only-control-token", "Token=", "[CONTROL] Token is missing")]
    [TestCase("[CONTROL]", "[KONTROL]", "[KONTROL] is not a section here")]
    public void A_fault_in_the_settings_is_named(string from, string to, string expected)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "sandbox.cfg"));
        Assert.That(text, Does.Contain(from));
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text.Replace(from, to));
            Assert.That(Settings.Read(file).Faults, Has.Some.Contains(expected));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
