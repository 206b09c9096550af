using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Venue.Messages;

namespace Venue.Gateway;

/// <summary>A report that the replay gave and whose message has not been met in the journal yet.</summary>
internal readonly struct PendingReport
{
    private readonly EventBytes _event;

    private PendingReport(ReadOnlySpan<byte> e, int session, bool isOwed, QuoteAnswer? answer)
    {
        e.CopyTo(_event);
        (Session, IsOwed, Answer) = (session, isOwed, answer);
    }

    /// <summary>Of an event whose message goes to the event's own session.</summary>
    /// <param name="e">The event, which begins with its header.</param>
    /// <param name="answer">What the entries of a quote's message came to.</param>
    public static PendingReport Of<T>(in T e, QuoteAnswer? answer = null) where T : unmanaged => new(BytesOf(e), EventHeader.Of(e).Session, isOwed: false, answer);

    /// <summary>Of a report on an order, to its session or to one that is given a copy.</summary>
    public static PendingReport Of(in ExecReport e, int session, bool isOwed) => new(BytesOf(e), session, isOwed, answer: null);

    /// <summary>Which event it is, of which kind.</summary>
    public EventHeader Header => As<EventHeader>();
    /// <summary>Whose message it becomes: the event's own session, or one that is given a copy.</summary>
    public int Session { get; }
    /// <summary>True for an order canceled because its session was lost, while the session was away.</summary>
    public bool IsOwed { get; }
    /// <summary>What the entries of the quote's message came to.</summary>
    public QuoteAnswer? Answer { get; }

    /// <summary>The event itself; the caller has looked at the header's type.</summary>
    public T As<T>() where T : unmanaged => MemoryMarshal.Read<T>(_event);

    private static ReadOnlySpan<byte> BytesOf<T>(in T e) where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in e));

    /// <summary>Room for the largest event that is told, an ExecReport.</summary>
    [InlineArray(320)]
    private struct EventBytes
    {
        private byte _first;
    }
}
