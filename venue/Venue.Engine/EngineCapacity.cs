using Venue.Messages;

namespace Venue.Engine;

/// <summary>How much one engine can hold. Part of what a journal must be replayed with: it decides when the venue is full.</summary>
/// <remarks>Memory is reserved at once and becomes real only as it is first written, so that a large venue starts small.</remarks>
public sealed record EngineCapacity
{
    /// <summary>Most that <see cref="Orders"/> can be, so that a level's total fits 64 bits.</summary>
    public const int OrdersMax = (1 << 23) - 1;

    /// <summary>Open orders, plus closed ones that are kept for status requests and late cancels until their room is needed.</summary>
    public int Orders { get; init; } = 1 << 22;

    /// <summary>Used ClOrdIDs that are remembered, those of open orders included; at least <see cref="Orders"/>.</summary>
    public int ClOrdIDs { get; init; } = 1 << 23;

    /// <summary>Pages of 64 neighbouring price levels (1 kB each), of all books and both sides together.</summary>
    public int LevelPages { get; init; } = 1 << 17;

    /// <summary>Key of the ClOrdID table, best kept from clients: it stops them from choosing ids that collide. No event depends on it.</summary>
    public ulong HashKey { get; init; }

    /// <summary>What the journal's first command says.</summary>
    public static EngineCapacity For(in DefineVenue venue) => new()
    {
        Orders = venue.Orders,
        ClOrdIDs = venue.ClOrdIDs,
        LevelPages = venue.LevelPages,
        HashKey = venue.HashKey,
    };

    /// <summary>Every fault with its consequence; empty when there is none.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        if (Orders is < 1 or > OrdersMax) faults.Add($"Orders {Orders} is not 1 to {OrdersMax}: a level's total could overflow");
        if (ClOrdIDs < Orders) faults.Add($"ClOrdIDs {ClOrdIDs} < Orders {Orders}: an open order's id would be forgotten");
        if (ClOrdIDs > 1 << 26) faults.Add($"ClOrdIDs {ClOrdIDs} > {1 << 26}: the table would pass the largest array");
        if (LevelPages is < 1 or >= 1 << 24) faults.Add($"LevelPages {LevelPages} is not 1 to {(1 << 24) - 1}: a level's place would overflow");
        return faults;
    }
}
