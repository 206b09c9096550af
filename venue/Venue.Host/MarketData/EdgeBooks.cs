using System.Runtime.InteropServices;
using Venue.Gateway;
using Venue.Messages;

namespace Venue.Host;

/// <summary>The market data thread's own image of what is public: its gateway's books, and followed books order by order.</summary>
/// <remarks>The market data thread's, but for its construction.</remarks>
/// <param name="follow">Asks the core for an instrument's orders, or for no more of them: instrument, whether, and which wish this is.</param>
internal sealed class EdgeBooks(Action<int, bool, int> follow) : IOrderBooks
{
    private sealed class Followed
    {
        public readonly EntryBook Book = new();
        public int Wish;
        public bool IsFollowed, IsHere;
    }

    private readonly Dictionary<int, Followed> _followed = [];
    private readonly List<EntryStep> _copied = [];
    private int _wishes;

    /// <summary>Where everything public goes. Set once, before the thread begins.</summary>
    public Gateway.Gateway Gateway { get; set; } = null!;

    /// <summary>One slot of the tape.</summary>
    public void On(in TapeEvent e)
    {
        switch (e.Kind)
        {
            case TapeKind.Level: Gateway.On(e.Level); break;
            case TapeKind.Trade: Gateway.On(e.Trade); break;
            case TapeKind.Indicative: Gateway.On(e.Indicative); break;
            case TapeKind.Phase: Gateway.On(e.Phase); break;
            case TapeKind.Step when Has(e.Step.Instrument):
                _followed[e.Step.Instrument].Book.On(e.Step);
                Gateway.On(new ReadOnlySpan<EntryStep>(in e.Step));
                break;
            case TapeKind.Step: break;   // of a wish that is over, or before the image of the one that is not
            default: throw new InvalidOperationException($"The tape has a slot of the unknown kind {(byte)e.Kind}.");
        }
    }

    /// <summary>Something of this instrument was lost.</summary>
    public void Lose(int instrument)
    {
        if (_followed.TryGetValue(instrument, out var followed)) followed.IsHere = false;
        Gateway.Lose(instrument);
    }

    /// <summary>This is how it stands.</summary>
    public void Restore(int instrument, PublicImage image) => Gateway.Restore(instrument, image, Clock.NowNs());

    /// <summary>These are its orders.</summary>
    public void Begin(int instrument, int wish, List<EntryStep> orders)
    {
        if (!_followed.TryGetValue(instrument, out var followed) || !followed.IsFollowed || followed.Wish != wish) return;
        followed.Book.Clear();
        foreach (ref readonly var order in CollectionsMarshal.AsSpan(orders)) followed.Book.On(order);
        followed.IsHere = true;
    }

    /// <inheritdoc/>
    public void Follow(int instrument, bool isFollowed)
    {
        if (!_followed.TryGetValue(instrument, out var followed)) _followed[instrument] = followed = new Followed();
        (followed.IsFollowed, followed.IsHere, followed.Wish) = (isFollowed, false, ++_wishes);
        followed.Book.Clear();
        follow(instrument, isFollowed, followed.Wish);
    }

    /// <inheritdoc/>
    public bool Has(int instrument) => _followed.TryGetValue(instrument, out var followed) && followed.IsHere;

    /// <inheritdoc/>
    public ReadOnlySpan<EntryStep> Entries(int instrument, Side side)
    {
        _copied.Clear();
        _followed[instrument].Book.CopyTo(side, _copied);
        return CollectionsMarshal.AsSpan(_copied);
    }
}
