namespace Venue.Gateway;

/// <summary>What a session is for: which messages it may send.</summary>
public enum SessionKind : byte
{
    /// <summary>Orders, and market data beside them.</summary>
    OrderEntry,
    /// <summary>Market data and reference data only; needs no firm.</summary>
    MarketData,
    /// <summary>Its firm's reports, positions and balances, to read.</summary>
    DropCopy,
    /// <summary>Quotes beside orders.</summary>
    LiquidityProvider,
    /// <summary>Mass cancels and inquiries about any firm; needs no firm and cannot trade.</summary>
    Operator,
}
