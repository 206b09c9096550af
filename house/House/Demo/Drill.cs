using System.Diagnostics;
using System.Globalization;

namespace House.Demo;

/// <summary>The accidents again and again, in any order and at random moments; after each round all books are compared.</summary>
internal sealed class Drill(Stage stage, int seed)
{
    // Milliseconds from the fill, or the approval, to the kill, at most: a hedge is under way for a few, a withdrawal for hundreds.
    private static readonly int[] KillMsMax = [5, 50, 900];

    // Of the quote asset; more than the largest purchase costs.
    private const decimal EnoughToBuy = 15_000;

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
                () => accidents.KillBridge(Side(round), 0.05m + 0.01m * _random.Next(10), _random.Next(2) * Moment(), Moment()),
                () => accidents.KillCustody(0.1m, Moment()),
            ];
            _random.Shuffle(acts);
            foreach (var act in acts) act();
            books.Check();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round} of {rounds}: all books agree ({since.Elapsed.TotalSeconds:0} s)"));
        }
    }

    /// <summary>Buys and sells in turn, as long as the client can pay: a house that was drilled before may have left it little.</summary>
    private char Side(int round) => round % 2 == 0 && stage.Engine.Owns(Stage.Client, Stage.Quote) > EnoughToBuy ? '1' : '2';

    private TimeSpan Moment() => TimeSpan.FromMilliseconds(_random.Next(KillMsMax[_random.Next(KillMsMax.Length)] + 1));
}
