using System.Globalization;
using System.Text;

namespace LiquidityBridge.Sandbox.Kraken;

/// <summary>
/// The checksum of Kraken's book channel: CRC-32 (IEEE) over the ten best levels, asks first, each level as the digits
/// of price and quantity without point and leading zeros.
/// </summary>
/// <remarks>docs.kraken.com, guide "Book checksum v2". Prices and quantities are whole numbers here, so their digits are that text already.</remarks>
internal static class Checksum
{
    private const int LevelsMax = 10;

    private static readonly uint[] _table = Table();

    /// <summary>The checksum of a book, best levels first on both sides; fewer than ten count as they are.</summary>
    public static uint Of(IReadOnlyList<(long Ticks, long Lots)> bids, IReadOnlyList<(long Ticks, long Lots)> asks)
    {
        var text = new StringBuilder();
        foreach (var side in new[] { asks, bids })
            for (var n = 0; n < Math.Min(side.Count, LevelsMax); n++)
                text.Append(CultureInfo.InvariantCulture, $"{side[n].Ticks}{side[n].Lots}");
        return Crc32(Encoding.ASCII.GetBytes(text.ToString()));
    }

    /// <summary>CRC-32 with the reflected polynomial 0xEDB88320, begun and ended with all ones.</summary>
    public static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes) crc = _table[(byte)(crc ^ b)] ^ crc >> 8;
        return ~crc;
    }

    private static uint[] Table()
    {
        var table = new uint[256];
        for (uint n = 0; n < 256; n++)
        {
            var value = n;
            for (var bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? value >> 1 ^ 0xEDB88320 : value >> 1;
            table[n] = value;
        }
        return table;
    }
}
