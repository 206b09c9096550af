using System.Diagnostics;
using System.Globalization;

namespace House.Demo;

/// <summary>The accidents again and again, in any order and at random moments; after each round all books are compared.</summary>
internal sealed class Drill(Stage stage, int seed)
{
    // Between the fill, or the approval, and the kill: what is under way takes less than this.
    private const int KillMsMax = 900;

    private readonly Random _random = new(seed);

    /// <summary>Plays the rounds; stops at the first disagreement.</summary>
    /// <exception cref="StoryException">What disagreed.</exception>
    public void Play(int rounds)
    {
        var since = Stopwatch.StartNew();
        var books = new Books(stage);
        var accidents = new Accidents(stage, books);
        for (var round = 1; round <= rounds; round++)
        {
            Action[] acts =
            [
                () => accidents.Reorganise(0.25m),
                () => accidents.KillBridge(0.05m + 0.01m * _random.Next(10), Milliseconds(_random.Next(2) * KillMsMax), Milliseconds(KillMsMax)),
                () => accidents.KillCustody(0.1m, Milliseconds(KillMsMax)),
            ];
            _random.Shuffle(acts);
            foreach (var act in acts) act();
            books.Check();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round} of {rounds}: all books agree ({since.Elapsed.TotalSeconds:0} s)"));
        }
    }

    private TimeSpan Milliseconds(int max) => TimeSpan.FromMilliseconds(_random.Next(max + 1));
}
