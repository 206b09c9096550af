using System.Text;
using System.Text.Json;
using LiquidityBridge.Sandbox.Kraken;
using LiquidityBridge.Sandbox.Market;
using Venue.Messages;

namespace LiquidityBridge.Sandbox.Okx;

/// <summary>What the books channel of one instrument has told so far, and the chain of its sequence numbers.</summary>
internal sealed class OkxBook(Exchange exchange, Instrument instrument)
{
    private const int DepthMax = 400, ChecksumLevels = 25;
    private const long PublishEveryNs = 100_000_000, QuietNs = 60_000_000_000;

    private readonly DepthView _view = new(exchange, instrument, DepthMax);
    private (IReadOnlyList<(long, long)> Bids, IReadOnlyList<(long, long)> Asks, long SeqId) _before = ([], [], 0);
    private long _seqId = 1000, _publishedNs, _crossedTicks;

    /// <summary>The instrument.</summary>
    public Instrument Instrument { get; } = instrument;

    /// <summary>Something changed since the last message.</summary>
    public bool IsDirty { get; set; } = true;

    /// <summary>Number of the last message.</summary>
    public long SeqId => _seqId;

    /// <summary>True when the next message may go: changes are gathered for 100 ms, a quiet book tells so once a minute.</summary>
    public bool IsDue(long nowNs) => nowNs - _publishedNs >= (IsDirty || _crossedTicks != 0 ? PublishEveryNs : QuietNs);

    /// <summary>Takes the book as it is without telling: nobody is there to be told.</summary>
    public void Advance(long nowNs)
    {
        if (!IsDirty) return;
        IsDirty = false;
        _before = (_view.Bids, _view.Asks, _seqId);
        if (_view.Advance().Count > 0) Step(nowNs);
    }

    /// <summary>The first message of a subscription; <paramref name="isOld"/> for the state before the last message.</summary>
    public byte[] Snapshot(bool isOld) => isOld
        ? Message("snapshot", _before.Bids, _before.Asks, -1, _before.SeqId, Checksum(_before.Bids, _before.Asks))
        : Message("snapshot", _view.Bids, _view.Asks, -1, _seqId, Checksum(_view.Bids, _view.Asks));

    /// <summary>The next message: what changed since the last one, or that nothing did.</summary>
    public byte[] Update(Faults faults, long nowNs)
    {
        IsDirty = false;
        _before = (_view.Bids, _view.Asks, _seqId);
        var told = _view.Advance();
        var previous = _seqId;
        List<(long Ticks, long Lots)> bids = [.. Side(told, Venue.Messages.Side.Buy)], asks = [.. Side(told, Venue.Messages.Side.Sell)];
        if (_crossedTicks != 0)
        {
            bids.Add((_crossedTicks, 0));
            _crossedTicks = 0;
        }
        else if (_view.Asks.Count > 0 && faults.Take(FaultKind.BookCrossed))
        {
            _crossedTicks = _view.Asks[0].Ticks + 1;
            bids.Add((_crossedTicks, Instrument.MinLots));
        }
        _publishedNs = nowNs;
        if (bids.Count + asks.Count > 0) Step(nowNs);
        var checksum = Checksum(_crossedTicks == 0 ? _view.Bids : [(_crossedTicks, Instrument.MinLots), .. _view.Bids], _view.Asks);
        if (faults.Take(FaultKind.WrongChecksum)) checksum ^= 1;
        return Message("update", bids, asks, previous, _seqId, checksum);
    }

    /// <summary>For REST: the book as it is now, whatever the channel has told.</summary>
    public void Write(Utf8JsonWriter w, int depth, long nowNs)
    {
        var view = new DepthView(exchange, Instrument, depth);
        view.Advance();
        w.WriteStartObject();
        Levels(w, "asks", view.Asks);
        Levels(w, "bids", view.Bids);
        w.WriteString("ts", OkxText.Ms(nowNs));
        w.WriteNumber("seqId", _seqId);
        w.WriteEndObject();
    }

    /// <summary>docs-v5, "Checksum": the 25 best levels in turn, bid first, each as price:size; CRC-32 as a signed number.</summary>
    public static int Checksum(Instrument instrument, IReadOnlyList<(long Ticks, long Lots)> bids, IReadOnlyList<(long Ticks, long Lots)> asks)
    {
        var text = new StringBuilder();
        for (var n = 0; n < ChecksumLevels; n++)
            foreach (var side in new[] { bids, asks })
                if (n < side.Count) text.Append(text.Length == 0 ? "" : ":").Append(instrument.Px(side[n].Ticks)).Append(':').Append(instrument.Sz(side[n].Lots));
        return (int)Kraken.Checksum.Crc32(Encoding.ASCII.GetBytes(text.ToString()));
    }

    private int Checksum(IReadOnlyList<(long, long)> bids, IReadOnlyList<(long, long)> asks) => Checksum(Instrument, bids, asks);

    // Live ids jump by arbitrary amounts: nobody may count on a step of one.
    private void Step(long nowNs)
    {
        _publishedNs = nowNs;
        _seqId += 3 + _seqId % 11;
    }

    private byte[] Message(string action, IEnumerable<(long, long)> bids, IEnumerable<(long, long)> asks, long previous, long seqId, int checksum) => Json.Object(w =>
    {
        w.WriteStartObject("arg");
        w.WriteString("channel", "books");
        w.WriteString("instId", Instrument.Symbol);
        w.WriteEndObject();
        w.WriteString("action", action);
        w.WriteStartArray("data");
        w.WriteStartObject();
        Levels(w, "asks", asks);
        Levels(w, "bids", bids);
        w.WriteString("ts", OkxText.Ms(_publishedNs));
        w.WriteNumber("checksum", checksum);
        w.WriteNumber("prevSeqId", previous);
        w.WriteNumber("seqId", seqId);
        w.WriteEndObject();
        w.WriteEndArray();
    });

    private void Levels(Utf8JsonWriter w, string name, IEnumerable<(long Ticks, long Lots)> levels)
    {
        w.WriteStartArray(name);
        foreach (var (ticks, lots) in levels)
        {
            w.WriteStartArray();
            w.WriteStringValue(Instrument.Px(ticks));
            w.WriteStringValue(Instrument.Sz(lots));
            w.WriteStringValue("0");
            w.WriteStringValue(lots == 0 ? "0" : "1");
            w.WriteEndArray();
        }
        w.WriteEndArray();
    }

    private static IEnumerable<(long, long)> Side(IEnumerable<LevelChange> changes, Side side) => changes.Where(c => c.Side == side).Select(c => (c.Ticks, c.Lots));
}
