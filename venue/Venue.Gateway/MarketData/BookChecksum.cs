using System.Buffers.Text;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>
/// CRC32 over the ten best levels of each side, by Kraken's rule: asks first, best first, then bids; of each level the price's
/// digits without point and leading zeros, then the quantity's.
/// </summary>
public static class BookChecksum
{
    private const int LevelsMax = 10;
    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum of the book as it stands, in the decimals that it is published with.</summary>
    public static uint Of(DepthBook book, in DefineInstrument terms)
    {
        var crc = uint.MaxValue;
        foreach (var side in (ReadOnlySpan<Side>)[Side.Sell, Side.Buy])
            for (var n = 0; n < Math.Min(book.Count(side), LevelsMax); n++)
            {
                var (ticks, lots) = book[side, n];
                Add(ref crc, ticks, terms.TickMantissa);
                Add(ref crc, lots, terms.LotMantissa);
            }
        return ~crc;
    }

    // The published decimals are those of tick and lot, so the digits are the mantissa's.
    private static void Add(ref uint crc, long units, long mantissa)
    {
        Span<byte> digits = stackalloc byte[40];
        int length;
        if (mantissa == 1) Utf8Formatter.TryFormat(units, digits, out length);
        else ((Int128)units * mantissa).TryFormat(digits, out length);
        for (var i = 0; i < length; i++) crc = Table[(byte)(crc ^ digits[i])] ^ (crc >> 8);
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            table[i] = crc;
        }
        return table;
    }
}
