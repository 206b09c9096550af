using Venue.Messages;

namespace Venue.Gateway;

/// <summary>One side of a book by price, as readers have it; and what brings them to how it is.</summary>
internal sealed class LevelList(Side side)
{
    private readonly List<(long Ticks, long Lots)> _shown = [];

    /// <summary>Readers have been told all levels down to this depth.</summary>
    public void Show(DepthBook book, int depth)
    {
        _shown.Clear();
        for (var n = 0; n < Math.Min(book.Count(side), depth); n++) _shown.Add(book[side, n]);
    }

    /// <summary>Encodes what came, changed and went. Both lists are best first: a walk along both finds it.</summary>
    public void Tell(DepthBook book, int depth, Instrument instrument, EncodedParts to)
    {
        var most = Math.Min(book.Count(side), depth);
        for (int n = 0, s = 0; n < most || s < _shown.Count;)
        {
            var now = n < most ? book[side, n] : default;
            if (s == _shown.Count || (n < most && IsBetter(now.Ticks, _shown[s].Ticks)))
            {
                Level(instrument, now.Ticks, 0, now.Lots, to);
                n++;
            }
            else if (n == most || IsBetter(_shown[s].Ticks, now.Ticks))
            {
                Level(instrument, _shown[s].Ticks, _shown[s].Lots, 0, to);
                s++;
            }
            else
            {
                Level(instrument, now.Ticks, _shown[s].Lots, now.Lots, to);
                n++;
                s++;
            }
        }
        Show(book, depth);
    }

    private bool IsBetter(long a, long b) => side == Side.Buy ? a > b : a < b;

    /// <summary>MDUpdateAction(279): 0 new, 1 change, 2 delete. A level that is as it was is not told.</summary>
    private void Level(Instrument instrument, long ticks, long before, long lots, EncodedParts to)
    {
        if (before == lots) return;
        var entry = to.Entry();
        entry.Add(279, before == 0 ? '0' : lots == 0 ? '2' : '1');
        EntryFields.Level(entry, instrument, side, ticks, lots);
    }
}
