using Venue.Messages;

namespace Venue.Gateway;

/// <summary>A level that is another than readers have it.</summary>
/// <param name="Ticks">Its price.</param>
/// <param name="Before">Lots that they have; 0 for none.</param>
/// <param name="Lots">Lots that there are; 0 when it has gone.</param>
public readonly record struct LevelStep(long Ticks, long Before, long Lots);

/// <summary>One side of a book by price, as readers have it; and what brings them to how it is.</summary>
public sealed class LevelList(Side side)
{
    private readonly List<(long Ticks, long Lots)> _shown = [];
    private readonly List<LevelStep> _steps = [];

    /// <summary>Readers have been told all levels down to this depth.</summary>
    public void Show(DepthBook book, int depth)
    {
        _shown.Clear();
        for (var n = 0; n < Math.Min(book.Count(side), depth); n++) _shown.Add(book[side, n]);
    }

    /// <summary>What came, changed and went, best price first; readers have it then. Good until the next call.</summary>
    public IReadOnlyList<LevelStep> Follow(DepthBook book, int depth)
    {
        // Both lists are best first: a walk along both finds it.
        _steps.Clear();
        var most = Math.Min(book.Count(side), depth);
        for (int n = 0, s = 0; n < most || s < _shown.Count;)
        {
            var now = n < most ? book[side, n] : default;
            if (s == _shown.Count || (n < most && IsBetter(now.Ticks, _shown[s].Ticks)))
            {
                Step(now.Ticks, 0, now.Lots);
                n++;
            }
            else if (n == most || IsBetter(_shown[s].Ticks, now.Ticks))
            {
                Step(_shown[s].Ticks, _shown[s].Lots, 0);
                s++;
            }
            else
            {
                Step(now.Ticks, _shown[s].Lots, now.Lots);
                n++;
                s++;
            }
        }
        if (_steps.Count > 0) Show(book, depth);
        return _steps;
    }

    private void Step(long ticks, long before, long lots)
    {
        if (before != lots) _steps.Add(new LevelStep(ticks, before, lots));
    }

    private bool IsBetter(long a, long b) => side == Side.Buy ? a > b : a < b;
}
