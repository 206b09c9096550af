using System.Globalization;
using System.Text;
using LiquidityBridge.Sandbox.Kraken;

namespace LiquidityBridge.Tests.Sandbox;

public class ChecksumTests
{
    private const uint Documented = 3310070434;

    private static readonly (string Price, string Qty)[] _asks =
    [
        ("45285.2", "0.00100000"), ("45286.4", "1.54571953"), ("45286.6", "1.54571109"), ("45289.6", "1.54560911"), ("45290.2", "0.15890660"),
        ("45291.8", "1.54553491"), ("45294.7", "0.04454749"), ("45296.1", "0.35380000"), ("45297.5", "0.09945542"), ("45299.5", "0.18772827"),
    ];

    private static readonly (string Price, string Qty)[] _bids =
    [
        ("45283.5", "0.10000000"), ("45283.4", "1.54582015"), ("45282.1", "0.10000000"), ("45281.0", "0.10000000"), ("45280.3", "1.54592586"),
        ("45279.0", "0.07990000"), ("45277.6", "0.03310103"), ("45277.5", "0.30000000"), ("45277.3", "1.54602737"), ("45276.6", "0.15445238"),
    ];

    [Test]
    public void The_documented_book_has_the_documented_checksum() =>
        Assert.That(Checksum.Of(Scaled(_bids), Scaled(_asks)), Is.EqualTo(Documented));

    [Test]
    public void The_tests_own_way_gives_the_same()
    {
        var book = new TextBook(10);
        foreach (var (price, qty) in _bids) book.Set(true, price, qty);
        foreach (var (price, qty) in _asks) book.Set(false, price, qty);
        Assert.That(book.Checksum(), Is.EqualTo(Documented));
    }

    [Test]
    public void Levels_beyond_the_tenth_do_not_count() =>
        Assert.That(Checksum.Of([.. Scaled(_bids), (1, 1)], [.. Scaled(_asks), (9_999_999, 1)]), Is.EqualTo(Documented));

    [TestCase("", 0u)]
    [TestCase("123456789", 0xCBF43926u)]
    public void Crc_32_has_its_check_value(string text, uint expected) => Assert.Multiple(() =>
    {
        Assert.That(Checksum.Crc32(Encoding.ASCII.GetBytes(text)), Is.EqualTo(expected));
        Assert.That(TextBook.Crc(text), Is.EqualTo(expected));
    });

    private static List<(long, long)> Scaled(IEnumerable<(string Price, string Qty)> levels) =>
        [.. levels.Select(l => (Digits(l.Price), Digits(l.Qty)))];

    private static long Digits(string text) => long.Parse(text.Replace(".", ""), CultureInfo.InvariantCulture);
}
