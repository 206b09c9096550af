using System.Buffers.Text;

namespace LiquidityBridge.Exchanges.Okx;

/// <summary>
/// The CRC-32 of the books channel (docs-v5, "Checksum"): the 25 best levels of each side in turn, bid first, each as
/// price:size, as a signed number.
/// </summary>
/// <remarks>The text is that of the messages: OKX prints numbers without zeros at their end.</remarks>
internal static class OkxChecksum
{
    private const int Levels = 25;
    private const int TextMax = 48;   // two numbers of at most 19 digits, with their points, zeros before them, and colons

    /// <summary>Of a book whose levels are in units of 10^-decimals.</summary>
    public static int Of(LevelBook book, int priceDecimals, int quantityDecimals)
    {
        var crc = uint.MaxValue;
        var isFirst = true;
        for (var i = 0; i < Levels; i++)
        {
            if (i < book.Bids.Count) crc = Add(crc, book.Bids[i], priceDecimals, quantityDecimals, ref isFirst);
            if (i < book.Asks.Count) crc = Add(crc, book.Asks[i], priceDecimals, quantityDecimals, ref isFirst);
        }
        return (int)~crc;
    }

    private static uint Add(uint crc, Level level, int priceDecimals, int quantityDecimals, ref bool isFirst)
    {
        Span<byte> text = stackalloc byte[2 * TextMax];
        var length = 0;
        if (!isFirst) text[length++] = (byte)':';
        isFirst = false;
        length += Write(text[length..], level.Price, priceDecimals);
        text[length++] = (byte)':';
        length += Write(text[length..], level.Quantity, quantityDecimals);
        return Crc32.Add(crc, text[..length]);
    }

    /// <summary>units / 10^decimals without zeros at its end; the number of bytes written.</summary>
    private static int Write(Span<byte> to, long units, int decimals)
    {
        for (; decimals > 0 && units % 10 == 0; decimals--) units /= 10;
        Span<byte> digits = stackalloc byte[TextMax];
        Utf8Formatter.TryFormat(units, digits, out var count);
        if (decimals == 0)
        {
            digits[..count].CopyTo(to);
            return count;
        }
        var length = 0;
        var whole = Math.Max(0, count - decimals);
        if (whole == 0) to[length++] = (byte)'0';
        digits[..whole].CopyTo(to[length..]);
        length += whole;
        to[length++] = (byte)'.';
        for (var zeros = decimals - count; zeros > 0; zeros--) to[length++] = (byte)'0';
        digits[whole..count].CopyTo(to[length..]);
        return length + count - whole;
    }
}
