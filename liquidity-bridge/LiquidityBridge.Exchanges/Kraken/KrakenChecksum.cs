using System.Buffers.Text;

namespace LiquidityBridge.Exchanges.Kraken;

/// <summary>The CRC-32 that Kraken puts on every book message (docs.kraken.com, "Book checksum", WebSocket v2).</summary>
/// <remarks>
/// Over the ten best levels of each side, asks first, best first: the digits of the price and of the quantity at the
/// pair's precision, without the point and leading zeros. A scaled integer's digits are just that.
/// </remarks>
internal static class KrakenChecksum
{
    private const int Levels = 10;
    private const int DigitsMax = 20;

    /// <summary>Of a book whose levels are in units of the pair's precisions.</summary>
    public static uint Of(LevelBook book) => ~Add(Add(uint.MaxValue, book.Asks), book.Bids);

    private static uint Add(uint crc, IReadOnlyList<Level> levels)
    {
        Span<byte> digits = stackalloc byte[DigitsMax];
        for (var i = 0; i < levels.Count && i < Levels; i++)
        {
            Utf8Formatter.TryFormat(levels[i].Price, digits, out var length);
            crc = Crc32.Add(crc, digits[..length]);
            Utf8Formatter.TryFormat(levels[i].Quantity, digits, out length);
            crc = Crc32.Add(crc, digits[..length]);
        }
        return crc;
    }
}
