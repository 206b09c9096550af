using System.Text.Json;
using Venue.Gateway;
using Venue.Messages;

namespace Venue.Host;

/// <summary>One feed of one instrument: snapshots, and updates numbered without gaps. Each is encoded once for all who read it.</summary>
/// <remarks>The replica's thread.</remarks>
internal abstract class ScreenChannel(ScreenView view, Instrument instrument, DepthBook book)
{
    private byte[]? _snapshot;

    /// <summary>Who reads.</summary>
    public List<ScreenSubscription> Readers { get; } = [];

    /// <summary>What is shown.</summary>
    public ScreenView View => view;

    /// <summary>The instrument as it is defined.</summary>
    public Instrument Instrument { get; set; } = instrument;

    /// <summary>The public book.</summary>
    protected DepthBook Book => book;

    /// <summary>Number of the last update.</summary>
    public long Seq { get; private set; }

    /// <summary>What readers have not been told yet; null for nothing.</summary>
    public byte[]? Update(long timeNs)
    {
        if (!TryChange(out var content)) return null;
        Seq++;
        _snapshot = null;
        return Encode("update", timeNs, content);
    }

    /// <summary>All that there is. Readers have been told everything before.</summary>
    public byte[] Snapshot(long timeNs) => _snapshot ??= Encode("snapshot", timeNs, All);

    /// <summary>Something traded.</summary>
    public virtual void On(in Trade e)
    {
    }

    /// <summary>A step of an order.</summary>
    public virtual void On(in EntryStep step)
    {
    }

    /// <summary>Finds out what has changed since the last time; false for nothing.</summary>
    protected abstract bool TryChange(out Action<Utf8JsonWriter> content);

    /// <summary>Writes everything, as readers have it.</summary>
    protected abstract void All(Utf8JsonWriter w);

    private byte[] Encode(string type, long timeNs, Action<Utf8JsonWriter> content) => ScreenJson.Message(w =>
    {
        w.WriteString("channel", ScreenJson.NameOf(view.Kind));
        w.WriteString("type", type);
        w.WriteString("symbol", Instrument.Name);
        if (view.Kind == ScreenChannelKind.Book) w.WriteNumber("depth", view.Depth);
        if (view.IsConflated) w.WriteBoolean("conflate", true);
        w.WriteNumber("seq", Seq);
        w.WriteNumber("time_ns", timeNs);
        content(w);
    });

    /// <summary>CRC32 of the book's ten best levels.</summary>
    protected void Checksum(Utf8JsonWriter w) => w.WriteNumber("checksum", BookChecksum.Of(book, Instrument.Terms));
}
