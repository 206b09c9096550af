using Custody.Chains;

namespace Custody.Deposits;

/// <summary>The last blocks that were read of one chain, and where the chain has left them.</summary>
/// <remarks>Heights follow one another without a gap. The trail is as long as the deepest reorganisation that can be undone.</remarks>
public sealed class BlockTrail
{
    private readonly List<BlockRef> _blocks;

    /// <param name="blocks">As stored, by rising height.</param>
    public BlockTrail(IEnumerable<BlockRef> blocks)
    {
        _blocks = [.. blocks];
        for (var i = 1; i < _blocks.Count; i++) CheckFollows(_blocks[i - 1], _blocks[i]);
    }

    /// <summary>The highest block that was read; null before the first.</summary>
    public BlockRef? Last => _blocks.Count == 0 ? null : _blocks[^1];

    /// <summary>The blocks, by rising height.</summary>
    public IReadOnlyList<BlockRef> Blocks => _blocks;

    /// <summary>
    /// The blocks of the trail that are no longer part of the chain, highest first. When not even the lowest is, the whole
    /// trail is lost: a reorganisation deeper than we can follow, which somebody has to look at.
    /// </summary>
    /// <param name="blockAt">The chain's best block at a height, null above its tip.</param>
    public IReadOnlyList<BlockRef> Lost(Func<long, BlockRef?> blockAt)
    {
        var lost = new List<BlockRef>();
        for (var i = _blocks.Count - 1; i >= 0 && blockAt(_blocks[i].Height)?.Hash != _blocks[i].Hash; i--) lost.Add(_blocks[i]);
        return lost;
    }

    /// <summary>Takes the lost blocks off the end.</summary>
    public void Drop(int count) => _blocks.RemoveRange(_blocks.Count - count, count);

    /// <summary>Adds the next block. It has to build on the last one.</summary>
    public void Add(BlockRef block)
    {
        if (Last is { } last) CheckFollows(last, block);
        _blocks.Add(block);
    }

    private static void CheckFollows(BlockRef lower, BlockRef higher)
    {
        if (higher.Height != lower.Height + 1 || higher.ParentHash != lower.Hash)
            throw new InvalidOperationException($"BlockTrail: block {higher.Height} {higher.Hash} does not build on {lower.Height} {lower.Hash}");
    }
}
