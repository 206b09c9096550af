using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EndToEnd;

/// <summary>A QuickFIX program builds books from W and X, by level and by order, proves them after every message, and has what the engine has at the end.</summary>
internal sealed partial class MarketDataTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private ChildProcess _reader = null!;
    private int _settled;

    [Test]
    public void A_QuickFIX_client_rebuilds_the_books_and_proves_every_message()
    {
        var wanted = Environment.GetEnvironmentVariable("VENUE_SOAK") == "1" ? 3_000_000 : 100_000;
        using var venue = new VenueProcess();
        venue.Start(Durability.Async);
        using var reader = _reader = new ChildProcess("reader (QuickFIX)", [Places.MarketReader, "--port", $"{venue.Port}", "--sender", "MD1", "--dictionary", Places.Dictionary]);
        reader.WaitFor("LOGON", line => line == "LOGON", 0, Patience);
        foreach (var symbol in OrderFlow.Symbols) reader.Send($"watch {symbol}");
        using var flow = new OrderFlow(venue.Port, "CLIENT1", seed: 20261123);
        var started = Stopwatch.GetTimestamp();
        long increments = 0;
        while (increments < wanted)
        {
            // So many at a time that the reader is never behind: it would be left out, and get a snapshot.
            for (var i = 0; i < 50; i++) flow.Step(requests: 3);
            Settle();
            if (++_settled % 20 == 0) increments = Report()["increments"];
        }
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var report = Report();
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{string.Join(' ', report)} in {seconds:0.0} s"));
        Assert.That(report["proven"], Is.EqualTo(report["increments"] + report["snapshots"]), "every message had a checksum");
        Assert.That(report["snapshots"], Is.EqualTo(2 * OrderFlow.Symbols.Count), "one at the beginning, none for having been left out");
        Assert.That(report["trades"], Is.GreaterThan(wanted / 10));

        Settle();
        var books = OrderFlow.Symbols.ToDictionary(symbol => symbol, symbol => (Levels: Book("levels", symbol), Orders: Book("orders", symbol)));
        reader.Send("quit");
        venue.Stop();
        venue.Replay(OrderFlow.Symbols, out var engines);
        foreach (var symbol in OrderFlow.Symbols)
        {
            Assert.That(books[symbol].Orders, Is.EqualTo(engines[symbol]), symbol);
            Assert.That(books[symbol].Levels, Is.EqualTo(LevelsOf(engines[symbol])), symbol);
        }
        Assert.That(reader.Lines(0).Where(line => line.StartsWith("FAULT", StringComparison.Ordinal)), Is.Empty);
    }

    /// <summary>Everything that was sent before is here then, and is in the books.</summary>
    private void Settle()
    {
        var name = $"s{Environment.TickCount64}-{_reader.Count}";
        Ask($"settle {name}", $"SETTLED {name}");
    }

    private Dictionary<string, long> Report() =>
        Figure().Matches(Ask("report", "REPORT")).ToDictionary(m => m.Groups[1].Value, m => long.Parse(m.Groups[2].ValueSpan, CultureInfo.InvariantCulture));

    private string Book(string kind, string symbol) => Clean(Ask($"book {kind} {symbol}", $"BOOK {kind} {symbol}").Split(' ', 4)[3]);

    private string Ask(string command, string answer)
    {
        var mark = _reader.Count;
        _reader.Send(command);
        var line = _reader.WaitFor(answer, line => line.StartsWith(answer, StringComparison.Ordinal) || line.StartsWith("FAULT", StringComparison.Ordinal), mark, Patience).Text;
        Assert.That(line, Does.StartWith(answer));
        return line;
    }

    private static string Clean(string text) => string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Prices with what all orders there show together.</summary>
    private static string LevelsOf(string orders) => Clean(string.Join(" / ", orders.Split('/').Select(side => string.Join(' ', side
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(entry => entry.Split(':', '@'))
        .GroupBy(entry => entry[2])
        .Select(level => $"{level.Key}x{level.Sum(entry => long.Parse(entry[1], CultureInfo.InvariantCulture))}")))));

    [GeneratedRegex(@"(\w+)=(\d+)")]
    private static partial Regex Figure();
}
