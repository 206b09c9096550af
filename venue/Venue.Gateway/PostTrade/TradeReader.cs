namespace Venue.Gateway;

/// <summary>What one session asked to be told of trades and has not been told yet.</summary>
public sealed class TradeReader
{
    /// <summary>Trades that wait while the session does not read.</summary>
    private const int WaitingMax = 2 * TradeQuery.TradesMax;

    /// <summary>Requests with 263=1.</summary>
    internal List<TradeQuery> Subscriptions { get; } = [];

    /// <summary>Reports to tell, oldest first: of which request, of which trade, and how many the answer has; 0 of them for a trade that has just happened.</summary>
    internal Queue<(TradeQuery Query, TradeSide? Trade, int Total, bool IsLast)> Waiting { get; } = new();

    /// <summary>Searches that are under way.</summary>
    internal int Searches { get; set; }

    /// <summary>False when the session is so far behind that nothing more waits for it.</summary>
    internal bool HasRoom => Waiting.Count < WaitingMax;

    /// <summary>The session is gone.</summary>
    internal void Clear()
    {
        Subscriptions.Clear();
        Waiting.Clear();
        Searches = 0;
    }
}
