namespace House.Demo;

/// <summary>The story cannot go on; the message says what was expected and what was there.</summary>
internal sealed class StoryException(string message) : Exception(message);

/// <summary>Waiting for what other processes do.</summary>
internal static class Wait
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>Looks until it is true.</summary>
    /// <exception cref="StoryException">It was not within <paramref name="patience"/>.</exception>
    public static void For(Func<bool> isTrue, TimeSpan patience, Func<string> otherwise)
    {
        var since = System.Diagnostics.Stopwatch.StartNew();
        while (!isTrue())
        {
            if (since.Elapsed > patience) throw new StoryException($"{otherwise()} (waited {patience.TotalSeconds:0} s)");
            Thread.Sleep(Look);
        }
    }
}
