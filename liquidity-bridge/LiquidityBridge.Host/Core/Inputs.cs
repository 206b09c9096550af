namespace LiquidityBridge.Host;

/// <summary>
/// Inputs on their way to the core, from any thread, in each caller's order. A book image takes the place of the one
/// before it that was not read yet; the feed waits while the queue is full; reports are bounded by our own order rates,
/// and must not wait: their thread holds the lock that the core needs to send.
/// </summary>
public sealed class Inputs
{
    private const int Max = 1 << 16;

    private readonly Lock _lock = new();
    private readonly Queue<object> _queue = new();   // an Input, or the place of the newest image of its kind
    private readonly Dictionary<(int, int), Place> _places = [];
    private readonly SemaphoreSlim _some = new(0);
    private int _count;

    /// <summary>Where the newest of its kind waits; null when none does.</summary>
    private sealed class Place
    {
        public Input? Newest;
    }

    /// <summary>Puts one in.</summary>
    public void Post(Input input)
    {
        (int, int)? key = input switch
        {
            BookImage image => (image.Exchange, 2 * image.Instrument),
            OutsideTrade trade => (trade.Exchange, 2 * trade.Instrument + 1),
            ExchangeHeard heard => (heard.Exchange, -1),
            ExchangeCounts counts => (counts.Exchange, -2),
            _ => null,
        };
        lock (_lock)
        {
            if (key is { } k)
            {
                if (!_places.TryGetValue(k, out var place)) _places[k] = place = new Place();
                var replaced = place.Newest;
                place.Newest = input;
                (replaced as BookImage)?.Release();
                if (replaced is not null) return;
                _queue.Enqueue(place);
            }
            else
            {
                _queue.Enqueue(input);
            }
            _count = _queue.Count;
        }
        _some.Release();
    }

    /// <summary>Puts one in when there is room: for callers that can be kept waiting and hold no lock.</summary>
    public void PostWhenRoom(Input input)
    {
        while (Volatile.Read(ref _count) >= Max) Thread.Sleep(1);
        Post(input);
    }

    /// <summary>Takes the oldest; null when there is none within <paramref name="timeout"/>.</summary>
    public Input? Take(TimeSpan timeout)
    {
        if (!_some.Wait(timeout)) return null;
        lock (_lock)
        {
            var next = _queue.Dequeue();
            _count = _queue.Count;
            if (next is Input input) return input;
            var place = (Place)next;
            (input, place.Newest) = (place.Newest!, null);
            return input;
        }
    }
}
