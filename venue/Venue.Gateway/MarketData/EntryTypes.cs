namespace Venue.Gateway;

/// <summary>MDEntryType(269) that are asked for.</summary>
[Flags]
internal enum EntryTypes : short
{
    None = 0,
    Bids = 1,
    Offers = 2,
    Trades = 4,
    /// <summary>First price of 24 hours.</summary>
    Opening = 8,
    /// <summary>Last price of 24 hours.</summary>
    Closing = 16,
    /// <summary>Highest price of 24 hours.</summary>
    High = 32,
    /// <summary>Lowest price of 24 hours.</summary>
    Low = 64,
    /// <summary>Quantity of 24 hours.</summary>
    Volume = 128,
    /// <summary>Price and quantity that an auction would have now.</summary>
    Auction = 256,
    /// <summary>What would be left over in that auction.</summary>
    Imbalance = 512,
}

/// <summary>Their codes.</summary>
internal static class EntryTypeCodes
{
    /// <summary>Those that are one value each, with their codes; Q is FIX 5.0's.</summary>
    public static readonly (EntryTypes Type, byte Code)[] Figures =
    [
        (EntryTypes.Opening, (byte)'4'), (EntryTypes.Closing, (byte)'5'), (EntryTypes.High, (byte)'7'), (EntryTypes.Low, (byte)'8'), (EntryTypes.Volume, (byte)'B'),
        (EntryTypes.Auction, (byte)'Q'), (EntryTypes.Imbalance, (byte)'A'),
    ];

    /// <summary>The type of a code that the dictionary knows.</summary>
    public static EntryTypes Of(byte code)
    {
        foreach (var figure in Figures)
            if (figure.Code == code) return figure.Type;
        return (EntryTypes)(1 << (code - '0'));
    }
}
