using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Venue.Tests.Gateway;

/// <summary>A book order by order as a client would build it from W and X messages: lists of entries, decimals as text, another CRC32.</summary>
internal sealed class ClientOrders
{
    private sealed record Entry(long Id, string Side, string Price, decimal Size);

    private readonly List<Entry> _entries = [];
    private long _rptSeq = -1;
    private bool _isInSnapshot;

    public int Snapshots { get; private set; }

    public int Increments { get; private set; }

    /// <summary>Messages without a checksum: all but the last of those that are told together.</summary>
    public int Unproven { get; private set; }

    /// <summary>Entries as they stand in their queues: "id:size@price", bids best first, then asks.</summary>
    public string Text => string.Join(' ', Queue("0")) + " / " + string.Join(' ', Queue("1"));

    private IEnumerable<string> Queue(string side) => Sorted(side).Select(e => $"{e.Id}:{e.Size.ToString(CultureInfo.InvariantCulture)}@{e.Price}");

    private IEnumerable<Entry> Sorted(string side) => _entries.Where(e => e.Side == side).OrderBy(e => (side == "0" ? -1 : 1) * decimal.Parse(e.Price, CultureInfo.InvariantCulture)).ThenBy(e => e.Id);

    /// <summary>Takes a message; fails when a number is missing, an entry makes no sense, or the checksum is wrong.</summary>
    public void Take(string message)
    {
        var fields = message.Split('|').Select(f => f.Split('=', 2)).Select(f => (Tag: f[0], Value: f[1])).ToArray();
        var rptSeq = long.Parse(fields.Single(f => f.Tag == "83").Value, CultureInfo.InvariantCulture);
        var isSnapshot = fields[0].Value == "W";
        if (isSnapshot && !_isInSnapshot) _entries.Clear();
        if (isSnapshot)
        {
            _isInSnapshot = fields.Any(f => f == ("893", "N"));
            if (!_isInSnapshot) Snapshots++;
        }
        else
        {
            Increments++;
            Assert.That((rptSeq, _isInSnapshot), Is.EqualTo((_rptSeq + 1, false)), message);
        }
        _rptSeq = rptSeq;
        foreach (var entry in Groups(fields, isSnapshot ? "269" : "279")) Step(entry, isSnapshot ? "0" : entry["279"]);
        var told = fields.Where(f => f.Tag == "8020").ToArray();
        Assert.That(told, Has.Length.LessThan(2));
        if (told.Length == 0) Unproven++;
        if (told.Length > 0) Assert.That(told[0].Value, Is.EqualTo(Checksum().ToString(CultureInfo.InvariantCulture)), message);
    }

    private static IEnumerable<Dictionary<string, string>> Groups((string Tag, string Value)[] fields, string first)
    {
        for (var i = Array.FindIndex(fields, f => f.Tag == first); i >= 0 && i < fields.Length;)
        {
            var end = Array.FindIndex(fields, i + 1, f => f.Tag == first);
            if (end < 0) end = fields.Length;
            yield return fields[i..end].ToDictionary(f => f.Tag, f => f.Value);
            i = end;
        }
    }

    private void Step(Dictionary<string, string> entry, string action)
    {
        if (entry["269"] == "2") return;
        var id = long.Parse(entry["278"], CultureInfo.InvariantCulture);
        var at = _entries.FindIndex(e => e.Id == id);
        Assert.That(at < 0, Is.EqualTo(action == "0"), $"entry {id}, action {action}");
        if (at >= 0) Assert.That((_entries[at].Side, _entries[at].Price), Is.EqualTo((entry["269"], entry["270"])), "an entry keeps side and price");
        if (action == "2") _entries.RemoveAt(at);
        else
        {
            var now = new Entry(id, entry["269"], entry["270"], decimal.Parse(entry["271"], CultureInfo.InvariantCulture));
            if (action == "0") _entries.Add(now);
            else _entries[at] = now;
        }
    }

    private uint Checksum()
    {
        var text = new StringBuilder();
        foreach (var side in new[] { "1", "0" })
            foreach (var level in Sorted(side).GroupBy(e => e.Price).Take(10))
                text.Append(level.Key.Replace(".", "").TrimStart('0')).Append(level.Sum(e => e.Size).ToString(CultureInfo.InvariantCulture).Replace(".", "").TrimStart('0'));
        return Crc32.HashToUInt32(Encoding.ASCII.GetBytes(text.ToString()));
    }
}
