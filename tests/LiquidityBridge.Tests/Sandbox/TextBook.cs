using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LiquidityBridge.Tests.Sandbox;

/// <summary>
/// A client's book kept from the texts of the messages alone, and its checksum by the book: written from Kraken's guide,
/// and sharing nothing with the sandbox.
/// </summary>
internal sealed class TextBook(int depth)
{
    private readonly SortedDictionary<decimal, (string Price, string Qty)> _bids = new(Comparer<decimal>.Create((a, b) => b.CompareTo(a))), _asks = [];

    public int Levels => _bids.Count + _asks.Count;

    /// <summary>Takes a snapshot or an update; true when the checksum that came with it is right.</summary>
    public bool Take(JsonElement message)
    {
        var data = message.GetProperty("data")[0];
        if (message.GetProperty("type").GetString() == "snapshot")
        {
            _bids.Clear();
            _asks.Clear();
        }
        Apply(_bids, data.GetProperty("bids"));
        Apply(_asks, data.GetProperty("asks"));
        return data.GetProperty("checksum").GetUInt32() == Checksum();
    }

    public uint Checksum()
    {
        var text = new StringBuilder();
        foreach (var side in new[] { _asks, _bids })
            foreach (var (price, qty) in side.Values.Take(10))
                text.Append(price.Replace(".", "").TrimStart('0')).Append(qty.Replace(".", "").TrimStart('0'));
        return Crc(text.ToString());
    }

    /// <summary>CRC-32 one bit at a time, by polynomial division: no table.</summary>
    public static uint Crc(string ascii)
    {
        var remainder = uint.MaxValue;
        foreach (var c in ascii)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var carry = (remainder ^ (uint)c >> bit) & 1;
                remainder >>= 1;
                if (carry == 1) remainder ^= 0xEDB88320;
            }
        }
        return remainder ^ uint.MaxValue;
    }

    public void Set(bool isBid, string price, string qty) => (isBid ? _bids : _asks)[decimal.Parse(price, CultureInfo.InvariantCulture)] = (price, qty);

    private void Apply(SortedDictionary<decimal, (string, string)> side, JsonElement levels)
    {
        foreach (var level in levels.EnumerateArray())
        {
            // The raw texts: a double would lose the trailing zeros that are part of the checksum.
            var (price, qty) = (level.GetProperty("price").GetRawText(), level.GetProperty("qty").GetRawText());
            var key = decimal.Parse(price, CultureInfo.InvariantCulture);
            if (decimal.Parse(qty, CultureInfo.InvariantCulture) == 0) side.Remove(key);
            else side[key] = (price, qty);
        }
        foreach (var worse in side.Keys.Skip(depth).ToArray()) side.Remove(worse);
    }
}
