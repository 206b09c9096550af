namespace LiquidityBridge.Exchanges;

/// <summary>The standard CRC-32 (IEEE 802.3, reflected): of "123456789" it is 0xCBF43926.</summary>
public static class Crc32
{
    private static readonly uint[] Table = Enumerable.Range(0, 256).Select(Entry).ToArray();

    /// <summary>Of all bytes at once.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Add(uint.MaxValue, bytes);

    /// <summary>Of bytes in parts: begin with <see cref="uint.MaxValue"/>, give each result to the next call, invert the last.</summary>
    public static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes) crc = Table[(byte)(crc ^ b)] ^ crc >> 8;
        return crc;
    }

    private static uint Entry(int value)
    {
        var crc = (uint)value;
        for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
        return crc;
    }
}
