using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Venue.Tests.Gateway;

/// <summary>A book as a client would build it from W and X messages: decimals as text, sorted dictionaries, another CRC32.</summary>
internal sealed class ClientBook
{
    private readonly SortedDictionary<decimal, string> _bids = new(Comparer<decimal>.Create((a, b) => b.CompareTo(a)));
    private readonly SortedDictionary<decimal, string> _asks = [];
    private readonly Dictionary<decimal, string> _prices = [];
    private long _rptSeq = -1;

    public int Messages { get; private set; }

    public int Snapshots { get; private set; }

    public List<string> Trades { get; } = [];

    public string Text => string.Join(' ', _bids.Select(l => $"{_prices[l.Key]}x{l.Value}")) + " / " + string.Join(' ', _asks.Select(l => $"{_prices[l.Key]}x{l.Value}"));

    /// <summary>Takes a message; fails when a number is missing, an entry makes no sense, or the checksum is wrong.</summary>
    public void Take(string message, bool isWholeBook)
    {
        Messages++;
        var fields = message.Split('|').Select(f => f.Split('=', 2)).Select(f => (Tag: f[0], Value: f[1])).ToArray();
        var rptSeq = long.Parse(fields.Single(f => f.Tag == "83").Value, CultureInfo.InvariantCulture);
        var isSnapshot = fields[0].Value == "W";
        if (isSnapshot)
        {
            Snapshots++;
            _bids.Clear();
            _asks.Clear();
        }
        else
        {
            Assert.That(rptSeq, Is.EqualTo(_rptSeq + 1), message);
        }
        _rptSeq = rptSeq;
        var first = isSnapshot ? "269" : "279";
        for (var i = Array.FindIndex(fields, f => f.Tag == first); i >= 0 && i < fields.Length;)
        {
            var end = Array.FindIndex(fields, i + 1, f => f.Tag == first);
            if (end < 0) end = fields.Length;
            Entry(fields[i..end].ToDictionary(f => f.Tag, f => f.Value), isSnapshot);
            i = end;
        }
        if (isWholeBook) Assert.That(fields.Single(f => f.Tag == "8020").Value, Is.EqualTo(Checksum().ToString(CultureInfo.InvariantCulture)), message);
    }

    private void Entry(Dictionary<string, string> entry, bool isSnapshot)
    {
        if (entry["269"] == "2")
        {
            if (!isSnapshot) Trades.Add($"{entry["278"]}:{entry["271"]}@{entry["270"]}");
            return;
        }
        var side = entry["269"] == "0" ? _bids : _asks;
        var price = decimal.Parse(entry["270"], CultureInfo.InvariantCulture);
        _prices[price] = entry["270"];
        switch (isSnapshot ? "0" : entry["279"])
        {
            case "0": side.Add(price, entry["271"]); break;
            case "1":
                Assert.That(side.ContainsKey(price) && side[price] != entry["271"], Is.True, "a change of a level that is there");
                side[price] = entry["271"];
                break;
            default: Assert.That(side.Remove(price), Is.True, "a level that is there"); break;
        }
    }

    private uint Checksum()
    {
        var text = new StringBuilder();
        foreach (var side in new[] { _asks, _bids })
            foreach (var (price, size) in side.Take(10))
                text.Append(_prices[price].Replace(".", "").TrimStart('0')).Append(size.Replace(".", "").TrimStart('0'));
        return Crc32.HashToUInt32(Encoding.ASCII.GetBytes(text.ToString()));
    }
}
