using System.Collections.Concurrent;
using System.Globalization;
using LiquidityBridge.Exchanges;
using LiquidityBridge.Tests.Sandbox;

namespace LiquidityBridge.Tests.Exchanges;

/// <summary>
/// The true book of one instrument of a stand-in exchange over time, and what an adapter claimed of it. The market moves
/// only when it is stepped from here, so that every book that ever was is known.
/// </summary>
internal sealed class Truth(RunningSandbox sandbox, string exchange, string symbol, int priceDecimals, int quantityDecimals, int depth, long ageMaxNs = long.MaxValue)
{
    private readonly List<(long FromNs, string Book)> _books = [];
    private readonly ConcurrentQueue<(long AtNs, BookState State, string Book)> _claims = new();

    /// <summary>The adapter's inbox.</summary>
    public void On(Input input)
    {
        if (input is BookImage image) _claims.Enqueue((Clock.NowNs(), image.State, Text(image.Bids, image.Asks)));
    }

    /// <summary>What the adapter claims now; a book that stands still for longer than it may is stale, as the core has it.</summary>
    public (BookState State, string Book) Claim => _claims.LastOrDefault() is not { Book: not null } last ? (BookState.Disconnected, "")
        : (last.State == BookState.Live && Clock.NowNs() > UntilNs(last.AtNs) ? BookState.Stale : last.State, last.Book);

    /// <summary>How long a claim of then is good, if nothing follows it.</summary>
    private long UntilNs(long atNs) => ageMaxNs == long.MaxValue ? long.MaxValue : atNs + ageMaxNs;

    /// <summary>What is true now.</summary>
    public string Now => _books[^1].Book;

    /// <summary>True when the adapter claims a live book, and it is the true one.</summary>
    public bool IsShown => Claim is { State: BookState.Live } claim && claim.Book == Now;

    /// <summary>The market's next step.</summary>
    public async Task Step()
    {
        await sandbox.Do("step", new { count = 1 });
        await Look();
    }

    /// <summary>Notes the book as it is.</summary>
    public async Task Look()
    {
        var depthNow = await sandbox.Do("depth", new { exchange, symbol, levels = depth });
        var book = Text(Read(depthNow.GetProperty("bids").GetString()!), Read(depthNow.GetProperty("asks").GetString()!));
        if (_books.Count == 0 || _books[^1].Book != book) _books.Add((Clock.NowNs(), book));
    }

    /// <summary>Moves the market for so long, a step each 20 ms.</summary>
    public async Task Run(int milliseconds)
    {
        for (var until = Environment.TickCount64 + milliseconds; Environment.TickCount64 < until; await Task.Delay(20)) await Step();
    }

    /// <summary>Moves the market until the adapter shows the true book again; the milliseconds that it took.</summary>
    public async Task<long> Recovery(int patienceMs = 30_000)
    {
        var begin = Environment.TickCount64;
        while (true)
        {
            await Step();
            // Between two steps the feed has the time to say what the last one did.
            for (var wait = Environment.TickCount64 + 400; Environment.TickCount64 < wait; await Task.Delay(5))
                if (IsShown) return Environment.TickCount64 - begin;
            if (Environment.TickCount64 - begin > patienceMs) throw new AssertionException($"not live again after {patienceMs} ms: {Claim.State}");
        }
    }

    /// <summary>
    /// Every claim of a live book was true: it showed a book that was, none older than one shown before, and for no longer
    /// than <paramref name="lagMs"/> after that book was no more.
    /// </summary>
    /// <param name="lagMs">How long after its truth a claim may last.</param>
    /// <param name="untrueMs">How long a claim may show what never was: above 0 where a lost change has no number by which it is missed.</param>
    /// <returns>How many claims there were.</returns>
    public int Check(long lagMs, long untrueMs = 0)
    {
        var claims = _claims.ToArray();
        var (from, live) = (0, 0);
        long untrueSinceNs = 0;
        for (var i = 0; i < claims.Length; i++)
        {
            if (claims[i].State != BookState.Live) continue;
            live++;
            var at = _books.FindIndex(from, b => b.Book == claims[i].Book);
            if (at < 0 && untrueMs > 0)
            {
                if (untrueSinceNs == 0) untrueSinceNs = claims[i].AtNs;
                Assert.That(((i + 1 < claims.Length ? claims[i + 1].AtNs : Clock.NowNs()) - untrueSinceNs) / 1_000_000, Is.LessThanOrEqualTo(untrueMs), $"claim {i} of {claims.Length} shows what never was, and it was not found out");
                continue;
            }
            untrueSinceNs = 0;
            Assert.That(at, Is.Not.Negative, $"claim {i} of {claims.Length} shows a book that never was, or was before: {claims[i].Book}\nthen true:\n{string.Join('\n', _books.Skip(from).Take(5).Select(b => b.Book))}");
            from = at;
            // The same book may have been there more than once.
            var last = _books.FindLastIndex(b => b.FromNs <= claims[i].AtNs && b.Book == claims[i].Book);
            var goneNs = Math.Max(at, last) + 1 < _books.Count ? _books[Math.Max(at, last) + 1].FromNs : long.MaxValue;
            var untilNs = Math.Min(i + 1 < claims.Length ? claims[i + 1].AtNs : Clock.NowNs(), UntilNs(claims[i].AtNs));
            if (goneNs != long.MaxValue) Assert.That((untilNs - goneNs) / 1_000_000, Is.LessThanOrEqualTo(lagMs), $"claim {i} of {claims.Length} was no longer true and still made");
        }
        return live;
    }

    private static string Text(IEnumerable<Level> bids, IEnumerable<Level> asks) =>
        $"{string.Join(' ', bids.Select(l => $"{l.Quantity}@{l.Price}"))} | {string.Join(' ', asks.Select(l => $"{l.Quantity}@{l.Price}"))}";

    private IEnumerable<Level> Read(string levels) => levels.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('@')).Select(l => new Level(Scaled(l[1], priceDecimals), Scaled(l[0], quantityDecimals)));

    private static long Scaled(string text, int decimals) => (long)(decimal.Parse(text, CultureInfo.InvariantCulture) * (decimal)Math.Pow(10, decimals));
}
