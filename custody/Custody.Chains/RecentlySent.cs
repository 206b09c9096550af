namespace Custody.Chains;

/// <summary>
/// What the last transactions wanted to spend, so that their fate can be told when the node has forgotten them. Bounded, and
/// lost with the process: sending again brings it back.
/// </summary>
internal sealed class RecentlySent<T> where T : class
{
    private const int CountMax = 10_000;

    private readonly Dictionary<string, T> byTxID = new(StringComparer.Ordinal);
    private readonly Queue<string> oldestFirst = new();

    public void Add(string txID, T what)
    {
        if (!byTxID.TryAdd(txID, what)) return;
        oldestFirst.Enqueue(txID);
        if (oldestFirst.Count > CountMax) byTxID.Remove(oldestFirst.Dequeue());
    }

    public T? Find(string txID) => byTxID.GetValueOrDefault(txID);
}
